//! `listen --save`: one capture file for each notification, with the exact bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Server, Test, notification};

#[test]
fn a_capture_has_the_body_verbatim() {
    let mut listener = Test::new().args(["--save", "saved"]).listen();
    let body = notification().replacen(':', " :\n\t", 3);
    listener.post("/hook?x=1", &[("X-A", "1"), ("X-A", "2")], &body);
    let at = listener.next("notification")["received_at"].clone();
    listener.interrupt();
    let output = listener.finish();
    assert_eq!(
        String::from_utf8(output.file("saved/000001-credentials.created.json")).unwrap(),
        format!(
            r#"{{"syncfy_hooks":1,"received_at":{at},"method":"POST","target":"/hook?x=1","headers":[["host","localhost"],["content-length","{}"],["x-a","1"],["x-a","2"]],"body":{body}}}"#,
            body.len()
        )
    );
}

#[test]
fn bodies_that_are_not_json_come_back_exactly() {
    let mut listener = Test::new().args(["--save", "saved"]).listen();
    let bodies: [&[u8]; 5] = [
        b"",
        b"{\"a\":\"\xff\"}",
        b"\xef\xbb\xbf{}",
        b"{} ",
        b"no json\r\n",
    ];
    for body in bodies {
        listener.post("/", &[], body);
        listener.next("notification");
    }
    listener.interrupt();
    let output = listener.finish();
    for (id, body) in (1..).zip(bodies) {
        let text = output.file(format!("saved/{id:06}-unknown.json"));
        let capture: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(capture["body_base64"], STANDARD.encode(body));
        assert_eq!(capture.get("body"), None);
    }
}

#[test]
fn numbers_go_on_where_they_ended() {
    let listener = Test::new()
        .file("saved/000041-credentials.created.json", "{}")
        .file("saved/notes.txt", "")
        .args(["--save", "saved", "--once"])
        .listen();
    assert_eq!(listener.post("/", &[], notification()).json()["id"], 42);
    let output = listener.finish();
    assert!(
        !output
            .file("saved/000042-credentials.created.json")
            .is_empty()
    );
    assert_eq!(output.file("saved/000041-credentials.created.json"), b"{}");
}

#[test]
fn two_listeners_in_one_folder_overwrite_nothing() {
    let first = Test::new().args(["--no-store", "--save", "saved"]).listen();
    let saved = first.directory().join("saved");
    let second = Test::new()
        .args(["--no-store", "--save"])
        .arg(&saved)
        .listen();
    for (listener, id, n) in [
        (&first, 1, 1),
        (&second, 2, 2),
        (&second, 3, 3),
        (&first, 4, 4),
    ] {
        let body = format!(r#"{{"n":{n}}}"#);
        assert_eq!(listener.post("/", &[], &body).json()["id"], id);
        let text = std::fs::read(saved.join(format!("{id:06}-unknown.json"))).unwrap();
        let capture: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(capture["body"]["n"], n);
    }
    assert_eq!(std::fs::read_dir(saved).unwrap().count(), 4);
}

#[test]
fn two_histories_in_one_folder_overwrite_nothing() {
    let first = Test::new().args(["--save", "saved"]).listen();
    let saved = first.directory().join("saved");
    let second = Test::new().arg("--save").arg(&saved).listen();
    for (listener, file, n) in [
        (&first, "000001-unknown.json", 1),
        (&second, "000001-unknown-2.json", 2),
    ] {
        let body = format!(r#"{{"n":{n}}}"#);
        assert_eq!(listener.post("/", &[], &body).json()["id"], 1);
        let capture: Value =
            serde_json::from_slice(&std::fs::read(saved.join(file)).unwrap()).unwrap();
        assert_eq!(capture["body"]["n"], n);
    }
}

#[test]
fn a_file_of_an_absurd_number_does_not_count() {
    let listener = Test::new()
        .file("saved/18446744073709551615-x.json", "{}")
        .args(["--save", "saved"])
        .listen();
    assert_eq!(listener.post("/", &[], notification()).json()["id"], 1);
}

#[cfg(unix)]
#[test]
fn a_capture_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let listener = Test::new()
        .args(["--save", "deep/saved", "--once"])
        .listen();
    listener.post("/", &[], notification());
    let output = listener.finish();
    let path = output
        .directory()
        .join("deep/saved/000001-credentials.created.json");
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_event_name_cannot_leave_the_folder() {
    let listener = Test::new().args(["--save", "saved", "--once"]).listen();
    let body = notification().replace("credentials.created", "../../x\\u0000/é");
    listener.post("/", &[], body);
    let output = listener.finish();
    assert!(!output.file("saved/000001-.._.._x___.json").is_empty());
}

#[test]
fn what_cannot_be_saved_is_not_taken() {
    let mut listener = Test::new().args(["--save", "saved", "--no-store"]).listen();
    std::fs::remove_dir(listener.directory().join("saved")).unwrap();
    let answer = listener.post("/", &[], notification());
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (503, &json!("not-saved"))
    );
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(listener.next("warning")["code"], "not-saved");
}

#[test]
fn what_is_in_the_history_is_taken() {
    let target = Server::start();
    let args = ["--save", "saved", "-f", &target.url()];
    let mut listener = Test::new().args(args).listen();
    std::fs::remove_dir(listener.directory().join("saved")).unwrap();
    assert_eq!(listener.post("/", &[], notification()).status, 200);
    assert_eq!(listener.next("delivery")["state"], "delivered");
    assert_eq!(listener.post("/", &[], notification()).status, 200);
    assert_eq!(listener.next("delivery")["state"], "delivered");
    let output = listener.stop();
    let warnings = output.json();
    let warnings = warnings.iter().filter(|line| line["type"] == "warning");
    let codes: Vec<_> = warnings.map(|warning| &warning["code"]).collect();
    assert_eq!(codes, ["not-saved"], "it is said once");
    assert_eq!(target.rest().len(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_ends_it_at_once() {
    Test::new()
        .file("saved", "")
        .args(["listen", "--listen", "127.0.0.1:0", "--save", "saved"])
        .status(2)
        .stderr(
            "error: cannot save to `saved`: File exists (os error 17)\n\n\
             hint: name a folder that can be written, or one that is to be made\n",
        )
        .run();
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_ends_it_at_once() {
    Test::new()
        .args(["listen", "--listen", "127.0.0.1:0", "--save", "/proc"])
        .status(2)
        .stderr(
            "error: cannot save to `/proc`: No such file or directory (os error 2)\n\n\
             hint: name a folder that can be written, or one that is to be made\n",
        )
        .run();
}
