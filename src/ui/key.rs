//! How a key looks that is described and not shown.

use super::Stream;
use super::style::Role;
use crate::domain::signature::{KeyDescription, Shape};

/// Several lines.
pub(super) fn report(key: &KeyDescription, out: Stream) -> String {
    let source = key.source.to_string();
    let mut text = out.style.paint(Role::Strong, &out.source(&source)) + "\n";
    let mut line = |label: &str, value: &str| {
        let label = out.style.paint(Role::Dim, &format!("{label:<12}"));
        text.extend(["  ", &label, value, "\n"]);
    };
    if let Some(environment) = key.environment {
        line("environment", environment.name());
    }
    line("kind", &kind(key));
    line("read as", &shapes(key));
    line("size", &format!("{} bytes ({} bits)", key.bytes, key.bits));
    if let Some(kid) = &key.kid {
        line("kid", &out.foreign(kid));
    }
    line("algorithms", &algorithms(key));
    line("thumbprint", &key.thumbprint);
    if let Some(warning) = &key.warning {
        line("warning", &out.style.paint(Role::Warn, warning));
    }
    text
}

/// One line.
pub(super) fn line(key: &KeyDescription, out: Stream) -> String {
    let source = key.source.to_string();
    let half = if key.private { "" } else { " public" };
    let mut parts = vec![
        format!("{}{half} {}", key.crv.unwrap_or(key.kty), key.shape),
        format!("{} bytes", key.bytes),
        algorithms(key),
        format!("thumbprint {}", key.thumbprint),
    ];
    if let Some(kid) = &key.kid {
        parts.insert(0, format!("kid {}", out.foreign(kid)));
    }
    if let Some(warning) = &key.warning {
        parts.push(format!("warning: {warning}"));
    }
    format!("{}: {}\n", out.source(&source), parts.join("; "))
}

/// What kind of key it is, in words.
fn kind(key: &KeyDescription) -> String {
    let half = if key.private {
        "private"
    } else {
        "public: it checks signatures, and makes none"
    };
    match (key.kty, key.crv) {
        ("oct", _) => "`oct`, a shared secret for HMAC".to_owned(),
        (kty, None) => format!("`{kty}`, {half}"),
        (kty, Some(crv)) => format!("`{kty}` on {crv}, {half}"),
    }
}

/// How the text is read, and how else, where that first reading does not pass.
fn shapes(key: &KeyDescription) -> String {
    let others: Vec<String> = key.also_read_as.iter().map(Shape::to_string).collect();
    match others.as_slice() {
        [] => key.shape.to_string(),
        others => format!("{}, then {}", key.shape, others.join(", ")),
    }
}

fn algorithms(key: &KeyDescription) -> String {
    let names: Vec<&str> = key.algorithms.iter().map(|known| known.name()).collect();
    names.join(", ")
}
