//! Where notifications come from: files and folders, standard input, or the history.

use crate::domain::capture::{CaptureError, Saved};
use crate::domain::encoding;
use crate::domain::notification::{EventFilter, Notification};
use crate::domain::record::{Query, Reference};
use crate::files::{self, Batch, Item, Meter, Pace, Source, SourceError};
use crate::report::Report;
use crate::store::{History, Location, Recorded, StoreError};

/// How the history is named where a file would be.
pub(super) const HISTORY: &str = "history";

/// Where notifications are to be found.
#[derive(Clone, Debug)]
pub enum Origin {
    /// In files, folders or standard input, in this order.
    Files(Vec<Source>),
    /// In the history.
    History(Location, Choice),
}

/// Which notifications of the history are meant.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Those with these ids, in this order.
    Ids(Vec<String>),
    /// Those that a question is about, in order of arrival.
    Matching {
        /// The question.
        query: Box<Query>,
        /// Only so many of the newest.
        last: Option<u64>,
    },
}

/// Notifications that are there to be read, as often as they are needed.
#[derive(Clone, Debug)]
pub(super) enum Notifications {
    Files(Vec<Source>),
    History(Location, Part),
}

/// A part of the history, which stays the same while the history grows.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Ids(Vec<u64>),
    Matching {
        query: Box<Query>,
        /// Whether it was found by counting from the newest.
        is_counted: bool,
    },
}

/// A notification that was found.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Text(Item),
    Record(Recorded),
}

/// Finds notifications, one after the other.
pub(super) type Finder = Box<dyn Iterator<Item = Result<Found, Report>>>;

/// Notifications as they are read, many at a time where they are many.
#[derive(Debug)]
pub(super) enum Bundle {
    Texts(Batch),
    Record(Box<Recorded>),
}

impl Origin {
    /// Whether anything is read from standard input.
    #[must_use]
    pub fn reads_stdin(&self) -> bool {
        matches!(self, Self::Files(sources) if sources.contains(&Source::Stdin))
    }

    /// Finds out what is meant. Where only those count that were not `refused`, only they are among the newest.
    ///
    /// # Errors
    ///
    /// When there is no history, or an id is not in it. Files are not looked at.
    pub(super) fn locate(self, refused: Option<bool>) -> Result<Notifications, Report> {
        let (location, choice) = match self {
            Self::Files(sources) => return Ok(Notifications::Files(sources)),
            Self::History(location, choice) => (location, choice),
        };
        let history = History::open(&location.path)?;
        let part = match choice {
            Choice::Ids(ids) => {
                let ids = ids.iter().map(|id| history.find(&Reference::new(id)));
                Part::Ids(ids.collect::<Result<_, _>>()?)
            }
            Choice::Matching { mut query, last } => {
                query.through = Some(history.newest()?);
                if let Some(number) = last {
                    let counted = Query {
                        refused,
                        ..Query::clone(&query)
                    };
                    let oldest = history.oldest_of_newest(&counted, number)?;
                    // Where there is none, there is nothing behind the newest either.
                    query.after = oldest.map(|id| id - 1).or(query.through);
                }
                Part::Matching {
                    query,
                    is_counted: last.is_some(),
                }
            }
        };
        Ok(Notifications::History(location, part))
    }
}

impl Notifications {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// When a folder or the history cannot be read. Other errors come where they happen.
    pub(super) fn read(&self, pace: Pace) -> Result<Finder, Report> {
        Ok(match self {
            Self::Files(sources) => {
                let items = files::items(sources, pace)?;
                let found = |item: Result<Item, SourceError>| Ok(Found::Text(item?));
                Box::new(items.map(found))
            }
            Self::History(location, part) => {
                let records = part.clone().read(location)?;
                Box::new(records.map(|record| Ok(Found::Record(record?))))
            }
        })
    }

    /// Reads them, as many at a time as there are. What was read of files counts for the meter.
    ///
    /// # Errors
    ///
    /// As for [`Notifications::read`].
    pub(super) fn bundles(
        &self,
        pace: Pace,
        meter: &Meter,
    ) -> Result<Box<dyn Iterator<Item = Result<Bundle, Report>>>, Report> {
        Ok(match self {
            Self::Files(sources) => {
                let batches = files::batches(sources, pace, meter)?;
                Box::new(batches.map(|batch| Ok(Bundle::Texts(batch?))))
            }
            Self::History(location, part) => {
                let records = part.clone().read(location)?;
                let meter = meter.clone();
                Box::new(records.map(move |record| {
                    let record = record?;
                    meter.add(record.capture.body.len());
                    Ok(Bundle::Record(Box::new(record)))
                }))
            }
        })
    }

    /// Reads those that have a wanted event. Of files, what names no event is among them: what it is about cannot be told.
    pub(super) fn read_wanted(&self, pace: Pace, events: &EventFilter) -> Result<Finder, Report> {
        let found = self.read(pace)?;
        if events.is_empty() {
            return Ok(found);
        }
        let events = events.clone();
        Ok(Box::new(found.filter(move |found| {
            found.as_ref().map_or(true, |found| found.passes(&events))
        })))
    }

    /// Whether all files that were named are there, for whoever must not begin what cannot be ended.
    pub(super) fn check(&self) -> Result<(), Report> {
        match self {
            Self::Files(sources) => Ok(files::check(sources)?),
            Self::History(..) => Ok(()),
        }
    }

    /// The history that they come from.
    pub(super) fn history(&self) -> Option<&Location> {
        match self {
            Self::Files(_) => None,
            Self::History(location, _) => Some(location),
        }
    }

