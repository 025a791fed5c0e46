//! Keeps in the history what became of the notifications that came from there.

use std::future::pending;

use tokio::task::JoinHandle;

use crate::commands::task;
use crate::domain::activity::Warning;
use crate::report::Report;
use crate::store::{self, Durability, Location, Store};

/// The task that writes to the history.
pub(super) struct Recorder {
    store: Store,
    writing: JoinHandle<usize>,
}

impl Recorder {
    /// Begins to write. Where that cannot be, there is a word of warning, and the replay goes on without.
    pub(super) fn begin(location: &Location) -> Result<Self, Warning> {
        // What a power failure takes can be told from the target.
        match store::open(location, Durability::Normal) {
            Ok((store, committer)) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "it is waited for in `Recorder::end`"
                )]
                let writing = tokio::spawn(committer.run(pending()));
                Ok(Self { store, writing })
            }
            Err(error) => {
                let Report { code, message, .. } = error.into();
                Err(Warning {
                    code,
                    message: format!("attempts are not recorded: {message}"),
                    hints: Vec::new(),
                })
            }
        }
    }

    /// Takes what is to be kept.
    pub(super) fn store(&self) -> Store {
        self.store.clone()
    }

    /// Waits until everything is written, once nobody else has the store.
    pub(super) async fn end(self) -> Option<Warning> {
        drop(self.store);
        match task::outcome(self.writing.await) {
            None | Some(0) => None,
            Some(lost) => Some(Warning {
                code: "attempts-not-recorded",
                message: match lost {
                    1 => "one delivery could not be recorded in the history".into(),
                    lost => format!("{lost} deliveries could not be recorded in the history"),
                },
                hints: Vec::new(),
            }),
        }
    }
}
