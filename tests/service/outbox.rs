//! The outbox under strain: slow and hopeless recipients, and a sender that dies.

use crate::harness::wait_for;
use crate::house::{DIRECTORY, House, SOON, builder, house};
use crate::mails::forward;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;
use serde_json::json;

#[derive(QueryableByName)]
struct Seconds {
    #[diesel(sql_type = BigInt)]
    seconds: i64,
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    message_key: String,
}

/// Ten replies to other people wait behind the one that the server is slow about, and those that come in meanwhile too.
#[test]
fn one_slow_recipient_delays_nobody_else() {
    let house = builder().mailbox("poll_interval = \"1s\"").build();
    house.postfix.hold("karl@example.test");
    for _ in 0..10 {
        house.deliver(&forward("482137 Unterlagen"));
    }
    let mut service = house.service.run();
    wait_for("Karl's mail to be held", SOON, || house.postfix.keeps_waiting("karl@example.test").then_some(()));
    house.notifications("vera", 10);
    // Recorded while the slow one is still in hand.
    house.deliver(&forward("482137 Nachtrag"));
    house.notifications("vera", 11);
    assert_eq!(house.dovecot.messages("karl", "INBOX").len(), 0, "nothing for Karl has gone out");
    house.postfix.let_go("karl@example.test");
    let karls = house.notifications("karl", 11);
    let ids: std::collections::HashSet<_> = karls.iter().map(|mail| message_id(mail)).collect();
    assert_eq!((karls.len(), ids.len()), (11, 11), "each once");
    wait_for("all to be settled", SOON, || (house.status()["outbox"]["sent"] == 22).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

/// As many as are sent at a time, all slow before; somebody new is told all the same.
#[test]
fn slow_recipients_that_failed_before_do_not_take_all_places() {
    const SLOW: [&str; 4] = ["a@example.test", "b@example.test", "c@example.test", "d@example.test"];
    let house = builder().mailbox("poll_interval = \"1s\"").build();
    let mut directory = DIRECTORY.trim_end().to_owned();
    let mut line = |value: serde_json::Value| directory.extend(["\n", &value.to_string()]);
    for address in SLOW {
        line(json!({"kind": "user", "tenant": "muster", "address": address, "addresses": [], "name": "Langsam",
            "role": "fachbereich", "language": "de", "active": true}));
        house.postfix.refuse(address, "451 4.2.0 later");
    }
    line(json!({"kind": "application", "tenant": "muster", "number": "482139", "candidate": "K1", "post": "Gärtner",
        "responsible": SLOW, "state": "open", "state_since": "2024-01-02"}));
    house.take_over(&directory);
    house.deliver(&forward("482139 Unterlagen"));
    house.once();
    for address in SLOW {
        house.postfix.accept(address);
        house.postfix.hold(address);
    }
    database(&house).batch_execute("update outbox set due_at = created_at").unwrap();
    let mut service = house.service.run();
    let waiting = || SLOW.iter().filter(|address| house.postfix.keeps_waiting(address)).count();
    wait_for("two of them to be held", SOON, || (waiting() == 2).then_some(()));
    house.deliver(&forward("482137 Unterlagen"));
    house.notifications("karl", 1);
    house.notifications("vera", 1);
    assert_eq!(waiting(), 2);
    for address in SLOW {
        house.postfix.let_go(address);
    }
    wait_for("all to be settled", SOON, || (house.status()["outbox"]["sent"] == 6).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

#[test]
fn the_replies_to_one_application_arrive_in_their_order() {
    let house = house();
    house.postfix.refuse("karl@example.test", "451 4.2.0 later");
    house.deliver(&forward("482137 eins"));
    house.once();
    house.postfix.accept("karl@example.test");
    house.deliver(&forward("482137 zwei"));
    house.once();
    assert_eq!(house.dovecot.messages("karl", "INBOX").len(), 0, "the second does not overtake the first");
    database(&house).batch_execute("update outbox set due_at = created_at").unwrap();
    house.once();
    let keys: Vec<Key> =
        diesel::sql_query("select message_key from outbox where address = 'karl@example.test' order by id")
            .load(&mut database(&house))
            .unwrap();
    let arrived: Vec<_> = house.notifications("karl", 2).iter().map(|mail| message_id(mail)).collect();
    assert_eq!(keys.len(), 2);
    for (arrived, key) in arrived.iter().zip(&keys) {
        assert!(arrived.contains(&key.message_key), "{arrived:?}");
    }
}

/// After five days of "not now" a mail server gives up, and so do we; a person sees it.
#[test]
fn a_recipient_that_fails_for_ever_is_given_up_and_shown() {
    let house = house();
    house.postfix.refuse("karl@example.test", "452 4.2.2 mailbox full");
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    for (attempts, days, given_up) in [(9, 4, false), (3, 6, false), (9, 6, true)] {
        let sql = format!(
            "update outbox set attempts = {attempts}, due_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 minute'), \
             created_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-{days} days') where state = 'pending'"
        );
        database(&house).batch_execute(&sql).unwrap();
        let finished = house.service.command(&["once"]);
        assert_eq!(finished.code, Some(i32::from(given_up)), "{attempts} attempts in {days} days: {finished:#?}");
        assert_eq!(house.status()["outbox"]["failed"], i64::from(given_up), "{attempts} attempts in {days} days");
    }
    let shown = house.show(&house.only_mail());
    assert!(shown["notifications"].to_string().contains("mailbox full"), "{shown:#}");
    let told = house.service.succeed(&["status"]);
    assert!(told.contains("1 failed"), "{told}");
    assert_eq!(house.notifications("vera", 1).len(), 1);
}

/// The sender dies after the server took the mail and before that is noted. Others wait for it three minutes at most, and the
/// repeat bears the same Message-ID.
#[test]
fn what_a_dead_sender_had_in_hand_is_sent_again_soon_and_recognisably() {
    let mut house = house();
    house.deliver(&forward("482138 Zeugnis"));
    house.service = house.service.variable("FAILPOINTS", "sent=return");
    assert_eq!(house.service.command(&["once"]).code, None, "it was killed");
    house.service = house.service.variable("FAILPOINTS", "");
    assert_eq!(house.status()["outbox"]["sent"], 0);
    let held: Vec<Seconds> = diesel::sql_query(
        "select cast(round((julianday(claimed_until) - julianday('now')) * 86400) as integer) as seconds from outbox",
    )
    .load(&mut database(&house))
    .unwrap();
    assert!(held.iter().all(|claim| claim.seconds <= 180), "{:?}", held.iter().map(|c| c.seconds).collect::<Vec<_>>());
    assert_eq!(
        house.once().lines().filter(|line| line.contains("1 sent")).count(),
        0,
        "it is still in the dead one's hand"
    );
    database(&house).batch_execute("update outbox set claimed_until = created_at").unwrap();
    house.once();
    let mails = house.notifications("office", 2);
    assert_eq!(message_id(&mails[0]), message_id(&mails[1]));
    assert_eq!(house.status()["outbox"]["sent"], 1);
}

fn database(house: &House) -> SqliteConnection {
    SqliteConnection::establish(house.service.join("test.db").to_str().unwrap()).unwrap()
}

fn message_id(mail: &str) -> String {
    mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().trim().to_owned()
}
