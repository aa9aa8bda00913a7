//! Every operation is sent what comes by chance, and answers as the description promises: nothing breaks it, and what is
//! wrong is refused with the reason.

use super::asking::Interface;
use super::chance::{Sent, requests, resolved};
use super::described::{assert_described, described, may_be_taken, operations};
use crate::house::plan;
use crate::visitor::Page;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Requests for each operation.
const CASES: u32 = 150;

fn runner() -> TestRunner {
    let chosen = std::env::var_os("PROPTEST_RNG_SEED").map(|_| Config::default().rng_seed);
    let rng_seed = chosen.unwrap_or(RngSeed::Fixed(20_240_313));
    // A request made small is sent as often as a token may send in a minute at most.
    TestRunner::new(Config {
        cases: CASES,
        rng_seed,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    })
}

/// What is wrong with an answer, if something is.
fn fault(description: &Value, (method, path): (&str, &str), sent: &Sent, told: &Page) -> Option<String> {
    let operation = &description["paths"][path][method];
    if told.status >= 500 {
        return Some(format!("{told:?}"));
    }
    if let Err(fault) = described(description, (method, path), told) {
        return Some(fault);
    }
    if told.status != 200 {
        return None;
    }
    if sent.body.as_ref().is_some_and(|body| !may_be_taken(description, operation, body)) {
        return Some("a body of another form was taken".to_owned());
    }
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    let in_query: Vec<&Value> = parameters.into_iter().filter(|parameter| parameter["in"] == "query").collect();
    sent.query.iter().filter(|_| !in_query.is_empty()).find_map(|(name, value)| {
        let Some(parameter) = in_query.iter().find(|parameter| parameter["name"] == *name) else {
            return Some(format!("`{name}` is no parameter and was taken"));
        };
        let schema = resolved(description, &parameter["schema"]);
        let is_good = match schema["type"].as_str() {
            Some("integer") => value.parse::<i128>().is_ok(),
            _ if schema["enum"].is_array() => schema["enum"].as_array().unwrap().iter().any(|word| word == value),
            _ if schema["format"] == "date-time" => chrono::DateTime::parse_from_rfc3339(value).is_ok(),
            _ => true,
        };
        (!is_good).then(|| format!("`{name}`: {value:?} was taken"))
    })
}

fn by_chance(interface: &Interface) {
    let description = interface.description();
    let mut all = String::new();
    let mut faults = Vec::new();
    for (method, path) in &operations(&description) {
        // A token may send so many requests a minute.
        let token = interface.add_token("muster", &format!("{method} {path}"));
        let counts = RefCell::new(BTreeMap::<u16, u32>::new());
        let told = runner().run(&requests(&description, (method, path)), |sent| {
            let told = interface.send(method, &sent.address(path), Some(&token), sent.body.as_deref());
            *counts.borrow_mut().entry(told.status).or_default() += 1;
            match fault(&description, (method, path), &sent, &told) {
                None => Ok(()),
                Some(fault) => Err(TestCaseError::fail(fault)),
            }
        });
        if let Err(fault) = told {
            faults.push(format!("{method} {path}: {fault}"));
            continue;
        }
        let counts = counts.into_inner();
        writeln!(all, "{:4} {path}: {counts:?}", method.to_uppercase()).unwrap();
        if counts.get(&200).is_none_or(|count| *count < 15) || counts.len() < 2 {
            faults.push(format!("{method} {path}: requests that are no good for a test: {counts:?}"));
        }
    }
    #[expect(clippy::print_stdout, reason = "for whoever wants to see it")]
    {
        println!("{all}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    everything_can_be_read(interface, &description);
    a_long_key_is_refused(interface);
}

/// What an index of PostgreSQL does not hold is refused by SQLite too.
fn a_long_key_is_refused(interface: &Interface) {
    // Digits that cannot be made short.
    let digits: String = (1_u64..700).map(|n| (n * n * n * 7919 % 99_991).to_string()).collect();
    for (length, status) in [(200, 200), (201, 422), (3000, 422)] {
        let path = format!("/api/v1/candidates/{}", digits.chars().take(length).collect::<String>());
        let told = interface.ask("put", &path, Some(&interface.token), Some(r#"{"name": "Nora Neu"}"#));
        assert_eq!(told.status, status, "{length}: {told:?}");
        assert!(status == 200 || told.json()["detail"].as_str().unwrap().contains("`id`: at most 200"), "{told:?}");
    }
}

/// Whatever was written by chance is shown.
fn everything_can_be_read(interface: &Interface, description: &Value) {
    let token = interface.add_token("muster", "reader");
    let get = |path: &str, described: &str| {
        let told = interface.send("get", path, Some(&token), None);
        assert_eq!(told.status, 200, "{path}: {told:?}");
        assert_described(description, ("get", described), &told);
        told.json()
    };
    let mut read = 0;
    for page in 1.. {
        let list = get(&format!("/api/v1/applications?page={page}"), "/api/v1/applications");
        for line in list["applications"].as_array().unwrap() {
            let number = line["number"].as_str().unwrap();
            get(&format!("/api/v1/applications/{number}"), "/api/v1/applications/{number}");
            read += 1;
        }
        if list["has_more"] == false {
            break;
        }
    }
    assert!(read > 3, "nothing was written by chance");
}

#[test]
fn whatever_is_sent_is_answered_as_described_on_sqlite() {
    by_chance(&Interface::open());
}

#[test]
fn whatever_is_sent_is_answered_as_described_on_postgresql() {
    by_chance(&Interface::open_in(plan().on_postgres()));
}
