//! `sign`: makes the JWT that Syncfy would send with a notification.

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;

use super::Context;
use super::keys::{self, KeySources};
use super::notifications::{Found, Origin};
use crate::domain::activity::{Activity, Signed, Warning};
use crate::domain::capture::Capture;
use crate::domain::curl;
use crate::domain::encoding;
use crate::domain::headers::Header;
use crate::domain::notification::{EventFilter, Notification};
use crate::domain::signature::{
    self, Algorithm, ClaimMap, ClaimSet, Claims, DEFAULT_NAMES, KeyRing, Shape, SignError, Token,
};
use crate::exit::ExitStatus;
use crate::files::{Pace, STDIN};
use crate::report::Report;
use crate::ui::Format;

/// What to sign, and how.
pub struct Options {
    /// The notifications.
    pub origin: Origin,
    /// The events whose notifications are signed.
    pub events: EventFilter,
    /// The keys. The first one signs.
    pub keys: KeySources,
    /// The user's own claims.
    pub claims: Option<OwnClaims>,
    /// The algorithm; that of the key unless one is named.
    pub algorithm: Option<Algorithm>,
    /// From `iat` to `exp`, in seconds.
    pub lifetime_seconds: i64,
    /// The time of signing, unless it is now.
    pub at: Option<Timestamp>,
    /// What to print, where the user said so.
    pub output: Option<Output>,
}

/// Claims that are added to the default ones.
#[derive(Clone, Debug)]
pub enum OwnClaims {
    /// The claims themselves.
    Given(ClaimMap),
    /// A file with a JSON object.
    File(PathBuf),
}

/// What is printed for each notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The token.
    Token,
    /// The header line that carries it.
    Header,
    /// A shell command that posts the notification with it.
    Curl {
        /// Where it posts to.
        url: String,
    },
    /// Everything, as a JSON line.
    Json,
}

/// Signs every notification of the source.
///
/// # Errors
///
/// When there is no key or it does not allow the algorithm, or when something cannot be read.
pub fn run(options: Options, context: &mut Context) -> Result<ExitStatus, Report> {
    let ring = keys::load(options.keys)?;
    if ring.is_empty() {
        return Err(keys::missing());
    }
    for key in ring.iter() {
        let algorithm = options.algorithm.unwrap_or(key.default_algorithm());
        if key.may_sign(algorithm) {
            if key.first_reading().shape() == Shape::Text
                && key.readings().any(|reading| reading.shape() == Shape::Hex)
            {
                keys::warn_if_ambiguous(key, context)?;
            }
            keys::warn_if_weak(key, algorithm, context)?;
        }
    }
    let signer = Signer {
        ring: &ring,
        algorithm: options.algorithm,
        now: options.at.unwrap_or_else(|| context.clock.now()),
        lifetime_seconds: options.lifetime_seconds,
        own: match options.claims {
            Some(claims) => claims.read()?,
            None => ClaimMap::new(),
        },
    };
    let output = options.output.unwrap_or(match context.ui.format() {
        Format::Json => Output::Json,
        _ => Output::Token,
    });
    let source = options.origin.locate(None)?;
    let mut notifications = source.read_wanted(Pace::Exact, &options.events)?.peekable();
    if notifications.peek().is_none() {
        return Err(source.nothing(&options.events));
    }
    for found in notifications {
        let found = found?;
        let saved = found.saved()?;
        warn_if_not_json(&found, &saved.capture, context)?;
        let made = signer.sign(&saved.capture, &found)?;
        let text = match &output {
            Output::Token => format!("{}\n", made.token),
            Output::Header => format!("{}: {}\n", made.header, made.token),
            Output::Curl { url } => {
                let file = file_of(&found).filter(|_| !saved.is_capture);
                format!(
                    "{}\n",
                    curl::command(url, &carrying(&made, &saved.capture), &[], file)
                )
            }
            Output::Json => {
                let line = Activity::Signature(made);
                context.ui.show_as(Format::Json, &line)?;
                continue;
            }
        };
        context.ui.data(text.as_bytes())?;
    }
    Ok(ExitStatus::Yes)
}

