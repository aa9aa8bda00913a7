//! What becomes of a mail, for each way it can go.

use crate::house::{House, builder, house};
use crate::mails::{Mail, forward};
use serde_json::Value;

/// Delivers one mail, makes one round, and gives its record.
fn outcome_of(house: &House, mail: &Mail) -> Value {
    house.deliver(mail);
    house.once();
    house.only_mail()
}

fn assert_waits(mail: &Mail, why: &str) -> House {
    let house = house();
    let record = outcome_of(&house, mail);
    assert_eq!((record["outcome"].as_str(), record["why"].as_str()), (Some("unassigned"), Some(why)), "{record:#}");
    assert_eq!(record["folder"], "Archive/Unassigned");
    assert_eq!((house.count("INBOX"), house.count("Archive/Unassigned")), (0, 1));
    house
}

#[test]
fn a_known_number_reaches_its_application_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        let mail = forward("482137 WG: Unterlagen").pdf("Lebenslauf_Erika.pdf").pdf("Anschreiben.pdf");
        let record = outcome_of(&house, &mail);
        assert_eq!((record["outcome"].as_str(), record["reference"].as_str()), (Some("imported"), Some("482137")));
        assert_eq!(record["folder"], "Archive/Imported");
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
        let whole = house.show(&record);
        let files: Vec<(&str, &str)> = whole["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| (file["name"].as_str().unwrap(), file["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(files, [("Lebenslauf_Erika.pdf", "cv"), ("Anschreiben.pdf", "cover_letter")]);
        assert!(whole["files"][0]["kind_rule"].as_str().unwrap().to_lowercase().contains("lebenslauf"), "{whole:#}");
        assert_eq!(whole["checks"].as_array().unwrap().last().unwrap()["passed"], true, "{whole:#}");
        assert_eq!(house.notifications("karl", 1).len(), 1);
        assert_eq!(house.notifications("vera", 1).len(), 1);
        assert_eq!(house.status()["outbox"]["sent"], 2);
    }
}

#[test]
fn an_unknown_number_waits_and_both_office_and_forwarder_are_told() {
    let house = assert_waits(&forward("482999 WG: Unterlagen"), "unknown_number");
    assert!(house.notifications("office", 1)[0].contains("482999"));
    assert_eq!(house.notifications("ruth", 1).len(), 1);
}

#[test]
fn another_tenants_number_reads_like_an_unknown_one() {
    let unknown = assert_waits(&forward("482999 WG: Unterlagen"), "unknown_number");
    let foreign = assert_waits(&forward("999111 WG: Unterlagen"), "unknown_number");
    let told = |house: &House, number: &str| {
        let mail = house.notifications("ruth", 1).remove(0);
        let mail = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap().into_owned();
        let texts = [mail.subject().unwrap().into(), mail.body_text(0).unwrap(), mail.body_html(0).unwrap()];
        // Each notice has a mark of its own, and each mail came in at its own time.
        let is_time = |word: &str| word.len() == 5 && word.as_bytes()[2] == b':';
        let words = texts.iter().flat_map(|text| text.split_whitespace());
        let words: Vec<&str> = words.filter(|word| !word.contains("RI-") && !is_time(word)).collect();
        words.join(" ").replace(number, "NUMBER")
    };
    assert_eq!(told(&unknown, "482999"), told(&foreign, "999111"));
}

#[test]
fn without_a_number_the_mail_waits() {
    let house = assert_waits(&forward("WG: Unterlagen 482137"), "no_number");
    assert!(house.notifications("ruth", 1)[0].contains("Subject:"));
}

#[test]
fn an_unknown_forwarder_is_not_answered() {
    let house = assert_waits(&forward("482137 Unterlagen").from("Fremd <fremd@example.org>"), "forwarder_unknown");
    assert_eq!(house.notifications("office", 1).len(), 1);
    assert_eq!(house.status()["outbox"]["sent"], 1, "nobody but the office is told");
}

#[test]
fn a_user_who_left_is_as_good_as_unknown() {
    assert_waits(&forward("482137 Unterlagen").from("left@example.test"), "forwarder_unknown");
}

#[test]
fn a_second_address_of_a_user_counts() {
    let house = house();
    let record = outcome_of(&house, &forward("482137 Unterlagen").from("Ruth <RUTH.privat@example.com>"));
    assert_eq!(record["outcome"], "imported", "{record:#}");
}

#[test]
fn a_role_that_may_not_import_makes_the_mail_wait() {
    assert_waits(&forward("482137 Unterlagen").from("Vera Fach <vera@example.test>"), "not_entitled");
}

#[test]
fn fachbereich_plus_imports_for_their_own_applications_only() {
    assert_waits(&forward("482138 Unterlagen").from("karl@example.test"), "not_entitled");
    let house = house();
    assert_eq!(outcome_of(&house, &forward("482137 Unterlagen").from("karl@example.test"))["outcome"], "imported");
}

