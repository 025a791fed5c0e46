//! Content codings, undone for reading only: the bytes that came stay the record.

use std::io::Read;

use bytes::Bytes;

use super::headers::Headers;

/// No body is decoded beyond this many bytes, so that a small one cannot fill the memory.
const LONGEST_DECODED: u64 = 32 * 1024 * 1024;

/// The body as it reads. A coding that is unknown, damaged or grows too long leaves the body as it came.
#[must_use]
pub fn readable(headers: &Headers, body: &Bytes) -> Bytes {
    let codings: Vec<String> = headers
        .iter()
        .filter(|header| header.is("content-encoding"))
        .flat_map(|header| {
            header
                .text()
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase())
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    let undone = codings
        .iter()
        .rev()
        .try_fold(body.clone(), |body, coding| decode(coding, &body));
    undone.unwrap_or_else(|| body.clone())
}

fn decode(coding: &str, body: &[u8]) -> Option<Bytes> {
    match coding {
        "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(body)),
        // Named after zlib's format, but some senders leave its wrapper out.
        "deflate" => read(flate2::read::ZlibDecoder::new(body))
            .or_else(|| read(flate2::read::DeflateDecoder::new(body))),
        "br" => read(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" => read(ruzstd::decoding::StreamingDecoder::new(body).ok()?),
        _ => None,
    }
}

fn read(decoder: impl Read) -> Option<Bytes> {
    let mut text = Vec::new();
    decoder
        .take(LONGEST_DECODED + 1)
        .read_to_end(&mut text)
        .ok()?;
    (text.len() as u64 <= LONGEST_DECODED).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::domain::headers::Header;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read_as(coding: &str, body: Vec<u8>) -> Bytes {
        readable(
            &[Header::new("content-encoding", coding)]
                .into_iter()
                .collect(),
            &body.into(),
        )
    }

    #[test]
    fn codings_are_undone_in_reverse_order() {
        assert_eq!(read_as("gzip", gzip(b"{}")), "{}");
        assert_eq!(read_as("identity, gzip, GZIP", gzip(&gzip(b"{}"))), "{}");
    }

    #[test]
    fn what_cannot_be_decoded_stays_as_it_came() {
        assert_eq!(read_as("gzip", b"{}".to_vec()), "{}");
        assert_eq!(read_as("br", vec![0xff; 40]), vec![0xff; 40]);
        assert_eq!(read_as("zstd", b"nonsense".to_vec()), "nonsense");
        assert_eq!(read_as("rot13", b"{}".to_vec()), "{}");
    }

    #[test]
    fn a_small_body_cannot_fill_the_memory() {
        let bomb = gzip(&vec![0; usize::try_from(LONGEST_DECODED).unwrap() + 1]);
        assert_eq!(read_as("gzip", bomb.clone()), bomb);
    }
}
