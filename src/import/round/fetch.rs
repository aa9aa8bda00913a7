//! Fetching a batch: its attempts are counted before anybody looks into a mail, and a mail that the server cannot hand
//! over does not keep the others.

use crate::fail_point::{FailPoint, reach};
use crate::imap::{Envelope, ImapError, Session, Uid};
use crate::import::connect::login_ran_out;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::{Content, MailInHand};
use crate::settings::Mailbox;
use crate::store::Place;
use anyhow::Result;
use chrono::Utc;
use std::collections::HashMap;

/// Of a mail that is too large only the beginning is fetched: enough to tell a person what it is, in octets.
pub const BEGINNING: u32 = 64 << 10;

/// Mails that are fetched, recorded and filed away together.
pub(super) struct Batch {
    pub(super) envelopes: Vec<Envelope>,
}

impl Batch {
    /// The size of all its mails, as the server states it.
    pub(super) fn octets(&self) -> u64 {
        self.envelopes.iter().fold(0, |sum, envelope| sum.saturating_add(envelope.size))
    }
}

/// Fetches mail of one open inbox.
pub(super) struct Fetcher<'a> {
    pub(super) importer: &'a Importer,
    pub(super) mailbox: &'a Mailbox,
    pub(super) uid_validity: u32,
}

impl Fetcher<'_> {
    /// Fetches a batch. A connection that is lost meanwhile counts as an attempt at each of its mails: it may be one of
    /// them that the server chokes on, and the next time they are fetched one by one. A log-in that ran out is not.
    pub(super) async fn fetch(&self, session: &mut Session, batch: &Batch) -> Result<Vec<MailInHand>> {
        let mails: Vec<(u32, u64)> =
            batch.envelopes.iter().map(|envelope| (envelope.uid.get(), envelope.size)).collect();
        let (mailbox, uid_validity) = (self.importer.mailbox(), self.uid_validity);
        let attempts = self
            .importer
            .store
            .off_thread(move |store| store.note_attempts(mailbox, uid_validity, &mails, Utc::now()))
            .await?;
        let attempts: HashMap<u32, u32> = attempts.into_iter().collect();
        // After the last attempt there is one more, to file what could not be read by its bytes. A mail that even then
        // cannot be had is not asked for again.
        let (hopeless, asked): (Vec<Envelope>, Vec<Envelope>) = batch.envelopes.iter().cloned().partition(|envelope| {
            attempts.get(&envelope.uid.get()).is_some_and(|made| *made > self.mailbox.max_attempts.saturating_add(1))
        });
        let mut mails = match self.read(session, &asked, &attempts).await {
            Err(error) if login_ran_out(session, &error) => {
                let uids = batch.envelopes.iter().map(|envelope| envelope.uid.get()).collect();
                take_back_attempts(self.importer, self.uid_validity, uids).await;
                return Err(error);
            }
            read => read?,
        };
        mails.extend(hopeless.iter().map(|envelope| self.in_hand(envelope, Content::Withheld, &attempts)));
        reach(FailPoint::Fetched);
        Ok(mails)
    }

    /// Reads mails: whole, or the beginning of those that are too large. One that vanished meanwhile is left out.
    pub(super) async fn read(
        &self,
        session: &mut Session,
        envelopes: &[Envelope],
        attempts: &HashMap<u32, u32>,
    ) -> Result<Vec<MailInHand>> {
        let (too_large, whole): (Vec<Envelope>, Vec<Envelope>) =
            envelopes.iter().cloned().partition(|envelope| envelope.size > self.mailbox.max_size);
        let mut contents = self.whole(session, &whole).await?;
        for envelope in &too_large {
            if let Some(bytes) = session.head(envelope.uid, BEGINNING).await? {
                contents.insert(envelope.uid, Content::Beginning(bytes));
            }
        }
        let found = envelopes.iter().filter_map(|envelope| Some((envelope, contents.remove(&envelope.uid)?)));
        Ok(found.map(|(envelope, content)| self.in_hand(envelope, content, attempts)).collect())
    }

    async fn whole(&self, session: &mut Session, envelopes: &[Envelope]) -> Result<HashMap<Uid, Content>> {
        let fetched = match session.bodies(envelopes).await {
            // A server that cannot hand over one mail may refuse all of the set.
            Err(ImapError::Refused { .. }) => {
                let mut fetched = Vec::with_capacity(envelopes.len());
                for envelope in envelopes {
                    match session.bodies(std::slice::from_ref(envelope)).await {
                        Ok(one) => fetched.extend(one),
                        Err(error @ ImapError::Refused { .. }) => {
                            tracing::warn!(mailbox = self.mailbox.address.as_str(), %error, "A mail was not handed over");
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
                fetched
            }
            fetched => fetched?,
        };
        let mut contents: HashMap<Uid, Content> =
            fetched.into_iter().map(|mail| (mail.uid, Content::Whole(mail.bytes))).collect();
        let missing: Vec<Uid> =
            envelopes.iter().map(|envelope| envelope.uid).filter(|uid| !contents.contains_key(uid)).collect();
        if !missing.is_empty() {
            // Those that vanished are gone from here too. The others the server may have left out only because of them.
            for envelope in session.sizes(&missing).await? {
                let content = match session.bodies(std::slice::from_ref(&envelope)).await {
                    Ok(mut one) => one.pop().map(|mail| Content::Whole(mail.bytes)),
                    Err(ImapError::Refused { .. }) if session.is_usable() => None,
                    Err(error) => return Err(error.into()),
                };
                contents.insert(envelope.uid, content.unwrap_or(Content::Withheld));
            }
        }
        Ok(contents)
    }

    fn in_hand(&self, envelope: &Envelope, content: Content, attempts: &HashMap<u32, u32>) -> MailInHand {
        MailInHand {
            place: Some(self.place(envelope.uid)),
            size: content.size().unwrap_or(envelope.size),
            received_at: envelope.internal_date.map_or_else(Utc::now, |date| date.to_utc()),
            attempt: attempts.get(&envelope.uid.get()).copied().unwrap_or(1),
            content,
        }
    }

    fn place(&self, uid: Uid) -> Place {
        Place { folder: self.mailbox.folder.to_string(), uid_validity: self.uid_validity, uid: uid.get() }
    }
}

/// What failed was not the fault of these mails. If their attempts cannot be taken back they count: the mails are fetched one
/// by one the next time, and one may be set aside earlier than it should, which a person sees.
pub(super) async fn take_back_attempts(importer: &Importer, uid_validity: u32, uids: Vec<u32>) {
    let mailbox = importer.mailbox();
    let taken = importer.store.off_thread(move |store| store.take_back_attempts(mailbox, uid_validity, &uids)).await;
    if let Err(error) = taken {
        tracing::warn!(%error, "Attempts cannot be taken back");
    }
}
