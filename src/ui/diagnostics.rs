//! Diagnostics as a compiler shows them. The only place that knows the `annotate-snippets` crate.

use std::collections::HashSet;
use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::Stream;
use super::picture::{Mark, Picture};
use super::style::Role;
use super::wrap::wrap;
use crate::domain::json::Place;
use crate::domain::validation::{Diagnostic, Related, Severity};

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

/// Each diagnostic with an excerpt and its help, followed by a blank line. Those on one line share an excerpt.
pub(super) fn excerpts<'a>(
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
    subject: &Subject<'_>,
    stream: Stream,
) -> String {
    let diagnostics: Vec<&Diagnostic> = diagnostics.into_iter().collect();
    let mut left = diagnostics.as_slice();
    let mut text = String::new();
    while !left.is_empty() {
        let (picture, taken) = picture(left, subject, stream);
        let (shown, rest) = left.split_at(taken);
        excerpt(shown, picture, subject, stream, &mut text);
        text.push_str("\n\n");
        left = rest;
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
        let head = format!("{}[{}]", diagnostic.severity, diagnostic.code);
        let related = diagnostic.related.iter();
        writeln!(
            text,
            "{}:{}: {}: {}{}",
            stream.foreign(label),
            place(diagnostic.place.as_ref(), first_line),
            stream.style.paint(role(diagnostic.severity), &head),
            diagnostic.message,
            related.fold(String::new(), |text, related| text
                + " ("
                + &beside(related)
                + ")"),
        )
        .expect("writing to a `String` cannot fail");
    }
    text
}

