//! What Syncfy Webhooks are, and what may be said about them.
//!
//! Pure: nothing in here knows clap, hyper, tokio, a terminal, the file system, the environment or a clock. So it serves as
//! a library: a receiver of webhooks hands in the bytes of a request, its headers and the time.
//!
//! - [`signature::Verifier`] checks the JWT with a [`signature::KeyRing`], and says why it does not hold;
//! - [`notification::Notification`] reads a body, and has its events [by type](notification::Event);
//! - [`validation::judge`] says what is wrong with a body, and where; [`validation::repair`] repairs what is mechanical;
//! - [`capture::Capture`] is a request as the program's own files keep it.
//!
//! Verify, then read, then act:
//!
//! ```
//! use syncfy_hooks::domain::capture::Capture;
//! use syncfy_hooks::domain::headers::Header;
//! use syncfy_hooks::domain::notification::{CredentialsAction, Notification, Subject};
//! use syncfy_hooks::domain::signature::{KeyRing, Policy, Verdict, Verifier};
//! use syncfy_hooks::domain::{Timestamp, validation};
//!
//! /// What a handler does with a request; the paths to fetch, or the status to answer with.
//! fn receive(verifier: &Verifier, request: &Capture, now: Timestamp) -> Result<Vec<String>, u16> {
//!     let judgement = validation::judge(&request.body);
//!     let verified = verifier.verify_capture(request, &request.body, &judgement.outline, now);
//!     if verified.verdict != Verdict::Valid {
//!         return Err(401);
//!     }
//!     for diagnostic in &judgement.diagnostics {
//!         println!("{}[{}] {}", diagnostic.severity, diagnostic.code, diagnostic.message);
//!     }
//!     let notification = Notification::read(&request.body).map_err(|_| 400_u16)?;
//!     let mut paths = Vec::new();
//!     for event in notification.typed_events() {
//!         match event.subject {
//!             Subject::Credentials(credentials) if credentials.action == CredentialsAction::Refreshed => {
//!                 paths.extend(credentials.endpoints.of("transactions").map(str::to_owned));
//!             }
//!             Subject::Documents(documents) => {
//!                 paths.extend(documents.endpoints.paths().map(str::to_owned));
//!             }
//!             // Syncfy adds events without notice.
//!             _ => println!("passed over: {:?}", event.name),
//!         }
//!     }
//!     Ok(paths)
//! }
//!
//! // What Syncfy would send at this moment.
//! # use syncfy_hooks::domain::{notification::{Environment, sample}, signature::Stamp};
//! # let now = Timestamp::from_second(1_686_942_378)?;
//! # let body = sample::event("documents.success", &mut fastrand::Rng::with_seed(1), now, Environment::Sandbox).unwrap();
//! # let mut request = Capture::bare(body.into());
//! let mut keys = KeyRing::default();
//! keys.add_pasted(b"a secret that is long enough for HS256", "the dashboard")?;
//! # Stamp { key: keys.first().unwrap(), header: "request-signature", now }.put_on(&mut request, None)?;
//! let verifier = Verifier::new(keys, Policy::default(), Vec::new());
//! let paths = receive(&verifier, &request, now).unwrap();
//! assert!(paths[0].starts_with("/v1/documents?"));
//!
//! request.headers.push(Header::new("request-signature", "another"));
//! assert_eq!(receive(&verifier, &request, now), Err(401));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Types of other crates that stand in signatures are re-exported here: [`Bytes`] of `bytes`, [`Timestamp`] of `jiff` (a
//! moment, made from Unix seconds or RFC 3339 text; [`notification::time`] has Syncfy's own format), [`RawValue`] of
//! `serde_json` (JSON as it was written) and [`Zeroizing`] of `zeroize`.

pub mod activity;
pub mod advice;
pub mod capture;
pub mod chaos;
pub mod compression;
pub mod contract;
pub mod curl;
pub mod delivery;
pub mod encoding;
pub mod explain;
pub mod export;
pub mod harden;
pub mod headers;
pub mod instant;
pub mod intake;
pub mod json;
pub mod latencies;
pub mod likeness;
pub mod notification;
pub mod outage;
pub mod outcome;
pub mod page;
pub mod percent;
pub mod record;
pub mod redact;
pub mod reply;
pub mod route;
pub mod scenario;
pub mod seen;
pub mod sequence;
pub mod signature;
pub mod snippet;
pub mod stub;
pub mod target;
pub mod tempo;
pub mod tunnel;
pub mod validation;

pub use bytes::Bytes;
pub use jiff::Timestamp;
pub use serde_json::value::RawValue;
pub use zeroize::Zeroizing;
