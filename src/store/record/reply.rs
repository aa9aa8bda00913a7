//! The same reply, forwarded again: what recognises an entry's reply, and what further forwards add to it.
//!
//! Of two workers that record the same reply at once, one finds its decision overtaken, and decides again.

use super::mail_record::{Kept, MailRecord};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::decision::Decision;
use crate::mail::Attachment;
use crate::store::StoreError;
use crate::store::connection::AnyConnection;
use crate::store::error::{Trouble, Work};
use crate::store::keys::identity_key;
use crate::store::many_rows::insert_all;
use crate::store::replies::files_of;
use crate::store::schema::{files, history_entries, mail_contents, mails, reply_keys};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Insertable)]
#[diesel(table_name = reply_keys, treat_none_as_default_value = false)]
struct NewKey<'a> {
    application_id: i64,
    key: &'a str,
    position: i32,
    entry_id: i64,
}

/// An entry that a mail adds to, and the mail that made it.
#[derive(Clone, Copy)]
pub(super) struct AddsTo {
    pub(super) entry: HistoryEntryId,
    pub(super) first: MailId,
}

/// What the mail adds to, if it is a further forward of a reply.
pub(super) fn adds_to(record: &MailRecord) -> Option<AddsTo> {
    match record.decided.decision {
        Decision::AddForwarder { entry, earlier, .. } => Some(AddsTo { entry, first: earlier }),
        _ => None,
    }
}

/// Holds the entries that these mails add to, so that none is taken back and no file is added twice meanwhile.
///
/// # Errors
///
/// The decision is overtaken: an entry was taken back since.
pub(super) fn hold_entries<'a>(
    connection: &mut AnyConnection,
    records: impl Iterator<Item = &'a MailRecord>,
) -> Work<()> {
    let entries: BTreeSet<HistoryEntryId> = records.filter_map(adds_to).map(|to| to.entry).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = entries.iter().map(|entry| entry.0).collect();
    let held = history_entries::table
        .filter(history_entries::id.eq_any(&ids))
        .order(history_entries::id)
        .select(history_entries::id);
    let held: Vec<i64> = match connection {
        AnyConnection::Postgres(inner) => held.for_update().load(inner)?,
        // The whole file is locked already.
        AnyConnection::Sqlite(inner) => held.load(inner)?,
    };
    if held.len() < ids.len() { Err(overtaken()) } else { Ok(()) }
}

/// The earlier record of the very mail that is decided to add to an entry, if another worker made one meanwhile.
pub(super) fn recorded_meanwhile(connection: &mut AnyConnection, record: &MailRecord) -> Work<Option<MailId>> {
    let found: Option<i64> = mails::table
        .filter(mails::tenant_id.eq(record.tenant.0))
        .filter(mails::identity.eq(identity_key(&record.mail.identity)))
        .order(mails::id)
        .select(mails::id)
        .first(connection)
        .optional()?;
    Ok(found.map(MailId))
}

