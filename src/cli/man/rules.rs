//! The pages of the rules, as a section of the manual page of `validate`.

use std::io;

use clap_mangen::roff::{Roff, bold, roman};

use crate::domain::validation::{Rule, rules};

/// Appends the section.
pub(super) fn section(page: &mut Vec<u8>) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", ["RULES"]);
    for rule in rules::all() {
        subsection(rule, &mut roff);
    }
    roff.to_writer(page)
}

/// The rule's page, which is Markdown: paragraphs, headings and blocks of code.
fn subsection(rule: &Rule, roff: &mut Roff) {
    let title = format!("{} {} ({})", rule.code, rule.name, rule.severity);
    roff.control("SS", [title.as_str()]);
    let mut is_code = false;
    let mut is_apart = false;
    for line in rule.page().lines() {
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
