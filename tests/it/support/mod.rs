//! What the tests stand on: the program in clean surroundings, a fake target, an exact HTTP client, and tokens that the
//! program had no hand in.

#[cfg(target_os = "linux")]
mod agents;
mod app;
mod certificate;
mod client;
pub(crate) mod corpus;
pub(crate) mod leaks;
mod output;
pub(crate) mod peers;
#[cfg(unix)]
mod port;
mod program;
mod redact;
mod relay;
mod running;
mod sample;
mod server;
mod signature;
#[cfg(unix)]
mod sshd;
mod store;
mod wait;
mod xml;

pub(crate) use self::app::{App, Language};
pub(crate) use self::{
    certificate::Certificate,
    client::{Connection, Response},
    output::Output,
    program::{PROGRAM, Test},
    relay::{Fate, Relay},
    running::{Listener, Running},
    sample::{KEY, notification, notification_of, numbered, numbers, unseen},
    server::{Answer, Gate, Request, Server},
    signature::{signed, token, token_with},
    store::Store,
    xml::well_formed,
};

#[cfg(unix)]
pub(crate) use self::port::Port;
#[cfg(unix)]
pub(crate) use self::sshd::Sshd;

#[cfg(target_os = "linux")]
pub(crate) use self::agents::{gone, kill, noted, parent};
