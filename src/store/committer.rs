//! Takes what is to be kept from tasks that wait for it, and answers them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::database::{self, Durability, Location};
use super::entry::{Attempted, Entry, Kept, Page, Replayed, Resumed};
use super::error::StoreError;
use super::owner::{Log, Owner};
use super::writer::Writer;

/// So many writes may share one transaction.
pub(super) const MOST: usize = 512;

/// Takes what is to be kept. Each clone is one more that may.
#[derive(Clone)]
pub(crate) struct Store {
    queue: mpsc::Sender<Request>,
}

/// What came of an entry, which comes back.
pub(super) type Answer = (Box<Entry>, Result<Kept, Arc<StoreError>>);

/// An answer whose turn comes once that of the one before it has come: tasks that are woken in order need not run in
/// order.
pub(super) struct InTurn {
    answer: Answer,
    /// Ends with the turn of the one before.
    before: Option<oneshot::Receiver<()>>,
    /// Dropped at the end of its own turn.
    turn: oneshot::Sender<()>,
}

pub(super) enum Request {
    Append(Box<Entry>, oneshot::Sender<InTurn>),
    Attempted(Box<Attempted>),
    Replayed(Box<Replayed>),
    Parked {
        target: String,
        after: u64,
        most_bytes: usize,
        answer: oneshot::Sender<Result<Page, StoreError>>,
    },
    Close,
}

/// Writes what is to be kept, on a thread of its own, until every [`Store`] is gone.
pub(crate) struct Committer {
    owner: Owner,
    queue: mpsc::WeakSender<Request>,
    answers: mpsc::UnboundedReceiver<Vec<Answered>>,
}

/// An answer, and who waits for it.
pub(super) type Answered = (oneshot::Sender<InTurn>, Answer);

/// Opens the history for writing.
///
/// # Errors
///
/// When the file cannot be made, written to, or is none of ours. Nothing is overwritten then.
pub(crate) fn open(
    location: &Location,
    durability: Durability,
) -> Result<(Store, Committer), StoreError> {
    let writer = Writer::open(location, durability)?;
    let log = Log::new(database::open(location, durability)?);
    let (sender, queue) = mpsc::channel(MOST);
    let (answering, answers) = mpsc::unbounded_channel();
    let committer = Committer {
        queue: sender.downgrade(),
        answers,
        owner: Owner {
            queue,
            answering,
            writer,
            log,
        },
    };
    Ok((Store { queue: sender }, committer))
}

/// Nobody is answered any more once the committer has been stopped.
async fn never<T>() -> T {
    std::future::pending().await
}

impl Store {
    /// Waits for a turn to append. Sequence numbers rise in the order in which turns are used.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        match self.queue.reserve().await {
            Ok(room) => Turn(room),
            Err(_) => never().await,
        }
    }

    /// Keeps an attempt, some time soon.
    pub(crate) async fn attempted(&self, attempted: Attempted) {
        self.send(Request::Attempted(Box::new(attempted))).await;
    }

    /// Keeps a delivery that `replay` made, some time soon.
    pub(crate) async fn replayed(&self, replayed: Replayed) {
        self.send(Request::Replayed(Box::new(replayed))).await;
    }

    /// Deliveries of this run that are parked for the target, of notifications behind `after`, in order of arrival:
    /// some of them, no more than one of which goes beyond so many bytes. Those that were appended before this was
    /// called count.
    pub(crate) async fn parked(
        &self,
        target: &str,
        after: u64,
        most_bytes: usize,
    ) -> Result<Page, StoreError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Parked {
            target: target.to_owned(),
            after,
            most_bytes,
            answer,
        };
        self.send(request).await;
        match answered.await {
            Ok(parked) => parked,
            Err(_) => never().await,
        }
    }

    async fn send(&self, request: Request) {
        if self.queue.send(request).await.is_err() {
            never::<()>().await;
        }
    }
}

/// Room for one more notification.
pub(crate) struct Turn<'a>(mpsc::Permit<'a, Request>);

impl Turn<'_> {
    /// Keeps a notification. Returns once that is committed, with the entry, and in the order of sequence numbers: what
    /// is then done without waiting keeps that order.
    pub(crate) async fn append(self, entry: Box<Entry>) -> Answer {
        let (sender, answer) = oneshot::channel();
        self.0.send(Request::Append(entry, sender));
        let Ok(InTurn {
            answer,
            before,
            turn,
        }) = answer.await
        else {
            return never().await;
        };
        if let Some(before) = before {
            // It ends, whatever became of the one before.
            let _ = before.await;
        }
        // Whoever is next runs no sooner than this task waits again.
        drop(turn);
        answer
    }
}

impl Committer {
    /// Begins a run of `listen`, which takes over what waits from runs that have ended, unless it waits for longer than
    /// `resume` already. `None` leaves it all alone.
    pub(crate) fn begin_run(
        &mut self,
        now: Timestamp,
        resume: Option<SignedDuration>,
    ) -> Result<Resumed, StoreError> {
        self.owner.writer.begin_run(now, resume)
    }

    /// Sees to it that sequence numbers go on behind this one.
    pub(crate) fn go_on_behind(&self, id: u64) -> Result<(), StoreError> {
        self.owner.writer.go_on_behind(id)
    }

    /// Writes until every [`Store`] is gone, or until `stop`, after which nothing more is taken. Returns how many attempts
    /// could not be written.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) -> usize {
        let Self {
            owner,
            queue,
            mut answers,
        } = self;
        let owner = spawn_blocking(|| owner.run());
        let mut stop = std::pin::pin!(stop);
        let (mut is_open, mut before) = (true, None);
        loop {
            tokio::select! {
                () = &mut stop, if is_open => {
                    is_open = false;
                    if let Some(queue) = queue.upgrade() {
                        // It may have ended by itself.
                        let _ = queue.send(Request::Close).await;
                    }
                }
                answered = answers.recv() => match answered {
                    // All of them at once: to wake this task from another thread costs more than to answer.
                    Some(answered) => for (waiting, answer) in answered {
                        let (turn, ended) = oneshot::channel();
                        let before = before.replace(ended);
                        // A sender that has gone needs no answer.
                        let _ = waiting.send(InTurn { answer, before, turn });
                    },
                    None => break,
                },
            }
        }
        match owner.await {
            Ok(unwritten) => unwritten,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}
