//! Finds key material in whatever the program lets out, in every encoding, also where only a piece of it is there.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// So many bytes in a row are a leak.
const WINDOW: usize = 12;

/// Fewer different bytes than this are no material, but a run of zeros or the like.
const VARIETY: usize = 5;

/// What must not be found.
pub(crate) struct Leaks {
    /// Pieces of the material as they are, `WINDOW` bytes each.
    raw: Needles,
    /// In lower-case hex.
    hex: Needles,
    /// In standard base64, at each of its three alignments: as many digits as `WINDOW` bytes always fill.
    base64: Needles,
}

impl Leaks {
    /// What would tell these secrets. One that is shorter than a window is looked for as a whole.
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut leaks = Self {
            raw: Needles::default(),
            hex: Needles::default(),
            base64: Needles::default(),
        };
        for secret in secrets {
            let hex = hex(secret);
            // What is written out as text may be encoded once more.
            let texts = [
                secret.to_vec(),
                URL_SAFE_NO_PAD.encode(secret).into(),
                STANDARD.encode(secret).into(),
                hex.to_uppercase().into(),
                hex.into(),
            ];
            for text in &texts {
                leaks.add(text);
            }
        }
        leaks
    }

    fn add(&mut self, text: &[u8]) {
        let pieces = |bytes: &[u8], size: usize| -> Vec<Vec<u8>> {
            let varied = |piece: &&[u8]| piece.iter().collect::<HashSet<_>>().len() >= VARIETY;
            let windows = bytes.windows(size.min(bytes.len()).max(1));
            windows.filter(varied).map(<[u8]>::to_vec).collect()
        };
        self.raw.extend(pieces(text, WINDOW));
        self.hex.extend(pieces(hex(text).as_bytes(), 2 * WINDOW));
        for shift in 0..3 {
            let shifted = [&vec![0; shift], text].concat();
            let encoded = STANDARD_NO_PAD.encode(&shifted);
            // Digits at the edges depend on what stands beside the material.
            let begin = (shift * 8).div_ceil(6);
            let end = shifted.len() * 8 / 6;
            self.base64.extend(pieces(
                &encoded.as_bytes()[begin..end],
                (WINDOW * 8 - 10) / 6,
            ));
        }
    }

    /// How the bytes tell the material, if they do.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<String> {
        let views = [
            ("as it is", bytes.to_vec()),
            ("escaped", unescaped(bytes)),
            ("percent-encoded", percent_decoded(bytes)),
            ("as a list of numbers", numbers(bytes)),
        ];
        views.iter().find_map(|(how, view)| {
            let what = self.find_in(view)?;
            Some(format!("{what}, {how}"))
        })
    }

    fn find_in(&self, bytes: &[u8]) -> Option<&'static str> {
        let dense: Vec<u8> = bytes
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let digits: Vec<u8> = dense
            .iter()
            .filter(|byte| !b":,".contains(byte))
            .map(u8::to_ascii_lowercase)
            .collect();
        let standard: Vec<u8> = dense
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .collect();
        [
            ("bytes", &self.raw, bytes),
            ("hex", &self.hex, &digits),
            ("base64", &self.base64, &standard),
        ]
        .into_iter()
        .find_map(|(what, needles, hay)| needles.are_in(hay).then_some(what))
    }

    /// Fails where the bytes tell the material.
    #[track_caller]
    pub(crate) fn assert_none(&self, bytes: &[u8], what: &str) {
        if let Some(how) = self.find(bytes) {
            let text = String::from_utf8_lossy(bytes);
            panic!("{what} tells the key ({how}):\n{text}");
        }
    }

    /// Fails where a file below the folder tells the material, or its name does. Those that the test wrote are passed over.
    #[track_caller]
    pub(crate) fn assert_none_below(&self, folder: &Path, own: &[&str]) {
        for entry in fs::read_dir(folder).expect("it is a folder of the test") {
            let path = entry.expect("nobody else changes it").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if own.contains(&&*name) {
                continue;
            }
            self.assert_none(name.as_bytes(), "the name of a file");
            if path.is_dir() {
                self.assert_none_below(&path, own);
            } else {
                let bytes = fs::read(&path).unwrap_or_default();
                self.assert_none(&bytes, &name);
            }
        }
    }
}

/// Pieces to look for, which have few different lengths.
#[derive(Default)]
struct Needles {
    pieces: HashSet<Vec<u8>>,
    /// Their first two bytes, which is what most places are passed over by.
    starts: HashSet<[u8; 2]>,
    lengths: HashSet<usize>,
}

impl Needles {
    fn extend(&mut self, pieces: Vec<Vec<u8>>) {
        for piece in pieces {
            self.starts.insert([piece[0], piece[1]]);
            self.lengths.insert(piece.len());
            self.pieces.insert(piece);
        }
    }

    fn are_in(&self, bytes: &[u8]) -> bool {
        let places = bytes.windows(2).enumerate();
        let mut likely = places.filter(|(_, pair)| self.starts.contains(*pair));
        likely.any(|(place, _)| {
            let piece = |length: &usize| bytes.get(place..place + length);
            let mut pieces = self.lengths.iter().filter_map(piece);
            pieces.any(|piece| self.pieces.contains(piece))
        })
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Without the escapes of JSON and of Rust: `\u0041`, `\u{41}`, `\x41`, `\"`, `\n`.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let (mut plain, mut rest) = (Vec::new(), bytes);
    while let [first, behind @ ..] = rest {
        let byte = |digits: &[u8]| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok();
        let (letter, behind) = match (first, behind) {
            (b'\\', [b'u', b'{', behind @ ..]) => {
                let end = behind.iter().position(|byte| *byte == b'}').unwrap_or(0);
                (
                    utf8(&behind[..end]),
                    behind.get(end + 1..).unwrap_or_default(),
                )
            }
            (b'\\', [b'u', a, b, c, d, behind @ ..]) => (utf8(&[*a, *b, *c, *d]), behind),
            (b'\\', [b'x', a, b, behind @ ..]) => (byte(&[*a, *b]).into_iter().collect(), behind),
            (b'\\', [b'n', behind @ ..]) => (b"\n".to_vec(), behind),
            (b'\\', [other, behind @ ..]) => (vec![*other], behind),
            _ => (vec![*first], behind),
        };
        plain.extend(letter);
        rest = behind;
    }
    plain
}

/// The letter of this number in hex.
fn utf8(digits: &[u8]) -> Vec<u8> {
    let number = str::from_utf8(digits)
        .ok()
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let letter = number.and_then(char::from_u32);
    letter.map(String::from).unwrap_or_default().into()
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let (mut plain, mut rest) = (Vec::new(), bytes);
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let byte =
            digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    plain
}

/// The bytes that lists of numbers stand for, as `Debug` writes them: `[83, 121]`, on one line or several.
fn numbers(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split([',', '[', ']']);
    words
        .filter_map(|word| word.trim().parse::<u8>().ok())
        .collect()
}
