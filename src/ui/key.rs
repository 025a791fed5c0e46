//! How a key looks that is described and not shown.

use super::Stream;
use super::style::Role;
use crate::domain::signature::KeyDescription;

/// Several lines.
pub(super) fn report(key: &KeyDescription, out: Stream) -> String {
    let source = key.source.to_string();
    let mut text = out.style.paint(Role::Strong, &out.foreign(&source)) + "\n";
    let mut line = |label: &str, value: &str| {
        let label = out.style.paint(Role::Dim, &format!("{label:<12}"));
        text.extend(["  ", &label, value, "\n"]);
    };
    line("kind", &format!("`{}`, a shared secret for HMAC", key.kty));
    line("read as", &key.shape.to_string());
    line(
        "length",
        &format!("{} bytes ({} bits)", key.bytes, key.bits),
    );
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
    let mut parts = vec![
        format!("{} {}", key.kty, key.shape),
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
    format!("{}: {}\n", out.foreign(&source), parts.join("; "))
}

fn algorithms(key: &KeyDescription) -> String {
    let names: Vec<&str> = key.algorithms.iter().map(|known| known.name()).collect();
    names.join(", ")
}
