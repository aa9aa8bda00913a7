//! Erasing: a word that stands wherever a word can stand is found nowhere afterwards, and another person's everywhere.

mod planted;
mod together;

use crate::house::{Builder, House, SOON, builder};
use planted::{DOOMED, OTHER, Planted, files_with, places_of, tables_with};
use serde_json::Value;

const RUTH: &str = "Ruth Muster <ruth@example.test>";

/// A house with both people, where notifications name names.
fn house(on_postgres: bool, change: impl FnOnce(Builder) -> Builder) -> House {
    let house = change(builder().on_postgres(on_postgres).mailbox("max_size = \"64KiB\"")).build();
    house.service.set_settings(&format!("{}\n[notify]\ncontent = \"names\"\ndigest_after = 0\n", house.settings()));
    house.take_over(&format!("{}{}", DOOMED.directory(), OTHER.directory()));
    house
}

fn deliver(house: &House, mail: impl AsRef<[u8]>) {
    house.dovecot.deliver("import", mail);
}

/// One mail of each kind: imported, repeated, forwarded again, waiting for several reasons, set aside, ignored.
fn all_kinds(house: &House, of: &Planted) {
    let Planted { word, number, .. } = of;
    let imported = of.forward(RUTH, &format!("{number} WG: {word}"), "eins");
    deliver(house, &imported);
    house.once();
    deliver(house, &imported);
    let again = String::from_utf8(of.forward("Karl Probe <karl@example.test>", &format!("{number} {word}"), "eins"));
    deliver(house, again.unwrap().replace("eins-", "noch-einmal-").replace("Notiz", "Auch bei mir:"));
    deliver(house, of.forward(RUTH, &format!("WG: {word} ohne Nummer"), "zwei"));
    deliver(house, of.forward("Fremd <fremd@example.com>", &format!("{number} {word}"), "drei"));
    let mut large = of.forward(RUTH, &format!("{number} {word}"), "vier");
    large.extend("x".repeat(100).repeat(1_000).as_bytes());
    deliver(house, large);
    let robot = String::from_utf8(of.forward(RUTH, &format!("{number} {word}"), "fünf")).unwrap();
    deliver(house, robot.replacen("X-Note", "Auto-Submitted: auto-replied\r\nX-Note", 1));
    house.once();
    // Recorded, and not filed away: the process dies in between.
    deliver(house, of.forward(RUTH, &format!("{number} {word} noch im Eingang"), "sechs"));
    die_at(house, &["once"], "recorded", 1);
}

fn die_at(house: &House, arguments: &[&str], point: &str, hit: usize) {
    let when = format!("{point}={}*off->return", hit - 1);
    let finished = house.service.start_with(arguments, &[("FAILPOINTS", &when)]).wait(SOON).unwrap();
    assert_eq!(finished.code, None, "{when}: it was not killed: {finished:#?}");
    house.execute("UPDATE outbox SET claimed_until = NULL WHERE state = 'pending'; DELETE FROM mailbox_leases");
}

