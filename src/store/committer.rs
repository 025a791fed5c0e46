//! Group commit: whatever waits shares one transaction, and is answered after its commit.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};

use super::database::{self, Durability, Location};
use super::entry::{Attempted, Entry, Kept, Parked, Replayed, Resumed, Write};
use super::error::StoreError;
use super::writer::{self, Writer};

/// So many writes may share one transaction.
const MOST: usize = 512;

/// Once about so many bytes were written, the log is written back.
const LOG: usize = 16 * 1024 * 1024;

/// What a row adds to the log besides its request: pages are written whole.
const ROW: usize = 1024;

/// Attempts that could not be written are kept until they can, but no more than these.
const MOST_UNWRITTEN: usize = 10_000;

/// Takes what is to be kept. Each clone is one more that may.
#[derive(Clone)]
pub(crate) struct Store {
    queue: mpsc::Sender<Request>,
}

/// What came of an entry, which comes back.
type Answer = (Box<Entry>, Result<Kept, Arc<StoreError>>);

enum Request {
    Append(Box<Entry>, oneshot::Sender<Answer>),
    Attempted(Box<Attempted>),
    Replayed(Box<Replayed>),
    Parked {
        target: String,
        after: u64,
        limit: u32,
        answer: oneshot::Sender<Result<Vec<Parked>, StoreError>>,
    },
}

/// The task that writes. It ends when every [`Store`] is gone and everything is written.
pub(crate) struct Committer {
    queue: mpsc::Receiver<Request>,
    writer: Writer,
    log: Log,
}

/// The write-ahead log, which would grow for ever.
struct Log {
    /// About so many bytes are in it.
    length: usize,
    state: Option<Checkpoint>,
}

