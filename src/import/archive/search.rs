//! The search for mails: by the place that was noted, and by identity.

use super::{Original, Sought, is_of_record, read};
use crate::application::FolderName;
use crate::application::id::MailId;
use crate::imap::{Envelope, Mode, OpenFolder, Session, Uid};
use crate::import::mail_in_hand::Content;
use crate::mail::is_of_never_seen;
use crate::settings::Mailbox;
use crate::store::{MailPlace, Store};
use anyhow::Result;
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio_util::sync::CancellationToken;

/// Which mails count, of those that are found by identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that are not marked as deleted. A copy that was made of a mail never is, where there is no MOVE.
    Unmarked,
    /// Those that are.
    Marked,
    /// Both.
    All,
}

/// The originals of these mails of one mailbox, as far as they are to be found. All are in memory at once.
///
/// # Errors
///
/// The connection or the database failed.
pub(in crate::import) async fn originals(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    places: &[MailPlace],
) -> Result<HashMap<MailId, Original>> {
    let sought: Vec<Sought> = places.iter().map(Sought::from).collect();
    found(session, store, mailbox, &sought, &CancellationToken::new()).await
}

/// Those of these mails that are found: where they were noted, else by identity. One that is marked as deleted is taken only
/// if there is no other in any folder. A stop ends the search between two mails.
pub(super) async fn found(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    sought: &[Sought],
    stop: &CancellationToken,
) -> Result<HashMap<MailId, Original>> {
    let mut search = Search { session, store, mailbox, stop, found: HashMap::new(), taken: HashSet::new() };
    search.by_place(sought).await?;
    let missing: Vec<&Sought> = sought.iter().filter(|place| !search.found.contains_key(&place.mail)).collect();
    let folders = search.folders(&missing);
    for which in [Which::Unmarked, Which::Marked] {
        search.by_identity(sought, &folders, which).await?;
    }
    Ok(search.found)
}

/// Those of these mails that lie in one of these folders, wherever they were noted. A stop ends the search between two mails.
pub(super) async fn found_in(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    sought: &[Sought],
    (folders, which): (&[String], Which),
    stop: &CancellationToken,
) -> Result<HashMap<MailId, Original>> {
    let mut search = Search { session, store, mailbox, stop, found: HashMap::new(), taken: HashSet::new() };
    search.by_identity(sought, folders, which).await?;
    Ok(search.found)
}

struct Search<'a> {
    session: &'a mut Session,
    store: &'a Store,
    mailbox: &'a Mailbox,
    stop: &'a CancellationToken,
    found: HashMap<MailId, Original>,
    /// Folder, UIDVALIDITY and UID of what was found: no two records are of one mail.
    taken: HashSet<(String, u32, Uid)>,
}

