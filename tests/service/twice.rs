//! The same mail of a candidate's, forwarded by two people or twice by one.

use crate::house::{House, builder, house};
use crate::mails::{Mail, forward};
use serde_json::Value;

/// As Outlook forwards it: the note above, the original below.
pub fn by_ruth(subject: &str) -> Mail {
    forward(subject).body(
        "Bitte zur Akte.\r\n\r\n\
         Von: Erika Beispiel <erika@example.org>\r\nGesendet: Mittwoch, 13. März 2024 09:12\r\n\
         An: Ruth Muster <ruth@example.test>\r\nBetreff: Meine Unterlagen\r\n\r\n\
         Guten Tag Frau Muster,\r\nanbei sende ich Ihnen die noch fehlenden Unterlagen.\r\n",
    )
}

/// As Apple Mail forwards it: quoted, wrapped otherwise, with seconds.
pub fn by_karl(subject: &str) -> Mail {
    forward(subject).from("Karl Probe <karl@example.test>").body(
        "Kam auch bei mir an.\r\n\r\n> Anfang der weitergeleiteten Nachricht:\r\n> \r\n\
         > Von: Erika Beispiel <erika@example.org>\r\n> Betreff: Meine Unterlagen\r\n\
         > Datum: 13. März 2024 um 09:12:33 MEZ\r\n> An: Ruth Muster <ruth@example.test>\r\n> \r\n\
         > Guten Tag Frau Muster,\r\n> anbei sende ich Ihnen\r\n> die noch fehlenden Unterlagen.\r\n",
    )
}

pub fn outcomes(house: &House) -> Vec<String> {
    house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect()
}

pub fn names(record: &Value) -> Vec<&str> {
    record["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect()
}

#[test]
fn two_people_who_forward_the_same_mail_make_one_entry_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
        house.once();
        house.deliver(&by_karl("482137 WG: Unterlagen").pdf("Lebenslauf.pdf"));
        house.once();
        assert_eq!(outcomes(&house), ["imported", "repeated"]);
        assert_eq!((house.count("Archive/Imported"), house.count("Archive/Repeated")), (1, 1));
        let mails = house.mails();
        let (first, second) = (house.show(&mails[0]), house.show(&mails[1]));
        assert_eq!((names(&first), names(&second).len()), (vec!["Lebenslauf.pdf"], 0));
        assert_eq!(second["adds_to"], first["entry"], "{second:#}");
        assert_eq!(first["forwarded_again"][0]["mail"], second["id"], "{first:#}");
        assert_eq!(first["forwarded_again"][0]["note"], "Kam auch bei mir an.");
        assert_ne!(first["forwarded_again"][0]["forwarder"], first["forwarder"]);
        // Karl is responsible: he is told of Ruth's forward, and then that his own was added to it. Vera is told once.
        let told = house.notifications("karl", 2);
        let about_his = told.iter().find(|mail| mail.contains("Diese Antwort steht schon in der Historie"));
        assert!(about_his.is_some(), "{told:#?}");
        assert_eq!(house.status()["outbox"], serde_json::json!({"pending": 0, "failed": 0, "sent": 3}));
        let shown = house.service.succeed(&["show", &second["id"].to_string()]);
        assert!(shown.contains("adds to") && shown.contains("Kam auch bei mir an."), "{shown}");
        let shown = house.service.succeed(&["show", &first["id"].to_string()]);
        assert!(shown.contains(&format!("again        mail {}", second["id"])), "{shown}");
    }
}

#[test]
fn both_in_one_round_make_one_entry() {
    let house = house();
    for mail in [by_ruth("482137 Unterlagen"), forward("482137 Anderes"), by_karl("482137 Unterlagen")] {
        house.deliver(&mail);
    }
    house.deliver(&by_ruth("482137 Unterlagen"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "imported", "repeated", "repeated"]);
    assert_eq!((house.count("INBOX"), house.count("Archive/Repeated")), (0, 2));
    let first = house.show(&house.mails()[0]);
    assert_eq!(first["forwarded_again"].as_array().unwrap().len(), 2, "{first:#}");
}

#[test]
fn one_person_who_forwards_twice_is_told_so() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen"));
    house.once();
    house.deliver(&by_ruth("482137 Noch einmal"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "repeated"]);
    assert!(house.notifications("ruth", 1)[0].contains("[482137] Diese Antwort steht schon in der Historie"));
}

