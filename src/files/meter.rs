//! How much has been read, for whoever shows it to a person.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of bytes that were read of all sources, as they stand in their files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

impl Meter {
    /// As many until now.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts so many more.
    pub(crate) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts what is read of this.
    pub(super) fn measure<R: Read>(&self, input: R) -> impl Read + use<R> {
        Measured {
            meter: self.clone(),
            input,
        }
    }
}

struct Measured<R> {
    meter: Meter,
    input: R,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(room)?;
        self.meter.add(read);
        Ok(read)
    }
}
