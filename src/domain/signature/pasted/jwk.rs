//! Keys as JWK and JWK sets (RFC 7517), also with a JWK for the `k` of another one, as the Syncfy dashboard shows it.

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::error::quoted;
use super::{KeyError, Limits, PastedKey, Shape, json_string, pem, read_text, without_space};
use crate::domain::signature::algorithm::{Algorithm, Curve};
use crate::domain::signature::encoding;
use crate::domain::signature::material::{Ec, Material, Okp, Rsa, RsaPrivateParts};
use crate::domain::signature::secret::Secret;

/// A JWK or a JWK set, only as far as keys for signatures need it (RFC 7517; RFC 7518, section 6; RFC 8037, section 2).
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: Option<String>,
    kid: Option<&'a RawValue>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    #[serde(borrow)]
    k: Option<&'a RawValue>,
    n: Option<&'a RawValue>,
    e: Option<&'a RawValue>,
    d: Option<&'a RawValue>,
    p: Option<&'a RawValue>,
    q: Option<&'a RawValue>,
    x: Option<&'a RawValue>,
    y: Option<&'a RawValue>,
    keys: Option<Vec<&'a RawValue>>,
}

/// Reads a JSON object: a JWK or a JWK set.
pub(super) fn read(text: &str, depth: u8) -> Result<Vec<PastedKey>, KeyError> {
    let jwk: Jwk<'_> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if let Some(keys) = &jwk.keys {
        return read_set(keys, depth);
    }
    if let Some(usage) = jwk.usage.as_ref().filter(|usage| *usage != "sig") {
        return Err(KeyError::NotForSignatures(quoted(usage)));
    }
    // RFC 7517 has exact names, but there is no other thing that `OCT` could mean.
    let kinds = ["oct", "RSA", "EC", "OKP"].into_iter();
    let kty = jwk.kty.as_deref().map(|name| {
        let mut known = kinds.filter(|kind| kind.eq_ignore_ascii_case(name));
        known.next().unwrap_or(name)
    });
    match kty {
        None | Some("oct") => jwk.secret(depth),
        Some("RSA") => jwk.rsa().and_then(|key| jwk.one(Material::Rsa(key))),
        Some("EC") => jwk.ec().and_then(|key| jwk.one(Material::Ec(key))),
        Some("OKP") => jwk.okp().and_then(|key| jwk.one(Material::Okp(key))),
        Some(other) => Err(KeyError::Unsupported(format!(
            "a JWK of type {}",
            quoted(other)
        ))),
    }
}

/// Reads the members of a JWK set. What is no key that can be used is passed over (RFC 7517, section 5), unless there is
/// nothing else.
pub(super) fn read_set(keys: &[&RawValue], depth: u8) -> Result<Vec<PastedKey>, KeyError> {
    const MOST: usize = 100;

    let mut usable = Vec::new();
    let mut passed_over = None;
    for key in keys {
        match read_text(key.get(), depth + 1) {
            Ok(found) => usable.extend(found),
            Err(error) => passed_over = passed_over.or(Some(error)),
        }
        if usable.len() > MOST {
            let what = format!("it has more than {MOST} keys");
            return Err(KeyError::Malformed(what.into()));
        }
    }
    if usable.is_empty() {
        Err(passed_over.unwrap_or_else(|| KeyError::Malformed("`keys` is empty".into())))
    } else {
        Ok(usable)
    }
}

