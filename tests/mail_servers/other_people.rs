//! What people leave in the mailbox beside the service's own.

use crate::house::house;
use crate::mails::forward;
use crate::server::Kind;

on_every_server! {
    mail_that_a_person_marked_as_deleted_is_neither_imported_nor_removed,
    folders_with_strange_names_are_no_trouble,
    mail_that_arrives_between_rounds_is_found_beside_mail_that_stays,
    a_mail_with_a_nul_byte_is_recorded,
}

fn mail_that_a_person_marked_as_deleted_is_neither_imported_nor_removed(kind: Kind) {
    let house = house(kind);
    let thrown_away = forward("482137 Verworfen");
    house.deliver(&thrown_away);
    house.inbox.mark_first_as_deleted("INBOX");
    for _ in 0..2 {
        house.deliver(&forward("482137 Unterlagen"));
    }
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (2, 2));
    assert_eq!(house.inbox.messages("INBOX"), [thrown_away.bytes()]);
    assert!(house.inbox.flags("INBOX").concat().contains("\\Deleted"));
}

/// Names that a server's list may hold as they are, quoted, escaped or counted.
fn folders_with_strange_names_are_no_trouble(kind: Kind) {
    let house = house(kind);
    let names = [
        "Ein [anderer] (alt)",
        "Quo\"te",
        "Zu\\rück",
        "{3}",
        "{3+}",
        "NIL",
        "C++ & Rust",
        "~privat",
        "#neu",
        "a'b`c",
        "Prüfen!",
        "x]y",
        "Smörgås/🌷",
        " Rand ",
    ];
    let made = names.iter().filter(|name| house.inbox.try_to_create(name)).count();
    assert!(made > 5, "the server took but {made} of the names");
    house.outcome_of(&forward("482137 Unterlagen"));
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
    house.service.succeed(&["check"]);
}

fn mail_that_arrives_between_rounds_is_found_beside_mail_that_stays(kind: Kind) {
    let house = house(kind);
    house.deliver(&forward("482137 Gelesen"));
    house.inbox.read_all("INBOX");
    for done in 1..=3 {
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (1, done));
    }
    assert_eq!(house.status()["mailboxes"][0]["stranded"], 1);
}

/// Cyrus does not take such a mail; then there is nothing to show.
fn a_mail_with_a_nul_byte_is_recorded(kind: Kind) {
    let house = house(kind);
    let mut mail = forward("482137 Unterlagen").bytes();
    mail.extend(b"nach dem Ende \0 noch etwas\r\n");
    if !house.inbox.try_to_deliver(&mail) {
        return;
    }
    house.once();
    assert_eq!(house.only_mail()["outcome"], "imported");
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
}
