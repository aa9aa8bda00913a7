//! Removes the archived mail of erased records from its server.
//!
//! Each is looked for like any original (`originals`): where it was filed, else by identity; what is removed is that very
//! mail and no other record's. One that was not where it was noted may lie twice, or where a person has put it: then all
//! folders of the mailbox but the inbox are looked through too. One that was to be filed, or to be moved on, may have been
//! copied by an exchange that was interrupted: then the archive folders are. One that is nowhere is gone. One that the server
//! does not hand over was recorded unread: of it the place and the size must do, also where it is handed over since.
//!
//! A server with a folder of all mail (Gmail) keeps there what is removed elsewhere, until it is removed from the trash.

use super::copies::{archive_folders, other_folders};
use super::search::{Which, found, found_in};
use super::{Original, Sought, read};
use crate::application::FolderName;
use crate::application::id::{MailId, MailboxId};
use crate::fail_point::{FailPoint, reach};
use crate::imap::{MAX_MAILS, Mode, Session, SpecialUse, Uid, in_batches};
use crate::import::connect::is_refusal;
use crate::import::mail_in_hand::Content;
use crate::retry;
use crate::settings::Mailbox;
use crate::store::{Removal, Store};
use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use tokio_util::sync::CancellationToken;

/// So often copies of a mail are looked for: each look removes one of each mail.
const LOOKS: usize = 10;

/// What is said of mail that a server without UIDPLUS keeps.
const ONLY_MARKED: &str =
    "marked as deleted; the server cannot remove single mails (no UIDPLUS), so a mail program must expunge the folder";

/// What came of removing mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemovalReport {
    /// So many mails, copies included, were removed from each folder.
    pub removed: BTreeMap<String, u64>,
    /// Mails that are in no folder any more: somebody removed them before.
    pub missing: u64,
    /// Mails that are marked as deleted and stay until a mail program expunges the folder.
    pub marked: u64,
    /// What the server refused, in words for operations: it is tried again later.
    pub refusals: Vec<String>,
}

/// Removes what is due in this mailbox; without a time everything. What the server refuses waits for the next time and
/// holds up no other. A stop ends it between two mails; what was not looked for everywhere is looked for again.
///
/// # Errors
///
/// The connection or the database failed. What was removed before is noted.
pub async fn remove_erased(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    id: MailboxId,
    due: Option<DateTime<Utc>>,
    stop: &CancellationToken,
) -> Result<RemovalReport> {
    let mut report = RemovalReport::default();
    let mut after = None;
    loop {
        let most = u32::try_from(MAX_MAILS).unwrap_or(u32::MAX);
        let page = store.off_thread(move |store| store.removals(id, due, after, most)).await?;
        let Some(last) = page.last() else { return Ok(report) };
        after = Some(last.mail);
        let mut sets: VecDeque<Vec<Removal>> = in_batches(page, |removal| removal.size).into();
        while let Some(set) = sets.pop_front() {
            if stop.is_cancelled() {
                return Ok(report);
            }
            let mut removing = Removing { session: &mut *session, store, mailbox, id, stop, report: &mut report };
            match removing.remove(&set).await {
                Err(error) if is_refusal(session, &error) => {
                    if set.len() > 1 {
                        set.into_iter().rev().for_each(|removal| sets.push_front(vec![removal]));
                    } else {
                        refused(store, &set, &mut report, format!("{error:#}")).await?;
                    }
                }
                done => done?,
            }
        }
    }
}

async fn refused(store: &Store, set: &[Removal], report: &mut RemovalReport, why: String) -> Result<()> {
    let (mails, text) = (mails(set), why.clone());
    store.off_thread(move |store| store.could_not_remove(&mails, &text)).await?;
    if !report.refusals.contains(&why) {
        report.refusals.push(why);
    }
    Ok(())
}

fn mails(set: &[Removal]) -> Vec<MailId> {
    set.iter().map(|removal| removal.mail).collect()
}

/// A set on its way.
struct Removing<'a> {
    session: &'a mut Session,
    store: &'a Store,
    mailbox: &'a Mailbox,
    id: MailboxId,
    stop: &'a CancellationToken,
    report: &'a mut RemovalReport,
}

