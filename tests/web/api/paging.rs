//! What answers name can be asked for, and a walk over a list gives each once, whatever comes in meanwhile.

use super::asking::Interface;
use crate::mails::forward;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Applications of the walk, beside those of the directory.
const MANY: u32 = 120;

fn texts(lines: &Value, key: &str) -> Vec<String> {
    lines.as_array().unwrap().iter().map(|line| line[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_an_answer_names_can_be_asked_for() {
    let interface = Interface::open();
    let files = |number: u32| forward("482138 Unterlagen").file(&format!("Zeugnis {number}.pdf"), "%PDF-1.4\n%%EOF\n");
    for number in 1..4 {
        interface.house.take("import", files(number).file("Notiz.txt", "Grüße").bytes());
    }
    let [mut entries, mut files] = [0, 0];
    for number in texts(&interface.get("applications").json()["applications"], "number") {
        let shown = interface.get(&format!("applications/{number}")).json();
        assert_eq!(shown["number"], json!(number));
        let of_it = interface.get(&format!("applications/{number}/files")).json();
        let mut listed: Vec<&Value> = of_it["files"].as_array().unwrap().iter().map(|file| &file["id"]).collect();
        let history = interface.get(&format!("applications/{number}/history")).json();
        for entry in history["entries"].as_array().unwrap() {
            let mail = interface.get(&format!("mails/{}", entry["mail"])).json();
            assert_eq!((&mail["entry"], &mail["application"]), (&entry["entry"], &json!(number)));
            for file in entry["files"].as_array().unwrap() {
                let content = interface.get(&format!("files/{}/content", file["id"]));
                assert_eq!(content.status, 200, "{file}: {content:?}");
                assert_eq!(Some(content.body.len() as u64), file["size"].as_u64(), "{file}: {content:?}");
                assert!(content.header("content-type").starts_with(file["mime"].as_str().unwrap()), "{content:?}");
                assert!(listed.contains(&&file["id"]), "{file} is not among {listed:?}");
                listed.retain(|id| **id != file["id"]);
                files += 1;
            }
            entries += 1;
        }
        assert!(listed.is_empty(), "{number}: {listed:?} belong to no entry");
    }
    assert_eq!((entries, files), (4, 7));
}

#[test]
fn a_walk_over_all_applications_gives_each_once_while_new_ones_and_mails_come_in() {
    let interface = Interface::open();
    let line = |number: u32| json!({"kind": "application", "tenant": "muster", "number": number.to_string(), "candidate": "K1", "post": "Hof"});
    let feed: Vec<String> = (600_000..600_000 + MANY).map(|number| line(number).to_string()).collect();
    let told = interface.ask("post", "/api/v1/directory", Some(&interface.token), Some(&feed.join("\n")));
    assert_eq!(told.json()["applications"]["inserted"], json!(MANY), "{told:?}");
    let first: BTreeSet<String> = ["482137", "482138", "482139"].map(str::to_owned).into();
    let known: BTreeSet<String> =
        first.into_iter().chain((0..MANY).map(|number| (600_000 + number).to_string())).collect();
    let mut walked: Vec<String> = Vec::new();
    let mut came = BTreeSet::new();
    loop {
        let after = walked.last().map_or("", String::as_str);
        let list = interface.get(&format!("applications?after={after}")).json();
        assert_eq!(list["page"], Value::Null);
        let numbers = texts(&list["applications"], "number");
        assert!(numbers.len() <= 50, "{}", numbers.len());
        walked.extend(numbers);
        if list["has_more"] == false {
            break;
        }
        // Where the newest mail comes first, each of these would go from the end of the list to its beginning.
        let (last, new) = (600_000 + MANY - 1, 700_000 + walked.len());
        interface.house.take("import", forward(&format!("{last} Unterlagen")).bytes());
        let sent = json!({"candidate": "K2"}).to_string();
        let told = interface.ask("put", &format!("/api/v1/applications/{new}"), Some(&interface.token), Some(&sent));
        assert_eq!(told.json()["change"], "inserted");
        came.insert(new.to_string());
    }
    let each: BTreeSet<String> = walked.iter().cloned().collect();
    assert_eq!(each.len(), walked.len(), "each once: {walked:?}");
    assert_eq!(each, known.union(&came).cloned().collect());
    let found = interface.get("applications?after=&text=anders").json();
    assert_eq!(
        texts(&found["applications"], "candidate").into_iter().collect::<BTreeSet<_>>(),
        ["Jörg Anders".to_owned()].into()
    );
    let last = interface.get(&format!("applications?after={}", walked.last().unwrap())).json();
    assert_eq!((&last["applications"], &last["has_more"]), (&json!([]), &json!(false)));
    for (query, status) in [("after=999111", 422), ("after=x", 422), ("after=&page=1", 400), ("page=1", 200)] {
        assert_eq!(interface.get(&format!("applications?{query}")).status, status, "{query}");
    }
}

#[test]
fn a_walk_over_all_mails_gives_each_once_while_new_ones_come_in() {
    let interface = Interface::open();
    interface.house.execute(
        "WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 230) \
         INSERT INTO mails (tenant_id, mailbox_id, digest, identity, size, received_at, recorded_at, processed_at, \
         outcome, why, claimed_number, attempts, took_ms, checks, decided_by) \
         SELECT tenant_id, mailbox_id, digest, substr(identity, 1, 56) || printf('%08d', n), size, received_at, \
         recorded_at, processed_at, outcome, why, claimed_number, attempts, took_ms, checks, decided_by \
         FROM mails, counted WHERE outcome = 'unassigned'",
    );
    let mut walked: Vec<i64> = Vec::new();
    loop {
        let after = walked.last().copied().unwrap_or_default();
        let list = interface.get(&format!("mails?after={after}")).json();
        walked.extend(list["mails"].as_array().unwrap().iter().map(|mail| mail["id"].as_i64().unwrap()));
        if list["has_more"] == false {
            break;
        }
        interface.house.take("import", forward("482138 Unterlagen").bytes());
    }
    assert_eq!(walked, interface.house.ids("SELECT id FROM mails ORDER BY id"));
    assert_eq!(walked.len(), 232 + 2);
}
