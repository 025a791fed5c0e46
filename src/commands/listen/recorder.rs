//! Numbers notifications and keeps them: in the history, in a folder, in both or nowhere.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::commands::task;
use crate::domain::capture::{Capture, Layout};
use crate::domain::intake::Judgement;
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

    /// What is still to be saved of an entry that is in the history.
    pub(super) fn copy(&self, entry: &Entry) -> Option<Copy> {
        let is_saved = self.folder.is_some() && self.has_history();
        is_saved.then(|| Copy::of(entry))
    }

    /// Saves a copy of what is in the history under this number.
    pub(super) async fn save(&self, copy: Copy, id: u64) -> io::Result<()> {
        match self.folder.clone() {
            Some(folder) => on_a_thread(move || copy.save_beside_others(&folder, id)).await,
            None => Ok(()),
        }
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
            (Place::History(turn), _) => {
                let (entry, kept) = turn.append(entry).await;
                (entry, kept.map_err(|error| error.to_string()))
            }
            (Place::Memory(memory), Some(folder)) => {
                on_a_thread(move || {
                    let copy = Copy::of(&entry);
                    let kept = loop {
                        let id = memory.next_id();
                        match copy.save(&folder, id, &copy.event) {
                            // Another listener saves to the same folder.
                            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                            Err(error) => break Err(error.to_string()),
                            Ok(()) => break Ok(memory.take(id, &entry)),
                        }
                    };
                    (entry, kept)
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
        Kept {
            id,
            repeat,
            is_dropped: entry.drops_repeats && repeat.is_whole,
        }
    }
}

/// A capture that is to be saved as a file.
pub(super) struct Copy {
    capture: Arc<Capture>,
    event: String,
}

impl Copy {
    fn of(entry: &Entry) -> Self {
        let Judgement {
            capture, outline, ..
        } = &entry.judgement;
        Self {
            capture: Arc::clone(capture),
            event: outline.names().next().unwrap_or("unknown").to_owned(),
        }
    }

    fn save(&self, folder: &Folder, id: u64, name: &str) -> io::Result<()> {
        folder.save(id, name, &self.capture.write(Layout::Document))
    }

    /// Saves it under its number and name, and another name where the folder has captures of another history.
    fn save_beside_others(&self, folder: &Folder, id: u64) -> io::Result<()> {
        let mut name = self.event.clone();
        let mut number = 1;
        loop {
            match self.save(folder, id, &name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    number += 1;
                    name = format!("{}-{number}", self.event);
                }
                saved => return saved,
            }
        }
    }
}

/// Does what waits for the disk, while others go on.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    task::outcome(spawn_blocking(work).await).expect("what has begun is not cancelled")
}
