//! A store that is away holds mail back as long as need be; whoever dies in between leaves nothing that stays.

use super::{documents, house_with_store, places};
use crate::harness::{Folder, wait_for};
use crate::house::{House, SOON, builder};
use crate::mails::{forward, forward_of};
use sha2::{Digest, Sha256};

fn attempts(house: &House) -> Vec<i64> {
    house.mails().iter().map(|mail| house.show(mail)["attempts"].as_i64().unwrap()).collect()
}

#[test]
fn while_the_store_is_away_mail_with_new_files_waits_and_no_attempt_counts() {
    let (house, store, proxy) = house_with_store(|builder| builder.mailbox("max_attempts = 2"));
    proxy.refuse();
    house.deliver(&documents());
    house.deliver(&forward("482138 Unterlagen").pdf("Anschreiben.pdf"));
    house.deliver(&forward("482137 ohne Datei"));
    for _ in 0..3 {
        let finished = house.service.command(&["once"]);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        assert!(finished.stderr.contains("the object store with the files is not available"), "{finished:#?}");
    }
    assert_eq!((house.mails().len(), house.count("Archive/Imported"), house.count("INBOX")), (1, 1, 2));
    let mailbox = &house.status()["mailboxes"][0];
    assert_eq!(mailbox["ok"], false);
    assert!(mailbox["error"].as_str().unwrap().contains("object store"), "{mailbox}");
    let checked = house.service.command(&["check"]);
    assert!(checked.code == Some(1) && checked.stdout.contains("FAIL  object store"), "{checked:#?}");
    proxy.come_back();
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported"), house.count("INBOX")), (3, 3, 0));
    assert_eq!(attempts(&house), [1, 1, 1]);
    assert_eq!((places(&house), store.names().len()), ((0, 3), 3), "nothing is left of what was tried");
}

/// In a folder it is a file in whose place something else lies; in a bucket, one that is larger than it takes.
#[test]
fn a_file_that_a_working_store_never_takes_holds_up_no_other_mail() {
    let (house, attic) = (builder().mailbox("max_attempts = 2").build(), Folder::create());
    let place = attic.join("attic");
    house.service.set_settings(&format!("{}\n[files]\nstore = \"file://{}\"\n", house.settings(), place.display()));
    let (content, mut hash) = ("%PDF-1.4 nie\n", Sha256::new());
    hash.update(content);
    let sha256 = hex::encode(hash.finalize());
    let below = place.join("sha256").join(sha256.get(..2).unwrap()).join(sha256.get(2..4).unwrap());
    for id in 1..100 {
        std::fs::create_dir_all(below.join(format!("{sha256}.{id}")).join("inside")).unwrap();
    }
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", content));
    house.deliver(&documents());
    house.deliver(&forward("482138 ohne Datei"));
    let finished = house.service.command(&["once"]);
    assert!(finished.stderr.contains("The object store does not take a file of a mail"), "{finished:#?}");
    assert_eq!((house.count("Archive/Imported"), house.count("INBOX"), places(&house)), (2, 1, (0, 2)));
    // Later mail comes in, too.
    house.deliver(&forward("482138 spaeter").file("Zeugnis.pdf", "%PDF-1.4 spaeter\n"));
    house.service.command(&["once"]);
    assert_eq!((house.count("Archive/Imported"), house.count("INBOX"), places(&house)), (3, 1, (0, 3)));
    house.once();
    assert_eq!((house.count("Archive/SetAside"), house.count("INBOX")), (1, 0));
    assert!(house.mails().iter().any(|mail| mail["why"] == "failed_too_often"));
}

#[test]
fn the_service_goes_on_by_itself_when_the_store_is_back() {
    let (house, store, proxy) = house_with_store(|builder| builder.on_postgres(true).mailbox("poll_interval = \"1s\""));
    proxy.refuse();
    house.deliver(&documents());
    let mut service = house.service.run();
    wait_for("the fault to be noticed", SOON, || (house.status()["mailboxes"][0]["ok"] == false).then_some(()));
    assert_eq!(house.mails().len(), 0);
    proxy.come_back();
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!((attempts(&house), store.with("Quittengelee").len()), (vec![1], 1));
}

