//! Webhooks: what comes of a mail is told to a program that listens, signed, until it takes it.

mod receiver;

use self::receiver::{Receiver, SECRET};
use crate::harness::wait_for;
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use serde_json::Value;

/// A house whose tenant tells a receiver.
fn telling(receiver: &Receiver, on_postgres: bool) -> House {
    let house = builder().on_postgres(on_postgres).without_smtp().mailbox("poll_interval = \"1s\"").build();
    house.service.write("webhook-secret", format!("{SECRET}\n"));
    let webhook = format!("[[tenant.webhook]]\nurl = \"{}\"\nsecret_file = \"webhook-secret\"\n", receiver.url());
    let other = "[[tenant]]\nname = \"other\"";
    house.service.set_settings(&house.settings().replace(other, &format!("{webhook}{other}")));
    house
}

fn webhook(house: &House, key: &str) -> Value {
    house.status()["webhooks"][0][key].clone()
}

#[test]
fn what_comes_of_mail_is_told_once_signed_and_without_personal_data() {
    let receiver = Receiver::start();
    let house = telling(&receiver, false);
    house.deliver(&forward("482137 Meine Unterlagen"));
    house.deliver(&forward("482999 Keine Nummer von uns"));
    house.once();
    house.once();
    let messages = receiver.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    let of = |kind: &str| messages.iter().find(|message| message.body["type"] == kind).unwrap();
    let (imported, waits) = (of("mail.imported"), of("mail.unassigned"));
    let record = |outcome: &str| house.mails().into_iter().find(|mail| mail["outcome"] == outcome).unwrap();
    assert_eq!(imported.body["data"]["mail"], record("imported")["id"]);
    assert_eq!(imported.body["data"]["application"], "482137");
    assert!(imported.body["data"]["entry"].is_i64(), "{imported:#?}");
    assert_eq!(waits.body["data"]["mail"], record("unassigned")["id"]);
    assert_eq!(waits.body["data"]["why"], "unknown_number");
    assert_eq!(waits.body["data"]["application"], Value::Null);
    assert_ne!(imported.id, waits.id);
    for message in &messages {
        assert!(message.is_signed(), "{message:#?}");
        for personal in ["Erika", "erika@", "ruth", "Unterlagen", "999"] {
            assert!(!message.text.contains(personal), "{personal}: {}", message.text);
        }
    }
    assert_eq!((webhook(&house, "sent"), webhook(&house, "pending")), (2.into(), 0.into()));
}

