//! Diagnostics as a compiler shows them. The only place that knows the `annotate-snippets` crate.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Stream;
use super::excerpt::Excerpt;
use super::style::Role;
use super::wrap::wrap;
use crate::domain::json::Place;
use crate::domain::validation::{Diagnostic, Severity};

/// Windows narrower than this show too little; a narrower terminal wraps them.
const NARROWEST: usize = 40;

/// What diagnostics are about.
pub(super) struct Subject<'a> {
    /// What it is called: a file, `<stdin>`, or a notification by its number.
    pub(super) label: &'a str,
    /// What the spans of the places count bytes of.
    pub(super) text: &'a [u8],
    /// The line of the file on which it begins.
    pub(super) line: u64,
}

/// Each diagnostic with an excerpt and its help, followed by a blank line.
pub(super) fn excerpts(
    diagnostics: &[Diagnostic],
    subject: &Subject<'_>,
    stream: Stream,
) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        excerpt(diagnostic, subject, stream, &mut text);
        text.push_str("\n\n");
    }
    text
}

/// Each diagnostic on one line, as editors and `grep` take it: `file:line:column: error[SH103]: message`.
pub(super) fn lines(
    diagnostics: &[Diagnostic],
    label: &str,
    first_line: u64,
    stream: Stream,
) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let place = place(diagnostic, first_line);
        let head = format!("{}[{}]", diagnostic.severity, diagnostic.code);
        writeln!(
            text,
            "{}:{place}: {}: {}",
            stream.foreign(label),
            stream.style.paint(role(diagnostic.severity), &head),
            diagnostic.message
        )
        .expect("writing to a `String` cannot fail");
    }
    text
}

/// The line, and the column where there is one: `3:14`.
pub(super) fn place(diagnostic: &Diagnostic, first_line: u64) -> String {
    match &diagnostic.place {
        Some(Place { line, column, .. }) => format!("{line}:{column}"),
        None => first_line.to_string(),
    }
}

pub(super) fn role(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Bad,
        Severity::Warning => Role::Warn,
        Severity::Note => Role::Dim,
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn excerpt(diagnostic: &Diagnostic, subject: &Subject<'_>, stream: Stream, text: &mut String) {
    let renderer = if stream.style.is_colored() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // The excerpt has its width already, and a window of a window would show nothing.
    let renderer = renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(usize::from(u16::MAX));
    let level = level(diagnostic.severity);
    let title = level.clone().primary_title(&diagnostic.message);
    *text += &renderer.render(&[Group::with_title(title.id(diagnostic.code))]);
    let mut details = Group::with_level(level);
    let label = stream.foreign(subject.label);
    let mut digits = 1;
    match &diagnostic.place {
        None => {
            text.extend(["\n", &arrow(digits, stream), " ", &label]);
            if subject.line > 1 {
                text.extend([":", &subject.line.to_string()]);
            }
        }
        Some(Place { line, column, span }) => {
            digits = line.to_string().len();
            // Written here because the renderer would count columns in the excerpt.
            let place = format!(":{line}:{column}");
            text.extend(["\n", &arrow(digits, stream), " ", &label, &place]);
            let columns = stream.width.max(NARROWEST) - digits - " | ".len();
            // Of a body that is no text nothing is marked, and nothing shown.
            let is_shown = span.end > 0;
            let Excerpt {
                line: source,
                marked,
            } = Excerpt::new(subject.text, span, columns);
            if is_shown && !source.is_empty() {
                details = details.element(
                    Snippet::source(source)
                        .line_start(*line)
                        .annotation(AnnotationKind::Primary.span(marked)),
                );
            }
        }
    }
    if let Some(help) = &diagnostic.help {
        let room = stream.width.max(NARROWEST) - digits - " = help: ".len();
        details = details.element(Level::HELP.message(wrap(help, room).join("\n")));
    }
    if !details.is_empty() {
        text.push('\n');
        *text += &renderer.render(&[details]);
    }
}

fn arrow(indent: usize, stream: Stream) -> String {
    " ".repeat(indent) + &stream.style.paint(Role::Gutter, "-->")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::judge;
    use crate::ui::style::Style;

    const BODY: &str = concat!(
        "\u{feff}{\r\n\t\"rid\": \"你好 \u{1b}\", \"events\": [{\"header\": {\"event\": {\"name\": \"ñ\"}, \"event\": 1},\r\n",
        "\t\"payload\": []}]}"
    );

    fn render(body: &[u8], colored: bool, width: usize) -> String {
        let stream = Stream {
            style: Style::new(colored),
            is_terminal: colored,
            width,
        };
        let subject = Subject {
            label: "a.json",
            text: body,
            line: 1,
        };
        excerpts(&judge(body).diagnostics, &subject, stream)
    }

    #[test]
    fn a_finding_looks_like_a_compilers() {
        let text = render(b"{\n  \"events\": []\n}", false, 80);
        let first = "error[SH103]: the notification lacks `rid`\n --> a.json:1:1\n  |\n1 | {\n  | ^\n  |\n  = help: ";
        assert!(text.starts_with(first), "{text}");
    }

    #[test]
    fn nothing_that_arrives_can_stop_it() {
        for width in [0, 30, 80] {
            for end in 0..BODY.len() {
                render(&BODY.as_bytes()[..end], width == 0, width);
            }
            for at in 0..BODY.len() {
                for byte in [0, b'\n', b'\r', b'"', b'}', 0x80, 0xf0, 0xff] {
                    let mut body = BODY.as_bytes().to_vec();
                    body[at] = byte;
                    render(&body, width == 0, width);
                }
            }
        }
    }

    #[test]
    fn nothing_that_arrives_can_steer_a_terminal() {
        let text = render(BODY.as_bytes(), false, 80);
        assert!(!text.contains(['\u{1b}', '\r', '\u{feff}']), "{text:?}");
    }

    #[test]
    fn only_a_finding_without_place_has_no_excerpt() {
        let body = format!("[{}1]", "1,".repeat(10)).into_bytes();
        assert!(render(&body, false, 80).contains("1 | [1,1"));
        let text = render(b"\x1f\x8b\x08", false, 80);
        assert!(!text.contains(" | "), "{text}");
    }
}
