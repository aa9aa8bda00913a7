//! What Cyrus alone can show.

use crate::house::{House, house};
use crate::mails::forward;
use crate::server::{IMPORT, Kind, OTTO, Server};

const KINDS: [Kind; 2] = [Kind::CyrusInsideInbox, Kind::CyrusBesideInbox];

fn conversations(house: &House) -> String {
    match &house.server {
        Server::Cyrus(cyrus) => cyrus.conversations(IMPORT.0),
        Server::Dovecot(_) | Server::Courier(_) => String::new(),
    }
}

#[test]
fn mail_is_moved_and_nothing_is_expunged() {
    for kind in KINDS {
        let house = house(kind);
        house.outcome_of(&forward("482137 Unterlagen"));
        // Read before the mail program here looks into the archive.
        let said = conversations(&house);
        assert!(said.contains(" UID MOVE 1 "), "{said}");
        let forbidden = [" CLOSE\r\n", " EXPUNGE\r\n", " UID EXPUNGE", " UID COPY", "\\Seen)\r\n"];
        let found = forbidden.iter().find(|command| lines_of_clients(&said).any(|line| line.contains(**command)));
        assert_eq!(found, None, "{said}");
    }
}

/// The log has a line of the time, in `<` of what the client said and in `>` of what the server said.
fn lines_of_clients(log: &str) -> impl Iterator<Item = &str> {
    let parts = log.split("\n<").skip(1);
    parts.filter_map(|part| part.split("\n>").next())
}

#[test]
fn folders_of_other_people_do_not_mislead() {
    for kind in KINDS {
        let house = house(kind);
        let otto = house.server.mail_program(kind, OTTO);
        otto.create("Archive");
        let name = if kind.separates_by_dots() { "INBOX.Archive" } else { "Archive" };
        otto.succeed(&format!("SETACL \"{name}\" {} lrswipkxtecda", IMPORT.0));
        otto.succeed(&format!("SETACL INBOX {} lrswipkxtecda", IMPORT.0));
        house.outcome_of(&forward("482137 Unterlagen"));
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
        assert!(!otto.can_open("Archive/Imported"));
    }
}

#[test]
fn folders_with_a_special_use_are_no_trouble() {
    for kind in KINDS {
        let house = house(kind);
        let prefix = if kind.separates_by_dots() { "INBOX." } else { "" };
        house.inbox.succeed(&format!("CREATE \"{prefix}Trash\" (USE (\\Trash))"));
        house.inbox.succeed(&format!("CREATE \"{prefix}Archive\" (USE (\\Archive))"));
        house.outcome_of(&forward("482137 Unterlagen"));
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
    }
}
