//! What an interrupted round left between the record and the archive: mails that are recorded and not noted as filed.
//!
//! Each of them is looked for, before anything else is done. It may still lie in the inbox, and is filed by the round as
//! if nothing had happened; it may lie in its archive folder, which is noted; or in both, where a COPY was not followed by
//! its removal: then it is removed and not copied a second time. The inbox may have other UIDs by now.

use crate::application::FolderName;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::imap::{Envelope, Mode, Session, Uid, Way};
use crate::import::archive::refile::refile;
use crate::import::archive::{is_of_record, read};
use crate::import::connect::is_refusal;
use crate::import::importer::Importer;
use crate::settings::Mailbox;
use crate::store::{FiledMail, Store, UnfiledMail};
use anyhow::{Context, Result};
use chrono::Utc;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many mails that may be the one are looked into, the newest first: a folder may hold thousands of the same size.
const LOOKED_INTO: usize = 50;

/// What is still to be done.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    /// Mails that lie, or may lie, in the archive and in the inbox: not to be copied once more.
    pub(super) in_both: BTreeSet<MailId>,
    /// Those of them whose place in the archive was found: the second half of a COPY is to be done.
    pub(super) copied: Vec<(UnfiledMail, FiledMail)>,
    /// What the server refused, in words for operations.
    pub(super) refusals: Vec<String>,
}

/// Finds out where mails lie that are recorded and not noted as filed, and notes it. A folder that the server keeps shut
/// holds up no other mail: the next round tries again.
///
/// # Errors
///
/// The connection or the database failed.
pub(super) async fn settle_interrupted(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
) -> Result<Unsettled> {
    let mut unsettled = Unsettled::default();
    match settle(session, importer, mailbox, &mut unsettled).await {
        Err(error) if is_refusal(session, &error) => {
            unsettled.refusals.push(format!("{error:#}"));
        }
        settled => settled?,
    }
    Ok(unsettled)
}

/// Does the second half of a COPY whose first half was done, and notes where the mails lie; says how many they were.
///
/// It is the last thing of a round: a server that will not have mail removed, and ends the connection over it, must not
/// keep new mail from coming in. What lies in the inbox under the UID of a copied mail and is another is not removed.
///
/// # Errors
///
/// The server refuses it, the connection or the database failed.
pub(super) async fn remove_copied(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    copied: Vec<(UnfiledMail, FiledMail)>,
) -> Result<u64> {
    if copied.is_empty() {
        return Ok(0);
    }
    let (mails, filed): (Vec<UnfiledMail>, Vec<FiledMail>) = copied.into_iter().unzip();
    let open = session.open(&mailbox.folder, Mode::ReadWrite).await?;
    let by_uid = at_their_uids(&mails, open.uid_validity);
    let uids: Vec<Uid> = by_uid.keys().copied().collect();
    let mut same = Vec::new();
    for envelope in session.sizes(&uids).await? {
        if let Some(mail) = by_uid.get(&envelope.uid)
            && is_copy(session, mailbox, mail, &envelope).await?
        {
            same.push(envelope.uid);
        }
    }
    if !same.is_empty() {
        importer.store.off_thread(Store::confirm_lease).await?;
        session.remove_filed(&same).await?;
    }
    let settled = filed.len() as u64;
    note(importer, mailbox, filed).await?;
    Ok(settled)
}

/// Where these mails lay in the inbox, if it still has this UIDVALIDITY.
fn at_their_uids(mails: &[UnfiledMail], uid_validity: u32) -> BTreeMap<Uid, &UnfiledMail> {
    let there = mails.iter().filter(|mail| mail.uid_validity == uid_validity);
    there.filter_map(|mail| Some((Uid::new(mail.uid)?, mail))).collect()
}

/// Whether a mail of the open folder is the recorded one. One that could not be had or read is not asked for again, as it
/// may be one that ends the connection: its size must do.
async fn is_copy(session: &mut Session, mailbox: &Mailbox, mail: &UnfiledMail, envelope: &Envelope) -> Result<bool> {
    if mail.outcome == ImportOutcome::SetAside {
        return Ok(envelope.size == mail.size);
    }
    let content = read(session, mailbox, envelope).await?;
    Ok(content.is_some_and(|content| is_of_record(content.bytes(), &mail.digest)))
}

async fn note(importer: &Importer, mailbox: &Mailbox, filed: Vec<FiledMail>) -> Result<()> {
    if !filed.is_empty() {
        let found = filed.len();
        importer
            .store
            .off_thread(move |store| store.filed_away(&filed, Utc::now()))
            .await
            .context("Cannot note where mail was filed")?;
        tracing::info!(mailbox = mailbox.address.as_str(), found, "Mail of an interrupted round was filed already");
    }
    Ok(())
}

