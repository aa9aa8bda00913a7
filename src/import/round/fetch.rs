//! Fetching a batch: its attempts are counted before anybody looks into a mail, and a mail that the server cannot hand
//! over does not keep the others.

use super::handing_over::{
    ask_for_filed_mail, is_for_now, is_given_up, may_be_the_mails, note_passed_over, note_put_off, note_unfetched,
    wants_proof,
};
use crate::fail_point::{FailPoint, reach};
use crate::imap::{Envelope, ImapError, Session, Uid};
use crate::import::connect::login_ran_out;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::{BEGINNING, Content, MailInHand};
use crate::settings::Mailbox;
use crate::store::{AttemptsMade, Place};
use anyhow::Result;
use chrono::Utc;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Mails that are fetched, recorded and filed away together.
pub(super) struct Batch {
    pub(super) envelopes: Vec<Envelope>,
    /// The attempts made before at the only mail of the batch.
    pub(super) made: Option<AttemptsMade>,
}

impl Batch {
    /// The size of all its mails, as the server states it.
    pub(super) fn octets(&self) -> u64 {
        self.envelopes.iter().fold(0, |sum, envelope| sum.saturating_add(envelope.size))
    }
}

/// Fetches mail of one open inbox, in one round.
pub(super) struct Fetcher<'a> {
    pub(super) importer: &'a Importer,
    pub(super) mailbox: &'a Mailbox,
    pub(super) uid_validity: u32,
    so_far: Mutex<SoFar>,
}

/// How the server handed mail over in this round until now.
#[derive(Debug, Default)]
struct SoFar {
    bodies_come: bool,
    /// A mail was asked for that did not come before: filed mail may tell whether bodies come behind it.
    asks_again: bool,
    /// Mails that were asked for by themselves and did not come, since the last body that did.
    open: Vec<u32>,
    /// Such mails with a body that came behind them.
    passed_over: Vec<u32>,
    /// What the server said, each once.
    said: Vec<String>,
}

impl SoFar {
    fn body_came(&mut self) {
        self.bodies_come = true;
        self.passed_over.append(&mut self.open);
    }

    fn say(&mut self, said: String) {
        if !self.said.contains(&said) {
            self.said.push(said);
        }
    }
}

/// What came of asking for mails.
#[derive(Default)]
struct Had {
    contents: HashMap<Uid, Content>,
    /// Those that the server put off by its own word.
    put_off: Vec<u32>,
}

impl Had {
    /// Those of these mails of which nothing came.
    fn without(&self, envelopes: &[Envelope]) -> Vec<Uid> {
        envelopes.iter().map(|envelope| envelope.uid).filter(|uid| !self.contents.contains_key(uid)).collect()
    }
}

impl<'a> Fetcher<'a> {
    pub(super) fn new(importer: &'a Importer, mailbox: &'a Mailbox, uid_validity: u32) -> Self {
        Self { importer, mailbox, uid_validity, so_far: Mutex::default() }
    }

    /// Fetches a batch. A connection that is lost meanwhile makes each of its mails a suspect: it may be one of them that the
    /// server chokes on, and the next time they are fetched one by one. When one is given up `handing_over` says.
    pub(super) async fn fetch(&self, session: &mut Session, batch: &Batch) -> Result<Vec<MailInHand>> {
        let mails: Vec<(u32, u64)> =
            batch.envelopes.iter().map(|envelope| (envelope.uid.get(), envelope.size)).collect();
        let uids: Vec<u32> = mails.iter().map(|(uid, _)| *uid).collect();
        let (mailbox, uid_validity) = (self.importer.mailbox(), self.uid_validity);
        let attempts = self
            .importer
            .store
            .off_thread(move |store| store.note_attempts(mailbox, uid_validity, &mails, Utc::now()))
            .await?;
        let attempts: HashMap<u32, u32> = attempts.into_iter().collect();
        if batch.made.as_ref().is_some_and(|made| is_given_up(made, self.mailbox.max_attempts)) {
            let given_up = batch.envelopes.iter();
            return Ok(given_up.map(|envelope| self.in_hand(envelope, Content::GivenUp, &attempts)).collect());
        }
        let had = match self.ask(session, batch).await {
            Err(error) if login_ran_out(session, &error) => {
                take_back_attempts(self.importer, uid_validity, uids).await;
                return Err(error);
            }
            Err(error) => {
                let counts = uids.len() == 1 && self.bodies_come() && may_be_the_mails(session, &error);
                note_unfetched(self.importer, uid_validity, uids, counts).await;
                return Err(error);
            }
            Ok(had) => had,
        };
        let withheld = had.contents.iter().filter(|(_, content)| matches!(content, Content::Withheld));
        let (put_off, withheld): (Vec<u32>, Vec<u32>) =
            withheld.map(|(uid, _)| uid.get()).partition(|uid| had.put_off.contains(uid));
        note_put_off(self.importer, uid_validity, put_off).await;
        note_unfetched(self.importer, uid_validity, withheld, false).await;
        self.note_passed_over().await;
        reach(FailPoint::Fetched);
        Ok(self.in_hands(had, &batch.envelopes, &attempts))
    }

