//! A mail that was not read: what is left when reading it failed again and again.

use super::{IncomingMail, MailIdentity, NumberReading, OwnMarks, SenderProof, Subject};
use sha2::{Digest, Sha256};

/// Begins the digest of a mail of which nobody has seen a byte: no digest of bytes, in hex, begins so.
const NEVER_SEEN: &str = "never-seen-";

impl IncomingMail {
    /// A mail of which nobody has seen a byte; what is told of its place tells it from others.
    pub fn never_seen(place: &str) -> Self {
        let mut mail = Self::unread(place.as_bytes());
        mail.identity.digest.insert_str(0, NEVER_SEEN);
        mail
    }

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

/// Whether a recorded digest is that of a mail of which nobody had seen a byte: only its place tells it.
pub fn is_of_never_seen(digest: &str) -> bool {
    digest.starts_with(NEVER_SEEN)
}
