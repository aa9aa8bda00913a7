//! The application with much mail, recorded as the service records it.

use crate::office::{LARGE, OFFICE, address, now, number, read_number};
use reply_import::application::DocumentKind;
use reply_import::application::id::{ApplicationId, MailboxId, TenantId};
use reply_import::decision::{Decided, Decision, SenderMatch};
use reply_import::mail::{
    Attachment, IncomingMail, MailIdentity, NumberReading, Original, OwnMarks, Person, ReplyIdentity, SenderProof,
    Subject,
};
use reply_import::store::{MailRecord, Place, Store};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Its entries, and all their files.
const ENTRIES: usize = 200;
const FILES: usize = 500;

pub fn record_large(store: &Store) {
    let tenant = store.tenant(OFFICE).unwrap().unwrap();
    let mailbox = store.ensure_mailbox(tenant, &address("import@office.example"), now()).unwrap();
    let large = store.application_of_number(tenant, &read_number(&number(LARGE))).unwrap().unwrap();
    let records: Vec<MailRecord> = (0..ENTRIES).map(|n| record(n, tenant, mailbox, large)).collect();
    for part in records.chunks(50) {
        store.record(part, now()).unwrap();
    }
}

/// A mail with two or three files for the large application.
fn record(n: usize, tenant: TenantId, mailbox: MailboxId, application: ApplicationId) -> MailRecord {
    let files = (0..FILES).filter(|file| file % ENTRIES == n);
    let attachments = files.map(|file| {
        let content = format!("%PDF {file} ").repeat(1000).into_bytes();
        Attachment {
            name: format!("Zeugnis {file}.pdf"),
            kind: DocumentKind::Certificate,
            kind_rule: "the word `Zeugnis`".to_owned(),
            mime: "application/pdf".to_owned(),
            sha256: hex::encode(Sha256::digest(&content)),
            content,
            danger: None,
            damaged: false,
            withheld: None,
        }
    });
    let original = Original {
        from_name: Some("Erika Müller".to_owned()),
        from_address: Some(address("candidate1@example.org")),
        date: Some(now().fixed_offset()),
        subject: Some(format!("Unterlagen {n}")),
        message_id: None,
        beside_another: false,
    };
    let decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
    MailRecord {
        tenant,
        mailbox,
        place: Some(Place { uid_validity: 7, uid: u32::try_from(n).unwrap() + 1, folder: "INBOX".to_owned() }),
        size: 50_000,
        received_at: now(),
        mail: IncomingMail {
            identity: MailIdentity { message_id: Some(format!("{n}@office.example")), digest: format!("large {n}") },
            unreadable: None,
            automatic: None,
            answerable: true,
            marks: OwnMarks::default(),
            subject: Subject {
                whole: format!("482137 Unterlagen {n}"),
                number: NumberReading::None,
                rest: format!("Unterlagen {n}"),
                elsewhere: Vec::new(),
            },
            forwarder: Some(Person { name: Some("Ruth".to_owned()), address: address("ruth@office.example") }),
            proof: SenderProof::NotAsked,
            sent_at: Some(now().fixed_offset()),
            original: Some(original),
            note: "Bitte ablegen".to_owned(),
            text: "Anbei die Unterlagen. ".repeat(100),
            html: Some("<p>Anbei die Unterlagen.</p>".repeat(100)),
            attachments: attachments.collect(),
            pictures: Vec::new(),
            ignored: Vec::new(),
            findings: Vec::new(),
        },
        decided: Decided { decision, checks: Vec::new() },
        reply: ReplyIdentity::default(),
        other_replies: Vec::new(),
        notifications: Vec::new(),
        forwarder: None,
        attempts: 0,
        took: Duration::from_millis(1),
        seen: None,
    }
}