impl Removing<'_> {
    async fn remove(&mut self, set: &[Removal]) -> Result<()> {
        self.begin(set).await?;
        let sought: Vec<Sought> = set.iter().map(|removal| Sought::erased(removal, self.id)).collect();
        let mut at_first = match found(self.session, self.store, self.mailbox, &sought, self.stop).await {
            Err(error) if set.len() == 1 && is_refusal(self.session, &error) => {
                let unread = self.unread(&sought).await?;
                if unread.is_empty() {
                    return Err(error);
                }
                unread
            }
            found => found?,
        };
        let missing: Vec<Sought> =
            sought.iter().filter(|sought| !at_first.contains_key(&sought.mail)).cloned().collect();
        at_first.extend(self.unread(&missing).await?);
        let mut marked: HashSet<MailId> = HashSet::new();
        self.take_away(&at_first, &mut marked).await?;
        let thrown = self.throw_away(&sought, &marked).await?;
        let mut removed: HashSet<MailId> = at_first.keys().copied().collect();
        let (mut in_archive, mut anywhere) = (Vec::new(), Vec::new());
        for (one, removal) in sought.iter().zip(set) {
            let is_there = at_first.get(&one.mail).is_some_and(|original| lay_at(one, original));
            // Of a server that only marks, the same would be found again and again.
            let is_certain = is_there && thrown.as_ref().is_some_and(|thrown| !thrown.contains(&one.mail));
            if marked.contains(&one.mail) || is_certain && removal.is_settled {
                continue;
            }
            (if is_certain { &mut in_archive } else { &mut anywhere }).push(one.clone());
        }
        let archive = archive_folders(self.mailbox, &in_archive);
        let mut unsettled = self.copies(in_archive, &archive, (&mut removed, &mut marked)).await?;
        if !anywhere.is_empty() {
            let folders = other_folders(self.session, self.mailbox).await?;
            unsettled.extend(self.copies(anywhere, &folders, (&mut removed, &mut marked)).await?);
        }
        let is_gone = |mail: &MailId| !marked.contains(mail) && !unsettled.contains(mail);
        let gone: Vec<MailId> = mails(set).into_iter().filter(is_gone).collect();
        self.report.missing += gone.iter().filter(|mail| !removed.contains(mail)).count() as u64;
        self.report.marked += marked.len() as u64;
        self.store.off_thread(move |store| store.removed(&gone)).await?;
        if !marked.is_empty() {
            let marked: Vec<MailId> = marked.into_iter().collect();
            self.store.off_thread(move |store| store.could_not_remove(&marked, ONLY_MARKED)).await?;
        }
        Ok(())
    }

    /// Removes the copies of these mails in these folders. Gives those of which there may be more, as it was asked to stop.
    async fn copies(
        &mut self,
        mut rest: Vec<Sought>,
        folders: &[String],
        (removed, marked): (&mut HashSet<MailId>, &mut HashSet<MailId>),
    ) -> Result<HashSet<MailId>> {
        for _ in 0..LOOKS {
            if rest.is_empty() || self.stop.is_cancelled() {
                break;
            }
            let which = (folders, Which::All);
            let copies = found_in(self.session, self.store, self.mailbox, &rest, which, self.stop).await?;
            self.take_away(&copies, marked).await?;
            removed.extend(copies.keys());
            if !self.stop.is_cancelled() {
                rest.retain(|sought| copies.contains_key(&sought.mail) && !marked.contains(&sought.mail));
            }
        }
        let unsettled = if self.stop.is_cancelled() { rest } else { Vec::new() };
        Ok(unsettled.into_iter().map(|sought| sought.mail).collect())
    }

    /// The attempt is noted before it is made.
    async fn begin(&self, set: &[Removal]) -> Result<()> {
        let failures = set.iter().map(|removal| removal.attempts).max().unwrap_or_default().saturating_add(1);
        let pause = retry::REMOVAL.after(failures, fastrand::f64());
        let next_at = Utc::now() + TimeDelta::from_std(pause).unwrap_or_default();
        let mails = mails(set);
        Ok(self.store.off_thread(move |store| store.begin_removing(&mails, next_at)).await?)
    }

    /// Removes what was found, folder by folder.
    async fn take_away(&mut self, found: &HashMap<MailId, Original>, marked: &mut HashSet<MailId>) -> Result<()> {
        let mut by_folder: BTreeMap<&str, Vec<(MailId, &Original)>> = BTreeMap::new();
        for (mail, original) in found {
            by_folder.entry(&original.folder).or_default().push((*mail, original));
        }
        for (folder, originals) in by_folder {
            let open = self.session.open(&FolderName::parse(folder)?, Mode::ReadWrite).await?;
            let same = originals.iter().all(|(_, original)| original.uid_validity == open.uid_validity);
            ensure!(same, "The folder {folder} was given other UIDs just now");
            let uids: Vec<Uid> = originals.iter().map(|(_, original)| original.uid).collect();
            self.store.off_thread(Store::confirm_lease).await?;
            if self.session.remove_for_good(&uids).await? {
                *self.report.removed.entry(folder.to_owned()).or_default() += uids.len() as u64;
            } else {
                marked.extend(originals.iter().map(|(mail, _)| *mail));
            }
            reach(FailPoint::Removed);
        }
        Ok(())
    }

    /// Those of these mails that lie where it was noted, by place and size, and that the server does not hand over.
    async fn unread(&mut self, sought: &[Sought]) -> Result<HashMap<MailId, Original>> {
        let mut unread = HashMap::new();
        for one in sought {
            if self.stop.is_cancelled() {
                break;
            }
            let (Some(folder), Some((uid_validity, uid))) = (&one.folder, one.uid) else { continue };
            let (Some(uid), name) = (Uid::new(uid), FolderName::parse(folder)?) else { continue };
            if self.session.folders().await?.find_open(&name).is_none()
                || self.session.open(&name, Mode::ReadOnly).await?.uid_validity != uid_validity
            {
                continue;
            }
            let envelopes = self.session.sizes(&[uid]).await?;
            let Some(envelope) = envelopes.into_iter().find(|envelope| envelope.size == one.size) else { continue };
            match read(self.session, self.mailbox, &envelope).await {
                // It is another mail.
                Ok(Some(_)) => continue,
                // Left out; or it vanished just now, and nothing will be removed.
                Ok(None) => {}
                Err(error) if is_refusal(self.session, &error) => {}
                Err(error) => return Err(error),
            }
            let original =
                Original { folder: folder.clone(), uid_validity, uid, size: one.size, content: Content::Withheld };
            unread.insert(one.mail, original);
        }
        Ok(unread)
    }

    /// Moves what is left of these mails in a folder of all mail into the trash, and says which that were; `None` if it was
    /// asked to stop before all were looked for.
    async fn throw_away(&mut self, sought: &[Sought], marked: &HashSet<MailId>) -> Result<Option<HashSet<MailId>>> {
        let folders = self.session.folders().await?;
        let of_use = |wanted| {
            let of_use = folders.list.iter().find(|folder| folder.selectable && folder.special_use == Some(wanted));
            of_use.map(|folder| folder.name.clone())
        };
        let (Some(all), Some(trash)) = (of_use(SpecialUse::All), of_use(SpecialUse::Trash)) else {
            return Ok(Some(HashSet::new()));
        };
        let sought: Vec<Sought> = sought.iter().filter(|sought| !marked.contains(&sought.mail)).cloned().collect();
        let which = (std::slice::from_ref(&all), Which::All);
        let left = found_in(self.session, self.store, self.mailbox, &sought, which, self.stop).await?;
        if !left.is_empty() {
            self.session.open(&FolderName::parse(&all)?, Mode::ReadWrite).await?;
            let uids: Vec<Uid> = left.values().map(|original| original.uid).collect();
            self.store.off_thread(Store::confirm_lease).await?;
            self.session.file_away(&uids, &FolderName::parse(&trash)?).await?;
        }
        Ok((!self.stop.is_cancelled()).then(|| left.into_keys().collect()))
    }
}

/// Whether a mail was found at the very place that was noted.
fn lay_at(sought: &Sought, original: &Original) -> bool {
    sought.folder.as_deref() == Some(original.folder.as_str())
        && sought.uid == Some((original.uid_validity, original.uid.get()))
}
