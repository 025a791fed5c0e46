//! Which part of a list was asked for.

use std::ops::Range;

use super::Problem;
use super::call::Call;
use super::object_id::ObjectId;

/// The longest page, and that of a call which does not say.
pub(super) const MOST: u64 = 5000;

/// `limit` and `skip`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    limit: u64,
    skip: u64,
}

impl Page {
    pub(super) fn of(call: &Call) -> Result<Self, Problem> {
        let limit = call.number("limit").map_err(|problem| match problem {
            Problem::Number(_) => Problem::Limit,
            other => other,
        })?;
        let limit = limit.unwrap_or(MOST);
        if limit == 0 || limit > MOST {
            return Err(Problem::Limit);
        }
        let skip = call.number("skip")?.unwrap_or(0);
        Ok(Self { limit, skip })
    }

    /// The places of its items in a list of so many.
    pub(super) fn of_count(self, count: u64) -> Range<u64> {
        let start = self.skip.min(count);
        start..count.min(start.saturating_add(self.limit))
    }

    pub(super) fn limit(self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    pub(super) fn skip_length(self) -> usize {
        usize::try_from(self.skip).unwrap_or(usize::MAX)
    }
}

/// The time in which items were refreshed, in Unix seconds, both ends among it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    from: u64,
    to: u64,
}

/// How long a synchronisation takes, in seconds: so long after the credential was made it was refreshed.
const RUN: u64 = 40;

impl Window {
    /// What `dt_refresh_from` and `dt_refresh_to` say; where one is missing, the time at which `of` was made stands for it.
    pub(super) fn of(call: &Call, of: &ObjectId) -> Result<Self, Problem> {
        let from = call.number("dt_refresh_from")?;
        let to = call.number("dt_refresh_to")?;
        let usual = of.second().saturating_add(RUN);
        Ok(Self {
            from: from.unwrap_or(0),
            to: to.unwrap_or_else(|| usual.max(from.unwrap_or(0))),
        })
    }

    /// Whether there is no time in it.
    pub(super) fn is_empty(self) -> bool {
        self.from > self.to
    }

    /// When items were refreshed: at its end.
    pub(super) fn refreshed(self) -> u64 {
        self.to
    }
}
