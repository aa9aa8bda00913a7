//! Fetching sizes, mails and beginnings of mails from the open folder, without marking anything as seen.
//!
//! Answers are matched by UID and never by order: a server may send the data of one command before the tagged OK of
//! the one before, flags that somebody changed at any time, and nothing for a mail that vanished.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, Response};
use chrono::{DateTime, FixedOffset};

use super::command::Command;
use super::error::ImapError;
use super::session::Session;
use super::uid::{Uid, UidSet, sets};

/// So often mails are asked for of which a server that speaks of others that vanished has sent nothing.
const TRIES: usize = 3;

/// What is known of a mail before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its number in the open folder.
    pub uid: Uid,
    /// Size in bytes; [`u64::MAX`] if the server tells none that fits into 32 bits.
    pub size: u64,
    /// When it arrived, if the server's date can be read.
    pub internal_date: Option<DateTime<FixedOffset>>,
}

/// A whole mail, as IMAP gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct FetchedMail {
    /// Its number in the open folder.
    pub uid: Uid,
    /// The mail, byte for byte.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for FetchedMail {
    /// The content stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchedMail").field("uid", &self.uid).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Session {
    /// Sizes and dates, lowest UID first. A mail that vanished meanwhile is absent.
    ///
    /// # Errors
    ///
    /// As every command: a connection that breaks between two answers is [`ImapError::Lost`], not a shorter list.
    pub async fn sizes(&mut self, uids: &[Uid]) -> Result<Vec<Envelope>, ImapError> {
        let mut envelopes = Vec::with_capacity(uids.len());
        for set in sets(uids) {
            let purpose = format!("ask the sizes of {} mails", set.uids.len());
            let items = self.fetch(&set, "(UID RFC822.SIZE INTERNALDATE)", &purpose, 0).await?;
            envelopes.extend(items.into_iter().filter_map(|(uid, item)| item.into_envelope(uid)));
        }
        Ok(envelopes)
    }

    /// Whole mails, lowest UID first. A mail that vanished meanwhile, or of which the server gives nothing (NIL), is
    /// absent. All are in memory at once: pass what [`batches`](super::batches) has planned.
    ///
    /// # Errors
    ///
    /// As every command. A server that cannot give one of the mails may refuse all: ask for them singly then.
    pub async fn bodies(&mut self, envelopes: &[Envelope]) -> Result<Vec<FetchedMail>, ImapError> {
        let size_of: BTreeMap<Uid, u64> = envelopes.iter().map(|envelope| (envelope.uid, envelope.size)).collect();
        let uids: Vec<Uid> = size_of.keys().copied().collect();
        let mut mails = Vec::with_capacity(uids.len());
        for set in sets(&uids) {
            let purpose = format!("fetch {} mails", set.uids.len());
            let known_sizes = set.uids.iter().filter_map(|uid| size_of.get(uid).filter(|size| **size < u64::MAX));
            let transfer = known_sizes.fold(0, |sum: u64, size| sum.saturating_add(*size));
            let items = self.fetch(&set, "(UID BODY.PEEK[])", &purpose, transfer).await?;
            mails.extend(items.into_iter().filter_map(|(uid, item)| item.into_mail(uid)));
        }
        Ok(mails)
    }

    /// The first `max_bytes` of a mail that is too large to be fetched; `None` if it vanished.
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn head(&mut self, uid: Uid, max_bytes: u32) -> Result<Option<Vec<u8>>, ImapError> {
        let mut head = None;
        let items = format!("(UID BODY.PEEK[]<0.{max_bytes}>)");
        for set in sets(&[uid]) {
            let found = self.fetch(&set, &items, "fetch the beginning of a mail", u64::from(max_bytes)).await?;
            head = found.into_values().find_map(|item| item.body);
        }
        if let Some(bytes) = &mut head {
            bytes.truncate(usize::try_from(max_bytes).unwrap_or(usize::MAX));
        }
        Ok(head)
    }

    async fn fetch(
        &mut self,
        set: &UidSet,
        items: &str,
        purpose: &str,
        transfer: u64,
    ) -> Result<BTreeMap<Uid, Item>, ImapError> {
        let mut found = BTreeMap::new();
        let mut texts = vec![set.text.clone()];
        for _ in 0..TRIES {
            let mut somebody_expunged = false;
            for text in &texts {
                let arguments = format!("{text} {items}");
                let command = Command { transfer, ..Command::new("UID FETCH", &arguments, purpose) };
                match self.wire.run(command, |response| collect(response, &set.uids, &mut found)).await {
                    // "Some of them have vanished meanwhile" (RFC 5530): Dovecot has sent the others, which is not said of
                    // every server.
                    Err(refusal) if refusal.code() == Some("EXPUNGEISSUED") => somebody_expunged = true,
                    other => other?,
                }
            }
            let missing: Vec<Uid> = set.uids.iter().copied().filter(|uid| !found.contains_key(uid)).collect();
            if !somebody_expunged || missing.is_empty() {
                break;
            }
            texts = sets(&missing).into_iter().map(|set| set.text).collect();
        }
        Ok(found)
    }
}

/// What FETCH responses told of one mail.
#[derive(Default)]
struct Item {
    size: Option<u64>,
    internal_date: Option<String>,
    body: Option<Vec<u8>>,
}

impl Item {
    fn into_envelope(self, uid: Uid) -> Option<Envelope> {
        // Flags alone came unasked and say nothing of size or date.
        if self.size.is_none() && self.internal_date.is_none() {
            return None;
        }
        Some(Envelope { uid, size: self.size.unwrap_or(u64::MAX), internal_date: self.date() })
    }

    fn into_mail(self, uid: Uid) -> Option<FetchedMail> {
        Some(FetchedMail { uid, bytes: self.body? })
    }

    fn date(&self) -> Option<DateTime<FixedOffset>> {
        read_date(self.internal_date.as_deref()?)
    }
}

fn collect(response: &Response<'_>, asked: &[Uid], found: &mut BTreeMap<Uid, Item>) {
    let Response::Fetch(_, attributes) = response else { return };
    let uid = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(number) => Uid::new(*number),
        _ => None,
    });
    let Some(uid) = uid.filter(|uid| asked.binary_search(uid).is_ok()) else { return };
    let item = found.entry(uid).or_default();
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(size) => item.size = Some(u64::from(*size)),
            AttributeValue::InternalDate(date) => item.internal_date = Some(date.to_string()),
            AttributeValue::BodySection { section: None, index: None | Some(0), data: Some(bytes) } => {
                item.body = Some(bytes.to_vec());
            }
            _ => {}
        }
    }
}

/// ` 7-Feb-1994 22:43:04 -0800` (RFC 3501, `date-time`): the day may be padded with a blank.
fn read_date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok()
}

#[cfg(test)]
mod tests {
    use super::read_date;

    #[test]
    fn a_date_is_read_with_either_padding_of_the_day() {
        let expected = "1994-02-07T22:43:04-08:00";
        for text in [" 7-Feb-1994 22:43:04 -0800", "07-Feb-1994 22:43:04 -0800", "7-FEB-1994 22:43:04 -0800"] {
            assert_eq!(read_date(text).map(|date| date.to_rfc3339()).as_deref(), Some(expected), "{text:?}");
        }
        assert_eq!(read_date("Montag, 7. Februar"), None);
    }
}
