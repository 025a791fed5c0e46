//! What is to be sent: reads the sources, as often as they are to be repeated, and makes a request of each text.
//!
//! Lazy: one text at a time is in memory, but for what `--repeat` needs again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::domain::capture::{Capture, Saved};
use crate::domain::encoding;
use crate::domain::headers::Header;
use crate::domain::notification::{EventFilter, Notification, Outline, sample};
use crate::domain::route::Route;
use crate::files::{self, Item, Pace, Source, SourceError};
use crate::report::Report;

/// What is to be sent.
#[derive(Clone)]
pub(super) struct Selection {
    pub(super) sources: Vec<Source>,
    pub(super) events: EventFilter,
    pub(super) routes: Arc<[Route]>,
    pub(super) repeat: u64,
    pub(super) fresh: bool,
    pub(super) clock: Clock,
}

/// A request, ready to be sent.
pub(super) struct Load {
    pub(super) source: String,
    /// Its line, where the file has many.
    pub(super) line: Option<u64>,
    pub(super) capture: Capture,
    pub(super) outline: Outline,
    /// The numbers of the routes that it takes. Empty for one that is left out.
    pub(super) routes: Vec<usize>,
}

/// What is kept for the next round, in bytes.
const MOST_KEPT: usize = 64 * 1024 * 1024;

impl Selection {
    /// The requests, in order, those that are left out among them. Ends after an error.
    pub(super) fn loads(self) -> impl Iterator<Item = Result<Load, Report>> {
        let mut rounds = Rounds::new(self.sources.clone(), self.repeat);
        let mut refresher = Refresher::new(self.clock);
        let mut failed = false;
        std::iter::from_fn(move || {
            if failed {
                return None;
            }
            let load = rounds.next()?.and_then(|(round, item)| {
                let load = self.load(&item, self.fresh.then_some((&mut refresher, round)));
                load.map_err(|report| report.about(&format!("cannot send `{}`", item.place())))
            });
            failed = load.is_err();
            Some(load)
        })
    }

    /// How many requests there are, those that are left out among them, as far as they can be counted beforehand.
    pub(super) fn count(&self) -> Option<u64> {
        // What is read from a pipe is gone.
        if !self.is_all_files() {
            return None;
        }
        let items = files::items(&self.sources, Pace::Exact).ok()?;
        Some(items.count() as u64 * self.repeat)
    }

    /// Whether everything is in files and folders: it can be read again, and reading never waits for somebody.
    pub(super) fn is_all_files(&self) -> bool {
        self.sources.iter().all(|source| match source {
            Source::Stdin => false,
            Source::Path(path) => path.is_file() || path.is_dir(),
        })
    }

    fn load(&self, item: &Item, fresh: Option<(&mut Refresher, u64)>) -> Result<Load, Report> {
        if item.text.is_empty() {
            return Err(Report::new("source-empty", "it is empty"));
        }
        let saved = Saved::read(&item.text)?;
        let mut capture = saved.capture;
        if !saved.is_capture {
            let json = Header::new("content-type", "application/json");
            capture.headers.push(json);
        }
        let mut readable = encoding::readable(&capture.headers, &capture.body);
        if let Some((refresher, round)) = fresh {
            readable = refresher.refresh(&readable, round)?.into();
            capture.headers.remove("content-encoding");
            capture.body = readable.clone();
        }
        // What is no JSON has no events, and is sent as it is.
        let outline = Notification::read(&readable)
            .map(|notification| notification.outline())
            .unwrap_or_default();
        let routes = if outline.passes(&self.events) {
            let routes = self.routes.iter().enumerate();
            routes
                .filter(|(_, route)| route.takes(&outline))
                .map(|(number, _)| number)
                .collect()
        } else {
            Vec::new()
        };
        Ok(Load {
            source: item.source.clone(),
            line: (!item.is_whole).then_some(item.line),
            capture,
            outline,
            routes,
        })
    }
}

/// The texts of all sources, over and over.
struct Rounds {
    sources: Vec<Source>,
    round: u64,
    last: u64,
    reading: Box<dyn Iterator<Item = Result<Item, SourceError>>>,
    /// The texts of the first round, while they are few enough to be kept.
    kept: Option<Vec<Item>>,
    kept_bytes: usize,
}

impl Rounds {
    fn new(sources: Vec<Source>, repeat: u64) -> Self {
        Self {
            sources,
            round: 0,
            last: repeat,
            reading: Box::new(std::iter::empty()),
            kept: (repeat > 1).then(Vec::new),
            kept_bytes: 0,
        }
    }

    fn next(&mut self) -> Option<Result<(u64, Item), Report>> {
        loop {
            if let Some(item) = self.reading.next() {
                let item = item.map_err(Report::from);
                return Some(item.and_then(|item| {
                    self.keep(&item)?;
                    Ok((self.round, item))
                }));
            }
            if self.round == self.last {
                return None;
            }
            self.round += 1;
            match self.begin() {
                Ok(reading) => self.reading = reading,
                Err(error) => return Some(Err(error.into())),
            }
        }
    }

    fn begin(&self) -> Result<Box<dyn Iterator<Item = Result<Item, SourceError>>>, SourceError> {
        Ok(match &self.kept {
            Some(items) if self.round > 1 => Box::new(items.clone().into_iter().map(Ok)),
            _ => Box::new(files::items(&self.sources, Pace::Exact)?),
        })
    }

    fn keep(&mut self, item: &Item) -> Result<(), Report> {
        let Some(kept) = self.kept.as_mut().filter(|_| self.round == 1) else {
            return Ok(());
        };
        self.kept_bytes += item.text.len() + size_of::<Item>();
        kept.push(item.clone());
        if self.kept_bytes > MOST_KEPT {
            // Files can be read again.
            self.kept = None;
            if self.sources.contains(&Source::Stdin) {
                return Err(Report::new(
                    "repeat-too-large",
                    "standard input is too long to be repeated",
                )
                .hint("save it to a file, and name the file"));
            }
        }
        Ok(())
    }
}

/// Gives notifications a new identity and a present time: the first of a round happens now, the others as far from it as
/// they were.
struct Refresher {
    random: fastrand::Rng,
    clock: Clock,
    round: u64,
    shift: Option<SignedDuration>,
}

impl Refresher {
    fn new(clock: Clock) -> Self {
        Self {
            random: fastrand::Rng::new(),
            clock,
            round: 0,
            shift: None,
        }
    }

    fn refresh(&mut self, body: &[u8], round: u64) -> Result<Vec<u8>, Report> {
        let not_json = |error: crate::domain::json::SyntaxError| {
            Report::new(
                "fresh-not-json",
                format!("`--fresh` needs a JSON body: {error}"),
            )
            .hint("`syncfy-hooks validate` shows the place; without `--fresh` it is sent as it is")
        };
        if self.round != round {
            self.round = round;
            self.shift = None;
        }
        let outline = Notification::read(body).map_err(not_json)?.outline();
        let now = self.clock.now();
        let at = outline.events.iter().find_map(|event| event.at);
        let fresh_at = at.map_or(now, |at| self.shifted(at, now));
        sample::refresh(body, &mut self.random, fresh_at).map_err(not_json)
    }

    fn shifted(&mut self, at: Timestamp, now: Timestamp) -> Timestamp {
        let shift = *self.shift.get_or_insert_with(|| now.duration_since(at));
        at.saturating_add(shift).unwrap_or(now)
    }
}
