//! Compressed files, known by their first bytes and undone while they are read, in constant memory.

use std::error::Error;
use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The format of a compressed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952; several members follow each other.
    Gzip,
    /// RFC 8878; several frames follow each other.
    Zstd,
}

impl Compression {
    /// Each with the bytes that it begins with.
    pub const MAGIC: [(Self, &'static [u8]); 2] =
        [(Self::Gzip, b"\x1f\x8b"), (Self::Zstd, b"\x28\xb5\x2f\xfd")];

    /// Recognises the beginning of a file.
    #[must_use]
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let formats = Self::MAGIC.into_iter();
        let mut formats = formats.filter(|(_, magic)| beginning.starts_with(magic));
        formats.next().map(|(compression, _)| compression)
    }

    /// Reads what is in such a file. Damage is an error where it stands, after all that could be read before it.
    pub fn reader(self, file: impl BufRead + 'static) -> Box<dyn Read> {
        match self {
            Self::Gzip => Box::new(Named("gzip", flate2::bufread::MultiGzDecoder::new(file))),
            Self::Zstd => {
                let frames = Frames {
                    file,
                    decoder: FrameDecoder::new(),
                    is_open: false,
                };
                Box::new(Named("zstd", frames))
            }
        }
    }
}

/// Says of what fails in which format it did.
struct Named<R>(&'static str, R);

impl<R: Read> Read for Named<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self(name, data) = self;
        data.read(buffer).map_err(|error| {
            io::Error::other(if is_cut(&error) {
                format!("the {name} data ends too soon")
            } else {
                format!("the {name} data is damaged: {error}")
            })
        })
    }
}

/// Whether the cause of an error, however deep, is an end that came too soon.
fn is_cut(error: &(dyn Error + 'static)) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
        || error.source().is_some_and(is_cut)
}

/// The frames of a zstd file, one after the other.
struct Frames<R> {
    file: R,
    decoder: FrameDecoder,
    is_open: bool,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame, and says whether there is one.
    fn open(&mut self) -> io::Result<bool> {
        while !self.is_open && !self.file.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.file) {
                Ok(()) => self.is_open = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.file.by_ref().take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(self.is_open)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() && self.open()? {
            let length = self.decoder.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            if self.decoder.is_finished() {
                self.is_open = false;
            } else {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = self.decoder.decode_blocks(&mut self.file, one);
                decoded.map_err(io::Error::other)?;
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    /// `[1]`, as the `zstd` program compresses it, with a checksum.
    const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x58\x19\x00\x00[1]\x40\xf4\x07\x62";

    fn read(file: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let compression = Compression::of(&file).unwrap();
        compression
            .reader(Cursor::new(file))
            .read_to_end(&mut text)?;
        Ok(text)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_part_is_read() {
        assert_eq!(read([gzip(b"{"), gzip(b"}")].concat()).unwrap(), b"{}");
        let skipped = b"\x50\x2a\x4d\x18\x02\x00\x00\x00xx";
        assert_eq!(read([ZSTD, skipped, ZSTD].concat()).unwrap(), b"[1][1]");
    }

    #[test]
    fn damage_is_an_error() {
        for (name, file) in [("gzip", gzip(&[b'x'; 900])), ("zstd", ZSTD.to_vec())] {
            for end in 5..file.len() - 4 {
                let error = read(file[..end].to_vec()).unwrap_err().to_string();
                let told = format!("the {name} data ends too soon");
                assert_eq!(error, told, "{end}");
            }
            let error = read([&file, &b"garbage garbage"[..]].concat()).unwrap_err();
            let told = format!("the {name} data is damaged: ");
            assert!(error.to_string().starts_with(&told), "{error}");
        }
        assert_eq!(Compression::of(b"{}"), None);
        assert_eq!(Compression::of(b""), None);
    }
}
