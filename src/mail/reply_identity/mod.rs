//! What tells the candidate's mail inside a forward from another, however often and by whomever it is forwarded.
//!
//! Mail programs keep of a forwarded mail sometimes all of it, sometimes its sender, date and text. A reply therefore has
//! several keys, each of what may be left of it, and two forwards hold the same reply only if they share a key and
//! nothing speaks against it. Where it is not certain they are two replies.

mod normal_text;
#[cfg(test)]
mod tests;

use super::IncomingMail;
use chrono::{DateTime, Timelike, Utc};
pub(super) use normal_text::normal;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// So many letters of text, with sender and minute, are one mail's and no other's.
const LONG_TEXT: usize = 24;

/// Keys over a whole original begin so: they need no files to be certain.
const BY_MESSAGE_ID: &str = "id:";

/// What tells a reply from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyIdentity {
    /// Digests, each with the word of what it is over; none where the mail holds no original or too little of one. The
    /// keys of an application's replies are kept and looked up.
    pub keys: Vec<String>,
    /// The original's Message-ID, where it is attached whole.
    pub message_id: Option<String>,
    /// The address of the original's sender, in small letters, if it is shown.
    pub sender: Option<String>,
    /// When the original was sent; whole minutes where the forward shows no seconds.
    pub sent_at: Option<DateTime<Utc>>,
    /// SHA-256, in hex, of the files that came with it.
    pub files: BTreeSet<String>,
}

/// What is recorded of a reply with which a mail shares a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedReply {
    /// The original's Message-ID, if it is known.
    pub message_id: Option<String>,
    /// The address of its sender, in small letters, if it is known.
    pub sender: Option<String>,
    /// When it was sent, if that is known.
    pub sent_at: Option<DateTime<Utc>>,
    /// The files of the mail that was recorded first.
    pub first_files: BTreeSet<String>,
    /// Those and the files that later forwards of it brought.
    pub files: BTreeSet<String>,
}

/// The identity of the reply in a mail.
///
/// - Of an original that is attached whole: its Message-ID, with sender and date.
/// - Of one whose sender, date and text are shown: these.
/// - Where one of the three is missing or the text is short: what there is, together with the files.
/// - Where another mail beside it may be the reply: none.
#[must_use]
pub fn of(mail: &IncomingMail) -> ReplyIdentity {
    let certain = mail.original.as_ref().filter(|original| !original.beside_another);
    let Some(original) = certain else { return ReplyIdentity::default() };
    let files: BTreeSet<String> = mail.attachments.iter().map(|file| file.sha256.clone()).collect();
    let sent_at = original.date.map(|date| date.to_utc());
    let sender = original.from_address.as_ref().map(|address| address.as_str().to_lowercase());
    let name = original.from_name.as_deref().map(normal).filter(|name| !name.is_empty());
    let text = normal(&mail.text);
    let is_long = text.chars().nth(LONG_TEXT - 1).is_some();
    let second = sent_at.map(|date| date.timestamp().to_string());
    let minute = sent_at.map(|date| date.timestamp().div_euclid(60).to_string());

    let mut keys = Vec::new();
    if let Some(id) = &original.message_id {
        let head = [id.as_str(), sender.as_deref().unwrap_or_default(), second.as_deref().unwrap_or_default()];
        let rest = if sender.is_some() && second.is_some() { "" } else { text.as_str() };
        keys.push(key(BY_MESSAGE_ID, head.into_iter().chain([rest])));
    }
    if let (Some(address), Some(minute), true) = (&sender, &minute, is_long) {
        keys.push(key("text:", [address.as_str(), minute, &text]));
    }
    let says_enough = match minute {
        Some(_) => !text.is_empty(),
        None => is_long && !files.is_empty(),
    };
    if says_enough {
        let rest = [minute.as_deref().unwrap_or_default(), text.as_str()].into_iter();
        let rest = rest.chain(files.iter().map(String::as_str));
        let senders =
            [sender.as_deref().map(|address| ("address", address)), name.as_deref().map(|name| ("name", name))];
        keys.extend(
            senders.into_iter().flatten().map(|(what, who)| key("all:", [what, who].into_iter().chain(rest.clone()))),
        );
    }
    ReplyIdentity { keys, message_id: original.message_id.clone(), sender, sent_at, files }
}

impl ReplyIdentity {
    /// Whether a recorded reply, with which this one shares these keys, is the same.
    ///
    /// The same original attached whole is the same reply, whatever a gateway took off it. Else other files make it
    /// another reply: a mail program may drop files of a forward, and a forwarder may add some, but of two mails each of
    /// which has a file that the other lacks nobody can say that they are one.
    pub fn is_in<'a>(&self, recorded: &RecordedReply, shared: impl IntoIterator<Item = &'a str>) -> bool {
        if shared.into_iter().any(|key| key.starts_with(BY_MESSAGE_ID)) {
            return true;
        }
        let ids = self.message_id.as_ref().zip(recorded.message_id.as_ref());
        let senders = self.sender.as_ref().zip(recorded.sender.as_ref());
        let times = self.sent_at.zip(recorded.sent_at);
        let to_the_second = |(one, other): &(DateTime<Utc>, DateTime<Utc>)| one.second() != 0 && other.second() != 0;
        let other_head = [ids, senders].into_iter().flatten().any(|(one, other)| one != other);
        let other_second = times.filter(to_the_second).is_some_and(|(one, other)| one.timestamp() != other.timestamp());
        let fits = |files: &BTreeSet<String>| self.files.is_subset(files) || self.files.is_superset(files);
        !other_head && !other_second && (fits(&recorded.first_files) || fits(&recorded.files))
    }

    /// Whether both may be the same reply, so that the first must be recorded before the second is looked up.
    pub fn shares_a_key(&self, other: &Self) -> bool {
        self.keys.iter().any(|key| other.keys.contains(key))
    }
}

/// A digest over texts and their lengths, so that no two lists of texts give the same.
fn key<'a>(word: &str, texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    format!("{word}{}", hex::encode(hash.finalize()))
}
