//! Rounds that ended between the record and the archive, with a mailbox that changed before the next one.

use crate::harness::service::Finished;
use crate::house::{House, SOON, builder};
use crate::mails::{Mail, forward, forward_of};

fn killed_at(house: &House, point: &str) -> Finished {
    let finished = house.service.start_with(&["once"], &[("FAILPOINTS", point)]).wait(SOON).unwrap();
    assert_eq!(finished.code, None, "it was not killed: {finished:#?}");
    finished
}

fn three_mails() -> [Mail; 3] {
    // The last two are the same mail, and have no Message-ID.
    [forward("482137 Unterlagen"), without_id(), without_id()]
}

fn without_id() -> Mail {
    forward_of("Kennung", "482138 ohne Kennung")
}

fn assert_done(house: &House) {
    let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes, ["imported", "imported", "repeated"]);
    let folders = ["INBOX", "Archive/Imported", "Archive/Repeated"].map(|folder| house.count(folder));
    assert_eq!(folders, [0, 2, 1]);
    let lost = house.mails().into_iter().filter(|mail| mail["folder"] == "INBOX").count();
    assert_eq!(lost, 0, "{:#?}", house.mails());
}

#[test]
fn a_recorded_mail_is_filed_also_from_an_inbox_with_other_uids() {
    let house = builder().without_smtp().build();
    for mail in three_mails() {
        house.deliver(&mail);
    }
    killed_at(&house, "recorded=return");
    house.dovecot.renumber("import", "INBOX");
    house.once();
    assert_done(&house);
}

#[test]
fn mail_that_was_moved_is_found_in_the_archive_also_if_the_inbox_has_other_uids() {
    let house = builder().without_smtp().build();
    for mail in three_mails() {
        house.deliver(&mail);
    }
    killed_at(&house, "filed_away=1*off->return");
    house.dovecot.renumber("import", "INBOX");
    house.once();
    assert_done(&house);
}

#[test]
fn mail_that_was_copied_is_found_in_an_archive_that_has_copies_of_it() {
    let house = builder().without_smtp().dovecot(|dovecot| dovecot.without("MOVE")).build();
    for mail in three_mails() {
        house.deliver(&mail);
    }
    house.once();
    assert_done(&house);
    for mail in [forward("482137 Neues"), without_id()] {
        house.deliver(&mail);
    }
    // The second copying: the repeat, of which the archive has another copy already.
    killed_at(&house, "copied=1*off->return");
    house.once();
    let folders = ["INBOX", "Archive/Imported", "Archive/Repeated"].map(|folder| house.count(folder));
    assert_eq!(folders, [0, 3, 2]);
}

#[test]
fn a_recorded_mail_that_somebody_took_away_is_named_once() {
    let house = builder().without_smtp().build();
    house.deliver(&forward("482137 Unterlagen"));
    killed_at(&house, "recorded=return");
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "INBOX", "all"]);
    let warns = || house.service.command(&["once"]).stderr.contains("neither where it was nor in its archive folder");
    assert_eq!((warns(), warns()), (true, false));
    assert_eq!(house.only_mail()["outcome"], "imported");
}

fn folders(house: &House) -> [usize; 3] {
    ["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder))
}

#[test]
fn a_moved_mail_that_a_person_decided_about_before_its_move_was_noted_is_found_and_moved_on() {
    let house = builder().without_smtp().build();
    house.deliver(&forward("482999 Unterlagen"));
    killed_at(&house, "filed_away=return");
    assert_eq!((house.only_mail()["folder"].as_str(), folders(&house)), (Some("INBOX"), [0, 0, 1]));
    house.service.succeed(&["assign", &house.only_mail()["id"].to_string(), "482137"]);
    house.once();
    assert_eq!((house.only_mail()["folder"].as_str(), folders(&house)), (Some("Archive/Imported"), [0, 1, 0]));
    assert_eq!(house.show(&house.only_mail())["refile_since"], serde_json::Value::Null);
}

#[test]
fn a_copied_mail_that_a_person_decided_about_before_its_original_was_removed_is_there_once() {
    let house = builder().without_smtp().dovecot(|dovecot| dovecot.without("MOVE")).build();
    house.deliver(&forward("482137 Unterlagen"));
    killed_at(&house, "copied=return");
    assert_eq!(folders(&house), [1, 1, 0]);
    house.service.succeed(&["revert", &house.only_mail()["id"].to_string()]);
    // The half done is done first, and at the end of the round the mail is moved on.
    house.once();
    assert_eq!((house.only_mail()["folder"].as_str(), folders(&house)), (Some("Archive/Unassigned"), [0, 0, 1]));
}
