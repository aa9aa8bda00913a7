//! What stands in a record before it is changed.

use super::seen::{AsSeen, SeenRow};
use crate::application::id::{HistoryEntryId, MailId};
use crate::decision::ImportOutcome;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{history_entries, mails};
use crate::store::words::value;
use diesel::prelude::*;

/// What stands in a record before it is changed.
pub(in crate::store) struct Before {
    pub(in crate::store) outcome: ImportOutcome,
    /// The stored word of its reason.
    pub(super) why: Option<String>,
    pub(super) seen: AsSeen,
    /// The history entry and its application.
    pub(in crate::store) entry: Option<(HistoryEntryId, i64)>,
}

/// Two people may decide about the same mail at once: the second waits and sees what the first left. Who only records that
/// another mail repeats this one does not wait: they may hold the entry that is to be taken back.
pub(in crate::store) fn lock(connection: &mut AnyConnection, mail: MailId) -> Work<Before> {
    let seen = (mails::processed_at, mails::decided_by, mails::discarded_at);
    let row = mails::table.find(mail.0).select((mails::outcome, mails::why, seen));
    let (outcome, why, seen): (String, Option<String>, SeenRow) = match connection {
        AnyConnection::Postgres(inner) => row.for_no_key_update().get_result(inner)?,
        // The whole file is locked already.
        AnyConnection::Sqlite(inner) => row.get_result(inner)?,
    };
    let entry: Option<(i64, i64)> = history_entries::table
        .filter(history_entries::mail_id.eq(mail.0))
        .select((history_entries::id, history_entries::application_id))
        .get_result(connection)
        .optional()?;
    Ok(Before {
        outcome: value(&outcome, "an outcome")?,
        why,
        seen: AsSeen::read(seen)?,
        entry: entry.map(|(id, application)| (HistoryEntryId(id), application)),
    })
}
