//! Lines of a text with everything that is marked on them: findings that stand together are seen together.
//!
//! Refuses to know how it is drawn.

use std::collections::BTreeMap;
use std::ops::Range;

use super::excerpt::Excerpt;
use crate::domain::json::Place;

/// More marks on one line than this are a thicket.
const MOST: usize = 5;

/// Lines further apart than this are not seen together.
const FAR: usize = 1000;

/// What is marked, and what is said there.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) place: &'a Place,
    pub(super) label: &'a str,
    /// Whether it is what the finding is about, not only related to it.
    pub(super) is_primary: bool,
}

/// Lines of a text, as many as are needed for the marks on them.
pub(super) struct Picture<'a> {
    text: &'a [u8],
    columns: usize,
    /// The marks on each line, by their spans.
    lines: BTreeMap<usize, Vec<Mark<'a>>>,
}

/// A picture as one text, for whoever draws it.
#[derive(Default)]
pub(super) struct Drawing {
    /// The lines, with empty ones for those left out between them.
    pub(super) source: String,
    pub(super) first_line: usize,
    pub(super) annotations: Vec<Annotation>,
}

pub(super) struct Annotation {
    /// In bytes of the source.
    pub(super) span: Range<usize>,
    pub(super) label: Option<String>,
    pub(super) is_primary: bool,
}

impl<'a> Picture<'a> {
    /// Of a text, so many columns wide.
    pub(super) fn new(text: &'a [u8], columns: usize) -> Self {
        Self {
            text,
            columns,
            lines: BTreeMap::new(),
        }
    }

    /// Adds a mark, unless it cannot be seen together with those that are there.
    pub(super) fn add(&mut self, mark: Mark<'a>) -> bool {
        let line = mark.place.line;
        let is_near = |other: &usize| other.abs_diff(line) <= FAR;
        // Of a body that is no text nothing is marked, and nothing shown.
        if mark.place.span.end == 0 || !self.lines.keys().all(is_near) {
            return false;
        }
        let mut marks = self.lines.get(&line).cloned().unwrap_or_default();
        let at = marks.partition_point(|other| order(other) <= order(&mark));
        marks.insert(at, mark);
        let fits = self
            .excerpt(&marks)
            .is_some_and(|excerpt| !excerpt.line.is_empty());
        if fits {
            self.lines.insert(line, marks);
        }
        fits
    }

    /// Whether nothing is marked.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The number of its last line.
    pub(super) fn last_line(&self) -> usize {
        self.lines.keys().next_back().copied().unwrap_or(1)
    }

    /// All of it. What is marked is labelled only where it has to be told from something else.
    pub(super) fn draw(&self) -> Drawing {
        let mut drawing = Drawing {
            first_line: self.lines.keys().next().copied().unwrap_or(1),
            ..Drawing::default()
        };
        let primary = |mark: &&Mark<'_>| mark.is_primary;
        let marks = || self.lines.values().flatten().filter(primary);
        let first = marks().next();
        let is_one = marks().all(|mark| first.is_some_and(|first| order(mark) == order(first)));
        let mut line = drawing.first_line;
        for (number, marks) in &self.lines {
            if *number == line + 2 {
                // A single line would not be left out.
                drawing.source.push('\n');
                drawing.source += &self.line_before(marks).unwrap_or_default();
                line += 1;
            }
            drawing.source.extend((line..*number).map(|_| '\n'));
            line = *number;
            let start = drawing.source.len();
            let Excerpt { line, marked } = self.excerpt(marks).unwrap_or_default();
            drawing.source += &line;
            for (mark, marked) in marks.chunk_by(is_same_place).zip(marked) {
                drawing.annotations.push(Annotation {
                    span: start + marked.start..start + marked.end,
                    label: label(mark, is_one),
                    is_primary: mark.iter().any(|mark| mark.is_primary),
                });
            }
        }
        drawing
    }

