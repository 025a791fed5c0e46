//! Output off the hot path: a thread does the writing, so that a slow reader of the output holds up nobody.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::{Notify, oneshot};

use super::{Format, OutputError, Progress, Ui, Writer};
use crate::domain::activity::{Activity, Warning};

/// What may wait for a slow reader, in bytes.
const MOST_WAITING: usize = 16 * 1024 * 1024;

/// More activities than this at once are shown on a line each: nobody can read them as they pass.
const READABLE: usize = 40;

/// What comes within this time is written together.
const PAUSE: Duration = Duration::from_millis(5);

/// The output of a command that must not wait for it.
pub(crate) struct Outlet<'a> {
    ui: &'a mut Ui,
    state: Arc<State>,
    written: oneshot::Receiver<Writers>,
    not_shown: u64,
}

/// The streams, while they are lent to the thread.
struct Writers {
    stdout: Writer,
    stderr: Writer,
    failure: Option<io::Error>,
    /// What else is on the terminal.
    progress: Option<Progress>,
}

/// What the thread and its user know of each other.
#[derive(Default)]
struct State {
    waiting: AtomicUsize,
    has_failed: AtomicBool,
    /// Told whenever less is waiting.
    written: Notify,
}

/// How far the reader of the output is behind.
#[derive(Clone)]
pub(crate) struct Pressure {
    state: Arc<State>,
    /// Of what a person does not see in time a part is left out instead.
    is_terminal: bool,
}

impl Pressure {
    /// Whether no more should be made for now.
    pub(crate) fn is_high(&self) -> bool {
        !self.is_terminal && self.state.waiting.load(Ordering::Acquire) > MOST_WAITING / 2
    }
}

#[derive(Clone, Copy)]
enum Channel {
    Stdout,
    Stderr,
}

/// Stands in for a stream: hands what is written to the thread.
struct Lane {
    channel: Channel,
    queue: Sender<(Channel, Vec<u8>)>,
    state: Arc<State>,
}

impl Write for Lane {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.state.has_failed.load(Ordering::Acquire) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.state.waiting.fetch_add(bytes.len(), Ordering::AcqRel);
        self.queue
            .send((self.channel, bytes.to_vec()))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> Outlet<'a> {
    /// Lends the output to a thread. The receiver resolves when standard output cannot be written any more.
    pub(crate) fn open(ui: &'a mut Ui) -> (Self, oneshot::Receiver<()>) {
        let (queue, chunks) = channel();
        let (failed, failure) = oneshot::channel();
        let state = Arc::new(State::default());
        let lane = |channel| {
            Box::new(Lane {
                channel,
                queue: queue.clone(),
                state: Arc::clone(&state),
            })
        };
        let (stdout, stderr) = ui.exchange(lane(Channel::Stdout), lane(Channel::Stderr));
        let seen = Arc::clone(&state);
        let writers = Writers {
            stdout,
            stderr,
            failure: None,
            progress: ui.progress.clone(),
        };
        let (finish, written) = oneshot::channel();
        std::thread::spawn(move || {
            // A command that was interrupted does not wait for its output.
            let _ = finish.send(writers.write(&chunks, &seen, failed));
        });
        (
            Self {
                ui,
                state,
                written,
                not_shown: 0,
            },
            failure,
        )
    }

    /// Shows what happened together, without waiting for the reader. What a person at a terminal is too slow for is
    /// counted, and said; for anybody else nothing is left out, and whoever makes output is to heed its `Pressure`.
    pub(crate) fn show(&mut self, activities: &[Activity]) {
        let format = match self.ui.format() {
            Format::Pretty if activities.len() > READABLE => Format::Compact,
            format => format,
        };
        for activity in activities {
            if !self.ui.wants(activity) {
                continue;
            }
            let is_behind = self.ui.out.is_terminal
                && self.state.waiting.load(Ordering::Acquire) > MOST_WAITING;
            // A summary is the last word, and is never left out.
            if is_behind && !matches!(activity, Activity::Summary(_) | Activity::Replayed(_)) {
                self.not_shown += 1;
                continue;
            }
            if self.not_shown > 0 {
                let warning = not_shown(std::mem::take(&mut self.not_shown));
                self.try_to(|ui| ui.show_as(format, &Activity::Warning(warning)));
            }
            self.try_to(|ui| ui.show_as(format, activity));
        }
        self.try_to(Ui::flush);
    }

