//! Keys in PEM (RFC 7468): what OpenSSL and its kin write.

use zeroize::Zeroizing;

use super::error::quoted;
use super::{KeyError, Limits, PastedKey, Shape};
use crate::domain::signature::material::{Ec, Material, Rsa};

/// What every PEM has in it.
const BEGIN: &str = "-----BEGIN ";

/// Whether the text is meant to be PEM.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Whether the bytes are what stands between the lines of a PEM.
pub(super) fn is_der(bytes: &[u8]) -> bool {
    // The names of RSA, of elliptic curves and of Ed25519 (RFC 8017, RFC 5480, RFC 8410), as they stand in keys.
    const KINDS: [&[u8]; 3] = [
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
        b"\x2a\x86\x48\xce\x3d\x02\x01",
        b"\x2b\x65\x70",
    ];
    let names = |kind: &&[u8]| memchr::memmem::find(bytes, kind).is_some();
    let is_read = |label: &&str| material(label, bytes).is_some();
    // A sequence (X.690, section 8.9), and not a secret that begins by chance like one.
    bytes.first() == Some(&0x30) && (KINDS.iter().any(names) || LABELS.iter().any(is_read))
}

/// Reads every key of the text. What stands between keys is passed over, and so are certificates and what else is no key,
/// unless there is nothing else.
pub(super) fn read(text: &str) -> Result<Vec<PastedKey>, KeyError> {
    let sections = pem::parse_many(tidy(text).as_bytes())
        .map_err(|_| KeyError::MalformedPem("its lines are cut or changed".into()))?;
    if sections.len() != text.matches(BEGIN).count() {
        return Err(KeyError::MalformedPem("one of its blocks is cut".into()));
    }
    // All of them, before one that is no key ends it: what is left is wiped.
    let sections: Vec<Section> = sections.into_iter().map(Section::from).collect();
    let (keys, passed_over): (Vec<_>, Vec<_>) = sections
        .iter()
        .filter(|section| section.label != "EC PARAMETERS")
        .map(key)
        .partition(Result::is_ok);
    let keys: Vec<PastedKey> = keys.into_iter().flatten().collect();
    if keys.is_empty() {
        let first = passed_over.into_iter().find_map(Result::err);
        let empty = || KeyError::MalformedPem("there is no key in it".into());
        return Err(first.unwrap_or_else(empty));
    }
    Ok(keys)
}

/// The text as it was before an environment file or an indented block took it in.
fn tidy(text: &str) -> Zeroizing<String> {
    let text = Zeroizing::new(text.replace("\\r", ""));
    let text = Zeroizing::new(text.replace("\\n", "\n"));
    // Large enough, so that no smaller copy is left behind.
    let mut tidy = Zeroizing::new(String::with_capacity(text.len() + 1));
    for line in text.lines() {
        tidy.extend([line.trim(), "\n"]);
    }
    tidy
}

/// One PEM of the text.
struct Section {
    label: String,
    is_encrypted: bool,
    der: Zeroizing<Vec<u8>>,
}

impl From<pem::Pem> for Section {
    fn from(section: pem::Pem) -> Self {
        Self {
            label: section.tag().to_owned(),
            is_encrypted: section.headers().get("Proc-Type").is_some(),
            der: Zeroizing::new(section.into_contents()),
        }
    }
}

fn key(section: &Section) -> Result<PastedKey, KeyError> {
    if section.is_encrypted {
        return Err(KeyError::Encrypted);
    }
    let Section { label, der, .. } = section;
    if label == "ENCRYPTED PRIVATE KEY" {
        return Err(KeyError::Encrypted);
    }
    let material = material(label, der).ok_or_else(|| {
        KeyError::Unsupported(format!(
            "what this PEM calls {}, or the kind of key in it,",
            quoted(label)
        ))
    })?;
    Ok(PastedKey {
        readings: vec![(Shape::Pem, material)],
        limits: Limits::default(),
    })
}

/// The labels of the keys that can be read.
const LABELS: [&str; 5] = [
    "PUBLIC KEY",
    "PRIVATE KEY",
    "RSA PUBLIC KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
];

fn material(label: &str, der: &[u8]) -> Option<Material> {
    match label {
        "PUBLIC KEY" => Material::from_spki(der),
        "PRIVATE KEY" => Material::from_pkcs8(der),
        "RSA PUBLIC KEY" => Rsa::from_pkcs1_public(der).map(Material::Rsa),
        "RSA PRIVATE KEY" => Rsa::from_pkcs1_private(der).map(Material::Rsa),
        "EC PRIVATE KEY" => Ec::from_sec1(der).map(Material::Ec),
        _ => None,
    }
}
