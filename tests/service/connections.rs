//! Ways to the mailbox, and what is said when one is barred.

use crate::house::{Connection, builder, house};
use crate::mails::forward;

#[test]
fn every_way_to_the_mailbox_imports() {
    for connection in [Connection::Implicit, Connection::StartTls, Connection::Plain] {
        let house = builder().connection(connection).build();
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        assert_eq!(house.only_mail()["outcome"], "imported");
    }
}

#[test]
fn a_wrong_password_is_named_and_told_to_nobody() {
    let house = house();
    house.service.write("imap-password", "falsch-aber-geheim\n");
    house.deliver(&forward("482137 Unterlagen"));
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("import@example.test"), "{finished:#?}");
    assert!(finished.stderr.contains("log in"), "{finished:#?}");
    assert!(!finished.stderr.contains("falsch-aber-geheim"), "{finished:#?}");
    assert_eq!(house.count("INBOX"), 1);
    let status = house.status();
    assert_eq!(status["mailboxes"][0]["ok"], false, "{status:#}");
    assert!(status["mailboxes"][0]["error"].as_str().unwrap().contains("log in"), "{status:#}");
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    let house = builder().connection(Connection::WrongCa).build();
    house.deliver(&forward("482137 Unterlagen"));
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("certificate"), "{finished:#?}");
    assert_eq!(house.count("INBOX"), 1);
}

#[test]
fn no_secret_is_logged_at_any_level() {
    let mut house = house();
    house.service.write("imap-password", "geheim\n");
    house.service = house.service.variable("REPLY_IMPORT_LOG", "trace,async_imap=trace,lettre=trace");
    house.deliver(&forward("482137 Unterlagen"));
    house.postfix.refuse("karl@example.test", "451 4.7.1 later");
    house.postfix.refuse("vera@example.test", "550 5.1.1 no such person");
    let finished = house.service.command(&["once"]);
    for secret in ["geheim", "leise", "Erika", "erika@", "Unterlagen", "ruth@", "karl@", "vera@"] {
        assert!(!finished.stderr.contains(secret), "{secret} in {}", finished.stderr);
    }
}

#[test]
fn check_says_that_all_can_be_used_and_changes_nothing() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen"));
    let said = house.service.succeed(&["check"]);
    // The settings, the database, the mailbox, the SMTP server, and the certificates of these two.
    assert_eq!(said.lines().filter(|line| line.starts_with("ok")).count(), 6, "{said}");
    assert_eq!(
        (house.count("INBOX"), house.dovecot.folders("import").contains(&"Archive/Imported".to_owned())),
        (1, false)
    );
}

#[test]
fn check_names_what_cannot_be_used() {
    let mut house = house();
    house.postfix.stop();
    let finished = house.service.command(&["check"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stdout.contains("FAIL  smtp"), "{finished:#?}");
    assert!(finished.stdout.contains("ok    mailbox import@example.test"), "{finished:#?}");
}
