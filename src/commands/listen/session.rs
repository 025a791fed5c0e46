//! One run of `listen`: everything that can fail first, then the tasks, then the dispatcher.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::demo::Demo;
use super::dispatcher::{Dispatcher, End, Phase, reached};
use super::doorway::{ReadyFile, open_folder, refuse_a_loop};
use super::entrance::{self, Entrance};
use super::event::Event;
use super::forwarder::{Forwarder, Senders, Settings};
use super::receiver::{Post, Wires};
use super::recorder::Recorder;
use super::recording::{Recording, Writing};
use super::report::RunReport;
use super::stub::{self, Bound, Ledger};
use super::tally::Tally;
use super::targets::Targets;
use super::tunnel::Prepared;
use super::waiting::Waiting;
use super::{Options, Stop};
use crate::clock::Clock;
use crate::commands::send::Sender;
use crate::commands::{Context, keys, task};
use crate::domain::activity::{Activity, Ready, Warning};
use crate::domain::delivery::RetryPolicy;
use crate::domain::route::Route;
use crate::domain::signature::{KeyRing, Verifier};
use crate::domain::target::Target;
use crate::exit::ExitStatus;
use crate::files::Folder;
use crate::http::{self, Limits};
use crate::report::Report;
use crate::shutdown::Signals;
use crate::ui::{Outlet, Pressure};

/// What the dispatcher may lag behind, in events.
const EVENTS: usize = 1024;

/// What may come in where a public URL leads here and there is no key.
fn open_to_all() -> Warning {
    Warning {
        code: "tunnel-unprotected",
        message:
            "whoever learns the public URL can post here: no key was given to check signatures with"
                .into(),
        hints: vec![
            "add `--key-file FILE` with the JWT key of the Syncfy dashboard".into(),
            "or `--tunnel-path random`, which puts the listener below a path that nobody guesses"
                .into(),
        ],
    }
}

/// When the time that was given runs out.
fn deadline(stop: &Stop) -> Option<Instant> {
    let within = stop.within.as_ref();
    within.map(|within| Instant::now() + within.value)
}

/// What a connection may take, with bodies of so many bytes.
const fn limits(body_length: u64) -> Limits {
    Limits {
        connections: 512,
        head: Duration::from_secs(10),
        body: Duration::from_secs(30),
        body_length,
    }
}

/// Starts the forwarder, and the stub of the API beside it. A handler may pull before it answers: the stub is there until
/// the last delivery has ended.
fn begin_forwarding(
    forwarding: impl Future<Output = ()> + Send + 'static,
    stub: Option<Bound>,
    events: mpsc::Sender<Event>,
    tasks: &mut JoinSet<()>,
    shared: &Shared,
) {
    let Some(stub) = stub else {
        tasks.spawn(forwarding);
        return;
    };
    let draining = reached(&shared.phase, Phase::Draining);
    let (open, closed) = oneshot::channel::<()>();
    tasks.spawn(async {
        forwarding.await;
        drop(open);
    });
    let stop = async {
        draining.await;
        // Nothing is ever sent.
        let _ = closed.await;
    };
    tasks.spawn(stub.serve(limits(stub::LONGEST_BODY), events, shared.clock, stop));
}

/// A run that is ready to begin: whatever a user may have to mend was tried before.
pub(super) struct Session {
    options: Options,
    signals: Signals,
    ring: KeyRing,
    demo: Option<Demo>,
    entrance: Entrance,
    stub: Option<Bound>,
    folder: Option<Folder>,
    last_id: u64,
    recording: Option<Recording>,
    targets: Targets,
    senders: Senders,
    ready_file: Option<ReadyFile>,
    report: Option<RunReport>,
}

/// What the tasks of a run share.
struct Shared {
    phase: watch::Sender<Phase>,
    waiting: Waiting,
    clock: Clock,
    pressure: Pressure,
}

/// What is left in hand once the tasks run.
struct Running {
    signals: Signals,
    events: mpsc::Receiver<Event>,
    writing: Option<Writing>,
}

