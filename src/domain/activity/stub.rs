//! What the stub of the API reports.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::instant;

/// The expectation that every endpoint is pulled, as typed.
pub const EXPECT_PULLED: &str = "--expect-pulled";

/// A handler pulled something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pull {
    /// When it was answered.
    #[serde(serialize_with = "instant::milliseconds")]
    pub at: Timestamp,
    /// The method.
    pub method: String,
    /// Path and query, without secrets.
    pub target: String,
    /// What was answered.
    pub status: u16,
    /// How many items were in the answer; `None` where it is no list.
    pub items: Option<u64>,
    /// Whether a notification named this endpoint.
    pub notified: bool,
    /// The sequence number of the first notification that named it.
    pub id: Option<u64>,
}

/// What became of the endpoints that notifications named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pulls {
    /// How many of them were pulled, each counted once.
    pub pulled: u64,
    /// Those that never were: the first of them in order of their arrival.
    pub never_pulled: Vec<NeverPulled>,
    /// How many never were.
    pub never_pulled_count: u64,
    /// How many were forgotten, because there were too many to remember.
    pub endpoints_forgotten: u64,
    /// Those that never were, by path.
    #[serde(skip)]
    pub groups: Vec<Group>,
    /// Whether all of them were expected to be pulled.
    #[serde(skip)]
    pub is_expected: bool,
}

/// An endpoint that was never pulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeverPulled {
    /// The sequence number of the first notification that named it.
    pub id: u64,
    /// The path as it was named.
    pub path: String,
}

/// Endpoints of one notification that differ in their parameters only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The sequence number of the notification.
    pub id: u64,
    /// The path without parameters.
    pub path: String,
    /// How many there are.
    pub count: u64,
}

/// So many endpoints that were never pulled are told one by one.
const MOST_TOLD: usize = 1000;

impl Pulls {
    /// The counts, and as many of the endpoints that were never pulled as are told.
    #[must_use]
    pub fn new(pulled: u64, never_pulled: impl Iterator<Item = NeverPulled>) -> Self {
        let mut pulls = Self {
            pulled,
            ..Self::default()
        };
        for endpoint in never_pulled {
            pulls.never_pulled_count += 1;
            pulls.count_group(&endpoint);
            if pulls.never_pulled.len() < MOST_TOLD {
                pulls.never_pulled.push(endpoint);
            }
        }
        pulls
    }

    fn count_group(&mut self, endpoint: &NeverPulled) {
        let path = endpoint.path.split('?').next().unwrap_or_default();
        // The endpoints of one notification stand together: it is among the last few.
        let mut known = self.groups.iter_mut().rev().take(16);
        match known.find(|group| group.id == endpoint.id && group.path == path) {
            Some(group) => group.count += 1,
            None => self.groups.push(Group {
                id: endpoint.id,
                path: path.to_owned(),
                count: 1,
            }),
        }
    }
}
