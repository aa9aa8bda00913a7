//! A person takes an entry back.

use crate::house::{House, builder, house};
use crate::mails::forward;
use crate::twice::{by_karl, by_ruth, names, outcomes};
use serde_json::Value;

/// An imported mail of which those responsible were told, and its record's number.
fn imported(house: &House) -> String {
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    house.only_mail()["id"].to_string()
}

#[test]
fn an_entry_is_taken_back_and_does_not_come_back_by_itself_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        let id = imported(&house);
        let said = house.service.succeed(&["revert", &id]);
        assert!(said.contains("unassigned (was imported for 482137)"), "{said}");
        assert!(said.contains("told already: karl@example.test, vera@example.test"), "{said}");
        let record = house.show(&house.only_mail());
        assert_eq!((&record["outcome"], &record["why"]), (&"unassigned".into(), &"reverted".into()));
        assert_eq!((&record["entry"], &record["application"]), (&Value::Null, &Value::Null));
        assert_eq!(record["notifications"].as_array().unwrap().len(), 2, "who was told is still to be seen");
        assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (1, 0));
        house.once();
        let said = house.service.succeed(&["reprocess", "--outcome", "unassigned"]);
        assert!(said.contains(&format!("{id}: left as a person decided")), "{said}");
        assert_eq!((house.only_mail()["outcome"].as_str(), house.count("INBOX")), (Some("unassigned"), 0));
        let again = house.service.succeed(&["revert", &id]);
        assert!(again.contains("taken back before"), "{again}");
        let said = house.service.succeed(&["reprocess", &id]);
        assert!(said.contains("imported (was unassigned)"), "named by a person it is processed: {said}");
        assert_eq!(house.only_mail()["outcome"], "imported");
    }
}

#[test]
fn notifications_that_were_not_sent_are_not_sent_any_more() {
    let house = builder().without_smtp().build();
    let id = imported(&house);
    let said = house.service.succeed(&["revert", &id]);
    assert!(said.contains("nobody was told; 2 notifications withdrawn"), "{said}");
    assert_eq!(house.status()["outbox"], serde_json::json!({"pending": 0, "failed": 0, "sent": 0}));
}

#[test]
fn a_mail_that_was_taken_back_is_assigned_elsewhere_and_those_people_are_told() {
    let house = house();
    house.take_over(
        r#"{"kind": "application", "tenant": "muster", "number": "482138", "candidate": "K2", "post": "Floristin", "responsible": ["karl@example.test"], "state": "open", "state_since": "2024-01-02"}"#,
    );
    let id = imported(&house);
    house.service.succeed(&["revert", &id]);
    let said = house.service.succeed(&["assign", &id, "482138"]);
    assert!(said.contains("imported for 482138") && said.contains("told: karl@example.test"), "{said}");
    house.once();
    let told = house.notifications("karl", 2);
    assert!(told.iter().any(|mail| mail.contains("482138")) && told.iter().any(|mail| mail.contains("482137")));
    let record = house.show(&house.only_mail());
    assert_eq!((&record["sender"], &record["reference"]), (&"differs".into(), &"482138".into()));
    assert_eq!(house.count("Archive/Imported"), 1);
}

#[test]
fn who_was_told_of_an_entry_is_not_told_again_if_it_comes_back_and_assigning_says_so() {
    let house = house();
    let id = imported(&house);
    house.service.succeed(&["revert", &id]);
    let said = house.service.succeed(&["assign", &id, "482137"]);
    assert!(said.contains("imported for 482137") && said.contains("told: nobody"), "{said}");
    house.once();
    assert_eq!((house.notifications("karl", 1).len(), house.notifications("vera", 1).len()), (1, 1));
}

#[test]
fn a_mail_that_was_taken_back_and_comes_in_again_is_its_repeat() {
    let house = house();
    let mail = forward("482137 Unterlagen");
    house.deliver(&mail);
    house.once();
    house.service.succeed(&["revert", &house.only_mail()["id"].to_string()]);
    house.deliver(&mail);
    house.once();
    let outcomes: Vec<String> = house.mails().iter().map(|mail| mail["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"unassigned\"", "\"repeated\""]);
}

#[test]
fn an_entry_that_two_people_forwarded_is_taken_back_whole_and_made_anew_by_a_third_forward() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).without_smtp().build();
        house.deliver(&by_ruth("482137 Unterlagen").pdf("Lebenslauf.pdf"));
        house.once();
        house.deliver(&by_karl("482137 WG: Unterlagen").pdf("Lebenslauf.pdf").pdf("Zeugnis.pdf"));
        house.once();
        assert_eq!(outcomes(&house), ["imported", "repeated"]);
        let mails = house.mails();
        let [first, second] = [0, 1].map(|at: usize| mails[at]["id"].to_string());
        let told = house.status()["outbox"]["pending"].as_u64().unwrap();
        assert!(told > 2, "of both forwards somebody is to be told: {told}");
        let said = house.service.succeed(&["revert", &first]);
        assert!(said.contains(&format!("nobody was told; {told} notifications withdrawn")), "{said}");
        assert_eq!(house.status()["outbox"], serde_json::json!({"pending": 0, "failed": 0, "sent": 0}));
        let (was_entry, added) = (house.show(&mails[0]), house.show(&mails[1]));
        assert_eq!((&was_entry["why"], &was_entry["entry"]), (&"reverted".into(), &Value::Null), "{was_entry:#}");
        assert_eq!((names(&was_entry), names(&added)), (vec!["Lebenslauf.pdf"], vec!["Zeugnis.pdf"]));
        assert_eq!((&added["repeat_of"], &added["adds_to"]), (&was_entry["id"], &Value::Null), "{added:#}");
        let shown = house.service.succeed(&["show", &second]);
        assert!(shown.contains(&format!("mail {first}")) && !shown.contains("adds to"), "{shown}");

        house.deliver(&by_ruth("482137 Noch einmal").pdf("Lebenslauf.pdf"));
        house.once();
        assert_eq!(outcomes(&house), ["unassigned", "repeated", "imported"]);
        let third = house.show(&house.mails()[2]);
        assert_eq!((names(&third), &third["repeat_of"]), (vec!["Lebenslauf.pdf"], &Value::Null), "{third:#}");
        assert_eq!(house.status()["outbox"]["pending"], 2, "those responsible are told of the new entry");
        // What the second forward brought is added to the new entry where a person asks for it.
        let said = house.service.succeed(&["reprocess", &second]);
        assert!(said.contains("repeated, as before"), "{said}");
        assert_eq!(names(&house.show(&house.mails()[2])), ["Lebenslauf.pdf", "Zeugnis.pdf"]);
        assert_eq!(house.show(&house.mails()[1])["adds_to"], third["entry"]);
    }
}

#[test]
fn what_stands_in_no_history_cannot_be_taken_back() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    let id = house.only_mail()["id"].to_string();
    for (id, why) in [(id.as_str(), "stands in no history"), ("4711", "There is no mail 4711")] {
        let refused = house.service.command(&["revert", id]);
        assert_eq!(refused.code, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains(why), "{refused:#?}");
    }
}