/// It takes the connection and what is sent, and never answers.
#[test]
fn a_store_that_hangs_is_away_after_its_time() {
    let (house, _store, proxy) = house_with_store(|builder| builder);
    house.keep_files_at(proxy.port(), "timeout = \"1s\"");
    proxy.stall_after(crate::harness::Direction::Down, 0);
    house.deliver(&documents());
    let finished = house.service.command(&["once"]);
    assert!(finished.code == Some(1) && finished.stderr.contains("object store"), "{finished:#?}");
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 1));
    proxy.come_back();
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (1, 1));
}

#[test]
fn what_is_erased_while_the_store_is_away_is_removed_when_it_is_back_and_said_until_then() {
    let (house, store, proxy) = house_with_store(|builder| builder);
    house.deliver(&documents());
    house.once();
    proxy.refuse();
    let finished = house.service.command(&["erase", "--application", "482137", "--yes"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stdout.contains("object store: 2 contents could not be removed yet"), "{finished:#?}");
    assert_eq!((house.mails().len(), house.status()["objects"]["contents"].as_u64()), (0, Some(2)));
    let said = house.service.succeed(&["status"]);
    assert!(said.contains("still to be removed from the object store: 2 contents"), "{said}");
    proxy.come_back();
    house.execute("UPDATE objects SET next_at = since");
    house.once();
    assert_eq!((store.names().len(), house.status()["objects"]["contents"].as_u64()), (0, Some(0)));
}

/// Kills a command at a place.
fn die_at(house: &House, arguments: &[&str], point: &str) {
    let finished =
        house.service.start_with(arguments, &[("FAILPOINTS", &format!("{point}=return"))]).wait(SOON).unwrap();
    assert_eq!(finished.code, None, "{point}: it was not killed: {finished:#?}");
    house.execute("UPDATE outbox SET claimed_until = NULL WHERE state = 'pending'; DELETE FROM mailbox_leases");
}

fn killed_on_the_way(on_postgres: bool) {
    let (house, store, _proxy) = house_with_store(|builder| builder.on_postgres(on_postgres));
    for (number, point) in (1..).zip(["contents_put", "before_commit", "recorded"]) {
        let mail = forward_of(point, "482137 Unterlagen");
        let mail = mail.file("Lebenslauf.pdf", format!("%PDF-1.4 Quittengelee {point}\n"));
        house.deliver(&mail.file("Zeugnis.pdf", format!("%PDF-1.4 Zeugnis {point}\n")));
        die_at(&house, &["once"], point);
        house.once();
        assert_eq!((house.mails().len(), house.count("Archive/Imported")), (number, number), "{point}");
    }
    assert_eq!((store.names().len(), places(&house)), (2 + 2 + 6, (0, 6)), "twice they were put in vain");
    // An hour later.
    house.execute("UPDATE objects SET next_at = since WHERE state = 'coming'");
    die_at(&house, &["once"], "contents_removed");
    house.execute("UPDATE objects SET next_at = since WHERE state = 'going'");
    house.once();
    assert_eq!((store.names().len(), store.with("Quittengelee").len(), places(&house)), (6, 3, (0, 6)));
    assert_eq!(house.status()["objects"]["contents"].as_u64(), Some(0));
    die_at(&house, &["erase", "--application", "482137", "--yes"], "contents_removed");
    house.execute("UPDATE objects SET next_at = since WHERE state = 'going'");
    house.once();
    assert_eq!((store.names().len(), places(&house)), (0, (0, 0)));
    assert_eq!(house.status()["objects"]["contents"].as_u64(), Some(0));
}

#[test]
fn killed_at_any_place_the_end_is_the_same_on_sqlite() {
    killed_on_the_way(false);
}

#[test]
fn killed_at_any_place_the_end_is_the_same_on_postgres() {
    killed_on_the_way(true);
}
