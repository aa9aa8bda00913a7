//! What every route answers to everybody: the promise of who sees what, in a table that a person can read.
//!
//! `cargo nextest run --test web routes:: --no-capture` prints what was answered.

mod odd;
mod people;
mod programs;
mod programs_table;
mod table;
mod things;
mod written;

use crate::house::plan;
use crate::visitor::Visitor;
use people::{Person, people};
use reply_import::web;
use std::collections::BTreeSet;
use table::PAGES;
use things::Things;
use written::Written;

#[test]
fn every_route_of_the_pages_is_in_the_table() {
    let written = Written::read(PAGES);
    let in_the_table: BTreeSet<&str> = written.rows.iter().map(|row| row.asked.as_str()).collect();
    let real: Vec<String> = web::routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let real: BTreeSet<&str> = real.iter().map(String::as_str).collect();
    assert_eq!(in_the_table, real);
    let ids = |asked: &str| written.rows.iter().filter(|row| row.asked == asked).map(|row| row.of.as_str()).collect();
    for asked in real.iter().filter(|asked| asked.contains("{id}")) {
        let ids: BTreeSet<&str> = ids(asked);
        for wanted in things::EVERYWHERE {
            assert!(ids.contains(wanted), "{asked}: {wanted} is not in the table");
        }
        let forms = ids.iter().filter(|id| id.contains("without our mark")).count();
        assert_eq!(forms > 0, asked.starts_with("POST"), "{asked}: a form of somebody else's");
    }
}

#[test]
fn every_route_answers_everybody_as_the_table_says() {
    let house = plan().pages_only().web("trusted_proxies = [\"127.0.0.1\"]").open();
    let things = Things::brought_to(&house);
    let mut people = people(&house);
    let mut written = Written::read(PAGES);
    assert_eq!(written.columns, people.iter().map(|person| person.column).collect::<Vec<_>>());
    for row in &mut written.rows {
        row.answered = people.iter_mut().map(|person| answer(person, &things, &row.asked, &row.of)).collect();
    }
    written.compare();
}

/// In a word what this person is answered, whichever of the addresses of a kind they ask for.
fn answer(person: &mut Person<'_>, things: &Things<'_>, asked: &str, of: &str) -> String {
    let (method, path) = asked.split_once(' ').unwrap();
    let (of, is_ours) = of.split_once(", without our mark").map_or((of, true), |(of, _)| (of, false));
    let mut answers = BTreeSet::new();
    for address in things.addresses(person, path, of) {
        let told = if method == "POST" {
            person.send(&address, &Things::form(path, of), is_ours)
        } else {
            // To look at something takes away its mark of what is new.
            person.visitor.get(&address);
            let told = person.visitor.get(&address);
            let head = person.visitor.send("HEAD", &address, &[], None);
            assert_eq!((head.status, &*head.body), (told.status, ""), "HEAD {address}: {}", person.column);
            assert_eq!(head.lasting_headers(), told.lasting_headers(), "HEAD {address}: {}", person.column);
            told
        };
        let content_type = told.header("content-type");
        assert!(told.status < 500, "{address}: {told:?}");
        if told.status == 404 && !path.starts_with("/assets/") {
            assert_eq!((told.lasting_headers(), &told.body), person.nowhere(), "{asked} {of}");
        }
        if (400..500).contains(&told.status) && !path.starts_with("/assets/") {
            assert!(content_type.starts_with("text/html") && told.body.contains("<h1>"), "{address}: {told:?}");
        }
        let is_kept = told.header("cache-control") != "no-store";
        assert_eq!(is_kept, path.starts_with("/assets/") && told.status == 200, "{address}: {told:?}");
        let leads_to_signing_in = told.status == 303 && told.leads_to().starts_with("/sign-in?next=");
        answers.insert(if leads_to_signing_in { "sign in".to_owned() } else { told.status.to_string() });
    }
    answers.into_iter().collect::<Vec<_>>().join("/")
}

#[test]
fn a_method_that_a_route_does_not_have_is_refused_with_those_that_it_has() {
    let house = plan().without_mail_servers().open();
    let mut anybody = house.visitor();
    let routes = web::routes();
    for path in routes.iter().map(|route| route.path).collect::<BTreeSet<_>>() {
        let has = |method: &str| routes.iter().any(|route| (route.method, route.path) == (method, path));
        let address = path.replace("{id}", "1").replace("{token}", "x").replace("{name}", "style.css");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            if has(method) || method == "HEAD" && has("GET") {
                continue;
            }
            let told = anybody.send(method, &address, &[], None);
            assert_eq!(told.status, 405, "{method} {address}: {told:?}");
            let allowed: BTreeSet<&str> = told.header("allow").split(',').map(str::trim).collect();
            let gets = if has("GET") { &["GET", "HEAD"][..] } else { &[] };
            let posts = if has("POST") { &["POST"][..] } else { &[] };
            assert_eq!(allowed, gets.iter().chain(posts).copied().collect(), "{method} {address}");
        }
    }
    let mut nobody: Visitor = house.visitor();
    assert_eq!(nobody.get("/there-is-no-such-page").status, 404);
}