    /// The line with these marks: one range for each place.
    fn excerpt(&self, marks: &[Mark<'_>]) -> Option<Excerpt> {
        let places = marks.chunk_by(is_same_place).filter_map(<[_]>::first);
        let spans: Vec<_> = places.map(|mark| mark.place.span.clone()).collect();
        let columns = self.columns.saturating_sub(room_for_labels(marks));
        (spans.len() <= MOST).then(|| Excerpt::new(self.text, &spans, columns))?
    }

    /// The beginning of the line before one with marks.
    fn line_before(&self, marks: &[Mark<'_>]) -> Option<String> {
        let before = self.text.get(..marks.first()?.place.span.start)?;
        let end = memchr::memrchr(b'\n', before)?;
        let start = memchr::memrchr(b'\n', before.get(..end)?).map_or(0, |end| end + 1);
        let start = Range { start, end: start };
        Some(Excerpt::new(self.text, &[start], self.columns)?.line)
    }
}

fn order(mark: &Mark<'_>) -> (usize, usize) {
    (mark.place.span.start, mark.place.span.end)
}

fn is_same_place(one: &Mark<'_>, other: &Mark<'_>) -> bool {
    order(one) == order(other)
}

/// The most columns that a label may take behind what it stands at.
fn room_for_labels(marks: &[Mark<'_>]) -> usize {
    let places = marks.chunk_by(is_same_place);
    if places.clone().count() == 1 && marks.iter().all(|mark| mark.is_primary) {
        return 0;
    }
    let labels = places.filter_map(|marks| label(marks, false));
    labels
        .map(|label| " ".len() + label.len())
        .max()
        .unwrap_or(0)
}

/// What is said at one place, each thing once.
fn label(marks: &[Mark<'_>], is_one: bool) -> Option<String> {
    let mut labels: Vec<&str> = Vec::new();
    for mark in marks.iter().filter(|mark| !(mark.is_primary && is_one)) {
        if !labels.contains(&mark.label) {
            labels.push(mark.label);
        }
    }
    (!labels.is_empty()).then(|| labels.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::Places;

    /// What is drawn of a text, `[` and `]` round what is marked.
    fn drawn(text: &str, marked: &[&str]) -> String {
        let mut places = Places::new(text);
        let places: Vec<Place> = marked
            .iter()
            .map(|mark| text.find(mark).unwrap())
            .zip(marked)
            .map(|(start, mark)| places.place(start..start + mark.len()))
            .collect();
        let mut picture = Picture::new(text.as_bytes(), 20);
        for place in &places {
            picture.add(Mark {
                place,
                label: "x",
                is_primary: true,
            });
        }
        let mut drawing = picture.draw();
        for Annotation { span, label, .. } in drawing.annotations.iter().rev() {
            assert_eq!(label.is_some(), drawing.annotations.len() > 1);
            drawing.source.insert(span.end, ']');
            drawing.source.insert(span.start, '[');
        }
        format!("{}: {}", drawing.first_line, drawing.source)
    }

    #[test]
    fn what_is_together_is_seen_together() {
        assert_eq!(drawn("a\nbc cd\n", &["bc", "cd"]), "2: [bc] [cd]");
        assert_eq!(drawn("a b a", &["a", "a", "b"]), "1: [a] [b] a");
        assert_eq!(drawn("a\nbc\nd", &["d", "a"]), "1: [a]\nbc\n[d]");
        assert_eq!(drawn("a\n\nb\nc\nd", &["d", "a"]), "1: [a]\n\n\n\n[d]");
    }

    #[test]
    fn what_is_too_far_or_too_much_is_not() {
        let wide = format!("a{}b", "-".repeat(20));
        assert_eq!(drawn(&wide, &["a", "b"]), "1: [a]------------------…");
        let long = format!("a{}b", "\n".repeat(FAR + 1));
        assert_eq!(drawn(&long, &["a", "b"]), "1: [a]");
        let many = ["a", "b", "c", "d", "e", "f"];
        assert_eq!(drawn("abcdef", &many), "1: [a][b][c][d][e]f");
    }

    #[test]
    fn each_thing_is_said_once() {
        let place = Places::new("ab").place(0..1);
        let mut picture = Picture::new(b"ab", 20);
        for (label, is_primary) in [("x", true), ("y", true), ("x", true), ("z", false)] {
            assert!(picture.add(Mark {
                place: &place,
                label,
                is_primary,
            }));
        }
        let [annotation] = picture.draw().annotations.try_into().ok().unwrap();
        assert_eq!(annotation.label.as_deref(), Some("z"));
        assert!(annotation.is_primary);
    }
}