fn counts(house: &House) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for mail in house.mails() {
        *counts.entry(mail["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn erase(house: &House, arguments: &[&str]) -> (Option<i32>, Value) {
    let finished = house.service.command(&[&["erase", "--yes", "--json"], arguments].concat());
    (finished.code, serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{finished:#?}")))
}

/// All outcomes of both people, one of whom is erased.
fn everything_goes(on_postgres: bool) {
    let house = house(on_postgres, |builder| builder);
    house.postfix.refuse("vera@example.test", "451 4.7.1 later");
    for of in [&OTHER, &DOOMED] {
        all_kinds(&house, of);
    }
    let kinds = [("automatic", 2), ("imported", 4), ("repeated", 4), ("set_aside", 2), ("unassigned", 4)];
    assert_eq!(counts(&house), kinds.map(|(outcome, mails)| (outcome.to_owned(), mails)));
    assert_eq!(house.count("INBOX"), 1, "one is recorded and not filed away");
    let states = house.status()["outbox"].clone();
    assert!(states["pending"].as_u64().unwrap() > 0 && states["sent"].as_u64().unwrap() > 0, "{states}");
    // The search finds the word where it stands.
    for of in [&OTHER, &DOOMED] {
        let places = places_of(of.word, &house).join("\n");
        let expected: &[&str] = if on_postgres { &["mails", "blobs", "outbox", "files"] } else { &["test.db"] };
        for place in expected.iter().chain(&["mail/import", "Archive"]) {
            assert!(places.contains(place), "{place} in\n{places}");
        }
    }
    let everything = house.status();

    let said = house.service.succeed(&["erase", "--candidate", &DOOMED.address(), "--dry-run", "--json"]);
    let plan: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&plan["result"], &plan["erased"]["mails"]), (&"planned".into(), &8.into()), "{plan:#}");
    assert_eq!(house.status(), everything, "a plan changes nothing");
    let (code, report) = erase(&house, &["--candidate", &DOOMED.address()]);
    assert_eq!(code, Some(0), "{report:#}");
    let erased = &report["erased"];
    assert_eq!((&erased["candidates"], &erased["applications"], &erased["entries"]), (&1.into(), &1.into(), &2.into()));
    assert_eq!((&erased["mails"], &erased["archived"]), (&plan["erased"]["mails"], &plan["erased"]["archived"]));
    let removed: u64 = report["servers"][0]["removed"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!((removed, &report["servers"][0]["waiting"]), (8, &0.into()), "{report:#}");

    assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
    assert_eq!((house.count("INBOX"), house.status()["removals"].as_array().unwrap().len()), (0, 0));
    let half = kinds.map(|(outcome, mails)| (outcome.to_owned(), mails / 2));
    assert_eq!(counts(&house), half, "the other person's mails are all there");
    assert_eq!(house.count("Archive/Imported") + house.count("Archive/Unassigned"), 4);
    let left = places_of(OTHER.word, &house).join("\n");
    assert!(left.contains("mail/import") && (on_postgres || left.contains("test.db")), "{left}");
    let files = house.show(&house.mails()[0])["files"].as_array().unwrap().len();
    assert!(files >= 3, "{files}");
    assert!(house.service.succeed(&["audit", "--json"]).contains("mail_erased"));
    house.postfix.accept("vera@example.test");
    house.once();
    let told = house.dovecot.messages("vera", "INBOX");
    assert!(told.iter().all(|mail| !String::from_utf8_lossy(mail).contains(DOOMED.word)), "told after it was erased");
}

#[test]
fn everything_of_a_person_goes_and_nothing_of_another_on_sqlite() {
    everything_goes(false);
}

#[test]
fn everything_of_a_person_goes_and_nothing_of_another_on_postgres() {
    everything_goes(true);
}

#[test]
fn mail_on_a_server_that_is_away_is_removed_by_the_service_later() {
    for on_postgres in [false, true] {
        let mut house = house(on_postgres, Builder::without_smtp);
        all_kinds(&house, &DOOMED);
        house.dovecot.stop();
        let (code, report) = erase(&house, &["--application", DOOMED.number]);
        assert_eq!(code, Some(1), "{report:#}");
        let server = &report["servers"][0];
        assert_eq!((&server["mailbox"], &server["waiting"]), (&"import@example.test".into(), &8.into()), "{report:#}");
        assert!(server["error"].as_str().unwrap().contains("127.0.0.1"), "{report:#}");
        let _ = std::fs::remove_file(house.service.join("directory.jsonl"));
        assert_eq!(files_with(DOOMED.word, house.service.folder()), Vec::<std::path::PathBuf>::new());
        assert_eq!(tables_with(DOOMED.word, &house), Vec::<String>::new());
        let waiting = house.status()["removals"][0].clone();
        assert_eq!((&waiting["mails"], waiting["error"].is_string()), (&8.into(), true), "{waiting:#}");
        let shown = house.service.succeed(&["status"]);
        assert!(shown.contains("still to be removed from import@example.test: 8 mails"), "{shown}");
        house.dovecot.start_again();
        house.once();
        assert_eq!(house.status()["removals"].as_array().unwrap().len(), 0);
        assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
        assert_eq!(house.mails().len(), 0, "what lay in the inbox came in anew");
    }
}

#[test]
fn killed_in_the_middle_the_same_command_goes_on() {
    let command = ["erase", "--yes", "--candidate", &DOOMED.address()];
    for on_postgres in [false, true] {
        let house = house(on_postgres, Builder::without_smtp);
        for (point, hit, again) in
            [("erasing", 1, true), ("erasing", 2, true), ("marked", 1, false), ("removed", 2, false)]
        {
            all_kinds(&house, &DOOMED);
            die_at(&house, &command, point, hit);
            if again {
                house.service.succeed(&command);
            } else {
                // The record is erased already; the rounds do the rest, when it is due.
                house.execute("UPDATE removals SET next_at = since");
                house.once();
                house.service.succeed(&["erase", "--yes", "--mail", "4711"]);
            }
            assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new(), "{point}, {hit}");
            assert_eq!(house.mails().len(), 0, "{point}, {hit}");
            house.take_over(&DOOMED.directory());
        }
    }
}
