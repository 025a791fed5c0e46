//! Pages that stand in the code, as a section of the manual page of their command.

use std::io;

use clap_mangen::roff::{Roff, bold, roman};

/// Appends a section of pages, each with its title and its Markdown.
pub(super) fn append(
    page: &mut Vec<u8>,
    heading: &str,
    pages: impl Iterator<Item = (String, String)>,
) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    for (title, text) in pages {
        roff.control("SS", [title.as_str()]);
        subsection(&text, &mut roff);
    }
    roff.to_writer(page)
}

/// A page in Markdown: paragraphs, headings and blocks of code.
fn subsection(text: &str, roff: &mut Roff) {
    let mut is_code = false;
    let mut is_apart = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            roff.control(if is_code { "nf" } else { "fi" }, []);
            continue;
        }
        if is_code {
            roff.text([roman(line)]);
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            roff.control("TP", []).text([bold(heading)]);
        } else if !line.is_empty() {
            if is_apart {
                roff.control("IP", []);
            }
            roff.text([roman(line)]);
        }
        is_apart = line.is_empty();
    }
}
