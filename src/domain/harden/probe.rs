//! The requests of a check, and how an endpoint reacts to them.

use std::time::Duration;

use bytes::Bytes;

use crate::domain::headers::{Header, Headers};

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Whole, its length told before.
    Length,
    /// In chunks, its length told nowhere.
    Chunked,
    /// Once the endpoint has asked for it: `Expect: 100-continue`.
    OnContinue,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What tells it from the others of its check; empty where it is like them.
    pub label: String,
    /// The method.
    pub method: &'static str,
    /// The header fields, but for those that say how the body travels.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// How the body travels.
    pub transfer: Transfer,
}

impl Probe {
    /// A notification as Syncfy would post it, but without a signature.
    #[must_use]
    pub fn post(body: impl Into<Bytes>) -> Self {
        let json = Header::new("content-type", "application/json");
        Self {
            label: String::new(),
            method: "POST",
            headers: [json].into_iter().collect(),
            body: body.into(),
            transfer: Transfer::Length,
        }
    }

    /// The same under this label.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push(Header::new(name, value));
        self
    }

    /// The same with a body that travels so.
    #[must_use]
    pub fn by(mut self, transfer: Transfer) -> Self {
        self.transfer = transfer;
        self
    }
}

/// The requests of a check: groups that follow one another, each sent at once.
#[derive(Clone, Debug, Default)]
pub struct Attack(pub Vec<Vec<Probe>>);

impl Attack {
    /// One after the other.
    #[must_use]
    pub fn in_turn(probes: impl IntoIterator<Item = Probe>) -> Self {
        Self(probes.into_iter().map(|probe| vec![probe]).collect())
    }

    /// All at once.
    #[must_use]
    pub fn at_once(probes: Vec<Probe>) -> Self {
        Self(vec![probes])
    }
}

impl From<Probe> for Attack {
    fn from(probe: Probe) -> Self {
        Self::in_turn([probe])
    }
}

/// What an endpoint did with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It answered with this status.
    Status(u16),
    /// It did not answer in time.
    TimedOut,
    /// It closed the connection, perhaps while the request was still being sent.
    Closed,
    /// Nobody takes connections there.
    Absent(String),
    /// Something else went wrong.
    Failed(String),
}

impl Reaction {
    /// Whether it took the notification.
    #[must_use]
    pub fn is_accepting(&self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// The status, where it answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(*status),
            _ => None,
        }
    }

    /// What it did, in words that follow on a colon.
    #[must_use]
    pub fn words(&self, timeout: Duration) -> String {
        match self {
            Self::Status(status) => format!("answered {status}"),
            Self::TimedOut => format!("no answer within {timeout:?}"),
            Self::Closed => "connection closed without an answer".to_owned(),
            Self::Absent(why) | Self::Failed(why) => why.clone(),
        }
    }
}

/// A request that was sent, and what came of it.
#[derive(Clone, Debug)]
pub struct Shot {
    /// The label of the request.
    pub label: String,
    /// What the endpoint did.
    pub reaction: Reaction,
    /// Until the head of the answer, or until it was clear that there will be none, in milliseconds.
    pub latency_ms: f64,
}
