//! `harden`: puts one's own endpoint to the test.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use fastrand::Rng;
use tokio::task::JoinSet;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::keys::{self, KeySources};
use super::send::millis;
use super::{Context, task};
use crate::domain::activity::{Activity, CheckEntry, CheckResult, Checked, HardenSummary, Warning};
use crate::domain::harden::{
    self, Attack, Check, Expect, Finding, Forge, Reaction, Selection, Shot, Signer, Standing,
    Terms, Unarmed,
};
use crate::domain::headers::Header;
use crate::domain::latencies::Latencies;
use crate::domain::notification::Environment;
use crate::domain::signature::{Algorithm, Key, KeyRing, SignError};
use crate::domain::target::Target;
use crate::exit::ExitStatus;
use crate::http::{Prober, SendError, Trust, addresses, is_private, reachable};
use crate::report::Report;
use crate::shutdown::Signals;

/// What `harden` is to do.
pub enum Options {
    /// Attack an endpoint.
    Attack(Box<Assault>),
    /// Print the page of a check.
    Explain(String),
    /// Print a line for each check.
    List,
}

/// An attack on an endpoint.
pub struct Assault {
    /// The endpoint.
    pub target: Target,
    /// The host that the user says is theirs.
    pub own_host: Option<String>,
    /// Where the keys are.
    pub keys: KeySources,
    /// The algorithm; that of the key unless one is named.
    pub algorithm: Option<Algorithm>,
    /// The header that carries the token.
    pub signature_header: String,
    /// Headers that are added to each request, in place of those of the same name.
    pub headers: Vec<Header>,
    /// The environment that the endpoint is for.
    pub environment: Environment,
    /// Which checks are made.
    pub selection: Selection,
    /// What is granted to the endpoint.
    pub terms: Terms,
    /// Whether any certificate is trusted.
    pub insecure: bool,
    /// One more certificate authority.
    pub ca: Option<PathBuf>,
}

/// Attacks an endpoint, or tells about the checks.
///
/// # Errors
///
/// When the endpoint cannot be reached or is not the user's own, or when a key cannot be used.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    match options {
        Options::Explain(name) => {
            let entry = CheckEntry::of(harden::named(&name)?, true);
            context.ui.show(&Activity::CheckEntry(entry))?;
            Ok(ExitStatus::Yes)
        }
        Options::List => {
            for check in harden::all() {
                let entry = CheckEntry::of(check, false);
                context.ui.show(&Activity::CheckEntry(entry))?;
            }
            Ok(ExitStatus::Yes)
        }
        Options::Attack(mut assault) => {
            let ring = keys::load(std::mem::take(&mut assault.keys))?;
            let signer = assault.signer(&ring)?;
            let stranger = stranger(signer)?;
            if signer.is_none() {
                context.ui.caution(no_key())?;
            }
            let forge = Forge {
                signer,
                stranger: &stranger,
                header: &assault.signature_header,
                environment: assault.environment,
                random: Rng::with_seed(u64::from_le_bytes(random()?)),
                now: context.clock.now(),
            };
            super::run_to_the_end(async { assault.begin(forge).await?.run(context).await })
        }
    }
}