    /// How a user goes on behind one of them, where they stand in the order of their sequence numbers.
    pub(super) fn going_on_after(&self, id: u64) -> Option<String> {
        let Self::History(_, Part::Matching { query, is_counted }) = self else {
            return None;
        };
        // What is said of now means another time later.
        let until = query.until.map(|until| format!(" --until {until}"));
        let hint = format!("go on with `--after {id}{}`", until.unwrap_or_default());
        Some(match (is_counted, query.since) {
            (true, None) => hint + " in place of `--last`",
            (true, Some(_)) => hint + " in place of `--last` and `--since`",
            (false, Some(_)) => hint + " in place of `--since`",
            (false, None) => hint,
        })
    }

    /// Whether they are read in the order of their sequence numbers.
    pub(super) fn are_in_order(&self) -> bool {
        matches!(self, Self::History(_, Part::Matching { .. }))
    }

    /// Each source by itself: that one cannot be read says nothing of the others.
    pub(super) fn each(self) -> Vec<Self> {
        match self {
            Self::Files(sources) => {
                let sources = sources.into_iter();
                sources.map(|source| Self::Files(vec![source])).collect()
            }
            history @ Self::History(..) => vec![history],
        }
    }

    /// How many there are, where that can be told without reading what cannot be read again.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Self::Files(sources) if self.can_be_read_again() => {
                Some(files::items(sources, Pace::Exact).ok()?.count() as u64)
            }
            Self::Files(_) => None,
            Self::History(_, Part::Ids(ids)) => Some(ids.len() as u64),
            Self::History(location, Part::Matching { query, .. }) => {
                History::open(&location.path).ok()?.count(query).ok()
            }
        }
    }

    /// How many bytes are in the files, where they are all there.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::Files(sources) if self.can_be_read_again() => files::size(sources).ok(),
            _ => None,
        }
    }

    /// Whether they can be read again, and reading never waits for somebody.
    pub(super) fn can_be_read_again(&self) -> bool {
        let is_at_rest = |source: &Source| match source {
            Source::Stdin => false,
            Source::Path(path) | Source::Spool(path) => path.is_file() || path.is_dir(),
        };
        match self {
            Self::Files(sources) => sources.iter().all(is_at_rest),
            Self::History(..) => true,
        }
    }

    /// Whether standard input is among them.
    pub(super) fn read_stdin(&self) -> bool {
        matches!(self, Self::Files(sources) if sources.contains(&Source::Stdin))
    }

    /// Whether this one is not sent again: it was refused when it came, and nobody named it.
    pub(super) fn leaves_out(&self, found: &Found) -> bool {
        match (self, found) {
            (Self::History(_, Part::Matching { .. }), Found::Record(record)) => record.is_refused,
            _ => false,
        }
    }

    /// What a person calls where they come from.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Files(sources) => name_of(sources),
            Self::History(..) => "the history".to_owned(),
        }
    }

    /// What to say when they can be read and are none.
    pub(super) fn nothing(&self, events: &EventFilter) -> Report {
        let sources = match self {
            Self::Files(sources) => sources,
            Self::History(..) => return nothing_in_history(),
        };
        let message = format!("there is no notification in {}", name_of(sources));
        if events.is_empty() {
            return Report::new("source-empty", message);
        }
        Report::new("source-empty", message + " that `--events` lets through")
    }
}

fn name_of(sources: &[Source]) -> String {
    match sources {
        [Source::Path(path)] => format!("`{}`", path.display()),
        _ => "standard input".to_owned(),
    }
}

/// What to say when nothing in the history is meant.
pub(super) fn nothing_in_history() -> Report {
    Report::new("source-empty", "no such notification is in the history")
        .hint("`syncfy-hooks history list` shows what is")
}

impl Part {
    fn read(
        self,
        location: &Location,
    ) -> Result<Box<dyn Iterator<Item = Result<Recorded, StoreError>>>, Report> {
        let history = History::open(&location.path)?;
        Ok(match self {
            Self::Ids(ids) => Box::new(ids.into_iter().map(move |id| history.request(id))),
            Self::Matching { query, .. } => Box::new(history.into_requests(*query)),
        })
    }
}

impl Found {
    /// The file, `-`, or `history`.
    pub(super) fn source(&self) -> &str {
        match self {
            Self::Text(item) => &item.source,
            Self::Record(_) => HISTORY,
        }
    }

    /// Its sequence number in the history.
    pub(super) fn id(&self) -> Option<u64> {
        match self {
            Self::Text(_) => None,
            Self::Record(record) => Some(record.id),
        }
    }

    /// Where it was found, as people write it.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Text(item) => item.place(),
            Self::Record(record) => format!("{HISTORY}[{}]", record.id),
        }
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(item) => item.text.len(),
            Self::Record(Recorded { capture, .. }) => {
                let headers = capture.headers.iter();
                let headers = headers.map(|header| header.name.len() + header.value.len());
                capture.body.len() + headers.sum::<usize>()
            }
        }
    }

    /// What it holds, and says where it was found where that fails.
    pub(super) fn saved(&self) -> Result<Saved, Report> {
        self.read()
            .map_err(|error| Report::from(error).about(&format!("cannot use `{}`", self.place())))
    }

    /// What it holds.
    pub(super) fn read(&self) -> Result<Saved, CaptureError> {
        match self {
            Self::Text(item) => Saved::read(&item.text),
            Self::Record(record) => Ok(Saved {
                capture: record.capture.clone(),
                is_capture: true,
                body_offset: None,
            }),
        }
    }

    /// Whether it has a wanted event, or names none.
    fn passes(&self, events: &EventFilter) -> bool {
        let Ok(saved) = self.saved() else {
            return true;
        };
        let readable = encoding::readable(&saved.capture.headers, &saved.capture.body);
        Notification::read(&readable).map_or(true, |notification| {
            let outline = notification.outline();
            outline.names().next().is_none() || outline.passes(events)
        })
    }
}