impl Session {
    /// Does everything that can fail.
    pub(super) async fn prepare(mut options: Options, context: &Context) -> Result<Self, Report> {
        // A key may come through a pipe, and to wait for it ends by ^C as long as nobody catches that.
        let mut ring = keys::load(std::mem::take(&mut options.checks.keys))?;
        // A passphrase may be asked for, which ^C ends likewise.
        let tunnel = Prepared::of(&mut options, context.clock).await?;
        let signals =
            Signals::listen().map_err(|error| Report::new("signals-failed", error.to_string()))?;
        let demo = if options.demo {
            Some(Demo::prepare(&mut ring, &options, context.clock)?)
        } else {
            None
        };
        let entrance = Entrance::open(&options, tunnel).await?;
        let stub = match options.stub {
            Some(stub) => Some(Bound::new(stub).await?),
            None => None,
        };
        let named = options.routes.iter().map(|route| &route.target);
        refuse_a_loop(named, entrance.address)?;
        let (folder, last_id) = options
            .save
            .as_deref()
            .map(open_folder)
            .transpose()?
            .unzip();
        let last_id = last_id.unwrap_or_default();
        let recording = options.history.take();
        let recording = recording
            .map(|history| Recording::open(history, last_id, context.clock))
            .transpose()?;
        let resumed = recording.iter().flat_map(Recording::resumed_targets);
        let targets = Targets::new(&options.routes, resumed)?;
        refuse_a_loop(targets.list().iter(), entrance.address).map_err(|report| {
            report.hint("deliveries of an earlier run wait for it: `--no-resume` leaves them alone")
        })?;
        let senders = Senders {
            named: Sender::new(&options.send, targets.list().iter())?,
            resumed: Sender::plain(&options.send, targets.list().iter())?,
        };
        let within = options.stop.within.as_ref();
        let report = options
            .junit
            .take()
            .map(|path| RunReport::prepare(path, within))
            .transpose()?;
        let ready_file = entrance.ready_file(options.ready_file.take())?;
        Ok(Self {
            options,
            signals,
            ring,
            demo,
            entrance,
            stub,
            folder,
            last_id,
            recording,
            targets,
            senders,
            ready_file,
            report,
        })
    }

