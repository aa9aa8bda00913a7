//! The service while it runs: new mail is noticed, a stop is clean.

mod watchdog;

use crate::harness::wait_for;
use crate::house::{SOON, builder, house};
use crate::mails::forward;

#[test]
fn new_mail_is_noticed_by_idle_long_before_the_next_look() {
    let house = builder().mailbox("poll_interval = \"1h\"").build();
    let mut service = house.service.run();
    wait_for("the service to wait", SOON, || {
        house.dovecot.client_commands().iter().any(|command| command == "IDLE").then_some(())
    });
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

#[test]
fn without_idle_new_mail_is_noticed_at_the_next_look() {
    let house = builder().mailbox("poll_interval = \"1s\"\nidle = false").build();
    let mut service = house.service.run();
    wait_for("the first look", SOON, || (house.status()["mailboxes"][0]["ok"] == true).then_some(()));
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

#[test]
fn a_stop_while_mail_waits_leaves_every_mail_either_done_or_untouched() {
    // Many more than the three batches of 100 that are in hand when the first is filed.
    const MAILS: usize = 800;
    let house = builder().without_smtp().build();
    for _ in 0..MAILS {
        house.deliver(&forward("482137 Unterlagen"));
    }
    let mut service = house.service.run();
    wait_for("the first mail to be filed", SOON, || (house.count("Archive/Imported") > 0).then_some(()));
    service.terminate();
    let finished = service.wait(SOON).expect("it did not stop");
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    let (done, left) = (house.count("Archive/Imported"), house.count("INBOX"));
    assert_eq!(done + left, MAILS);
    assert!(left > 0, "it went on to the end instead of stopping");
    assert_eq!(house.mails().len(), done, "recorded and not filed away, or the other way round");
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported"), house.count("INBOX")), (MAILS, MAILS, 0));
}

#[test]
fn the_service_comes_back_after_the_server_was_away() {
    let mut house = builder().mailbox("poll_interval = \"1s\"").build();
    let mut service = house.service.run();
    wait_for("the first round", SOON, || (house.status()["mailboxes"][0]["ok"] == true).then_some(()));
    house.dovecot.stop();
    wait_for("the fault to be noticed", SOON, || (house.status()["mailboxes"][0]["ok"] == false).then_some(()));
    house.dovecot.start_again();
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

#[test]
fn mail_that_somebody_opened_is_imported_when_a_person_asks_and_the_rest_is_left() {
    let house = house();
    for _ in 0..3 {
        house.deliver(&forward("482137 Unterlagen"));
    }
    house.deliver(&forward("482999 Unterlagen"));
    house.dovecot.doveadm(&["flags", "add", "-u", "import", "\\Seen", "mailbox", "INBOX", "all"]);
    house.deliver(&forward("482137 Ungelesen"));
    let said = house.service.succeed(&["reprocess", "--stranded", "--mailbox", "import@example.test", "--json"]);
    assert_eq!(said.matches("\"now\":\"imported\"").count(), 3, "{said}");
    assert_eq!(said.matches("\"now\":\"unassigned\"").count(), 1, "{said}");
    let folders = ["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder));
    assert_eq!(folders, [1, 3, 1], "the unseen one is left to the next round");
    assert!(house.service.succeed(&["reprocess", "--stranded"]).contains("no stranded mail"));
    house.once();
    assert_eq!((house.mails().len(), house.count("INBOX")), (5, 0));
    assert_eq!(house.service.command(&["reprocess", "--stranded", "--mailbox", "a@example.test"]).code, Some(2));
}

#[test]
fn mail_that_somebody_opened_is_counted_as_stranded_and_adopted_where_asked_for() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen"));
    house.dovecot.doveadm(&["flags", "add", "-u", "import", "\\Seen", "mailbox", "INBOX", "all"]);
    house.once();
    assert_eq!((house.mails().len(), house.status()["mailboxes"][0]["stranded"].as_i64()), (0, Some(1)));
    let adopting = house
        .settings()
        .replace("[smtp]", "[notify]\n[smtp]")
        .replace("password_file = \"imap-password\"", "password_file = \"imap-password\"\nadopt_seen = true");
    house.service.set_settings(&adopting);
    house.once();
    assert_eq!(house.only_mail()["outcome"], "imported");
}