    /// Prints a line of data that stands for itself. In JSON the activities tell it.
    pub(crate) fn print(&mut self, line: &str) {
        if self.ui.format() != Format::Json {
            self.try_to(|ui| ui.data(format!("{line}\n").as_bytes()));
            self.try_to(Ui::flush);
        }
    }

    /// Has the terminal put a text on the clipboard (OSC 52 of xterm's control sequences). False where there is none.
    pub(crate) fn copy(&mut self, text: &str) -> bool {
        if self.ui.err.is_terminal {
            let sequence = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
            self.ui.aside(&sequence);
        }
        self.ui.err.is_terminal
    }

    /// Resolves once the reader of the output is not far behind, for whoever would rather wait than leave something out.
    pub(crate) async fn caught_up(&self) {
        let state = &self.state;
        while !state.has_failed.load(Ordering::Acquire)
            && state.waiting.load(Ordering::Acquire) > MOST_WAITING / 2
        {
            state.written.notified().await;
        }
    }

    /// Waits until everything is written, and takes the output back. It can be given up, by dropping it: then the rest
    /// is not waited for.
    ///
    /// # Errors
    ///
    /// When standard output could not be written.
    pub(crate) async fn close(self) -> Result<(), OutputError> {
        let lanes = self.ui.exchange(Box::new(io::sink()), Box::new(io::sink()));
        drop(lanes);
        let writers = self.written.await.expect("writing does not panic");
        self.ui.exchange(writers.stdout, writers.stderr);
        writers
            .failure
            .map_or(Ok(()), |error| Err(OutputError(error)))
    }

    /// Tells whoever makes output how far its reader is behind.
    pub(crate) fn pressure(&self) -> Pressure {
        Pressure {
            state: Arc::clone(&self.state),
            is_terminal: self.ui.out.is_terminal,
        }
    }

    /// The thread tells of a failure by itself.
    fn try_to(&mut self, show: impl FnOnce(&mut Ui) -> Result<(), OutputError>) {
        let _ = show(self.ui);
    }
}

impl Writers {
    fn write(
        mut self,
        chunks: &Receiver<(Channel, Vec<u8>)>,
        state: &State,
        failed: oneshot::Sender<()>,
    ) -> Self {
        while let Ok(first) = chunks.recv() {
            let batch = std::iter::once(first).chain(chunks.try_iter());
            let result = match self.progress.clone() {
                Some(progress) => progress.suspend(|| self.write_all(batch, state)),
                None => self.write_all(batch, state),
            };
            state.has_failed.store(result.is_err(), Ordering::Release);
            state.written.notify_one();
            if let Err(error) = result {
                self.failure = Some(error);
                // Nobody listens any more when the command is over.
                let _ = failed.send(());
                return self;
            }
            std::thread::sleep(PAUSE);
        }
        self
    }

    fn write_all(
        &mut self,
        batch: impl Iterator<Item = (Channel, Vec<u8>)>,
        state: &State,
    ) -> io::Result<()> {
        for (channel, bytes) in batch {
            let result = match channel {
                Channel::Stdout => self
                    .stdout
                    .write_all(&bytes)
                    .and_then(|()| self.stdout.flush()),
                Channel::Stderr => {
                    // There is no other place to say that standard error is closed.
                    let _ = self.stderr.write_all(&bytes);
                    Ok(())
                }
            };
            state.waiting.fetch_sub(bytes.len(), Ordering::AcqRel);
            result?;
        }
        Ok(())
    }
}

fn not_shown(count: u64) -> Warning {
    Warning {
        code: "output-behind",
        message: format!("{count} lines were not shown, because the output is read too slowly"),
        hints: vec!["what they were about was received and answered all the same".into()],
    }
}