/// Writing the log back, over a connection of its own.
enum Checkpoint {
    Resting(Connection),
    Running(JoinHandle<Connection>),
}

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
    let (sender, queue) = mpsc::channel(MOST);
    let connection = database::open(location, durability)?;
    let log = Log {
        length: 0,
        state: Some(Checkpoint::Resting(connection)),
    };
    let committer = Committer { queue, writer, log };
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

    /// Deliveries of this run that are parked for the target, of notifications behind `after`, in order of arrival;
    /// those that were appended before this was called are among them.
    pub(crate) async fn parked(
        &self,
        target: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Parked>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Parked {
            target: target.to_owned(),
            after,
            limit,
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
    /// Keeps a notification. Returns once that is committed, with the entry.
    pub(crate) async fn append(self, entry: Box<Entry>) -> Answer {
        let (sender, answer) = oneshot::channel();
        self.0.send(Request::Append(entry, sender));
        match answer.await {
            Ok(answer) => answer,
            Err(_) => never().await,
        }
    }
}

/// What is done together.
#[derive(Default)]
struct Batch {
    writes: Vec<Write>,
    /// For each entry among the writes, in order, who waits for it.
    appending: Vec<oneshot::Sender<Answer>>,
    asking: Vec<Asking>,
    /// About how many bytes it adds to the log.
    bytes: usize,
}

/// A question about what is parked, and who asks.
struct Asking {
    target: String,
    after: u64,
    limit: u32,
    answer: oneshot::Sender<Result<Vec<Parked>, StoreError>>,
}

impl Batch {
    /// What came together, behind what could not be written before.
    fn of(requests: impl Iterator<Item = Request>, unwritten: Vec<Write>) -> Self {
        let mut batch = Self {
            writes: unwritten,
            ..Self::default()
        };
        for request in requests {
            batch.bytes += ROW;
            match request {
                Request::Append(entry, answer) => {
                    batch.bytes += 2 * entry.judgement.capture.body.len() + 3 * ROW;
                    batch.writes.push(Write::Entry(entry));
                    batch.appending.push(answer);
                }
                Request::Attempted(attempted) => batch.writes.push(Write::Attempted(attempted)),
                Request::Replayed(replayed) => batch.writes.push(Write::Replayed(replayed)),
                Request::Parked {
                    target,
                    after,
                    limit,
                    answer,
                } => batch.asking.push(Asking {
                    target,
                    after,
                    limit,
                    answer,
                }),
            }
        }
        batch
    }

    /// Writes, then answers what was asked.
    fn write(mut self, writer: &mut Writer) -> (Self, Result<Vec<Kept>, Arc<StoreError>>) {
        let written = if self.writes.is_empty() {
            Ok(Vec::new())
        } else {
            writer.write(&self.writes)
        };
        for asking in self.asking.drain(..) {
            let parked = writer.parked(&asking.target, asking.after, asking.limit);
            // Who has gone needs no answer.
            let _ = asking.answer.send(parked);
        }
        (self, written)
    }

    /// Answers everybody who waits for an entry. What cannot be written and nobody waits for comes back.
    fn answer(self, written: &Result<Vec<Kept>, Arc<StoreError>>) -> Vec<Write> {
        let mut kept = written.as_ref().ok().into_iter().flatten();
        let mut appending = self.appending.into_iter();
        let mut unwritten = Vec::new();
        for write in self.writes {
            match write {
                Write::Entry(entry) => {
                    let answer = match (written, kept.next()) {
                        (Err(error), _) => Err(Arc::clone(error)),
                        (Ok(_), kept) => Ok(*kept.expect("each entry was kept")),
                    };
                    if let Some(waiting) = appending.next() {
                        // A sender that has gone needs no answer.
                        let _ = waiting.send((entry, answer));
                    }
                }
                write if written.is_err() => unwritten.push(write),
                _ => {}
            }
        }
        unwritten
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
        self.writer.begin_run(now, resume)
    }

    /// Sees to it that sequence numbers go on behind this one.
    pub(crate) fn go_on_behind(&self, id: u64) -> Result<(), StoreError> {
        self.writer.go_on_behind(id)
    }

    /// Writes until every [`Store`] is gone, or until `stop`, after which nothing more is taken. Returns how many attempts
    /// could not be written.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) -> usize {
        let Self {
            mut queue,
            mut writer,
            mut log,
        } = self;
        // Without it, repeats are not told as such.
        (writer, _) = on_a_thread(writer, Writer::remember).await;
        let (mut requests, mut unwritten) = (Vec::new(), Vec::new());
        let mut stop = std::pin::pin!(stop);
        let mut is_open = true;
        loop {
            tokio::select! {
                biased;
                () = &mut stop, if is_open => {
                    is_open = false;
                    queue.close();
                    continue;
                }
                count = queue.recv_many(&mut requests, MOST) => if count == 0 {
                    break;
                },
            }
            let batch = Batch::of(requests.drain(..), unwritten);
            log.grow(batch.bytes);
            let done = on_a_thread(writer, |writer: &mut Writer| batch.write(writer)).await;
            let (back, (batch, written)) = done;
            unwritten = batch.answer(&written);
            unwritten.truncate(MOST_UNWRITTEN);
            writer = log.keep_short(back).await;
        }
        if !unwritten.is_empty() {
            (writer, unwritten) = on_a_thread(writer, |writer| match writer.write(&unwritten) {
                Ok(_) => Vec::new(),
                Err(_) => unwritten,
            })
            .await;
        }
        // What it leaves behind is taken away by the next run.
        let _ = on_a_thread(Some(writer), |writer| writer.take().map(Writer::end)).await;
        unwritten.len()
    }
}

impl Log {
    fn grow(&mut self, bytes: usize) {
        self.length += bytes;
    }

    /// Writes the log back when it has grown long: most of it beside the writer, and, once that is done, the little that
    /// came in the meantime while the writer waits. Only then it begins anew.
    async fn keep_short(&mut self, writer: Writer) -> Writer {
        if self.length < LOG {
            return writer;
        }
        match self.state.take() {
            Some(Checkpoint::Resting(connection)) => {
                self.state = Some(Checkpoint::Running(spawn_blocking(move || {
                    // What fails now is tried again.
                    let _ = writer::checkpoint(&connection);
                    connection
                })));
                writer
            }
            Some(Checkpoint::Running(task)) if task.is_finished() => {
                self.state = task.await.ok().map(Checkpoint::Resting);
                self.length = 0;
                let (writer, _) = on_a_thread(writer, |writer| writer.checkpoint()).await;
                writer
            }
            state => {
                self.state = state;
                writer
            }
        }
    }
}

/// Does what may wait for the disk, while others go on.
async fn on_a_thread<S: Send + 'static, T: Send + 'static>(
    mut state: S,
    work: impl FnOnce(&mut S) -> T + Send + 'static,
) -> (S, T) {
    let work = spawn_blocking(move || {
        let result = work(&mut state);
        (state, result)
    });
    match work.await {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
