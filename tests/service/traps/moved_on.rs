//! Mail that a person decided about, on servers without MOVE: copied, then removed, and each half may fail.

use super::peer_house::{PeerHouse, peer_house, peer_house_with};
use crate::harness::strict_peer::{Folder, say};
use crate::harness::wait_for;
use crate::house::SOON;
use crate::mails::{forward, forward_of};
use std::sync::mpsc;

/// One mail that was imported and filed, on a server without MOVE.
fn filed(lines: &str) -> PeerHouse {
    let house = peer_house_with(lines);
    house.peer.with(|store| store.capabilities = vec!["UIDPLUS", "IDLE"]);
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.good_round();
    house
}

/// The same, taken back by a person, with a server that lets nothing be removed where it lay.
fn copied(verb: &'static str) -> PeerHouse {
    let house = filed("");
    house.peer.play(move |seen, _| {
        let refused = seen.verb == verb && seen.folder.as_deref() == Some("Archive/Imported");
        refused.then(|| vec![say("TAG NO [NOPERM] You may not")])
    });
    let reverted = house.service.command(&["revert", "1"]);
    assert_eq!(reverted.code, Some(0), "{reverted:#?}");
    house.assert_lie(&[("Archive/Imported", 1), ("Archive/Unassigned", 1)], verb);
    house
}

#[test]
fn a_folder_that_lets_nothing_be_removed_gets_one_copy_made_and_no_more() {
    for verb in ["UID STORE", "UID EXPUNGE"] {
        let house = copied(verb);
        for _ in 0..3 {
            house.bad_round("You may not");
            house.assert_lie(&[("Archive/Imported", 1), ("Archive/Unassigned", 1)], verb);
        }
        house.peer.behave();
        house.good_round();
        house.assert_lie(&[("Archive/Unassigned", 1)], verb);
        assert_eq!(house.mails()[0]["folder"], "Archive/Unassigned");
        house.good_round();
        house.peer.assert_content();
    }
}

#[test]
fn a_copy_of_a_mail_that_is_marked_as_deleted_is_not_marked() {
    let house = filed("");
    house.peer.with(|store| store.folders.get_mut("Archive/Imported").unwrap().mails[0].deleted = true);
    house.service.succeed(&["revert", "1"]);
    house.assert_lie(&[("Archive/Unassigned", 1)], "a mail that was marked");
    house.peer.with(|store| assert!(!store.folders["Archive/Unassigned"].mails[0].deleted));
}

/// The record knows of one place.
#[test]
fn a_mail_of_which_a_copy_was_left_behind_is_erased_with_it() {
    let house = copied("UID EXPUNGE");
    house.peer.behave();
    let erased = house.service.command(&["erase", "--yes", "--mail", "1"]);
    assert_eq!(erased.code, Some(0), "{erased:#?}");
    house.assert_lie(&[], "erasing");
}

/// It is searched for by its Message-ID, and where an exchange that was interrupted may have put it.
#[test]
fn a_copy_that_was_left_behind_is_looked_for_in_the_archive_only() {
    let house = copied("UID STORE");
    house.peer.behave();
    put_by_hand(&house);
    let before = house.peer.commands().len();
    house.service.succeed(&["erase", "--yes", "--mail", "1"]);
    house.assert_lie(&[("Von Hand", 1)], "erasing");
    let commands = house.peer.commands().split_off(before);
    assert!(commands.iter().any(|command| command.starts_with("UID SEARCH HEADER Message-ID")), "{commands:#?}");
    assert!(commands.iter().all(|command| !command.contains("LARGER")), "{commands:#?}");
    assert!(commands.iter().all(|command| !command.contains("Von Hand")), "{commands:#?}");
}

/// A mail that somebody else keeps in a folder of their own.
fn put_by_hand(house: &PeerHouse) {
    house.peer.with(|store| {
        let mail = store.folders["Archive/Unassigned"].mails[0].clone();
        let mut folder = Folder::new(3);
        folder.add(mail);
        store.folders.insert("Von Hand".to_owned(), folder);
    });
}

