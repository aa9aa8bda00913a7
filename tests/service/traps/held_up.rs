//! Mail of earlier rounds that cannot be filed where it belongs, and new mail that must not suffer from it.

use super::peer_house::{PeerHouse, peer_house, peer_house_with};
use crate::harness::strict_peer::{Act, say};
use crate::mails::forward;

/// The server keeps the folder shut in which a mail lies that a person decided about, or ends the connection over it.
#[test]
fn mail_that_cannot_be_moved_on_keeps_no_new_mail_out() {
    let no = say("TAG NO [NOPERM] Not today");
    for (verb, act) in [("EXAMINE", no.clone()), ("EXAMINE", Act::Close), ("SELECT", no), ("UID MOVE", Act::Close)] {
        let context = format!("{act:?} to {verb}");
        let house = peer_house();
        house.deliver_three();
        house.good_round();
        let (mut in_archive, then) = (false, act.clone());
        house.peer.play(move |seen, _| {
            if seen.verb == "SELECT" || seen.verb == "EXAMINE" {
                in_archive = seen.command.contains("Imported");
            }
            (in_archive && seen.verb == verb).then(|| vec![then.clone()])
        });
        let reverted = house.service.command(&["revert", "1"]);
        assert!(format!("{reverted:?}").contains("unassigned"), "{context}: {reverted:#?}");
        house.deliver_three();
        house.bad_round(if matches!(act, Act::Close) { "" } else { "Not today" });
        assert_eq!(house.mails().len(), 6, "{context}");
        house.peer.behave();
        house.good_round();
        assert_moved_on(&house, &context);
    }
}

fn assert_moved_on(house: &PeerHouse, context: &str) {
    house.assert_lie(&[("Archive/Imported", 3), ("Archive/Unassigned", 3)], context);
    let refiled = house.mails().into_iter().find(|mail| mail["id"] == 1).unwrap();
    assert_eq!(refiled["folder"], "Archive/Unassigned", "{context}");
}

/// Recorded mail that the server will not file and that has other UIDs, and another arrival, since the server was exchanged.
#[test]
fn mail_that_cannot_be_filed_for_long_after_the_inbox_was_rebuilt_has_one_record() {
    let house = peer_house();
    house.deliver_three();
    house.peer.play_at("UID MOVE", vec![say("TAG NO [OVERQUOTA] Full")]);
    house.bad_round("Full");
    house.peer.with(|store| {
        let inbox = store.inbox();
        inbox.uid_validity = 8;
        inbox.uid_next = 100;
        for mut mail in std::mem::take(&mut inbox.mails) {
            mail.arrival = "14-Mar-2024 08:00:00 +0100".to_owned();
            inbox.add(mail);
        }
    });
    for _ in 0..8 {
        house.bad_round("Full");
        assert_eq!(house.mails().len(), 3, "{:#?}", house.mails());
    }
    house.peer.behave();
    house.good_round();
    house.assert_done(1, "room again");
}

/// The server would not hand over a mail; then it rebuilt the folder, and the UID is another mail's.
#[test]
fn attempts_at_a_mail_are_not_counted_against_another_that_was_given_its_uid() {
    let house = peer_house_with("max_attempts = 2");
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.peer.play(|seen, _| seen.command.contains("BODY.PEEK").then(|| vec![say("TAG NO [SERVERBUG] Damaged")]));
    for _ in 0..2 {
        let finished = house.once();
        assert!(finished.stdout.contains("1 failed"), "{finished:#?}");
    }
    house.peer.behave();
    house.peer.with(|store| {
        store.inbox().mails.clear();
        store.inbox().uid_next = 1;
    });
    let uid = house.peer.deliver(forward("482138 ein anderes Zeugnis").bytes());
    house.good_round();
    assert_eq!((uid, house.mails()[0]["outcome"].as_str()), (1, Some("imported")));
}

/// Somebody takes a recorded mail away just before it is filed.
#[test]
fn a_mail_that_vanished_before_it_was_filed_is_not_said_to_lie_in_the_archive() {
    let house = peer_house();
    for _ in 0..3 {
        house.peer.deliver(forward("482137 Unterlagen").bytes());
    }
    house.peer.play(|seen, store| {
        if seen.verb == "UID MOVE" {
            store.inbox().expunge(&[2]);
        }
        None
    });
    house.good_round();
    let says_so = || {
        let finished = house.once();
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        finished.stderr.contains("neither where it was nor in its archive folder")
    };
    assert_eq!((says_so(), says_so()), (true, false));
    let folders: Vec<_> = house.mails().iter().map(|mail| mail["folder"].as_str().unwrap().to_owned()).collect();
    assert_eq!(folders, ["Archive/Imported", "INBOX", "Archive/Imported"]);
    house.assert_lie(&[("Archive/Imported", 2)], "two rounds");
}

/// The same with the only mail of a set: the server says OK and tells of no mail that it moved.
#[test]
fn the_only_mail_that_vanished_before_it_was_filed_is_not_said_to_lie_in_the_archive() {
    let house = peer_house();
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    house.peer.play(|seen, store| {
        if seen.verb == "UID MOVE" {
            store.inbox().expunge(&[1]);
        }
        None
    });
    house.good_round();
    let finished = house.once();
    assert!(finished.stderr.contains("neither where it was nor in its archive folder"), "{finished:#?}");
    assert_eq!(house.mails()[0]["folder"], "INBOX");
    house.assert_lie(&[], "two rounds");
}
