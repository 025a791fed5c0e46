//! Tokens that no receiver in good order takes: what `harden` attacks with.
//!
//! Owns how they differ from good ones; refuses to know where they are sent.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use serde::Serialize;

use super::algorithm::Algorithm;
use super::claims::Claims;
use super::key::{Key, Reading};
use super::secret::Secret;

/// A token whose header names this algorithm, and whose signature is empty.
#[must_use]
pub fn without_signature(alg: &str, claims: Claims) -> String {
    signing_input(alg, None, claims) + "."
}

/// Tokens whose header names an algorithm that does not go with the key, and the names of those algorithms: to a shared
/// secret, tokens for key pairs that are signed with HMAC by the secret all the same; to a key pair, HMAC by nothing.
#[must_use]
pub fn of_other_algorithms(claims: &Claims, key: &Key) -> Vec<(Algorithm, String)> {
    let nothing = Reading::of_secret(Secret::new(Vec::new()));
    let (names, reading): (&[Algorithm], _) = if key.is_shared_secret() {
        let names = &[Algorithm::Rs256, Algorithm::Es256];
        (names, Some(key.first_reading()))
    } else {
        (&[Algorithm::Hs256], nothing.as_ref())
    };
    let Some(maker) = reading.and_then(Reading::maker) else {
        return Vec::new();
    };
    let forge = |alg: &Algorithm| {
        let input = signing_input(alg.name(), key.kid(), claims.clone());
        let signature = maker.sign(input.as_bytes(), Algorithm::Hs256)?;
        Some((*alg, format!("{input}.{signature}")))
    };
    names.iter().filter_map(forge).collect()
}

/// The token with another signature of the same length: what any other key of the kind would have made of it, for whoever
/// has the right one.
#[must_use]
pub fn signed_by_another_key(token: &str, random: &mut Rng) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let length = base64::decoded_len_estimate(signature.len());
    let mut bytes = URL_SAFE_NO_PAD
        .decode(signature)
        .unwrap_or_else(|_| vec![0; length]);
    random.fill(&mut bytes);
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// Header and claims, as they are signed.
fn signing_input(alg: &str, kid: Option<&str>, claims: Claims) -> String {
    #[derive(Serialize)]
    struct Made<'a> {
        alg: &'a str,
        typ: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<&'a str>,
    }

    let made = Made {
        alg,
        typ: "JWT",
        kid,
    };
    // Three strings can always be written.
    let header = serde_json::to_vec(&made).unwrap_or_default();
    let mut input = URL_SAFE_NO_PAD.encode(header);
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.into_json(), &mut input);
    input
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{Reason, Token, sign};
    use super::*;

    fn claims() -> Claims {
        Claims::new(Timestamp::UNIX_EPOCH, 300)
    }

    #[test]
    fn none_has_three_parts() {
        let token = without_signature("nOnE", claims());
        let parsed = Token::parse(token.as_bytes()).unwrap();
        assert_eq!(parsed.alg(), "nOnE");
        assert_eq!(parsed.algorithm(), Err(Reason::AlgorithmNone));
        assert!(token.ends_with('.'));
    }

    #[test]
    fn another_algorithm_is_signed_by_the_secret_all_the_same() {
        let key = Key::parse(b"text:secret", "k").unwrap();
        let tokens = of_other_algorithms(&claims(), &key);
        let names: Vec<_> = tokens.iter().map(|(alg, _)| *alg).collect();
        assert_eq!(names, [Algorithm::Rs256, Algorithm::Es256]);
        for (alg, token) in &tokens {
            let parsed = Token::parse(token.as_bytes()).unwrap();
            assert_eq!(parsed.algorithm(), Ok(*alg));
            assert!(parsed.is_signed_by(key.first_reading(), Algorithm::Hs256));
            assert!(!key.may_verify(*alg));
        }
    }

    #[test]
    fn another_key_makes_another_signature_of_the_same_length() {
        let key = Key::parse(b"text:secret", "k").unwrap();
        let right = sign(claims(), &key, Algorithm::Hs256).unwrap();
        let wrong = signed_by_another_key(&right, &mut Rng::with_seed(1));
        assert_eq!(wrong.len(), right.len());
        let parsed = Token::parse(wrong.as_bytes()).unwrap();
        assert!(!parsed.is_signed_by(key.first_reading(), Algorithm::Hs256));
    }
}
