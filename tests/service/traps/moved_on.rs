//! Mail that a person decided about, on servers without MOVE: copied, then removed, and each half may fail.

use super::peer_house::{PeerHouse, peer_house_with};
use crate::harness::strict_peer::say;
use crate::harness::wait_for;
use crate::house::SOON;
use crate::mails::forward;

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
