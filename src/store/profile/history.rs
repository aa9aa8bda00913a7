//! An application's history.

use super::files::{ListedFile, files_of_application};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::decision::SenderMatch;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, history_entries, mail_contents, mails, seen_entries, users};
use crate::store::time::read;
use crate::store::viewer::{Viewer, seen_by};
use crate::store::words::value;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::HashMap;

/// One line of a history: one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The entry.
    pub entry: HistoryEntryId,
    /// The mail that made it.
    pub mail: MailId,
    /// When it came into the history.
    pub at: DateTime<Utc>,
    /// When it was passed on, as the mail says.
    pub sent_at: Option<DateTime<Utc>>,
    /// Who passed it on: the user's name, else what the mail says.
    pub forwarder: Option<String>,
    /// Who wrote the original, as the forward shows it.
    pub from_name: Option<String>,
    /// The address of whoever wrote the original.
    pub from_address: Option<String>,
    /// When the original was sent, if that can be read.
    pub original_date: Option<DateTime<Utc>>,
    /// The subject behind the number.
    pub subject: String,
    /// Whether the original's sender is the candidate.
    pub sender: SenderMatch,
    /// The files of the mail, in its order.
    pub files: Vec<ListedFile>,
    /// Who passed the same reply on again, the first one first.
    pub again: Vec<ForwardedAgain>,
    /// It came in after the viewer last looked.
    pub is_new: bool,
}

/// A further forward of the reply that made an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardedAgain {
    /// The mail.
    pub mail: MailId,
    /// When it arrived, by the server's clock.
    pub at: DateTime<Utc>,
    /// Who passed it on: the user's name, else what the mail says.
    pub forwarder: Option<String>,
    /// Their own words, as far as kept.
    pub note: Option<String>,
    /// The files that only it brought.
    pub files: Vec<ListedFile>,
}

#[derive(Queryable)]
struct Row {
    entry: i64,
    mail: i64,
    created_at: NaiveDateTime,
    sender: String,
    user: Option<String>,
    sent_at: Option<NaiveDateTime>,
    subject: Option<String>,
    forwarder_name: Option<String>,
    forwarder_address: Option<String>,
    from_name: Option<String>,
    from_address: Option<String>,
    original_date: Option<NaiveDateTime>,
}

#[derive(Queryable)]
struct AgainRow {
    entry: i64,
    mail: i64,
    received_at: NaiveDateTime,
    user: Option<String>,
    forwarder_name: Option<String>,
    forwarder_address: Option<String>,
    note: Option<String>,
}

impl Store {
    /// All entries of an application, the newest first; `None` if the viewer sees no such application.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn history(&self, viewer: Viewer, application: ApplicationId) -> Result<Option<Vec<HistoryLine>>, StoreError> {
        self.read("Cannot read a history", |connection| {
            let Some(seen) = seen_up_to(connection, viewer, application)? else { return Ok(None) };
            let rows = entries(connection, application)?;
            let mut files: HashMap<MailId, Vec<ListedFile>> = HashMap::new();
            for file in files_of_application(connection, application.0)? {
                files.entry(file.mail).or_default().push(file);
            }
            let mut again: HashMap<i64, Vec<ForwardedAgain>> = HashMap::new();
            for row in forwards(connection, application)? {
                let files = files.remove(&MailId(row.mail)).unwrap_or_default();
                again.entry(row.entry).or_default().push(row.forward(files));
            }
            let lines = rows.into_iter().map(|row| {
                let files = files.remove(&MailId(row.mail)).unwrap_or_default();
                let again = again.remove(&row.entry).unwrap_or_default();
                row.line(files, again, seen)
            });
            Ok(Some(lines.collect::<Work<_>>()?))
        })
    }
}

