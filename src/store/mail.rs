//! One mail's whole decision record: every check, why each file got its kind, who was told, where it lies.

use super::connection::AnyConnection;
use super::error::Work;
use super::listed_files::{FileDetail, file_details};
use super::mails::{MailSummary, SummaryRow, summaries};
use super::place::number;
use super::replies::{FurtherForward, further_forwards};
use super::schema::{mail_contents, mails, outbox, tenants};
use super::time::read;
use super::words::{count, from_json, value};
use super::{Store, StoreError};
use crate::application::id::{HistoryEntryId, MailId, NotificationId, UserId};
use crate::decision::{Check, DecidedBy, SenderMatch};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

/// One mail with everything that was decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: MailSummary,
    /// The tenant's name.
    pub tenant: String,
    /// Its size in octets.
    pub size: u64,
    /// When it was first recorded.
    pub recorded_at: DateTime<Utc>,
    /// When it was moved to its archive folder; `None` if that is still to be done.
    pub filed_at: Option<DateTime<Utc>>,
    /// The folder's UIDVALIDITY, if the server told.
    pub uid_validity: Option<u32>,
    /// Its UID there, if the server told.
    pub uid: Option<u32>,
    /// Its Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// The first record of the same mail, if this is a repeat.
    pub repeat_of: Option<MailId>,
    /// The entry to which it adds its forwarder, note and further files, if it is a further forward of a reply.
    pub adds_to: Option<HistoryEntryId>,
    /// The user who passed it on.
    pub forwarder: Option<UserId>,
    /// The mails in which its reply was forwarded again, if it made an entry, in the order they were recorded.
    pub forwarded_again: Vec<FurtherForward>,
    /// How many attempts were made at it before it was recorded.
    pub attempts: u32,
    /// How long it took from the fetched bytes to the decision, in milliseconds.
    pub took_ms: u64,
    /// Who decided last.
    pub decided_by: DecidedBy,
    /// The user who said that it belongs to no application, where one did and is still there.
    pub discarded_by: Option<UserId>,
    /// Since when it is to be moved to another archive folder; `None` if it lies where it belongs.
    pub refile_since: Option<DateTime<Utc>>,
    /// Every check of the decision, the deciding one last.
    pub checks: Vec<Check>,
    /// The history entry it made.
    pub entry: Option<HistoryEntryId>,
    /// Whether the original's sender is the candidate, if it made an entry.
    pub sender: Option<SenderMatch>,
    /// Its subject, if contents are kept.
    pub subject: Option<String>,
    /// The forwarder's own words, if contents are kept.
    pub note: Option<String>,
    /// Its files, in the order of the mail; behind them those that further forwards brought.
    pub files: Vec<FileDetail>,
    /// Who was told of it.
    pub notifications: Vec<NotificationDetail>,
}

/// A notification of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationDetail {
    /// The outbox row.
    pub id: NotificationId,
    /// Why the person is told.
    pub occasion: String,
    /// The person, `None` for an office address.
    pub user: Option<UserId>,
    /// The address it goes to.
    pub recipient: String,
    /// `pending`, `sent` or `failed`.
    pub state: String,
    /// How often sending failed.
    pub attempts: u32,
    /// When it is to be tried next, if it is pending.
    pub due_at: Option<DateTime<Utc>>,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the server said last.
    pub last_error: Option<String>,
}

#[derive(Queryable)]
struct Row {
    tenant: String,
    size: i64,
    recorded_at: NaiveDateTime,
    filed_at: Option<NaiveDateTime>,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    message_id: Option<String>,
    repeat_of: Option<i64>,
    forwarder: Option<i64>,
    attempts: i32,
    took_ms: i64,
    decided_by: String,
    refile_since: Option<NaiveDateTime>,
    checks: String,
    subject: Option<String>,
    adds_to: Option<i64>,
    note: Option<String>,
    discarded_by: Option<i64>,
}

impl Store {
    /// One mail with everything that was decided about it, or `None` if there is no such mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mail(&self, mail: MailId) -> Result<Option<MailDetail>, StoreError> {
        self.read("Cannot read a mail's record", |connection| mail_detail(connection, mail))
    }
}