#[test]
fn what_is_not_taken_is_told_again_under_the_same_id_and_no_other_address_is_told() {
    let (receiver, elsewhere) = (Receiver::start(), Receiver::start());
    receiver.answer_first(&[
        "HTTP/1.1 500 Internal Server Error\r\n".to_owned(),
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {}\r\n", elsewhere.url()),
    ]);
    let house = telling(&receiver, false);
    house.deliver(&forward("482137 Meine Unterlagen"));
    let mut service = house.service.run();
    wait_for("the webhook to be told", SOON, || (webhook(&house, "sent") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    let messages = receiver.messages();
    assert_eq!(messages.len(), 3, "{messages:#?}");
    assert!(messages.iter().all(|message| message.id == messages[0].id && message.is_signed()), "{messages:#?}");
    assert!(messages.iter().all(|message| message.text == messages[0].text), "{messages:#?}");
    assert!(elsewhere.messages().is_empty());
}

#[test]
fn a_receiver_that_is_away_is_told_when_it_is_back() {
    let receiver = Receiver::start();
    let house = telling(&receiver, false);
    let address = receiver.stop();
    house.deliver(&forward("482137 Meine Unterlagen"));
    let mut service = house.service.run();
    wait_for("the failure to show", SOON, || webhook(&house, "error").is_string().then_some(()));
    assert_eq!(webhook(&house, "pending"), 1);
    let receiver = Receiver::start_at(address);
    wait_for("the webhook to be told", SOON, || (receiver.messages().len() == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

#[test]
fn a_receiver_that_wants_no_more_is_not_asked_again() {
    let receiver = Receiver::start();
    receiver.answer_first(&["HTTP/1.1 410 Gone\r\n".to_owned()]);
    let house = telling(&receiver, false);
    house.deliver(&forward("482137 Meine Unterlagen"));
    house.once();
    house.once();
    assert_eq!(receiver.messages().len(), 1);
    assert_eq!((webhook(&house, "failed"), webhook(&house, "pending")), (1.into(), 0.into()));
    assert!(house.service.succeed(&["status"]).contains("1 failed, 0 sent; last: it answers 410"));
}

#[test]
fn what_nobody_sent_to_a_former_webhook_for_days_is_given_up() {
    let receiver = Receiver::start();
    let house = telling(&receiver, false);
    receiver.stop();
    house.deliver(&forward("482137 Meine Unterlagen"));
    house.once();
    assert_eq!((webhook(&house, "pending"), webhook(&house, "failed")), (1.into(), 0.into()));
    let settings = house.settings();
    let (before, webhook_and_rest) = settings.split_once("[[tenant.webhook]]").unwrap();
    let (_, rest) = webhook_and_rest.split_once("[[tenant]]").unwrap();
    house.service.set_settings(&format!("{before}[[tenant]]{rest}"));
    house.once();
    assert_eq!(webhook(&house, "pending"), 1, "another worker may have newer settings");
    house.execute("update webhook_deliveries set happened_at = '2026-01-01 00:00:00'");
    let mut service = house.service.run();
    wait_for("the former webhook to be given up", SOON, || (webhook(&house, "failed") == 1).then_some(()));
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert!(
        finished.stderr.contains("Given up: what webhooks were to be told that the settings do not name"),
        "{finished:#?}"
    );
    assert_eq!(webhook(&house, "pending"), 0);
}

#[test]
fn a_secret_that_is_none_is_told_and_nothing_is_sent_unsigned() {
    let receiver = Receiver::start();
    let house = telling(&receiver, false);
    house.service.write("webhook-secret", "geheim\n");
    house.deliver(&forward("482137 Meine Unterlagen"));
    let finished = house.service.command(&["once"]);
    assert!(finished.stderr.contains("openssl rand"), "{finished:#?}");
    assert!(!finished.stderr.contains("geheim"), "{finished:#?}");
    assert!(receiver.messages().is_empty());
    assert_eq!(webhook(&house, "pending"), 1);
    let checked = house.service.command(&["check"]);
    assert_eq!(checked.code, Some(1), "{checked:#?}");
    let told = format!("FAIL  webhook {} of muster: The webhook secret is none", receiver.url());
    assert!(checked.stdout.contains(&told), "{checked:#?}");
}

fn killed(on_postgres: bool) {
    let receiver = Receiver::start();
    let house = telling(&receiver, on_postgres);
    house.deliver(&forward("482137 Meine Unterlagen"));
    let finished = house.service.start_with(&["once"], &[("FAILPOINTS", "webhook_taken=return")]).wait(SOON).unwrap();
    assert_eq!(finished.code, None, "it was not killed: {finished:#?}");
    // What the dead process had in hand comes back after a time, which is over now.
    house.execute("UPDATE webhook_deliveries SET claimed_until = NULL; DELETE FROM mailbox_leases");
    house.once();
    house.once();
    let messages = receiver.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert_eq!(messages[0].id, messages[1].id, "the receiver cannot tell that it knows it");
    assert_eq!(webhook(&house, "sent"), 1);
}

#[test]
fn killed_before_it_is_noted_it_is_told_again_under_the_same_id_on_sqlite() {
    killed(false);
}

#[test]
fn killed_before_it_is_noted_it_is_told_again_under_the_same_id_on_postgres() {
    killed(true);
}
