//! What a token must hold to once its signature is good.
//!
//! Owns the reading of its times; refuses to know keys and signatures.

use jiff::Timestamp;

use super::reason::Reason;
use super::token::ClaimSet;

/// How far the clocks of sender and receiver may differ unless told otherwise, in seconds.
pub const DEFAULT_LEEWAY_SECONDS: u32 = 60;

/// What a token with a good signature must hold to.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// How far the clocks may differ, in seconds, when `exp`, `nbf`, `iat` and the age are checked.
    pub leeway_seconds: u32,
    /// How long ago a token may have been made by its `iat`, in seconds; any time where there is no limit.
    pub max_age_seconds: Option<u64>,
    /// Whether a claim must cover the body.
    pub require_binding: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            leeway_seconds: DEFAULT_LEEWAY_SECONDS,
            max_age_seconds: None,
            require_binding: false,
        }
    }
}

impl Policy {
    /// A token is expired on or after `exp`, and not valid before `nbf` (RFC 7519, section 4.1), give or take the leeway.
    /// The RFC rejects nothing for `iat`; a token from the future is refused all the same, since nobody makes one in good
    /// order, and its age could not be told.
    pub(super) fn check_times(&self, claims: &ClaimSet<'_>, now: Timestamp) -> Result<(), Reason> {
        let (expires, begins) = (claims.seconds("exp")?, claims.seconds("nbf")?);
        let issued = claims.seconds("iat")?;
        let now = now.as_duration().as_secs_f64();
        let leeway = f64::from(self.leeway_seconds);
        if expires.is_some_and(|expires| now >= expires + leeway) {
            return Err(Reason::Expired);
        }
        if begins.is_some_and(|begins| now + leeway < begins) {
            return Err(Reason::NotYetValid);
        }
        if issued.is_some_and(|issued| now + leeway < issued) {
            return Err(Reason::IssuedInFuture);
        }
        let Some(limit) = self.max_age_seconds else {
            return Ok(());
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "such an age is beyond any calendar"
        )]
        let limit = limit as f64;
        match issued {
            None => Err(Reason::MissingIat),
            Some(issued) if now - issued > limit + leeway => Err(Reason::TooOld),
            Some(_) => Ok(()),
        }
    }
}
