//! What `trigger` makes, as requests for whoever sends them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::edited;
use crate::commands::delivery::{Load, Supply};
use crate::domain::capture::Capture;
use crate::domain::chaos::Passage;
use crate::domain::headers::Header;
use crate::domain::notification::{Notification, Outline};
use crate::domain::route::Route;
use crate::domain::scenario::{Plot, PlotError, Scene, Subject};
use crate::report::Report;

/// Makes notifications, the same ones each time.
#[derive(Clone)]
pub(super) struct Made {
    plot: Plot,
    pub(super) seed: u64,
    pub(super) start: Timestamp,
    /// What the user made of the only one.
    edited: Option<Bytes>,
}

impl Made {
    /// Makes everything as it will be, and lets the user edit it where there is an editor.
    pub(super) fn new(
        plot: Plot,
        seed: u64,
        start: Timestamp,
        editor: Option<String>,
    ) -> Result<Self, Report> {
        let mut made = Self {
            plot,
            seed,
            start,
            edited: None,
        };
        // What cannot be made is told before anything is sent.
        let first = first(made.scenes())?;
        if let Some(editor) = editor {
            let scene = first.filter(|_| made.count() == 1).ok_or_else(|| {
                Report::new("usage", "only a single notification can be edited")
                    .hint("leave out `--edit`, or trigger one event; `--batch` puts several into one notification")
            })?;
            made.edited = Some(edited(&scene.body, &editor)?);
        }
        Ok(made)
    }

    /// Whether an event may come more than once.
    pub(super) const fn is_story(&self) -> bool {
        matches!(self.plot.subject, Subject::Scenario(..))
    }

    /// How many notifications there are.
    pub(super) fn count(&self) -> u64 {
        self.plot.notifications()
    }

    /// The notifications, in order.
    pub(super) fn scenes(&self) -> impl Iterator<Item = Result<Scene, PlotError>> + use<> {
        let edited = self.edited.clone();
        let scenes = self.plot.clone().perform(self.seed, self.start);
        scenes.map(move |scene| {
            let mut scene = scene?;
            if let Some(edited) = &edited {
                scene.body = edited.to_vec();
            }
            Ok(scene)
        })
    }
}

/// The first of what can be made. One round shows whether it can.
fn first(scenes: impl Iterator<Item = Result<Scene, PlotError>>) -> Result<Option<Scene>, Report> {
    let mut first = None;
    for scene in scenes {
        let scene = scene?;
        if scene.round > 1 {
            break;
        }
        first.get_or_insert(scene);
    }
    Ok(first)
}

/// The request that carries a notification.
pub(super) fn request(scene: Scene) -> (Capture, Outline) {
    let mut capture = Capture::bare(scene.body.into());
    capture.received_at = Some(scene.at);
    let json = Header::new("content-type", "application/json");
    capture.headers.push(json);
    let outline = Notification::read(&capture.body)
        .map(|notification| notification.outline())
        .unwrap_or_default();
    (capture, outline)
}

/// What is sent, and in which order.
#[derive(Clone)]
pub(super) struct Requests {
    pub(super) made: Made,
    pub(super) routes: Arc<[Route]>,
    /// What becomes of each on its way. `None` for nothing.
    pub(super) passages: Option<Arc<[Passage]>>,
}

impl Requests {
    fn load(&self, scene: Scene) -> Load {
        let (source, round) = (Some(scene.label.clone()), scene.round);
        let (capture, outline) = request(scene);
        let routes = self.routes.iter().enumerate();
        let routes = routes
            .filter(|(_, route)| route.takes(&outline))
            .map(|(number, _)| number)
            .collect();
        Load {
            source,
            line: None,
            id: None,
            round,
            capture,
            outline,
            routes,
        }
    }

    /// The same notification at another moment, in one round with all others.
    fn passage(&self, scenes: &[Scene], passage: Passage) -> Option<Load> {
        let mut scene = scenes.get(passage.number)?.clone();
        let due = SignedDuration::try_from(passage.due).unwrap_or(SignedDuration::MAX);
        scene.at = self.made.start.saturating_add(due).unwrap_or(scene.at);
        scene.round = 1;
        Some(self.load(scene))
    }
}

impl Supply for Requests {
    fn loads(self) -> impl Iterator<Item = Result<Load, Report>> {
        let loads: Box<dyn Iterator<Item = Result<Load, Report>>> = match self.passages.clone() {
            None => {
                let scenes = self.made.scenes();
                Box::new(scenes.map(move |scene| Ok(self.load(scene?))))
            }
            Some(passages) => match self.made.scenes().collect::<Result<Vec<_>, _>>() {
                Ok(scenes) => Box::new((0..passages.len()).filter_map(move |number| {
                    let passage = *passages.get(number)?;
                    self.passage(&scenes, passage).map(Ok)
                })),
                Err(error) => Box::new(std::iter::once(Err(error.into()))),
            },
        };
        loads
    }

    fn count(&self) -> Option<u64> {
        Some(match &self.passages {
            Some(passages) => passages.len() as u64,
            None => self.made.count(),
        })
    }

    fn is_live(&self) -> bool {
        false
    }
}

/// How long after the beginning each notification is due.
pub(super) fn due(scenes: &[Scene], start: Timestamp) -> Vec<Duration> {
    let mut before = Duration::ZERO;
    let mut round = 1;
    let mut last = Duration::ZERO;
    let due = scenes.iter().map(|scene| {
        if scene.round != round {
            // A round begins where the one before it ended.
            (round, before) = (scene.round, last);
        }
        let since = Duration::try_from(scene.at.duration_since(start)).unwrap_or_default();
        last = before + since;
        last
    });
    due.collect()
}