impl Jwk<'_> {
    fn limits(&self) -> Result<Limits, KeyError> {
        let algorithm = |name: &String| {
            // RFC 7517 has exact names, but there is no other thing that `hs256` could mean.
            Algorithm::named(name)
                .or_else(|| name.parse().ok())
                .ok_or_else(|| KeyError::Unsupported(format!("a JWK for {}", quoted(name))))
        };
        Ok(Limits {
            kid: self.kid.map(kid).transpose()?,
            alg: self.alg.as_ref().map(algorithm).transpose()?,
            key_ops: self.key_ops.clone(),
        })
    }

    /// The key with what the JWK says of it, where that is possible.
    fn one(&self, material: Material) -> Result<Vec<PastedKey>, KeyError> {
        let limits = self.limits()?;
        if let Some(alg) = limits
            .alg
            .filter(|alg| alg.key_type() != material.key_type())
        {
            let of = material.crv().unwrap_or(material.key_type().name());
            return Err(KeyError::Malformed(
                format!("its `alg` is `{alg}`, which is not for a key of type `{of}`").into(),
            ));
        }
        Ok(vec![PastedKey {
            readings: vec![(Shape::Jwk, material)],
            limits,
        }])
    }

    /// A shared secret (RFC 7518, section 6.4), or a JWK in the place of one.
    fn secret(&self, depth: u8) -> Result<Vec<PastedKey>, KeyError> {
        let inner = self
            .k
            .ok_or_else(|| KeyError::Malformed("it has no `k`".into()))?
            .get();
        let string = json_string(inner);
        let nested = string.as_deref().map_or(inner, String::as_str).trim();
        if nested.starts_with('{') {
            let outer = self.limits()?;
            let mut keys = read_text(nested, depth + 1)?;
            for key in &mut keys {
                key.nest_in(&outer)?;
            }
            return Ok(keys);
        }
        let Some(encoded) = string else {
            return Err(KeyError::Malformed(
                "its `k` is neither a string nor a JWK".into(),
            ));
        };
        let secret = Secret::new(decoded("k", &encoded)?);
        if secret.is_empty() {
            return Err(KeyError::Empty);
        }
        if pem::is_der(secret.expose()) || secret.expose().starts_with(b"-----BEGIN ") {
            let what = "its `k` is a key of another kind, not a shared secret";
            return Err(KeyError::Malformed(what.into()));
        }
        self.one(Material::Oct(secret))
    }

    fn rsa(&self) -> Result<Rsa, KeyError> {
        let (n, e) = (required("n", self.n)?, required("e", self.e)?);
        let primes = match (number("p", self.p)?, number("q", self.q)?) {
            (Some(p), Some(q)) => Some((p, q)),
            _ => None,
        };
        let d = number("d", self.d)?;
        let private = d.as_ref().map(|d| RsaPrivateParts {
            d: d.expose(),
            primes: primes.as_ref().map(|(p, q)| [p.expose(), q.expose()]),
        });
        Rsa::from_parts(n.expose(), e.expose(), private.as_ref()).ok_or_else(|| {
            let what = "its numbers are no RSA key of 1024 to 4096 bits, or do not belong together";
            KeyError::Malformed(what.into())
        })
    }

    fn ec(&self) -> Result<Ec, KeyError> {
        let crv = self.crv()?;
        let curve = Curve::ALL.into_iter().find(|curve| curve.name() == crv);
        let curve = curve.ok_or_else(|| unknown_curve(crv))?;
        let (x, y) = (required("x", self.x)?, required("y", self.y)?);
        let d = number("d", self.d)?;
        Ec::from_parts(
            curve,
            x.expose(),
            y.expose(),
            d.as_ref().map(Secret::expose),
        )
        .ok_or_else(|| {
            let what = "its `x` and `y` are no point on that curve, or `d` belongs to another";
            KeyError::Malformed(what.into())
        })
    }

    fn okp(&self) -> Result<Okp, KeyError> {
        let crv = self.crv()?;
        if crv != Okp::CRV {
            return Err(unknown_curve(crv));
        }
        let (x, d) = (required("x", self.x)?, number("d", self.d)?);
        Okp::from_parts(x.expose(), d.as_ref().map(Secret::expose)).ok_or_else(|| {
            let what = "its `x` is no point that can be trusted, or `d` belongs to another";
            KeyError::Malformed(what.into())
        })
    }

    fn crv(&self) -> Result<&str, KeyError> {
        self.crv
            .as_deref()
            .ok_or_else(|| KeyError::Malformed("it has no `crv`".into()))
    }
}

impl PastedKey {
    /// What the outer JWK says narrows what the inner one says.
    fn nest_in(&mut self, outer: &Limits) -> Result<(), KeyError> {
        for (shape, material) in &mut self.readings {
            if material.secret().is_none() {
                return Err(KeyError::Malformed("its `k` is no shared secret".into()));
            }
            *shape = Shape::NestedJwk;
        }
        let inner = &mut self.limits;
        if let (Some(one), Some(other)) = (outer.alg, inner.alg)
            && one != other
        {
            return Err(KeyError::Malformed(
                format!("it is for `{one}` outside and `{other}` inside").into(),
            ));
        }
        inner.alg = outer.alg.or(inner.alg);
        inner.kid = outer.kid.clone().or(inner.kid.take());
        if let Some(operations) = &outer.key_ops {
            let both = operations
                .iter()
                .filter(|operation| inner.allow(operation))
                .cloned()
                .collect();
            inner.key_ops = Some(both);
        }
        Ok(())
    }
}

/// Says where the JSON went wrong, without serde's words: they may quote the secret.
fn malformed(error: &serde_json::Error) -> KeyError {
    let what = if error.is_data() {
        "a member has the wrong type or comes twice"
    } else {
        "the JSON is broken"
    };
    KeyError::Malformed(
        format!("{what} at line {}, column {}", error.line(), error.column()).into(),
    )
}

fn unknown_curve(crv: &str) -> KeyError {
    KeyError::Unsupported(format!("a JWK on the curve {}", quoted(crv)))
}

fn required(name: &str, value: Option<&RawValue>) -> Result<Secret, KeyError> {
    number(name, value)?.ok_or_else(|| KeyError::Malformed(format!("it has no `{name}`").into()))
}

/// The bytes of a member, where there is one. Which of them are secret is not known here.
fn number(name: &str, value: Option<&RawValue>) -> Result<Option<Secret>, KeyError> {
    let Some(value) = value else { return Ok(None) };
    let encoded = json_string(value.get())
        .ok_or_else(|| KeyError::Malformed(format!("its `{name}` is not a string").into()))?;
    Ok(Some(Secret::new(decoded(name, &encoded)?)))
}

fn decoded(name: &str, encoded: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    encoding::decode_base64(&without_space(encoded))
        .ok_or_else(|| KeyError::Malformed(format!("its `{name}` is not base64url").into()))
}

/// The name of a key. It is a string (RFC 7517, section 4.5), but numbers are seen.
fn kid(value: &RawValue) -> Result<String, KeyError> {
    let text = value.get();
    match json_string(text) {
        Some(name) => Ok(name.to_string()),
        None if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            Ok(text.to_owned())
        }
        None => Err(KeyError::Malformed(
            "its `kid` is neither a string nor a number".into(),
        )),
    }
}
