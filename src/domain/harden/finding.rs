//! What the answers of an endpoint prove.

use std::time::Duration;

use super::probe::{Reaction, Shot};

/// What is granted to an endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long 95 of 100 answers may take at most.
    pub budget: Duration,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Whether the endpoint did as it should.
    pub passes: bool,
    /// The status of the answer that decided.
    pub status: Option<u16>,
    /// How long that took, in milliseconds.
    pub latency_ms: Option<f64>,
    /// What was seen, in words.
    pub seen: String,
    /// What to do, where it is not what the page of the check says.
    pub remedy: Option<String>,
}

impl Finding {
    /// The finding of shots that are right or not; the first wrong one decides, else the last.
    pub(super) fn of(shots: &[Shot], terms: &Terms, is_right: impl Fn(&Reaction) -> bool) -> Self {
        let wrong: Vec<&Shot> = shots
            .iter()
            .filter(|shot| !is_right(&shot.reaction))
            .collect();
        let deciding = wrong.first().copied().or(shots.last());
        Self {
            passes: wrong.is_empty(),
            status: deciding.and_then(|shot| shot.reaction.status()),
            latency_ms: deciding.map(|shot| shot.latency_ms),
            seen: if wrong.is_empty() {
                summary(&shots.iter().collect::<Vec<_>>(), None, terms)
            } else {
                summary(&wrong, Some(shots.len()), terms)
            },
            remedy: None,
        }
    }

    /// The same of an endpoint that does not do its work any more afterwards.
    #[must_use]
    pub fn deadly(self, after: &Reaction, terms: &Terms) -> Self {
        Self {
            passes: false,
            status: after.status().or(self.status),
            seen: format!(
                "afterwards a right notification: {}",
                after.words(terms.timeout)
            ),
            ..self
        }
    }
}

/// What a limit of requests answers, whatever they hold.
const TOO_MANY: u16 = 429;

/// Each must be answered with 4xx, and not because of too many requests: that proves nothing.
pub(super) fn refused(shots: &[Shot], terms: &Terms) -> Finding {
    let is_limited = |reaction: &Reaction| matches!(reaction, Reaction::Status(TOO_MANY));
    let finding = Finding::of(shots, terms, |reaction| {
        matches!(reaction, Reaction::Status(400..=499)) && !is_limited(reaction)
    });
    let remedy =
        "lift the limit of requests while `harden` runs: 429 does not say what was looked at";
    let limited = shots.iter().any(|shot| is_limited(&shot.reaction));
    Finding {
        remedy: limited.then(|| remedy.to_owned()),
        ..finding
    }
}

/// Each must be answered with 2xx.
pub(super) fn accepted(shots: &[Shot], terms: &Terms) -> Finding {
    Finding::of(shots, terms, Reaction::is_accepting)
}

/// Each must be answered, and not with 5xx.
pub(super) fn survived(shots: &[Shot], terms: &Terms) -> Finding {
    Finding::of(
        shots,
        terms,
        |reaction| matches!(reaction, Reaction::Status(status) if *status < 500),
    )
}

/// So many labels of requests that went alike are named.
const NAMED: usize = 4;

/// What happened, once for all to whom the same did, in order of first appearance. Where these are but a part, it says of
/// how many.
fn summary(shots: &[&Shot], out_of: Option<usize>, terms: &Terms) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for shot in shots {
        let words = shot.reaction.words(terms.timeout);
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, labels)) => labels.push(&shot.label),
            None => groups.push((words, vec![&shot.label])),
        }
    }
    let is_alike = out_of.is_none_or(|all| all == shots.len()) && groups.len() == 1;
    let part = |(words, labels): &(String, Vec<&str>)| {
        if is_alike {
            return words.clone();
        }
        format!("{}: {words}", who(labels, out_of.unwrap_or(shots.len())))
    };
    groups.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// The requests of these labels, out of so many.
fn who(labels: &[&str], all: usize) -> String {
    if labels.iter().any(|label| label.is_empty()) {
        return format!("{} of {all}", labels.len());
    }
    let named: Vec<String> = labels
        .iter()
        .take(NAMED)
        .map(|label| format!("`{label}`"))
        .collect();
    match labels.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        timeout: Duration::from_secs(10),
        budget: Duration::from_secs(5),
    };

    fn shot(label: &str, reaction: Reaction) -> Shot {
        Shot {
            label: label.into(),
            reaction,
            latency_ms: 1.5,
        }
    }

    fn seen(judge: fn(&[Shot], &Terms) -> Finding, shots: &[Shot]) -> (bool, String) {
        let finding = judge(shots, &TERMS);
        (finding.passes, finding.seen)
    }

    #[test]
    fn refusing_is_4xx_and_nothing_else() {
        for (reaction, passes, words) in [
            (Reaction::Status(401), true, "answered 401"),
            (Reaction::Status(200), false, "answered 200"),
            (Reaction::Status(302), false, "answered 302"),
            (Reaction::Status(500), false, "answered 500"),
            (Reaction::TimedOut, false, "no answer within 10s"),
            (
                Reaction::Closed,
                false,
                "connection closed without an answer",
            ),
        ] {
            let found = seen(refused, &[shot("", reaction)]);
            assert_eq!(found, (passes, words.to_owned()));
        }
    }

    #[test]
    fn the_wrong_ones_are_named() {
        let status = |label, status| shot(label, Reaction::Status(status));
        assert_eq!(
            seen(
                accepted,
                &[
                    status("a", 200),
                    status("b", 404),
                    status("c", 404),
                    shot("d", Reaction::Closed)
                ]
            ),
            (
                false,
                "`b`, `c`: answered 404; `d`: connection closed without an answer".into()
            )
        );
        assert_eq!(
            seen(accepted, &[status("a", 404), status("b", 404)]),
            (false, "answered 404".into())
        );
        assert_eq!(
            seen(refused, &[status("a", 401), status("b", 403)]),
            (true, "`a`: answered 401; `b`: answered 403".into())
        );
        assert_eq!(
            seen(
                survived,
                &[
                    status("", 200),
                    status("", 503),
                    status("", 500),
                    status("", 503)
                ]
            ),
            (false, "2 of 4: answered 503; 1 of 4: answered 500".into())
        );
        let many: Vec<Shot> = ["a", "b", "c", "d", "e", "f"]
            .map(|label| status(label, 400))
            .into();
        let many = [many, vec![status("g", 200)]].concat();
        assert_eq!(
            seen(accepted, &many),
            (false, "`a`, `b`, `c`, `d` and 2 more: answered 400".into())
        );
    }

    #[test]
    fn the_first_wrong_one_decides() {
        let finding = refused(
            &[
                shot("a", Reaction::Status(401)),
                shot("b", Reaction::Status(500)),
                shot("c", Reaction::TimedOut),
            ],
            &TERMS,
        );
        assert_eq!((finding.status, finding.latency_ms), (Some(500), Some(1.5)));
    }

    #[test]
    fn too_many_requests_is_no_refusal() {
        let refusal = refused(&[shot("", Reaction::Status(401))], &TERMS);
        assert!(refusal.passes && refusal.remedy.is_none());
        let limited = refused(&[shot("", Reaction::Status(429))], &TERMS);
        assert!(!limited.passes);
        assert!(limited.remedy.unwrap().contains("429"));
    }
}
