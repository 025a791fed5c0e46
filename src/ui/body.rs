//! A JSON body, indented and coloured, with every digit and escape as it came.

use serde_json::value::RawValue;

use super::Stream;
use super::style::Role;
use crate::domain::json;

/// Bodies beyond this many bytes are not shown: nobody reads them, and the walk costs their depth times their length.
pub(super) const LONGEST_SHOWN: usize = 64 * 1024;

/// Values nested deeper are shown as they came.
const DEEPEST_INDENTED: usize = 64;

/// The body as lines, each begun with `margin`.
pub(super) fn render(body: &[u8], stream: Stream, margin: &str) -> String {
    let size = body.len();
    let text = match std::str::from_utf8(body) {
        _ if size > LONGEST_SHOWN => {
            return aside(stream, margin, &format!("({size} bytes, too long to show)"));
        }
        _ if size == 0 => return aside(stream, margin, "(empty body)"),
        Err(_) => return aside(stream, margin, &format!("({size} bytes, not UTF-8 text)")),
        Ok(text) => text,
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(value) => {
            let mut printer = Printer {
                stream,
                out: margin.to_owned(),
                line_start: format!("\n{margin}"),
                depth: 0,
            };
            printer.value(value);
            printer.out.push('\n');
            printer.out
        }
        Err(_) => text.lines().fold(String::new(), |shown, line| {
            shown + margin + &stream.foreign(line) + "\n"
        }),
    }
}

fn aside(stream: Stream, margin: &str, text: &str) -> String {
    format!("{margin}{}\n", stream.style.paint(Role::Dim, text))
}

struct Printer {
    stream: Stream,
    out: String,
    line_start: String,
    depth: usize,
}

impl Printer {
    fn value(&mut self, value: &RawValue) {
        let text = value.get();
        match text.as_bytes().first() {
            _ if self.depth > DEEPEST_INDENTED => self.paint(Role::Dim, text),
            Some(b'{') => self.nested(
                ['{', '}'],
                &json::members(value),
                |printer, (key, value)| {
                    printer.paint(Role::Key, key.get());
                    printer.out.push_str(": ");
                    printer.value(value);
                },
            ),
            Some(b'[') => self.nested(['[', ']'], &json::elements(value), |printer, element| {
                printer.value(element);
            }),
            Some(b'"') => self.paint(Role::Text, text),
            _ => self.paint(Role::Literal, text),
        }
    }

    fn nested<T>(
        &mut self,
        [open, close]: [char; 2],
        items: &[T],
        mut item: impl FnMut(&mut Self, &T),
    ) {
        self.out.push(open);
        let outer = self.line_start.len();
        self.line_start.push_str("  ");
        self.depth += 1;
        for (index, each) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.out.push_str(&self.line_start);
            item(self, each);
        }
        self.depth -= 1;
        self.line_start.truncate(outer);
        if !items.is_empty() {
            self.out.push_str(&self.line_start);
        }
        self.out.push(close);
    }

    fn paint(&mut self, role: Role, text: &str) {
        self.out
            .push_str(&self.stream.style.paint(role, &self.stream.foreign(text)));
    }
}
