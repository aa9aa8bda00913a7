//! Mail that is taken down the path again, or comes from disk.

use crate::house::{SOON, builder, house};
use crate::mails::forward;
use serde_json::Value;

/// The application with the number that nobody had before.
const ADDED: &str = r#"{"kind": "application", "tenant": "muster", "number": "482999", "candidate": "K1", "post": "Gärtner", "responsible": ["karl@example.test"], "state": "open", "state_since": "2024-01-02"}"#;

#[test]
fn a_mail_whose_application_was_added_is_imported_after_all() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let waiting = house.only_mail();
    assert_eq!(waiting["why"], "unknown_number");
    house.take_over(ADDED);
    let said = house.service.succeed(&["reprocess", &waiting["id"].to_string()]);
    assert!(said.contains("imported (was unassigned)"), "{said}");
    let now = house.only_mail();
    assert_eq!((now["id"].clone(), now["outcome"].as_str()), (waiting["id"].clone(), Some("imported")));
    assert_eq!((now["reference"].as_str(), now["folder"].as_str()), (Some("482999"), Some("Archive/Imported")));
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
    house.once();
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn a_mail_whose_forwarder_was_added_is_imported_after_all() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").from("Neu <neu@example.test>"));
    house.once();
    house.take_over(
        r#"{"kind": "user", "tenant": "muster", "address": "neu@example.test", "addresses": ["neu@example.test"], "name": "Nadja Neu", "role": "personalmanager", "language": "de", "active": true}"#,
    );
    house.service.succeed(&["reprocess", "--outcome", "unassigned"]);
    assert_eq!(house.only_mail()["outcome"], "imported");
}

#[test]
fn an_imported_mail_processed_again_stays_one_entry_and_is_told_once() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported, as before"), "{said}");
    house.once();
    let whole = house.show(&house.only_mail());
    assert_eq!(whole["files"].as_array().unwrap().len(), 1);
    assert_eq!(house.status()["outbox"]["sent"], 2);
}

#[test]
fn a_mail_that_a_person_moved_within_the_archive_is_found_by_its_identity() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    house.dovecot.doveadm(&["move", "-u", "import", "Archive/Repeated", "mailbox", "Archive/Unassigned", "all"]);
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("unassigned, as before"), "{said}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Repeated")), (1, 0));
}

#[test]
fn many_mails_are_processed_over_one_connection_and_each_is_told_as_json() {
    let house = house();
    for _ in 0..12 {
        house.deliver(&forward("482999 Unterlagen").pdf("Lebenslauf.pdf"));
    }
    house.once();
    house.take_over(ADDED);
    let connections = || house.dovecot.client_commands().iter().filter(|command| *command == "LOGOUT").count();
    let before = connections();
    let said = house.service.succeed(&["reprocess", "--outcome", "unassigned", "--json"]);
    assert_eq!(connections() - before, 1);
    let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said.len(), 12);
    for one in &said {
        let words = [&one["result"], &one["before"], &one["now"]].map(|word| word.as_str().unwrap());
        assert_eq!(words, ["done", "unassigned", "imported"], "{one}");
    }
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 12));
    let again = house.service.succeed(&["reprocess", "--outcome", "imported", "--json"]);
    assert_eq!(again.matches("\"unchanged\"").count(), 12, "found by their new places: {again}");
    assert_eq!(house.mails().len(), 12);
}

#[test]
fn only_mails_processed_since_a_time_are_taken_if_so_asked() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    assert_eq!(house.service.succeed(&["reprocess", "--outcome", "unassigned", "--since", "2099-01-01"]), "");
    let said = house.service.succeed(&["reprocess", "--outcome", "unassigned", "--since", "1h"]);
    assert!(said.contains("as before"), "{said}");
    assert_eq!(house.service.command(&["reprocess", "1", "--since", "1h"]).code, Some(2));
}

