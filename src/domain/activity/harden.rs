//! What `harden` reports.

use serde::Serialize;

use super::is_false;
use crate::domain::harden::{Check, Expect};

/// What came of one check.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Its stable code, such as `H101`.
    pub code: &'static str,
    /// Its name, such as `unsigned`.
    pub name: &'static str,
    /// What a right endpoint does.
    pub expect: Expect,
    /// What came of it.
    pub result: CheckResult,
    /// The status of the answer that decided.
    pub status: Option<u16>,
    /// How long that answer took, in milliseconds; of `fast`, what 95 of 100 answers took no longer than.
    pub latency_ms: Option<f64>,
    /// What to do, where it failed.
    pub remedy: Option<String>,
    /// What was seen, or why it was left out.
    pub seen: String,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// The endpoint did as it should.
    Pass,
    /// It did not.
    Fail,
    /// It could not be told.
    Skip,
}

/// What came of all checks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HardenSummary {
    /// The URL.
    pub target: String,
    /// Checks that the endpoint passed.
    pub passed: u64,
    /// Checks that it failed.
    pub failed: u64,
    /// Checks that could not be made.
    pub skipped: u64,
    /// Half of the answers of `fast` took no longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100 of them took no longer, in milliseconds.
    pub p95_ms: Option<f64>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: f64,
    /// Whether it was stopped before the last check.
    #[serde(skip_serializing_if = "is_false")]
    pub stopped: bool,
}

/// A check as the catalogue has it.
#[derive(Clone, Debug, Serialize)]
pub struct CheckEntry {
    /// Its stable code, such as `H101`.
    pub code: &'static str,
    /// Its name, such as `unsigned`.
    pub name: &'static str,
    /// What a right endpoint does.
    pub expect: Expect,
    /// What is wrong with an endpoint that fails, in one sentence.
    pub summary: &'static str,
    /// Its manual page in Markdown, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

impl CheckEntry {
    /// The entry of a check, with its page or without.
    #[must_use]
    pub fn of(check: &Check, with_page: bool) -> Self {
        Self {
            code: check.code,
            name: check.name,
            expect: check.expect,
            summary: check.page.summary(),
            page: with_page.then(|| check.page.text()),
        }
    }
}
