//! How the body came to be another one.

use super::Failure;
use crate::domain::signature::mismatch::MismatchCause;
use crate::domain::signature::token::{ClaimSet, Token};

/// What was most likely done to the body, and what to do instead.
pub(super) fn changed(failure: &Failure<'_>) -> String {
    let cause = || {
        let claims = Token::parse(failure.token()).ok()?.claims().ok()?;
        MismatchCause::find(&ClaimSet::parse(&claims).ok()?, failure.body()?)
    };
    cause().map_or_else(
        || {
            "the body was changed after signing, or the token belongs to another notification: sign the exact bytes"
                .to_owned()
        },
        |cause| cause.to_string(),
    )
}