/// As [`Store::mail`], inside a unit of work.
pub(super) fn mail_detail(connection: &mut AnyConnection, mail: MailId) -> Work<Option<MailDetail>> {
    let summary: Option<SummaryRow> = summaries().filter(mails::id.eq(mail.0)).get_result(connection).optional()?;
    let Some(summary) = summary else { return Ok(None) };
    let row = row(connection, mail)?;
    let (entry, sender) = entry(connection, mail)?.unzip();
    Ok(Some(MailDetail {
        summary: summary.summary()?,
        tenant: row.tenant,
        size: count(row.size),
        recorded_at: read(row.recorded_at),
        filed_at: row.filed_at.map(read),
        uid_validity: number(row.uid_validity),
        uid: number(row.uid),
        message_id: row.message_id,
        repeat_of: row.repeat_of.map(MailId),
        adds_to: row.adds_to.map(HistoryEntryId),
        forwarder: row.forwarder.map(UserId),
        attempts: row.attempts.try_into().unwrap_or_default(),
        took_ms: count(row.took_ms),
        decided_by: value(&row.decided_by, "who decided")?,
        discarded_by: row.discarded_by.map(UserId),
        refile_since: row.refile_since.map(read),
        checks: from_json(&row.checks, "a decision record")?,
        entry,
        sender,
        subject: row.subject,
        note: row.note.filter(|note| !note.is_empty()),
        files: file_details(connection, mail, entry)?,
        forwarded_again: further_forwards(connection, entry)?,
        notifications: notification_details(connection, mail)?,
    }))
}

fn row(connection: &mut AnyConnection, mail: MailId) -> Work<Row> {
    Ok(mails::table
        .inner_join(tenants::table.on(tenants::id.eq(mails::tenant_id)))
        .left_join(mail_contents::table)
        .filter(mails::id.eq(mail.0))
        .select((
            tenants::name,
            mails::size,
            mails::recorded_at,
            mails::filed_at,
            mails::uid_validity,
            mails::uid,
            mails::message_id,
            mails::repeat_of,
            mails::forwarder_id,
            mails::attempts,
            mails::took_ms,
            mails::decided_by,
            mails::refile_since,
            mails::checks,
            mail_contents::subject.nullable(),
            mails::adds_to,
            mail_contents::note.nullable(),
            mails::discarded_by,
        ))
        .get_result(connection)?)
}

fn entry(connection: &mut AnyConnection, mail: MailId) -> Work<Option<(HistoryEntryId, SenderMatch)>> {
    use super::schema::history_entries;
    let row: Option<(i64, String)> = history_entries::table
        .filter(history_entries::mail_id.eq(mail.0))
        .select((history_entries::id, history_entries::sender))
        .get_result(connection)
        .optional()?;
    row.map(|(id, sender)| Ok((HistoryEntryId(id), value(sender, "a match of the sender")?))).transpose()
}

#[derive(Queryable)]
struct NotificationRow {
    id: i64,
    occasion: String,
    user: Option<i64>,
    recipient: String,
    state: String,
    attempts: i32,
    due_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
    last_error: Option<String>,
}

fn notification_details(connection: &mut AnyConnection, mail: MailId) -> Work<Vec<NotificationDetail>> {
    let rows: Vec<NotificationRow> = outbox::table
        .filter(outbox::mail_id.eq(mail.0))
        .order(outbox::id)
        .select((
            outbox::id,
            outbox::occasion,
            outbox::user_id,
            outbox::address,
            outbox::state,
            outbox::attempts,
            outbox::due_at,
            outbox::sent_at,
            outbox::last_error,
        ))
        .load(connection)?;
    let detail = |row: NotificationRow| NotificationDetail {
        id: NotificationId(row.id),
        due_at: Some(read(row.due_at)).filter(|_| row.state == "pending"),
        occasion: row.occasion,
        user: row.user.map(UserId),
        recipient: row.recipient,
        state: row.state,
        attempts: row.attempts.try_into().unwrap_or_default(),
        sent_at: row.sent_at.map(read),
        last_error: row.last_error,
    };
    Ok(rows.into_iter().map(detail).collect())
}
