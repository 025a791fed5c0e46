//! Tasks that end: a bug in one must not pass for its success.

use std::convert::Infallible;
use std::panic::resume_unwind;

use tokio::task::{JoinError, JoinSet};

/// What a task came to, or nothing where it was cancelled. Its panic goes on here.
pub(super) fn outcome<T>(ended: Result<T, JoinError>) -> Option<T> {
    match ended {
        Ok(outcome) => Some(outcome),
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(_) => None,
    }
}

/// Waits for tasks that nobody waits for otherwise, only so that the panic of one goes on here.
pub(super) async fn supervise(tasks: &mut JoinSet<()>) -> Infallible {
    while let Some(ended) = tasks.join_next().await {
        outcome(ended);
    }
    std::future::pending().await
}
