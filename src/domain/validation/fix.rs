//! What is mechanical is repaired in the text itself: every byte outside of it stays.
//!
//! Which findings those are, and what goes in their place, is said by the rules, so that a rule and its repair cannot
//! disagree.

use super::diagnostic::{Diagnostic, Fix};
use super::findings::Findings;
use super::levels::Levels;
use crate::domain::notification::Notification;

/// Every finding about a notification that has a fix and is not allowed, in the order of the text and without a limit.
///
/// A repair can bring to light what could not be judged before, such as that an id in capitals is that of no known
/// environment; it never adds an error.
#[must_use]
pub fn fixable(notification: &Notification<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut findings = Findings::remediable();
    super::look(notification, levels, &mut findings);
    findings.locate(notification, &mut diagnostics);
    diagnostics
}

/// The body with the fixes of these findings, which are about it and in the order of its text.
///
/// ```
/// use syncfy_hooks::domain::notification::Notification;
/// use syncfy_hooks::domain::validation::{Levels, fixable, repair};
///
/// let body = br#"{"rid": "C53B1FCB-E112-465C-AD3E-8B64CF2F602C", "events": []}"#;
/// let findings = fixable(&Notification::read(body)?, &Levels::default());
/// assert_eq!(
///     repair(body, &findings),
///     br#"{"rid": "c53b1fcb-e112-465c-ad3e-8b64cf2f602c", "events": []}"#
/// );
/// # Ok::<(), syncfy_hooks::domain::json::SyntaxError>(())
/// ```
#[must_use]
pub fn repair(body: &[u8], diagnostics: &[Diagnostic]) -> Vec<u8> {
    let mut repaired = Vec::with_capacity(body.len() + 64);
    let mut copied = 0;
    for Fix { span, text } in diagnostics.iter().filter_map(|found| found.fix.as_ref()) {
        if let Some(untouched) = body.get(copied..span.start) {
            repaired.extend_from_slice(untouched);
            repaired.extend_from_slice(text.as_bytes());
            copied = span.end;
        }
    }
    repaired.extend_from_slice(body.get(copied..).unwrap_or_default());
    repaired
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::validation::findings::MOST;
    use crate::domain::validation::rules::fixture_bodies;
    use crate::domain::validation::{Severity, judge};

    fn fixed(body: &[u8]) -> (Vec<Diagnostic>, Vec<u8>) {
        let findings =
            Notification::read(body).map_or(Vec::new(), |read| fixable(&read, &Levels::default()));
        let repaired = repair(body, &findings);
        (findings, repaired)
    }

    /// How many errors there are, where none is left out of the report.
    fn errors(body: &[u8]) -> Option<usize> {
        let found = judge(body).diagnostics;
        let is_whole = found.len() <= MOST;
        let errors = found
            .iter()
            .filter(|found| found.severity == Severity::Error);
        is_whole.then(|| errors.count())
    }

    /// What a repair must keep, whatever the body.
    fn check(body: &[u8]) {
        let (findings, repaired) = fixed(body);
        assert!(findings.iter().all(|found| found.fix.is_some()));
        if findings.is_empty() {
            assert_eq!(repaired, body);
            return;
        }
        let (left, again) = fixed(&repaired);
        assert!(left.is_empty(), "{left:#?}");
        assert_eq!(again, repaired);
        if let (Some(after), Some(before)) = (errors(&repaired), errors(body)) {
            assert!(after <= before);
        }
        // Undone in the order of the text, each stands where it stood.
        let mut undone = repaired;
        for Fix { span, text } in findings.iter().filter_map(|found| found.fix.as_ref()) {
            let written = span.start..span.start + text.len();
            assert_eq!(&undone[written.clone()], text.as_bytes());
            undone.splice(written, body[span.clone()].iter().copied());
        }
        assert_eq!(undone, body);
    }

    #[test]
    fn fixtures_are_repaired() {
        let bodies: Vec<String> = fixture_bodies().collect();
        for body in &bodies {
            check(body.as_bytes());
        }
        let repaired = bodies
            .iter()
            .filter(|body| !fixed(body.as_bytes()).0.is_empty());
        assert!(repaired.count() >= 9);
    }

    #[test]
    fn there_is_no_limit() {
        let id = r#""id_x":"648CB2A99CA1B91B0A141391","#.repeat(300);
        let body = format!(
            r#"{{"rid":1,"events":[{{"header":{{"event":{{"name":"documents.fail"}}}},"payload":{{{id}"a":1}}}}]}}"#
        );
        assert_eq!(fixed(body.as_bytes()).0.len(), 300);
        check(body.as_bytes());
    }

    #[test]
    fn nothing_uncertain_is_touched() {
        let bodies = [
            "",
            "{",
            "7",
            "\u{feff}{",
            r#"{"event":"refresh","id_user":"X"}"#,
        ];
        for body in bodies {
            assert!(fixed(body.as_bytes()).0.is_empty(), "{body}");
        }
    }

    fn spelling() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9a-fA-F]{24}",
            "ObjectId\\([0-9a-fA-F]{24}\\)",
            "[0-9a-fA-F]{32}",
            "[0-9A-F]{8}-[0-9a-f]{4}-4[0-9A-F]{3}-[89AB][0-9a-f]{3}-[0-9A-F]{12}",
            "2023-06-1[0-9][T ]19:0[0-9]:18(\\.[0-9]{1,9})?(Z|[+-]0[0-9]:?00)?",
            Just("documents.failed".to_owned()),
            Just("true".to_owned()),
            "\\PC{0,8}",
        ]
    }

    proptest! {
        #[test]
        fn a_repair_is_done_once_and_touches_nothing_else(
            mark in any::<bool>(),
            fields in proptest::collection::vec((0..60_usize, spelling()), 1..6),
            body in proptest::sample::select(fixture_bodies().collect::<Vec<_>>()),
        ) {
            let mut body = body;
            for (number, spelling) in fields {
                let strings: Vec<_> = body.match_indices('"').map(|(at, _)| at).collect();
                if let Some([start, end]) = strings.chunks(2).nth(number) {
                    let spelling = serde_json::to_string(&spelling).unwrap();
                    body.replace_range(*start..=*end, &spelling);
                }
            }
            let mark = if mark { "\u{feff}" } else { "" };
            check(format!("{mark}{body}").as_bytes());
        }
    }
}
