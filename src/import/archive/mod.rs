//! Finds the originals of recorded mails again: where they were filed, or wherever a person has put them since.
//!
//! First by the place that the server told when a mail was filed (COPYUID); a UID counts only under its UIDVALIDITY. Then
//! by identity, in the archive folders and the inbox: by the Message-ID, without one by size and day. Either way what is
//! found must be the very mail of the record, and no other record's. A mail of which nobody has seen a byte, since the server
//! did not hand it over, is known by its place and size alone.

pub(super) mod again;
pub(super) mod erased;
pub(super) mod original;
pub(super) mod refile;

use crate::application::FolderName;
use crate::application::id::{MailId, MailboxId};
use crate::imap::{Envelope, Mode, OpenFolder, Session, Uid};
use crate::import::mail_in_hand::{BEGINNING, Content};
use crate::mail::{IncomingMail, identity_of, is_of_never_seen};
use crate::settings::Mailbox;
use crate::store::{MailPlace, Removal, Store};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The original of a recorded mail, and where it lies.
pub(super) struct Original {
    folder: String,
    uid_validity: u32,
    uid: Uid,
    size: u64,
    content: Content,
}

/// A mail that is looked for on its server: where it lay, and by what it is recognised.
#[derive(Clone, Debug)]
struct Sought {
    mail: MailId,
    mailbox: MailboxId,
    size: u64,
    received_at: DateTime<Utc>,
    processed_at: DateTime<Utc>,
    folder: Option<String>,
    uid: Option<(u32, u32)>,
    message_id: Option<String>,
    digest: String,
}

impl From<&MailPlace> for Sought {
    fn from(place: &MailPlace) -> Self {
        Self {
            mail: place.mail,
            mailbox: place.mailbox,
            size: place.size,
            received_at: place.received_at,
            processed_at: place.processed_at,
            folder: place.folder.clone(),
            uid: place.uid,
            message_id: place.message_id.clone(),
            digest: place.digest.clone(),
        }
    }
}

impl Sought {
    /// A mail whose record is erased.
    fn erased(removal: &Removal, mailbox: MailboxId) -> Self {
        Self {
            mail: removal.mail,
            mailbox,
            size: removal.size,
            received_at: removal.received_at,
            processed_at: removal.processed_at,
            folder: Some(removal.folder.clone()),
            uid: removal.uid,
            message_id: removal.message_id.clone(),
            digest: removal.digest.clone(),
        }
    }
}

/// The originals of these mails of one mailbox, as far as they are to be found. All are in memory at once.
///
/// # Errors
///
/// The connection or the database failed.
pub(super) async fn originals(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    places: &[MailPlace],
) -> Result<HashMap<MailId, Original>> {
    let sought: Vec<Sought> = places.iter().map(Sought::from).collect();
    found(session, store, mailbox, &sought).await
}

/// The same for whatever is sought.
async fn found(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    sought: &[Sought],
) -> Result<HashMap<MailId, Original>> {
    let mut search = Search { session, store, mailbox, found: HashMap::new(), taken: HashSet::new() };
    search.by_place(sought).await?;
    let missing: Vec<&Sought> = sought.iter().filter(|place| !search.found.contains_key(&place.mail)).collect();
    let folders = search.folders(&missing);
    search.by_identity(sought, folders).await?;
    Ok(search.found)
}

/// Those of these mails that lie in one of these folders, wherever they were noted.
async fn found_in(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    sought: &[Sought],
    folders: Vec<String>,
) -> Result<HashMap<MailId, Original>> {
    let mut search = Search { session, store, mailbox, found: HashMap::new(), taken: HashSet::new() };
    search.by_identity(sought, folders).await?;
    Ok(search.found)
}

struct Search<'a> {
    session: &'a mut Session,
    store: &'a Store,
    mailbox: &'a Mailbox,
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

    async fn by_identity(&mut self, places: &[Sought], folders: Vec<String>) -> Result<()> {
        let mut missing: Vec<&Sought> = places.iter().filter(|place| !is_of_never_seen(&place.digest)).collect();
        for folder in folders {
            missing.retain(|place| !self.found.contains_key(&place.mail));
            if missing.is_empty() {
                break;
            }
            let Some(open) = self.open(&folder).await? else { continue };
            for place in &missing {
                self.search_in(&folder, &open, place).await?;
            }
        }
        Ok(())
    }

    async fn search_in(&mut self, folder: &str, open: &OpenFolder, place: &Sought) -> Result<()> {
        let uids = self.candidates(place).await?;
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

/// Why a recorded mail is not found, in words for a person.
fn not_found(place: &MailPlace) -> String {
    let mailbox = place.address.as_str();
    match (&place.folder, place.uid) {
        _ if !is_of_never_seen(&place.digest) => format!("The mail is in none of the archive folders of {mailbox}"),
        (Some(folder), Some((uid_validity, uid))) => format!(
            "The server did not hand the mail over, so that it is known by its place alone; at UID {uid} of {folder} \
             (UIDVALIDITY {uid_validity}) of {mailbox} there is none of its size, or it is not handed over still"
        ),
        _ => format!(
            "The server did not hand the mail over, so that it would be known by its place alone, and did not tell where in \
             the archive of {mailbox} it was filed; forward the original again"
        ),
    }
}

/// One mail, or its beginning if it is too large; `None` if it vanished.
pub(super) async fn read(session: &mut Session, mailbox: &Mailbox, envelope: &Envelope) -> Result<Option<Content>> {
    if envelope.size > mailbox.max_size {
        return Ok(session.head(envelope.uid, BEGINNING).await?.map(Content::Beginning));
    }
    let found = session.bodies(std::slice::from_ref(envelope)).await?;
    Ok(found.into_iter().next().map(|mail| Content::Whole(mail.bytes)))
}

/// Whether these bytes are the recorded mail. Of a mail that was too large only the beginning was known, and of one
/// that could not be read nothing but its bytes.
pub(super) fn is_of_record(bytes: &[u8], digest: &str) -> bool {
    let head = bytes.get(..BEGINNING as usize).unwrap_or(bytes);
    identity_of(bytes).digest == digest
        || identity_of(head).digest == digest
        || IncomingMail::unread(bytes).identity.digest == digest
}
