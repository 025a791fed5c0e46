//! `key`: what it makes, what it tells of a key, and that it never tells the key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::support::{KEY, Output, Test};

const NO_KEY: &str = "error: no key was given\n\n\
    hint: give one with `--key-file FILE`\n\
    hint: or set `SYNCFY_HOOKS_KEY` or `SYNCFY_WEBHOOK_SIGNATURE_KEY` to the key\n\
    hint: or make one with `syncfy-hooks key new --output syncfy.jwk`\n";

fn show(key: impl AsRef<[u8]>) -> Test {
    Test::new()
        .file("k", key)
        .args(["key", "show", "--key-file", "k"])
}

#[test]
fn a_new_key_is_printed_as_a_jwk() {
    for (alg, bytes) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let output = Test::new()
            .args(["key", "new", "--alg", alg, "--kid", "a b"])
            .output();
        let [jwk] = &output.json()[..] else {
            panic!("one line");
        };
        let secret = URL_SAFE_NO_PAD.decode(jwk["k"].as_str().unwrap()).unwrap();
        assert_eq!(secret.len(), bytes);
        assert_eq!((&jwk["alg"], &jwk["kid"]), (&alg.into(), &"a b".into()));
        assert_eq!(output.stderr(), "");
        let shown = output
            .then()
            .args(["key", "show", "--key-file", "-", "--json"])
            .stdin(&output.stdout)
            .output();
        assert_eq!(shown.json()[0]["algorithms"], serde_json::json!([alg]));
    }
    let new = || Test::new().args(["key", "new"]).output().stdout;
    assert_ne!(new(), new());
}

