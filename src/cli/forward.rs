//! The options of whatever sends to a target: `listen` and `replay`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values;
use crate::commands::send::Options;
use crate::domain::headers::Header;

/// How targets are called.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sending")]
pub(super) struct ForwardArgs {
    /// Add this header to each request that is sent, in place of one of the same name; may be given more than once
    #[arg(short = 'H', long, value_name = "NAME: VALUE", value_parser = values::header)]
    header: Vec<Header>,

    /// How long a target may take to answer
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = values::duration)]
    timeout: Duration,

    /// How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = values::number::<0, 1000>)]
    retries: u64,

    /// How many requests may be under way to each target at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = values::number::<1, 4096>)]
    concurrency: u64,

    /// Trust the certificate of an https target whatever it says (signatures are still checked)
    #[arg(short = 'k', long)]
    insecure: bool,

    /// Trust one more certificate authority, from a PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,
}

impl ForwardArgs {
    pub(super) fn resolve(self) -> Options {
        Options {
            headers: self.header,
            timeout: self.timeout,
            retries: u32::try_from(self.retries).unwrap_or(u32::MAX),
            concurrency: usize::try_from(self.concurrency).unwrap_or(usize::MAX),
            insecure: self.insecure,
            ca: self.ca,
        }
    }
}
