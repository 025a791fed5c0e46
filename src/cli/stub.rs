//! The arguments of the stub of the API.

use std::net::SocketAddr;

use clap::Args;

use super::listen::address;
use crate::commands::listen::Stub;

/// Where the stub listens, and what is expected of those who call it.
#[derive(Args, Debug)]
#[command(next_help_heading = "Pull")]
pub(super) struct StubArgs {
    /// Play Syncfy's API on this address: the paths in `endpoints` lead to synthetic data; port 0 picks a free one
    ///
    /// Set the base URL of your handler to it, and it runs to its end offline. Accounts, transactions, attachments and
    /// documents are made up from the ids in the path, the same on every machine, paged by `limit` and `skip`. Any token
    /// is accepted. Endpoints that were never pulled are told at the end.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    stub_api: Option<SocketAddr>,

    /// Expect every endpoint that a notification names to be pulled: wait for that before stopping, exit 1 if it never
    /// happens
    #[arg(long, requires = "stub_api")]
    expect_pulled: bool,
}

impl StubArgs {
    pub(super) fn resolve(&self) -> Option<Stub> {
        self.stub_api.map(|address| Stub {
            address,
            expect_pulled: self.expect_pulled,
        })
    }
}
