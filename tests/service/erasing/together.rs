//! Erasing beside the service, on servers that can do less, and what is asked back.

use super::planted::{DOOMED, OTHER, Planted, places_of};
use super::{RUTH, all_kinds, deliver, erase, house};
use crate::harness::wait_for;
use crate::house::{Builder, SOON};
use serde_json::Value;

#[test]
fn while_the_service_imports_for_the_application_nothing_is_left_behind() {
    for on_postgres in [false, true] {
        let house = house(on_postgres, |builder| builder.without_smtp().mailbox("poll_interval = \"1s\""));
        let forward =
            |n: usize| DOOMED.forward(RUTH, &format!("{} {} {n}", DOOMED.number, DOOMED.word), &format!("Punkt {n}"));
        (0..60).for_each(|n| deliver(&house, forward(n)));
        let mut service = house.service.run();
        wait_for("mail to be imported", SOON, || {
            house.mails().iter().any(|mail| mail["outcome"] == "imported").then_some(())
        });
        (60..120).for_each(|n| deliver(&house, forward(n)));
        let (_, report) = erase(&house, &["--application", DOOMED.number]);
        assert!(report["erased"]["mails"].as_u64().unwrap() > 0, "{report:#}");
        wait_for("the inbox to be empty", SOON, || (house.count("INBOX") == 0).then_some(()));
        wait_for("all to be removed", SOON, || house.status()["removals"].as_array().unwrap().is_empty().then_some(()));
        let late = house.mails();
        assert!(late.iter().all(|mail| mail["why"] == "unknown_number"), "{late:#?}");
        if !late.is_empty() {
            wait_for("mail that came in later to be erased", SOON, || {
                let (code, report) = erase(&house, &["--application", DOOMED.number]);
                (code == Some(0)).then_some(report)
            });
        }
        assert_eq!(house.mails().len(), 0);
        service.terminate();
        assert_eq!(service.wait(SOON).unwrap().code, Some(0));
        // What the service had open has been written back by now, and its last traces go with the next erasure.
        house.service.succeed(&["erase", "--yes", "--mail", "4711"]);
        assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
    }
}

#[test]
fn a_server_that_cannot_remove_single_mails_is_never_told_to_expunge_all() {
    let house =
        house(false, |builder| builder.without_smtp().dovecot(|dovecot| dovecot.without("MOVE").without("UIDPLUS")));
    deliver(&house, DOOMED.forward(RUTH, &format!("{} Unterlagen", DOOMED.number), "eins"));
    house.once();
    let (code, report) = erase(&house, &["--application", DOOMED.number]);
    assert_eq!(code, Some(1), "{report:#}");
    assert!(report["servers"][0]["error"].as_str().unwrap().contains("UIDPLUS"), "{report:#}");
    assert_eq!(house.dovecot.stored("import", "Archive/Imported")[0].flags, ["\\Deleted"]);
    assert!(house.dovecot.client_commands().iter().all(|command| !command.contains("EXPUNGE")));
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "*", "DELETED"]);
    house.execute("UPDATE removals SET next_at = since");
    house.once();
    assert_eq!(house.status()["removals"].as_array().unwrap().len(), 0);
    assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
}

