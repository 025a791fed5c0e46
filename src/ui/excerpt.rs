//! The part of one line round a finding, made safe to look at: what does not fit is cut away before anything is drawn.
//!
//! Costs the same for a line of a gigabyte as for a short one.

use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::sanitize;

/// Stands for what was cut away.
const ELLIPSIS: &str = "…";

/// The columns of a tab, as `annotate-snippets` draws it.
const TAB: usize = 4;

/// One line, and the parts of it that are meant.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or a window of it, without its line break.
    pub(super) line: String,
    /// In bytes of `line`, one for each span.
    pub(super) marked: Vec<Range<usize>>,
}

/// One character as it is drawn.
struct Cell {
    text: String,
    columns: usize,
    /// How many bytes of the source it stands for.
    bytes: usize,
}

impl Excerpt {
    /// The line of `text` on which the spans begin, in at most `columns` columns. They have an order, and the first one
    /// is what the window is laid round; `None` when others do not fit in. A span that goes on is cut at the end of the
    /// line; bytes that are not UTF-8 appear as escapes.
    pub(super) fn new(text: &[u8], spans: &[Range<usize>], columns: usize) -> Option<Self> {
        let at = spans.first()?.start.min(text.len());
        // A character has at most four bytes, so no more can be in sight on either side.
        let reach = columns * 4;
        let (before, after) = text.split_at(at);
        let (mut left, cut_left) = line_before(before, reach);
        let (mut right, cut_right) = line_after(after, reach);
        let others = spans.get(1..).unwrap_or_default().iter();
        let needed = others.map(|span| span.end.saturating_sub(at)).max();
        let needed = needed.map_or(Some(0), |end| columns_until(&right, end, cut_right))?;
        let is_whole = !cut_left && !cut_right && width(&left) + width(&right) <= columns;
        if !is_whole && needed + 2 * ELLIPSIS.chars().count() > columns && needed > 0 {
            return None;
        }
        let room_right = columns
            .saturating_sub(width(&left))
            .max(columns.div_ceil(2))
            .max(needed + ELLIPSIS.chars().count());
        let cut_right = keep(right.iter().map(|cell| cell.columns), room_right, cut_right)
            .inspect(|kept| right.truncate(*kept))
            .is_some();
        let used = width(&right) + usize::from(cut_right);
        let room_left = columns.saturating_sub(used);
        let cut_left = keep(
            left.iter().rev().map(|cell| cell.columns),
            room_left,
            cut_left,
        )
        .inspect(|kept| {
            left.drain(..left.len() - kept);
        })
        .is_some();
        let ellipsis = |cut: bool| if cut { ELLIPSIS } else { "" };
        let mut line = ellipsis(cut_left).to_owned();
        line.extend(left.iter().map(|cell| cell.text.as_str()));
        let spans = spans.iter();
        let marked = spans
            .map(|span| {
                marked(
                    &right,
                    line.len(),
                    span.start - at.min(span.start)..span.end.saturating_sub(at),
                )
            })
            .collect();
        line.extend(right.iter().map(|cell| cell.text.as_str()));
        line.push_str(ellipsis(cut_right));
        Some(Self { line, marked })
    }
}

/// The columns up to so many bytes after a place, or to the end of the line; `None` where that is out of sight.
fn columns_until(right: &[Cell], bytes: usize, cut: bool) -> Option<usize> {
    let (mut columns, mut passed) = (0, 0);
    for cell in right {
        if passed >= bytes {
            return Some(columns);
        }
        columns += cell.columns;
        passed += cell.bytes;
    }
    (passed >= bytes || !cut).then_some(columns)
}

/// Where a span of the source is in a line, of which `cells` begin at `start`.
fn marked(cells: &[Cell], start: usize, span: Range<usize>) -> Range<usize> {
    let (mut from, mut to, mut passed) = (start, start, 0);
    for cell in cells {
        if passed < span.start {
            from += cell.text.len();
        }
        if passed < span.end {
            to += cell.text.len();
        }
        passed += cell.bytes;
    }
    from..to.max(from)
}

/// The rest of a line before a place, and whether it begins further away.
fn line_before(before: &[u8], reach: usize) -> (Vec<Cell>, bool) {
    let near = before
        .get(before.len().saturating_sub(reach)..)
        .unwrap_or_default();
    match memchr::memrchr(b'\n', near) {
        Some(end) => (cells(near.get(end + 1..).unwrap_or_default()), false),
        None => (cells(near), near.len() < before.len()),
    }
}

/// The rest of a line after a place, and whether it ends further away.
fn line_after(after: &[u8], reach: usize) -> (Vec<Cell>, bool) {
    let near = after.get(..reach).unwrap_or(after);
    let (line, cut) = match memchr::memchr(b'\n', near) {
        Some(end) => (near.get(..end).unwrap_or_default(), false),
        None => (near, near.len() < after.len()),
    };
    (cells(line.strip_suffix(b"\r").unwrap_or(line)), cut)
}

