//! Mails that a process did not survive.

use crate::house::{SOON, house};
use crate::mails::forward;
use chrono::Utc;
use reply_import::application::EmailAddress;
use reply_import::store::Store;

/// Three mails were in hand when the process was killed; then the second, read alone, ended it again.
#[test]
fn a_mail_that_ends_the_process_is_set_aside_and_its_neighbours_are_imported() {
    let house = house();
    for subject in ["482137 eins", "482137 zwei", "482138 drei"] {
        house.deliver(&forward(subject));
    }
    let status = house.dovecot.doveadm(&["mailbox", "status", "-u", "import", "uidvalidity", "INBOX"]);
    let uid_validity = status.trim().rsplit('=').next().unwrap().parse().unwrap();
    let store = Store::open(&format!("sqlite:{}", house.service.join("test.db").display())).unwrap();
    let tenant = store.ensure_tenant("muster", Utc::now()).unwrap();
    let address = EmailAddress::parse("import@example.test").unwrap();
    let mailbox = store.ensure_mailbox(tenant, &address, Utc::now()).unwrap();
    store.note_attempts(mailbox, uid_validity, &[(1, 0), (2, 0), (3, 0)], Utc::now()).unwrap();
    store.note_attempts(mailbox, uid_validity, &[(2, 0)], Utc::now()).unwrap();
    store.set_attempts(mailbox, uid_validity, 2, 5).unwrap();
    drop(store);
    // As they were counted before sizes were kept.
    house.execute("update mail_attempts set size = null");
    house.deliver(&forward("482137 neu"));
    house.once();
    let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes, ["imported", "imported", "imported", "set_aside"]);
    assert_eq!(house.mails()[3]["why"], "failed_too_often");
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported"), house.count("Archive/SetAside")), (0, 3, 1));
}

/// The process ended twice while a mail was recorded, the second time with the mail alone in hand: a power cut, or a lease
/// that was lost. It was read well, and is not given up.
#[test]
fn a_mail_with_which_the_process_ended_while_it_was_recorded_is_tried_again() {
    let house = house();
    house.deliver(&forward("482137 eins"));
    for _ in 0..2 {
        let killed = house.service.start_with(&["once"], &[("FAILPOINTS", "before_commit=return")]).wait(SOON).unwrap();
        assert_eq!(killed.code, None, "it was not killed: {killed:#?}");
    }
    house.once();
    let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes, ["imported"]);
}

/// Killed from outside while a mail is read alone, as it is from the second attempt on: once that says nothing of the mail, and
/// what ends the process each time is given up soon.
#[test]
fn it_takes_two_ends_of_the_process_while_a_mail_is_read_alone_to_give_it_up() {
    for (alone, outcome) in [(1, "imported"), (2, "set_aside")] {
        let house = house();
        house.deliver(&forward("482137 eins"));
        for _ in 0..=alone {
            let killed =
                house.service.start_with(&["once"], &[("FAILPOINTS", "understanding=return")]).wait(SOON).unwrap();
            assert_eq!(killed.code, None, "it was not killed: {killed:#?}");
        }
        house.once();
        let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
        assert_eq!(outcomes, [outcome], "killed {alone} times while it was read alone");
    }
}
