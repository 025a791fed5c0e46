//! HTTP: the server that receives, the client that sends. The only place that knows hyper and TLS.

mod client;
mod convert;
mod probe;
mod server;
mod trust;

pub(crate) use self::client::{Client, Response, SendError, answers};
pub(crate) use self::probe::{Prober, addresses, is_private, reachable};
pub(crate) use self::server::{Doors, Head, Limits, Receiver, Screening, serve};
pub(crate) use self::trust::Trust;
