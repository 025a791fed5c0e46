//! The options that choose saved notifications: those of the history, and by their events from anywhere.

use clap::Args;

use super::store::StoreArgs;
use super::values::{self, Past};
use crate::commands::notifications::{Choice, Origin};
use crate::domain::notification::EventFilter;
use crate::domain::record::{Query, Standing};
use crate::report::Report;
use crate::world::World;

/// Which saved notifications are meant.
#[derive(Args, Clone, Debug)]
#[command(mut_arg("store", |arg| arg.help_heading(HEADING)))]
pub(super) struct HistorySourceArgs {
    /// Take only notifications with one of these events: a glob such as `documents.*`, or with `!` in front
    /// other events than these; may be given more than once
    #[arg(short = 'e', long, value_name = "GLOB")]
    events: Vec<String>,

    /// Take the newest notification of the history, or so many of the newest, in order of arrival
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        default_missing_value = "1",
        value_parser = values::number::<1, { u64::MAX }>,
        conflicts_with = "paths",
        help_heading = HEADING
    )]
    last: Option<u64>,

    /// Take the notification with this number, or the one whose `rid` or `eid` begins like this; may be given more than
    /// once
    #[arg(
        long,
        value_name = "ID",
        conflicts_with_all = ["paths", "last", "since", "until"],
        help_heading = HEADING
    )]
    id: Vec<String>,

    /// Take what was received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`
    #[arg(
        long,
        value_name = "TIME",
        value_parser = values::past,
        conflicts_with = "paths",
        help_heading = HEADING
    )]
    since: Option<Past>,

    /// Take what was received before then, written in the same way
    #[arg(
        long,
        value_name = "TIME",
        value_parser = values::past,
        conflicts_with = "paths",
        help_heading = HEADING
    )]
    until: Option<Past>,

    /// Take what has a delivery that has come this far; `failed` is what your app has not taken since
    #[arg(
        long,
        value_name = "STATE",
        value_parser = values::one_of(&Standing::ALL, Standing::name),
        conflicts_with_all = ["paths", "id"],
        help_heading = HEADING
    )]
    delivery: Option<Standing>,

    #[command(flatten)]
    store: StoreArgs,
}

/// Above the options that read the history.
pub(super) const HEADING: &str = "From the history";

impl HistorySourceArgs {
    /// The events that are meant.
    pub(super) fn events(&self) -> Result<EventFilter, Report> {
        Ok(EventFilter::new(&self.events)?)
    }

    /// What of the history is meant, behind a sequence number where one is given. `None` where none of the options says
    /// that it is the history.
    pub(super) fn resolve(
        self,
        after: Option<u64>,
        world: &World,
    ) -> Result<Option<Origin>, Report> {
        let (since, until) = values::period(self.since, self.until, world.clock.now())?;
        let query = Query {
            events: self.events()?,
            since,
            until,
            after,
            delivery: self.delivery,
            ..Query::default()
        };
        let is_matching = [query.since, query.until].iter().any(Option::is_some)
            || self.last.is_some()
            || self.delivery.is_some()
            || after.is_some();
        let choice = match self.id {
            ids if !ids.is_empty() => Choice::Ids(ids),
            _ if !is_matching => return Ok(None),
            _ => Choice::Matching {
                query: Box::new(query),
                last: self.last,
            },
        };
        Ok(Some(Origin::History(self.store.resolve()?, choice)))
    }
}
