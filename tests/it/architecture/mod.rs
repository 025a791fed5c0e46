//! The direction of dependencies, and the budgets of files: reads every module of the program and fails on any edge
//! that the design does not allow.

mod source;

use self::source::{Module, modules};

/// What each part may use of the others, besides itself. The order is that of the layers, from above.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("main", &["run", "world"]),
    ("run", &["cli", "commands", "exit", "report", "ui", "world"]),
    (
        "cli",
        &["commands", "domain", "files", "report", "ui", "world"],
    ),
    (
        "commands",
        &[
            "clock", "domain", "exit", "files", "http", "report", "shutdown", "store", "tunnel",
            "ui", "watch",
        ],
    ),
    ("files", &ABOVE_DOMAIN),
    ("http", &ABOVE_DOMAIN),
    ("store", &ABOVE_DOMAIN),
    ("tunnel", &ABOVE_DOMAIN),
    ("ui", &ABOVE_DOMAIN),
    ("watch", &ABOVE_DOMAIN),
    ("world", &["clock", "ui"]),
    ("report", &["domain"]),
    // `exit`, `shutdown` and `clock` stand alone.
    ("exit", &[]),
    ("domain", &[]),
];

/// What an adapter may use.
const ABOVE_DOMAIN: [&str; 5] = ["clock", "domain", "exit", "report", "shutdown"];

/// The crates that have one home.
const HOMES: [(&str, &[&str]); 45] = [
    ("annotate_snippets", &["ui"]),
    ("backon", &["commands", "tunnel"]),
    ("brotli_decompressor", &["domain"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("colored", &["ui"]),
    ("console", &["ui", "world"]),
    ("ed25519_dalek", &["domain"]),
    ("etcetera", &["cli", "store"]),
    ("flate2", &["domain"]),
    ("getrandom", &["commands"]),
    ("governor", &["commands"]),
    ("hmac_sha1", &["tunnel"]),
    ("http_body_util", &["http"]),
    ("hyper", &["http"]),
    ("hyper_rustls", &["http"]),
    ("hyper_util", &["http"]),
    ("indicatif", &["ui"]),
    ("jsonwebtoken", &["domain"]),
    ("notify", &["watch"]),
    ("notify_debouncer_mini", &["watch"]),
    ("p256", &["domain"]),
    ("p384", &["domain"]),
    ("p521", &["domain"]),
    ("parse_size", &["cli"]),
    ("pem", &["domain"]),
    ("process_wrap", &["tunnel"]),
    ("rpassword", &["tunnel"]),
    ("rsa", &["domain"]),
    ("rusqlite", &["store"]),
    ("russh", &["tunnel"]),
    ("rustls", &["http"]),
    ("rustls_native_certs", &["http"]),
    ("ruzstd", &["domain"]),
    ("sha1", &["tunnel"]),
    ("sha2", &["domain"]),
    ("tabled", &["ui"]),
    ("tempfile", &["files"]),
    ("toml", &["cli", "domain"]),
    ("unicode_width", &["ui"]),
    (
        "tokio",
        &[
            "commands", "files", "http", "shutdown", "store", "tunnel", "ui", "watch",
        ],
    ),
    ("uuid", &["commands", "domain"]),
    ("which", &["tunnel"]),
    ("whoami", &["cli"]),
];

/// The streams of the process that only the output may write to.
const STREAMS: [&str; 2] = ["stdout", "stderr"];

/// What the domain must not know of the standard library: whatever touches the world outside.
const OUTSIDE: [&str; 5] = ["env", "fs", "net", "process", "thread"];

/// Clocks, and the streams of the process.
const OUTSIDE_ITEMS: [&str; 6] = [
    "Instant",
    "SystemTime",
    "stdin",
    "stdout",
    "stderr",
    "IsTerminal",
];

/// The longest file, in lines of code.
const LONGEST: usize = 400;

/// Why a part must not name this path, if it must not.
fn objection(part: &str, path: &[String]) -> Option<String> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        // What the root re-exports is for those outside.
        ["crate", used, ..] if *used == part => None,
        ["crate", used, ..] => {
            let allowed = MAY_USE.iter().find(|(above, _)| *above == part);
            let is_allowed = allowed.is_some_and(|(_, below)| below.contains(used));
            (!is_allowed).then(|| format!("`{part}` must not use `crate::{used}`"))
        }
        ["std" | "core", rest @ ..] => standard(part, rest),
        [name, ..] => {
            let (name, homes) = HOMES.iter().find(|(home, _)| home == name)?;
            (!homes.contains(&part))
                .then(|| format!("`{name}` belongs in {homes:?}, not in `{part}`"))
        }
        [] => None,
    }
}

