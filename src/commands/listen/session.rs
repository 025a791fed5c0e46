//! One run of `listen`: everything that can fail first, then the tasks, then the dispatcher.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Options;
use super::demo::Demo;
use super::dispatcher::{Dispatcher, End, Phase, reached};
use super::event::Event;
use super::forwarder::{self, MOST_WAITING, Settings, Waiting};
use super::receiver::{Post, Recorder, Wires};
use super::tally::Tally;
use crate::clock::Clock;
use crate::commands::send::Sender;
use crate::commands::{Context, keys, task};
use crate::domain::activity::{Activity, Ready};
use crate::domain::delivery::RetryPolicy;
use crate::domain::route::Route;
use crate::domain::signature::{KeyRing, Verifier};
use crate::exit::ExitStatus;
use crate::files::{self, Folder};
use crate::http::{self, Limits};
use crate::report::Report;
use crate::shutdown::Signals;
use crate::ui::{Outlet, Pressure};

/// What the dispatcher may lag behind, in events.
const EVENTS: usize = 1024;

/// What a connection may take.
const LIMITS: Limits = Limits {
    connections: 512,
    head: Duration::from_secs(10),
    body: Duration::from_secs(30),
    body_length: 0,
};

/// A run that is ready to begin: whatever a user may have to mend was tried before.
pub(super) struct Session {
    options: Options,
    signals: Signals,
    ring: KeyRing,
    demo: Option<Demo>,
    listener: TcpListener,
    url: String,
    folder: Option<Folder>,
    last_id: u64,
    sender: Sender,
}

impl Session {
    /// Does everything that can fail.
    pub(super) async fn prepare(mut options: Options, context: &Context) -> Result<Self, Report> {
        let signals =
            Signals::listen().map_err(|error| Report::new("signals-failed", error.to_string()))?;
        let mut ring = keys::load(std::mem::take(&mut options.keys))?;
        let demo = if options.demo {
            Some(Demo::prepare(&mut ring, &options, context.clock)?)
        } else {
            None
        };
        let (listener, url) = bind(options.address, options.path.as_deref()).await?;
        refuse_a_loop(&options.routes, &listener)?;
        let (folder, last_id) = match &options.save {
            Some(path) => open_folder(path).map(|(folder, last_id)| (Some(folder), last_id))?,
            None => (None, 0),
        };
        let sender = Sender::new(
            &options.send,
            options.routes.iter().map(|route| &route.target),
        )?;
        if let Some(file) = &options.ready_file {
            tell_ready(file, &url)?;
        }
        Ok(Self {
            options,
            signals,
            ring,
            demo,
            listener,
            url,
            folder,
            last_id,
            sender,
        })
    }

