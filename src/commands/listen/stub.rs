//! The stub of the API: answers what handlers pull, and keeps account of it.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Stub;
use super::doorway::bind;
use super::event::Event;
use crate::clock::Clock;
use crate::commands::task;
use crate::domain::activity::{
    EXPECT_PULLED, NeverPulled, Pull, Pulls, Requirement, RequirementKind, Warning,
};
use crate::domain::redact;
use crate::domain::reply::{Answer, Refusal};
use crate::domain::stub::{self, Call, Endpoint, Notified, Served};
use crate::http::{self, Doors, Head, Limits, Receiver, Screening};
use crate::report::Report;
use crate::shutdown::DRAIN;

/// The longest body of a call. None is asked for.
pub(super) const LONGEST_BODY: u64 = 64 * 1024;

/// The stub, bound to its address.
pub(super) struct Bound {
    listener: TcpListener,
    pub(super) url: String,
    pub(super) ledger: Arc<Ledger>,
}

impl Bound {
    pub(super) async fn new(options: Stub) -> Result<Self, Report> {
        let (listener, url) = bind("--stub-api", options.address, "").await?;
        Ok(Self {
            listener,
            url,
            ledger: Arc::new(Ledger {
                notified: Mutex::default(),
                is_expected: options.expect_pulled,
                has_told_of_forgetting: AtomicBool::new(false),
            }),
        })
    }

    /// Serves until `stop` resolves. Calls under way then have some time to end.
    pub(super) async fn serve(
        self,
        limits: Limits,
        events: mpsc::Sender<Event>,
        clock: Clock,
        stop: impl Future<Output = ()>,
    ) {
        let desk = Desk {
            ledger: self.ledger,
            events,
            clock,
        };
        let (stopping, stopped) = oneshot::channel::<()>();
        let too_late = async {
            stop.await;
            drop(stopping);
            sleep(DRAIN).await;
        };
        let stopped = async {
            // It is never sent, only dropped.
            let _ = stopped.await;
        };
        tokio::select! {
            () = http::serve(Doors::<TcpStream>::of(self.listener), limits, Arc::new(desk), stopped) => {}
            () = too_late => {}
        }
    }
}

/// Which endpoints notifications named, and which of them were pulled.
pub(super) struct Ledger {
    notified: Mutex<Notified>,
    /// Whether all of them are to be pulled.
    is_expected: bool,
    has_told_of_forgetting: AtomicBool,
}

impl Ledger {
    fn notified(&self) -> MutexGuard<'_, Notified> {
        self.notified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the endpoints of a notification. A warning when the first is forgotten.
    pub(super) fn note(&self, body: &[u8], id: u64) -> Option<Warning> {
        let mut notified = self.notified();
        notified.note(body, id);
        let begins =
            notified.forgotten() > 0 && !self.has_told_of_forgetting.swap(true, Ordering::Relaxed);
        begins.then(|| Warning {
            code: "endpoints-forgotten",
            message: format!(
                "{} endpoints are remembered; the oldest are forgotten, and not told if they are never pulled",
                notified.count()
            ),
            hints: Vec::new(),
        })
    }

    /// Whether it has to be waited for pulls.
    pub(super) fn is_expected(&self) -> bool {
        self.is_expected
    }

    /// Whether something was named, and all that was named was pulled.
    pub(super) fn is_complete(&self) -> bool {
        let notified = self.notified();
        notified.count() > 0 && !Self::is_missing(&notified)
    }

    /// Whether something that was named was not pulled, and ought to be.
    pub(super) fn is_waiting(&self) -> bool {
        self.is_expected && Self::is_missing(&self.notified())
    }

    fn is_missing(notified: &Notified) -> bool {
        notified.pulled() < notified.count()
    }

    /// What became of all that was named.
    pub(super) fn pulls(&self) -> Pulls {
        let notified = self.notified();
        let told = |endpoint: &Endpoint| NeverPulled {
            id: endpoint.id,
            path: redact::without_secrets(&endpoint.path),
        };
        Pulls {
            endpoints_forgotten: notified.forgotten(),
            is_expected: self.is_expected,
            ..Pulls::new(notified.pulled(), notified.never_pulled().map(told))
        }
    }

    /// The expectation that everything is pulled, where it is one, and how it turned out.
    pub(super) fn requirement(&self) -> Option<Requirement> {
        let pulls = self.pulls();
        self.is_expected().then(|| Requirement {
            expect: EXPECT_PULLED.to_owned(),
            kind: RequirementKind::Pulled,
            wanted: pulls.pulled + pulls.never_pulled_count,
            seen: pulls.pulled,
            replies: None,
            met: !self.is_waiting(),
        })
    }
}

/// Answers the calls of handlers.
struct Desk {
    ledger: Arc<Ledger>,
    events: mpsc::Sender<Event>,
    clock: Clock,
}

impl Receiver for Desk {
    fn screen(&self, _: &mut Head) -> Screening {
        Screening::Pass
    }

    fn refuse(&self, _: &Head, refusal: &Refusal) -> Answer {
        Answer::from(refusal)
    }

    async fn receive(self: Arc<Self>, head: Head, _: Bytes) -> Answer {
        let target = head.target;
        // Every request target that hyper lets in begins with a slash, but for that of `OPTIONS *`.
        let call = Call::parse(&target).unwrap_or_default();
        let known = self.ledger.notified().known(&call);
        let method = head.method;
        let asked = (method.clone(), call.clone());
        // A long list is made elsewhere: meanwhile notifications are answered.
        let made = spawn_blocking(move || stub::answer(&asked.0, &asked.1, &known)).await;
        let Served { answer, items } =
            task::outcome(made).expect("what has begun is not cancelled");
        let id = self.account(&method, &call, answer.status);
        let is_sent = method == "GET";
        let pull = Pull {
            at: self.clock.now(),
            method,
            target: redact::without_secrets(&target),
            status: answer.status,
            items: items.filter(|_| is_sent),
            notified: id.is_some(),
            id,
        };
        // The dispatcher lives longer than the server.
        let _ = self.events.send(Event::Pulled(pull)).await;
        answer
    }
}

impl Desk {
    /// Notes that an endpoint was pulled, where its data was sent. Says which notification named it.
    fn account(&self, method: &str, call: &Call, status: u16) -> Option<u64> {
        let mut notified = self.ledger.notified();
        let id = notified.named_by(call);
        if method == "GET" && status == 200 {
            notified.pull(call);
        }
        id
    }
}
