//! What a redacted request still is, and what it no longer tells.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use proptest::prelude::*;

use super::*;
use crate::domain::capture::Layout;
use crate::domain::notification::{Environment, Notification, event, sample};
use crate::domain::validation::{judge, rules};

const SALT: [u8; 16] = *b"0123456789abcdef";
const USER: &str = "648a053b59f043380d473be3";
const CREDENTIAL: &str = "648cb2a99ca1b91b0a141391";
const SITE: &str = "56cf5728784806f72b8b456f";
const RID: &str = "6ff4da49-4193-4ee0-8e9e-7415b7fcb9cb";

fn redactor() -> Redactor {
    Redactor::new(SALT)
}

fn body(body: &str) -> String {
    let redacted = redactor().capture(&Capture::bare(Bytes::copy_from_slice(body.as_bytes())));
    String::from_utf8(redacted.body.to_vec()).unwrap()
}

fn id(id: &str) -> String {
    redactor().id(id)
}

fn request(target: &str, headers: &[(&str, &[u8])], body: impl Into<Bytes>) -> Capture {
    Capture {
        target: target.into(),
        headers: headers
            .iter()
            .map(|(name, value)| Header::new(*name, *value))
            .collect(),
        ..Capture::bare(body.into())
    }
}

fn shown(headers: &Headers) -> Vec<(&str, String)> {
    headers
        .iter()
        .map(|header| (header.name.as_str(), header.text().into_owned()))
        .collect()
}

/// What was found, without the words, in which ids are quoted.
fn findings(body: &[u8]) -> Vec<(&'static str, String)> {
    judge(body)
        .diagnostics
        .into_iter()
        .map(|diagnostic| (diagnostic.code, diagnostic.pointer))
        .collect()
}

#[test]
fn only_ids_change() {
    let text = format!(
        "\u{feff}{{ \"rid\" :\"{RID}\",\n\"events\":[{{\"header\":{{\"user\":{{\"id_external\":\"ana@x.mx\",\
         \"id_environment\":\"574894bf7848066d138b4570\",\"id_user\":\"{USER}\"}}}},\"payload\":{{\
         \"id_site\":\"{SITE}\",\"id_user\":\"\\u0036{}\",\"n\":251.63999999999999,\"e\":1e2,\
         \"endpoints\":[\"/v1/x/{CREDENTIAL}?skip=0&id_external=ana%40x.mx&id_site={SITE}\"],\
         \"note\":\"for ana@x.mx\\/{USER}\",\"\\u00f1\":\"\\u00f1\"}}}}]}}\n",
        &USER[1..]
    );
    let expected = text
        .replace(&format!("\\u0036{}", &USER[1..]), USER)
        .replace("for ana@x.mx\\/", "for ana@x.mx/")
        .replace("ana%40x.mx", &id("ana@x.mx"))
        .replace("ana@x.mx", &id("ana@x.mx"))
        .replace(RID, &id(RID))
        .replace(USER, &id(USER))
        .replace(CREDENTIAL, &id(CREDENTIAL));
    assert_eq!(body(&text), expected);
}

