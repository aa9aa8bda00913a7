//! Replies that are recorded, and by what they are recognised when somebody forwards them again.

use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{files, history_entries, mail_contents, mails, reply_keys, users};
use super::time::read;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, UserId};
use crate::decision::SameReply;
use crate::mail::{RecordedReply, ReplyIdentity};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A mail that adds to the entry of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FurtherForward {
    /// The mail.
    pub mail: MailId,
    /// The user who passed it on.
    pub forwarder: Option<UserId>,
    /// Their own words, as far as kept.
    pub note: Option<String>,
}

/// What is known about the reply in one mail.
#[derive(Clone, Debug, Default)]
pub(super) struct Alike {
    /// The entry of the same reply.
    pub(super) same: Option<SameReply>,
    /// The entries of other replies that share a key with it.
    pub(super) others: Vec<HistoryEntryId>,
}

/// The files of an entry.
#[derive(Clone, Debug, Default)]
pub(super) struct EntryFiles {
    /// Those of the mail that made it.
    pub(super) first: BTreeSet<String>,
    /// These and those that later forwards brought.
    pub(super) all: BTreeSet<String>,
    /// Those of them whose content is kept: what the entry does not lack.
    pub(super) kept: BTreeSet<String>,
}

impl EntryFiles {
    /// Whether the entry lists this file as well as it can: with its content, or, of one that is withheld, without.
    pub(super) fn has(&self, sha256: &str, is_withheld: bool) -> bool {
        if is_withheld { self.all.contains(sha256) } else { self.kept.contains(sha256) }
    }

    fn add(&mut self, kept: Option<String>, withheld: Option<String>, is_first: bool) {
        self.kept.extend(kept.clone());
        let file = kept.or(withheld);
        if is_first {
            self.first.extend(file.clone());
        }
        self.all.extend(file);
    }
}

/// An entry that shares a key with what is asked for.
#[derive(Queryable)]
struct Row {
    application: i64,
    key: String,
    entry: i64,
    mail: i64,
    created_at: NaiveDateTime,
    forwarder: Option<i64>,
    message_id: Option<String>,
    sender: Option<String>,
    sent_at: Option<NaiveDateTime>,
}

/// For each question (an application and the reply in a mail for it) the recorded replies that look like it.
///
/// As many statements where nothing is found or even asked for: whoever may not see an application must not learn from the
/// time that an answer takes whether there is one.
pub(super) fn alike(
    connection: &mut AnyConnection,
    asked: &[Option<(ApplicationId, &ReplyIdentity)>],
) -> Work<Vec<Alike>> {
    let applications: BTreeSet<i64> = asked.iter().flatten().map(|(application, _)| application.0).collect();
    let keys: BTreeSet<&str> = asked.iter().flatten().flat_map(|(_, reply)| &reply.keys).map(String::as_str).collect();
    let rows: Vec<Row> = reply_keys::table
        .inner_join(history_entries::table)
        .left_join(mail_contents::table.on(mail_contents::mail_id.eq(history_entries::mail_id)))
        .filter(reply_keys::application_id.eq_any(applications))
        .filter(reply_keys::key.eq_any(keys))
        .order(reply_keys::entry_id)
        .select((
            reply_keys::application_id,
            reply_keys::key,
            reply_keys::entry_id,
            history_entries::mail_id,
            history_entries::created_at,
            history_entries::forwarder_id,
            mail_contents::original_message_id.nullable(),
            mail_contents::original_from_address.nullable(),
            mail_contents::original_date.nullable(),
        ))
        .load(connection)?;
    let files = files_of(connection, &rows.iter().map(|row| HistoryEntryId(row.entry)).collect())?;
    let names = names(connection, rows.iter().filter_map(|row| row.forwarder).collect())?;
    Ok(asked
        .iter()
        .map(|asked| asked.map_or_else(Alike::default, |asked| answer(asked, &rows, &files, &names)))
        .collect())
}

fn answer(
    (application, reply): (ApplicationId, &ReplyIdentity),
    rows: &[Row],
    files: &HashMap<HistoryEntryId, EntryFiles>,
    names: &HashMap<i64, String>,
) -> Alike {
    let mut entries: BTreeMap<i64, (&Row, Vec<&str>)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.application == application.0 && reply.keys.contains(&row.key)) {
        entries.entry(row.entry).or_insert_with(|| (row, Vec::new())).1.push(&row.key);
    }
    let mut alike = Alike::default();
    for (row, shared) in entries.into_values() {
        let entry = HistoryEntryId(row.entry);
        let files = files.get(&entry).cloned().unwrap_or_default();
        let further_files = reply.files.difference(&files.kept).cloned().collect();
        let recorded = RecordedReply {
            message_id: row.message_id.clone(),
            sender: row.sender.as_ref().map(|address| address.to_lowercase()),
            sent_at: row.sent_at.map(read),
            first_files: files.first,
            files: files.all,
        };
        if alike.same.is_none() && reply.is_in(&recorded, shared) {
            alike.same = Some(SameReply {
                entry,
                mail: MailId(row.mail),
                imported_at: read(row.created_at),
                forwarder: row.forwarder.and_then(|user| names.get(&user).cloned()),
                further_files,
            });
        } else {
            alike.others.push(entry);
        }
    }
    alike
}

/// The digest of a file's content: kept, or withheld.
type ContentRow = (Option<String>, Option<String>);

/// The files of these entries.
pub(super) fn files_of(
    connection: &mut AnyConnection,
    entries: &BTreeSet<HistoryEntryId>,
) -> Work<HashMap<HistoryEntryId, EntryFiles>> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.0).collect();
    let content = (files::sha256, files::withheld_sha256);
    let first: Vec<(i64, ContentRow)> = history_entries::table
        .inner_join(files::table.on(files::mail_id.eq(history_entries::mail_id)))
        .filter(history_entries::id.eq_any(&ids))
        .select((history_entries::id, content))
        .load(connection)?;
    let later: Vec<(Option<i64>, ContentRow)> = mails::table
        .inner_join(files::table.on(files::mail_id.eq(mails::id)))
        .filter(mails::adds_to.eq_any(&ids))
        .select((mails::adds_to, content))
        .load(connection)?;
    let mut found: HashMap<HistoryEntryId, EntryFiles> = HashMap::new();
    for (entry, (kept, withheld)) in first {
        found.entry(HistoryEntryId(entry)).or_default().add(kept, withheld, true);
    }
    for (entry, (kept, withheld)) in later {
        if let Some(entry) = entry {
            found.entry(HistoryEntryId(entry)).or_default().add(kept, withheld, false);
        }
    }
    Ok(found)
}

fn names(connection: &mut AnyConnection, ids: BTreeSet<i64>) -> Work<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The further forwards of the reply that made this entry.
pub(super) fn further_forwards(
    connection: &mut AnyConnection,
    entry: Option<HistoryEntryId>,
) -> Work<Vec<FurtherForward>> {
    let Some(entry) = entry else { return Ok(Vec::new()) };
    let rows: Vec<(i64, Option<i64>, Option<String>)> = mails::table
        .left_join(mail_contents::table)
        .filter(mails::adds_to.eq(entry.0))
        .order(mails::id)
        .select((mails::id, mails::forwarder_id, mail_contents::note.nullable()))
        .load(connection)?;
    let forward = |(mail, forwarder, note): (i64, Option<i64>, Option<String>)| FurtherForward {
        mail: MailId(mail),
        forwarder: forwarder.map(UserId),
        note: note.filter(|note| !note.is_empty()),
    };
    Ok(rows.into_iter().map(forward).collect())
}
