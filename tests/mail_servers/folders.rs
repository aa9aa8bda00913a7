//! Archive folders in the servers' own namespaces.

use crate::house::{house, house_with};
use crate::mails::forward;
use crate::server::Kind;

on_every_server! {
    folder_names_with_umlauts_work_and_are_subscribed,
    a_folder_that_a_person_made_is_used,
    a_folder_that_is_there_in_name_only_is_made,
    a_mail_is_looked_for_past_a_folder_that_is_there_in_name_only,
    a_folder_a_month_is_made_and_left_again,
    archive_folders_may_lie_beside_each_other,
    the_inbox_may_be_named_as_parent,
    check_tells_what_the_server_can_do_and_makes_nothing,
    check_tries_what_the_service_lives_by_and_leaves_nothing,
    a_name_that_the_server_cannot_have_is_told_and_the_mail_waits,
}

const UMLAUTS: &str = "[mailbox.archive]\nroot = \"Abläufe\"\nimported = \"Übernommen/Größe & Co\"\n";

fn folder_names_with_umlauts_work_and_are_subscribed(kind: Kind) {
    let house = house_with(kind, UMLAUTS);
    let record = house.outcome_of(&forward("482137 Unterlagen"));
    let folder = "Abläufe/Übernommen/Größe & Co";
    assert_eq!((house.count("INBOX"), house.count(folder)), (0, 1));
    assert_eq!(record["folder"], folder);
    assert!(house.inbox.is_subscribed(folder));
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!(house.count(folder), 2);
}

fn a_folder_that_a_person_made_is_used(kind: Kind) {
    let house = house(kind);
    house.inbox.create("Archive");
    house.inbox.create("Archive/Imported");
    house.outcome_of(&forward("482137 Unterlagen"));
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
}

/// Some servers list a folder above another one that holds no mail itself (`\Noselect`).
fn a_folder_that_is_there_in_name_only_is_made(kind: Kind) {
    let house = house(kind);
    house.inbox.create("Archive/Imported/2020");
    let is_there = house.inbox.can_open("Archive/Imported");
    let said = house.service.succeed(&["check"]);
    assert_eq!(said.contains("Archive/Imported"), !is_there, "{said}");
    house.outcome_of(&forward("482137 Unterlagen"));
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
}

fn a_mail_is_looked_for_past_a_folder_that_is_there_in_name_only(kind: Kind) {
    let mut house = house_with(kind, "[mailbox.archive]\nroot = \"Ablage\"");
    let record = house.outcome_of(&forward("482999 Unterlagen"));
    house.inbox.create("Archive/Imported/2020");
    house.inbox.move_all("Ablage/Unassigned", "INBOX");
    house.set_mailbox("");
    let said = house.service.succeed(&["reprocess", &record["id"].to_string()]);
    assert!(said.contains("unassigned, as before"), "{said}");
    assert_eq!((house.count("INBOX"), house.count("Archive/Unassigned")), (0, 1));
}

fn a_folder_a_month_is_made_and_left_again(kind: Kind) {
    let mut house = house_with(kind, "[mailbox.archive]\nby_month = true");
    let record = house.outcome_of(&forward("482137 Unterlagen"));
    let folder = record["folder"].as_str().unwrap();
    let month = folder.strip_prefix("Archive/Imported/").unwrap();
    assert!(month.len() == 7 && month.as_bytes()[4] == b'-', "{month}");
    assert_eq!(house.count(folder), 1);
    house.set_mailbox("");
    assert!(house.service.succeed(&["check"]).contains("logged in"));
    let said = house.service.succeed(&["reprocess", &record["id"].to_string()]);
    assert!(said.contains("imported, as before"), "{said}");
    assert_eq!((house.count(folder), house.count("Archive/Imported")), (0, 1));
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!(house.count("Archive/Imported"), 2);
}

