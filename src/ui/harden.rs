//! How `harden` looks: a line for each check as it ends, what to do where one failed, and the summary.

use super::style::Role;
use super::words::latency;
use super::wrap::wrap;
use super::{Stream, page, xml};
use crate::domain::activity::{CheckEntry, CheckResult, Checked, HardenSummary};
use crate::domain::harden;

/// The longest of `refuse`, `accept` and `survive`.
const EXPECT_WIDTH: usize = 7;

/// The widest time, such as `9999 ms`.
const TIME_WIDTH: usize = 8;

/// A row of the table, whose columns are known before its rows are; below it what to do.
pub(super) fn row(checked: &Checked, out: Stream) -> String {
    let head = format!(
        "{}  {}  {:<EXPECT_WIDTH$}  {}  {:>3}  {:>TIME_WIDTH$}  {}",
        out.style.paint(Role::Strong, checked.code),
        name(checked.name),
        checked.expect,
        result(checked.result, out),
        checked
            .status
            .map_or("-".into(), |status| status.to_string()),
        checked.latency_ms.map_or("-".into(), latency),
        out.foreign(&checked.seen)
    );
    let mut text = head.trim_end().to_owned() + "\n";
    if let Some(remedy) = &checked.remedy {
        let indent = checked.code.len() + 2;
        let lines = wrap(remedy, out.width.saturating_sub(indent));
        text.extend(lines.iter().map(|line| format!("{:indent$}{line}\n", "")));
    }
    text
}

/// The same on one line, without what to do.
pub(super) fn line(checked: &Checked, out: Stream) -> String {
    format!(
        "{} {} {}: {}\n",
        result(checked.result, out),
        checked.code,
        checked.name,
        out.foreign(&checked.seen)
    )
}

fn result(result: CheckResult, out: Stream) -> String {
    match result {
        CheckResult::Pass => out.style.paint(Role::Good, "pass"),
        CheckResult::Fail => out.style.paint(Role::Bad, "FAIL"),
        CheckResult::Skip => out.style.paint(Role::Dim, "skip"),
    }
}

/// The name, as wide as the longest.
fn name(name: &str) -> String {
    let names = harden::all().iter().map(|check| check.name.len());
    let longest = names.max().unwrap_or_default();
    format!("{name:<longest$}")
}

/// How many there were of what.
pub(super) fn summary(summary: &HardenSummary, err: Stream) -> String {
    let speed = match (summary.p50_ms, summary.p95_ms) {
        (Some(p50), Some(p95)) => format!("; p50 {}, p95 {}", latency(p50), latency(p95)),
        _ => String::new(),
    };
    let stopped = if summary.stopped {
        "; stopped before the end"
    } else {
        ""
    };
    format!(
        "\n{} {} passed, {} failed, {} skipped in {}{speed}{stopped}\n",
        err.style
            .paint(Role::Strong, &format!("{}:", err.foreign(&summary.target))),
        summary.passed,
        summary.failed,
        summary.skipped,
        latency(summary.elapsed_ms)
    )
}

/// A check of the catalogue: its page where it was asked for, else its line.
pub(super) fn entry(entry: &CheckEntry, out: Stream) -> String {
    let code = out.style.paint(Role::Strong, entry.code);
    match &entry.page {
        Some(text) => {
            format!("{code} {} ({})\n\n", entry.name, entry.expect) + &page::render(text, out)
        }
        None => format!(
            "{code}  {:<EXPECT_WIDTH$}  {}  {}\n",
            entry.expect,
            name(entry.name),
            entry.summary
        ),
    }
}

/// A case of a JUnit report.
pub(super) fn case(checked: &Checked) -> String {
    let name = format!("{} {}", checked.code, checked.name);
    let time = format!("{:.3}", checked.latency_ms.unwrap_or_default() / 1000.0);
    let class = format!("harden.{}", checked.expect);
    let attributes = [
        ("classname", class.as_str()),
        ("name", &name),
        ("time", &time),
    ];
    let head = xml::start("testcase", &attributes);
    let inside = match checked.result {
        CheckResult::Pass => return format!("    {head}/>\n"),
        CheckResult::Fail => {
            let why = [("type", checked.code), ("message", checked.seen.as_str())];
            let remedy = checked.remedy.as_deref().unwrap_or_default();
            format!(
                "{}>{}</failure>",
                xml::start("failure", &why),
                xml::text(remedy)
            )
        }
        CheckResult::Skip => xml::start("skipped", &[("message", &checked.seen)]) + "/>",
    };
    format!("    {head}>\n      {inside}\n    </testcase>\n")
}
