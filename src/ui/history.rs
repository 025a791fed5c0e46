//! How lists of the history look: a table for a person at a terminal, else a line for each notification.

use jiff::tz::TimeZone;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Modify, Padding, Style, Width};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Stream;
use super::style::Role;
use super::words::{plural, signature, summarize};
use crate::domain::activity::{Exported, Pruned};
use crate::domain::notification::Environment;
use crate::domain::record::{DeliveryRecord, Record, Standing};
use crate::domain::signature::Verdict;

/// So many rows are laid out together. Those of the first page decide how wide the columns are.
const PAGE: usize = 1000;

/// Between two columns.
const GAP: usize = 2;

/// Narrower terminals get lines.
const NARROWEST: usize = 72;

/// On narrower terminals the year goes without saying.
const WIDE: usize = 100;

const COLUMNS: usize = 7;

const HEADERS: [&str; COLUMNS] = [
    "id",
    "received",
    "events",
    "env",
    "signature",
    "valid",
    "deliveries",
];

/// Which columns give way where a row is too wide, one after the other, and how far.
const YIELDING: [(usize, usize); 4] = [(6, 14), (2, 12), (6, 10), (2, 6)];

/// One field of a row.
#[derive(Default)]
struct Cell {
    text: String,
    /// What follows the text, and is never cut.
    end: String,
    role: Option<Role>,
}

impl Cell {
    fn new(text: impl Into<String>, role: Option<Role>) -> Self {
        Self {
            text: text.into(),
            role,
            ..Self::default()
        }
    }

    fn width(&self) -> usize {
        self.text.width() + self.end.width()
    }

    /// All of it, or as much as there is room for, with a mark that says so.
    fn cut(self, width: usize) -> String {
        if self.width() <= width {
            return self.text + &self.end;
        }
        let mut room = width.saturating_sub(self.end.width() + 1);
        let fits = |character: &char| {
            let columns = character.width().unwrap_or(0);
            let fits = columns <= room;
            room = room.saturating_sub(columns);
            fits
        };
        let start: String = self.text.chars().take_while(fits).collect();
        start + "…" + &self.end
    }
}

/// A table that is shown page by page: its rows, until they are.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<[Cell; COLUMNS]>,
    /// As the first page has made them.
    widths: Option<[usize; COLUMNS]>,
}

impl Table {
    /// Adds a row, and returns what can be shown now.
    pub(super) fn push(&mut self, record: &Record, out: Stream) -> String {
        if out.width < NARROWEST {
            return line(record, out);
        }
        self.rows.push(row(record, out));
        if self.rows.len() < PAGE {
            return String::new();
        }
        self.take(out)
    }

    /// What was not shown yet.
    pub(super) fn take(&mut self, out: Stream) -> String {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return String::new();
        }
        let is_first = self.widths.is_none();
        let widths = *self.widths.get_or_insert_with(|| widths(&rows, out.width));
        layout(rows, widths, is_first, out)
    }
}

fn row(record: &Record, out: Stream) -> [Cell; COLUMNS] {
    let time = if out.width < WIDE {
        "%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    let (is_valid, valid_role) = if record.valid {
        ("yes", Role::Good)
    } else {
        ("no", Role::Bad)
    };
    let verdict = record.signature.verdict;
    [
        Cell::new(record.id.to_string(), None),
        Cell::new(moment(record, time), Some(Role::Dim)),
        Cell::new(events(record, out), Some(Role::Strong)),
        Cell::new(record.environment.map_or("-", Environment::name), None),
        Cell::new(verdict.name(), Some(verdict_role(verdict))),
        Cell::new(is_valid, Some(valid_role)),
        deliveries(record, out),
    ]
}

/// One line: what the table has, with the id last and in brackets, as `listen` shows it.
pub(super) fn line(record: &Record, out: Stream) -> String {
    let mut parts = vec![
        out.style
            .paint(Role::Dim, &moment(record, "%Y-%m-%d %H:%M:%S")),
        out.style.paint(Role::Strong, &events(record, out)),
        record
            .environment
            .map_or("no environment", Environment::name)
            .to_owned(),
        signature(
            record.signature.verdict,
            record.signature.body_binding,
            record.signature.reason.as_deref(),
            out,
        ),
    ];
    parts.push(if record.valid {
        out.style.paint(Role::Good, "valid")
    } else {
        out.style.paint(Role::Bad, "invalid")
    });
    if let Some(earlier) = record.duplicate_of {
        parts.push(out.style.paint(Role::Warn, &format!("repeats [{earlier}]")));
    }
    let Cell { text, end, role } = deliveries(record, out);
    match (text + &end, role) {
        (text, _) if text.is_empty() => {}
        (text, Some(role)) => parts.push(out.style.paint(role, &text)),
        (text, None) => parts.push(text),
    }
    let id = out.style.paint(Role::Dim, &format!("[{}]", record.id));
    format!("{} {id}\n", parts.join("  "))
}

