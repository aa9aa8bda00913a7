//! What tests make to record it: times, addresses and numbers, mails with their files, and notifications.

use chrono::{DateTime, TimeDelta, Utc};
use reply_import::application::{DocumentKind, EmailAddress, Language, ReferenceNumber, ReferenceShape};
use reply_import::mail::{
    Attachment, IncomingMail, InlinePicture, MailIdentity, NumberReading, Original, OwnMarks, Person, SenderProof,
    Subject,
};
use reply_import::notification::{Facts, Notification, Occasion, Recipient};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The shapes of both tenants.
pub fn shapes() -> HashMap<String, Vec<ReferenceShape>> {
    let shapes = vec![ReferenceShape::parse("{4}-{5}").unwrap(), ReferenceShape::parse("{6-8}").unwrap()];
    HashMap::from([("alpha".to_owned(), shapes.clone()), ("beta".to_owned(), shapes)])
}

pub fn reference_number(text: &str) -> ReferenceNumber {
    shapes()["alpha"].iter().find_map(|shape| shape.read_whole(text)).unwrap()
}

/// When the tests begin.
pub fn start() -> DateTime<Utc> {
    "2024-05-01T10:00:00Z".parse().unwrap()
}

/// So many seconds later.
pub fn later(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

pub fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A mail that brings one file and one picture; mails of different names differ in everything.
pub fn mail(name: &str) -> IncomingMail {
    IncomingMail {
        identity: MailIdentity { message_id: Some(format!("{name}@alpha.example")), digest: sha256(name.as_bytes()) },
        unreadable: None,
        automatic: None,
        answerable: true,
        marks: OwnMarks::default(),
        subject: Subject {
            whole: "2024-00123 Meine Zeugnisse".to_owned(),
            number: NumberReading::One(reference_number("2024-00123")),
            rest: "Meine Zeugnisse".to_owned(),
            elsewhere: Vec::new(),
        },
        forwarder: Some(Person { name: Some("Ruth Muster".to_owned()), address: address("ruth@alpha.example") }),
        proof: SenderProof::NotAsked,
        sent_at: Some("2024-05-01T11:58:00+02:00".parse().unwrap()),
        original: Some(Original {
            from_name: Some("Erika Beispiel".to_owned()),
            from_address: Some(address("erika@example.org")),
            date: Some("2024-04-30T20:15:00+02:00".parse().unwrap()),
            subject: Some("Meine Zeugnisse".to_owned()),
            message_id: None,
            beside_another: false,
        }),
        note: "Bitte ablegen".to_owned(),
        text: format!("Anbei das Zeugnis. {name}"),
        html: Some("<p>Anbei das Zeugnis.</p>".to_owned()),
        attachments: vec![file(&format!("Zeugnis {name}.pdf"), format!("%PDF {name}").as_bytes())],
        pictures: vec![picture("logo", format!("GIF {name}").as_bytes())],
        ignored: Vec::new(),
        findings: Vec::new(),
    }
}

pub fn file(name: &str, content: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        kind: DocumentKind::Certificate,
        kind_rule: "the word `Zeugnis`".to_owned(),
        mime: "application/pdf".to_owned(),
        content: content.to_vec(),
        sha256: sha256(content),
        danger: None,
        damaged: false,
        withheld: None,
    }
}

pub fn picture(content_id: &str, content: &[u8]) -> InlinePicture {
    InlinePicture {
        content_id: content_id.to_owned(),
        mime: "image/gif".to_owned(),
        content: content.to_vec(),
        sha256: sha256(content),
        withheld: None,
    }
}

/// A notification to this address.
pub fn to(recipient: &str, occasion: Occasion) -> Notification {
    Notification {
        occasion,
        recipient: Recipient {
            user: None,
            name: Some("Ruth Muster".to_owned()),
            address: address(recipient),
            language: Language::De,
        },
        facts: Facts { tenant: "alpha".to_owned(), reference: Some("2024-00123".to_owned()), ..Facts::default() },
    }
}

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}
