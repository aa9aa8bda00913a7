//! The same of the interface for programs: every operation, and whose token asks.

use super::programs_table::PROGRAMS;
use super::things::Things;
use super::written::Written;
use crate::api::asking::Interface;
use crate::api::body;
use crate::api::described::operations;
use crate::visitor::Page;
use std::collections::BTreeSet;

/// What stands in the place of what is asked for.
fn values(things: &Things<'_>, path: &str, of: &str) -> Vec<String> {
    let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
    let area = path.split('/').nth(3).unwrap();
    match (area, of) {
        (_, "-") => values(&[""]),
        ("applications", "no number") => {
            values(&["x", "48213", "48213712", "482137x", "%20", "%00", "-482137", "%C3%A4"])
        }
        ("applications", "unknown") => values(&["777777"]),
        ("applications", of) => vec![Things::number(of).to_owned()],
        ("candidates", "own") => values(&["K1"]),
        ("candidates", _) => values(&["K404"]),
        ("users", "own") => values(&["ruth@example.test"]),
        ("users", "no address") => values(&["ruth", "%20", "a%00@example.test", "@"]),
        ("users", _) => values(&["nora@example.test"]),
        (area, of) => things.ids(area, of),
    }
}

/// In a word what is answered to whoever has this token.
fn answer(interface: &Interface, asked: &str, addresses: &[String], path: &str, token: Option<&str>) -> String {
    let method = asked.split_once(' ').unwrap().0.to_lowercase();
    let mut answers = BTreeSet::new();
    for address in addresses {
        let told = interface.ask(&method, address, token, body(&method, path).as_deref());
        if method == "get" {
            let head = interface.ask("head", address, token, None);
            assert_eq!((head.status, &*head.body), (told.status, ""), "HEAD {address}");
            assert_eq!(head.lasting_headers(), told.lasting_headers(), "HEAD {address}");
        }
        if told.status == 404 {
            let nowhere = interface.ask("get", "/api/v1/applications/777777", token, None);
            let shown = |page: &Page| (page.lasting_headers(), page.body.clone());
            assert_eq!(shown(&told), shown(&nowhere), "{address}");
        }
        assert!(told.status < 500, "{address}: {told:?}");
        answers.insert(told.status.to_string());
    }
    answers.into_iter().collect::<Vec<_>>().join("/")
}

#[test]
fn every_operation_answers_each_token_as_the_table_says() {
    let interface = Interface::open();
    let things = Things::brought_to(&interface.house);
    let revoked = interface.add_token("muster", "old");
    interface.house.service.succeed(&["token", "revoke", "3"]);
    let mut written = Written::read(PROGRAMS);
    assert_eq!(written.columns, ["none", "own", "foreign", "revoked"]);
    let real = operations(&interface.description()).into_iter();
    let mut real: BTreeSet<String> = real.map(|(method, path)| format!("{} {path}", method.to_uppercase())).collect();
    real.insert("GET /api/v1/openapi.json".to_owned());
    assert_eq!(written.rows.iter().map(|row| row.asked.clone()).collect::<BTreeSet<_>>(), real);
    let tokens = [None, Some(&*interface.token), Some(&*interface.foreign), Some(&*revoked)];
    for row in &mut written.rows {
        let path = row.asked.split_once(' ').unwrap().1.to_owned();
        let fill = |path: &str, value: &str| {
            ["{number}", "{id}", "{address}"].iter().fold(path.to_owned(), |path, name| path.replace(name, value))
        };
        let addresses: Vec<String> = values(&things, &path, &row.of).iter().map(|value| fill(&path, value)).collect();
        row.answered = tokens.map(|token| answer(&interface, &row.asked, &addresses, &path, token)).to_vec();
    }
    written.compare();
}