/// When it was received, by the system's clock.
fn moment(record: &Record, format: &str) -> String {
    let at = record.received_at.to_zoned_datetime(TimeZone::system());
    at.strftime(format).to_string()
}

fn events(record: &Record, out: Stream) -> String {
    let names: Vec<&str> = record
        .events
        .iter()
        .map(|event| event.name.as_deref().unwrap_or("(no name)"))
        .collect();
    match names.as_slice() {
        [] => "(no event)".to_owned(),
        names => out.foreign(&summarize(names)).into_owned(),
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Valid => Role::Good,
        Verdict::NoKey => Role::Dim,
        Verdict::Invalid | Verdict::Unsigned => Role::Bad,
    }
}

/// What became of it: the one delivery, or how many have come how far.
fn deliveries(record: &Record, out: Stream) -> Cell {
    let count = |standing| {
        let all = record.deliveries.iter();
        all.filter(|delivery| delivery.state == standing).count()
    };
    let role = if count(Standing::Failed) > 0 {
        Some(Role::Bad)
    } else if count(Standing::Waiting) > 0 {
        Some(Role::Warn)
    } else {
        None
    };
    match (record.deliveries.as_slice(), &record.refused) {
        ([], Some(reason)) => {
            let text = format!("refused: {}", out.foreign(reason));
            Cell::new(text, Some(Role::Bad))
        }
        ([], None) => Cell::default(),
        ([one], _) => Cell {
            text: out.foreign(&one.target).into_owned(),
            end: format!(" {}", outcome(one)),
            role,
        },
        _ => {
            let counts = Standing::ALL.map(|standing| (count(standing), standing.name()));
            let counts = counts.iter().filter(|(count, _)| *count > 0);
            let counts = counts.map(|(count, name)| format!("{count} {name}"));
            Cell::new(counts.collect::<Vec<_>>().join(", "), role)
        }
    }
}

fn outcome(delivery: &DeliveryRecord) -> String {
    match (delivery.state, delivery.status) {
        (Standing::Waiting, _) | (_, None) => delivery.state.name().to_owned(),
        (_, Some(status)) => status.to_string(),
    }
}

/// How wide the columns have to be for these rows, as far as there is room.
fn widths(rows: &[[Cell; COLUMNS]], room: usize) -> [usize; COLUMNS] {
    let mut widths = HEADERS.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let gaps = GAP * (COLUMNS - 1);
    let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
    for (column, least) in YIELDING {
        if let Some(width) = widths.get_mut(column) {
            let yielded = excess.min(width.saturating_sub(least));
            *width -= yielded;
            excess -= yielded;
        }
    }
    widths
}

