use std::collections::HashSet;

use serde_json::Value;

use super::*;

const CREDENTIAL: &str = "65a1b2c3d4e5f60718293a4c";

fn served(target: &str) -> Served {
    answer("GET", &Call::parse(target).unwrap(), &Known::default())
}

fn json(served: &Served) -> Value {
    serde_json::from_slice(&served.answer.body).unwrap()
}

fn items(target: &str) -> Vec<Value> {
    let served = served(target);
    assert_eq!(served.answer.status, 200, "{target}");
    let items = json(&served)["response"].as_array().unwrap().clone();
    assert_eq!(served.items, Some(items.len() as u64));
    items
}

fn page(list: &str, rest: &str) -> Vec<Value> {
    items(&format!("/v1/{list}?id_credential={CREDENTIAL}{rest}"))
}

#[test]
fn an_item_is_the_same_however_pages_are_cut() {
    let whole = page("transactions", "&limit=300&skip=4900");
    let mut pieces = page("transactions", "&limit=7&skip=4900");
    pieces.extend(page("transactions", "&limit=293&skip=4907"));
    assert_eq!(whole, pieces);
    assert_eq!(page("transactions", "&skip=30000"), [] as [Value; 0]);
    assert_eq!(
        page("transactions", "&skip=18446744073709551615"),
        [] as [Value; 0]
    );
}

#[test]
fn pages_are_full_but_the_last() {
    let mut ids = HashSet::new();
    for (list, id, pages) in [
        ("transactions", "id_transaction", 6),
        ("attachments", "id_attachment", 2),
    ] {
        for number in 0..pages {
            let items = page(list, &format!("&limit=5000&skip={}&wbhk=1", number * 5000));
            assert_eq!(items.len() == 5000, number + 1 < pages, "{list} {number}");
            assert!(!items.is_empty());
            for item in &items {
                let id = item[id].as_str().unwrap().to_owned();
                assert!(ObjectId::parse(&id).is_some(), "{id}");
                assert!(ids.insert(id));
            }
        }
        assert_eq!(page(list, &format!("&skip={}", pages * 5000)).len(), 0);
    }
}

#[test]
fn ids_refer_to_what_exists() {
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let accounts: HashSet<String> = page("accounts", "")
        .iter()
        .map(|account| text(account, "id_account"))
        .collect();
    assert!((2..=4).contains(&accounts.len()));
    let transactions = page("transactions", "&limit=20");
    let attachments = page("attachments", "&limit=20");
    for (transaction, attachment) in transactions.iter().zip(&attachments) {
        assert!(accounts.contains(&text(transaction, "id_account")));
        assert_eq!(text(transaction, "id_credential"), CREDENTIAL);
        assert_eq!(attachment["id_transaction"], transaction["id_transaction"]);
        assert_eq!(attachment["id_account"], transaction["id_account"]);
        let brief = &transaction["attachments"][0];
        for name in ["id_attachment", "file", "url"] {
            assert_eq!(brief[name], attachment[name]);
        }
        let file = served(&format!("/v1{}", text(attachment, "url")));
        assert_eq!(file.answer.status, 200);
        let body = String::from_utf8(file.answer.body.to_vec()).unwrap();
        assert!(body.contains(&text(attachment, "id_attachment")), "{body}");
    }
    let one = text(&transactions[3], "id_transaction");
    let narrowed = page("attachments", &format!("&id_transaction={one}"));
    assert_eq!(narrowed, attachments[3..4]);
    let account = text(&transactions[0], "id_account");
    let narrowed = page("transactions", &format!("&id_account={account}&limit=3"));
    assert_eq!(narrowed.len(), 3);
    assert!(
        narrowed
            .iter()
            .all(|item| text(item, "id_account") == account)
    );
}

#[test]
fn a_notification_says_whose_it_is_and_how_many_pages_there_are() {
    let body = format!(
        r#"{{"rid":"r","events":[{{"header":{{"user":{{"id_user":"65a1b2c3d4e5f60718293a4b",
        "id_environment":"574894bf7848066d138b4571","id_external":"ana"}}}},
        "payload":{{"id_site":"65A1b2c3d4e5f60718293a4f","endpoints":{{"transactions":[
        "/v1/transactions?id_credential={CREDENTIAL}&limit=10&skip=20",
        "/v1/transactions?id_credential={CREDENTIAL}&limit=10&skip=0"],
        "attachments":["/v1/attachments/export?id_credential={CREDENTIAL}&limit=100&skip=0"]}}}}}}]}}"#
    );
    let mut notified = Notified::default();
    notified.note(body.as_bytes(), 1);
    let get = |target: &str| {
        let call = Call::parse(target).unwrap();
        json(&answer("GET", &call, &notified.known(&call)))["response"].clone()
    };
    let transactions = get(&format!("/v1/transactions?id_credential={CREDENTIAL}"));
    let count = transactions.as_array().unwrap().len();
    assert!((21..30).contains(&count), "{count}");
    let first = &transactions[0];
    assert_eq!(first["id_user"], "65a1b2c3d4e5f60718293a4b");
    assert_eq!(first["id_site"], "65a1b2c3d4e5f60718293a4f");
    assert_eq!(first["id_external"], "ana");
    let attachments = get(&format!("/v1/attachments?id_credential={CREDENTIAL}"));
    let known: HashSet<&str> = transactions
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id_transaction"].as_str().unwrap())
        .collect();
    for attachment in attachments.as_array().unwrap() {
        assert!(known.contains(attachment["id_transaction"].as_str().unwrap()));
    }
    let credential = get(&format!("/v1/credentials/{CREDENTIAL}"));
    assert_eq!(credential[0]["id_environment"], "574894bf7848066d138b4571");
    let counted = get(&format!(
        "/v1/transactions/count?id_credential={CREDENTIAL}"
    ));
    assert_eq!(counted["count"], count);
}

