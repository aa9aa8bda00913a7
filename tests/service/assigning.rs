//! A person assigns a mail that waits.

use crate::house::{House, builder, house};
use crate::mails::{forward, forward_of};
use serde_json::Value;

/// A mail that waits because its number is unknown, and its record's number.
fn waiting(house: &House) -> String {
    house.deliver(&forward("482999 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    house.only_mail()["id"].to_string()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn a_mail_that_waits_is_assigned_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        let id = waiting(&house);
        let said = house.service.succeed(&["assign", &id, "482137"]);
        assert!(said.contains("imported for 482137 (was unassigned)"), "{said}");
        assert!(said.contains("karl@example.test, vera@example.test"), "{said}");
        let record = house.show(&house.only_mail());
        assert_eq!(
            [&record["outcome"], &record["reference"], &record["decided_by"]].map(word),
            ["imported", "482137", "person"]
        );
        assert_eq!((word(&record["folder"]), word(&record["sender"])), ("Archive/Imported", "matches"));
        assert_eq!(record["files"][0]["name"], "Lebenslauf.pdf");
        assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
        house.once();
        assert_eq!((house.notifications("karl", 1).len(), house.notifications("vera", 1).len()), (1, 1));
        let shown = house.service.succeed(&["show", &id]);
        assert!(
            shown.contains("decided by a person") && shown.contains("assigned it to application 482137"),
            "{shown}"
        );
    }
}

#[test]
fn assigning_twice_is_done_once_and_elsewhere_is_refused() {
    let house = house();
    let id = waiting(&house);
    house.service.succeed(&["assign", &id, "482137"]);
    let said = house.service.succeed(&["assign", &id, "482137"]);
    assert!(said.contains("in the history of 482137 already"), "{said}");
    let refused = house.service.command(&["assign", &id, "482138"]);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains(&format!("`reply-import revert {id}`")), "{refused:#?}");
    house.once();
    assert_eq!(house.only_mail()["reference"], "482137");
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn what_cannot_be_assigned_is_refused_and_changes_nothing() {
    let house = house();
    let id = waiting(&house);
    let robot = forward("482137 Automatische Antwort").header("Auto-Submitted", "auto-replied");
    house.deliver(&robot);
    let twice = forward("482137 Zweimal").body("Nur ein Text.\r\n");
    house.deliver(&twice);
    house.deliver(&twice);
    house.once();
    let of = |outcome: &str| house.mails().iter().find(|mail| mail["outcome"] == outcome).unwrap()["id"].to_string();
    let before = house.mails();
    let first = of("imported");
    for (id, number, why) in [
        (id.as_str(), "482000", "muster has no application 482000"),
        (&id, "999111", "muster has no application 999111"),
        (&id, "Lagerist", "Lagerist is no reference number of muster"),
        ("4711", "482137", "There is no mail 4711"),
        (&of("automatic"), "482137", "does not wait for a person"),
        (&of("repeated"), "482138", &format!("the same as mail {first}")),
    ] {
        let refused = house.service.command(&["assign", id, number]);
        assert_eq!(refused.code, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains(why), "{why}: {refused:#?}");
    }
    assert_eq!(house.mails(), before);
}

#[test]
fn with_the_mail_server_away_the_decision_stands_and_the_next_round_moves_the_mail() {
    let mut house = house();
    let id = waiting(&house);
    house.dovecot.stop();
    let finished = house.service.command(&["assign", &id, "482137"]);
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    assert!(finished.stderr.contains("the next round does it"), "{finished:#?}");
    assert!(house.service.succeed(&["show", &id]).contains("to be moved on"));
    house.dovecot.start_again();
    house.once();
    let record = house.show(&house.only_mail());
    assert_eq!((word(&record["folder"]), &record["refile_since"]), ("Archive/Imported", &Value::Null));
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
}

#[test]
fn a_run_over_all_mails_leaves_what_a_person_decided() {
    let house = house();
    let id = waiting(&house);
    house.service.succeed(&["assign", &id, "482137"]);
    let said = house.service.succeed(&["reprocess", "--outcome", "imported"]);
    assert!(said.contains(&format!("{id}: left as a person decided")), "{said}");
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("stays imported, though it would be unassigned now"), "{said}");
    assert_eq!(house.only_mail()["reference"], "482137");
}

