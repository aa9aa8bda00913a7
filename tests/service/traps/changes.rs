//! Mailboxes that others change while we work: renumbered, rebuilt, emptied.

use super::peer_house::{PeerHouse, peer_house};
use crate::harness::strict_peer::{Act, MailStore, say};
use crate::mails::forward;

/// Three mails are recorded and could not be filed; then the server numbers the inbox anew.
#[test]
fn a_new_uidvalidity_between_rounds_neither_loses_nor_doubles() {
    let house = recorded_and_unfiled();
    house.peer.with(|store| {
        let inbox = store.inbox();
        inbox.uid_validity = 8;
        inbox.uid_next = 100;
        let mails = std::mem::take(&mut inbox.mails);
        for mail in mails {
            inbox.add(mail);
        }
    });
    house.deliver_three();
    house.good_round();
    house.assert_done(2, "new numbers");
}

/// The same, and the folder keeps its UIDVALIDITY although the old UIDs belong to other mails now.
#[test]
fn uids_that_are_given_to_other_mails_under_the_old_uidvalidity_hide_none() {
    let house = recorded_and_unfiled();
    house.peer.with(|store| {
        let old = std::mem::take(&mut store.inbox().mails);
        store.inbox().uid_next = 1;
        for subject in ["482137 neu", "482138 neu", "neu ohne Nummer"] {
            store.deliver(forward(subject).bytes());
        }
        for mail in old {
            store.inbox().add(mail);
        }
    });
    house.good_round();
    house.assert_done(2, "a rebuild");
}

/// Other mails under the old UIDs, and the recorded ones are gone.
#[test]
fn a_mail_under_the_uid_of_one_that_is_gone_is_imported() {
    let house = recorded_and_unfiled();
    house.peer.with(|store| {
        store.inbox().mails.clear();
        store.inbox().uid_next = 1;
    });
    house.deliver_three();
    house.good_round();
    let outcomes = house.outcomes();
    assert_eq!((outcomes["imported"], outcomes["unassigned"]), (4, 2), "{outcomes:?}");
    house.assert_lie(&[("Archive/Imported", 2), ("Archive/Unassigned", 1)], "a rebuild");
}

#[test]
fn a_mail_that_disappears_between_search_and_fetch_is_no_failure() {
    for items in ["RFC822.SIZE INTERNALDATE)", "BODY.PEEK[]"] {
        let house = peer_house();
        house.deliver_three();
        house.peer.deliver(forward("482137 gleich weg").bytes());
        house.peer.play(move |seen, store| {
            if seen.verb == "UID FETCH" && seen.command.contains(items) {
                store.inbox().expunge(&[4]);
            }
            None
        });
        house.good_round();
        house.assert_done(1, items);
    }
}

/// Dovecot's words for the same.
#[test]
fn a_server_that_says_no_because_mails_disappeared_does_not_keep_the_others() {
    for verb in ["UID FETCH", "UID MOVE", "UID COPY"] {
        let house = peer_house();
        if verb == "UID COPY" {
            house.peer.with(|store| store.capabilities = vec!["UIDPLUS"]);
        }
        house.deliver_three();
        house.peer.deliver(forward("482137 gleich weg").bytes());
        house.peer.play(move |seen, store| says_so_once(verb, &seen.verb, store));
        house.good_round();
        house.assert_lie(&[("Archive/Imported", 2), ("Archive/Unassigned", 1)], verb);
        // A mail that was recorded before it disappeared stays recorded.
        let recorded = house.mails().len();
        assert_eq!(recorded, if verb == "UID FETCH" { 3 } else { 4 }, "{verb}");
        house.peer.assert_content();
    }
}

/// Somebody removes a mail from the inbox after it was recorded and before it is filed.
#[test]
fn an_expunge_by_somebody_else_during_the_round_doubles_nothing() {
    for verb in ["UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"] {
        let house = peer_house();
        if verb != "UID MOVE" {
            house.peer.with(|store| store.capabilities = vec!["UIDPLUS"]);
        }
        for _ in 0..3 {
            house.peer.deliver(forward("482137 Unterlagen").bytes());
        }
        house.peer.play(move |seen, store| {
            if seen.verb == verb {
                store.inbox().expunge(&[2]);
            }
            None
        });
        house.good_round();
        house.good_round();
        assert_eq!(house.outcomes()["imported"], 3, "{verb}");
        let copied_before = verb == "UID STORE" || verb == "UID EXPUNGE";
        house.assert_lie(&[("Archive/Imported", if copied_before { 3 } else { 2 })], verb);
    }
}

/// Another client files the mails before we do; ours is told only after it has asked.
#[test]
fn mails_that_somebody_else_files_first_are_not_missed_and_not_filed_twice() {
    let house = peer_house();
    house.deliver_three();
    house.peer.play(|seen, store| {
        if seen.verb == "UID MOVE" {
            store.inbox().expunge(&[1, 2, 3]);
        }
        None
    });
    house.good_round();
    house.peer.behave();
    house.good_round();
    assert_eq!(house.mails().len(), 3);
    house.assert_lie(&[], "somebody else's filing");
}

fn says_so_once(at: &str, verb: &str, store: &mut MailStore) -> Option<Vec<Act>> {
    let there = store.inbox().mails.iter().any(|mail| mail.uid == 4);
    (at == verb && there).then(|| {
        store.inbox().expunge(&[4]);
        vec![say("TAG NO [EXPUNGEISSUED] Some of the messages no longer exist")]
    })
}

fn recorded_and_unfiled() -> PeerHouse {
    let house = peer_house();
    house.deliver_three();
    house.peer.play_at("UID MOVE", vec![say("TAG NO [INUSE] Locked")]);
    house.bad_round("Locked");
    house.peer.behave();
    assert_eq!((house.mails().len(), house.peer.count("INBOX")), (3, 3));
    house
}