#[test]
fn the_window_decides_when_items_were_refreshed() {
    let dated = page(
        "transactions",
        "&dt_refresh_from=1700000000&dt_refresh_to=1700000040&limit=1",
    );
    assert_eq!(dated[0]["dt_refresh"], 1_700_000_040);
    let undated = page("transactions", "&limit=1");
    assert_eq!(undated[0]["id_transaction"], dated[0]["id_transaction"]);
    assert_eq!(undated[0]["dt_transaction"], dated[0]["dt_transaction"]);
    assert_eq!(undated[0]["dt_refresh"], 0x65a1_b2c3 + 40);
    assert!(page("transactions", "&dt_refresh_from=2&dt_refresh_to=1").is_empty());
}

#[test]
fn a_document_is_a_pdf() {
    use base64::Engine as _;
    for document in items("/v1/documents?id_job_webhook=65a1b2c3d4e5f60718293a4d") {
        let content = base64::engine::general_purpose::STANDARD
            .decode(document["content"].as_str().unwrap())
            .unwrap();
        let text = String::from_utf8(content).unwrap();
        assert!(text.starts_with("%PDF-1.4\n") && text.ends_with("%%EOF\n"));
        let start: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(text[start..].starts_with("xref\n"));
        for (number, place) in text[start..].lines().skip(3).take(5).enumerate() {
            let place: usize = place[..10].parse().unwrap();
            assert!(text[place..].starts_with(&format!("{} 0 obj\n", number + 1)));
        }
    }
}

#[test]
fn rubbish_is_refused_in_an_envelope() {
    const LIMIT: &str = "`limit` is a whole number from 1 to 5000";
    const SKIP: &str = "`skip` is a whole number from 0";
    const PATH: &str = "the stub knows no such path";
    const CREDENTIAL_ID: &str = "`id_credential` is no id of 24 hexadecimal digits";
    let list = format!("/v1/transactions?id_credential={CREDENTIAL}");
    for (target, status, message) in [
        ("/v1/users", 404, PATH),
        ("/", 404, PATH),
        ("LIST&limit=0", 400, LIMIT),
        ("LIST&limit=5001", 400, LIMIT),
        ("LIST&limit=-1", 400, LIMIT),
        ("LIST&limit=%2B5", 400, LIMIT),
        ("LIST&limit=", 400, LIMIT),
        ("LIST&limit=1e3", 400, LIMIT),
        ("LIST&skip=-5", 400, SKIP),
        ("LIST&skip=99999999999999999999", 400, SKIP),
        ("LIST&skip=1&skip=2", 400, "`skip` is given more than once"),
        (
            "LIST&dt_refresh_to=now",
            400,
            "`dt_refresh_to` is a whole number from 0",
        ),
        ("/v1/transactions", 400, "`id_credential` is missing"),
        ("/v1/documents", 400, "`id_job_webhook` is missing"),
        ("/v1/accounts?id_credential=x", 400, CREDENTIAL_ID),
        ("/v1/credentials/x", 400, CREDENTIAL_ID),
        (
            "/v1/attachments/x",
            400,
            "`id_attachment` is no id of 24 hexadecimal digits",
        ),
    ] {
        let served = served(&target.replace("LIST", &list));
        assert_eq!(served.answer.status, status, "{target}");
        let body = json(&served);
        assert_eq!(
            (&body["message"], &body["code"]),
            (&message.into(), &status.into()),
            "{target}"
        );
        assert_eq!(
            (&body["status"], &body["response"]),
            (&false.into(), &Value::Null)
        );
        assert_eq!(served.items, None);
    }
    let refused = answer("POST", &Call::parse(&list).unwrap(), &Known::default());
    assert_eq!(refused.answer.status, 405);
    assert_eq!(refused.answer.headers.get("allow"), Some("GET, HEAD"));
}

proptest::proptest! {
    #[test]
    fn no_target_is_too_odd(path in "/(v1/)?(credentials|accounts|transactions|attachments|documents)?(/.{0,30})?", query in ".{0,60}", skip in proptest::num::u64::ANY) {
        for target in [format!("{path}?{query}"), format!("/v1/accounts?id_credential={CREDENTIAL}&skip={skip}&{query}")] {
            if let Some(call) = Call::parse(&target) {
                let served = answer("GET", &call, &Known::default());
                proptest::prop_assert!([200, 400, 404].contains(&served.answer.status));
                proptest::prop_assert_eq!(Call::parse(&call.key()).map(|call| call.key()), Some(call.key()));
            }
        }
    }
}
