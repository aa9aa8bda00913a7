//! Servers with neither MOVE nor UIDPLUS: what was filed, moved on or erased stays where it lay, marked as deleted, until a
//! mail program expunges it. What is marked is never taken for the mail itself.

use super::peer_house::{PeerHouse, peer_house};
use crate::harness::strict_peer::say;
use crate::mails::forward;

/// One mail for 482137, imported.
fn imported() -> PeerHouse {
    let house = peer_house();
    house.peer.with(|store| store.capabilities = vec!["IDLE"]);
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.good_round();
    assert_lives(&house, &["Archive/Imported"], "importing");
    house
}

/// In which folders a mail lies that is not marked as deleted; a folder with two stands twice.
fn assert_lives(house: &PeerHouse, expected: &[&str], after: &str) {
    let lives = house.peer.with(|store| {
        let mails = store.folders.iter().flat_map(|(name, folder)| folder.mails.iter().map(move |mail| (name, mail)));
        mails.filter(|(_, mail)| !mail.deleted).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    });
    assert_eq!(lives, expected, "after {after}");
}

fn expunge(house: &PeerHouse) {
    house.peer.with(|store| store.folders.values_mut().for_each(|folder| folder.mails.retain(|mail| !mail.deleted)));
}

#[test]
fn a_mail_that_goes_to_and_fro_lies_once_where_it_belongs() {
    let house = imported();
    for turn in 1..=2 {
        house.service.succeed(&["revert", "1"]);
        assert_lives(&house, &["Archive/Unassigned"], &format!("reverting, turn {turn}"));
        house.service.succeed(&["assign", "1", "482138"]);
        assert_lives(&house, &["Archive/Imported"], &format!("assigning, turn {turn}"));
    }
    let copies =
        house.peer.count("INBOX") + house.peer.count("Archive/Imported") + house.peer.count("Archive/Unassigned");
    assert_eq!(copies, 6, "one of each move");
    house.service.succeed(&["export", "1", "--scrubbed"]);
    expunge(&house);
    house.assert_lie(&[("Archive/Imported", 1)], "the expunge that the manual asks for");
    house.good_round();
    assert_eq!(house.mails()[0]["folder"], "Archive/Imported");
    house.peer.assert_content();
}

#[test]
fn a_copy_whose_original_was_not_marked_is_not_made_again() {
    let house = imported();
    house.peer.play(|seen, _| {
        let refused = seen.verb == "UID STORE" && seen.folder.as_deref() == Some("Archive/Imported");
        refused.then(|| vec![say("TAG NO [NOPERM] You may not")])
    });
    house.service.command(&["revert", "1"]);
    house.bad_round("You may not");
    assert_lives(&house, &["Archive/Imported", "Archive/Unassigned"], "a copy");
    house.peer.behave();
    house.good_round();
    assert_lives(&house, &["Archive/Unassigned"], "its second half");
    assert_eq!(house.peer.count("Archive/Unassigned"), 1);
    assert_eq!(house.mails()[0]["folder"], "Archive/Unassigned");
}

/// In the folder lies a marked copy of the same mail, of which the record that it had knows nothing any more.
#[test]
fn a_recorded_mail_is_filed_although_a_marked_copy_lies_in_its_folder() {
    let house = peer_house();
    house.peer.with(|store| store.capabilities = vec!["IDLE"]);
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.peer.play_at("UID COPY", vec![say("TAG NO [OVERQUOTA] Full")]);
    house.bad_round("Full");
    house.peer.behave();
    house.peer.with(|store| {
        let mut copy = store.inbox().mails[0].clone();
        copy.deleted = true;
        store.folders.get_mut("Archive/Imported").unwrap().add(copy);
    });
    house.good_round();
    assert_lives(&house, &["Archive/Imported"], "filing");
    expunge(&house);
    house.assert_lie(&[("Archive/Imported", 1)], "the expunge");
}

/// Better than nothing: a person may still take the mark away.
#[test]
fn a_mail_that_is_nowhere_but_marked_is_found_and_moved_unmarked() {
    let house = imported();
    house.peer.with(|store| store.folders.get_mut("Archive/Imported").unwrap().mails[0].deleted = true);
    let again = house.service.succeed(&["reprocess", "1"]);
    assert!(again.contains("imported, as before"), "{again}");
    house.service.succeed(&["revert", "1"]);
    assert_lives(&house, &["Archive/Unassigned"], "moving on");
}

#[test]
fn erasing_marks_the_mail_and_is_done_when_the_folder_is_expunged() {
    let house = imported();
    house.service.succeed(&["revert", "1"]);
    let erased = house.service.command(&["erase", "--yes", "--mail", "1"]);
    assert_eq!(erased.code, Some(1), "{erased:#?}");
    assert_lives(&house, &[], "erasing");
    assert_eq!(house.status()["removals"][0]["mails"], 1, "{:#}", house.status());
    expunge(&house);
    house.service.succeed(&["erase", "--yes", "--mail", "4711"]);
    assert_eq!(house.status()["removals"], serde_json::json!([]));
}
