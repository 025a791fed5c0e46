//! The scenarios that come with the program.

/// Their names and texts.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("sync-success", include_str!("sync-success.toml")),
    ("sync-with-errors", include_str!("sync-with-errors.toml")),
    ("documents-fail", include_str!("documents-fail.toml")),
    ("reconnect", include_str!("reconnect.toml")),
    ("many-pages", include_str!("many-pages.toml")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scenario::Scenario;

    #[test]
    fn each_can_be_read() {
        for (name, text) in BUILT_IN {
            let scenario = Scenario::parse(text);
            assert!(scenario.is_ok(), "{name}: {scenario:?}");
        }
    }
}
