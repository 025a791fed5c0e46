//! The trait of every error a user can meet: a stable code beside the message, and advice beside both.

/// An expected failure, told in three parts: what happened (`Display`), its stable code, and what to do about it.
pub trait Explain: std::error::Error {
    /// A stable kebab-case word for scripts, such as `key-not-found`.
    fn code(&self) -> &'static str;

    /// What the user can do, most useful first, one sentence each and without a full stop. Empty when there is nothing
    /// to advise.
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }
}