impl Search<'_> {
    async fn by_place(&mut self, places: &[Sought]) -> Result<()> {
        let mut by_folder: BTreeMap<&String, Vec<(&Sought, u32, Uid)>> = BTreeMap::new();
        for place in places {
            if let (Some(folder), Some((uid_validity, uid))) = (&place.folder, place.uid)
                && let Some(uid) = Uid::new(uid)
            {
                by_folder.entry(folder).or_default().push((place, uid_validity, uid));
            }
        }
        for (folder, wanted) in by_folder {
            let Some(open) = self.open(folder).await? else { continue };
            let valid: Vec<_> = wanted.into_iter().filter(|(_, validity, _)| *validity == open.uid_validity).collect();
            let uids: Vec<Uid> = valid.iter().map(|(_, _, uid)| *uid).collect();
            let envelopes = self.session.sizes(&uids).await?;
            let mut contents = self.read(&envelopes).await?;
            for (place, _, uid) in valid {
                let Some((size, content)) = contents.remove(&uid) else { continue };
                let is_it = if is_of_never_seen(&place.digest) {
                    let has_size = |envelope: &Envelope| envelope.uid == uid && envelope.size == place.size;
                    envelopes.iter().any(has_size) && self.is_free(place, folder, &open, uid).await?
                } else {
                    is_of_record(content.bytes(), &place.digest)
                };
                if is_it {
                    self.keep(place, folder, &open, uid, size, content);
                }
            }
        }
        Ok(())
    }

    async fn by_identity(&mut self, places: &[Sought], folders: &[String], which: Which) -> Result<()> {
        let mut missing: Vec<&Sought> = places.iter().filter(|place| !is_of_never_seen(&place.digest)).collect();
        for folder in folders {
            missing.retain(|place| !self.found.contains_key(&place.mail));
            if missing.is_empty() {
                break;
            }
            let Some(open) = self.open(folder).await? else { continue };
            for place in &missing {
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                self.search_in(folder, &open, place, which).await?;
            }
        }
        Ok(())
    }

    async fn search_in(&mut self, folder: &str, open: &OpenFolder, place: &Sought, which: Which) -> Result<()> {
        let mut uids = self.candidates(place).await?;
        if which != Which::All {
            let unmarked = self.session.unmarked(&uids).await?;
            uids.retain(|uid| unmarked.contains(uid) == (which == Which::Unmarked));
        }
        for envelope in self.session.sizes(&uids).await? {
            let uid = envelope.uid;
            let Some((size, content)) = self.read(std::slice::from_ref(&envelope)).await?.remove(&uid) else {
                continue;
            };
            if is_of_record(content.bytes(), &place.digest) && self.is_free(place, folder, open, uid).await? {
                self.keep(place, folder, open, uid, size, content);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The mails of the open folder that may be this one.
    async fn candidates(&mut self, place: &Sought) -> Result<Vec<Uid>> {
        if let Some(message_id) = &place.message_id {
            return Ok(self.session.find_by_message_id(message_id).await?);
        }
        let mut uids = self.session.find_by_size(place.size).await?;
        let day = place.received_at.date_naive();
        let others = self.session.find_by_day_and_size(day, place.size).await?;
        let others: Vec<Uid> = others.into_iter().filter(|uid| !uids.contains(uid)).collect();
        uids.extend(others);
        Ok(uids)
    }

    /// Of two copies of a mail each has its record: a repeat is not to be taken for the first.
    async fn is_free(&self, place: &Sought, folder: &str, open: &OpenFolder, uid: Uid) -> Result<bool> {
        if self.taken.contains(&(folder.to_owned(), open.uid_validity, uid)) {
            return Ok(false);
        }
        let (mail, mailbox, folder) = (place.mail, place.mailbox, folder.to_owned());
        let at = (open.uid_validity, uid.get());
        Ok(!self.store.off_thread(move |store| store.is_anothers_place(mail, mailbox, &folder, at)).await?)
    }

    fn keep(&mut self, place: &Sought, folder: &str, open: &OpenFolder, uid: Uid, size: u64, content: Content) {
        let uid_validity = open.uid_validity;
        self.taken.insert((folder.to_owned(), uid_validity, uid));
        self.found.insert(place.mail, Original { folder: folder.to_owned(), uid_validity, uid, size, content });
    }

    /// Where mail may lie, the likeliest folders first.
    fn folders(&self, places: &[&Sought]) -> Vec<String> {
        let recorded = places.iter().filter_map(|place| place.folder.clone());
        let archive = places.iter().flat_map(|place| self.mailbox.archive.folders(place.processed_at));
        let mut named = HashSet::new();
        let all = recorded.chain(archive).chain(std::iter::once(self.mailbox.folder.to_string()));
        all.filter(|folder| named.insert(folder.clone())).collect()
    }

    async fn open(&mut self, folder: &str) -> Result<Option<OpenFolder>> {
        let name = FolderName::parse(folder)?;
        if self.session.folders().await?.find_open(&name).is_none() {
            return Ok(None);
        }
        Ok(Some(self.session.open(&name, Mode::ReadOnly).await?))
    }

    /// The mails with their sizes; of those that are too large, the beginning.
    async fn read(&mut self, envelopes: &[Envelope]) -> Result<HashMap<Uid, (u64, Content)>> {
        let (too_large, whole): (Vec<Envelope>, Vec<Envelope>) =
            envelopes.iter().cloned().partition(|envelope| envelope.size > self.mailbox.max_size);
        let mut contents = HashMap::new();
        for mail in self.session.bodies(&whole).await? {
            contents.insert(mail.uid, (mail.bytes.len() as u64, Content::Whole(mail.bytes)));
        }
        for envelope in too_large {
            if let Some(content) = read(self.session, self.mailbox, &envelope).await? {
                contents.insert(envelope.uid, (envelope.size, content));
            }
        }
        Ok(contents)
    }
}