async fn settle(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    unsettled: &mut Unsettled,
) -> Result<()> {
    let id = importer.mailbox();
    let unfiled = importer.store.off_thread(move |store| store.unfiled_mails(id)).await?;
    if unfiled.is_empty() {
        return Ok(());
    }
    let mut search = Search { session, importer, mailbox, taken: BTreeSet::new(), marked_too: false };
    let in_inbox = search.in_inbox(&unfiled).await?;
    let outcomes: HashMap<MailId, ImportOutcome> = unfiled.iter().map(|mail| (mail.mail, mail.outcome)).collect();
    let mut wanted = unfiled.clone();
    if Way::offered_by(search.session.capabilities()) == Way::Move {
        // MOVE leaves nothing half done: what is in the inbox is not in the archive.
        wanted.retain(|mail| !in_inbox.contains_key(&mail.mail));
    }
    unsettled.in_both.extend(wanted.iter().map(|mail| mail.mail).filter(|mail| in_inbox.contains_key(mail)));
    let mut found = search.in_archive(&wanted).await?;
    // What is nowhere else may be marked; beside one in the inbox a copy that is marked is not the one that was made of it.
    search.marked_too = true;
    let mut nowhere = wanted.clone();
    nowhere.retain(|mail| !in_inbox.contains_key(&mail.mail) && found.iter().all(|filed| filed.mail != mail.mail));
    found.extend(search.in_archive(&nowhere).await?);
    unsettled.in_both.retain(|mail| found.iter().any(|filed| filed.mail == *mail));
    wanted.retain(|mail| found.iter().all(|filed| filed.mail != mail.mail));
    let (in_both, filed): (Vec<FiledMail>, Vec<FiledMail>) =
        found.into_iter().partition(|filed| in_inbox.contains_key(&filed.mail));
    let record = |filed: &FiledMail| unfiled.iter().find(|mail| mail.mail == filed.mail).cloned();
    unsettled.copied = in_both.into_iter().filter_map(|filed| Some((record(&filed)?, filed))).collect();
    let elsewhere = filed.iter().any(|filed| outcomes.get(&filed.mail) != Some(&filed.outcome));
    note(importer, mailbox, filed).await?;
    if elsewhere {
        refile(search.session, &importer.store, mailbox, id).await?;
    }
    wanted.retain(|mail| !in_inbox.contains_key(&mail.mail));
    search.renumbered_or_gone(&wanted).await
}

/// A search for single mails; each place is given to one of them only.
struct Search<'a> {
    session: &'a mut Session,
    importer: &'a Importer,
    mailbox: &'a Mailbox,
    taken: BTreeSet<(String, Uid)>,
    /// Whether a mail that is marked as deleted may be one, if there is no other.
    marked_too: bool,
}

