//! What makes a finding the same one from run to run, wherever it has moved to in its file.

use sha2::{Digest as _, Sha256};

use super::Diagnostic;
use crate::domain::notification::EventOutline;

/// How much of the hash is kept, in bytes.
const KEPT: usize = 16;

/// 32 hexadecimal digits that stand for this finding in the notification with these events. Lines and columns have no
/// part in it, so that it stays when something is put in front.
#[must_use]
pub fn fingerprint(source: &str, events: &[EventOutline], diagnostic: &Diagnostic) -> String {
    let about = [
        source,
        diagnostic.code,
        &diagnostic.pointer,
        &diagnostic.message,
    ];
    let eids = events
        .iter()
        .map(|event| event.eid.as_deref().unwrap_or_default());
    let mut hash = Sha256::new();
    for part in about.into_iter().chain(eids) {
        // The length keeps two parts from reading as two others.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    let kept = hash.iter().take(KEPT);
    let number = kept.fold(0, |number, byte| number << 8 | u128::from(*byte));
    format!("{number:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::judge;

    #[test]
    fn a_finding_stays_itself_where_it_moves() {
        let [here, below] = [&b"{\"rid\": 1}"[..], b"\n\n {\"rid\": 1}"].map(|body| {
            let judgement = judge(body);
            let found = judgement.diagnostics.iter();
            let prints = found.map(|found| fingerprint("a", &judgement.outline.events, found));
            prints.collect::<Vec<_>>()
        });
        assert_eq!(here, below);
        assert!(here.iter().all(|print| print.len() == 2 * KEPT));
        let mut unique = here.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), here.len());
    }
}
