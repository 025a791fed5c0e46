//! The options that choose notifications from the history.

use clap::Args;

use super::store::StoreArgs;
use super::values::{self, Past};
use crate::commands::Location;
use crate::domain::notification::{Environment, EventFilter};
use crate::domain::record::{Query, Standing};
use crate::domain::signature::Verdict;
use crate::report::Report;
use crate::world::World;

/// Which notifications of the history are meant.
#[derive(Args, Clone, Debug)]
pub(super) struct SelectionArgs {
    /// With one of these events: a glob such as `documents.*`, or with `!` in front another event than those; may be
    /// given more than once
    #[arg(short = 'e', long, value_name = "GLOB")]
    events: Vec<String>,

    /// Received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`
    #[arg(long, value_name = "TIME", value_parser = values::past)]
    since: Option<Past>,

    /// Received before then, written in the same way
    #[arg(long, value_name = "TIME", value_parser = values::past)]
    until: Option<Past>,

    /// Of this environment
    #[arg(long, value_name = "NAME", value_parser = values::one_of(&Environment::ALL, Environment::name))]
    environment: Option<Environment>,

    /// About this Syncfy user (`id_user`)
    #[arg(long, value_name = "ID")]
    user: Option<String>,

    /// About this user by your own id (`id_external`)
    #[arg(long, value_name = "ID")]
    external: Option<String>,

    /// With this verdict on the signature
    #[arg(long, value_name = "VERDICT", value_parser = values::one_of(&Verdict::ALL, Verdict::name))]
    verdict: Option<Verdict>,

    /// With a delivery that has come this far
    #[arg(long, value_name = "STATE", value_parser = values::one_of(&Standing::ALL, Standing::name))]
    delivery: Option<Standing>,

    #[command(flatten)]
    store: StoreArgs,
}

/// The ids of the options that choose among notifications, and make no sense beside ids.
pub(super) const FILTERS: [&str; 8] = [
    "events",
    "since",
    "until",
    "environment",
    "user",
    "external",
    "verdict",
    "delivery",
];

impl SelectionArgs {
    /// Where the history is, and what of it is meant.
    pub(super) fn resolve(self, world: &World) -> Result<(Location, Query), Report> {
        let now = world.clock.now();
        let query = Query {
            events: EventFilter::new(&self.events)?,
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
            environment: self.environment,
            id_user: self.user,
            id_external: self.external,
            verdict: self.verdict,
            delivery: self.delivery,
            ..Query::default()
        };
        if let (Some(since), Some(until)) = (query.since, query.until)
            && since >= until
        {
            return Err(Report::new(
                "usage",
                "nothing was received since a moment and before it: `--since` is not before `--until`",
            )
            .hint("`--since` is the earlier of the two"));
        }
        Ok((self.store.resolve()?, query))
    }
}
