//! How the body came to be another one.

use super::Failure;
use crate::domain::signature::mismatch::MismatchCause;
use crate::domain::signature::token::{ClaimSet, Token};

/// What a forgotten reader of the body leaves of it.
const EMPTY: &str = "the body is empty here: it was read already, or lost on the way";

/// What was most likely done to the body, and what to do instead.
pub(super) fn changed(failure: &Failure<'_>) -> String {
    let cause = || {
        let claims = Token::parse(failure.token()).ok()?.claims().ok()?;
        MismatchCause::find(&ClaimSet::parse(&claims).ok()?, failure.body()?)
    };
    if failure.presented.body.is_some_and(<[u8]>::is_empty) {
        return EMPTY.to_owned();
    }
    cause().map_or_else(
        || {
            "the body was changed after signing (parsed and written again with other digits or another order, cut, or \
             wrapped), or the token belongs to another notification: pass the raw bytes on"
                .to_owned()
        },
        |cause| cause.to_string(),
    )
}
