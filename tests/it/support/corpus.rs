//! The corpus of tokens, as it lies in the fixtures.
//!
//! Owns the form of an entry; refuses to know who judges it.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// Every algorithm, by the name in a token.
pub(crate) const ALGORITHMS: [&str; 13] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "EdDSA",
];

/// One token, and what must be said of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The file that it is in.
    #[serde(skip)]
    pub(crate) file: String,
    pub(crate) name: String,
    /// Where it was published, or the rule that it is about.
    pub(crate) source: String,
    /// A JWK or a set as an object, any other form as text.
    pub(crate) key: Value,
    pub(crate) token: String,
    pub(crate) body: Option<String>,
    at: Option<Value>,
    /// What else the program is told.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    pub(crate) verdict: String,
    pub(crate) reason: Option<String>,
    pub(crate) signature_verdict: Option<String>,
    pub(crate) claims_verdict: Option<String>,
}

impl Entry {
    /// The key as a person would paste it.
    pub(crate) fn pasted_key(&self) -> Option<String> {
        match &self.key {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            jwk => Some(jwk.to_string()),
        }
    }

    /// When to judge as of: Unix seconds, or RFC 3339.
    pub(crate) fn moment(&self) -> Option<String> {
        self.at.as_ref().map(|at| match at {
            Value::String(text) => text.clone(),
            seconds => seconds.to_string(),
        })
    }

    /// The token without what stands round it.
    pub(crate) fn bare_token(&self) -> &str {
        let token = self.token.trim();
        match token.split_once(char::is_whitespace) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => token,
        }
    }

    /// The algorithm that the token names.
    pub(crate) fn algorithm(&self) -> Option<String> {
        let header = URL_SAFE_NO_PAD
            .decode(self.bare_token().split('.').next()?)
            .ok()?;
        let header: Value = serde_json::from_slice(&header).ok()?;
        header.get("alg")?.as_str().map(str::to_owned)
    }
}

/// The folder of the corpus.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/tokens")
}

/// Every entry of every file.
pub(crate) fn entries() -> Vec<Entry> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the corpus is there")
        .map(|file| file.expect("the corpus can be listed").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Entry> {
    let text = fs::read(path).expect("the corpus can be read");
    let mut entries: Vec<Entry> =
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = path.file_stem().unwrap_or_default().to_string_lossy();
    for entry in &mut entries {
        entry.file.push_str(&file);
    }
    entries
}