#[test]
fn a_file_that_was_missing_is_added_and_those_responsible_are_told() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf").pdf("Zeugnis.pdf"));
    house.once();
    let mails = house.mails();
    assert_eq!(outcomes(&house), ["imported", "repeated"]);
    let first = house.show(&mails[0]);
    assert_eq!(names(&first), ["Lebenslauf.pdf", "Zeugnis.pdf"]);
    assert_eq!((&first["files"][0]["mail"], &first["files"][1]["mail"]), (&mails[0]["id"], &mails[1]["id"]));
    assert!(house.notifications("vera", 2).iter().any(|mail| mail.contains("More files for a reply")));
    assert_eq!(house.status()["outbox"]["sent"], 5, "Karl and Vera twice, Ruth once");
}

#[test]
fn the_same_text_with_another_file_is_another_reply() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Zeugnis.pdf"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "imported"]);
}

#[test]
fn for_another_application_it_is_an_entry_there() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen"));
    house.deliver(&by_ruth("482138 Unterlagen"));
    house.deliver(&by_ruth("482138 Unterlagen"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "imported", "repeated"]);
}

#[test]
fn who_may_not_import_adds_nothing() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen"));
    house.deliver(&by_karl("482137 Unterlagen").from("Vera Fach <vera@example.test>"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "unassigned"]);
}

#[test]
fn an_original_attached_whole_is_recognised_in_a_forward_that_shows_it() {
    let house = house();
    let attached = forward("482137 Unterlagen").body(
        "Siehe Anhang.\r\n--limit\r\nContent-Type: message/rfc822\r\n\r\n\
         From: Erika Beispiel <erika@example.org>\r\nTo: ruth@example.test\r\n\
         Date: Wed, 13 Mar 2024 08:12:33 +0000\r\nSubject: Meine Unterlagen\r\nMessage-ID: <erika-1@example.org>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n\
         Guten Tag Frau Muster,\r\nanbei sende ich Ihnen die noch fehlenden Unterlagen.\r\n",
    );
    house.deliver(&attached);
    house.deliver(&by_karl("482137 Unterlagen"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "repeated"]);
}

#[test]
fn a_further_forward_processed_again_stays_one() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.deliver(&by_karl("482137 Unterlagen").pdf("Lebenslauf.pdf").pdf("Zeugnis.pdf"));
    house.once();
    let mails = house.mails();
    let before = house.status();
    for mail in &mails {
        house.service.succeed(&["reprocess", &mail["id"].to_string()]);
    }
    house.once();
    assert_eq!(outcomes(&house), ["imported", "repeated"]);
    let first = house.show(&mails[0]);
    assert_eq!((names(&first).len(), first["forwarded_again"].as_array().unwrap().len()), (2, 1), "{first:#}");
    assert_eq!(house.status()["outbox"], before["outbox"]);
}

#[test]
fn after_an_entry_was_taken_back_the_next_forward_makes_one_and_the_first_can_be_added_to_it() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let first = house.only_mail()["id"].to_string();
    house.service.succeed(&["revert", &first]);
    house.deliver(&by_karl("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    assert_eq!(outcomes(&house), ["unassigned", "imported"]);
    let said = house.service.succeed(&["assign", &first, "482137"]);
    let second = house.mails()[1]["id"].to_string();
    assert!(said.contains(&format!("the same reply as mail {second}")), "{said}");
    assert_eq!(outcomes(&house), ["repeated", "imported"]);
    let shown = house.show(&house.mails()[1]);
    assert_eq!((names(&shown).len(), shown["forwarded_again"].as_array().unwrap().len()), (1, 1), "{shown:#}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Repeated")), (0, 1));
}

#[test]
fn an_entry_that_was_taken_back_and_is_assigned_again_has_its_further_forwards() {
    let house = house();
    house.deliver(&by_ruth("482137 Unterlagen"));
    house.deliver(&by_karl("482137 Unterlagen").pdf("Zeugnis.pdf"));
    house.once();
    let first = house.mails()[0]["id"].to_string();
    house.service.succeed(&["revert", &first]);
    house.service.succeed(&["assign", &first, "482138"]);
    let shown = house.show(&house.mails()[0]);
    assert_eq!((names(&shown), shown["reference"].as_str()), (vec!["Zeugnis.pdf"], Some("482138")), "{shown:#}");
}

#[test]
fn a_reply_that_a_person_assigned_is_recognised_too() {
    let house = house();
    house.deliver(&by_ruth("Unterlagen"));
    house.once();
    let first = house.only_mail()["id"].to_string();
    house.service.succeed(&["assign", &first, "482137"]);
    house.deliver(&by_karl("482137 Unterlagen"));
    house.once();
    assert_eq!(outcomes(&house), ["imported", "repeated"]);
}