#[test]
fn a_new_key_goes_into_a_file_for_its_owner_alone() {
    let output = Test::new()
        .args(["key", "new", "--output", "k.jwk"])
        .output();
    assert_eq!(output.code(), Some(0));
    assert_eq!(
        output.stderr(),
        "\nUse it with `--key-file k.jwk`, and keep it out of version control\n"
    );
    assert!(
        output
            .stdout()
            .starts_with("k.jwk: oct jwk; 32 bytes; HS256; thumbprint "),
        "{}",
        output.stdout()
    );
    let jwk: serde_json::Value = serde_json::from_slice(&output.file("k.jwk")).unwrap();
    assert_not_told(&output, jwk["k"].as_str().unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(output.directory().join("k.jwk")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_is_replaced_only_by_force() {
    let new = || Test::new().args(["key", "new", "--output", "k.jwk"]);
    let refused = "error: `k.jwk` is there already\n\n\
        hint: name another file, or replace it with `--force`: the key in it is lost then\n";
    let output = new().file("k.jwk", "old").status(2).stderr(refused).run();
    assert_eq!(output.file("k.jwk"), b"old");
    new()
        .file("k.jwk", "old")
        .env("SYNCFY_HOOKS_FORCE", "1")
        .status(2)
        .stderr(refused)
        .run();
    let output = new().file("k.jwk", "old").arg("--force").output();
    assert_eq!(output.code(), Some(0));
    assert_ne!(output.file("k.jwk"), b"old");
    new()
        .file("k.jwk/in the way", "")
        .arg("--force")
        .status(2)
        .stderr(
            "error: `k.jwk` is not a file that a key can be written to\n\nhint: name another file\n",
        )
        .run();
    Test::new()
        .args(["key", "new", "--output", "nowhere/k.jwk"])
        .status(2)
        .stderr("error: cannot write `nowhere/k.jwk`: its folder is not there\n")
        .run();
}

#[test]
fn a_key_is_described() {
    let jwk = r#"{"kid":"prod","kty":"oct","k":{"kty":"oct","alg":"HS256","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}}"#;
    let thumbprint = "YgSUPCN5wuaDrf5Ue2GDvEiI_8B-rnN5bbFvR8TDAFU";
    show(jwk)
        .args(["--format", "pretty"])
        .stdout(format!(
            "k\n  kind        `oct`, a shared secret for HMAC\n  read as     nested-jwk\n  size        30 bytes (240 bits)\n  \
             kid         prod\n  algorithms  HS256\n  thumbprint  {thumbprint}\n  \
             warning     the key has 30 bytes and HS256 wants 32: a short key can be guessed from one token\n"
        ))
        .run();
    show(jwk)
        .stdout(format!(
            "k: kid prod; oct nested-jwk; 30 bytes; HS256; thumbprint {thumbprint}; \
             warning: the key has 30 bytes and HS256 wants 32: a short key can be guessed from one token\n"
        ))
        .run();
    show(jwk)
        .arg("--json")
        .stdout(format!(
            "{{\"type\":\"key\",\"source\":\"k\",\"environment\":null,\"kty\":\"oct\",\"crv\":null,\"private\":true,\
             \"shape\":\"nested-jwk\",\"also_read_as\":[],\"bytes\":30,\"bits\":240,\
             \"kid\":\"prod\",\"algorithms\":[\"HS256\"],\"thumbprint\":\"{thumbprint}\",\
             \"warning\":\"the key has 30 bytes and HS256 wants 32: a short key can be guessed from one token\"}}\n"
        ))
        .run();
}

#[test]
fn every_configured_key_is_described() {
    let output = Test::new()
        .file("old", KEY)
        .file(
            "new",
            "hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        )
        .args([
            "key",
            "show",
            "--json",
            "--key-file",
            "old",
            "--key-file",
            "new",
        ])
        .output();
    let shapes: Vec<_> = output
        .json()
        .into_iter()
        .map(|line| (line["source"].clone(), line["shape"].clone()))
        .collect();
    assert_eq!(
        shapes,
        [("old".into(), "text".into()), ("new".into(), "hex".into())]
    );
}

#[test]
fn a_key_is_printed_only_where_that_was_typed() {
    let jwk = format!(
        "{{\"kty\":\"oct\",\"use\":\"sig\",\"k\":\"{}\"}}\n",
        URL_SAFE_NO_PAD.encode(KEY)
    );
    show(KEY)
        .arg("--reveal")
        .stdout(jwk)
        .stderr(
            "warning: `k`: it is taken for `text` here, and could be `base64url` as well\n\
             hint: begin the key with `text:`, `hex:` or `base64:` to say which it is\n",
        )
        .run();
    let output = show(KEY).env("SYNCFY_HOOKS_REVEAL", "1").output();
    assert!(output.stdout().starts_with("k: oct text; 35 bytes; "));
    show(KEY)
        .file("syncfy-hooks.toml", "[key.show]\nreveal = true\n")
        .status(2)
        .stderr(
            "error: `reveal` in `[DIR]/syncfy-hooks.toml`: there is no such option\n\n\
             hint: the names are those of the long options, without the dashes\n",
        )
        .run();
}

#[test]
fn no_output_tells_the_key() {
    let runs: [&[&str]; 8] = [
        &["key", "show"],
        &["key", "show", "--json"],
        &["sign", "n.json"],
        &["sign", "n.json", "--json", "-v"],
        &["sign", "n.json", "--output", "curl"],
        &["verify", "n.json", "--format", "pretty"],
        &[
            "verify",
            "--token",
            "e30.e30.e30",
            "--format",
            "pretty",
            "-v",
        ],
        &[
            "verify",
            "--token",
            "eyJhbGciOiJIUzI1NiJ9.e30.e30",
            "n.json",
            "--json",
        ],
    ];
    for args in runs {
        for key in [KEY.to_owned(), STANDARD.encode(KEY), format!("text:{KEY}")] {
            let output = Test::new()
                .file("k", key)
                .file("n.json", "{}")
                .args(args)
                .args(["--key-file", "k"])
                .output();
            assert_not_told(&output, &URL_SAFE_NO_PAD.encode(KEY));
        }
    }
    for broken in [
        "{\"kty\":\"oct\",\"k\":\"",
        "hex:",
        "{\"kty\":\"oct\",\"k\":7,\"x\":\"",
    ] {
        let output = show(format!("{broken}{KEY}")).output();
        assert_eq!(output.code(), Some(2));
        assert_not_told(&output, &URL_SAFE_NO_PAD.encode(KEY));
    }
}

/// Fails where the secret, given in base64url, is on either stream in any spelling.
#[track_caller]
fn assert_not_told(output: &Output, secret: &str) {
    let bytes = URL_SAFE_NO_PAD
        .decode(secret)
        .expect("the test gives base64url");
    let hex = bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let spellings = [
        String::from_utf8_lossy(&bytes).into_owned(),
        hex,
        STANDARD.encode(&bytes).trim_end_matches('=').to_owned(),
        secret.to_owned(),
        format!("{bytes:?}"),
    ];
    let told = format!("{}{}", output.stdout(), output.stderr());
    for spelling in spellings {
        let told = told.to_lowercase();
        assert!(!told.contains(&spelling.to_lowercase()), "{told}");
    }
}

#[test]
fn what_is_no_key() {
    let failure = |test: Test, stderr: &str| drop(test.status(2).stderr(stderr).run());
    failure(Test::new().args(["key", "show"]), NO_KEY);
    failure(
        Test::new().args(["key", "show", "--key-file", "nope"]),
        "error: cannot read the key file `nope`: No such file or directory (os error 2)\n\n\
         hint: make one with `syncfy-hooks key new`, or save the key that the Syncfy dashboard shows\n",
    );
    failure(
        show(" \n"),
        "error: the key in `k` cannot be used: the key is empty\n\n\
         hint: paste the JWT key that the Syncfy dashboard shows, or make one with `syncfy-hooks key new`\n",
    );
    failure(
        show(b"\xff\xfe"),
        "error: the key in `k` cannot be used: the key is not text in UTF-8\n\n\
         hint: save the file as UTF-8, or give the bytes as `hex:…` or `base64:…`\n",
    );
    failure(
        show(r#"{"kty":"RSA"}"#),
        "error: the key in `k` cannot be used: the key is not a usable JWK: it has no `n`\n\n\
         hint: paste the whole JWK, or begin with `text:` to take the text literally\n",
    );
    failure(
        Test::new().args(["key", "new", "--alg", "RS256"]),
        "error: invalid value 'RS256' for '--alg <NAME>' [possible values: HS256, HS384, HS512]\n\n\
         hint: a similar value exists: 'HS256'\nhint: try `--help`\n",
    );
}
