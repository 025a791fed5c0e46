//! Which targets can be reached, and what has to be fetched from the history for those that can.

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Forwarder;
use super::delivery::unparked;
use crate::commands::listen::event::Event;
use crate::commands::listen::waiting::Mark;
use crate::domain::activity::{Reach, TargetStanding, Warning};
use crate::domain::outage::Outage;
use crate::domain::target::Target;
use crate::http;
use crate::store::{Page, Store, StoreError};

/// Requests of about so many bytes are fetched from the history at once.
const AT_ONCE: usize = 8 * 1024 * 1024;

/// How long to rest when they cannot be read.
const REST: std::time::Duration = std::time::Duration::from_secs(1);

/// What is known of each target.
pub(super) struct Reachability {
    targets: Vec<State>,
    /// Probes of targets that cannot be reached: the target, and whether it can.
    pub(super) probes: JoinSet<(usize, bool)>,
    pub(super) loads: JoinSet<Loaded>,
}

#[derive(Default)]
struct State {
    /// While it cannot be reached.
    outage: Option<Outage>,
    is_probing: bool,
    /// How many deliveries were waiting when that was last said.
    told: u64,
    is_loading: bool,
    /// Whether the history could not be read when that was last tried.
    is_failing: bool,
    /// The newest notification that was fetched from the history.
    fetched: u64,
}

/// What was fetched from the history.
pub(super) struct Loaded {
    target: usize,
    mark: Mark,
    page: Result<Page, StoreError>,
}

impl Reachability {
    pub(super) fn new(targets: usize) -> Self {
        Self {
            targets: std::iter::repeat_with(State::default)
                .take(targets)
                .collect(),
            probes: JoinSet::new(),
            loads: JoinSet::new(),
        }
    }

    /// Whether the target has been away for longer than so many retries.
    pub(super) fn is_given_up(&self, target: usize, retries: u32) -> bool {
        let state = self.targets.get(target);
        state
            .and_then(|state| state.outage.as_ref())
            .is_some_and(|outage| outage.has_outlasted(retries))
    }

    /// Fetches the next deliveries from the history, unless that is being done.
    pub(super) fn load(&mut self, target: usize, mark: Mark, name: String, store: &Store) {
        let Some(state) = self.targets.get_mut(target) else {
            return;
        };
        if state.is_loading {
            return;
        }
        state.is_loading = true;
        let (after, store) = (state.fetched, store.clone());
        self.loads.spawn(async move {
            let page = store.parked(&name, after, AT_ONCE).await;
            if page.is_err() {
                sleep(REST).await;
            }
            Loaded { target, mark, page }
        });
    }

    /// Tries after a while whether the target can be reached.
    fn probe(&mut self, number: usize, target: &Target) {
        let Some(state) = self.targets.get_mut(number) else {
            return;
        };
        let (Some(outage), Some((host, port))) = (&state.outage, target.host_and_port()) else {
            return;
        };
        state.is_probing = true;
        let rest = outage.rest(fastrand::f64());
        self.probes.spawn(async move {
            sleep(rest).await;
            (number, http::answers(&host, port).await)
        });
    }
}

impl Forwarder {
    /// Holds back what goes to a target that cannot be reached, until a probe says that it can.
    pub(super) async fn go_down(&mut self, target: usize) {
        let Some(state) = self.reach.targets.get_mut(target) else {
            return;
        };
        match &mut state.outage {
            // Attempts that were under way together fail together.
            Some(_) if state.is_probing => return,
            Some(outage) => outage.go_on(),
            None => state.outage = Some(Outage::begin()),
        }
        let is_probing = state.is_probing;
        self.backlog.hold(target, true);
        // A probe may be under way since before it was back for a moment.
        if !is_probing {
            self.reach.probe(target, self.settings.targets.get(target));
        }
        self.tell_standing(target).await;
    }

    /// A target has answered.
    pub(super) async fn come_back(&mut self, target: usize) {
        let was_down = self
            .reach
            .targets
            .get_mut(target)
            .is_some_and(|state| state.outage.take().is_some());
        if was_down {
            self.backlog.hold(target, false);
            self.tell_standing(target).await;
        }
    }

    /// Lets deliveries go to a target that can be reached again, or waits on.
    pub(super) async fn end_probe(&mut self, target: usize, answers: bool) {
        let Some(state) = self.reach.targets.get_mut(target) else {
            return;
        };
        state.is_probing = false;
        let Some(outage) = &mut state.outage else {
            return;
        };
        if answers {
            // The outage is over once it has answered a request.
            self.backlog.hold(target, false);
            return;
        }
        outage.go_on();
        self.reach.probe(target, self.settings.targets.get(target));
        self.tell_standing(target).await;
    }

    /// Takes in what was fetched from the history.
    pub(super) async fn end_load(&mut self, loaded: Loaded) {
        let Loaded { target, mark, page } = loaded;
        let Some(state) = self.reach.targets.get_mut(target) else {
            return;
        };
        state.is_loading = false;
        let Page { parked, is_last } = match page {
            Ok(page) => page,
            // It is tried again, and said once.
            Err(_) if state.is_failing => return,
            Err(error) => {
                state.is_failing = true;
                let warning = Warning {
                    code: "store-failed",
                    message: format!("what waits in the history cannot be read: {error}"),
                    hints: Vec::new(),
                };
                return self.tell(Event::Warned(warning)).await;
            }
        };
        state.is_failing = false;
        if let Some(last) = parked.last() {
            state.fetched = last.notification;
        }
        let bytes: Vec<usize> = parked
            .iter()
            .map(|parked| parked.capture.body.len())
            .collect();
        let was_all = is_last.then_some(mark);
        self.waiting.load(target, &bytes, was_all);
        for parked in parked {
            let is_own = parked.notification > self.settings.resumed_through;
            let job = unparked(parked, target, is_own, self.settings.ordered);
            self.backlog.push(job);
        }
    }

    /// Says how many deliveries wait for a target, when that has changed since it was last said.
    async fn tell_standing(&mut self, target: usize) {
        let waiting = self.waiting.count_for(target);
        let Some(state) = self.reach.targets.get_mut(target) else {
            return;
        };
        let is_down = state.outage.is_some();
        if is_down && state.told == waiting {
            return;
        }
        state.told = if is_down { waiting } else { 0 };
        let standing = TargetStanding {
            target: self.settings.targets.get(target).to_string(),
            state: if is_down { Reach::Down } else { Reach::Up },
            waiting,
        };
        self.tell(Event::Target(standing)).await;
    }
}
