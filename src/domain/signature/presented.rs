//! What a sender presents to be judged: a token, and all that came with it.

use super::binding::BodyBinding;
use super::header::Found;
use super::token::ClaimSet;
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
