//! Output off the hot path: a thread that shows activities in order, one buffered write for each batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, oneshot};

use super::{Format, OutputError, Ui};
use crate::domain::activity::{Activity, Warning};

/// What may wait for a slow reader, in bytes. Beyond it activities are counted instead of kept.
const MOST_WAITING: usize = 64 * 1024 * 1024;

/// What an activity takes beside its bodies, in bytes.
const WEIGHT: usize = 2048;

/// More activities than this in one batch are shown on one line each: nobody can read them as they pass.
const READABLE: usize = 40;

/// Sends activities to the thread that shows them. Never waits for the reader of the output.
#[derive(Clone)]
pub struct Outlet {
    queue: UnboundedSender<Activity>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    bytes: AtomicUsize,
    dropped: AtomicU64,
    /// Told whenever less is waiting.
    shown: Notify,
}

/// The thread that shows activities.
pub struct Printer {
    thread: JoinHandle<(Ui, Result<(), OutputError>)>,
}

impl Outlet {
    /// Starts the thread. The receiver resolves when standard output cannot be written any more.
    #[must_use]
    pub fn open(ui: Ui) -> (Self, Printer, oneshot::Receiver<()>) {
        let (queue, activities) = unbounded_channel();
        let (failed, failure) = oneshot::channel();
        let waiting = Arc::new(Waiting::default());
        let seen = Arc::clone(&waiting);
        let thread = std::thread::spawn(move || {
            let mut ui = ui;
            let result = print(&mut ui, activities, &seen);
            if result.is_err() {
                // Nobody listens any more when the command is over.
                let _ = failed.send(());
            }
            (ui, result)
        });
        (Self { queue, waiting }, Printer { thread }, failure)
    }

    /// Shows an activity, soon.
    pub fn show(&self, activity: Activity) {
        let weight = weight(&activity);
        let waiting = self.waiting.bytes.fetch_add(weight, Ordering::Relaxed);
        // A summary is the last word, and is never left out.
        if waiting > MOST_WAITING
            && !matches!(activity, Activity::Summary(_) | Activity::Replayed(_))
        {
            self.waiting.bytes.fetch_sub(weight, Ordering::Relaxed);
            self.waiting.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // A printer that has ended has said why through its failure channel.
        let _ = self.queue.send(activity);
    }

    /// Resolves once the reader of the output is not far behind, for whoever would rather wait than leave something out.
    pub async fn caught_up(&self) {
        while self.waiting.bytes.load(Ordering::Relaxed) > MOST_WAITING / 2 {
            self.waiting.shown.notified().await;
        }
    }
}

impl Printer {
    /// Waits until everything was shown, once every `Outlet` is gone, and gives the output back.
    ///
    /// # Panics
    ///
    /// When the thread panicked.
    ///
    /// # Errors
    ///
    /// When standard output could not be written.
    #[must_use]
    pub fn close(self) -> (Ui, Result<(), OutputError>) {
        self.thread
            .join()
            .expect("showing an activity does not panic")
    }
}

fn print(
    ui: &mut Ui,
    mut activities: UnboundedReceiver<Activity>,
    waiting: &Waiting,
) -> Result<(), OutputError> {
    let mut batch = Vec::new();
    while let Some(first) = activities.blocking_recv() {
        batch.push(first);
        while let Ok(next) = activities.try_recv() {
            batch.push(next);
        }
        let format = match ui.format() {
            Format::Pretty if batch.len() > READABLE => Format::Compact,
            format => format,
        };
        let shown = batch.iter().map(weight).sum();
        batch.retain(|activity| ui.wants(activity));
        if !batch.is_empty() {
            ui.beside_progress(|ui| show(ui, format, batch.drain(..)))?;
        }
        waiting.bytes.fetch_sub(shown, Ordering::Relaxed);
        waiting.shown.notify_one();
        match waiting.dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            dropped => ui.show(&Activity::Warning(not_shown(dropped)))?,
        }
    }
    Ok(())
}

fn show(
    ui: &mut Ui,
    format: Format,
    batch: impl Iterator<Item = Activity>,
) -> Result<(), OutputError> {
    for activity in batch {
        ui.show_as(format, &activity)?;
    }
    ui.flush()
}

fn not_shown(dropped: u64) -> Warning {
    Warning {
        code: "output-behind",
        message: format!("{dropped} lines were not shown, because the output is read too slowly"),
        hints: vec!["what they were about was received and answered all the same".into()],
    }
}

fn weight(activity: &Activity) -> usize {
    match activity {
        Activity::Notification(arrival) => WEIGHT + arrival.body.len(),
        _ => WEIGHT,
    }
}