impl OwnClaims {
    fn read(self) -> Result<ClaimMap, Report> {
        let path = match self {
            Self::Given(claims) => return Ok(claims),
            Self::File(path) => path,
        };
        let name = path.display();
        let text = fs::read(&path).map_err(|error| {
            Report::new(
                "claims-unreadable",
                format!("cannot read the claims in `{name}`: {error}"),
            )
            .hint("`--claims` takes a file, or a JSON object such as `'{\"iss\":\"me\"}'`")
        })?;
        serde_json::from_slice(&text).map_err(|error| {
            Report::new(
                "claims-invalid",
                format!("the claims in `{name}` are not a JSON object: {error}"),
            )
        })
    }
}

/// Everything that the tokens of one run have in common.
struct Signer<'a> {
    ring: &'a KeyRing,
    algorithm: Option<Algorithm>,
    now: Timestamp,
    lifetime_seconds: i64,
    own: ClaimMap,
}

impl Signer<'_> {
    fn sign(&self, capture: &Capture, found: &Found) -> Result<Signed, Report> {
        let readable = encoding::readable(&capture.headers, &capture.body);
        let outline = Notification::read(&readable).map(|notification| notification.outline());
        let outline = outline.unwrap_or_default();
        let key = self.ring.signer(outline.environments().next());
        let key = key.ok_or(SignError::NoKey)?;
        let algorithm = self.algorithm.unwrap_or(key.default_algorithm());
        let claims = Claims::new(self.now, self.lifetime_seconds)
            .covering(&capture.body, outline.rid.as_deref())
            .with(self.own.clone());
        let token = signature::sign(claims, key, algorithm)?;
        let claims = Token::parse(token.as_bytes())
            .and_then(|made| made.claims())
            .expect("a token that was just made is well-formed");
        let expires_at = ClaimSet::parse(&claims)
            .ok()
            .and_then(|claims| claims.time("exp"));
        let [header, ..] = DEFAULT_NAMES;
        Ok(Signed {
            header,
            token,
            alg: algorithm,
            kid: key.kid().map(str::to_owned),
            claims,
            expires_at,
            source: found.place(),
            id: found.id(),
        })
    }
}

/// The file whose bytes are those of the notification, where there is one.
fn file_of(found: &Found) -> Option<&str> {
    match found {
        Found::Text(item) if item.is_whole && item.source != STDIN => Some(&item.source),
        _ => None,
    }
}

/// The request that carries the token: the capture's headers that tell how to read the body, and the signature.
fn carrying(made: &Signed, capture: &Capture) -> Capture {
    let mut request = Capture::bare(capture.body.clone());
    let json = Header::new("content-type", "application/json");
    let recorded = |name| {
        capture
            .headers
            .iter()
            .find(|header| header.is(name))
            .cloned()
    };
    request
        .headers
        .push(recorded("content-type").unwrap_or(json));
    if let Some(coding) = recorded("content-encoding") {
        request.headers.push(coding);
    }
    request
        .headers
        .push(Header::new(made.header, made.token.as_str()));
    request
}

/// Any bytes can be signed, but whoever signs something else than JSON has most likely named the wrong file.
fn warn_if_not_json(found: &Found, capture: &Capture, context: &mut Context) -> Result<(), Report> {
    let readable = encoding::readable(&capture.headers, &capture.body);
    if Notification::read(&readable).is_ok() {
        return Ok(());
    }
    let (what, hints) = if readable.is_empty() {
        ("is empty", Vec::new())
    } else {
        let hint = "see what is wrong with `syncfy-hooks validate`";
        ("is not JSON", vec![hint.to_owned()])
    };
    Ok(context.ui.caution(Warning {
        code: "body-not-json",
        message: format!("`{}` {what}; it is signed as it is", found.place()),
        hints,
    })?)
}
