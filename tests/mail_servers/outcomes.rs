//! What becomes of mails, byte by byte.

use crate::house::{PostOffice, house, house_with};
use crate::mails::forward;
use crate::server::Kind;
use std::fmt::Write;

on_every_server! {
    a_mail_is_recorded_filed_as_it_came_and_told_to_those_responsible,
    each_outcome_has_its_folder,
    a_mail_that_is_too_large_is_set_aside,
    mails_without_a_message_id_are_never_taken_for_one,
    a_dry_run_leaves_no_trace,
    an_empty_inbox_is_no_trouble,
    unusual_letters_and_lines_come_through,
    many_mails_are_filed_in_one_round,
}

fn a_mail_is_recorded_filed_as_it_came_and_told_to_those_responsible(kind: Kind) {
    let (house, post_office) = (house(kind), PostOffice::open());
    post_office.serve(&house);
    let mail = forward("482137 WG: Unterlagen").pdf("Lebenslauf_Erika.pdf").pdf("Anschreiben.pdf");
    let record = house.outcome_of(&mail);
    assert_eq!((record["outcome"].as_str(), record["reference"].as_str()), (Some("imported"), Some("482137")));
    assert_eq!(record["folder"], "Archive/Imported");
    assert_eq!(house.count("INBOX"), 0);
    assert_eq!(house.inbox.messages("Archive/Imported"), [mail.bytes()]);
    let files = &house.show(&record)["files"];
    assert_eq!((files[0]["kind"].as_str(), files[1]["kind"].as_str()), (Some("cv"), Some("cover_letter")));
    let flags = house.inbox.flags("Archive/Imported").concat();
    assert!(!flags.contains("\\Seen") && !flags.contains("\\Deleted"), "{flags}");
    post_office.wait_for_notifications("karl", 1);
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (1, 1), "the second round found it again");
}

fn each_outcome_has_its_folder(kind: Kind) {
    let house = house_with(kind, "max_size = \"100KiB\"");
    let mail = forward("482137 Unterlagen");
    house.deliver(&mail);
    house.deliver(&mail);
    house.deliver(&forward("482999 Unterlagen"));
    house.deliver(&forward("482137 Abwesend").header("Auto-Submitted", "auto-replied"));
    house.deliver(&forward("482137 Unterlagen").file("Zeugnis.pdf", vec![b'x'; 200_000]));
    house.once();
    let outcomes: Vec<String> = house.mails().iter().map(|mail| mail["outcome"].as_str().unwrap().to_owned()).collect();
    let expected = ["imported", "repeated", "unassigned", "automatic", "set_aside"];
    let (mut found, mut wanted) = (outcomes, expected.map(str::to_owned).to_vec());
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    for folder in ["Imported", "Repeated", "Unassigned", "Automatic", "SetAside"] {
        assert_eq!(house.count(&format!("Archive/{folder}")), 1, "{folder}");
    }
    assert_eq!(house.count("INBOX"), 0);
}

fn a_mail_that_is_too_large_is_set_aside(kind: Kind) {
    let house = house_with(kind, "max_size = \"100KiB\"");
    let mail = forward("482137 Unterlagen").file("Zeugnis.pdf", vec![b'x'; 200_000]);
    let record = house.outcome_of(&mail);
    assert_eq!((record["outcome"].as_str(), record["why"].as_str()), (Some("set_aside"), Some("too_large")));
    assert_eq!(house.inbox.messages("Archive/SetAside"), [mail.bytes()]);
}

fn mails_without_a_message_id_are_never_taken_for_one(kind: Kind) {
    let house = house(kind);
    let text = |subject| {
        let mail = String::from_utf8(forward(subject).bytes()).unwrap();
        let lines = mail.split_inclusive("\r\n").filter(|line| !line.starts_with("Message-ID:"));
        lines.collect::<String>()
    };
    house.inbox.deliver([text("482137 Eins"), text("482137 Zwei")]);
    house.once();
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 2));
    assert!(house.mails().iter().all(|mail| mail["outcome"] == "imported"));
    // Only its place tells where such a mail lies.
    let id = house.mails()[0]["id"].to_string();
    let said = house.service.succeed(&["reprocess", &id]);
    assert!(said.contains("imported, as before"), "{said}");
}

fn a_dry_run_leaves_no_trace(kind: Kind) {
    let house = house(kind);
    house.deliver(&forward("482137 Unterlagen"));
    let plan = house.service.succeed(&["once", "--dry-run"]);
    assert!(plan.contains("imported"), "{plan}");
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 1));
    let flags = house.inbox.flags("INBOX").concat();
    assert!(!flags.contains("\\Seen"), "{flags}");
    assert!(!house.inbox.can_open("Archive/Imported"));
}

fn an_empty_inbox_is_no_trouble(kind: Kind) {
    let house = house(kind);
    house.once();
    assert_eq!(house.mails().len(), 0);
    assert_eq!(house.status()["mailboxes"][0]["ok"], true);
    let plan = house.service.succeed(&["once", "--dry-run"]);
    assert!(!plan.contains("imported"), "{plan}");
}

/// Raw eight-bit headers, a very long line, lines that look like IMAP, and no line end at the end.
fn unusual_letters_and_lines_come_through(kind: Kind) {
    let house = house(kind);
    let mut text = String::from("Grüße – 你好 🌷\r\n) OK\r\n* 1 EXPUNGE\r\nR7 OK Completed\r\n{10}\r\n.\r\n");
    text.push_str(&"x".repeat(20_000));
    text.push_str("\r\n\"quoted\" \\back\\ {3+}\r\n");
    let eight_bit = forward("482137 Übermäßig große Röhre").header("X-Tabs", "a\tb").body(&text);
    let mut without_end = forward("482137 Kurz").bytes();
    without_end.truncate(without_end.len() - 2);
    let mut many_headers = String::new();
    for number in 0..300 {
        write!(many_headers, "X-Header-{number}: {}\r\n", "y".repeat(100)).unwrap();
    }
    let mut long_header = many_headers.into_bytes();
    long_header.extend(forward("482137 Kopf").bytes());
    house.inbox.deliver([eight_bit.bytes(), without_end, long_header]);
    // Cyrus writes an X for each raw letter beyond ASCII in a header.
    let mut delivered = house.inbox.messages("INBOX");
    house.once();
    let mut filed = house.inbox.messages("Archive/Imported");
    assert_eq!((house.mails().len(), filed.len()), (3, 3), "{:#?}", house.mails());
    delivered.sort();
    filed.sort();
    assert!(filed == delivered, "a mail changed on its way");
}

fn many_mails_are_filed_in_one_round(kind: Kind) {
    let house = house(kind);
    house.inbox.deliver((0..200).map(|_| forward("482137 Unterlagen").bytes()));
    house.once();
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported"), house.mails().len()), (0, 200, 200));
}
