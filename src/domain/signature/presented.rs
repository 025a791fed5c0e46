//! What a sender presents to be judged: a token, and all that came with it.

use super::binding::BodyBinding;
use super::header::{DEFAULT_NAMES, Found, find};
use super::token::{ClaimSet, Token};
use crate::domain::capture::Capture;
use crate::domain::headers::Header;
use crate::domain::notification::Outline;

/// What there is to judge: a token, and all that came with it.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    /// What the signature headers hold.
    pub token: Found<'a>,
    /// All headers, in which a hint may be found.
    pub headers: &'a [Header],
    /// The exact body as received. Without one the binding stays unknown.
    pub body: Option<&'a [u8]>,
    /// The body as it reads, where it came compressed; else the body.
    pub readable: Option<&'a [u8]>,
    /// What the notification says of itself, where there is one.
    pub outline: Option<&'a Outline>,
}

impl<'a> Presented<'a> {
    /// A token by itself.
    #[must_use]
    pub fn token(token: &'a [u8]) -> Self {
        Self {
            token: Found::One(token),
            headers: &[],
            body: None,
            readable: None,
            outline: None,
        }
    }

    /// The same token with the notification that it may cover.
    #[must_use]
    pub fn with(self, body: &'a [u8], outline: &'a Outline) -> Self {
        Self {
            body: Some(body),
            readable: Some(body),
            outline: Some(outline),
            ..self
        }
    }
}

impl<'a> Presented<'a> {
    /// What came with a request, its token under one of [`DEFAULT_NAMES`].
    #[must_use]
    pub fn of(capture: &'a Capture) -> Self {
        let headers = capture.headers.as_slice();
        Self {
            token: find(&DEFAULT_NAMES, headers),
            headers,
            body: Some(&capture.body),
            readable: None,
            outline: None,
        }
    }

    /// What the claims say of the body, whoever signed them.
    #[must_use]
    pub fn claimed_binding(&self) -> Option<BodyBinding> {
        let Found::One(token) = self.token else {
            return None;
        };
        let claims = Token::parse(token).ok()?.claims().ok()?;
        self.binding(&ClaimSet::parse(&claims).ok()?)
    }
}

impl Presented<'_> {
    /// Whether the claims cover the body. A sender may have covered it before it was compressed.
    pub(super) fn binding(&self, claims: &ClaimSet<'_>) -> Option<BodyBinding> {
        let binding = BodyBinding::judge(claims, self.body?);
        let readable = self
            .readable
            .filter(|readable| Some(*readable) != self.body);
        Some(match (binding, readable) {
            (BodyBinding::Bound, _) | (_, None) => binding,
            (_, Some(readable)) => BodyBinding::judge(claims, readable),
        })
    }
}