/// As Gmail does: what is removed from a folder stays there until it is removed from the trash.
#[test]
fn a_server_that_keeps_all_mail_in_one_folder_keeps_none_that_is_erased() {
    let folders = "namespace inbox {\n mailbox Alles {\n special_use = \\All\n auto = create\n }\n\
                   mailbox Papierkorb {\n special_use = \\Trash\n auto = create\n }\n}";
    let house = house(false, |builder| builder.without_smtp().dovecot(|dovecot| dovecot.extra(folders)));
    for of in [&DOOMED, &OTHER] {
        deliver(&house, of.forward(RUTH, &format!("{} Unterlagen", of.number), "eins"));
    }
    house.once();
    house.dovecot.doveadm(&["copy", "-u", "import", "Alles", "mailbox", "Archive/Imported", "ALL"]);
    assert_eq!(house.count("Alles"), 2);
    let (code, report) = erase(&house, &["--application", DOOMED.number]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!((house.count("Alles"), house.count("Papierkorb"), house.count("Archive/Imported")), (1, 0, 1));
    assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
}

#[test]
fn copies_that_a_person_has_put_elsewhere_and_mail_under_new_numbers_are_found() {
    for (dovecot, by_month) in [((false, '/', ""), false), ((true, '.', "INBOX."), true)] {
        let (without_move, separator, prefix) = dovecot;
        let house = house(false, |builder| {
            let builder = builder.without_smtp().dovecot(|dovecot| {
                let dovecot = dovecot.namespace(separator, prefix);
                if without_move { dovecot.without("MOVE") } else { dovecot }
            });
            if by_month { builder.mailbox("archive = { by_month = true }") } else { builder }
        });
        for of in [&DOOMED, &OTHER] {
            for point in ["eins", "zwei", "drei"] {
                deliver(&house, of.forward(RUTH, &format!("{} {point}", of.number), point));
            }
        }
        house.once();
        let folder = house.mails()[0]["folder"].as_str().unwrap().to_owned();
        let on_server = |folder: &str| format!("{prefix}{}", folder.replace('/', &separator.to_string()));
        house.dovecot.create_folder("import", "Von Hand/Gemerkt");
        let (from, to) = (on_server(&folder), on_server("Von Hand/Gemerkt"));
        house.dovecot.doveadm(&["move", "-u", "import", &to, "mailbox", &from, "HEADER", "Message-ID", "eins-"]);
        house.dovecot.renumber("import", &folder);
        assert_eq!((house.count("Von Hand/Gemerkt"), house.count(&folder)), (2, 4));
        let (code, report) = erase(&house, &["--application", DOOMED.number]);
        assert_eq!((code, &report["servers"][0]["missing"]), (Some(0), &0.into()), "{report:#}");
        assert_eq!((house.count("Von Hand/Gemerkt"), house.count(&folder)), (1, 2));
        assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_certain_is_asked_back_and_nothing_is_erased() {
    let house = house(false, Builder::without_smtp);
    let twin = Planted { external_id: "K9", number: "482209", ..DOOMED };
    house.take_over(&twin.directory());
    all_kinds(&house, &DOOMED);
    let before = house.mails();
    let address = DOOMED.address();
    for (arguments, why) in [
        (vec!["--candidate", &address, "--yes"], "--candidate-id"),
        (vec!["--candidate", "nobody@example.org", "--yes"], "There is no candidate"),
        (vec!["--candidate-id", "K1", "--yes"], "--tenant"),
        (vec!["--candidate-id", "K7"], "--dry-run"),
        (vec!["--application", "999999", "--yes"], "There is no application"),
        (vec!["--application", DOOMED.number, "--tenant", "nobody", "--yes"], "There is no tenant"),
    ] {
        let refused = house.service.command(&[&["erase"], arguments.as_slice()].concat());
        assert_eq!(refused.code, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains(why), "{refused:#?}");
    }
    house.service.succeed(&["hold", "--application", DOOMED.number]);
    let held = house.service.command(&["erase", "--candidate-id", "K7", "--yes"]);
    assert_eq!(held.code, Some(1), "{held:#?}");
    assert!(held.stderr.contains("legal hold since"), "{held:#?}");
    let ends = |mails: &[Value]| -> Vec<_> {
        mails.iter().map(|mail| (mail["id"].clone(), mail["outcome"].clone(), mail["folder"].clone())).collect()
    };
    let after = house.mails();
    assert_eq!(ends(&after), ends(&before));
    assert!(after.iter().any(|mail| !mail["blocked_since"].is_null()), "it is blocked instead: {after:#?}");
    house.service.succeed(&["hold", "--application", DOOMED.number, "--release"]);
    let everybody = house.service.succeed(&["erase", "--candidate", &address, "--all", "--yes"]);
    assert!(everybody.contains("candidates\t2"), "{everybody}");
    assert_eq!(places_of(DOOMED.word, &house), Vec::<String>::new());
}
