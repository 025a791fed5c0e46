//! What most likely is wrong when a target does not take a notification, and what to do.

use super::outcome::Outcome;

/// Advice on an answer that is not 2xx, most useful first. An outcome without an answer brings its own.
#[must_use]
pub fn on_status(outcome: &Outcome, path_is_kept: bool) -> Vec<String> {
    let Outcome::Status(status) = outcome else {
        return Vec::new();
    };
    let hint = match status {
        300..=399 => {
            "redirects are not followed, as Syncfy would not follow them; name the final URL as the target"
        }
        400 => {
            "your app could not read the request: check that its handler takes a JSON body, and reads the raw bytes \
             where it verifies the signature"
        }
        401 | 403 => {
            "your app refused the signature or a secret: check that it has the same JWT key and reads the header \
             `request-signature`; a header of its own can be added with `-H`, and `replay --sign` signs anew"
        }
        404 if path_is_kept => {
            "your app has no route for the path that was called: name it in the target, as in `3000/webhooks`"
        }
        404 => "your app has no route for this path: compare it with the route in your code",
        405 => "your app has the route, but not for POST",
        408 | 504 => "your app took too long: answer first, and do the work afterwards",
        413 => "your app limits the length of a body: raise the limit of its JSON parser",
        415 => "your app does not take this content type: check what its handler expects",
        429 => "your app limits the rate: lower `--concurrency`",
        500..=599 => "your app failed while it handled the event: its own log says why",
        _ => return Vec::new(),
    };
    vec![hint.into()]
}
