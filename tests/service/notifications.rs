//! Notifications as they arrive, and what happens when the SMTP server does not want them.

use crate::harness::wait_for;
use crate::house::{House, SOON, builder, house, smtp_settings};
use crate::mails::forward;

fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    let head = mail.split("\r\n\r\n").next()?.split("\n\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::trim))
}

fn import_one(house: &House) {
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
}

#[test]
fn a_notification_behaves_as_mail_of_a_robot_should() {
    let house = house();
    import_one(&house);
    let mail = house.notifications("karl", 1).remove(0);
    assert_eq!(header(&mail, "Auto-Submitted"), Some("auto-generated"), "{mail}");
    assert_eq!(header(&mail, "X-Loop"), Some("import@example.test"), "{mail}");
    assert!(header(&mail, "From").unwrap().contains("notices@example.test"), "{mail}");
    assert!(header(&mail, "Message-ID").unwrap().ends_with("@example.test>"), "{mail}");
    assert!(mail.contains("text/plain") && mail.contains("text/html"), "{mail}");
}

#[test]
fn each_person_reads_their_own_language() {
    let house = house();
    import_one(&house);
    assert!(header(&house.notifications("karl", 1)[0], "Subject").unwrap().contains("Neue Antwort"));
    assert!(header(&house.notifications("vera", 1)[0], "Subject").unwrap().contains("New reply"));
}

#[test]
fn no_name_leaves_the_house_unless_the_tenant_wants_it() {
    let house = house();
    import_one(&house);
    for person in ["Erika", "erika@example.org", "Lebenslauf.pdf"] {
        assert!(!house.notifications("vera", 1)[0].contains(person), "{person}");
    }
    house.service.set_settings(&format!("{}\n[notify]\ncontent = \"names\"\n", house.settings()));
    import_one(&house);
    assert!(house.notifications("vera", 2).iter().any(|mail| mail.contains("Erika Beispiel")));
}

#[test]
fn the_notifications_of_one_application_are_one_conversation() {
    let house = house();
    import_one(&house);
    import_one(&house);
    let mails = house.notifications("karl", 2);
    let threads: Vec<_> = mails.iter().map(|mail| header(mail, "References").unwrap().to_owned()).collect();
    assert_eq!(threads[0], threads[1]);
    assert_ne!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
}

#[test]
fn a_server_that_says_later_is_asked_again_with_the_same_message_id() {
    let house = house();
    house.postfix.refuse("karl@example.test", "451 4.7.1 later");
    import_one(&house);
    let status = house.status();
    assert_eq!(
        (status["outbox"]["pending"].as_i64(), status["outbox"]["sent"].as_i64()),
        (Some(1), Some(1)),
        "{status:#}"
    );
    let waiting = house.show(&house.only_mail());
    assert!(waiting["notifications"].to_string().contains("451"), "{waiting:#}");
    house.postfix.accept("karl@example.test");
    let mut service = house.service.run();
    wait_for("the second attempt", SOON + SOON, || (house.status()["outbox"]["sent"] == 2).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn a_recipient_refused_for_good_is_kept_and_shown() {
    let house = house();
    house.postfix.refuse("karl@example.test", "550 5.1.1 no such person");
    import_one(&house);
    let status = house.status();
    assert_eq!(
        (status["outbox"]["failed"].as_i64(), status["outbox"]["sent"].as_i64()),
        (Some(1), Some(1)),
        "{status:#}"
    );
    let shown = house.show(&house.only_mail());
    assert!(shown["notifications"].to_string().contains("550"), "{shown:#}");
}

#[test]
fn a_server_that_is_away_costs_no_mail() {
    let mut house = house();
    house.postfix.stop();
    house.deliver(&forward("482137 Unterlagen"));
    house.service.succeed(&["once"]);
    assert_eq!(house.only_mail()["outcome"], "imported");
    assert_eq!(house.status()["outbox"]["pending"], 2);
}

#[test]
fn without_a_server_notifications_wait_until_there_is_one() {
    let house = builder().without_smtp().build();
    import_one(&house);
    assert_eq!(house.status()["outbox"]["pending"], 2);
    house.service.set_settings(&format!("{}{}", house.settings(), smtp_settings(&house.postfix)));
    house.once();
    assert_eq!(house.status()["outbox"]["sent"], 2);
}

#[test]
fn our_own_notice_sent_back_to_the_mailbox_is_recognised() {
    let house = house();
    import_one(&house);
    house.dovecot.deliver("import", house.notifications("karl", 1).remove(0));
    house.once();
    let mails = house.mails();
    assert_eq!((mails[1]["outcome"].as_str(), mails[1]["why"].as_str()), (Some("automatic"), Some("own_notice")));
}