fn archive_folders_may_lie_beside_each_other(kind: Kind) {
    let house = house_with(kind, "[mailbox.archive]\nroot = \"\"\nimported = \"Übernommen\"");
    let record = house.outcome_of(&forward("482137 Unterlagen"));
    assert_eq!((record["folder"].as_str(), house.count("Übernommen")), (Some("Übernommen"), 1));
}

fn the_inbox_may_be_named_as_parent(kind: Kind) {
    // Beside the inbox there is nothing inside it.
    if !kind.separates_by_dots() {
        return;
    }
    let house = house_with(kind, "[mailbox.archive]\nroot = \"INBOX/Archiv\"");
    let record = house.outcome_of(&forward("482137 Unterlagen"));
    assert_eq!(record["folder"], "INBOX/Archiv/Imported");
    assert_eq!((house.count("INBOX"), house.count("Archiv/Imported")), (0, 1));
}

fn check_tells_what_the_server_can_do_and_makes_nothing(kind: Kind) {
    let house = house(kind);
    house.deliver(&forward("482137 Unterlagen"));
    let said = house.service.succeed(&["check"]);
    let way = if kind.can_move() { "MOVE, UIDPLUS, IDLE" } else { "COPY and UID EXPUNGE, UIDPLUS, IDLE" };
    assert!(said.contains(&format!("logged in, 1 mails in INBOX, {way}")), "{said}");
    assert!(said.contains("will be made when needed: Archive/Imported"), "{said}");
    assert_eq!((house.count("INBOX"), house.mails().len()), (1, 0));
    house.once();
    let said = house.service.succeed(&["check"]);
    assert!(!said.contains("Archive/Imported"), "{said}");
}

fn check_tries_what_the_service_lives_by_and_leaves_nothing(kind: Kind) {
    let house = house(kind);
    house.deliver(&forward("482137 Unterlagen"));
    let said = house.service.succeed(&["check", "--probe"]);
    let steps = [
        "(CREATE): they",
        "(APPEND): it is there",
        "(SEARCH, STORE): the mark",
        "file a mail away: by ",
        "(IDLE): after ",
        "for good: it is gone",
        "for trying: all gone",
    ];
    for step in steps {
        assert!(said.contains(step), "{step} is missing in {said}");
    }
    let way = if kind.can_move() {
        "by MOVE; its new place is told"
    } else {
        "by COPY and UID EXPUNGE; its new place is told"
    };
    assert!(said.contains(way), "{said}");
    assert!(!house.service.succeed(&["check"]).contains("reply-import "), "{said}");
    assert_eq!((house.count("INBOX"), house.mails().len()), (1, 0));
    house.once();
    assert_eq!(house.count("Archive/Imported"), 1, "the inbox is as it was");
}

/// `2024.05` cannot be a folder where `.` separates, and would become two; nor where Dovecot keeps a Maildir.
fn a_name_that_the_server_cannot_have_is_told_and_the_mail_waits(kind: Kind) {
    let mut house = house_with(kind, "[mailbox.archive]\nimported = \"2024.05\"");
    house.deliver(&forward("482137 Unterlagen"));
    let finished = house.service.command(&["once"]);
    if kind == Kind::CyrusBesideInbox {
        assert_eq!((finished.code, house.count("Archive/2024.05")), (Some(0), 1), "{finished:#?}");
        return;
    }
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    let why = if kind.separates_by_dots() { "takes `.` for a separator" } else { "the server refused CREATE" };
    assert!(finished.stderr.contains(why), "{finished:#?}");
    // A name that cannot be is told before anything is done; of one that is refused only the filing waits.
    let recorded = usize::from(!kind.separates_by_dots());
    assert_eq!((house.mails().len(), house.count("INBOX")), (recorded, 1));
    house.set_mailbox("");
    house.once();
    assert_eq!((house.mails().len(), house.count("INBOX"), house.count("Archive/Imported")), (1, 0, 1));
}
