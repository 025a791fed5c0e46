//! The compact JWT (RFC 7515, RFC 7519): taken apart strictly, and made.
//!
//! Owns the format. Refuses to know which keys are trusted, what time it is, and which body the token came with.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::algorithm::Algorithm;
use super::claims::Claims;
use super::encoding;
use super::key::{Key, Reading};
use super::reason::Reason;
use crate::domain::explain::Explain;

/// A compact JWT, well-formed and nothing more: neither its signature nor its claims are checked.
#[derive(Debug)]
pub struct Token<'a> {
    header: Header,
    payload: Vec<u8>,
    signing_input: &'a str,
    signature: &'a str,
}

/// The header members that matter here. Whatever else is there is only checked to be JSON.
#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<Kid>,
    #[serde(default)]
    crit: Presence,
    #[serde(default)]
    jwk: Presence,
    #[serde(default)]
    jku: Presence,
    #[serde(default)]
    x5c: Presence,
    #[serde(default)]
    x5u: Presence,
}

/// The name of a key. It is a string (RFC 7515, section 4.1.4), but numbers are seen.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Kid {
    Text(String),
    Number(serde_json::Number),
}

/// Whether a member is there, whatever its value, `null` too.
#[derive(Debug, Default)]
struct Presence(bool);

impl<'de> Deserialize<'de> for Presence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

impl Header {
    fn read(json: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(json).ok()?;
        let is_object = text.trim_ascii_start().starts_with('{');
        serde_json::from_str(text).ok().filter(|_| is_object)
    }

    /// What a token must not ask for: extensions that nobody here knows, and keys of its own choice.
    fn objection(&self) -> Option<Reason> {
        let objections = [
            (&self.crit, Reason::CriticalHeader),
            (&self.jwk, Reason::HeaderJwk),
            (&self.jku, Reason::HeaderJku),
            (&self.x5u, Reason::HeaderX5u),
            (&self.x5c, Reason::HeaderX5c),
        ];
        let there = objections.into_iter().find(|(presence, _)| presence.0)?;
        Some(there.1)
    }
}

impl<'a> Token<'a> {
    /// Takes a token apart: three parts of canonical base64url without padding, the first a JSON object with an `alg`.
    /// Whitespace around it and a leading `Bearer` are passed over.
    ///
    /// # Errors
    /// [`Reason::MalformedToken`], and [`Reason::NonCanonicalEncoding`] for what a forgiving reader would take.
    pub fn parse(text: &'a [u8]) -> Result<Self, Reason> {
        let text = bare(text).ok_or(Reason::MalformedToken)?;
        let [header, payload, signature] = parts(text).ok_or(Reason::MalformedToken)?;
        let strictly = |part| URL_SAFE_NO_PAD.decode(part).ok();
        // The signature primitive decodes its part again; here it only has to be well-formed.
        let (Some(decoded), Some(payload), Some(_)) =
            (strictly(header), strictly(payload), strictly(signature))
        else {
            return Err(if would_decode([header, payload, signature]) {
                Reason::NonCanonicalEncoding
            } else {
                Reason::MalformedToken
            });
        };
        Ok(Self {
            header: Header::read(&decoded).ok_or(Reason::MalformedToken)?,
            payload,
            signing_input: text
                .get(..text.len() - signature.len() - 1)
                .ok_or(Reason::MalformedToken)?,
            signature,
        })
    }

    /// The algorithm that the token names.
    #[must_use]
    pub fn alg(&self) -> &str {
        &self.header.alg
    }

    /// The key that the token names.
    #[must_use]
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        Some(match self.header.kid.as_ref()? {
            Kid::Text(name) => name.into(),
            Kid::Number(number) => number.to_string().into(),
        })
    }

    /// How long it is, in bytes.
    pub(super) fn length(&self) -> usize {
        self.signing_input.len() + 1 + self.signature.len()
    }

    /// Whether the payload is empty, as where it travels by another way (RFC 7515, appendix F).
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.payload.is_empty()
    }

    /// The algorithm that the token names, where it may be considered at all.
    ///
    /// # Errors
    /// `none` in any spelling, a header that extends the rules or brings keys, or an algorithm that no key here can have.
    pub fn algorithm(&self) -> Result<Algorithm, Reason> {
        if self.alg().eq_ignore_ascii_case("none") {
            return Err(Reason::AlgorithmNone);
        }
        if let Some(objection) = self.header.objection() {
            return Err(objection);
        }
        self.alg().parse().map_err(|_| Reason::AlgorithmNotAllowed)
    }

    /// Whether this reading of a key made the signature. Compared in constant time.
    #[must_use]
    pub fn is_signed_by(&self, reading: &Reading, algorithm: Algorithm) -> bool {
        let message = self.signing_input.as_bytes();
        reading.checker().passes(self.signature, message, algorithm)
    }

    /// The claims as the token has them. Line breaks, which JSON only has between values, are left out, so that they fit
    /// on one line of output.
    ///
    /// # Errors
    /// [`Reason::ClaimsNotObject`].
    pub fn claims(&self) -> Result<Box<RawValue>, Reason> {
        let text = std::str::from_utf8(&self.payload).map_err(|_| Reason::ClaimsNotObject)?;
        if !text.trim_ascii_start().starts_with('{') {
            return Err(Reason::ClaimsNotObject);
        }
        let line = match memchr::memchr2(b'\r', b'\n', text.as_bytes()) {
            Some(_) => text.replace(['\r', '\n'], ""),
            None => text.to_owned(),
        };
        RawValue::from_string(line).map_err(|_| Reason::ClaimsNotObject)
    }
}

