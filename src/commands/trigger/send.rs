//! Sends what was made, as it is or through chaos, and compares the answers to what came more than once.

use fastrand::Rng;

use super::supply::{Made, Requests, due};
use crate::commands::Context;
use crate::commands::delivery::{self, End, Run, Screen, Signer, status};
use crate::domain::activity::{Activity, ChaosReport};
use crate::domain::chaos::{Plan, Trouble};
use crate::domain::signature::KeyRing;
use crate::exit::ExitStatus;
use crate::report::Report;

/// So many notifications can go through chaos: all of them are in memory then.
const MOST: u64 = 100_000;

/// What is sent, and how.
pub(super) struct Sending {
    pub(super) made: Made,
    pub(super) delivery: delivery::Options,
    pub(super) chaos: Vec<Trouble>,
    pub(super) ring: KeyRing,
}

/// A run that is ready to begin.
pub(super) struct Session {
    requests: Requests,
    run: Run,
    chaos: Option<ChaosReport>,
}

impl Sending {
    /// Does everything that can fail before the first request.
    pub(super) fn prepare(self, context: &mut Context) -> Result<Session, Report> {
        let Self {
            made,
            delivery,
            chaos,
            ring,
        } = self;
        let signer = (!ring.is_empty()).then(|| Signer::with(ring, context.clock));
        let mut run = Run::prepare(&delivery, signer, context)?;
        if !chaos.is_empty() || made.is_story() {
            run.compare();
        }
        let mut requests = Requests {
            made,
            routes: delivery.routes,
            passages: None,
        };
        let chaos = match chaos.as_slice() {
            [] => None,
            troubles => Some(requests.plan(troubles)?),
        };
        Ok(Session {
            requests,
            run,
            chaos,
        })
    }
}

impl Requests {
    /// Plans what becomes of the notifications on their way.
    fn plan(&mut self, troubles: &[Trouble]) -> Result<ChaosReport, Report> {
        if self.made.count() > MOST {
            let message = format!("`--chaos` takes at most {MOST} notifications at once");
            return Err(Report::new("too-many", message).hint("lower `--count`"));
        }
        let scenes = self.made.scenes().collect::<Result<Vec<_>, _>>()?;
        let due = due(&scenes, self.made.start);
        let plan = Plan::new(troubles, &due, &mut Rng::with_seed(self.made.seed));
        let dropped = plan.dropped.iter().filter_map(|number| {
            let scene = scenes.get(*number)?;
            Some(scene.label.clone())
        });
        let report = ChaosReport {
            seed: self.made.seed,
            notifications: scenes.len() as u64,
            deliveries: plan.passages.len() as u64,
            duplicated: plan.duplicated as u64,
            reordered: plan.reordered as u64,
            delayed: plan.delayed as u64,
            in_bursts: plan.in_bursts as u64,
            dropped: dropped.collect(),
        };
        self.passages = Some(plan.passages.into());
        Ok(report)
    }
}

impl Session {
    /// Sends everything, and says what came of it.
    pub(super) async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let mut screen = Screen::open(&mut context.ui);
        let (end, mut result) = self.run.send(&self.requests, &mut screen).await;
        if !self.run.end(&mut screen).await || end == End::Interrupted {
            return Ok(ExitStatus::Interrupted);
        }
        let mut all_alike = true;
        for differing in self.run.differing() {
            all_alike = false;
            screen.show(Activity::Differing(differing));
        }
        if let Some(chaos) = self.chaos {
            screen.show(Activity::Chaos(chaos));
        }
        let summary = self.run.summary();
        let status = match status(&summary) {
            ExitStatus::Yes => ExitStatus::answer(all_alike),
            status => status,
        };
        if result.is_ok() && summary.sent == 0 && end == End::Done {
            result = Err(Report::new("nothing-to-send", "no target takes this event")
                .hint("check the globs of `--to`; `*` matches every event"));
        } else {
            screen.show(Activity::Replayed(summary));
        }
        tokio::select! {
            closed = screen.close() => closed?,
            () = self.run.signals.next() => return Ok(ExitStatus::Interrupted),
        }
        result?;
        Ok(status)
    }
}