/// Of each of these mails that adds to an entry, the files that the entry lacks, by SHA-256.
pub(super) fn further_files(
    connection: &mut AnyConnection,
    mails: &[Kept<'_>],
) -> Work<HashMap<MailId, BTreeSet<String>>> {
    let adding: Vec<(&Kept<'_>, AddsTo)> =
        mails.iter().filter_map(|kept| Some((kept, adds_to(kept.record)?))).collect();
    if adding.is_empty() {
        return Ok(HashMap::new());
    }
    let mut there = files_of(connection, &adding.iter().map(|(_, to)| to.entry).collect())?;
    let mut further = HashMap::new();
    for (kept, to) in adding {
        let there = there.entry(to.entry).or_default();
        let files = kept.record.mail.attachments.iter();
        let new: Vec<_> = files.filter(|file| !there.has(&file.sha256, file.withheld.is_some())).collect();
        let is_kept = |file: &&&Attachment| file.withheld.is_none();
        there.kept.extend(new.iter().filter(is_kept).map(|file| file.sha256.clone()));
        let new: BTreeSet<String> = new.into_iter().map(|file| file.sha256.clone()).collect();
        there.all.extend(new.iter().cloned());
        further.insert(kept.mail, new);
    }
    Ok(further)
}

/// Takes the files from a mail that the entry has which it is to add to.
pub(super) fn leave_out_known_files(connection: &mut AnyConnection, mail: MailId, to: AddsTo) -> Work<()> {
    let there = files_of(connection, &BTreeSet::from([to.entry]))?.remove(&to.entry).unwrap_or_default();
    let known = files::table.filter(files::mail_id.eq(mail.0)).filter(files::sha256.eq_any(there.kept));
    diesel::delete(known).execute(connection)?;
    let withheld = files::table.filter(files::mail_id.eq(mail.0)).filter(files::withheld_sha256.eq_any(there.all));
    diesel::delete(withheld).execute(connection)?;
    Ok(())
}

/// Notes what recognises the replies of new entries, and of entries that these mails add to; further forwards that were
/// there before their entry was made anew belong to it again.
pub(super) fn note(
    connection: &mut AnyConnection,
    mails: &[Kept<'_>],
    entries: &HashMap<MailId, HistoryEntryId>,
) -> Work<()> {
    let mut replies: Vec<(ApplicationId, HistoryEntryId, &MailRecord)> = Vec::new();
    for kept in mails {
        match (kept.record.decided.decision, entries.get(&kept.mail)) {
            (Decision::AddToHistory { application, .. }, Some(entry)) => {
                replies.push((application, *entry, kept.record));
            }
            (Decision::AddForwarder { application, entry, .. }, _) => replies.push((application, entry, kept.record)),
            _ => {}
        }
    }
    note_keys(connection, &replies)?;
    join_again(connection, entries)?;
    let made = mails.iter().filter_map(|kept| Some((*entries.get(&kept.mail)?, kept.record)));
    leave_each_file_once(connection, made)
}

/// Brings what is noted of an entry's reply up to date after its mail was read again.
pub(super) fn renew(
    connection: &mut AnyConnection,
    application: ApplicationId,
    entry: HistoryEntryId,
    record: &MailRecord,
) -> Work<()> {
    note_keys(connection, &[(application, entry, record)])?;
    leave_each_file_once(connection, std::iter::once((entry, record)))
}

/// A file that the mail of an entry now brings itself is no longer one that a further forward brought.
fn leave_each_file_once<'a>(
    connection: &mut AnyConnection,
    entries: impl Iterator<Item = (HistoryEntryId, &'a MailRecord)>,
) -> Work<()> {
    let entries: HashMap<i64, &MailRecord> = entries.map(|(entry, record)| (entry.0, record)).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let further: Vec<(i64, Option<i64>)> = mails::table
        .filter(mails::adds_to.eq_any(entries.keys().copied().collect::<Vec<_>>()))
        .select((mails::id, mails::adds_to))
        .load(connection)?;
    for (mail, entry) in further {
        let Some(record) = entry.and_then(|entry| entries.get(&entry)) else { continue };
        let brought = record.mail.attachments.iter();
        let kept = brought.clone().filter(|file| file.withheld.is_none()).map(|file| file.sha256.as_str());
        let twice = files::table.filter(files::mail_id.eq(mail)).filter(files::sha256.eq_any(kept));
        diesel::delete(twice).execute(connection)?;
        let brought = brought.map(|file| file.sha256.as_str());
        let withheld = files::table.filter(files::mail_id.eq(mail)).filter(files::withheld_sha256.eq_any(brought));
        diesel::delete(withheld).execute(connection)?;
    }
    Ok(())
}

/// Notes by what the replies of these entries are recognised.
///
/// # Errors
///
/// The decision is overtaken: a reply that looks like one of these was recorded since.
fn note_keys(connection: &mut AnyConnection, replies: &[(ApplicationId, HistoryEntryId, &MailRecord)]) -> Work<()> {
    let applications: BTreeSet<i64> = replies.iter().map(|(application, ..)| application.0).collect();
    let keys: BTreeSet<&str> = replies.iter().flat_map(|(.., record)| &record.reply.keys).map(String::as_str).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let taken: Vec<(i64, String, i32, i64)> = reply_keys::table
        .filter(reply_keys::application_id.eq_any(applications))
        .filter(reply_keys::key.eq_any(keys))
        .select((reply_keys::application_id, reply_keys::key, reply_keys::position, reply_keys::entry_id))
        .load(connection)?;
    // In one order for all workers, so that two with the same keys do not block each other.
    let mut rows: BTreeMap<(i64, &str), NewKey<'_>> = BTreeMap::new();
    for (application, entry, record) in replies {
        for key in &record.reply.keys {
            let alike = taken.iter().filter(|row| row.0 == application.0 && row.1 == *key);
            let mut position = 0;
            let mut is_noted = false;
            for (.., at, other) in alike {
                is_noted |= *other == entry.0;
                position = position.max(at + 1);
                if *other != entry.0 && !record.other_replies.contains(&HistoryEntryId(*other)) {
                    return Err(overtaken());
                }
            }
            if !is_noted {
                let row = NewKey { application_id: application.0, key, position, entry_id: entry.0 };
                let before = rows.insert((application.0, key), row);
                if before.is_some_and(|before| before.entry_id != entry.0) {
                    return Err(overtaken());
                }
            }
        }
    }
    let rows: Vec<NewKey<'_>> = rows.into_values().collect();
    match insert_all!(connection, reply_keys::table, rows.as_slice()) {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(overtaken()),
        done => Ok(done.map(drop)?),
    }
}

/// Further forwards of a mail whose entry was taken back and is made anew. A mere repeat of the mail has no contents.
fn join_again(connection: &mut AnyConnection, entries: &HashMap<MailId, HistoryEntryId>) -> Work<()> {
    let ids: Vec<i64> = entries.keys().map(|mail| mail.0).collect();
    let waiting: Vec<(i64, Option<i64>)> = mails::table
        .filter(mails::repeat_of.eq_any(ids))
        .filter(exists(mail_contents::table.filter(mail_contents::mail_id.eq(mails::id))))
        .select((mails::id, mails::repeat_of))
        .load(connection)?;
    for (mail, first) in waiting {
        let entry = first.and_then(|first| entries.get(&MailId(first)));
        diesel::update(mails::table.find(mail))
            .set(mails::adds_to.eq(entry.map(|entry| entry.0)))
            .execute(connection)?;
    }
    Ok(())
}

/// What was looked up is no longer so.
pub(super) fn overtaken() -> Trouble {
    Trouble::Told(StoreError::Overtaken { wanted: "Cannot record mails as decided" })
}