/// The three parts of a compact JWT, still encoded.
pub(super) fn parts(text: &str) -> Option<[&str; 3]> {
    let mut parts = text.split('.');
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

/// Whether a forgiving reader would take these parts for those of a token.
fn would_decode(parts: [&str; 3]) -> bool {
    let decoded = parts.map(encoding::decode_base64);
    let header = decoded.first().and_then(Option::as_ref);
    header.is_some_and(|header| Header::read(header).is_some())
        && decoded.iter().all(Option::is_some)
}

/// The token without what people put around it.
pub(super) fn bare(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?;
    match text.split_at_checked("bearer".len()) {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("bearer") && token.starts_with([' ', '\t']) =>
        {
            Some(token.trim_ascii_start())
        }
        _ => Some(text),
    }
}

/// The members of a claims object, found by name, their values still JSON text.
#[derive(Debug)]
pub struct ClaimSet<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> ClaimSet<'a> {
    /// Lists the members of the claims.
    ///
    /// # Errors
    /// [`Reason::ClaimsNotObject`].
    pub fn parse(claims: &'a RawValue) -> Result<Self, Reason> {
        serde_json::from_str(claims.get()).map_err(|_| Reason::ClaimsNotObject)
    }

    /// The claim of this name; the last one where it comes twice (RFC 7519, section 4).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| *value)
    }

    /// Every member with a string for its value, but those that another of the same name follows.
    pub fn strings(&self) -> impl Iterator<Item = (&str, Cow<'a, str>)> {
        self.members()
            .filter_map(|(name, value)| Some((name, string(value)?)))
    }

    /// Every member, but those that another of the same name follows.
    pub fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), *value))
            .filter(|(name, value)| {
                self.get(name)
                    .is_some_and(|last| std::ptr::eq(last, *value))
            })
    }

    /// A `NumericDate` (RFC 7519, section 2): Unix seconds, fractions allowed; infinite where no `f64` can hold it.
    ///
    /// # Errors
    /// [`Reason::MalformedClaims`] when the claim is there and not a number.
    pub fn seconds(&self, name: &str) -> Result<Option<f64>, Reason> {
        // The text is a JSON value, so Rust's spellings of infinity and NaN cannot occur.
        self.get(name)
            .map(|value| value.get().parse().map_err(|_| Reason::MalformedClaims))
            .transpose()
    }

    /// The moment that a `NumericDate` claim names, where there is one and a calendar can hold it.
    #[must_use]
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        let seconds = self.seconds(name).ok()??;
        Timestamp::from_duration(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
    }
}

/// The text of a JSON string, borrowed unless it has escapes.
pub(super) fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let quoted = value.get();
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ClaimSet<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = ClaimSet<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        let mut members = Vec::with_capacity(8);
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(ClaimSet(members))
    }
}

/// Why a token cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The type of the key, or its JWK by `alg` or `key_ops`, forbids it.
    #[error("the key does not allow signing with `{0}`")]
    NotAllowed(Algorithm),
    /// Every key is for another environment.
    #[error("no key is for the environment of this notification")]
    NoKey,
    /// The key is the public half of a pair.
    #[error("the key is a public one: it checks signatures and cannot make any")]
    Public,
    /// The primitive refused.
    #[error("signing with `{0}` failed")]
    Failed(Algorithm),
}

impl Explain for SignError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed(_) => "sign-not-allowed",
            Self::NoKey => "no-key",
            Self::Public => "sign-public-key",
            Self::Failed(_) => "sign-failed",
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NotAllowed(_) => {
                vec![
                    "leave the algorithm to the key, or change `alg` or `key_ops` in its JWK"
                        .to_owned(),
                ]
            }
            Self::NoKey => vec![
                "give one without an environment, or with the right one: `--key-file production=FILE`"
                    .to_owned(),
            ],
            Self::Public => vec!["give the private key that belongs to it".to_owned()],
            Self::Failed(_) => Vec::new(),
        }
    }
}

