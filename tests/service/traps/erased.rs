//! Mail that the server did not hand over, erased and processed again.

use super::peer_house::{PeerHouse, peer_house_with};
use crate::harness::strict_peer::say;
use crate::mails::forward;

/// Two answers by which a mail does not come.
const ANSWERS: [&str; 2] = ["TAG NO [SERVERBUG] Damaged", "TAG OK Nothing to see"];

/// A mail that was never handed over, set aside, and another that was imported; gives the number of the first.
fn set_aside(answer: &'static str) -> (PeerHouse, String) {
    let house = peer_house_with("max_attempts = 2");
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.peer.deliver(forward("482138 Zeugnis").bytes());
    house.peer.play(move |seen, store| {
        let lies_in = ["INBOX", "Archive/SetAside"].into_iter().filter(|folder| store.folders.contains_key(*folder));
        let is_the_one = lies_in.into_iter().any(|folder| seen.asks_for_body(store, folder, 1));
        is_the_one.then(|| vec![say(answer)])
    });
    for _ in 0..5 {
        house.once();
    }
    let set_aside = house.mails().into_iter().find(|mail| mail["outcome"] == "set_aside").unwrap();
    house.assert_lie(&[("Archive/SetAside", 1), ("Archive/Imported", 1)], answer);
    (house, set_aside["id"].to_string())
}

/// Such a mail was recorded by its place alone, and nothing that it says is known.
#[test]
fn mail_that_the_server_does_not_hand_over_is_removed_all_the_same() {
    for answer in ANSWERS {
        for is_healed in [false, true] {
            let (house, id) = set_aside(answer);
            if is_healed {
                house.peer.behave();
            }
            let finished = house.service.command(&["erase", "--yes", "--mail", &id]);
            assert_eq!(finished.code, Some(0), "{answer}, {is_healed}: {finished:#?}");
            house.assert_lie(&[("Archive/Imported", 1)], answer);
        }
    }
}

#[test]
fn mail_that_the_server_hands_over_at_last_is_processed_again_and_is_known_from_then_on() {
    for answer in ANSWERS {
        let (house, id) = set_aside(answer);
        let early = house.service.command(&["reprocess", &id]);
        assert_eq!(early.code, Some(1), "{answer}: {early:#?}");
        assert!(!early.stderr.contains("in none of the archive folders"), "{answer}: {early:#?}");
        house.peer.behave();
        let exported = house.service.command(&["export", &id, "--scrubbed"]);
        assert_eq!(exported.code, Some(0), "{answer}: {exported:#?}");
        let said = house.service.succeed(&["reprocess", &id]);
        assert!(said.contains("imported"), "{answer}: {said}");
        house.assert_lie(&[("Archive/Imported", 2)], answer);
        // A person puts it elsewhere: it is found by what it says now.
        house.peer.with(|store| {
            let mail = store.folders.get_mut("Archive/Imported").unwrap().mails.pop().unwrap();
            store.inbox().mails.push(mail);
            store.inbox().mails.iter_mut().for_each(|mail| (mail.uid, mail.seen) = (90, true));
            store.inbox().uid_next = 91;
        });
        let again = house.service.succeed(&["reprocess", &id]);
        assert!(again.contains("imported, as before"), "{answer}: {again}");
    }
}

/// The folder was rebuilt: another mail has its UID.
#[test]
fn another_mail_at_the_place_of_one_that_was_not_handed_over_is_not_taken_for_it() {
    let (house, id) = set_aside(ANSWERS[0]);
    house.peer.behave();
    house.peer.with(|store| {
        store.folders.get_mut("Archive/SetAside").unwrap().mails[0].bytes = forward("482137 anders lang").bytes();
    });
    let finished = house.service.command(&["reprocess", &id]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("known by its place alone"), "{finished:#?}");
    house.assert_lie(&[("Archive/SetAside", 1), ("Archive/Imported", 1)], "another mail");
}