#[test]
fn ids_of_every_kind_are_replaced() {
    let number = |number: &str| redactor().pseudonyms.number(number);
    let table = [
        (r#"{"id_external":null}"#, r#"{"id_external":null}"#.into()),
        (r#"{"id_external":""}"#, r#"{"id_external":""}"#.into()),
        (
            r#"{"id_external":42,"id_user":42.0,"n":42}"#,
            format!(
                r#"{{"id_external":{0},"id_user":{0},"n":42}}"#,
                number("42")
            ),
        ),
        (
            r#"{"rid":"a","rid":"b","x":["a","ab"]}"#,
            format!(
                r#"{{"rid":"{0}","rid":"{1}","x":["{0}","ab"]}}"#,
                id("a"),
                id("b")
            ),
        ),
        (
            r#"{"id_user":{"$oid":"q"},"id_jobs":["r",true]}"#,
            format!(
                r#"{{"id_user":{{"$oid":"{}"}},"id_jobs":["{}",true]}}"#,
                id("q"),
                id("r")
            ),
        ),
        (
            r#"{"id_site":"bank","access_token":"t","secret":{"a":"b"},"password":""}"#,
            format!(
                r#"{{"id_site":"{}","access_token":"***","secret":{{"a":"***"}},"password":""}}"#,
                id("bank")
            ),
        ),
        (
            r#"{"event":"refresh","id_external":"refresh","id_credential":"c","endpoints":{"credential":["/v1/credentials/c?token=t"]}}"#,
            format!(
                r#"{{"event":"refresh","id_external":"{}","id_credential":"{1}","endpoints":{{"credential":["/v1/credentials/{1}?token=***"]}}}}"#,
                id("refresh"),
                id("c")
            ),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(body(text), expected, "{text}");
    }
}

#[test]
fn json_in_a_string_is_redacted_too() {
    let inner = format!(r#"{{ "id_user":"{USER}", "u":"https://a/b" }}"#);
    let text = serde_json::to_string(&inner).unwrap();
    let expected = serde_json::to_string(&inner.replace(USER, &id(USER))).unwrap();
    assert_eq!(body(&text), expected);
    assert_eq!(findings(text.as_bytes()), findings(expected.as_bytes()));
}

#[test]
fn a_known_id_is_replaced_in_a_key() {
    let text =
        format!(r#"{{"id_user":"{USER}","by_user":{{"{USER}":1}},"id_external":"by_user"}}"#);
    let expected = text
        .replace(USER, &id(USER))
        .replace("\"by_user\"}", &format!("\"{}\"}}", id("by_user")));
    assert_eq!(body(&text), expected);
}

#[test]
fn headers_and_target_keep_no_secret_and_no_id() {
    let headers: [(&str, &[u8]); 12] = [
        ("host", b"hooks.test"),
        ("content-type", b"application/json"),
        ("content-length", b"999"),
        ("Authorization", b"Bearer abc"),
        ("request-signature", b"eyJ.a.b"),
        ("x-mine", b"hunter2"),
        ("x-auth-by-looks", b"bearer abc"),
        ("x-jwt-by-looks", b"t=1,v1=eyJhbGciOiJIUzI1NiJ9.e30.x"),
        ("x-bytes", b"caf\xe9"),
        ("x-user", b"ana"),
        ("x-original-url", b"/a?key=k"),
        ("x-request-id", RID.as_bytes()),
    ];
    let json = format!(r#"{{"rid":"{RID}","id_external":"ana"}}"#);
    let came = request(
        &format!("/hook/{USER}?secret=s&user=ana&rid={RID}&v=1&id_user=u"),
        &headers,
        json.into_bytes(),
    );
    let redacted = redactor().capture(&came);
    let (user, ana, rid) = (id(USER), id("ana"), id(RID));
    assert_eq!(
        redacted.target,
        format!(
            "/hook/{user}?secret=***&user={ana}&rid={rid}&v=1&id_user={}",
            id("u")
        )
    );
    let length = redacted.body.len().to_string();
    let expected = [
        ("host", "redacted.invalid"),
        ("content-type", "application/json"),
        ("content-length", &length),
        ("Authorization", "***"),
        ("request-signature", "***"),
        ("x-mine", "***"),
        ("x-auth-by-looks", "***"),
        ("x-jwt-by-looks", "***"),
        ("x-bytes", "***"),
        ("x-user", "***"),
        ("x-original-url", "***"),
        ("x-request-id", "***"),
    ];
    assert_eq!(
        shown(&redacted.headers),
        expected.map(|(name, value)| (name, value.to_owned()))
    );
}

#[test]
fn a_compressed_body_is_decoded() {
    use std::io::Write as _;
    let text = format!(r#"{{"id_user":"{USER}"}}"#);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let headers: [(&str, &[u8]); 2] = [("content-encoding", b"gzip"), ("x-a", b"1")];
    let redacted = redactor().capture(&request("/", &headers, encoder.finish().unwrap()));
    assert_eq!(redacted.body, text.replace(USER, &id(USER)));
    assert_eq!(shown(&redacted.headers), [("x-a", "***".to_owned())]);
}

#[test]
fn a_body_that_is_not_json_goes_empty() {
    for text in [&b"id_user=ana"[..], b"{\"id_user\":\"ana\"", b"\xff", b""] {
        let redacted = redactor().capture(&request("/", &[("content-length", b"7")], text));
        assert_eq!(redacted.body, "");
        assert_eq!(
            shown(&redacted.headers),
            [("content-length", "0".to_owned())]
        );
        assert_eq!(findings(&redacted.body), findings(text));
    }
}

#[test]
fn an_outline_has_the_pseudonyms_of_its_notification() {
    let mut random = Rng::with_seed(3);
    let name = "credentials.refreshed";
    let at = Timestamp::UNIX_EPOCH;
    let body = sample::event(name, &mut random, at, Environment::Sandbox).unwrap();
    let outline = |body: &[u8]| Notification::read(body).unwrap().outline();
    let came = Capture::bare(body.clone().into());
    let redacted = redactor().capture(&came).body;
    assert_eq!(redactor().outline(&outline(&body)), outline(&redacted));
}

#[test]
fn an_attempt_shows_no_secret() {
    use crate::domain::activity::Outcome;
    let attempt = AttemptRecord {
        attempt: 1,
        at: Timestamp::UNIX_EPOCH,
        url: format!("http://me:pw@localhost:3000/hook/{USER}/customer-17?api_key=k"),
        outcome: Outcome::Status(200),
        latency_ms: 1.0,
        answer: Some(AnswerHead {
            headers: [Header::new("set-cookie", "a=b")].into_iter().collect(),
            body: format!(r#"{{"id_user":"{USER}","message":"no customer-17 here"}}"#),
        }),
    };
    let body = format!(r#"{{"id_user":"{USER}","id_external":"customer-17"}}"#);
    let of = Capture::bare(body.into());
    let redacted = redactor().attempt(&attempt, &of);
    assert_eq!(
        redacted.url,
        format!(
            "http://***@localhost:3000/hook/{}/{}?api_key=***",
            id(USER),
            id("customer-17")
        )
    );
    let answer = redacted.answer.unwrap();
    assert_eq!(shown(&answer.headers), [("set-cookie", "***".to_owned())]);
    let message = format!("no {} here", id("customer-17"));
    assert_eq!(
        answer.body,
        format!(r#"{{"id_user":"{}","message":"{message}"}}"#, id(USER))
    );
}

#[test]
fn nothing_else_is_found_in_what_the_rules_are_tried_on() {
    for text in rules::fixture_bodies() {
        let redacted = redactor().capture(&Capture::bare(text.clone().into())).body;
        assert_eq!(findings(&redacted), findings(text.as_bytes()), "{text}");
    }
}

/// The private ids of a notification, by their names alone.
fn ids(value: &serde_json::Value, ids: &mut BTreeSet<String>) {
    for item in value.as_array().into_iter().flatten() {
        self::ids(item, ids);
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        let is_public = name.starts_with("id_site") || name == "id_environment";
        if !is_public && (name.starts_with("id_") || name == "rid" || name == "eid") {
            ids.extend(member.as_str().map(str::to_owned));
        }
        self::ids(member, ids);
    }
}

/// An `id_external`, as JSON.
fn external() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("\"\"".to_owned()),
        Just(format!("\"{USER}\"")),
        Just(format!("\"{}\"", USER.to_uppercase())),
        Just(format!("\"{RID}\"")),
        (100_000_000_u64..).prop_map(|number| number.to_string()),
        "[a-zA-Zñ/%+@ .-]{1,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        // As some encoders write it, with all characters escaped.
        "[a-z]{6}".prop_map(|text| {
            let escape = |letter| format!("\\u{:04x}", u32::from(letter));
            format!(
                "\"{}\"",
                text.chars().map(escape).collect::<Vec<_>>().concat()
            )
        }),
    ]
}

prop_compose! {
    /// A sample with another `id_external`, at times with a byte order mark, other spacing and a repeated member.
    fn sample_body()(
        seed in any::<u64>(),
        which in any::<prop::sample::Index>(),
        external in external(),
        (mark, spaces, repeated) in any::<(bool, bool, bool)>(),
    ) -> String {
        let mut random = Rng::with_seed(seed);
        let body = sample::event(
            which.get(&event::CATALOGUE).name,
            &mut random,
            "2026-01-02T03:04:05Z".parse().unwrap(),
            Environment::Production,
        );
        let mut body = String::from_utf8(body.unwrap()).unwrap();
        while let Some((before, after)) = body.split_once("\"id_external\":\"user-") {
            let (_, after) = after.split_once('"').unwrap();
            body = format!("{before}\"id_external\":{external}{after}");
        }
        if spaces {
            body = body.replace("\":", "\" : ").replace(",\"", ",\r\n\t\"");
        }
        if repeated {
            body = body.replacen("\"header\"", "\"rid\":\"x\",\"header\"", 1).replacen("\"eid\"", "\"eid\":7,\"eid\"", 1);
        }
        if mark { format!("\u{feff}{body}") } else { body }
    }
}

fn capture_of(body: &str) -> Capture {
    let headers: [(&str, &[u8]); 2] = [("request-signature", b"eyJ.a.b"), ("host", b"h")];
    request("/hook", &headers, body.to_owned().into_bytes())
}

proptest! {
    #[test]
    fn a_notification_stays_as_valid_as_it_was(body in sample_body()) {
        let redacted = redactor().capture(&capture_of(&body));
        prop_assert_eq!(findings(&redacted.body), findings(body.as_bytes()));
        let outline = |body: &[u8]| Notification::read(body).unwrap().outline();
        prop_assert_eq!(outline(&redacted.body), redactor().outline(&outline(body.as_bytes())));
    }

    #[test]
    fn no_id_is_left(seed: u64) {
        let at = "2026-01-02T03:04:05Z".parse().unwrap();
        for (_, body) in sample::run(&mut Rng::with_seed(seed), at, Environment::Sandbox) {
            let body = String::from_utf8(body).unwrap();
            let mut ids = BTreeSet::new();
            self::ids(&serde_json::from_str(&body).unwrap(), &mut ids);
            prop_assert!(ids.len() > 3, "{:?}", ids);
            let first = ids.first().unwrap();
            let mut came = capture_of(&body);
            came.target = format!("/{first}?a={first}");
            came.headers.push(Header::new("x-id", first.as_str()));
            let redacted = redactor().capture(&came);
            let written = String::from_utf8(redacted.write(Layout::Document)).unwrap();
            for id in ids {
                prop_assert!(!written.contains(&id), "{}: {}", id, written);
            }
        }
    }

    #[test]
    fn the_same_comes_out_and_keeps_its_shape(body in sample_body()) {
        let came = capture_of(&body);
        let once = redactor().capture(&came);
        prop_assert_eq!(&redactor().capture(&came), &once);
        let twice = redactor().capture(&once);
        prop_assert_eq!(findings(&twice.body), findings(&once.body));
        prop_assert_eq!(twice.headers.len(), once.headers.len());
        let shape = |body: &[u8]| judge(body).outline.events.iter().map(|event| {
            event.id_user.as_ref().map(String::len)
        }).collect::<Vec<_>>();
        prop_assert_eq!(shape(&twice.body), shape(&once.body));
    }

    #[test]
    fn any_json_stays_json(text in "[\\{\\}\\[\\],:\"a\\\\/ 1n]{0,24}") {
        let before = Document::parse(&text).is_ok();
        let redacted = redactor().capture(&Capture::bare(text.clone().into()));
        prop_assert_eq!(before, !redacted.body.is_empty(), "{}", text);
    }
}
