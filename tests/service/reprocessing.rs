//! Mail that is taken down the path again, or comes from disk.

use crate::house::house;
use crate::mails::forward;

#[test]
fn a_mail_whose_application_was_added_is_imported_after_all() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let waiting = house.only_mail();
    assert_eq!(waiting["why"], "unknown_number");
    house.take_over(
        r#"{"kind": "application", "tenant": "muster", "number": "482999", "candidate": "K1", "post": "Gärtner", "responsible": ["karl@example.test"], "state": "open", "state_since": "2024-01-02"}"#,
    );
    let said = house.service.succeed(&["reprocess", &waiting["id"].to_string()]);
    assert!(said.contains("imported (was unassigned)"), "{said}");
    let now = house.only_mail();
    assert_eq!((now["id"].clone(), now["outcome"].as_str()), (waiting["id"].clone(), Some("imported")));
    assert_eq!((now["reference"].as_str(), now["folder"].as_str()), (Some("482999"), Some("Archive/Imported")));
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 1));
    house.once();
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn a_mail_whose_forwarder_was_added_is_imported_after_all() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").from("Neu <neu@example.test>"));
    house.once();
    house.take_over(
        r#"{"kind": "user", "tenant": "muster", "address": "neu@example.test", "addresses": ["neu@example.test"], "name": "Nadja Neu", "role": "personalmanager", "language": "de", "active": true}"#,
    );
    house.service.succeed(&["reprocess", "--outcome", "unassigned"]);
    assert_eq!(house.only_mail()["outcome"], "imported");
}

#[test]
fn an_imported_mail_processed_again_stays_one_entry_and_is_told_once() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported, as before"), "{said}");
    house.once();
    let whole = house.show(&house.only_mail());
    assert_eq!(whole["files"].as_array().unwrap().len(), 1);
    assert_eq!(house.status()["outbox"]["sent"], 2);
}

#[test]
fn a_mail_that_a_person_moved_within_the_archive_is_found_by_its_identity() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    house.dovecot.doveadm(&["move", "-u", "import", "Archive/Repeated", "mailbox", "Archive/Unassigned", "all"]);
    let id = house.only_mail()["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("unassigned, as before"), "{said}");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Repeated")), (1, 0));
}

#[test]
fn what_cannot_be_processed_again_is_said_with_an_honest_exit_code() {
    let house = house();
    house.deliver(&forward("482999 Unterlagen"));
    house.once();
    house.dovecot.doveadm(&["expunge", "-u", "import", "mailbox", "Archive/Unassigned", "all"]);
    let id = house.only_mail()["id"].to_string();
    let finished = house.service.command(&["reprocess", &id, "4711"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("in none of the archive folders"), "{finished:#?}");
    assert!(finished.stderr.contains("There is no mail 4711"), "{finished:#?}");
}

#[test]
fn a_mail_from_disk_takes_the_same_path() {
    let house = house();
    let file = house.service.write("mail.eml", forward("482137 Unterlagen").bytes());
    let arguments = ["import", file.to_str().unwrap(), "--mailbox", "import@example.test"];
    assert!(house.service.succeed(&arguments).contains("imported"));
    assert!(house.service.succeed(&arguments).contains("repeated"));
}