/// The entry up to which the viewer knows what stands in the application's history: what they saw, and whatever was
/// there before them. `None` if they see no such application.
pub(super) fn seen_up_to(
    connection: &mut AnyConnection,
    viewer: Viewer,
    application: ApplicationId,
) -> Work<Option<i64>> {
    if viewer.is_program() {
        // Nothing is new to a program.
        let shown: Option<i64> = applications::table
            .filter(applications::id.eq(application.0))
            .filter(seen_by(viewer))
            .select(applications::id)
            .get_result(connection)
            .optional()?;
        return Ok(shown.map(|_| i64::MAX));
    }
    let seen = seen_entries::application_id.eq(applications::id).and(seen_entries::user_id.eq(viewer.user.0));
    let row: Option<(i64, Option<i64>)> = applications::table
        .inner_join(users::table.on(users::id.eq(viewer.user.0)))
        .left_join(seen_entries::table.on(seen))
        .filter(applications::id.eq(application.0))
        .filter(seen_by(viewer))
        .filter(users::active.eq(true))
        .select((users::began_after, seen_entries::entry_id.nullable()))
        .get_result(connection)
        .optional()?;
    Ok(row.map(|(began_after, seen)| began_after.max(seen.unwrap_or_default())))
}

fn entries(connection: &mut AnyConnection, application: ApplicationId) -> Work<Vec<Row>> {
    Ok(history_entries::table
        .left_join(mail_contents::table.on(mail_contents::mail_id.eq(history_entries::mail_id)))
        .left_join(users::table.on(history_entries::forwarder_id.eq(users::id.nullable())))
        .filter(history_entries::application_id.eq(application.0))
        .order(history_entries::id.desc())
        .select((
            history_entries::id,
            history_entries::mail_id,
            history_entries::created_at,
            history_entries::sender,
            users::name.nullable(),
            mail_contents::sent_at.nullable(),
            mail_contents::subject_rest.nullable(),
            mail_contents::forwarder_name.nullable(),
            mail_contents::forwarder_address.nullable(),
            mail_contents::original_from_name.nullable(),
            mail_contents::original_from_address.nullable(),
            mail_contents::original_date.nullable(),
        ))
        .load(connection)?)
}

fn forwards(connection: &mut AnyConnection, application: ApplicationId) -> Work<Vec<AgainRow>> {
    Ok(mails::table
        .inner_join(history_entries::table.on(mails::adds_to.eq(history_entries::id.nullable())))
        .left_join(mail_contents::table.on(mail_contents::mail_id.eq(mails::id)))
        .left_join(users::table.on(mails::forwarder_id.eq(users::id.nullable())))
        .filter(history_entries::application_id.eq(application.0))
        .order(mails::id)
        .select((
            history_entries::id,
            mails::id,
            mails::received_at,
            users::name.nullable(),
            mail_contents::forwarder_name.nullable(),
            mail_contents::forwarder_address.nullable(),
            mail_contents::note.nullable(),
        ))
        .load(connection)?)
}

impl Row {
    fn line(self, files: Vec<ListedFile>, again: Vec<ForwardedAgain>, seen: i64) -> Work<HistoryLine> {
        Ok(HistoryLine {
            entry: HistoryEntryId(self.entry),
            mail: MailId(self.mail),
            at: read(self.created_at),
            sent_at: self.sent_at.map(read),
            forwarder: self.user.or(self.forwarder_name).or(self.forwarder_address),
            from_name: self.from_name,
            from_address: self.from_address,
            original_date: self.original_date.map(read),
            subject: self.subject.unwrap_or_default(),
            sender: value(self.sender, "a match of the sender")?,
            files,
            again,
            is_new: self.entry > seen,
        })
    }
}

impl AgainRow {
    fn forward(self, files: Vec<ListedFile>) -> ForwardedAgain {
        ForwardedAgain {
            mail: MailId(self.mail),
            at: read(self.received_at),
            forwarder: self.user.or(self.forwarder_name).or(self.forwarder_address),
            note: self.note.filter(|note| !note.is_empty()),
            files,
        }
    }
}
