//! `--demo`: a throwaway key, and a signed run of sample events posted to the listener over its real socket.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use super::Options;
use super::event::Event;
use crate::clock::Clock;
use crate::domain::capture::Capture;
use crate::domain::headers::Header;
use crate::domain::notification::{Environment, sample};
use crate::domain::signature::{
    Algorithm, Claims, DEFAULT_LIFETIME_SECONDS, DEFAULT_NAMES, Key, KeyRing, sign,
};
use crate::http::{Client, Trust};
use crate::report::Report;

/// How long the listener may take to answer one of its own events.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a run takes: the last event of it happens now.
const RUN: SignedDuration = SignedDuration::from_secs(40);

/// A run of sample events, ready to be posted.
pub(super) struct Demo {
    client: Client,
    captures: Vec<Capture>,
}

impl Demo {
    /// Makes events that these options let pass, and a key where the ring has none.
    pub(super) fn prepare(
        ring: &mut KeyRing,
        options: &Options,
        clock: Clock,
    ) -> Result<Self, Report> {
        if ring.is_empty() {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret)
                .map_err(|error| Report::new("random-failed", error.to_string()))?;
            let jwk = Key::generate(&secret, Algorithm::Hs256, None);
            ring.add_pasted(jwk.as_bytes(), "a throwaway key, for this demo only")?;
        }
        let key = ring.first().expect("a key was added where there was none");
        let now = clock.now();
        let start = now.saturating_sub(RUN).unwrap_or(now);
        let environment = options.environment.unwrap_or(Environment::Sandbox);
        let bodies = sample::run(&mut fastrand::Rng::new(), start, environment);
        let captures = bodies
            .into_iter()
            .map(|(_, body)| signed(body, key, now, options))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            client: Client::new(&Trust::Unneeded, PATIENCE, 1)?,
            captures,
        })
    }

    /// Posts the events, one after the other, and says when it is over.
    pub(super) async fn post(self, url: String, events: mpsc::Sender<Event>) {
        for capture in self.captures {
            // What the listener answers is seen on its own side.
            let _ = self.client.send(&url, &capture, &capture.headers).await;
        }
        // The dispatcher may have ended already.
        let _ = events.send(Event::Posted).await;
    }
}

fn signed(body: Vec<u8>, key: &Key, now: Timestamp, options: &Options) -> Result<Capture, Report> {
    let claims = Claims::new(now, DEFAULT_LIFETIME_SECONDS).covering(&body, None);
    let token = sign(claims, key, key.default_algorithm())?;
    let [default, ..] = DEFAULT_NAMES;
    let name = options
        .signature_headers
        .first()
        .map_or(default, String::as_str);
    let own = [
        Header::new("content-type", "application/json"),
        Header::new(name, token),
    ];
    let mut capture = Capture::bare(body.into());
    capture.headers = own
        .into_iter()
        .chain(options.required_headers.iter().cloned())
        .collect();
    Ok(capture)
}
