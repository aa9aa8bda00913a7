//! The files that are listed with a mail.

use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{blobs, files, mails};
use super::words::{count, value};
use crate::application::id::{HistoryEntryId, MailId};
use crate::application::{Danger, DocumentKind};
use diesel::prelude::*;
use serde::Serialize;

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileDetail {
    /// The mail that brought it.
    pub mail: MailId,
    /// Its name.
    pub name: String,
    /// The kind it is listed under.
    pub kind: DocumentKind,
    /// The rule that gave the kind.
    pub kind_rule: String,
    /// Its real type.
    pub mime: String,
    /// Its size in octets.
    pub size: u64,
    /// Why it must be handled with care, if so.
    pub danger: Option<Danger>,
    /// The mail brought it broken or cut short.
    pub damaged: bool,
    /// SHA-256 of its content, in hex, also where the content is not kept.
    pub sha256: String,
    /// Why its content is not kept, as the stored word ([`Withheld`](crate::application::Withheld)); `None` if it is.
    pub withheld: Option<String>,
    /// What a virus scanner found in it.
    pub virus: Option<String>,
}

#[derive(Queryable)]
struct FileRow {
    brought_by: i64,
    name: String,
    kind: String,
    kind_rule: String,
    mime: String,
    danger: Option<String>,
    damaged: bool,
    sha256: Option<String>,
    size: Option<i64>,
    withheld: Option<String>,
    virus: Option<String>,
    withheld_sha256: Option<String>,
    withheld_size: Option<i64>,
}

/// The files of a mail, and those that further forwards brought to its entry.
pub(super) fn file_details(
    connection: &mut AnyConnection,
    mail: MailId,
    entry: Option<HistoryEntryId>,
) -> Work<Vec<FileDetail>> {
    let mut ids: Vec<i64> =
        mails::table.filter(mails::adds_to.eq(entry.map(|entry| entry.0))).select(mails::id).load(connection)?;
    ids.push(mail.0);
    let rows: Vec<FileRow> = files::table
        .left_join(blobs::table)
        .filter(files::mail_id.eq_any(ids))
        .order((files::mail_id.ne(mail.0), files::mail_id, files::position))
        .select((
            files::mail_id,
            files::name,
            files::kind,
            files::kind_rule,
            files::mime,
            files::danger,
            files::damaged,
            files::sha256,
            blobs::size.nullable(),
            files::withheld,
            files::virus,
            files::withheld_sha256,
            files::withheld_size,
        ))
        .load(connection)?;
    rows.into_iter()
        .map(|row| {
            Ok(FileDetail {
                mail: MailId(row.brought_by),
                name: row.name,
                kind: value(row.kind, "a document kind")?,
                kind_rule: row.kind_rule,
                mime: row.mime,
                size: count(row.size.or(row.withheld_size).unwrap_or_default()),
                danger: row.danger.map(|danger| value(danger, "a danger")).transpose()?,
                damaged: row.damaged,
                sha256: row.sha256.or(row.withheld_sha256).unwrap_or_default(),
                withheld: row.withheld,
                virus: row.virus,
            })
        })
        .collect()
}
