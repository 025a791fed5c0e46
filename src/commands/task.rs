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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[tokio::test]
    async fn a_panic_goes_on_and_a_cancellation_does_not() {
        let mut tasks = JoinSet::new();
        tasks.spawn(async { resume_unwind(Box::new("a bug")) });
        let bug = tasks.join_next().await.unwrap();
        let panic = catch_unwind(AssertUnwindSafe(|| outcome(bug))).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"a bug"));

        tasks.spawn(std::future::pending());
        tasks.abort_all();
        assert_eq!(outcome(tasks.join_next().await.unwrap()), None);

        tasks.spawn(async {});
        assert_eq!(outcome(tasks.join_next().await.unwrap()), Some(()));
    }
}
