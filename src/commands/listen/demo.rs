//! `--demo`: a throwaway key, and a signed run of sample events posted to the listener over its real socket.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::Options;
use super::event::Event;
use crate::clock::Clock;
use crate::domain::capture::Capture;
use crate::domain::headers::Header;
use crate::domain::notification::{Environment, Notification, sample};
use crate::domain::signature::{Algorithm, DEFAULT_NAMES, Key, KeyRing, SignError, Stamp};
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
            let mut secret = Zeroizing::new([0; 32]);
            getrandom::fill(&mut *secret)
                .map_err(|error| Report::new("random-failed", error.to_string()))?;
            let jwk = Key::generate(&*secret, Algorithm::Hs256, None);
            ring.add_pasted(jwk.as_bytes(), "a throwaway key, for this demo only")?;
        }
        let environment = options.environment.unwrap_or(Environment::Sandbox);
        let key = ring.signer(Some(environment)).ok_or(SignError::NoKey)?;
        let now = clock.now();
        let start = now.saturating_sub(RUN).unwrap_or(now);
        let bodies = sample::run(&mut fastrand::Rng::new(), start, environment);
        let [default, ..] = DEFAULT_NAMES;
        let named = options.checks.headers.first();
        let stamp = Stamp {
            key,
            header: named.map_or(default, String::as_str),
            now,
        };
        let requests = bodies
            .into_iter()
            .map(|(_, body)| request(body, &stamp, options));
        let captures = requests.collect::<Result<Vec<_>, _>>()?;
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

/// The request that a listener with these options lets pass.
fn request(body: Vec<u8>, stamp: &Stamp<'_>, options: &Options) -> Result<Capture, Report> {
    let outline = Notification::read(&body).map(|notification| notification.outline())?;
    let mut capture = Capture::bare(body.into());
    let json = Header::new("content-type", "application/json");
    let required = options.required_headers.iter().cloned();
    capture.headers = std::iter::once(json).chain(required).collect();
    stamp.put_on(&mut capture, outline.rid.as_deref())?;
    Ok(capture)
}