/// Makes a compact JWT over the claims, with the first reading of the key. The same input gives the same token, but for
/// PS256, PS384, PS512 and ES512, which take in some randomness.
///
/// # Errors
/// When the key does not allow the algorithm, or is a public one.
pub fn sign(claims: Claims, key: &Key, algorithm: Algorithm) -> Result<String, SignError> {
    #[derive(Serialize)]
    struct Made<'a> {
        alg: Algorithm,
        typ: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<&'a str>,
    }

    let maker = key.first_reading().maker().ok_or(SignError::Public)?;
    if !key.may_sign(algorithm) {
        return Err(SignError::NotAllowed(algorithm));
    }
    let failed = || SignError::Failed(algorithm);
    let header = Made {
        alg: algorithm,
        typ: "JWT",
        kid: key.kid(),
    };
    let header = serde_json::to_vec(&header).map_err(|_| failed())?;
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.into_json(), &mut token);
    let signature = maker.sign(token.as_bytes(), algorithm).ok_or_else(failed)?;
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.AAAA",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        )
    }

    #[test]
    fn whitespace_and_bearer_around_a_token_are_passed_over() {
        let token = token(r#"{"alg":"HS256","kid":"k"}"#, "{}");
        for text in [
            format!(" {token}\r\n"),
            format!("Bearer {token}"),
            format!("bearer  {token} "),
        ] {
            let parsed = Token::parse(text.as_bytes()).unwrap();
            assert_eq!((parsed.alg(), parsed.kid()), ("HS256", Some("k".into())));
        }
    }

    #[test]
    fn garbage_is_malformed() {
        let good = token(r#"{"alg":"HS256"}"#, "{}");
        let cases = [
            String::new(),
            "a.b".to_owned(),
            "..".to_owned(),
            format!("{good}.AAAA"),
            good.replacen('.', " .", 1),
            token("[]", "{}"),
            token(r#"["HS256",null,false]"#, "{}"),
            token("{}", "{}"),
            token(r#"{"alg":1}"#, "{}"),
            token(r#"{"alg":"HS256","alg":"none"}"#, "{}"),
        ];
        for text in cases {
            assert_eq!(
                Token::parse(text.as_bytes()).err(),
                Some(Reason::MalformedToken),
                "{text}"
            );
        }
        assert_eq!(
            Token::parse(&[0xff, b'.', b'.']).err(),
            Some(Reason::MalformedToken)
        );
    }

    #[test]
    fn another_spelling_of_the_same_bytes_is_no_token() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
        for text in [
            format!("{header}.e30=.AAAA"),
            format!("{header}.e30.-_8="),
            format!("{header}.e30.+/8"),
            // Leftover bits that an encoder never sets.
            format!("{header}.e31.AB"),
        ] {
            let reason = Token::parse(text.as_bytes()).err();
            assert_eq!(reason, Some(Reason::NonCanonicalEncoding), "{text}");
        }
    }

    #[test]
    fn claims_keep_their_text_on_one_line() {
        let text = token(
            r#"{"alg":"HS256"}"#,
            "{\"n\":\r\n 251.63999999999999,\n\"t\":\"a\\nb\"}",
        );
        let claims = Token::parse(text.as_bytes()).unwrap().claims().unwrap();
        assert_eq!(claims.get(), r#"{"n": 251.63999999999999,"t":"a\nb"}"#);
    }

    #[test]
    fn numeric_dates_survive_any_number() {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let read = |json: &str| {
            let raw = raw(&format!(r#"{{"exp":0,"exp":{json}}}"#));
            let claims = ClaimSet::parse(&raw).unwrap();
            (
                claims.seconds("exp"),
                claims.time("exp").map(|time| time.to_string()),
            )
        };
        assert_eq!(
            read("1300819380"),
            (
                Ok(Some(1_300_819_380.0)),
                Some("2011-03-22T18:43:00Z".to_owned())
            )
        );
        assert_eq!(read("1.5").1.as_deref(), Some("1970-01-01T00:00:01.5Z"));
        assert_eq!(read("-1").1.as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(read("1e300"), (Ok(Some(1e300)), None));
        assert_eq!(read("-1e300").1, None);
        assert_eq!(read("1e999").0, Ok(Some(f64::INFINITY)));
        for bad in [r#""1300819380""#, "null", "true", "[1]", r#""inf""#] {
            assert_eq!(read(bad), (Err(Reason::MalformedClaims), None), "{bad}");
        }
        assert_eq!(
            ClaimSet::parse(&raw("{}")).unwrap().seconds("exp"),
            Ok(None)
        );
    }

    #[test]
    fn signing_respects_the_key() {
        let key = Key::parse(
            br#"{"kid":"k1","alg":"HS512","key_ops":["sign"],"k":"QUJD"}"#,
            "k",
        )
        .unwrap();
        let claims = Claims::new(Timestamp::UNIX_EPOCH, 0);
        let refused = sign(claims.clone(), &key, Algorithm::Hs256);
        assert_eq!(refused, Err(SignError::NotAllowed(Algorithm::Hs256)));
        let token = sign(claims, &key, key.default_algorithm()).unwrap();
        let parsed = Token::parse(token.as_bytes()).unwrap();
        assert_eq!((parsed.alg(), parsed.kid()), ("HS512", Some("k1".into())));
        assert!(parsed.is_signed_by(key.first_reading(), Algorithm::Hs512));
    }
}
