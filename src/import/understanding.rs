//! The first step of the path: what the mails of a batch say, each within its time.

use super::path::MailInHand;
use super::reading_thread;
use crate::decision::WhySetAside;
use crate::mail::{self, IncomingMail, ReadingRules};
use anyhow::Result;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What reading goes by.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) rules: Arc<ReadingRules>,
    /// Larger mails are set aside, in octets.
    pub(super) max_size: u64,
    /// A mail that failed so often is not read again.
    pub(super) max_attempts: u32,
    pub(super) time_per_mail: Duration,
}

/// A mail on its way: what was understood of it, and how long that took.
pub(super) struct Understood {
    pub(super) fetched: MailInHand,
    pub(super) incoming: IncomingMail,
    pub(super) set_aside: Option<WhySetAside>,
    pub(super) took: Duration,
}

/// Reads a batch. A mail that makes the program panic or does not end in time brings out a fault of ours: it is left
/// out, and the others are read.
///
/// # Errors
///
/// Mails cannot be read at all for now.
pub(super) fn understand(batch: Vec<MailInHand>, reading: &Reading) -> Result<Vec<Understood>> {
    let known_by: Vec<(Option<u32>, u32)> =
        batch.iter().map(|mail| (mail.place.as_ref().map(|place| place.uid), mail.attempt)).collect();
    let rules = reading.clone();
    let results = reading_thread::each(batch, reading.time_per_mail, move |mail| rules.understand_one(mail))?;
    let understood = known_by.into_iter().zip(results).filter_map(|((uid, attempt), result)| {
        result.inspect_err(|fault| tracing::error!(uid, attempt, ?fault, "A mail could not be understood")).ok()
    });
    Ok(understood.collect())
}

impl Reading {
    fn understand_one(&self, fetched: MailInHand) -> Understood {
        let start = Instant::now();
        let given_up = fetched.attempt > self.max_attempts;
        let incoming =
            if given_up { IncomingMail::unread(&fetched.bytes) } else { mail::understand(&fetched.bytes, &self.rules) };
        let set_aside = if fetched.size > self.max_size {
            Some(WhySetAside::TooLarge { size: fetched.size, max_size: self.max_size })
        } else {
            given_up.then_some(WhySetAside::FailedTooOften { attempts: self.max_attempts })
        };
        Understood { fetched, incoming, set_aside, took: start.elapsed() }
    }
}
