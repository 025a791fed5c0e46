//! What a person most likely meant who named something that is not there.

/// Less alike than this, a name is another one and no slip.
const ALIKE: f64 = 0.6;

/// The one of these whose code or name is most like what was typed, where one is like it at all.
pub fn nearest<'n, T>(
    typed: &str,
    known: impl IntoIterator<Item = (T, [&'n str; 2])>,
) -> Option<T> {
    let typed = typed.to_lowercase();
    let likeness =
        |known: &str| strsim::normalized_damerau_levenshtein(&typed, &known.to_lowercase());
    known
        .into_iter()
        .map(|(one, [code, name])| (likeness(code).max(likeness(name)), one))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood() {
        let known = || [(1, ["H101", "unsigned"]), (2, ["H301", "malformed-json"])];
        assert_eq!(nearest("h301", known()), Some(2));
        assert_eq!(nearest("Unsinged", known()), Some(1));
        assert_eq!(nearest("malformd-json", known()), Some(2));
        assert_eq!(nearest("nonsense", known()), None);
    }
}
