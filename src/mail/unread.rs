//! A mail that was not read: what is left when reading it failed again and again.

use super::{IncomingMail, MailIdentity, NumberReading, OwnMarks, SenderProof, Subject};
use sha2::{Digest, Sha256};

impl IncomingMail {
    /// The mail as an unopened letter: only its identity is known, by the digest of all its bytes.
    pub fn unread(bytes: &[u8]) -> Self {
        Self {
            identity: MailIdentity { message_id: None, digest: hex::encode(Sha256::digest(bytes)) },
            unreadable: None,
            automatic: None,
            answerable: false,
            marks: OwnMarks::default(),
            subject: Subject {
                whole: String::new(),
                number: NumberReading::None,
                rest: String::new(),
                elsewhere: Vec::new(),
            },
            forwarder: None,
            proof: SenderProof::NotAsked,
            sent_at: None,
            original: None,
            note: String::new(),
            text: String::new(),
            html: None,
            attachments: Vec::new(),
            pictures: Vec::new(),
            ignored: Vec::new(),
            findings: Vec::new(),
        }
    }
}