fn cells(bytes: &[u8]) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        cells.extend(chunk.valid().chars().map(|character| {
            let text = sanitize::character(character);
            Cell {
                columns: text.chars().map(columns_of).sum(),
                text,
                bytes: character.len_utf8(),
            }
        }));
        cells.extend(chunk.invalid().iter().map(|byte| Cell {
            text: format!("\\x{byte:02x}"),
            columns: 4,
            bytes: 1,
        }));
    }
    cells
}

fn columns_of(character: char) -> usize {
    match character {
        '\t' => TAB,
        other => other.width().unwrap_or(1),
    }
}

fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.columns).sum()
}

/// How many cells to keep, counted from the finding, so that they and an ellipsis fit; `None` when all of the line does.
fn keep(
    columns: impl Iterator<Item = usize> + Clone,
    room: usize,
    continues: bool,
) -> Option<usize> {
    if !continues && columns.clone().sum::<usize>() <= room {
        return None;
    }
    let room = room.saturating_sub(ELLIPSIS.chars().count());
    let fits = columns
        .scan(0, |used, columns| {
            *used += columns;
            Some(*used)
        })
        .take_while(|used| *used <= room);
    Some(fits.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, marked: &str, columns: usize) -> (String, String) {
        let start = text.find(marked).unwrap();
        let span = start..start + marked.len();
        let Excerpt { line, marked } = Excerpt::new(text.as_bytes(), &[span], columns).unwrap();
        let marked = line[marked[0].clone()].to_owned();
        (line, marked)
    }

    #[test]
    fn a_line_that_fits_is_whole() {
        let whole = |text, marked| excerpt(text, marked, 40).0;
        assert_eq!(whole("a\n  b: 1,\r\nc", "1"), "  b: 1,");
        assert_eq!(whole("a\nb", "a\nb"), "a");
        assert_eq!(
            whole("\u{feff}\t{\u{1b}[2J}", "\u{1b}"),
            "\\ufeff\t{\\u001b[2J}"
        );
        assert_eq!(excerpt("a\nb", "a\nb", 40).1, "a");
        assert_eq!(excerpt("{\u{202e}}", "\u{202e}", 40).1, "\\u202e");
    }

    #[test]
    fn a_long_line_is_cut_to_a_window() {
        let text = format!("{}HERE{}", "<".repeat(1_000_000), ">".repeat(1_000_000));
        assert_eq!(
            excerpt(&text, "HERE", 20),
            ("…<<<<<<<<<HERE>>>>>…".into(), "HERE".into())
        );
        assert_eq!(excerpt(&text, "HERE", 20).0.chars().count(), 20);
        let near_start = format!("ab{}", "x".repeat(100));
        assert_eq!(excerpt(&near_start, "b", 10).0, "abxxxxxxx…");
        let near_end = format!("{}yz", "x".repeat(100));
        assert_eq!(excerpt(&near_end, "y", 10).0, "…xxxxxxxyz");
    }

    #[test]
    fn wide_characters_count_twice() {
        let text = format!("{}!{}", "你".repeat(50), "好".repeat(50));
        let (line, _) = excerpt(&text, "!", 20);
        assert_eq!(line, "…你你你你!好好好好…");
    }

    #[test]
    fn any_bytes_and_any_span_will_do() {
        let text = b"\xff{\xe4\xbd\"\r\n\n\xf0\x9f\x98\x80";
        for start in 0..text.len() + 2 {
            for end in start..text.len() + 3 {
                for columns in [0, 1, 2, 5, 80] {
                    let spans = [start..end, end..end + 2];
                    for spans in [&spans[..1], &spans] {
                        let excerpt = Excerpt::new(text, spans, columns);
                        assert!(excerpt.is_some() || spans.len() > 1);
                        for marked in excerpt.iter().flat_map(|excerpt| &excerpt.marked) {
                            let line = &excerpt.as_ref().unwrap().line;
                            assert!(line.get(marked.clone()).is_some());
                        }
                    }
                }
            }
        }
        let excerpt = Excerpt::new(b"{\"\xff\"}", &[2..3, 3..4], 80).unwrap();
        let (line, marked) = (r#"{"\xff"}"#.into(), vec![2..6, 6..7]);
        assert_eq!(excerpt, Excerpt { line, marked });
    }

    #[test]
    fn others_are_in_the_window_or_there_is_none() {
        let text = format!("{}A{}B{}", "<".repeat(50), "-".repeat(10), ">".repeat(50));
        let window = |columns| {
            let excerpt = Excerpt::new(text.as_bytes(), &[50..51, 61..62], columns)?;
            assert_eq!(excerpt.line.chars().count(), columns);
            let marked = excerpt.marked.iter();
            let marked: String = marked.map(|span| &excerpt.line[span.clone()]).collect();
            assert_eq!(marked, "AB");
            Some(excerpt.line)
        };
        assert_eq!(window(14).unwrap(), "…A----------B…");
        assert_eq!(window(13), None);
        assert!(Excerpt::new(b"a-b", &[0..1, 2..3], 3).is_some());
        assert!(Excerpt::new(b"a-b\n", &[0..1, 2..9], 3).is_some());
    }
}
