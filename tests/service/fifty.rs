//! Fifty mails with all kinds of outcomes, and the end that they must come to, whatever happens on the way.

use crate::harness::wait_for;
use crate::house::{House, SOON};
use crate::mails::{Mail, forward, forward_of};
use std::collections::{BTreeMap, BTreeSet};

/// Larger than a batch may be, so that it is one of its own, and larger than a mail may be.
const LARGE: usize = 8_400_000;

/// To be written into `[[mailbox]]`.
pub const MAX_SIZE: &str = "max_size = \"1MiB\"";

/// What the mails come to: outcome, archive folder, how many.
const OUTCOMES: [(&str, &str, usize); 5] = [
    ("imported", "Imported", 30),
    ("unassigned", "Unassigned", 6),
    ("repeated", "Repeated", 6),
    ("automatic", "Automatic", 6),
    ("set_aside", "SetAside", 2),
];

/// How many notifications each person gets: Karl and Vera for their application, the office for each mail that waits for a
/// person or is set aside, the forwarder once for each of these two reasons.
const NOTIFICATIONS: [(&str, usize); 4] = [("karl", 24), ("vera", 24), ("ruth", 2), ("office", 14)];

/// Five batches: a large mail stands between the others twice.
pub fn fifty_mails() -> Vec<Mail> {
    let mut mails = Vec::new();
    for number in 0..48 {
        if matches!(number, 16 | 32) {
            let pages = "Seite um Seite\r\n".repeat(LARGE / 16);
            mails.push(with_id(forward("482137 Alles auf einmal").body(&pages), 50 + number));
        }
        let mail = match number % 8 {
            0 => with_id(forward("482999 Unbekannt"), number),
            1 => with_id(zeugnis(number), number),
            // The same mail once more.
            2 => with_id(zeugnis(number - 1), number - 1),
            3 => with_id(forward("482137 Bin im Urlaub").header("Auto-Submitted", "auto-replied"), number),
            4 => with_id(forward("482138 Unterlagen"), number),
            _ => with_id(forward("482137 Unterlagen").pdf("Lebenslauf.pdf"), number),
        };
        mails.push(mail);
    }
    mails
}

fn zeugnis(number: usize) -> Mail {
    forward_of(&format!("Zeugnis {number}"), "482137 Zeugnis").pdf("Zeugnis.pdf")
}

fn with_id(mail: Mail, number: usize) -> Mail {
    mail.message_id(&format!("<fifty-{number:03}@example.test>"))
}

/// Fails the test unless every mail is recorded once and lies in its folder once, and every notification arrived, none of
/// them under two Message-IDs.
pub fn assert_all_is_done(house: &House, after: &str) {
    let records = house.mails();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for record in &records {
        *outcomes.entry(record["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let expected = OUTCOMES.iter().map(|(outcome, _, mails)| ((*outcome).to_owned(), *mails)).collect();
    assert_eq!(outcomes, expected, "{after}: {records:#?}");
    for (outcome, folder, mails) in OUTCOMES {
        let folder = format!("Archive/{folder}");
        let stored = house.dovecot.messages("import", &folder);
        let ids: BTreeSet<String> = stored.iter().map(|mail| message_id(mail)).collect();
        assert_eq!((stored.len(), ids.len()), (mails, mails), "{after}: {folder}");
        let lost = records.iter().filter(|record| record["outcome"] == outcome && record["folder"] != folder.as_str());
        assert_eq!(lost.count(), 0, "{after}: the record has {outcome} mails elsewhere: {records:#?}");
    }
    assert_eq!(house.count("INBOX"), 0, "{after}");
    wait_for("Postfix to deliver", SOON, || (house.postfix.queued() == 0).then_some(()));
    for (person, wanted) in NOTIFICATIONS {
        let arrived = house.notifications(person, wanted);
        let ids: BTreeSet<String> = arrived.iter().map(|mail| message_id(mail.as_bytes())).collect();
        assert_eq!(ids.len(), wanted, "{after}: {person} got {} notifications", arrived.len());
    }
    let outbox = &house.status()["outbox"];
    let sent: usize = NOTIFICATIONS.iter().map(|(_, wanted)| wanted).sum();
    assert_eq!(*outbox, serde_json::json!({"pending": 0, "failed": 0, "sent": sent}), "{after}");
}

fn message_id(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail);
    let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    id.unwrap().trim().to_owned()
}
