//! `doctor`: examines what `listen` stands on, and says what to mend.

mod calls;
mod here;

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::SignedDuration;

use self::calls::Caller;
use super::keys::Checks;
use super::{Context, Location, Ssh};
use crate::domain::activity::{Activity, DoctorSummary, Examined, Health};
use crate::domain::target::Target;
use crate::domain::tunnel::Carrier;
use crate::exit::ExitStatus;
use crate::report::Report;

/// What to examine.
pub struct Options {
    /// The address to listen on.
    pub address: SocketAddr,
    /// Where the keys are, and how far clocks may differ.
    pub checks: Checks,
    /// Where the history is, or why that cannot be told. `None` for nowhere.
    pub store: Option<Result<Location, Report>>,
    /// Where notifications are to go.
    pub targets: Vec<Target>,
    /// Whether any certificate is trusted.
    pub insecure: bool,
    /// One more certificate authority.
    pub ca: Option<PathBuf>,
    /// Who is to carry, and how to use an SSH server.
    pub tunnel: Option<(Carrier, Ssh)>,
}

/// Shows what is found as it is found.
struct Findings<'a> {
    context: &'a mut Context,
    summary: DoctorSummary,
}

impl Findings<'_> {
    fn tell(&mut self, found: impl IntoIterator<Item = Examined>) -> Result<(), Report> {
        for examined in found {
            self.summary.count(&examined);
            self.context.ui.show(&Activity::Examined(examined))?;
        }
        Ok(self.context.ui.flush()?)
    }
}

/// Examines everything, one after the other.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    super::run_to_the_end(async {
        let now = context.clock.now();
        let mut findings = Findings {
            context,
            summary: DoctorSummary::default(),
        };
        let caller = Caller::new(&options);
        findings.tell([calls::port(options.address, &caller).await])?;
        findings.tell(here::keys(options.checks.keys))?;
        let (store, newest) = here::store(options.store);
        let leeway = SignedDuration::from_secs(options.checks.policy.leeway_seconds.into());
        let (targets, theirs) = calls::targets(&options.targets, &caller, now).await;
        findings.tell([here::clock(now, leeway, newest, theirs)])?;
        findings.tell([store])?;
        findings.tell(targets)?;
        findings.tell([calls::tunnel(options.tunnel).await])?;
        let summary = findings.summary;
        context.ui.show(&Activity::Diagnosed(summary))?;
        Ok(ExitStatus::answer(summary.failed == 0))
    })
}

/// A failure, told as a finding.
fn failed(name: &'static str, report: Report) -> Examined {
    Examined::new(name, Health::Fail, report.message).advised(report.hints)
}