    /// Listens until there is a reason to stop.
    pub(super) async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let stop = std::mem::take(&mut self.options.stop);
        let clock = context.clock;
        let (mut outlet, output_failed) = Outlet::open(&mut context.ui);
        self.greet(&mut outlet);
        let shared = Shared {
            phase: watch::channel(Phase::Open).0,
            waiting: self.waiting(),
            clock,
            pressure: outlet.pressure(),
        };
        let mut tasks = JoinSet::new();
        let has_history = self.recording.is_some();
        let ledger = self.ledger();
        let (ready_file, report) = (self.ready_file.take(), self.report.take());
        let deadline = deadline(&stop);
        let announcement = self.options.announcement;
        let running = self.spawn(&mut tasks, &shared);
        let mut dispatcher = Dispatcher {
            signals: running.signals,
            events: running.events,
            output_failed,
            tally: Tally::new(stop, ledger),
            outlet,
            phase: shared.phase,
            waiting: shared.waiting,
            announcement,
            announced: None,
            ready_file,
            lost: None,
        };
        let mut end = tokio::select! {
            never = task::supervise(&mut tasks) => match never {},
            end = dispatcher.run(deadline) => end,
        };
        let lost = dispatcher.lost.take();
        if end.is_some()
            && let Some(writing) = running.writing
            && !dispatcher.end_writing(writing).await
        {
            end = None;
        }
        let summary = dispatcher.summary(has_history);
        let reported = match report {
            Some(report) => dispatcher.report(report, &summary, end).await,
            None => Ok(true),
        };
        let Some(end) = end.filter(|_| !matches!(reported, Ok(false))) else {
            return Ok(ExitStatus::Interrupted);
        };
        let unmet = !summary.unmet.is_empty();
        if !dispatcher.close(summary).await? {
            return Ok(ExitStatus::Interrupted);
        }
        match lost {
            Some(report) if end == End::TunnelLost => Err(report),
            _ if end == End::TimedOut => Ok(ExitStatus::TimedOut),
            _ => reported.map(|_| ExitStatus::answer(!unmet)),
        }
    }

    /// Says how it is set up, and its URL to whoever asked for that.
    fn greet(&self, outlet: &mut Outlet<'_>) {
        outlet.show(&self.describe());
        self.entrance.announce(self.options.announcement, outlet);
    }

    fn ledger(&self) -> Option<Arc<Ledger>> {
        self.stub.as_ref().map(|stub| Arc::clone(&stub.ledger))
    }

    /// Nothing waits but what earlier runs have left.
    fn waiting(&self) -> Waiting {
        let waiting = Waiting::new(self.targets.list().len(), self.recording.is_some());
        if let Some(recording) = &self.recording {
            for (name, count) in &recording.resumed.targets {
                let is_meant = |target: &Target| target.to_string() == *name;
                if let Some(number) = self.targets.list().iter().position(is_meant) {
                    waiting.resume(number, *count);
                }
            }
        }
        waiting
    }

    /// Starts the server, the forwarder, the committer and the demo. What they report comes out of the receiver.
    fn spawn(self, tasks: &mut JoinSet<()>, shared: &Shared) -> Running {
        let Self {
            options,
            signals,
            ring,
            demo,
            entrance,
            stub,
            folder,
            last_id,
            recording,
            targets,
            senders,
            ..
        } = self;
        let (event_sender, events) = mpsc::channel(EVENTS);
        let (dispatches, arriving) = mpsc::unbounded_channel();
        if let Some(demo) = demo {
            tasks.spawn(demo.post(entrance.url.clone(), event_sender.clone()));
        }
        let resumed_through = recording.as_ref().map_or(0, |it| it.resumed.newest);
        let begin = |recording: Recording| recording.begin(tasks, &event_sender, shared.clock);
        let (store, writing) = recording.map(begin).unzip();
        let targets = Arc::new(targets);
        let retries = options.send.retries;
        let settings = Settings {
            targets: Arc::clone(&targets),
            senders,
            retry: RetryPolicy { retries },
            concurrency: options.send.concurrency,
            ordered: options.ordered,
            clock: shared.clock,
            store: store.clone(),
            resumed_through,
        };
        let wires = Wires {
            targets,
            waiting: shared.waiting.clone(),
            dispatches,
            events: event_sender.clone(),
            pressure: shared.pressure.clone(),
            clock: shared.clock,
            gate: entrance.gate(),
            ledger: stub.as_ref().map(|stub| Arc::clone(&stub.ledger)),
        };
        let limits = limits(options.max_body);
        let verifier = Verifier::new(ring, options.checks.policy, options.checks.headers.clone());
        let recorder = Recorder::new(store, folder, last_id);
        let post = Post::new(options, verifier, recorder, wires);
        let forwarder = Forwarder::new(settings, shared.waiting.clone(), event_sender.clone());
        let forwarding = forwarder.run(arriving, reached(&shared.phase, Phase::Quitting));
        let draining = reached(&shared.phase, Phase::Draining);
        let (doors, keeper) = entrance.unlock(event_sender.clone());
        let serving = http::serve(doors, limits, Arc::new(post), draining);
        entrance::serve(serving, keeper, tasks);
        begin_forwarding(forwarding, stub, event_sender, tasks, shared);
        Running {
            signals,
            events,
            writing,
        }
    }

    /// What is said first.
    fn describe(&self) -> Vec<Activity> {
        let path = |path: &Path| path.display().to_string();
        let ready = Ready {
            url: self.entrance.url.clone(),
            tunnel: self.entrance.carrier(),
            stub_api: self.stub.as_ref().map(|stub| stub.url.clone()),
            pid: std::process::id(),
            store: self
                .recording
                .as_ref()
                .map(|recording| path(recording.path())),
            save: self.options.save.as_deref().map(path),
            targets: self.options.routes.iter().map(Route::describe).collect(),
            keys: self
                .ring
                .iter()
                .map(|key| key.source().to_string())
                .collect(),
        };
        let weak = self
            .ring
            .iter()
            .filter_map(|key| keys::weakness(key, key.default_algorithm()))
            .map(Activity::Warning);
        let resumed = self.recording.iter().flat_map(Recording::describe);
        let is_open = self.entrance.gate().is_some() && self.ring.is_empty();
        std::iter::once(Activity::Ready(ready))
            .chain(is_open.then(|| Activity::Warning(open_to_all())))
            .chain(weak)
            .chain(resumed)
            .collect()
    }
}
