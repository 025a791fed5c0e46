//! How a manual page looks.

use super::Stream;
use super::style::Role;
use super::wrap::wrap;

/// Markdown, with its paragraphs filled anew.
pub(super) fn render(page: &str, out: Stream) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut is_code = false;
    let fill = |paragraph: &mut String, text: &mut String| {
        for line in wrap(paragraph, out.width) {
            *text += &(line + "\n");
        }
        paragraph.clear();
    };
    for line in page.lines() {
        let is_fence = line.starts_with("```");
        if is_code || is_fence || line.is_empty() || line.starts_with("## ") {
            fill(&mut paragraph, &mut text);
            if !is_code && line.starts_with("## ") {
                text += &out.style.paint(Role::Strong, line);
            } else {
                text += line;
            }
            text.push('\n');
            is_code ^= is_fence;
        } else {
            paragraph += line;
            paragraph.push('\n');
        }
    }
    fill(&mut paragraph, &mut text);
    text
}
