//! The interface for programs, against the description that it gives of itself.

pub mod asking;
mod by_chance;
mod chance;
pub mod described;
mod paging;

use asking::{Interface, PDF};
use described::{assert_described, operations};
use serde_json::{Value, json};

/// What is sent to an operation when all is as it should be.
pub fn body(method: &str, path: &str) -> Option<String> {
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

/// The reference numbers of a list of applications.
fn numbers(list: &Value) -> Vec<&str> {
    list["applications"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap()).collect()
}

#[test]
fn every_operation_answers_as_the_description_promises_whatever_it_is_asked() {
    let interface = Interface::open();
    let description = interface.description();
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(
        serde_json::from_str::<Value>(&interface.house.service.succeed(&["api-description"])).unwrap(),
        description
    );
    let operations = operations(&description);
    assert_eq!(operations.len(), 11, "{operations:?}");
    for (method, path) in &operations {
        let good = Interface::filled(path);
        let answer = interface.ask(method, &good, Some(&interface.token), body(method, path).as_deref());
        assert_eq!(answer.status, 200, "{method} {good}: {answer:?}");
        assert_described(&description, (method, path), &answer);
        for odd in ["0", "-1", "99999999999999999999", "999999", "%00", "%2e%2e", "a%2Fb", "%F0%9F%92%A9", "'--"] {
            let strange = path.replace("{number}", odd).replace("{id}", odd).replace("{address}", odd);
            for sent in [body(method, path), Some("{".to_owned()), Some("[]".to_owned()), Some(r#"{"x":1}"#.to_owned())]
            {
                let answer = interface.ask(method, &strange, Some(&interface.token), sent.as_deref());
                assert!(answer.status < 500, "{method} {strange}: {answer:?}");
                assert_described(&description, (method, path), &answer);
            }
        }
        for query in ["page=x", "page=4294967295", "text=%25%00_", "outcome=lost", "since=yesterday", "after=-5", "x=1"]
        {
            let answer = interface.ask(
                method,
                &format!("{good}?{query}"),
                Some(&interface.token),
                body(method, path).as_deref(),
            );
            assert!(answer.status < 500, "{method} {good}?{query}: {answer:?}");
            assert_described(&description, (method, path), &answer);
        }
    }
}

#[test]
fn without_a_token_in_use_nothing_is_answered_and_a_foreign_one_sees_nothing() {
    let interface = Interface::open();
    let description = interface.description();
    let revoked = interface.add_token("muster", "old");
    interface.house.service.succeed(&["token", "revoke", "3"]);
    for (method, path) in operations(&description) {
        let good = Interface::filled(&path);
        let sent = body(&method, &path);
        for token in [None, Some(revoked.as_str()), Some(""), Some("reply_import_AAAA")] {
            let answer = interface.ask(&method, &good, token, sent.as_deref());
            assert_eq!(answer.status, 401, "{method} {good} {token:?}: {answer:?}");
            assert_described(&description, (&method, &path), &answer);
        }
        if method == "get" && path.contains('{') {
            let foreign = interface.ask(&method, &good, Some(&interface.foreign), None);
            let unknown = path.replace("{number}", "777777").replace("{id}", "777777");
            let unknown = interface.ask(&method, &unknown, Some(&interface.foreign), None);
            assert_eq!((foreign.status, &foreign.body), (404, &unknown.body), "{method} {good}: {foreign:?}");
        }
    }
    let list = |path| interface.ask("get", path, Some(&interface.foreign), None).json();
    assert_eq!(numbers(&list("/api/v1/applications")), ["999111"]);
    assert_eq!(list("/api/v1/mails")["mails"], json!([]));
    let line = body("post", "/api/v1/directory");
    let answer = interface.ask("post", "/api/v1/directory", Some(&interface.foreign), line.as_deref());
    assert_eq!((answer.status, answer.json()["line"].clone()), (422, json!(1)), "{answer:?}");
}

#[test]
fn what_was_imported_and_what_waits_is_told_and_a_blocked_application_is_not() {
    let interface = Interface::open();
    let mails = interface.get("mails").json();
    let outcomes: Vec<&Value> = mails["mails"].as_array().unwrap().iter().map(|mail| &mail["outcome"]).collect();
    assert_eq!(outcomes, [&json!("imported"), &json!("unassigned")]);
    let only = interface.get("mails?outcome=unassigned").json();
    assert_eq!((only["mails"].as_array().unwrap().len(), &only["mails"][0]["claimed_number"]), (1, &json!("482999")));
    let entry = &interface.get("applications/482137/history").json()["entries"][0];
    assert_eq!((&entry["from_address"], &entry["files"][0]["kind"]), (&json!("erika@example.org"), &json!("cv")));
    let file = interface.get(&format!("files/{}/content", entry["files"][0]["id"]));
    assert_eq!((file.header("content-type"), file.body.as_str()), ("application/pdf", PDF));
    assert!(file.header("content-disposition").starts_with("attachment"), "{file:?}");
    let audit = interface.house.service.succeed(&["audit", "--json"]);
    assert!(audit.contains("file_viewed"), "{audit}");
    let opened = format!("file {}, token 1", entry["files"][0]["id"]);
    assert!(audit.contains(&opened), "{opened} in {audit}");
    interface.house.execute("update applications set blocked_since = created_at where number = '482137'");
    for path in ["applications/482137", "applications/482137/history", "applications/482137/files", "mails/1"] {
        assert_eq!(interface.get(path).status, 404, "{path}");
    }
    assert_eq!(interface.get(&format!("files/{}/content", entry["files"][0]["id"])).status, 404);
    assert_eq!(numbers(&interface.get("applications").json()), ["482139", "482138"]);
    assert_eq!(interface.get("mails").json()["mails"].as_array().unwrap().len(), 1);
}

#[test]
fn the_recruiting_system_says_who_applies_with_the_same_checks_as_a_feed() {
    let interface = Interface::open();
    let put = |path: &str, sent: &Value| {
        interface.ask("put", &format!("/api/v1/{path}"), Some(&interface.token), Some(&sent.to_string()))
    };
    let candidate = json!({"name": "Nora Neu", "addresses": ["nora@example.org"]});
    assert_eq!(put("candidates/K9", &candidate).json()["change"], "inserted");
    assert_eq!(put("candidates/K9", &candidate).json()["change"], "unchanged");
    let application = json!({"candidate": "K9", "post": "Hof", "responsible": ["ruth@example.test"]});
    assert_eq!(put("applications/482555", &application).json()["change"], "inserted");
    let shown = interface.ask("get", "/api/v1/applications/482555", Some(&interface.token), None).json();
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
    assert_eq!(interface.ask("post", "/api/v1/directory", Some(&interface.token), Some(&too_long)).status, 413);
}
