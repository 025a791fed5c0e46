//! What requests must pass where a public URL leads to the listener: a rate, a secret path. And who answers when the
//! program asks itself whether the URL leads here.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::TunnelOptions;
use crate::clock::Clock;
use crate::domain::reply::{Answer, Refusal};
use crate::domain::tunnel::probe::{self, Seal};
use crate::http::Head;

/// So many seconds' worth of requests may come at once.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("it is not 0");

/// Stands before the listener.
pub(super) struct Gate {
    pub(super) seal: Seal,
    /// What the path begins with, such as `/secret`; empty for any path.
    prefix: String,
    rate: NonZeroU32,
    limiter: DefaultDirectRateLimiter,
    last: Mutex<Instant>,
    clock: Clock,
}

/// What becomes of a request at the gate.
pub(super) enum Passage {
    /// It goes on, without the secret path.
    Through,
    /// It was the program itself that asked.
    Answer(Answer),
    /// It is refused.
    Refuse(Refusal),
}

impl Gate {
    pub(super) fn new(options: &TunnelOptions, prefix: String, seal: Seal, clock: Clock) -> Self {
        let rate = options.rate;
        let burst = rate.saturating_mul(BURST);
        Self {
            seal,
            prefix,
            rate,
            limiter: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)),
            last: Mutex::new(Instant::now()),
            clock,
        }
    }

    /// When the last request came from outside.
    pub(super) fn last(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a request by its head, and takes the secret path off.
    pub(super) fn judge(&self, head: &mut Head) -> Passage {
        // First, so that a flood cannot look like a dead tunnel.
        if let Some(question) = head.headers.get(probe::HEADER)
            && let Some(answer) = self.seal.answer(question, self.clock.now())
        {
            return Passage::Answer(Answer::json(
                200,
                &format_args!(r#"{{"probe":"{answer}"}}"#),
            ));
        }
        if self.limiter.check().is_err() {
            return Passage::Refuse(Refusal::TooMany(self.rate));
        }
        let Some(rest) = below(&head.target, &self.prefix) else {
            return Passage::Refuse(Refusal::Path);
        };
        head.target = rest;
        if !is_local(head) {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        }
        Passage::Through
    }
}

/// Path and query without the prefix; nothing where they are not below it.
fn below(target: &str, prefix: &str) -> Option<String> {
    let rest = target.strip_prefix(prefix)?;
    match rest.chars().next() {
        Some('/') => Some(rest.to_owned()),
        None | Some('?') => Some(format!("/{rest}")),
        Some(_) => None,
    }
}

/// Whether it calls the listener by its address on this machine, and says nothing of the tunnel.
fn is_local(head: &Head) -> bool {
    head.headers.get("host").is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        ["127.0.0.1", "[::1]", "localhost"].contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_path_is_taken_off() {
        for (target, rest) in [
            ("/s3", Some("/")),
            ("/s3/", Some("/")),
            ("/s3/hook?x=1", Some("/hook?x=1")),
            ("/s3?x=1", Some("/?x=1")),
            ("/s3x", None),
            ("/S3/hook", None),
            ("/", None),
            ("//s3/", None),
            ("/hook/s3/", None),
        ] {
            assert_eq!(below(target, "/s3").as_deref(), rest, "{target}");
        }
        assert_eq!(below("/hook", "").as_deref(), Some("/hook"));
    }
}