#[test]
fn a_new_application_by_mistake_waits_with_that_hint() {
    let mail = forward("Bewerbung als Lagerist").from("Neu <neu@example.org>").pdf("Lebenslauf.pdf");
    assert_waits(&mail, "looks_like_new_application");
}

#[test]
fn the_same_mail_twice_makes_one_entry() {
    let house = house();
    let mail = forward("482137 Unterlagen").message_id("<same@example.test>");
    house.deliver(&mail);
    house.once();
    house.deliver(&mail);
    house.once();
    let mails = house.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!((mails[0]["outcome"].as_str(), mails[1]["outcome"].as_str()), (Some("imported"), Some("repeated")));
    assert_eq!((house.count("Archive/Imported"), house.count("Archive/Repeated")), (1, 1));
    assert_eq!(house.status()["outbox"]["sent"], 2, "a repeat is told to nobody");
}

#[test]
fn the_same_mail_twice_in_one_round_makes_one_entry() {
    let house = house();
    let mail = forward("482137 Unterlagen").message_id("<same@example.test>");
    house.deliver(&mail);
    house.deliver(&mail);
    house.once();
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported"), house.count("Archive/Repeated")), (0, 1, 1));
}

#[test]
fn the_same_message_id_on_another_mail_is_another_mail() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").message_id("<same@example.test>"));
    house.deliver(&forward("482137 Unterlagen").message_id("<same@example.test>").body("Etwas anderes.\r\n"));
    house.once();
    assert!(house.mails().iter().all(|mail| mail["outcome"] == "imported"));
}

#[test]
fn mails_without_a_message_id_are_never_taken_for_one() {
    let house = house();
    house.deliver(&forward("482137 Eins").message_id("< >"));
    house.deliver(&forward("482137 Zwei").message_id("< >"));
    house.once();
    assert_eq!(house.count("Archive/Imported"), 2);
}

#[test]
fn a_robots_mail_is_filed_and_told_to_nobody() {
    let house = house();
    let mail = forward("482137 Automatische Antwort: Unterlagen").header("Auto-Submitted", "auto-replied");
    let record = outcome_of(&house, &mail);
    assert_eq!((record["outcome"].as_str(), record["why"].as_str()), (Some("automatic"), Some("automatic_answer")));
    assert_eq!((house.count("INBOX"), house.count("Archive/Automatic")), (0, 1));
    assert_eq!(house.status()["outbox"], serde_json::json!({"pending": 0, "failed": 0, "sent": 0}));
}

#[test]
fn a_mail_that_is_too_large_is_set_aside_without_being_fetched() {
    let house = builder().mailbox("max_size = \"100KiB\"").build();
    let record = outcome_of(&house, &forward("482137 Unterlagen").file("Zeugnis.pdf", vec![b'x'; 200_000]));
    assert_eq!((record["outcome"].as_str(), record["why"].as_str()), (Some("set_aside"), Some("too_large")));
    assert_eq!((house.count("INBOX"), house.count("Archive/SetAside")), (0, 1));
    assert_eq!(house.notifications("office", 1).len(), 1);
    let whole_body = house.dovecot.client_commands().into_iter().find(|command| command.contains("BODY.PEEK[])"));
    assert_eq!(whole_body, None);
}

#[test]
fn the_oldest_mail_is_recorded_first() {
    let house = house();
    for number in 1..=5 {
        house.deliver(&forward("482137 Unterlagen").message_id(&format!("<{number}@example.test>")));
    }
    house.once();
    let ids: Vec<String> = house.mails().iter().map(|mail| house.show(mail)["message_id"].to_string()).collect();
    let sorted = {
        let mut sorted = ids.clone();
        sorted.sort();
        sorted
    };
    assert_eq!(ids, sorted);
}

#[test]
fn a_dry_run_says_what_would_be_and_does_nothing() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen"));
    house.deliver(&forward("Unterlagen"));
    let plan = house.service.succeed(&["once", "--dry-run"]);
    assert!(plan.contains("imported") && plan.contains("no_number"), "{plan}");
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 2));
    let flags: Vec<_> = house.dovecot.stored("import", "INBOX").into_iter().flat_map(|mail| mail.flags).collect();
    assert!(flags.is_empty(), "{flags:?}");
}

#[test]
fn a_command_that_only_looks_makes_no_database() {
    let house = house();
    let elsewhere = house.settings().replace("sqlite:test.db", "sqlite:elsewhere.db");
    house.service.set_settings(&elsewhere);
    for command in [&["check"][..], &["status"], &["mails"], &["once", "--dry-run"]] {
        let finished = house.service.command(command);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        let said = finished.stdout + &finished.stderr;
        assert!(said.contains("`reply-import migrate` makes it"), "{said}");
    }
    assert!(!house.service.join("elsewhere.db").exists());
}