impl Assault {
    /// What the endpoint trusts, where a key was given.
    fn signer<'k>(&self, ring: &'k KeyRing) -> Result<Option<Signer<'k>>, Report> {
        if ring.is_empty() {
            return Ok(None);
        }
        let key = ring
            .signer(Some(self.environment))
            .ok_or(SignError::NoKey)?;
        let algorithm = self.algorithm.unwrap_or(key.default_algorithm());
        if key.is_public() {
            return Err(SignError::Public.into());
        }
        if !key.may_sign(algorithm) {
            return Err(SignError::NotAllowed(algorithm).into());
        }
        let is_of_the_other = |other: &&Key| {
            let environment = other.source().environment();
            environment.is_some_and(|environment| environment != self.environment)
        };
        Ok(Some(Signer {
            key,
            algorithm,
            other: ring.iter().find(is_of_the_other),
        }))
    }

    /// Finds the endpoint, and makes sure that it may be attacked.
    async fn begin<'a>(&'a self, forge: Forge<'a>) -> Result<Session<'a>, Report> {
        let url = self.target.url("/");
        let unreachable = |error: &SendError| {
            let report = Report::new("target-unreachable", format!("`{url}`: {error}"));
            error.hints().into_iter().fold(report, Report::hint)
        };
        let (host, port) = self
            .target
            .host_and_port()
            .ok_or_else(|| Report::new("target-invalid", format!("`{url}` has no host")))?;
        let found = addresses(&host, port)
            .await
            .map_err(|error| unreachable(&error))?;
        self.may_be_attacked(&host, &found)?;
        let address = reachable(&found)
            .await
            .map_err(|error| unreachable(&error))?;
        let trust = match self.target.is_https() {
            false => Trust::Unneeded,
            true if self.insecure => Trust::Anything,
            true => Trust::System(self.ca.clone()),
        };
        let prober = Prober::new(&url, address, &trust, self.terms.timeout)
            .map_err(|error| Report::new("target-invalid", error.to_string()))?;
        Ok(Session {
            assault: self,
            forge,
            prober,
            standing: None,
            death: None,
            summary: HardenSummary {
                target: url,
                ..HardenSummary::default()
            },
        })
    }

    /// # Errors
    ///
    /// When the host is elsewhere and the user did not say that it is theirs.
    fn may_be_attacked(&self, host: &str, found: &[SocketAddr]) -> Result<(), Report> {
        let is_named = |own: &String| own.eq_ignore_ascii_case(host);
        if found.iter().all(|address| is_private(address.ip()))
            || self.own_host.as_ref().is_some_and(is_named)
        {
            return Ok(());
        }
        Err(Report::new(
            "host-not-own",
            format!("`{host}` is neither this machine nor in a private network"),
        )
        .hint(format!(
            "only attack what is yours: if this host is, say so with `--i-own-this-host {host}`"
        )))
    }
}

/// A key that nobody trusts, like the one that is.
fn stranger(signer: Option<Signer<'_>>) -> Result<Key, Report> {
    let algorithm = signer
        .map(|signer| signer.algorithm)
        .filter(|algorithm| Algorithm::HMAC.contains(algorithm))
        .unwrap_or_default();
    let secret = Zeroizing::new(random::<64>()?);
    let secret = secret.get(..algorithm.key_bytes()).unwrap_or(&*secret);
    let kid = signer.and_then(|signer| signer.key.kid());
    let text = Key::generate(secret, algorithm, kid);
    Ok(Key::parse(text.as_bytes(), "a random key")?)
}

fn random<const N: usize>() -> Result<[u8; N], Report> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Report::new("random-failed", error.to_string()))?;
    Ok(bytes)
}

fn no_key() -> Warning {
    Warning {
        code: "no-key",
        message: "no key was given: what has to be signed is left out".into(),
        hints: vec![
            "give the key of your endpoint with `--key-file FILE`, or set `SYNCFY_HOOKS_KEY` to it"
                .into(),
        ],
    }
}

/// One run against an endpoint.
struct Session<'a> {
    assault: &'a Assault,
    forge: Forge<'a>,
    prober: Prober,
    standing: Option<Standing>,
    /// The check after which the endpoint did its work no more.
    death: Option<&'static Check>,
    summary: HardenSummary,
}