    /// To be called when all mail of the round was asked for: finds out whether what did not come last is still passed over
    /// by others, and gives what the server said.
    pub(super) async fn finish(&self, session: &mut Session) -> Result<Vec<String>> {
        let is_open = {
            let so_far = self.so_far();
            (so_far.bodies_come || so_far.asks_again) && !so_far.open.is_empty()
        };
        if is_open && ask_for_filed_mail(session, self.importer, self.mailbox, self.uid_validity).await? {
            self.so_far().body_came();
            self.note_passed_over().await;
        }
        Ok(std::mem::take(&mut self.so_far().said))
    }

    async fn note_passed_over(&self) {
        let passed_over = std::mem::take(&mut self.so_far().passed_over);
        note_passed_over(self.importer, self.uid_validity, passed_over).await;
    }

    /// Whether a body has come over the connection in this round.
    fn bodies_come(&self) -> bool {
        self.so_far().bodies_come
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a batch; for a mail that did not come before, after another one.
    async fn ask(&self, session: &mut Session, batch: &Batch) -> Result<Had> {
        self.so_far().asks_again |= batch.made.as_ref().is_some_and(|made| made.unfetched > 0);
        if batch.made.as_ref().is_some_and(wants_proof) && !self.bodies_come() {
            let came = ask_for_filed_mail(session, self.importer, self.mailbox, self.uid_validity).await?;
            self.so_far().bodies_come = came;
        }
        self.had(session, &batch.envelopes).await
    }

    /// Reads mails: whole, or the beginning of those that are too large. One that vanished meanwhile is left out.
    pub(super) async fn read(&self, session: &mut Session, envelopes: &[Envelope]) -> Result<Vec<MailInHand>> {
        Ok(self.in_hands(self.had(session, envelopes).await?, envelopes, &HashMap::new()))
    }

    async fn had(&self, session: &mut Session, envelopes: &[Envelope]) -> Result<Had> {
        let (too_large, whole): (Vec<Envelope>, Vec<Envelope>) =
            envelopes.iter().cloned().partition(|envelope| envelope.size > self.mailbox.max_size);
        let mut had = Had::default();
        match session.bodies(&whole).await {
            // A server that cannot hand over one mail may refuse all of the set.
            Err(refusal @ ImapError::Refused { .. }) if session.is_usable() => match whole.as_slice() {
                [one] => self.take(session, one.uid, Err(refusal), &mut had)?,
                several => self.singly(session, several, &mut had).await?,
            },
            fetched => {
                had.contents.extend(fetched?.into_iter().map(|mail| (mail.uid, Content::Whole(mail.bytes))));
                if !had.contents.is_empty() {
                    self.so_far().body_came();
                }
                // Those that vanished are gone from here too. The others the server may have left out only because of them.
                let left_out = had.without(&whole);
                if !left_out.is_empty() {
                    let there = session.sizes(&left_out).await?;
                    self.singly(session, &there, &mut had).await?;
                }
            }
        }
        for envelope in &too_large {
            let head = session.head(envelope.uid, BEGINNING).await.map(|head| head.map(Content::Beginning));
            self.take(session, envelope.uid, head, &mut had)?;
        }
        let left_out = had.without(envelopes);
        if !left_out.is_empty() {
            let there = session.sizes(&left_out).await?;
            had.contents.extend(there.into_iter().map(|envelope| (envelope.uid, Content::Withheld)));
        }
        Ok(had)
    }

    async fn singly(&self, session: &mut Session, envelopes: &[Envelope], had: &mut Had) -> Result<()> {
        for envelope in envelopes {
            let one = session.bodies(std::slice::from_ref(envelope)).await;
            let one = one.map(|one| one.into_iter().next().map(|mail| Content::Whole(mail.bytes)));
            self.take(session, envelope.uid, one, had)?;
        }
        Ok(())
    }

    /// Takes in the answer to the question for one mail.
    fn take(
        &self,
        session: &Session,
        uid: Uid,
        answer: Result<Option<Content>, ImapError>,
        had: &mut Had,
    ) -> Result<(), ImapError> {
        match answer {
            Ok(Some(content)) => {
                had.contents.insert(uid, content);
                self.so_far().body_came();
            }
            // Gone, or left out: if it is there it is held against it as a refusal is.
            Ok(None) => self.so_far().open.push(uid.get()),
            Err(error @ ImapError::Refused { .. }) if session.is_usable() => {
                let mut so_far = self.so_far();
                so_far.say(error.to_string());
                if is_for_now(&error) {
                    had.put_off.push(uid.get());
                } else {
                    so_far.open.push(uid.get());
                }
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn in_hands(&self, mut had: Had, envelopes: &[Envelope], attempts: &HashMap<u32, u32>) -> Vec<MailInHand> {
        let found = envelopes.iter().filter_map(|envelope| Some((envelope, had.contents.remove(&envelope.uid)?)));
        found.map(|(envelope, content)| self.in_hand(envelope, content, attempts)).collect()
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
