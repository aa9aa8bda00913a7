//! Rounds that end in the middle.

use crate::house::{House, house};
use crate::mails::forward;
use crate::server::Kind;

on_every_server! {
    mail_recorded_but_not_filed_is_only_moved_by_the_next_round,
    mail_filed_without_a_note_of_it_is_found_by_its_identity,
    a_kill_between_copy_and_mark_doubles_no_record,
    a_kill_between_mark_and_expunge_doubles_no_record,
    a_kill_while_a_mail_is_moved_on_leaves_it_in_one_folder,
}

/// Kills a round of three mails at a place and makes another one; `None` if this server's way does not lead past it.
fn killed_at(kind: Kind, place: &str) -> Option<House> {
    let mut house = house(kind);
    house.inbox.deliver((0..3).map(|_| forward("482137 Unterlagen").bytes()));
    house.service = house.service.variable("FAILPOINTS", &format!("{place}=return"));
    let killed = house.service.command(&["once"]);
    house.service = house.service.variable("FAILPOINTS", "");
    if killed.code.is_some() {
        assert_eq!(killed.code, Some(0), "{killed:#?}");
        return None;
    }
    let before = ids(&house);
    assert_eq!(before.len(), 3, "the mails were recorded before the kill");
    house.once();
    assert_eq!((ids(&house), house.count("INBOX")), (before, 0));
    assert!(house.mails().iter().all(|mail| mail["outcome"] == "imported"));
    Some(house)
}

fn ids(house: &House) -> Vec<String> {
    house.mails().iter().map(|mail| mail["id"].to_string()).collect()
}

fn mail_recorded_but_not_filed_is_only_moved_by_the_next_round(kind: Kind) {
    let house = killed_at(kind, "recorded").unwrap();
    assert_eq!(house.count("Archive/Imported"), 3);
    assert!(house.mails().iter().all(|mail| mail["folder"] == "Archive/Imported"), "{:#?}", house.mails());
}

fn mail_filed_without_a_note_of_it_is_found_by_its_identity(kind: Kind) {
    let house = killed_at(kind, "filed_away").unwrap();
    assert_eq!(house.count("Archive/Imported"), 3);
    let said = house.service.succeed(&["reprocess", &ids(&house)[0]]);
    assert!(said.contains("imported, as before"), "{said}");
    assert_eq!(house.count("Archive/Imported"), 3);
}

fn a_kill_between_copy_and_mark_doubles_no_record(kind: Kind) {
    let house = killed_at(kind, "copied");
    assert_eq!(house.is_none(), kind.can_move());
    assert!(house.is_none_or(|house| house.count("Archive/Imported") == 3));
}

fn a_kill_between_mark_and_expunge_doubles_no_record(kind: Kind) {
    let house = killed_at(kind, "marked");
    assert_eq!(house.is_none(), kind.can_move());
    assert!(house.is_none_or(|house| house.count("Archive/Imported") == 3));
}

fn a_kill_while_a_mail_is_moved_on_leaves_it_in_one_folder(kind: Kind) {
    let mut house = house(kind);
    for (number, place) in (1..).zip(["copied", "marked"]) {
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        let id = ids(&house).pop().unwrap();
        house.service = house.service.variable("FAILPOINTS", &format!("{place}=return"));
        let killed = house.service.command(&["revert", &id]);
        house.service = house.service.variable("FAILPOINTS", "");
        assert_eq!(killed.code.is_some(), kind.can_move(), "{place}: {killed:#?}");
        house.once();
        assert_eq!((house.count("Archive/Imported"), house.count("Archive/Unassigned")), (0, number), "{place}");
        assert_eq!(house.mails().pop().unwrap()["folder"], "Archive/Unassigned", "{place}");
    }
}