fn layout(
    rows: Vec<[Cell; COLUMNS]>,
    widths: [usize; COLUMNS],
    has_header: bool,
    out: Stream,
) -> String {
    let mut table = Builder::new();
    if has_header {
        let [id_width, ..] = widths;
        let [id, rest @ ..] = HEADERS;
        let names = [format!("{id:>id_width$}")]
            .into_iter()
            .chain(rest.map(str::to_owned));
        table.push_record(names.map(|name| out.style.paint(Role::Dim, &name)));
    }
    for row in rows {
        let cells = (0..).zip(row).zip(widths).map(|((column, cell), width)| {
            let role = cell.role;
            let text = match column {
                // Numbers line up at their last digit.
                0 => format!("{:>width$}", cell.text),
                _ => cell.cut(width),
            };
            match role {
                Some(role) => out.style.paint(role, &text),
                None => text,
            }
        });
        table.push_record(cells);
    }
    let mut table = table.build();
    table.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
    for (column, width) in widths.into_iter().enumerate() {
        table.with(Modify::new(Columns::one(column)).with(Width::increase(width)));
    }
    table
        .to_string()
        .lines()
        .fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

pub(super) fn exported(exported: &Exported, err: Stream) -> String {
    format!(
        "{} {} to `{}`\n",
        err.style.paint(Role::Strong, "Wrote"),
        plural(exported.notifications, "notification"),
        err.foreign(&exported.output)
    )
}

pub(super) fn pruned(pruned: &Pruned, out: Stream) -> String {
    let verb = if pruned.dry_run {
        "Would remove"
    } else {
        "Removed"
    };
    let waiting = match pruned.waiting {
        0 => String::new(),
        1 => ", of which 1 still waits to be delivered".to_owned(),
        waiting => format!(", of which {waiting} still wait to be delivered"),
    };
    format!(
        "{} {}; {} kept{waiting}\n",
        out.style.paint(Role::Strong, verb),
        plural(pruned.removed, "notification"),
        pruned.kept,
    )
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::notification::{EventOutline, Version};
    use crate::domain::record::SignatureRecord;
    use crate::ui::style::Style as Colours;

    fn stream(width: usize, colored: bool) -> Stream {
        Stream {
            style: Colours::new(colored),
            is_terminal: true,
            width,
        }
    }

    fn record(id: u64, name: &str, target: &str) -> Record {
        Record {
            id,
            rid: None,
            received_at: Timestamp::UNIX_EPOCH,
            environment: Some(Environment::Production),
            version: Version::V3,
            events: vec![EventOutline {
                name: Some(name.to_owned()),
                ..EventOutline::default()
            }],
            signature: SignatureRecord {
                verdict: Verdict::Unsigned,
                reason: None,
                body_binding: None,
            },
            valid: true,
            duplicate_of: None,
            dropped: false,
            answered: Some(200),
            refused: None,
            deliveries: vec![DeliveryRecord {
                number: 1,
                target: target.to_owned(),
                state: Standing::Waiting,
                attempts: 0,
                status: None,
                error: None,
                replayed: false,
            }],
        }
    }

    fn table(records: &[Record], out: Stream) -> String {
        let mut table = Table::default();
        let shown: String = records
            .iter()
            .map(|record| table.push(record, out))
            .collect();
        shown + &table.take(out)
    }

    #[test]
    fn fits_the_terminal() {
        let long = "https://staging.example.test/hooks/and/more";
        let records = [
            record(1, "documents.success", long),
            record(123_456, &"你好.".repeat(30), long),
        ];
        for width in NARROWEST..200 {
            let text = table(&records, stream(width, false));
            assert_eq!(text.lines().count(), 3, "{text}");
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn how_a_delivery_ended_is_never_cut() {
        let text = table(&[record(1, "a", &"x".repeat(200))], stream(80, false));
        assert!(text.ends_with("xxx… waiting\n"), "{text}");
    }

    #[test]
    fn colours_change_no_column() {
        let records = [record(1, "documents.success", "a"), record(22, "b", "c")];
        let plain = table(&records, stream(100, false));
        let colored = table(&records, stream(100, true));
        assert_ne!(plain, colored);
        assert_eq!(console::strip_ansi_codes(&colored), plain);
    }

    #[test]
    fn a_narrow_terminal_gets_lines() {
        let out = stream(NARROWEST - 1, false);
        let record = record(1, "documents.success", "localhost:3000");
        let text = table(std::slice::from_ref(&record), out);
        assert_eq!(text, line(&record, out));
        assert!(text.ends_with("  localhost:3000 waiting [1]\n"), "{text}");
    }

    #[test]
    fn nothing_that_arrived_can_steer_a_terminal() {
        let foreign = "\u{1b}[2J\u{202e}\u{200b}\n";
        let mut record = record(1, foreign, foreign);
        let out = stream(120, false);
        let steers = |text: &str| text.contains(['\u{1b}', '\u{202e}', '\u{200b}']);
        let text = table(std::slice::from_ref(&record), out);
        assert!(!steers(&text), "{text:?}");
        assert_eq!(text.lines().count(), 2, "{text:?}");
        record.deliveries.clear();
        record.refused = Some(foreign.to_owned());
        record.signature.verdict = Verdict::Invalid;
        record.signature.reason = Some(foreign.to_owned());
        let text = line(&record, out);
        assert!(!steers(&text), "{text:?}");
        assert_eq!(text.lines().count(), 1, "{text:?}");
    }
}
