//! The first step of the path: what the mails of a batch say, each within its time.

use super::reading_thread;
use crate::application::EmailAddress;
use crate::decision::WhySetAside;
use crate::fail_point::{FailPoint, reach};
use crate::import::mail_in_hand::{Content, MailInHand};
use crate::mail::{self, IncomingMail, ReadingRules, ReplyIdentity};
use crate::monitoring;
use anyhow::Result;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What reading goes by.
#[derive(Clone, Debug)]
pub(in crate::import) struct Reading {
    /// As the log calls it.
    pub(in crate::import) mailbox: EmailAddress,
    pub(in crate::import) rules: Arc<ReadingRules>,
    /// Larger mails are set aside, in octets.
    pub(in crate::import) max_size: u64,
    /// A mail that failed so often is not read again.
    pub(in crate::import) max_attempts: u32,
    pub(in crate::import) time_per_mail: Duration,
}

/// A mail on its way: what was understood of it, and how long that took.
pub(in crate::import) struct Understood {
    pub(super) fetched: MailInHand,
    pub(super) incoming: IncomingMail,
    /// What tells the candidate's reply in it from another.
    pub(super) reply: ReplyIdentity,
    pub(super) set_aside: Option<WhySetAside>,
    pub(super) took: Duration,
}

/// Reads a batch. A mail that makes the program panic or does not end in time brings out a fault of ours: it is left
/// out, and the others are read. So is one that the server does not hand over, until it is given up (`handing_over`).
///
/// # Errors
///
/// Mails cannot be read at all for now.
pub(in crate::import) fn understand(batch: Vec<MailInHand>, reading: &Reading) -> Result<Vec<Understood>> {
    let (batch, withheld): (Vec<MailInHand>, Vec<MailInHand>) =
        batch.into_iter().partition(|mail| !matches!(mail.content, Content::Withheld));
    let mailbox = reading.mailbox.as_str();
    for mail in withheld {
        let uid = mail.place.map(|place| place.uid);
        tracing::debug!(
            mailbox,
            uid,
            "A mail was not handed over by the server; it is tried again, up to `max_attempts` while others are handed over"
        );
    }
    let known_by: Vec<(Option<u32>, u32)> =
        batch.iter().map(|mail| (mail.place.as_ref().map(|place| place.uid), mail.attempt)).collect();
    let rules = reading.clone();
    let results = reading_thread::each(batch, reading.time_per_mail, move |mail| rules.understand_one(mail))?;
    let understood = known_by.into_iter().zip(results).filter_map(|((uid, attempt), result)| {
        let say = |fault: &_| {
            tracing::error!(
                mailbox,
                uid,
                attempt,
                ?fault,
                "A mail could not be understood; it is tried again, up to `max_attempts`"
            );
        };
        result.inspect_err(say).ok()
    });
    Ok(understood.inspect(|mail| monitoring::mail_understood(mail.took)).collect())
}

impl Reading {
    fn understand_one(&self, mut fetched: MailInHand) -> Understood {
        let start = Instant::now();
        reach(FailPoint::Understanding);
        let given_up = fetched.attempt > self.max_attempts || matches!(fetched.content, Content::GivenUp);
        let incoming = match &fetched.content {
            Content::Withheld | Content::GivenUp => IncomingMail::never_seen(&place_of(&fetched)),
            content if given_up => IncomingMail::unread(content.bytes()),
            content => mail::understand(content.bytes(), &self.rules),
        };
        let too_large = matches!(fetched.content, Content::Beginning(_)) || fetched.size > self.max_size;
        // What was given up was not read, however large it is.
        let set_aside = if given_up {
            Some(WhySetAside::FailedTooOften { attempts: self.max_attempts })
        } else {
            too_large.then_some(WhySetAside::TooLarge { size: fetched.size, max_size: self.max_size })
        };
        let reply = mail::reply_identity_of(&incoming);
        // What is kept of it stands in what was understood; its bytes would only take room until it is recorded.
        fetched.content = Content::Withheld;
        Understood { fetched, incoming, reply, set_aside, took: start.elapsed() }
    }
}

/// Tells a mail that nobody has seen from others by the place where it lies.
fn place_of(mail: &MailInHand) -> String {
    let place = mail.place.as_ref().map(|place| (place.uid_validity, place.uid));
    format!("{place:?} {} {}", mail.size, mail.received_at)
}