impl Session<'_> {
    /// Makes one check after the other, until a request to stop.
    async fn run(mut self, context: &mut Context) -> Result<ExitStatus, Report> {
        let mut signals =
            Signals::listen().map_err(|error| Report::new("signals-failed", error.to_string()))?;
        let begin = Instant::now();
        let control = harden::control();
        let others = harden::all()
            .iter()
            .filter(|check| !std::ptr::eq(*check, control));
        for check in std::iter::once(control).chain(others) {
            let is_wanted = self.assault.selection.takes(check);
            if !is_wanted && !std::ptr::eq(check, control) {
                continue;
            }
            self.forge.now = context.clock.now();
            let checked = tokio::select! {
                biased;
                () = signals.next() => {
                    self.summary.stopped = true;
                    break;
                }
                checked = self.check(check) => checked?,
            };
            // Where the control fails, it is the reason for all that is left out.
            if is_wanted || checked.result == CheckResult::Fail {
                self.count(checked.result);
                context.ui.show(&Activity::Checked(checked))?;
                context.ui.flush()?;
            }
        }
        self.summary.elapsed_ms = millis(begin.elapsed());
        let is_good = self.summary.failed == 0 && !self.summary.stopped;
        context.ui.show(&Activity::Hardened(self.summary))?;
        Ok(ExitStatus::answer(is_good))
    }

    fn count(&mut self, result: CheckResult) {
        let counter = match result {
            CheckResult::Pass => &mut self.summary.passed,
            CheckResult::Fail => &mut self.summary.failed,
            CheckResult::Skip => &mut self.summary.skipped,
        };
        *counter += 1;
    }

    async fn check(&mut self, check: &'static Check) -> Result<Checked, Report> {
        let standing = self.standing.as_ref();
        if let Some(reason) = standing.and_then(|standing| standing.obstacle(check)) {
            return Ok(skipped(check, reason.to_owned()));
        }
        if let Some(death) = self.death {
            let reason = format!("the endpoint did not survive `{}`", death.name);
            return Ok(skipped(check, reason));
        }
        let attack = match check.plan(&mut self.forge) {
            Ok(attack) => attack,
            Err(Unarmed::NoKey) => return Ok(skipped(check, Unarmed::NoKey.to_string())),
            Err(Unarmed::Sign(error)) => return Err(error.into()),
        };
        let shots = self.fire(attack).await;
        if check.name == "fast" {
            self.measure(&shots);
        }
        let mut finding = check.judge(&shots, &self.assault.terms);
        let Some(standing) = self.standing.clone() else {
            return Ok(self.first(check, &shots, finding));
        };
        let is_gone = shots
            .iter()
            .any(|shot| matches!(shot.reaction, Reaction::Absent(_)));
        if check.expect == Expect::Survive || is_gone {
            let later = self.control().await?;
            if !standing.still_holds(&later) {
                self.death = Some(check);
                finding = finding.deadly(&later, &self.assault.terms);
                finding.remedy.get_or_insert_with(|| check.remedy());
            }
        }
        Ok(checked(check, finding))
    }

    /// What the control says, which goes first.
    fn first(&mut self, check: &'static Check, shots: &[Shot], finding: Finding) -> Checked {
        let reaction = shots.first().map(|shot| &shot.reaction);
        let reaction = reaction.unwrap_or(&Reaction::TimedOut);
        let standing = Standing::of(reaction, self.forge.signer.is_some());
        let is_guarded = standing == Standing::Guarded;
        self.standing = Some(standing);
        if is_guarded {
            let reason = format!("it needs a key: {}", finding.seen);
            return skipped(check, reason);
        }
        checked(check, finding)
    }

    /// What the endpoint does with a right notification now.
    async fn control(&mut self) -> Result<Reaction, Report> {
        let attack = match harden::control().plan(&mut self.forge) {
            Ok(attack) => attack,
            Err(error) => return Err(Report::new("sign-failed", error.to_string())),
        };
        let shots = self.fire(attack).await;
        let shot = shots.into_iter().next();
        Ok(shot.map_or(Reaction::TimedOut, |shot| shot.reaction))
    }

    /// Sends the requests of an attack. Those that are sent at once are told in their order all the same.
    async fn fire(&self, attack: Attack) -> Vec<Shot> {
        let mut shots = Vec::new();
        for volley in attack.0 {
            let mut sending = JoinSet::new();
            for (place, mut probe) in volley.into_iter().enumerate() {
                for header in &self.assault.headers {
                    probe.headers.remove(&header.name);
                }
                for header in &self.assault.headers {
                    probe.headers.push(header.clone());
                }
                let prober = self.prober.clone();
                sending.spawn(async move {
                    let (reaction, latency) = prober.send(&probe).await;
                    (place, probe.label, reaction, latency)
                });
            }
            let mut volley = Vec::new();
            while let Some(ended) = sending.join_next().await {
                volley.extend(task::outcome(ended));
            }
            volley.sort_unstable_by_key(|(place, ..)| *place);
            shots.extend(volley.into_iter().map(shot));
        }
        shots
    }

    fn measure(&mut self, shots: &[Shot]) {
        let mut latencies = Latencies::default();
        for shot in shots.iter().filter(|shot| shot.reaction.is_accepting()) {
            latencies.add(shot.latency_ms);
        }
        self.summary.p50_ms = latencies.percentile(50);
        self.summary.p95_ms = latencies.percentile(95);
    }
}

fn shot((_, label, reaction, latency): (usize, String, Reaction, Duration)) -> Shot {
    Shot {
        label,
        reaction,
        latency_ms: millis(latency),
    }
}

fn checked(check: &Check, finding: Finding) -> Checked {
    Checked {
        code: check.code,
        name: check.name,
        expect: check.expect,
        result: if finding.passes {
            CheckResult::Pass
        } else {
            CheckResult::Fail
        },
        status: finding.status,
        latency_ms: finding.latency_ms,
        remedy: finding.remedy.filter(|_| !finding.passes),
        seen: finding.seen,
    }
}

fn skipped(check: &Check, reason: String) -> Checked {
    Checked {
        code: check.code,
        name: check.name,
        expect: check.expect,
        result: CheckResult::Skip,
        status: None,
        latency_ms: None,
        remedy: None,
        seen: reason,
    }
}
