//! The interface for programs, against the description that it gives of itself.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

mod house;

use house::{Answer, House};
use serde_json::{Value, json};

/// Each operation of the description: method and path.
fn operations(description: &Value) -> Vec<(String, String)> {
    let paths = description["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let path = path.clone();
        item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// What is sent to an operation when all is as it should be.
fn body(method: &str, path: &str) -> Option<String> {
    let sent = match (method, path) {
        ("put", "/api/v1/users/{address}") => json!({"name": "Nora Neu", "role": "recruiter", "active": true}),
        ("put", "/api/v1/candidates/{id}") => json!({"name": "Erika Beispiel", "addresses": ["erika@example.org"]}),
        ("put", "/api/v1/applications/{number}") => json!({"candidate": "K1", "post": "Lagerist", "state": "open"}),
        ("post", "/api/v1/directory") => {
            json!({"kind": "candidate", "tenant": "muster", "id": "K7", "name": "Neu", "addresses": []})
        }
        _ => return None,
    };
    Some(sent.to_string())
}

/// Fails unless status and body are what the description promises.
fn assert_described(description: &Value, (method, path): (&str, &str), answer: &Answer) {
    let promised = &description["paths"][path][method]["responses"][answer.status.to_string()];
    assert!(promised.is_object(), "{method} {path}: {answer:?} is not in the description");
    let content = promised["content"].as_object().unwrap();
    let (mime, content) = content.iter().next().unwrap();
    if mime == "*/*" {
        return;
    }
    assert_eq!(&answer.mime, mime, "{method} {path}: {answer:?}");
    let mut schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema"});
    schema["components"] = description["components"].clone();
    schema["allOf"] = json!([content["schema"].clone()]);
    let told: Value = serde_json::from_str(&answer.text).unwrap();
    let faults: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&told).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{method} {path}: {faults:?} in {told:#}");
}

#[test]
fn every_operation_answers_as_the_description_promises_whatever_it_is_asked() {
    let house = House::open();
    let description = house.description();
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(serde_json::from_str::<Value>(&house.service.succeed(&["api-description"])).unwrap(), description);
    let operations = operations(&description);
    assert_eq!(operations.len(), 11, "{operations:?}");
    for (method, path) in &operations {
        let good = House::filled(path);
        let answer = house.ask(method, &good, Some(&house.token), body(method, path).as_deref());
        assert_eq!(answer.status, 200, "{method} {good}: {answer:?}");
        assert_described(&description, (method, path), &answer);
        for odd in ["0", "-1", "99999999999999999999", "999999", "%00", "%2e%2e", "a%2Fb", "%F0%9F%92%A9", "'--"] {
            let strange = path.replace("{number}", odd).replace("{id}", odd).replace("{address}", odd);
            for sent in [body(method, path), Some("{".to_owned()), Some("[]".to_owned()), Some(r#"{"x":1}"#.to_owned())]
            {
                let answer = house.ask(method, &strange, Some(&house.token), sent.as_deref());
                assert!(answer.status < 500, "{method} {strange}: {answer:?}");
                assert_described(&description, (method, path), &answer);
            }
        }
        for query in ["page=x", "page=4294967295", "text=%25%00_", "outcome=lost", "since=yesterday", "after=-5", "x=1"]
        {
            let answer =
                house.ask(method, &format!("{good}?{query}"), Some(&house.token), body(method, path).as_deref());
            assert!(answer.status < 500, "{method} {good}?{query}: {answer:?}");
            assert_described(&description, (method, path), &answer);
        }
    }
}

#[test]
fn without_a_token_in_use_nothing_is_answered_and_a_foreign_one_sees_nothing() {
    let house = House::open();
    let description = house.description();
    let revoked = house.add_token("muster", "old");
    house.service.succeed(&["token", "revoke", "3"]);
    for (method, path) in operations(&description) {
        let good = House::filled(&path);
        let sent = body(&method, &path);
        for token in [None, Some(revoked.as_str()), Some(""), Some("reply_import_AAAA")] {
            let answer = house.ask(&method, &good, token, sent.as_deref());
            assert_eq!(answer.status, 401, "{method} {good} {token:?}: {answer:?}");
            assert_described(&description, (&method, &path), &answer);
        }
        if method == "get" && path.contains('{') {
            let foreign = house.ask(&method, &good, Some(&house.foreign), None);
            let unknown = path.replace("{number}", "777777").replace("{id}", "777777");
            let unknown = house.ask(&method, &unknown, Some(&house.foreign), None);
            assert_eq!((foreign.status, &foreign.text), (404, &unknown.text), "{method} {good}: {foreign:?}");
        }
    }
    for (list, key) in [("/api/v1/applications", "applications"), ("/api/v1/mails", "mails")] {
        assert_eq!(house.ask("get", list, Some(&house.foreign), None).json()[key], json!([]), "{list}");
    }
    let line = body("post", "/api/v1/directory");
    let answer = house.ask("post", "/api/v1/directory", Some(&house.foreign), line.as_deref());
    assert_eq!((answer.status, answer.json()["line"].clone()), (422, json!(1)), "{answer:?}");
}

#[test]
fn what_was_imported_and_what_waits_is_told_and_a_blocked_application_is_not() {
    let house = House::open();
    let get = |path: &str| house.ask("get", path, Some(&house.token), None);
    let mails = get("/api/v1/mails").json();
    let outcomes: Vec<&Value> = mails["mails"].as_array().unwrap().iter().map(|mail| &mail["outcome"]).collect();
    assert_eq!(outcomes, [&json!("imported"), &json!("unassigned")]);
    let only = get("/api/v1/mails?outcome=unassigned").json();
    assert_eq!((only["mails"].as_array().unwrap().len(), &only["mails"][0]["claimed_number"]), (1, &json!("482999")));
    let entry = &get("/api/v1/applications/482137/history").json()["entries"][0];
    assert_eq!((&entry["from_address"], &entry["files"][0]["kind"]), (&json!("erika@example.org"), &json!("cv")));
    let file = get(&format!("/api/v1/files/{}/content", entry["files"][0]["id"]));
    assert_eq!((file.mime.as_str(), file.text.as_str()), ("application/pdf", house::PDF));
    assert!(file.disposition.starts_with("attachment"), "{file:?}");
    let audit = house.service.succeed(&["audit", "--json"]);
    assert!(audit.contains("file_viewed"), "{audit}");
    house.execute("update applications set blocked_since = created_at where number = '482137'");
    for path in ["applications/482137", "applications/482137/history", "applications/482137/files", "mails/1"] {
        assert_eq!(get(&format!("/api/v1/{path}")).status, 404, "{path}");
    }
    assert_eq!(get(&format!("/api/v1/files/{}/content", entry["files"][0]["id"])).status, 404);
    assert_eq!(get("/api/v1/applications").json()["applications"].as_array().unwrap().len(), 0);
    assert_eq!(get("/api/v1/mails").json()["mails"].as_array().unwrap().len(), 1);
}

#[test]
fn the_recruiting_system_says_who_applies_with_the_same_checks_as_a_feed() {
    let house = House::open();
    let put = |path: &str, sent: &Value| {
        house.ask("put", &format!("/api/v1/{path}"), Some(&house.token), Some(&sent.to_string()))
    };
    let candidate = json!({"name": "Nora Neu", "addresses": ["nora@example.org"]});
    assert_eq!(put("candidates/K9", &candidate).json()["change"], "inserted");
    assert_eq!(put("candidates/K9", &candidate).json()["change"], "unchanged");
    let application = json!({"candidate": "K9", "post": "Hof", "responsible": ["ruth@example.test"]});
    assert_eq!(put("applications/482555", &application).json()["change"], "inserted");
    let shown = house.ask("get", "/api/v1/applications/482555", Some(&house.token), None).json();
    assert_eq!((&shown["candidate"], &shown["responsible"][0]["name"]), (&json!("Nora Neu"), &json!("Ruth Muster")));
    for (path, sent, status) in [
        ("applications/12", json!({"candidate": "K9"}), 422),
        ("applications/482556", json!({"candidate": "K404"}), 422),
        ("applications/482556", json!({"candidate": "K9", "number": "482557"}), 422),
        ("users/import@example.test", json!({"name": "Nora", "role": "recruiter"}), 422),
        ("users/nora@example.test", json!({"name": "Nora", "role": "king"}), 422),
        ("users/nora@example.test", json!(["Nora"]), 400),
    ] {
        let answer = put(path, &sent);
        assert_eq!(answer.status, status, "{path} {sent}: {answer:?}");
    }
    let too_long = " ".repeat((16 << 20) + 1);
    assert_eq!(house.ask("post", "/api/v1/directory", Some(&house.token), Some(&too_long)).status, 413);
}
