//! What a mail says: its subject, the reply forwarded in it, its text and its attachments.
//!
//! Pure: bytes and the tenant's rules in, an [`IncomingMail`] out. Nothing here knows a database, a network, a file or
//! the clock, nothing trusts the bytes, and every size and depth has a bound.

pub mod incoming;
pub mod subject;
mod subject_markers;

pub use incoming::{
    Attachment, AutomaticKind, IgnoredPart, IncomingMail, InlinePicture, MailIdentity, NumberReading, Original, Person,
    ReadingRules, Subject, Unreadable,
};

/// Reads one mail. Never fails: what cannot be read is said in [`IncomingMail::unreadable`].
#[must_use]
pub fn understand(_bytes: &[u8], _rules: &ReadingRules) -> IncomingMail {
    unimplemented!("written next")
}