    /// Listens until there is a reason to stop.
    pub(super) async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let stop = std::mem::take(&mut self.options.stop);
        let ready = self.describe();
        let clock = context.clock;
        let (mut outlet, output_failed) = Outlet::open(&mut context.ui);
        outlet.show(&[Activity::Ready(ready)]);
        let (phase, _) = watch::channel(Phase::Open);
        let waiting = Waiting::default();
        let mut tasks = JoinSet::new();
        let (signals, events) =
            self.spawn(&mut tasks, &phase, &waiting, (clock, outlet.pressure()));
        let tally = Tally::new(stop.count, stop.expect);
        let mut dispatcher = Dispatcher {
            signals,
            events,
            output_failed,
            tally,
            outlet,
            phase,
            waiting,
        };
        let deadline = stop.within.map(|within| Instant::now() + within);
        let ended = tokio::select! {
            never = task::supervise(&mut tasks) => match never {},
            ended = async {
                let end = dispatcher.until_the_end(deadline).await;
                dispatcher.drain(end, deadline).await
            } => ended,
        };
        let Some(end) = ended else {
            return Ok(ExitStatus::Interrupted);
        };
        let summary = dispatcher.tally.summary(dispatcher.waiting.count() as u64);
        let unmet = !summary.unmet.is_empty();
        if !dispatcher.close(summary).await? {
            return Ok(ExitStatus::Interrupted);
        }
        Ok(match end {
            End::TimedOut => ExitStatus::TimedOut,
            End::Over | End::Signal | End::OutputClosed => ExitStatus::answer(!unmet),
        })
    }

    /// Starts the server, the forwarder and the demo. What they report comes out of the receiver.
    fn spawn(
        self,
        tasks: &mut JoinSet<()>,
        phase: &watch::Sender<Phase>,
        waiting: &Waiting,
        (clock, pressure): (Clock, Pressure),
    ) -> (Signals, mpsc::Receiver<Event>) {
        let Self {
            options,
            signals,
            ring,
            demo,
            listener,
            url,
            folder,
            last_id,
            sender,
        } = self;
        let (event_sender, events) = mpsc::channel(EVENTS);
        let events_of_demo = event_sender.clone();
        let (dispatches, arriving) = mpsc::channel(MOST_WAITING);
        let settings = Settings {
            routes: Arc::clone(&options.routes),
            sender,
            retry: RetryPolicy {
                retries: options.send.retries,
            },
            concurrency: options.send.concurrency,
            ordered: options.ordered,
            clock,
        };
        let limits = Limits {
            body_length: options.max_body,
            ..LIMITS
        };
        let wires = Wires {
            waiting: waiting.clone(),
            dispatches,
            events: event_sender.clone(),
            pressure,
        };
        let verifier = Verifier::new(ring, options.leeway_seconds);
        let recorder = Recorder {
            folder,
            last_id: Arc::new(last_id.into()),
            clock,
        };
        let post = Post::new(options, verifier, recorder, wires);
        tasks.spawn(forwarder::forward(
            settings,
            arriving,
            waiting.clone(),
            event_sender,
            reached(phase, Phase::Quitting),
        ));
        tasks.spawn(http::serve(
            listener,
            limits,
            Arc::new(post),
            reached(phase, Phase::Draining),
        ));
        if let Some(demo) = demo {
            tasks.spawn(demo.post(url, events_of_demo));
        }
        (signals, events)
    }

    /// What the banner says.
    fn describe(&self) -> Ready {
        let path = |path: &Path| path.display().to_string();
        Ready {
            url: self.url.clone(),
            pid: std::process::id(),
            store: None,
            save: self.options.save.as_deref().map(path),
            targets: self.options.routes.iter().map(Route::describe).collect(),
            keys: self
                .ring
                .iter()
                .map(|key| key.source().to_string())
                .collect(),
        }
    }
}

/// A listener on the address, and its URL.
async fn bind(address: SocketAddr, path: Option<&str>) -> Result<(TcpListener, String), Report> {
    let taken = |error: &std::io::Error| {
        let report = Report::new(
            "listen-failed",
            format!("cannot listen on {address}: {error}"),
        );
        match error.kind() {
            std::io::ErrorKind::AddrInUse => report
                .hint("another program has this port: stop it, or pick another with `--listen 127.0.0.1:4001`")
                .hint("`--listen 127.0.0.1:0` picks a free port"),
            std::io::ErrorKind::PermissionDenied => report.hint("ports below 1024 need special rights: pick a higher one"),
            std::io::ErrorKind::AddrNotAvailable => report.hint("this machine has no such address: try `127.0.0.1`"),
            _ => report,
        }
    };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| taken(&error))?;
    let bound = listener.local_addr().map_err(|error| taken(&error))?;
    Ok((
        listener,
        format!("http://{bound}{}", path.unwrap_or_default()),
    ))
}

/// A listener that forwards to itself would never come to rest.
fn refuse_a_loop(routes: &[Route], listener: &TcpListener) -> Result<(), Report> {
    let Ok(own) = listener.local_addr() else {
        return Ok(());
    };
    let is_own = |route: &&Route| {
        let is_here = |host: &str| match host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address == own.ip(),
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        };
        route
            .target
            .host_and_port()
            .is_some_and(|(host, port)| port == own.port() && is_here(&host))
    };
    match routes.iter().find(is_own) {
        None => Ok(()),
        Some(route) => {
            let message = format!("the target `{}` is this listener itself", route.target);
            let hint = "name the port of your app, or listen on another one with `--listen`";
            Err(Report::new("forwarding-loop", message).hint(hint))
        }
    }
}

fn open_folder(path: &Path) -> Result<(Folder, u64), Report> {
    Folder::open(path).map_err(|error| {
        Report::new(
            "save-failed",
            format!("cannot save to `{}`: {error}", path.display()),
        )
        .hint("name a folder that can be written, or one that is to be made")
    })
}

fn tell_ready(file: &Path, url: &str) -> Result<(), Report> {
    let (path, text) = (file.to_owned(), format!("{url}\n"));
    if files::is_special(file) {
        // A pipe takes nothing until somebody reads it, and listening does not wait for that.
        tokio::task::spawn_blocking(move || files::write(&path, text.as_bytes()));
        return Ok(());
    }
    files::write(&path, text.as_bytes()).map_err(|error| {
        let name = file.display();
        let message = format!("cannot write the ready file `{name}`: {error}");
        Report::new("write-failed", message)
    })
}