fn standard(part: &str, rest: &[&str]) -> Option<String> {
    let is_outside = rest.first().is_some_and(|module| OUTSIDE.contains(module))
        || rest.iter().any(|item| OUTSIDE_ITEMS.contains(item));
    let is_stream = rest.last().is_some_and(|item| STREAMS.contains(item));
    match part {
        "domain" if is_outside => Some(format!("`domain` must not use `std::{}`", rest.join("::"))),
        "ui" | "world" => None,
        _ => is_stream.then(|| format!("the streams belong to `ui`, not to `{part}`")),
    }
}

fn objections(module: &Module) -> Vec<String> {
    // The root only declares the parts.
    let Some(part) = module.path.first() else {
        return Vec::new();
    };
    let mut objections: Vec<String> = module
        .named()
        .iter()
        .filter_map(|named| {
            let objection = objection(part, &named.path)?;
            Some(format!(
                "{}:{}: {objection}",
                module.file.display(),
                named.line
            ))
        })
        .collect();
    objections.dedup();
    objections
}

#[test]
fn every_edge_is_allowed() {
    let found: Vec<String> = modules().iter().flat_map(objections).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn files_keep_to_their_budgets() {
    let mut over = Vec::new();
    for module in modules() {
        let (file, lines) = (module.file.display(), module.code_lines());
        if lines > LONGEST {
            over.push(format!(
                "{file}: {lines} lines of code, {LONGEST} are allowed"
            ));
        }
        if !module.source.starts_with("//!") {
            over.push(format!("{file}: does not open with `//!`"));
        }
        if module.path == ["main"] && module.source.lines().count() > 20 {
            over.push(format!("{file}: has more than 20 lines"));
        }
    }
    assert!(over.is_empty(), "\n{}", over.join("\n"));
}

fn planted(path: &str, source: &str) -> Vec<String> {
    let path = path.split("::").map(str::to_owned).collect();
    objections(&Module::parse(path, "planted.rs", source.to_owned()))
}

#[test]
fn planted_edges_are_found() {
    for (path, source) in [
        ("domain::reply", "use hyper::Request;"),
        ("domain::reply", "use crate::http::Client;"),
        ("domain::reply", "use super::super::ui::Ui;"),
        ("domain::reply", "use std::{fmt, net::TcpStream};"),
        (
            "domain::reply",
            "use std::io::{self, Read as _};\nfn f() { io::stdin(); }",
        ),
        (
            "domain::reply",
            "fn f() -> std::time::SystemTime { todo!() }",
        ),
        ("domain::reply", "fn f() { std::fs::read(\"x\"); }"),
        ("domain::reply", "fn f() { assert!(tokio::x()); }"),
        (
            "domain::reply",
            "fn f() { let x: Vec<crate::clock::Clock>; }",
        ),
        ("domain::reply", "use crate::Clock;"),
        ("http::server", "use crate::ui::Ui;"),
        ("http::server", "use crate::commands as verbs;"),
        ("ui::json", "use super::super::cli;"),
        ("commands::listen", "use clap::Parser;"),
        ("commands::listen", "use crate::cli::Cli;"),
        ("commands::listen", "use std::io;\nfn f() { io::stdout(); }"),
        (
            "commands::listen",
            "use std::io as streams;\nfn f() { streams::stderr(); }",
        ),
        ("files::write", "use notify::Watcher;"),
        ("exit", "use crate::report::Report;"),
        ("newcomer", "use crate::domain::reply::Answer;"),
        ("main", "use syncfy_hooks::ui::Ui;"),
    ] {
        assert_eq!(
            planted(path, source).len(),
            1,
            "{path}: {source}: {:?}",
            planted(path, source)
        );
    }
}

#[test]
fn allowed_edges_are_left_alone() {
    for (path, source) in [
        (
            "domain::reply",
            "use super::headers::Header;\nuse std::io::Read;\nuse std::time::Duration;",
        ),
        ("domain::reply", "#[cfg(test)]\nmod tests { use std::fs; }"),
        ("domain::reply", "/// Not hyper::Request.\nfn f() {}"),
        (
            "commands::listen",
            "use crate::http;\nfn f() { http::serve(); select! { _ = http::x() => {} } }",
        ),
        (
            "http::server",
            "use super::convert;\nuse crate::domain::reply::Answer;\nuse hyper::Request;",
        ),
        (
            "ui",
            "mod json;\nuse self::json::line;\nfn f() { std::io::stdout(); json::line(); }",
        ),
    ] {
        assert_eq!(
            planted(path, source),
            Vec::<String>::new(),
            "{path}: {source}"
        );
    }
}

#[test]
fn comments_blank_lines_and_tests_are_no_code() {
    let source = "//! Opens.\n\nuse a::b;\n\n/// Says.\nfn f() {\n    // Why.\n    b()\n}\n\n\
                  #[cfg(test)]\nmod tests {\n    fn g() {}\n}\n";
    assert_eq!(
        Module::parse(vec!["a".into()], "a.rs", source.to_owned()).code_lines(),
        4
    );
}
