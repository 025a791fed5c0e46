//! Right notifications are answered too slowly.
//!
//! ## What it sends
//! Forty different right notifications: ten one after the other, then three times ten at once.
//!
//! ## Why
//! How long Syncfy waits for an answer is not documented. A sender of webhooks waits for some seconds at most, and
//! takes a slow answer for a failure.
//!
//! ## What a right endpoint answers
//! 2xx to each, and 95 of 100 within the budget: 5 seconds, unless `--budget` says otherwise.
//!
//! ## Remedy
//! Answer first, and do the work afterwards: put the notification into a queue or a table. What `endpoints` names is
//! not to be fetched before the answer.

use crate::domain::harden::finding::accepted;
use crate::domain::harden::{Attack, Check, Expect, Finding, Forge, Shot, Terms, Unarmed};
use crate::domain::latencies::Latencies;

pub(super) const CHECK: Check = Check::new(
    "H401",
    "fast",
    Expect::Accept,
    include_str!("fast.rs"),
    plan,
)
.judged_by(judge);

fn plan(forge: &mut Forge<'_>) -> Result<Attack, Unarmed> {
    let in_turn = forge.many(10)?.into_iter().map(|probe| vec![probe]);
    let mut volleys: Vec<_> = in_turn.collect();
    for _ in 0..3 {
        volleys.push(forge.many(10)?);
    }
    Ok(Attack(volleys))
}

fn judge(shots: &[Shot], terms: &Terms) -> Finding {
    let finding = accepted(shots, terms);
    let p95 = p95(shots);
    if !finding.passes || p95.is_none() {
        return finding;
    }
    let latency_ms = p95.unwrap_or_default();
    let budget = terms.budget;
    let passes = latency_ms <= budget.as_secs_f64() * 1000.0;
    let than = if passes { "within" } else { "beyond" };
    Finding {
        passes,
        latency_ms: p95,
        seen: format!(
            "95 of 100 answers took up to {latency_ms} ms, {than} the budget of {budget:?}"
        ),
        ..finding
    }
}

/// What 95 of 100 answers took no longer than, in milliseconds.
fn p95(shots: &[Shot]) -> Option<f64> {
    let mut latencies = Latencies::default();
    for shot in shots {
        latencies.add(shot.latency_ms);
    }
    latencies.percentile(95)
}
