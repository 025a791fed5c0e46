//! The proof that a public URL leads to this very run: a signed question through the URL, and the signed answer to it.

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::Timestamp;

/// The header that takes the question.
pub const HEADER: &str = "syncfy-hooks-probe";

/// A question holds so long, in seconds.
const LIFETIME: i64 = 60;

/// What signs the questions and answers of one run.
pub struct Seal {
    secret: Zeroizing<Vec<u8>>,
}

#[derive(Deserialize, Serialize)]
struct Claims {
    /// Which of the two it is.
    sub: Side,
    /// Chosen for each question.
    jti: String,
    /// Unix seconds.
    iat: i64,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Question,
    Answer,
}

impl Seal {
    /// Signs with this secret, which is to be random.
    #[must_use]
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self {
            secret: Zeroizing::new(secret.into()),
        }
    }

    /// A question, with an id that no other has.
    #[must_use]
    pub fn question(&self, id: &str, now: Timestamp) -> String {
        self.sign(Side::Question, id.to_owned(), now)
    }

    /// The answer to a question of this run; none to any other, or to one that is old.
    #[must_use]
    pub fn answer(&self, question: &str, now: Timestamp) -> Option<String> {
        let id = self.id_of(Side::Question, question, now)?;
        Some(self.sign(Side::Answer, id, now))
    }

    /// Whether this is the answer to the question with this id.
    #[must_use]
    pub fn is_answer(&self, text: &str, id: &str, now: Timestamp) -> bool {
        self.id_of(Side::Answer, text, now).as_deref() == Some(id)
    }

    fn sign(&self, sub: Side, jti: String, now: Timestamp) -> String {
        let iat = now.as_second();
        let key = EncodingKey::from_secret(&self.secret);
        encode(&Header::default(), &Claims { sub, jti, iat }, &key)
            .expect("a secret of any length signs with HS256")
    }

    fn id_of(&self, side: Side, token: &str, now: Timestamp) -> Option<String> {
        // The time is judged by the one clock.
        let mut validation = Validation {
            validate_exp: false,
            ..Validation::default()
        };
        validation.required_spec_claims.clear();
        let key = DecodingKey::from_secret(&self.secret);
        let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
        let age = now.as_second().saturating_sub(claims.iat);
        (claims.sub == side && (-LIFETIME..=LIFETIME).contains(&age)).then_some(claims.jti)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_run_answers_and_only_to_the_same_question() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let later = Timestamp::from_second(1_800_000_061).unwrap();
        let (seal, other) = (Seal::new([1; 32]), Seal::new([2; 32]));
        let question = seal.question("a", now);
        let answer = seal.answer(&question, now).unwrap();
        assert!(seal.is_answer(&answer, "a", now));
        assert!(!seal.is_answer(&answer, "b", now));
        assert!(!seal.is_answer(&question, "a", now), "an echo is no answer");
        assert!(!other.is_answer(&answer, "a", now));
        assert!(!seal.is_answer(&answer, "a", later));
        assert_eq!(other.answer(&question, now), None);
        assert_eq!(seal.answer(&question, later), None);
        assert_eq!(seal.answer(&answer, now), None);
        assert_eq!(seal.answer("", now), None);
    }
}
