//! Filing recorded mail away. A folder that the server keeps shut, or a mail that it will not move, holds up no other:
//! what could not be filed stays where it is, recorded, and the next round tries only that again.

use crate::application::FolderName;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::fail_point::{FailPoint, reach};
use crate::imap::{ImapError, Session, Uid};
use crate::import::importer::Importer;
use crate::import::path::Imported;
use crate::settings::Mailbox;
use crate::store::{FiledMail, RecordedPlace, Store};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// So many are filed with one command and noted together: as many as a batch has at most.
const AT_ONCE: usize = crate::imap::MAX_MAILS;

/// After so many mails that were refused singly the folder is left for the next round.
const REFUSED_SINGLY: usize = 3;

/// A recorded mail that lies in the inbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFolder {
    uid: Uid,
    mail: MailId,
    outcome: ImportOutcome,
}

impl InFolder {
    pub(super) fn from_imported(imported: &Imported) -> Option<Self> {
        let uid = Uid::new(imported.place.as_ref()?.uid)?;
        Some(Self { uid, mail: imported.mail, outcome: imported.outcome })
    }

    pub(super) fn from_recorded(place: &RecordedPlace) -> Option<Self> {
        Some(Self { uid: Uid::new(place.uid)?, mail: place.mail, outcome: place.outcome })
    }
}

/// What the server did not let be filed.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) unfiled: u64,
    pub(super) refusals: Vec<String>,
}

/// One MOVE per archive folder, noted when the server has done it.
///
/// # Errors
///
/// The connection ended, also by a refusal after which it cannot be used, or the database failed.
pub(super) async fn file_away(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    recorded: Vec<InFolder>,
) -> Result<Left> {
    let mut filing = Filing { importer, mailbox, now: Utc::now(), left: Left::default() };
    for &outcome in ImportOutcome::ALL {
        let of_outcome: Vec<InFolder> = recorded.iter().filter(|mail| mail.outcome == outcome).copied().collect();
        let folder = mailbox.archive.folder(outcome, filing.now);
        for mails in of_outcome.chunks(AT_ONCE) {
            filing.all_or_each(session, mails, &folder).await?;
        }
    }
    Ok(filing.left)
}

struct Filing<'a> {
    importer: &'a Importer,
    mailbox: &'a Mailbox,
    now: DateTime<Utc>,
    left: Left,
}

impl Filing<'_> {
    /// Together, or, if the server moves none of them because it will not move one, each by itself.
    async fn all_or_each(&mut self, session: &mut Session, mails: &[InFolder], folder: &str) -> Result<()> {
        let Some(refusal) = self.together(session, mails, folder).await? else { return Ok(()) };
        if mails.len() == 1 || !refusal.has_filed_nothing() {
            self.leave(mails, &refusal);
            return Ok(());
        }
        let mut refused = 0;
        for mail in mails {
            let mail = std::slice::from_ref(mail);
            // The others would hardly fare better: a folder that is shut or full refuses each.
            if refused >= REFUSED_SINGLY {
                self.leave(mail, &refusal);
            } else if let Some(refusal) = self.together(session, mail, folder).await? {
                refused += 1;
                self.leave(mail, &refusal);
            }
        }
        Ok(())
    }

    fn leave(&mut self, mails: &[InFolder], refusal: &ImapError) {
        self.left.unfiled += mails.len() as u64;
        self.left.refusals.push(refusal.to_string());
    }

    /// Files and notes, or gives the refusal back if the connection outlived it.
    async fn together(&self, session: &mut Session, mails: &[InFolder], folder: &str) -> Result<Option<ImapError>> {
        // A worker that was paused meanwhile must not move what another is moving.
        self.importer.store.off_thread(Store::confirm_lease).await?;
        let uids: Vec<Uid> = mails.iter().map(|mail| mail.uid).collect();
        let filed = match session.file_away(&uids, &FolderName::parse(folder)?).await {
            Ok(filed) => filed,
            Err(refusal) if session.is_usable() => return Ok(Some(refusal)),
            Err(error) => return Err(error.into()),
        };
        reach(FailPoint::FiledAway);
        if let Some(warning) = filed.warning() {
            tracing::warn!(mailbox = self.mailbox.address.as_str(), warning);
        }
        let new_uids: HashMap<Uid, Option<Uid>> = filed.moved.into_iter().collect();
        // One that had vanished is not noted as filed: the next round looks where it is, and says so if it is nowhere.
        let places: Vec<FiledMail> = mails
            .iter()
            .filter_map(|mail| {
                let uid = new_uids.get(&mail.uid)?.map(Uid::get);
                let (folder, uid_validity) = (folder.to_owned(), filed.uid_validity);
                Some(FiledMail { mail: mail.mail, outcome: mail.outcome, folder, uid_validity, uid })
            })
            .collect();
        let now = self.now;
        self.importer
            .store
            .off_thread(move |store| store.filed_away(&places, now))
            .await
            .context("Cannot note where mail was filed")?;
        Ok(None)
    }
}
