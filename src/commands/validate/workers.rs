//! Work on many threads whose results come in the order of the jobs.
//!
//! Job by job goes to the next worker, and the results are taken in the same turn: so nothing has to be sorted, and what
//! waits is bounded. Refuses to know what the work is.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};

/// So many jobs wait for each worker, and so many results for whoever takes them.
const WAITING: usize = 1;

/// The results, in order. Whoever drops this ends the work, but does not wait for what is read meanwhile.
pub(super) struct Workers<R> {
    workers: Vec<Worker<R>>,
    turn: usize,
}

struct Worker<R> {
    results: Receiver<R>,
    thread: JoinHandle<()>,
}

/// A thread ended before its work did.
#[derive(Debug)]
pub(super) struct Panicked;

impl<R: Send + 'static> Workers<R> {
    /// Begins: one thread makes the jobs, and each worker has one.
    ///
    /// # Errors
    ///
    /// When the system has no thread left.
    pub(super) fn start<J, I, W>(
        jobs: impl FnOnce() -> I + Send + 'static,
        workers: impl IntoIterator<Item = W>,
    ) -> io::Result<Self>
    where
        J: Send + 'static,
        I: Iterator<Item = J>,
        W: FnMut(J) -> R + Send + 'static,
    {
        let mut senders = Vec::new();
        let mut started = Vec::new();
        for mut work in workers {
            let (sender, waiting) = sync_channel::<J>(WAITING);
            let (done, results) = sync_channel(WAITING);
            let run = move || {
                let results = waiting.into_iter().map(&mut work);
                // Where nobody takes the results any more, there is nothing left to do.
                results
                    .map(|result| done.send(result))
                    .take_while(Result::is_ok)
                    .for_each(drop);
            };
            senders.push(sender);
            started.push(Worker {
                results,
                thread: thread::Builder::new().spawn(run)?,
            });
        }
        thread::Builder::new().spawn(move || hand_out(jobs(), &senders))?;
        Ok(Self {
            workers: started,
            turn: 0,
        })
    }

    /// The result of the next job; `None` after the last one. `wait` is called if it is not there yet.
    pub(super) fn next(&mut self, wait: impl FnOnce()) -> Option<Result<R, Panicked>> {
        let worker = self.workers.get(self.turn)?;
        self.turn = (self.turn + 1) % self.workers.len();
        let next = worker.results.try_recv();
        let next = next.or_else(|error| match error {
            TryRecvError::Empty => {
                wait();
                worker.results.recv()
            }
            TryRecvError::Disconnected => worker.results.recv(),
        });
        next.map_or_else(|_| self.end(), |result| Some(Ok(result)))
    }

    /// A worker that sends no more has come to its end, unless it panicked.
    fn end(&mut self) -> Option<Result<R, Panicked>> {
        let ended = self.turn.checked_sub(1).unwrap_or(self.workers.len() - 1);
        let worker = self.workers.swap_remove(ended);
        self.workers.clear();
        worker.thread.join().err().map(|_| Err(Panicked))
    }
}

fn hand_out<J>(jobs: impl Iterator<Item = J>, senders: &[SyncSender<J>]) {
    for (job, worker) in jobs.zip(senders.iter().cycle()) {
        if worker.send(job).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(count: usize, jobs: u64) -> Workers<u64> {
        let work = (0..count).map(|_| |job: u64| job * 2);
        Workers::start(move || 0..jobs, work).unwrap()
    }

    #[test]
    fn results_come_in_order() {
        for (count, jobs) in [(1, 0), (1, 7), (3, 1), (3, 1000)] {
            let mut workers = start(count, jobs);
            let results = std::iter::from_fn(|| workers.next(|| ()).map(Result::unwrap));
            assert!(results.eq((0..jobs).map(|job| job * 2)), "{count}, {jobs}");
        }
    }

    #[test]
    fn nobody_needs_to_take_them_all() {
        let mut workers = start(2, u64::MAX);
        workers.next(|| ()).unwrap().unwrap();
    }

    #[test]
    fn a_panic_is_no_end() {
        let work = |job: u64| (job < 3).then_some(job).expect("a test");
        let mut workers = Workers::start(|| 0..9, [work, work]).unwrap();
        for _ in 0..3 {
            workers.next(|| ()).unwrap().unwrap();
        }
        workers.next(|| ()).unwrap().unwrap_err();
        assert!(workers.next(|| ()).is_none());
    }
}
