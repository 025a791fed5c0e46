//! Work that is seen through, also when whoever waits for it goes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::commands::task;

/// Work that is done by whoever waits, without a task of its own, and that goes on as a task only when that one goes.
pub(super) struct Promise<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    orphans: Orphans,
}

/// The work of those that have gone.
#[derive(Clone, Default)]
pub(super) struct Orphans(Arc<Mutex<JoinSet<()>>>);

impl Orphans {
    /// Promises to do the work.
    pub(super) fn promise<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Promise<T> {
        Promise {
            work: Some(Box::pin(work)),
            orphans: self.clone(),
        }
    }
}

impl<T: Send + 'static> Future for Promise<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let work = self.work.as_mut().expect("nobody asks again");
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Promise<T> {
    fn drop(&mut self) {
        // A panic is told where it happens; without a runtime there is no more to be done.
        let (Some(work), Ok(runtime)) = (self.work.take(), Handle::try_current()) else {
            return;
        };
        if std::thread::panicking() {
            return;
        }
        let mut tasks = self
            .orphans
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while let Some(ended) = tasks.try_join_next() {
            task::outcome(ended);
        }
        let work = async {
            work.await;
        };
        tasks.spawn_on(work, &runtime);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_gets_the_result() {
        assert_eq!(Orphans::default().promise(async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn what_was_begun_goes_on_alone() {
        let orphans = Orphans::default();
        let (go, gone) = oneshot::channel();
        let (done, is_done) = oneshot::channel();
        let mut promise = orphans.promise(async {
            gone.await.unwrap();
            done.send(()).unwrap();
        });
        tokio::select! {
            biased;
            () = &mut promise => panic!("it waits"),
            () = async {} => {}
        }
        drop(promise);
        go.send(()).unwrap();
        is_done.await.unwrap();
    }
}
