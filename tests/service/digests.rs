//! Of what one person is told within an hour, the first come singly, the others in one mail.

use crate::harness::wait_for;
use crate::house::{House, SOON, house};
use crate::mails::forward;

/// So many replies to an application that Karl and Vera are responsible for; two of each person's mails go out singly.
fn replies(house: &House, number: usize) {
    house.service.set_settings(&format!("{}\n[notify]\ndigest_after = 2\n", house.settings()));
    for _ in 0..number {
        house.deliver(&forward("482137 Unterlagen"));
    }
    house.once();
}

/// What was held is due, and the hour over.
fn let_the_hour_pass(house: &House) {
    house.execute("UPDATE outbox SET due_at = created_at WHERE held; UPDATE outbox SET hour_ends = created_at WHERE hour_ends IS NOT NULL");
}

fn message_ids(mails: &[String]) -> std::collections::BTreeSet<&str> {
    mails
        .iter()
        .filter_map(|mail| mail.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:")))
        .collect()
}

#[test]
fn a_flood_of_replies_comes_as_a_few_mails() {
    let house = house();
    replies(&house, 9);
    assert_eq!((house.notifications("karl", 2).len(), house.notifications("vera", 2).len()), (2, 2));
    assert_eq!((house.status()["outbox"]["pending"].as_i64(), house.mails().len()), (Some(14), 9));
    let_the_hour_pass(&house);
    house.once();
    let (karls, veras) = (house.notifications("karl", 3), house.notifications("vera", 3));
    assert_eq!((karls.len(), veras.len()), (3, 3));
    assert!(veras[2].contains("Subject: 7 notifications, summed up here"), "{}", veras[2]);
    assert_eq!(veras[2].matches("[482137] New reply in the history").count(), 14, "in text and HTML: {}", veras[2]);
    assert!(!karls[2].contains("Erika"), "{}", karls[2]);
    assert_eq!(house.status()["outbox"]["sent"], 18);
    house.once();
    assert_eq!(house.notifications("karl", 3).len(), 3);
}

#[test]
fn a_mail_for_many_whose_sender_dies_is_sent_again_under_its_message_id() {
    let house = house();
    replies(&house, 6);
    let_the_hour_pass(&house);
    let finished = house.service.start_with(&["once"], &[("FAILPOINTS", "sent=return")]).wait(SOON).unwrap();
    assert_eq!(finished.code, None, "{finished:#?}");
    house.execute("UPDATE outbox SET claimed_until = NULL WHERE state = 'pending'");
    house.once();
    assert_eq!(
        (house.status()["outbox"]["pending"].as_i64(), house.status()["outbox"]["sent"].as_i64()),
        (Some(0), Some(12))
    );
    for person in ["karl", "vera"] {
        let mails = house.notifications(person, 3);
        assert_eq!(message_ids(&mails).len(), 3, "{person}: two singly, one for the others");
    }
}

#[test]
fn an_entry_that_is_taken_back_is_missing_in_the_mail_for_many() {
    let house = house();
    replies(&house, 5);
    let last = house.mails().pop().unwrap();
    house.service.succeed(&["revert", &last["id"].to_string()]);
    let_the_hour_pass(&house);
    house.once();
    // Postfix delivers what it was given at almost the same time in an order of its own.
    let veras = house.notifications("vera", 3);
    assert!(veras.iter().any(|mail| mail.contains("Subject: 2 notifications, summed up here")), "{veras:?}");
}

#[test]
fn mail_from_before_the_first_connection_is_imported_quietly_and_summed_up_for_the_office() {
    let house = house();
    house.service.set_settings(&format!("{}\n[notify]\nquiet_before = \"first-connection\"\n", house.settings()));
    for subject in ["482137 alt", "482137 noch eine", "ohne Nummer"] {
        house.deliver(&forward(subject));
    }
    house.once();
    let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"imported\"", "\"imported\"", "\"unassigned\""]);
    assert!(house.dovecot.messages("karl", "INBOX").is_empty() && house.dovecot.messages("ruth", "INBOX").is_empty());
    let office = house.notifications("office", 1);
    let says = ["Importiert: 2", "Warten auf eine Entscheidung: 1"];
    assert!(office.len() == 1 && says.iter().all(|says| unfolded(&office[0]).contains(says)), "{office:?}");
    // What comes from now on is told as ever; the summary has been told.
    let second = chrono::Utc::now().timestamp();
    wait_for("the second to pass", SOON, || (chrono::Utc::now().timestamp() > second).then_some(()));
    house.deliver(&forward("482137 neu"));
    house.once();
    assert_eq!((house.notifications("karl", 1).len(), house.dovecot.messages("office", "INBOX").len()), (1, 1));
}

/// Soft line ends of quoted-printable are taken out.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=\n", "")
}