#[test]
fn erasing_mail_that_lies_where_it_was_filed_reads_no_other_mail() {
    let house = peer_house();
    house.peer.with(|store| store.capabilities = vec!["UIDPLUS", "IDLE"]);
    for point in 10..30 {
        house.peer.deliver(forward_of(&point.to_string(), "ohne Nummer").bytes());
    }
    house.good_round();
    put_by_hand(&house);
    let before = house.peer.commands().len();
    house.service.succeed(&["erase", "--yes", "--mail", "1", "--mail", "2", "--mail", "3"]);
    house.assert_lie(&[("Archive/Unassigned", 17), ("Von Hand", 1)], "erasing");
    let commands = house.peer.commands().split_off(before);
    let bodies: Vec<_> = commands.iter().filter(|command| command.contains("BODY.PEEK")).collect();
    assert_eq!(bodies, ["UID FETCH 1:3 (UID BODY.PEEK[])"]);
    assert!(commands.iter().all(|command| !command.contains("LARGER")), "{commands:#?}");
}

/// Looking for second copies takes long in a large mailbox.
#[test]
fn a_service_that_is_asked_to_stop_does_not_wait_until_all_erased_mail_is_looked_for() {
    let house = peer_house();
    house.peer.with(|store| store.capabilities = vec!["UIDPLUS", "IDLE"]);
    let numbers = ["1", "2", "3"];
    for _ in numbers {
        house.peer.deliver(forward("482137 Unterlagen").bytes());
    }
    house.good_round();
    house.peer.play(|seen, _| {
        let refused = seen.verb == "UID EXPUNGE" && seen.folder.as_deref() == Some("Archive/Imported");
        refused.then(|| vec![say("TAG NO [NOPERM] You may not")])
    });
    for number in numbers {
        let reverted = house.service.command(&["revert", number]);
        assert_eq!(reverted.code, Some(0), "{reverted:#?}");
    }
    house.peer.play_at("LOGIN", vec![say("TAG NO [NOPERM] Not today")]);
    let erased = house.service.command(&["erase", "--yes", "--mail", "1", "--mail", "2", "--mail", "3"]);
    assert_eq!(erased.code, Some(1), "{erased:#?}");
    let (asked, (go_on, may_go_on)) = (mpsc::channel(), mpsc::channel());
    house.peer.play(move |seen, _| {
        if seen.command.contains("HEADER") && asked.0.send(()).is_ok() {
            may_go_on.recv_timeout(SOON).unwrap();
        }
        None
    });
    let before = house.peer.commands().len();
    let mut service = house.service.run();
    asked.1.recv_timeout(SOON).unwrap();
    service.terminate();
    wait_for("the service to be stopping", SOON, || service.stderr().contains("Stopping: ").then_some(()));
    drop(asked.1);
    go_on.send(()).unwrap();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    let searches = house.peer.commands().split_off(before);
    let searches = searches.iter().filter(|command| command.contains("HEADER")).count();
    assert_eq!(searches, 1, "of three mails in five folders");
    assert_eq!(house.status()["removals"][0]["mails"], 3);
    house.service.succeed(&["erase", "--yes", "--mail", "4711"]);
    house.assert_lie(&[], "erasing");
    assert_eq!(house.status()["removals"], serde_json::json!([]));
}

#[test]
fn beside_a_running_service_the_command_line_leaves_the_move_to_it() {
    let house = filed("poll_interval = \"1s\"");
    let mut service = house.service.run();
    wait_for("the service to look", SOON, || (house.peer.heard("IDLE") > 0).then_some(()));
    let reverted = house.service.command(&["revert", "1"]);
    assert_eq!(reverted.code, Some(0), "{reverted:#?}");
    assert!(reverted.stderr.contains("the running service moves it"), "{reverted:#?}");
    wait_for("the mail to be moved", SOON, || (house.mails()[0]["folder"] == "Archive/Unassigned").then_some(()));
    house.assert_lie(&[("Archive/Unassigned", 1)], "the service");
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}
