//! Numbers notifications and keeps them: in the history, in a folder, in both or nowhere.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::commands::task;
use crate::domain::capture::Layout;
use crate::domain::seen::{Repeat, Seen};
use crate::files::Folder;
use crate::store::{Entry, Kept, Store, Turn};

/// What numbers notifications and keeps them.
pub(super) struct Recorder {
    numbering: Numbering,
    folder: Option<Folder>,
}

/// Where the numbers come from.
enum Numbering {
    History(Store),
    Memory(Arc<Memory>),
}

/// What is known without a history.
struct Memory {
    last_id: AtomicU64,
    seen: Mutex<Seen>,
}

/// A turn to keep a notification: numbers rise in the order in which turns are used.
pub(super) struct Slot<'a> {
    turn: Place<'a>,
    folder: Option<Folder>,
}

enum Place<'a> {
    History(Turn<'a>),
    Memory(Arc<Memory>),
}

/// An entry, and what came of it: or why it could not be kept.
pub(super) type Recorded = (Box<Entry>, Result<Kept, String>);

impl Recorder {
    /// Keeps notifications in the history, or numbers them from `last_id` on without one.
    pub(super) fn new(store: Option<Store>, folder: Option<Folder>, last_id: u64) -> Self {
        let numbering = match store {
            Some(store) => Numbering::History(store),
            None => Numbering::Memory(Arc::new(Memory {
                last_id: last_id.into(),
                seen: Mutex::default(),
            })),
        };
        Self { numbering, folder }
    }

    /// Whether there is a history.
    pub(super) fn has_history(&self) -> bool {
        matches!(self.numbering, Numbering::History(_))
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Slot<'_> {
        let turn = match &self.numbering {
            Numbering::History(store) => Place::History(store.turn().await),
            Numbering::Memory(memory) => Place::Memory(Arc::clone(memory)),
        };
        Slot {
            turn,
            folder: self.folder.clone(),
        }
    }
}

impl Slot<'_> {
    /// Keeps a notification durably, where it is to be kept.
    pub(super) async fn keep(self, entry: Box<Entry>) -> Recorded {
        match (self.turn, self.folder) {
            (Place::History(turn), folder) => {
                let (entry, kept) = turn.append(entry).await;
                match (kept, folder) {
                    (Ok(kept), Some(folder)) => {
                        on_a_thread(entry, move |entry| {
                            save(&folder, kept.id, entry).map(|()| kept)
                        })
                        .await
                    }
                    (kept, _) => (entry, kept.map_err(|error| error.to_string())),
                }
            }
            (Place::Memory(memory), Some(folder)) => {
                on_a_thread(entry, move |entry| {
                    loop {
                        let id = memory.next_id();
                        match folder.save(id, event(entry), &text(entry)) {
                            // Another listener saves to the same folder.
                            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                            saved => return saved.map(|()| memory.take(id, entry)),
                        }
                    }
                })
                .await
            }
            (Place::Memory(memory), None) => {
                let kept = memory.take(memory.next_id(), &entry);
                (entry, Ok(kept))
            }
        }
    }
}

impl Memory {
    fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn take(&self, id: u64, entry: &Entry) -> Kept {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let repeat = match entry.refused {
            Some(_) => Repeat::default(),
            None => seen.take(entry.judgement.outline.eids(), id),
        };
        Kept::new(id, repeat, entry)
    }
}

/// Saves a capture under a number that is taken only where the folder has captures of another history.
fn save(folder: &Folder, id: u64, entry: &Entry) -> io::Result<()> {
    let text = text(entry);
    let mut name = event(entry).to_owned();
    for copy in 2.. {
        match folder.save(id, &name, &text) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                name = format!("{}-{copy}", event(entry));
            }
            saved => return saved,
        }
    }
    Ok(())
}

fn text(entry: &Entry) -> Vec<u8> {
    entry.judgement.capture.write(Layout::Document)
}

fn event(entry: &Entry) -> &str {
    let mut names = entry.judgement.outline.names();
    names.next().unwrap_or("unknown")
}

/// Does what waits for the disk, while others go on.
async fn on_a_thread(
    entry: Box<Entry>,
    work: impl FnOnce(&Entry) -> io::Result<Kept> + Send + 'static,
) -> Recorded {
    let done = spawn_blocking(move || {
        let kept = work(&entry).map_err(|error| error.to_string());
        (entry, kept)
    });
    task::outcome(done.await).expect("what has begun is not cancelled")
}
