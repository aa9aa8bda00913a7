//! Mail that another system kept comes in by the command line.

use crate::house::{House, house};
use crate::mails::{Mail, forward};
use std::fmt::Write;

/// The lines between mails that an mbox has, with the time of each.
fn mbox(mails: &[&Mail]) -> String {
    let mut text = String::new();
    for (number, mail) in mails.iter().enumerate() {
        let mail = String::from_utf8(mail.bytes().clone()).unwrap().replace("\r\n", "\n");
        write!(text, "From ruth@example.test Wed Mar 13 09:1{number}:00 2024\n{mail}\n").unwrap();
    }
    text
}

fn take(house: &House, more: &[&str]) -> String {
    house.service.succeed(&[&["import", "--mailbox", "import@example.test"], more].concat())
}

#[test]
fn the_mails_of_an_mbox_come_in_once_at_their_times_and_nobody_is_told() {
    let house = house();
    let mails =
        [forward("482137 Unterlagen").pdf("Lebenslauf.pdf"), forward("Ohne Nummer"), forward("482138 WG: Zeugnis")];
    let file = house.service.write("kept.mbox", mbox(&mails.each_ref()));
    let file = file.to_str().unwrap();
    let plan = take(&house, &["--from", "mbox", "--dry-run", file]);
    assert_eq!(plan, "2 would be imported\n1 would be unassigned\n");
    assert_eq!(house.mails().len(), 0, "a plan records nothing");
    assert_eq!(take(&house, &["--from", "mbox", file]), "2 imported\n1 unassigned\n");
    assert_eq!(take(&house, &["--from", "mbox", file]), "3 have a record already\n");
    let recorded = house.mails();
    assert_eq!(recorded.len(), 3);
    let first = house.show(&recorded[0]);
    assert_eq!(first["notifications"].as_array().map(Vec::len), Some(0), "{first:#}");
    assert_eq!(recorded[0]["received_at"], "2024-03-13T09:10:00Z", "{:#}", recorded[0]);
    let told = forward("482137 Nachtrag");
    let file = house.service.write("new.mbox", mbox(&[&told]));
    assert_eq!(take(&house, &["--from", "mbox", "--tell", file.to_str().unwrap()]), "1 imported\n");
    house.once();
    assert_eq!(house.notifications("karl", 1).len(), 1, "of the one mail only");
}

#[test]
fn the_mails_of_a_maildir_come_in_and_one_that_lies_in_the_inbox_too_is_not_recorded_twice() {
    let house = house();
    let mail = forward("482137 Unterlagen");
    house.deliver(&mail);
    house.once();
    let folder = house.service.join("Maildir");
    for part in ["cur", "new"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    std::fs::write(folder.join("cur/1700000001.M1.host:2,S"), mail.bytes()).unwrap();
    std::fs::write(folder.join("new/1700000002.M2.host"), forward("482138 Zeugnis").bytes()).unwrap();
    let said = take(&house, &["--from", "maildir", folder.to_str().unwrap()]);
    assert_eq!(said, "1 imported\n1 have a record already\n");
    assert_eq!(house.mails()[1]["received_at"], "2023-11-14T22:13:22Z");
}

#[test]
fn a_mail_that_cannot_be_taken_is_named_and_the_others_come_in() {
    let house = house();
    let text = mbox(&[&forward("482137 Unterlagen").body("Text\r\n\r\nFrom here on\r\n"), &forward("482138 Zeugnis")]);
    let file = house.service.write("kept.mbox", text);
    let command = ["import", "--mailbox", "import@example.test", "--from", "mbox", file.to_str().unwrap()];
    let finished = house.service.command(&command);
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(1), "1 imported\n2 failed\n"), "{finished:#?}");
    assert!(finished.stderr.contains("kept.mbox, mail 1: a line in it begins with `From `"), "{finished:#?}");
    let no_mbox = house.service.write("mail.eml", forward("482137 Unterlagen").bytes());
    let command = ["import", "--mailbox", "import@example.test", "--from", "mbox", no_mbox.to_str().unwrap()];
    let finished = house.service.command(&command);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("is no mbox file"), "{finished:#?}");
}
