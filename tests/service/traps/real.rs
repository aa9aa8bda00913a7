//! Refusals and removals of a real server.

use crate::harness::Dovecot;
use crate::house::{House, builder, house};
use crate::mails::forward;

fn bad_round(house: &House, why: &str) {
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains(why), "{finished:#?}");
    let status = house.status();
    assert_eq!(status["mailboxes"][0]["ok"], false, "{status:#}");
    assert!(status["mailboxes"][0]["error"].as_str().unwrap().contains(why), "{status:#}");
}

/// Only copying can run over: a move adds nothing.
#[test]
fn over_quota_mail_is_imported_once_and_filed_when_there_is_room() {
    let house = builder().dovecot(|dovecot| dovecot.without("MOVE").user_with_quota("import", "geheim", "50K")).build();
    let ballast = || forward("Ballast").file("Ballast.bin", vec![b'x'; 18_000]);
    house.deliver(&ballast());
    house.dovecot.create_folder("import", "Platz");
    house.dovecot.doveadm(&["move", "-u", "import", "Platz", "mailbox", "INBOX", "all"]);
    for subject in ["482137 Unterlagen", "482137 Zeugnis"] {
        house.deliver(&forward(subject).file("Zeugnis.pdf", vec![b'x'; 8_000]));
    }
    bad_round(&house, "[OVERQUOTA]");
    // Mail that comes later is imported all the same, and nothing a second time.
    house.deliver(&forward("ohne Nummer").file("Zeugnis.pdf", vec![b'x'; 8_000]));
    for _ in 0..2 {
        bad_round(&house, "[OVERQUOTA]");
        let outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
        assert_eq!(outcomes, ["imported", "imported", "unassigned"]);
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (3, 0));
    }
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "Platz", "all"]);
    house.once();
    let lie = ["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder));
    assert_eq!((lie, house.mails().len()), ([0, 2, 1], 3));
}

#[test]
fn a_read_only_archive_folder_holds_up_no_mail_that_belongs_elsewhere() {
    let house = builder().dovecot(|dovecot| dovecot.rights("Archive/Imported owner lr")).build();
    house.dovecot.create_folder("import", "Archive/Imported");
    for subject in ["482137 Unterlagen", "ohne Nummer"] {
        house.deliver(&forward(subject));
    }
    for rounds in 1..=2 {
        bad_round(&house, "[NOPERM]");
        assert_eq!((house.count("INBOX"), house.count("Archive/Unassigned")), (1, rounds));
        house.deliver(&forward("noch eine ohne Nummer"));
    }
    assert_eq!(house.mails().iter().filter(|mail| mail["outcome"] == "imported").count(), 1);
}

/// The mailbox is moved to another server: other UIDs, other UIDVALIDITY, the same mails, some of them done and some not.
#[test]
fn a_mailbox_that_moves_to_another_server_is_gone_on_with() {
    let house = house();
    for subject in ["482137 eins", "482138 zwei"] {
        house.deliver(&forward(subject));
    }
    house.once();
    let waiting = [forward("482137 drei"), forward("ohne Nummer")];
    let other = Dovecot::builder().user("import", "geheim").start();
    // The inbox there has had mail before, so that no UID is the same by chance.
    other.deliver("import", forward("weg").bytes());
    other.doveadm(&["expunge", "-u", "import", "mailbox", "INBOX", "all"]);
    for mail in house.dovecot.messages("import", "Archive/Imported") {
        // Whoever moved the mailbox put all of it into the inbox.
        other.deliver("import", mail);
    }
    for mail in &waiting {
        other.deliver("import", mail.bytes());
    }
    let settings = house.settings();
    let moved = settings
        .replace(&format!("port = {}", house.dovecot.imaps_port()), &format!("port = {}", other.imaps_port()))
        .replace(&house.dovecot.ca_file().display().to_string(), &other.ca_file().display().to_string());
    assert_ne!(settings, moved);
    house.service.set_settings(&moved);
    house.service.succeed(&["once"]);
    let mut outcomes: Vec<_> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
    outcomes.sort();
    assert_eq!(outcomes, ["imported", "imported", "imported", "repeated", "repeated", "unassigned"]);
    let lie = ["INBOX", "Archive/Imported", "Archive/Repeated", "Archive/Unassigned"]
        .map(|folder| other.messages("import", folder).len());
    assert_eq!(lie, [0, 1, 2, 1]);
    assert_eq!(house.status()["mailboxes"][0]["ok"], true);
}