#[test]
fn a_mail_from_disk_can_be_assigned_without_a_mail_server() {
    let mut house = house();
    house.dovecot.stop();
    let file = house.service.write("mail.eml", forward("482999 Unterlagen").bytes());
    house.service.succeed(&["import", file.to_str().unwrap(), "--mailbox", "import@example.test"]);
    let finished = house.service.command(&["assign", "1", "482137"]);
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""), "{finished:#?}");
    assert_eq!(house.only_mail()["outcome"], "imported");
}

#[test]
fn what_somebody_discarded_can_be_processed_again_and_assigned_at_the_command_line() {
    let house = house();
    let id = waiting(&house);
    house.execute("UPDATE mails SET discarded_at = received_at");
    assert!(house.service.succeed(&["mails"]).contains("unassigned, discarded"));
    assert!(house.service.succeed(&["show", &id]).contains("it belongs to no application, and waits no longer"));
    let said = house.service.succeed(&["reprocess", "--outcome", "unassigned"]);
    assert!(said.contains(&format!("{id}: left as a person decided")), "{said}");
    house.service.succeed(&["reprocess", &id]);
    assert_eq!(house.only_mail()["outcome"], "unassigned");
    assert_ne!(house.only_mail()["discarded_at"], Value::Null, "it would wait, and stays discarded");
    house.service.succeed(&["assign", &id, "482137"]);
    let mail = house.only_mail();
    assert_eq!((word(&mail["outcome"]), &mail["discarded_at"]), ("imported", &Value::Null));
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
}

/// An entry never lacks a part of the mail without saying so.
#[test]
fn what_was_not_read_whole_is_not_assigned_until_it_is() {
    let house = builder().mailbox("max_size = \"100KiB\"").build();
    house.deliver(&forward("482999 Unterlagen").file("Zeugnis.txt", vec![b'x'; 200_000]));
    house.once();
    let id = house.only_mail()["id"].to_string();
    let before = house.mails();
    for (why, says) in [
        ("too_large", "Only the beginning of mail 1 was read"),
        ("encrypted", "Mail 1 could not be read whole"),
        ("failed_too_often", "Nothing was read of mail 1"),
    ] {
        house.execute(&format!("UPDATE mails SET why = '{why}'"));
        let refused = house.service.command(&["assign", &id, "482137"]);
        assert_eq!(refused.code, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains(says) && refused.stderr.contains("`reply-import reprocess 1`"), "{refused:#?}");
    }
    house.execute("UPDATE mails SET why = 'too_large'");
    assert_eq!(house.mails(), before);

    house.service.set_settings(&house.settings().replace("100KiB", "25MiB"));
    house.service.succeed(&["reprocess", &id]);
    assert_eq!(house.only_mail()["why"], "unknown_number");
    house.service.succeed(&["assign", &id, "482137"]);
    let record = house.show(&house.only_mail());
    assert_eq!((word(&record["outcome"]), word(&record["files"][0]["name"])), ("imported", "Zeugnis.txt"));
}

/// What the rules refused somebody is not told to them because somebody else decided otherwise.
#[test]
fn whoever_may_not_import_for_the_application_hears_nothing_of_it_when_their_forward_is_assigned() {
    let house = builder().on_postgres(true).build();
    house.deliver(&forward_of("1", "482138 Unterlagen"));
    house.deliver(&forward_of("1", "482138 Nochmals").from("Karl Probe <karl@example.test>").pdf("Zeugnis.pdf"));
    house.deliver(&forward_of("1", "482999 Vertippt").pdf("Lebenslauf.pdf"));
    house.once();
    let waiting: Vec<Value> = house.mails().into_iter().filter(|mail| mail["outcome"] == "unassigned").collect();
    assert_eq!(waiting.iter().map(|mail| word(&mail["why"])).collect::<Vec<_>>(), ["not_entitled", "unknown_number"]);
    for mail in &waiting {
        let said = house.service.succeed(&["assign", &mail["id"].to_string(), "482138"]);
        assert!(said.contains("482138"), "{said}");
    }
    let told = "select address from outbox where occasion in ('forwarded_before', 'files_added') order by address";
    let office = ["office@example.test"; 2];
    assert_eq!(house.query(told).lines().collect::<Vec<_>>(), [office.as_slice(), &["ruth@example.test"]].concat());
}