impl Search<'_> {
    /// Those that lie in the inbox where they were fetched. A UID counts under its UIDVALIDITY only, and a mail of another
    /// size is looked into: some servers count roughly, and some give UIDs twice.
    async fn in_inbox(&mut self, unfiled: &[UnfiledMail]) -> Result<HashMap<MailId, Uid>> {
        let open = self.session.open(&self.mailbox.folder, Mode::ReadOnly).await?;
        let by_uid = at_their_uids(unfiled, open.uid_validity);
        let uids: Vec<Uid> = by_uid.keys().copied().collect();
        let mut same = HashMap::new();
        for envelope in self.session.sizes(&uids).await? {
            let Some(mail) = by_uid.get(&envelope.uid) else { continue };
            if mail.size == envelope.size || is_copy(self.session, self.mailbox, mail, &envelope).await? {
                same.insert(mail.mail, envelope.uid);
            }
        }
        Ok(same)
    }

    /// Those that lie in the folder they belong to, or, where a person decided otherwise since, in that of another outcome.
    async fn in_archive(&mut self, unfiled: &[UnfiledMail]) -> Result<Vec<FiledMail>> {
        let mut filed = Vec::new();
        self.in_folders_for(|mail, outcome| outcome == mail.outcome, unfiled, &mut filed).await?;
        let before = |mail: &UnfiledMail, outcome| outcome != mail.outcome && mail.was_decided_again();
        self.in_folders_for(before, unfiled, &mut filed).await?;
        Ok(filed)
    }

    /// Looks for each mail in the folders of those outcomes for which it may have been moved.
    async fn in_folders_for(
        &mut self,
        may_be: impl Fn(&UnfiledMail, ImportOutcome) -> bool,
        unfiled: &[UnfiledMail],
        filed: &mut Vec<FiledMail>,
    ) -> Result<()> {
        let now = Utc::now();
        let mut by_folder: BTreeMap<(String, ImportOutcome), Vec<&UnfiledMail>> = BTreeMap::new();
        for mail in unfiled {
            for outcome in ImportOutcome::ALL.iter().copied().filter(|outcome| may_be(mail, *outcome)) {
                let times = [mail.recorded_at, mail.processed_at, now];
                for folder in BTreeSet::from(times.map(|at| self.mailbox.archive.folder(outcome, at))) {
                    by_folder.entry((folder, outcome)).or_default().push(mail);
                }
            }
        }
        for ((folder, outcome), mails) in by_folder {
            let name = FolderName::parse(&folder)?;
            if self.session.folders().await?.find(&name).is_none() {
                continue;
            }
            let open = self.session.open(&name, Mode::ReadOnly).await?;
            for mail in mails {
                if filed.iter().any(|filed| filed.mail == mail.mail) {
                    continue;
                }
                if let Some(uid) = self.unclaimed(mail, &folder, open.uid_validity).await? {
                    let (uid_validity, uid) = (Some(open.uid_validity), Some(uid.get()));
                    filed.push(FiledMail { mail: mail.mail, outcome, folder: folder.clone(), uid_validity, uid });
                }
            }
        }
        Ok(())
    }

    /// Those that are neither where they were nor in the archive: the inbox has other UIDs now, or somebody took them away.
    async fn renumbered_or_gone(&mut self, missing: &[UnfiledMail]) -> Result<()> {
        if missing.is_empty() {
            return Ok(());
        }
        let folder = self.mailbox.folder.to_string();
        let open = self.session.open(&self.mailbox.folder, Mode::ReadOnly).await?;
        for mail in missing {
            // Under the same UIDVALIDITY it would have kept its UID; what is like it is another mail.
            let uid = if mail.uid_validity == open.uid_validity {
                None
            } else {
                self.unclaimed(mail, &folder, open.uid_validity).await?
            };
            let place = uid.map(|uid| (open.uid_validity, uid.get()));
            if place.is_none() {
                tracing::warn!(
                    mail = %mail.mail,
                    "A recorded mail lies neither where it was nor in its archive folder: somebody moved or removed it; its \
                     record stays"
                );
            }
            let id = mail.mail;
            self.importer.store.off_thread(move |store| store.lies_elsewhere(id, place)).await?;
        }
        Ok(())
    }

    /// The mail in the open folder, the newest of several, if there is one that belongs to no other record.
    async fn unclaimed(&mut self, mail: &UnfiledMail, folder: &str, uid_validity: u32) -> Result<Option<Uid>> {
        let mut copies = self.copies(mail).await?;
        let (id, name, digest) = (self.importer.mailbox(), folder.to_owned(), mail.digest.clone());
        let others = self.importer.store.off_thread(move |store| store.filed_copies(id, &name, &digest)).await?;
        let known: BTreeSet<u32> =
            others.iter().flatten().filter(|(theirs, _)| *theirs == uid_validity).map(|(_, uid)| *uid).collect();
        let somewhere = others.len().saturating_sub(known.len());
        copies.retain(|uid| !known.contains(&uid.get()) && !self.taken.contains(&(folder.to_owned(), *uid)));
        let uid = if copies.len() > somewhere { copies.last().copied() } else { None };
        self.taken.extend(uid.map(|uid| (folder.to_owned(), uid)));
        Ok(uid)
    }

    /// The mails in the open folder that are this one, marked ones first, else by UID; without a Message-ID by size.
    async fn copies(&mut self, mail: &UnfiledMail) -> Result<Vec<Uid>> {
        let mut uids = match &mail.message_id {
            Some(message_id) => self.session.find_by_message_id(message_id).await?,
            None => Vec::new(),
        };
        if uids.is_empty() {
            uids = self.session.find_by_size(mail.size).await?;
        }
        let unmarked = self.session.unmarked(&uids).await?;
        uids.retain(|uid| self.marked_too || unmarked.contains(uid));
        uids.sort_unstable_by_key(|uid| (unmarked.contains(uid), *uid));
        let newest = uids.split_off(uids.len().saturating_sub(LOOKED_INTO));
        let mut copies = Vec::new();
        for envelope in self.session.sizes(&newest).await? {
            if is_copy(self.session, self.mailbox, mail, &envelope).await? {
                copies.push(envelope.uid);
            }
        }
        copies.sort_unstable_by_key(|uid| (unmarked.contains(uid), *uid));
        Ok(copies)
    }
}
