//! What is to be sent: reads the sources, as often as they are to be repeated, and makes a request of each text.
//!
//! Lazy: one text at a time is in memory, but for what `--repeat` needs again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::commands::delivery::{Load, Supply};
use crate::commands::notifications::{Finder, Found, Notifications};
use crate::domain::encoding;
use crate::domain::headers::Header;
use crate::domain::notification::{EventFilter, Notification, sample};
use crate::domain::route::Route;
use crate::files::Pace;
use crate::report::Report;

/// What is to be sent.
#[derive(Clone)]
pub(super) struct Selection {
    pub(super) notifications: Notifications,
    pub(super) events: EventFilter,
    pub(super) routes: Arc<[Route]>,
    pub(super) repeat: u64,
    pub(super) fresh: bool,
    pub(super) clock: Clock,
}

/// What is kept for the next round, in bytes.
const MOST_KEPT: usize = 64 * 1024 * 1024;

impl Supply for Selection {
    fn loads(self) -> impl Iterator<Item = Result<Load, Report>> {
        let mut rounds = Rounds::new(self.notifications.clone(), self.repeat);
        let mut refresher = Refresher::new(self.clock);
        let mut failed = false;
        std::iter::from_fn(move || {
            if failed {
                return None;
            }
            let load = rounds.next()?.and_then(|(round, found)| {
                let refresher = self.fresh.then_some(&mut refresher);
                let load = self.load(&found, round, refresher);
                load.map_err(|report| report.about(&format!("cannot send `{}`", found.place())))
            });
            failed = load.is_err();
            Some(load)
        })
    }

    fn count(&self) -> Option<u64> {
        Some(self.notifications.count()?.saturating_mul(self.repeat))
    }

    fn is_live(&self) -> bool {
        !self.notifications.can_be_read_again()
    }
}

impl Selection {
    fn load(
        &self,
        found: &Found,
        round: u64,
        refresher: Option<&mut Refresher>,
    ) -> Result<Load, Report> {
        if matches!(found, Found::Text(item) if item.text.is_empty()) {
            return Err(Report::new("source-empty", "it is empty"));
        }
        let saved = found.read()?;
        let mut capture = saved.capture;
        if !saved.is_capture {
            let json = Header::new("content-type", "application/json");
            capture.headers.push(json);
        }
        let mut readable = encoding::readable(&capture.headers, &capture.body);
        let is_left_out = self.notifications.leaves_out(found);
        if let Some(refresher) = refresher.filter(|_| !is_left_out) {
            readable = refresher.refresh(&readable, round)?.into();
            capture.headers.remove("content-encoding");
            capture.body = readable.clone();
        }
        // What is no JSON has no events, and is sent as it is.
        let outline = Notification::read(&readable)
            .map(|notification| notification.outline())
            .unwrap_or_default();
        let routes = if !is_left_out && outline.passes(&self.events) {
            let routes = self.routes.iter().enumerate();
            routes
                .filter(|(_, route)| route.takes(&outline))
                .map(|(number, _)| number)
                .collect()
        } else {
            Vec::new()
        };
        Ok(Load {
            source: match found {
                Found::Text(item) => Some(item.source.clone()),
                Found::Record(_) => None,
            },
            line: match found {
                Found::Text(item) => (!item.is_whole).then_some(item.line),
                Found::Record(_) => None,
            },
            id: found.id(),
            round,
            capture,
            outline,
            routes,
        })
    }
}

/// All notifications, over and over.
struct Rounds {
    notifications: Notifications,
    round: u64,
    last: u64,
    reading: Finder,
    /// Those of the first round, while they are few enough to be kept.
    kept: Option<Vec<Found>>,
    kept_bytes: usize,
}

impl Rounds {
    fn new(notifications: Notifications, repeat: u64) -> Self {
        Self {
            notifications,
            round: 0,
            last: repeat,
            reading: Box::new(std::iter::empty()),
            kept: (repeat > 1).then(Vec::new),
            kept_bytes: 0,
        }
    }

    fn next(&mut self) -> Option<Result<(u64, Found), Report>> {
        loop {
            if let Some(found) = self.reading.next() {
                return Some(found.and_then(|found| {
                    self.keep(&found)?;
                    Ok((self.round, found))
                }));
            }
            if self.round == self.last {
                return None;
            }
            self.round += 1;
            match self.begin() {
                Ok(reading) => self.reading = reading,
                Err(report) => return Some(Err(report)),
            }
        }
    }

    fn begin(&self) -> Result<Finder, Report> {
        Ok(match &self.kept {
            Some(kept) if self.round > 1 => Box::new(kept.clone().into_iter().map(Ok)),
            _ => self.notifications.read(Pace::Exact)?,
        })
    }

    fn keep(&mut self, found: &Found) -> Result<(), Report> {
        let Some(kept) = self.kept.as_mut().filter(|_| self.round == 1) else {
            return Ok(());
        };
        self.kept_bytes += found.size() + size_of::<Found>();
        kept.push(found.clone());
        if self.kept_bytes > MOST_KEPT {
            // All but standard input can be read again.
            self.kept = None;
            if self.notifications.read_stdin() {
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
