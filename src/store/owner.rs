//! The thread that owns the file: group commit. Whatever waits shares one transaction, and is answered after it.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::committer::{Answered, InTurn, MOST, Request};
use super::entry::{Kept, Page, Write};
use super::error::StoreError;
use super::writer::{self, Writer};

/// Once the log has about so many bytes it is written back. A short log is soon written over rather than made longer, which
/// costs a commit less.
const LONG: usize = 16 * 1024 * 1024;

/// So many bytes are written back while everybody waits.
const SHORT: usize = 1024 * 1024;

/// However busy it is, once the log has about so many bytes all of it is written back while everybody waits.
const LONGEST: usize = 256 * 1024 * 1024;

/// What a row adds to the log besides its request: pages are written whole.
const ROW: usize = 1024;

/// Attempts that could not be written are kept until they can, but no more than these.
const MOST_UNWRITTEN: usize = 10_000;

/// What the thread has for its own.
pub(super) struct Owner {
    pub(super) queue: mpsc::Receiver<Request>,
    pub(super) answering: mpsc::UnboundedSender<Vec<Answered>>,
    pub(super) writer: Writer,
    pub(super) log: Log,
}

impl Owner {
    /// Writes until nothing more can come. Returns how many attempts could not be written.
    pub(super) fn run(mut self) -> usize {
        if self.writer.is_in_a_run() {
            // Without it, repeats are not told as such.
            let _ = self.writer.remember();
        }
        let (mut requests, mut unwritten) = (Vec::new(), Vec::new());
        while self.queue.blocking_recv_many(&mut requests, MOST) > 0 {
            self.gather(&mut requests);
            let mut batch = Batch::of(requests.drain(..), unwritten);
            if batch.is_last {
                self.queue.close();
            }
            let bytes = batch.bytes;
            let written = batch.write(&mut self.writer);
            let answered;
            (answered, unwritten) = batch.answer(&written);
            unwritten.truncate(MOST_UNWRITTEN);
            // Who has gone needs no answers.
            let _ = self.answering.send(answered);
            self.log.grow(bytes, &self.writer);
        }
        if !unwritten.is_empty() && self.writer.write(&unwritten).is_ok() {
            unwritten.clear();
        }
        // What it leaves behind is taken away by the next run.
        let _ = self.writer.end();
        unwritten.len()
    }
}

impl Owner {
    /// Takes in what others are just about to ask, for as long as they are: where they share a core with this thread, it
    /// would otherwise be woken by the first of them, and make a transaction for each.
    fn gather(&mut self, requests: &mut Vec<Request>) {
        let mut known = 0;
        while known < requests.len() && requests.len() < MOST {
            known = requests.len();
            thread::yield_now();
            while requests.len() < MOST
                && let Ok(request) = self.queue.try_recv()
            {
                requests.push(request);
            }
        }
    }
}

/// What is done together.
#[derive(Default)]
struct Batch {
    writes: Vec<Write>,
    /// For each entry among the writes, in order, who waits for it.
    appending: Vec<oneshot::Sender<InTurn>>,
    asking: Vec<Asking>,
    /// About how many bytes it adds to the log.
    bytes: usize,
    /// Whether nothing more is to be taken.
    is_last: bool,
}

/// A question about what is parked, and who asks.
struct Asking {
    target: String,
    after: u64,
    most_bytes: usize,
    answer: oneshot::Sender<Result<Page, StoreError>>,
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
                Request::Close => batch.is_last = true,
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
                    most_bytes,
                    answer,
                } => batch.asking.push(Asking {
                    target,
                    after,
                    most_bytes,
                    answer,
                }),
            }
        }
        batch
    }

    /// Writes, then answers what was asked.
    fn write(&mut self, writer: &mut Writer) -> Result<Vec<Kept>, Arc<StoreError>> {
        let written = if self.writes.is_empty() {
            Ok(Vec::new())
        } else {
            writer.write(&self.writes)
        };
        for asking in self.asking.drain(..) {
            let parked = writer.parked(&asking.target, asking.after, asking.most_bytes);
            // Who has gone needs no answer.
            let _ = asking.answer.send(parked);
        }
        written
    }

    /// What to answer to everybody who waits for an entry. What could not be written and nobody waits for comes back.
    fn answer(self, written: &Result<Vec<Kept>, Arc<StoreError>>) -> (Vec<Answered>, Vec<Write>) {
        let mut kept = written.as_ref().ok().into_iter().flatten();
        let mut appending = self.appending.into_iter();
        let (mut answered, mut unwritten) = (Vec::with_capacity(appending.len()), Vec::new());
        for write in self.writes {
            match write {
                Write::Entry(entry) => {
                    let answer = match written {
                        Err(error) => Err(Arc::clone(error)),
                        Ok(_) => Ok(*kept.next().expect("each entry was kept")),
                    };
                    let waiting = appending.next().expect("somebody waits for each entry");
                    answered.push((waiting, (entry, answer)));
                }
                write if written.is_err() => unwritten.push(write),
                _ => {}
            }
        }
        (answered, unwritten)
    }
}

/// The write-ahead log, which would grow for ever.
pub(super) struct Log {
    /// About so many bytes are in it.
    length: usize,
    /// So many of them came since writing back was begun.
    since: usize,
    checkpoint: Option<Checkpoint>,
}

/// Writing the log back, over a connection of its own.
enum Checkpoint {
    Resting(Connection),
    Running(JoinHandle<Connection>),
}

impl Log {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            length: 0,
            since: 0,
            checkpoint: Some(Checkpoint::Resting(connection)),
        }
    }

    /// So much was added. When the log has grown long it is written back beside the writer, again and again until little
    /// is left, and that while everybody waits: only then it begins anew.
    fn grow(&mut self, bytes: usize, writer: &Writer) {
        self.length += bytes;
        self.since += bytes;
        self.checkpoint = match self.checkpoint.take() {
            Some(Checkpoint::Resting(connection)) if self.length >= LONG => {
                Some(self.begin(connection))
            }
            Some(Checkpoint::Running(thread)) if thread.is_finished() => {
                let connection = thread.join().ok();
                if self.since > SHORT && self.length < LONGEST {
                    connection.map(|connection| self.begin(connection))
                } else {
                    // What fails now is tried again.
                    let _ = writer.checkpoint();
                    self.length = 0;
                    connection.map(Checkpoint::Resting)
                }
            }
            state => state,
        };
    }

    fn begin(&mut self, connection: Connection) -> Checkpoint {
        self.since = 0;
        Checkpoint::Running(thread::spawn(move || {
            // What fails now is tried again.
            let _ = writer::checkpoint(&connection);
            connection
        }))
    }
}
