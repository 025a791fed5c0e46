//! Lines that are kept until it is known whether they are to be told: the first in memory, many in a file without a name.

use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};

use tempfile::SpooledTempFile;

/// How many bytes stay in memory.
const IN_MEMORY: usize = 1 << 20;

/// Lines in their order.
pub(crate) struct Backlog(SpooledTempFile);

impl Backlog {
    pub(crate) fn new() -> Self {
        Self(SpooledTempFile::new(IN_MEMORY))
    }

    /// Adds a line, which has no line break in it.
    ///
    /// # Errors
    ///
    /// When there is no room for it.
    pub(crate) fn push(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        self.0.write_all(&line)
    }

    /// The lines, from the first.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub(crate) fn lines(mut self) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
        self.0.rewind()?;
        Ok(BufReader::new(self.0).split(b'\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_out_what_it_got_however_much_it_is() {
        for length in [0, 1, IN_MEMORY] {
            let mut backlog = Backlog::new();
            for letter in [b'a', b'b', b'c'] {
                backlog.push(vec![letter; length]).unwrap();
            }
            let lines: Vec<_> = backlog.lines().unwrap().map(Result::unwrap).collect();
            assert_eq!(lines, [b'a', b'b', b'c'].map(|letter| vec![letter; length]));
        }
    }
}
