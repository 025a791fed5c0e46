//! The limit: blocks of a file, lines by `memchr`, and `serde_json` into borrowed structs on every thread. It judges
//! nothing; it only reads.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// The bytes of one block.
const BLOCK: usize = 2 * 1024 * 1024;

#[derive(serde::Deserialize)]
struct Notification<'a> {
    #[serde(borrow)]
    rid: Cow<'a, str>,
    #[serde(borrow)]
    events: Vec<Item<'a>>,
}

#[derive(serde::Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    header: Header<'a>,
    #[serde(borrow)]
    payload: Payload<'a>,
}

#[derive(serde::Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    event: EventHeader<'a>,
    #[serde(borrow)]
    user: User<'a>,
}

#[derive(serde::Deserialize)]
struct EventHeader<'a> {
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    eid: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
}

#[derive(serde::Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the protocol"
)]
struct User<'a> {
    #[serde(borrow)]
    id_environment: Cow<'a, str>,
    #[serde(borrow)]
    id_external: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id_user: Cow<'a, str>,
}

#[derive(serde::Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    endpoints: Endpoints<'a>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id_credential: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id_external: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id_job: Cow<'a, str>,
    #[serde(borrow)]
    id_job_uuid: Cow<'a, str>,
    #[serde(borrow)]
    id_site: Cow<'a, str>,
    #[serde(borrow)]
    id_site_organization: Cow<'a, str>,
    #[serde(borrow)]
    id_site_organization_type: Cow<'a, str>,
    #[serde(borrow)]
    id_user: Option<Cow<'a, str>>,
    is_executing: Option<u8>,
}

/// The paths to fetch, all in one, whether they come in an array or in an object of arrays.
struct Endpoints<'a>(Vec<Text<'a>>);

#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Endpoints<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Paths(Vec::new()))
    }
}

struct Paths<'a>(Vec<Text<'a>>);

impl<'de> Visitor<'de> for Paths<'de> {
    type Value = Endpoints<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("paths")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        while let Some(path) = items.next_element()? {
            self.0.push(path);
        }
        Ok(Endpoints(self.0))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self::Value, A::Error> {
        while let Some(Text(_)) = members.next_key()? {
            self.0.extend(members.next_value::<Vec<Text<'de>>>()?);
        }
        Ok(Endpoints(self.0))
    }
}

/// Reads a file of notifications on so many threads, and counts the bytes of what it has read.
pub(crate) fn read(path: &Path, threads: usize) -> usize {
    let (blocks, taken) = sync_channel::<Vec<u8>>(threads);
    let taken = Mutex::new(taken);
    thread::scope(|scope| {
        let work = || {
            let next = || taken.lock().unwrap().recv().ok();
            std::iter::from_fn(next)
                .map(|block| block_of(&block))
                .sum::<usize>()
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut file = File::open(path).unwrap();
        let mut rest = Vec::new();
        loop {
            let mut block = std::mem::take(&mut rest);
            let wanted = BLOCK as u64;
            if file.by_ref().take(wanted).read_to_end(&mut block).unwrap() == 0 {
                break;
            }
            let end = memchr::memrchr(b'\n', &block).map_or(0, |end| end + 1);
            rest = block.split_off(end);
            blocks.send(block).unwrap();
        }
        drop(blocks);
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    })
}

fn block_of(block: &[u8]) -> usize {
    // `serde_json` does not look at the text inside of what it passes over.
    let text = std::str::from_utf8(block).unwrap();
    let mut start = 0;
    let mut bytes = 0;
    for end in memchr::memchr_iter(b'\n', block) {
        bytes += line(&text[start..end]);
        start = end + 1;
    }
    bytes
}

fn line(text: &str) -> usize {
    let Notification { rid, events } = serde_json::from_str(text).unwrap();
    let events = events.iter().map(|Item { header, payload }| {
        let Header { event, user } = header;
        let header = [&event.at, &event.eid, &event.name, &event.version];
        let user = [&user.id_environment, &user.id_user]
            .into_iter()
            .chain(&user.id_external);
        let ids = [
            &payload.id_job,
            &payload.id_job_uuid,
            &payload.id_site,
            &payload.id_site_organization,
            &payload.id_site_organization_type,
        ];
        let own = [
            &payload.event,
            &payload.id_credential,
            &payload.id_external,
            &payload.id_user,
        ];
        let texts = header.into_iter().chain(user).chain(ids);
        let texts = texts.chain(own.into_iter().flatten());
        texts.map(|text| text.len()).sum::<usize>()
            + payload
                .endpoints
                .0
                .iter()
                .map(|path| path.0.len())
                .sum::<usize>()
            + usize::from(payload.is_executing.is_some())
    });
    rid.len() + events.sum::<usize>()
}
