//! Mail that is taken down the path again, and mail that somebody opened.

use crate::house::{GARDENER, House, house};
use crate::mails::forward;
use crate::server::Kind;

on_every_server! {
    a_mail_whose_application_was_added_is_imported_after_all,
    a_mail_that_a_person_moved_is_found_by_its_identity,
    a_mail_whose_message_id_is_odd_is_found_by_it,
    a_mail_that_is_gone_is_told_with_an_honest_exit_code,
    mail_that_somebody_opened_is_stranded_and_adopted_where_asked_for,
    the_same_mail_again_is_a_repeat,
}

/// A house with one mail that waits for a person, and its number.
fn waiting_mail(kind: Kind) -> (House, String) {
    let house = house(kind);
    let record = house.outcome_of(&forward("482999 Unterlagen").pdf("Lebenslauf.pdf"));
    assert_eq!(record["why"], "unknown_number");
    (house, record["id"].to_string())
}

fn a_mail_whose_application_was_added_is_imported_after_all(kind: Kind) {
    let (house, id) = waiting_mail(kind);
    house.take_over(GARDENER);
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported (was unassigned)"), "{said}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
    let now = house.only_mail();
    assert_eq!((now["reference"].as_str(), now["folder"].as_str()), (Some("482999"), Some("Archive/Imported")));
    // Where it lies now was told by the server again.
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported, as before"), "{said}");
}

fn a_mail_that_a_person_moved_is_found_by_its_identity(kind: Kind) {
    let (house, id) = waiting_mail(kind);
    house.inbox.deliver([forward("482137 Ein anderes").bytes()]);
    house.inbox.move_all("INBOX", "Archive/Repeated");
    house.inbox.move_all("Archive/Unassigned", "Archive/Repeated");
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("unassigned, as before"), "{said}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Repeated")), (1, 1));
}

/// On a line of its own, as Outlook writes long ones; with letters that must be quoted; long.
fn a_mail_whose_message_id_is_odd_is_found_by_it(kind: Kind) {
    let house = house(kind);
    let long = format!("<{}@example.test>", "x".repeat(180));
    let ids = ["\r\n <folded-1@example.test>", "<\"a(b\\\\c\"@example.test>", "<a\\b@example.test>", &long];
    house.inbox.deliver(ids.map(|id| forward("482999 Unterlagen").message_id(id).bytes()));
    house.once();
    house.inbox.move_all("Archive/Unassigned", "Archive/Repeated");
    let finished = house.service.command(&["reprocess", "--outcome", "unassigned"]);
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Repeated")), (4, 0));
}

fn a_mail_that_is_gone_is_told_with_an_honest_exit_code(kind: Kind) {
    let (house, id) = waiting_mail(kind);
    house.inbox.delete_all("Archive/Unassigned");
    let finished = house.service.command(&["reprocess", &id]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("in none of the archive folders"), "{finished:#?}");
    assert_eq!(house.only_mail()["outcome"], "unassigned");
}

fn mail_that_somebody_opened_is_stranded_and_adopted_where_asked_for(kind: Kind) {
    let mut house = house(kind);
    house.deliver(&forward("482137 Unterlagen"));
    house.inbox.read_all("INBOX");
    house.once();
    assert_eq!((house.mails().len(), house.status()["mailboxes"][0]["stranded"].as_i64()), (0, Some(1)));
    assert_eq!(house.count("INBOX"), 1);
    house.set_mailbox("adopt_seen = true");
    house.once();
    assert_eq!(house.only_mail()["outcome"], "imported");
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
}

fn the_same_mail_again_is_a_repeat(kind: Kind) {
    let house = house(kind);
    let mail = forward("482137 Unterlagen").message_id("<same@example.test>");
    house.deliver(&mail);
    house.once();
    house.deliver(&mail);
    house.once();
    let outcomes: Vec<String> = house.mails().iter().map(|mail| mail["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"imported\"", "\"repeated\""]);
    assert_eq!((house.count("Archive/Imported"), house.count("Archive/Repeated")), (1, 1));
}
