//! Fetches a mail that has a record again, from where it was filed, and takes it down the path once more.

use super::connect::connect;
use super::fetch::BEGINNING;
use super::mail_in_hand::{Content, MailInHand};
use super::path::Importer;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::imap::{Envelope, FolderName, Mode, Session, Uid};
use crate::mail::{IncomingMail, identity_of};
use crate::settings::{Mailbox, Settings};
use crate::store::{FiledMail, MailPlace, Place, Store};
use anyhow::{Context, Result, bail};
use chrono::Utc;
use std::collections::HashSet;
use std::sync::Arc;

/// What came of a mail that was processed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprocessed {
    /// The record.
    pub mail: MailId,
    /// What came of it before.
    pub before: ImportOutcome,
    /// What came of it now.
    pub now: ImportOutcome,
}

/// Takes one recorded mail down the path again, and files it where it now belongs.
///
/// # Errors
///
/// There is no such record, the mail is not where it was filed nor in another archive folder, or a server cannot be
/// used. The record then stands as it was, unless only the filing away failed, which the error says.
pub async fn reprocess(settings: &Arc<Settings>, store: &Store, id: MailId) -> Result<Reprocessed> {
    let place = store
        .off_thread(move |store| store.mail_place(id))
        .await?
        .with_context(|| format!("There is no mail {id}; `reply-import mails` lists them"))?;
    let mailbox = settings.mailbox(&place.address)?.clone();
    let importer = {
        let (settings, store, mailbox) = (settings.clone(), store.clone(), mailbox.clone());
        tokio::task::spawn_blocking(move || Importer::open(&store, &settings, &mailbox)).await??
    };
    let mut session = connect(&mailbox).await?;
    let found = find(&mut session, &mailbox, &place).await?;
    let Found { folder, uid, uid_validity, size, content } = found;
    let fetched = MailInHand {
        place: Some(Place { folder: folder.clone(), uid_validity, uid: uid.get() }),
        size,
        content,
        received_at: place.received_at,
        attempt: 1,
    };
    let now = Utc::now();
    let recorded = tokio::task::spawn_blocking(move || importer.import_again(id, fetched, now)).await??;
    let target = mailbox.archive.folder(recorded.outcome, now);
    if target != folder {
        move_on(&mut session, store, id, &folder, uid, &target)
            .await
            .with_context(|| format!("Now {}, but not filed away; process it again", recorded.outcome))?;
    }
    session.logout().await;
    Ok(Reprocessed { mail: id, before: place.outcome, now: recorded.outcome })
}

/// The original, and where it lies.
struct Found {
    folder: String,
    uid: Uid,
    uid_validity: u32,
    size: u64,
    content: Content,
}

/// First by the place that the server told when the mail was filed; a UID counts only under its UIDVALIDITY. Then by
/// the Message-ID in the archive folders and the inbox. Either way it must be the very mail of the record.
async fn find(session: &mut Session, mailbox: &Mailbox, place: &MailPlace) -> Result<Found> {
    let mut folders: Vec<String> = place.folder.iter().cloned().collect();
    folders.extend(mailbox.archive.folders(place.processed_at));
    folders.push(mailbox.folder.clone());
    let mut looked_into = HashSet::new();
    folders.retain(|folder| looked_into.insert(folder.clone()));
    for folder in folders {
        let name = FolderName::parse(&folder)?;
        if session.folders().await?.find_open(&name).is_none() {
            continue;
        }
        let open = session.open(&name, Mode::ReadOnly).await?;
        let mut uids: Vec<Uid> = Vec::new();
        if place.folder.as_ref() == Some(&folder)
            && let Some((uid_validity, uid)) = place.uid
            && uid_validity == open.uid_validity
        {
            uids.extend(Uid::new(uid));
        }
        if let Some(message_id) = &place.message_id {
            uids.extend(session.find_by_message_id(message_id).await?);
        }
        for envelope in session.sizes(&uids).await? {
            let Some(content) = read(session, mailbox, &envelope).await? else { continue };
            if is_of_record(content.bytes(), &place.digest) {
                let (uid, uid_validity, size) = (envelope.uid, open.uid_validity, envelope.size);
                return Ok(Found { folder, uid, uid_validity, size, content });
            }
        }
    }
    bail!("The mail is in none of the archive folders of {}", mailbox.address.as_str())
}

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

async fn move_on(session: &mut Session, store: &Store, mail: MailId, from: &str, uid: Uid, target: &str) -> Result<()> {
    let to = FolderName::parse(target)?;
    session.ensure_folder(&to).await?;
    session.open(&FolderName::parse(from)?, Mode::ReadWrite).await?;
    let filed = session.file_away(&[uid], &to).await?;
    let new_uid = filed.moved.iter().find(|(old, _)| *old == uid).and_then(|(_, new)| *new);
    let place =
        FiledMail { mail, folder: target.to_owned(), uid_validity: filed.uid_validity, uid: new_uid.map(Uid::get) };
    store.off_thread(move |store| store.filed_away(&[place], Utc::now())).await?;
    Ok(())
}
