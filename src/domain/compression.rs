//! Compressed files, known by their first bytes and undone while they are read, in constant memory.

use std::error::Error;
use std::io::{self, BufRead, Read};

use flate2::bufread;
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
            Self::Gzip => Box::new(Named("gzip", Members::new(file))),
            Self::Zstd => Box::new(Named("zstd", Frames::new(file))),
        }
    }

    /// Whether a file goes on where a part of it has ended. What follows has to be another part.
    fn goes_on(self, file: &mut impl BufRead) -> io::Result<bool> {
        let next = file.fill_buf()?;
        // Of what is read in pieces, as much is looked at as there is.
        let is_part = |magic: &[u8]| next.iter().zip(magic).all(|(byte, magic)| byte == magic);
        let is_known = match self {
            Self::Gzip => is_part(b"\x1f\x8b"),
            Self::Zstd => is_part(b"\x28\xb5\x2f\xfd") || is_skippable(next),
        };
        if is_known {
            Ok(!next.is_empty())
        } else {
            Err(io::Error::other("something else stands behind it"))
        }
    }
}

/// Whether a frame of zstd begins that holds no data (RFC 8878 section 3.1.2).
fn is_skippable(beginning: &[u8]) -> bool {
    let kind = beginning.first().is_none_or(|kind| kind & 0xf0 == 0x50);
    let rest = beginning.iter().skip(1);
    kind && rest.zip(b"\x2a\x4d\x18").all(|(byte, magic)| byte == magic)
}

/// The members of a gzip file, one after the other.
struct Members<R>(Option<bufread::GzDecoder<R>>);

impl<R: BufRead> Members<R> {
    fn new(file: R) -> Self {
        Self(Some(bufread::GzDecoder::new(file)))
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let length = member.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let file = self.0.take().map(bufread::GzDecoder::into_inner);
            if let Some(mut file) = file
                && Compression::Gzip.goes_on(&mut file)?
            {
                self.0 = Some(bufread::GzDecoder::new(file));
            }
        }
        Ok(0)
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
    fn new(file: R) -> Self {
        Self {
            file,
            decoder: FrameDecoder::new(),
            is_open: false,
        }
    }

    /// Begins the next frame, and says whether there is one.
    fn open(&mut self) -> io::Result<bool> {
        while !self.is_open && Compression::Zstd.goes_on(&mut self.file)? {
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
            let error = read([&file, &b"garbage"[..]].concat()).unwrap_err();
            let told = format!("the {name} data is damaged: something else stands behind it");
            assert_eq!(error.to_string(), told);
        }
        assert_eq!(Compression::of(b"{}"), None);
        assert_eq!(Compression::of(b""), None);
    }
}