#[test]
fn an_imported_mail_that_would_wait_now_stays_and_is_told_so() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    house.take_over(
        r#"{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test"], "name": "Ruth Muster", "role": "fachbereich", "language": "de", "active": true}"#,
    );
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("stays imported, though it would be unassigned now"), "{said}");
    assert!(said.contains(&format!("`revert {id}`")), "{said}");
    assert_eq!((house.only_mail()["outcome"].as_str(), house.count("Archive/Imported")), (Some("imported"), 1));
}

#[test]
fn a_mail_without_a_message_id_is_found_by_its_size_and_content() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen").message_id("< >"));
    house.deliver(&forward("482999 Unterladen").message_id("< >"));
    house.once();
    house.dovecot.doveadm(&["move", "-u", "import", "Archive/Repeated", "mailbox", "Archive/Unassigned", "all"]);
    let id = house.mails()[1]["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("unassigned, as before"), "{said}");
    let back = house.dovecot.messages("import", "Archive/Unassigned");
    assert_eq!((back.len(), house.count("Archive/Repeated")), (1, 1));
    assert!(String::from_utf8_lossy(&back[0]).contains("Unterladen"));
}

#[test]
fn a_repeat_is_not_taken_for_the_mail_it_repeats() {
    let house = house();
    let mail = forward("482137 Unterlagen");
    house.deliver(&mail);
    house.deliver(&mail);
    house.once();
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "Archive/Repeated", "all"]);
    let repeat = house.mails()[1]["id"].to_string();
    let finished = house.service.command(&["reprocess", &repeat]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("in none of the archive folders"), "{finished:#?}");
    assert_eq!(house.count("Archive/Imported"), 1);
}

#[test]
fn a_mail_that_is_not_filed_away_yet_is_decided_anew_and_left_to_the_next_round() {
    let house = builder().dovecot(|dovecot| dovecot.without("MOVE")).build();
    house.deliver(&forward("482999 Unterlagen"));
    let killed = house.service.start_with(&["once"], &[("FAILPOINTS", "recorded=return")]).wait(SOON).unwrap();
    assert_eq!(killed.code, None, "it was not killed: {killed:#?}");
    house.take_over(ADDED);
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported (was unassigned); not filed away yet, the next round does it"), "{said}");
    let folders = || ["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder));
    let record = house.show(&house.only_mail());
    assert_eq!((&record["filed_at"], &record["refile_since"]), (&Value::Null, &Value::Null), "{record:#}");
    assert_eq!(folders(), [1, 0, 0]);
    let said: Value = serde_json::from_str(&house.service.succeed(&["reprocess", &id, "--json"])).unwrap();
    assert_eq!((&said["result"], &said["to_be_filed"]), (&"unchanged".into(), &true.into()), "{said}");
    house.once();
    assert_eq!((folders(), house.only_mail()["folder"].as_str()), ([0, 1, 0], Some("Archive/Imported")));
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn what_cannot_be_processed_again_is_said_with_an_honest_exit_code() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "Archive/Unassigned", "all"]);
    let id = house.only_mail()["id"].to_string();
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    let good = house.mails()[1]["id"].to_string();
    let finished = house.service.command(&["reprocess", &id, "4711", &good]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("in none of the archive folders"), "{finished:#?}");
    assert!(finished.stderr.contains("There is no mail 4711"), "{finished:#?}");
    assert!(finished.stderr.contains("2 of 3 mails could not be processed"), "{finished:#?}");
    assert!(finished.stdout.contains(&format!("{good}: imported, as before")), "{finished:#?}");
}

#[test]
fn a_mail_from_disk_takes_the_same_path() {
    let house = house();
    let file = house.service.write("mail.eml", forward("482137 Unterlagen").bytes());
    let arguments = ["import", file.to_str().unwrap(), "--mailbox", "import@example.test"];
    assert!(house.service.succeed(&arguments).contains("imported"));
    assert!(house.service.succeed(&arguments).contains("repeated"));
}