/// The line, and the column where there is one: `3:14`.
pub(super) fn place(place: Option<&Place>, first_line: u64) -> String {
    match place {
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

/// What else there is, and where: `first here: 2:5`.
fn beside(Related { message, place }: &Related) -> String {
    format!("{message}: {}:{}", place.line, place.column)
}

/// The picture of the first findings that can be seen together, and how many these are.
fn picture<'a>(
    found: &[&'a Diagnostic],
    subject: &Subject<'a>,
    stream: Stream,
) -> (Picture<'a>, usize) {
    let places = found.iter().map_while(|found| found.place.as_ref());
    let line = places.clone().next().map_or(1, |place| place.line);
    let columns = columns(stream) - digits(line) - " | ".len();
    let mut picture = Picture::new(subject.text, columns);
    let shown = found.iter().zip(places).take_while(|(found, place)| {
        place.line == line
            && picture.add(Mark {
                place,
                label: found.code,
                is_primary: true,
            })
    });
    let count = shown.count();
    (picture, count.max(1))
}

fn excerpt<'a>(
    found: &[&'a Diagnostic],
    mut picture: Picture<'a>,
    subject: &Subject<'_>,
    stream: Stream,
    text: &mut String,
) {
    let mut notes = Vec::new();
    for related in found.iter().flat_map(|found| &found.related) {
        let is_seen = picture.add(Mark {
            place: &related.place,
            label: related.message,
            is_primary: false,
        });
        if !is_seen {
            notes.push(beside(related));
        }
    }
    let lines = found.iter().filter_map(|found| found.place.as_ref());
    let last = lines.map(|place| place.line).max().unwrap_or(1);
    let digits = digits(last.max(picture.last_line()));
    let renderer = renderer(stream);
    for diagnostic in found {
        head(diagnostic, &renderer, text);
        let label = stream.foreign(subject.label);
        text.extend(["\n", &arrow(digits, stream), " ", &label]);
        // Written here because the renderer would count columns in the excerpt.
        match &diagnostic.place {
            None if subject.line <= 1 => {}
            found => text.extend([":", &place(found.as_ref(), subject.line)]),
        }
        text.push('\n');
    }
    let worst = found.iter().map(|found| found.severity).min();
    let mut details = Group::with_level(level(worst.unwrap_or(Severity::Note)));
    if !picture.is_empty() {
        details = details.element(snippet(&picture));
    }
    let room = columns(stream) - digits - " = help: ".len();
    for help in helps(found) {
        details = details.element(Level::HELP.message(wrap(&help, room).join("\n")));
    }
    for note in notes {
        details = details.element(Level::NOTE.message(note));
    }
    if details.is_empty() {
        text.truncate(text.trim_end().len());
    } else {
        *text += &renderer.render(&[details]);
    }
}

fn head(diagnostic: &Diagnostic, renderer: &Renderer, text: &mut String) {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message);
    *text += &renderer.render(&[Group::with_title(title.id(diagnostic.code))]);
}

fn snippet(picture: &Picture<'_>) -> Snippet<'static, Annotation<'static>> {
    let drawing = picture.draw();
    let annotations = drawing.annotations.into_iter().map(|annotation| {
        let kind = if annotation.is_primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        kind.span(annotation.span).label(annotation.label)
    });
    Snippet::source(drawing.source)
        .line_start(drawing.first_line)
        .annotations(annotations)
}

/// What to do, each thing once, with the code of the finding where there are several.
fn helps(found: &[&Diagnostic]) -> Vec<String> {
    let code = found.first().map(|found| found.code);
    let is_one = found.iter().all(|found| Some(found.code) == code);
    let mut helps = Vec::new();
    for found in found {
        helps.extend(found.help.iter().map(|help| {
            if is_one {
                help.clone()
            } else {
                format!("{}: {help}", found.code)
            }
        }));
    }
    let mut seen = HashSet::new();
    helps.retain(|help| seen.insert(help.clone()));
    helps
}

fn renderer(stream: Stream) -> Renderer {
    let renderer = if stream.style.is_colored() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // The excerpt has its width already, and a window of a window would show nothing.
    renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(usize::from(u16::MAX))
}

fn columns(stream: Stream) -> usize {
    stream.width.max(NARROWEST)
}

fn digits(line: usize) -> usize {
    line.to_string().len()
}

fn arrow(indent: usize, stream: Stream) -> String {
    " ".repeat(indent) + &stream.style.paint(Role::Gutter, "-->")
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

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
        // What is in no catalogue would be marked too.
        let found = judge(body).diagnostics;
        let found = found.iter().filter(|found| found.code != "SH307");
        excerpts(found, &subject, stream)
    }

    #[test]
    fn a_finding_looks_like_a_compilers() {
        let text = render(b"{\n  \"events\": []\n}", false, 80);
        let first = "error[SH103]: the notification lacks `rid`\n --> a.json:1:1\n  |\n1 | {\n  | ^\n  |\n  = help: ";
        assert!(text.starts_with(first), "{text}");
    }

    /// Each line with what is marked under it, by the columns that a terminal would show.
    fn marked(text: &str) -> Vec<String> {
        let lines = || text.lines().filter_map(|line| line.split_once(" | "));
        let mut marked = Vec::new();
        for ((_, source), (_, marks)) in lines().zip(lines().skip(1)) {
            for start in marks.match_indices('^').map(|(at, _)| at) {
                if start > 0 && marks.as_bytes()[start - 1] == b'^' {
                    continue;
                }
                let count = marks[start..]
                    .bytes()
                    .take_while(|mark| *mark == b'^')
                    .count();
                let until = |column| {
                    let ends = source
                        .char_indices()
                        .map(|(at, _)| at)
                        .chain([source.len()]);
                    let mut ends = ends.filter(|end| source[..*end].width() == column);
                    ends.next()
                        .unwrap_or_else(|| panic!("no column {column}: {source}"))
                };
                marked.push(source[until(start)..until(start + count)].to_owned());
            }
        }
        marked
    }

    #[test]
    fn marks_are_under_what_they_mean() {
        let far = format!("{{\"x\":\"{}\",", "你👍🏽é".repeat(250_000));
        for before in [
            "{\r\n\t",
            "{ \"ñandú 你好\": \"👩‍👩‍👧‍👦 ❤️ 👍🏽 🇲🇽 1️⃣\",",
            "{\"e\u{301}\u{308}\":\"\u{feff}\u{202e}\u{200b}\u{ad}\", \t",
            "{\"a\tb\":",
            "\u{feff}{",
            "{\r\r",
            &far,
        ] {
            let body = format!("{before}\"rid\": \"你\u{301} ❤\u{fe0f}\", \"events\": [] }} ");
            for width in [40, 80, 120] {
                let text = render(body.as_bytes(), false, width);
                let expected: &[&str] = match before {
                    "\u{feff}{" => &["{", "\"你\u{301} ❤\\ufe0f\"", "[]"],
                    "{\"a\tb\":" => &["    "],
                    _ => &["\"你\u{301} ❤\\ufe0f\"", "[]"],
                };
                assert_eq!(marked(&text), expected, "{text}");
                let lines = text.lines().filter(|line| line.contains(" | "));
                assert!(
                    lines.map(UnicodeWidthStr::width).max().unwrap() <= width,
                    "{text}"
                );
            }
        }
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
