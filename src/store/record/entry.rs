//! What follows from a record: the line of the application's history, the notifications, the audit.

use super::mail_record::{Kept, MailRecord, Recorded};
use super::reply;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, TenantId};
use crate::decision::{Decision, SenderMatch};
use crate::notification::{Notification, Occasion};
use crate::store::audit::{By, Deed, append};
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::keys::{identity_key, notice_key};
use crate::store::many_rows::{ROWS, insert_missing};
use crate::store::schema::{applications, history_entries, mails, outbox};
use crate::store::time::stored;
use crate::store::viewer::{Viewer, seen_by};
use crate::store::words::{json, storable};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

#[derive(Insertable)]
#[diesel(table_name = history_entries, treat_none_as_default_value = false)]
struct NewEntry {
    tenant_id: i64,
    mail_id: i64,
    application_id: i64,
    sender: &'static str,
    forwarder_id: Option<i64>,
    created_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct NewNotification<'a> {
    tenant_id: i64,
    mail_id: Option<i64>,
    entry_id: Option<i64>,
    application_id: Option<i64>,
    occasion: &'static str,
    user_id: Option<i64>,
    recipient_name: Option<Cow<'a, str>>,
    address: &'a str,
    language: &'static str,
    facts: String,
    message_key: String,
    state: &'static str,
    attempts: i32,
    created_at: NaiveDateTime,
    due_at: NaiveDateTime,
}

/// Makes the history entries of those of these mails that are imported, and the notifications of all; no answer to a
/// forwarder who had it before, by its word.
pub(super) fn insert(
    connection: &mut AnyConnection,
    mails: &[Kept<'_>],
    answered: &[String],
    now: DateTime<Utc>,
) -> Work<HashMap<MailId, HistoryEntryId>> {
    let mut rows = Vec::new();
    for kept in mails {
        if let Some((application, sender)) = assigned(kept.record) {
            rows.push(NewEntry {
                tenant_id: kept.record.tenant.0,
                mail_id: kept.mail.0,
                application_id: application.0,
                sender: sender.as_str(),
                forwarder_id: kept.record.forwarder.map(|user| user.0),
                created_at: stored(now),
            });
        }
    }
    let mut entries = HashMap::new();
    for part in rows.chunks(ROWS) {
        let part: Vec<(i64, i64)> = on!(connection, inner => diesel::insert_into(history_entries::table)
            .values(part)
            .returning((history_entries::mail_id, history_entries::id))
            .get_results(inner))?;
        entries.extend(part.into_iter().map(|(mail, entry)| (MailId(mail), HistoryEntryId(entry))));
    }
    reply::note(connection, mails, &entries)?;
    insert_notifications(connection, mails, (&entries, answered), now)?;
    Ok(entries)
}

/// Brings what an entry says about its mail up to date.
pub(super) fn update(connection: &mut AnyConnection, entry: HistoryEntryId, record: &MailRecord) -> Work<()> {
    if let Some((application, sender)) = assigned(record) {
        reply::renew(connection, application, entry, record)?;
        diesel::update(history_entries::table.find(entry.0))
            .set((
                history_entries::sender.eq(sender.as_str()),
                history_entries::forwarder_id.eq(record.forwarder.map(|user| user.0)),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The application in whose history the mail stands, if it does.
pub(super) fn assigned(record: &MailRecord) -> Option<(ApplicationId, SenderMatch)> {
    match record.decided.decision {
        Decision::AddToHistory { application, sender } => Some((application, sender)),
        _ => None,
    }
}

/// The application that the mail is about, as far as it was decided.
fn concerned(record: &MailRecord) -> Option<ApplicationId> {
    match record.decided.decision {
        Decision::AddToHistory { application, .. } | Decision::AddForwarder { application, .. } => Some(application),
        _ => None,
    }
}

/// Whether the viewer sees the application that the mail is about. It stays so until the transaction ends: who blocks the
/// application waits.
pub(super) fn is_seen(connection: &mut AnyConnection, record: &MailRecord, viewer: Viewer) -> Work<bool> {
    let Some(application) = concerned(record) else { return Ok(true) };
    let seen =
        applications::table.filter(applications::id.eq(application.0)).filter(seen_by(viewer)).select(applications::id);
    let seen: Option<i64> = match connection {
        AnyConnection::Postgres(inner) => seen.for_share().get_result(inner).optional()?,
        // The whole file is locked already.
        AnyConnection::Sqlite(inner) => seen.get_result(inner).optional()?,
    };
    Ok(seen.is_some())
}

fn insert_notifications(
    connection: &mut AnyConnection,
    mails: &[Kept<'_>],
    (entries, answered): (&HashMap<MailId, HistoryEntryId>, &[String]),
    now: DateTime<Utc>,
) -> Work<()> {
    let (mut rows, mut answers) = (Vec::new(), Vec::new());
    for kept in mails {
        for notification in &kept.record.notifications {
            let further = reply::adds_to(kept.record).map(|to| to.entry);
            let entry = entries.get(&kept.mail).copied().or(further);
            let row = new_notification(kept, entry, notification, now)?;
            match answer(notification) {
                None => rows.push(row),
                Some(why) if answered.contains(why) => {}
                Some(_) => answers.push(row),
            }
        }
    }
    // Other workers may answer the same person at this moment: in one order for all, so that none waits for one that waits.
    answers.sort_by(|one, next| one.message_key.cmp(&next.message_key));
    // A person who was told of this mail on this occasion is not told again, nor one who had this answer today.
    insert_missing!(connection, outbox::table, rows.as_slice())?;
    insert_missing!(connection, outbox::table, answers.as_slice())?;
    Ok(())
}

fn new_notification<'a>(
    kept: &Kept<'a>,
    entry: Option<HistoryEntryId>,
    notification: &'a Notification,
    now: DateTime<Utc>,
) -> Work<NewNotification<'a>> {
    let recipient = &notification.recipient;
    Ok(NewNotification {
        tenant_id: kept.record.tenant.0,
        mail_id: Some(kept.mail.0),
        entry_id: entry.map(|entry| entry.0),
        application_id: concerned(kept.record).map(|application| application.0),
        occasion: notification.occasion.as_str(),
        user_id: recipient.user.map(|user| user.0),
        recipient_name: recipient.name.as_deref().map(storable),
        address: recipient.address.as_str(),
        language: recipient.language.as_str(),
        facts: json(&notification.facts)?,
        message_key: message_key(kept.record, notification),
        state: "pending",
        attempts: 0,
        created_at: stored(now),
        due_at: stored(now),
    })
}

/// The word of an answer to a forwarder.
pub(super) fn answer(notification: &Notification) -> Option<&String> {
    notification.facts.why.as_ref().filter(|_| notification.occasion == Occasion::NotImported)
}

/// The same for the same mail, occasion, application and person, in every run of the service and after every restart; of
/// answers to a forwarder, the same for the same person, reason and day, whatever mail they are for.
fn message_key(record: &MailRecord, notification: &Notification) -> String {
    let tenant = record.tenant.to_string();
    if let (Some(why), Some(day), Some(user)) =
        (answer(notification), notification.facts.answered_on, notification.recipient.user)
    {
        let occasion = notification.occasion.as_str();
        return notice_key([tenant.as_str(), occasion, &user.to_string(), why, &day.to_string()]);
    }
    let identity = identity_key(&record.mail.identity);
    let application = assigned(record).map(|(application, _)| application.to_string());
    told_key(&tenant, &identity, notification, application.as_deref())
}

/// `application`: the one to which the mail was assigned.
fn told_key(tenant: &str, identity: &str, notification: &Notification, application: Option<&str>) -> String {
    // A mail that was taken back and assigned elsewhere is another thing to tell.
    let told = [tenant, identity, notification.occasion.as_str(), notification.recipient.address.as_str()];
    notice_key(told.into_iter().chain(application))
}

/// Tells the office that a mail waits that has a record; whoever was told of it before is not told again.
pub(in crate::store) fn tell_of_waiting(
    connection: &mut AnyConnection,
    tenant: TenantId,
    mail: MailId,
    notices: &[Notification],
    now: DateTime<Utc>,
) -> Work<()> {
    let identity: String = mails::table.find(mail.0).select(mails::identity).get_result(connection)?;
    let mut rows = Vec::new();
    for notice in notices {
        let recipient = &notice.recipient;
        rows.push(NewNotification {
            tenant_id: tenant.0,
            mail_id: Some(mail.0),
            entry_id: None,
            application_id: None,
            occasion: notice.occasion.as_str(),
            user_id: recipient.user.map(|user| user.0),
            recipient_name: recipient.name.as_deref().map(storable),
            address: recipient.address.as_str(),
            language: recipient.language.as_str(),
            facts: json(&notice.facts)?,
            message_key: told_key(&tenant.to_string(), &identity, notice, None),
            state: "pending",
            attempts: 0,
            created_at: stored(now),
            due_at: stored(now),
        });
    }
    on!(connection, inner => diesel::insert_into(outbox::table).values(rows).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

/// Writes down who did what to which mail.
pub(super) fn audit<'a>(
    connection: &mut AnyConnection,
    (what, by): (&'static str, By),
    records: impl Iterator<Item = (&'a MailRecord, &'a Recorded)>,
    now: DateTime<Utc>,
) -> Work<()> {
    let deeds: Vec<Deed> = records
        .map(|(record, recorded)| Deed {
            at: stored(now),
            what,
            tenant_id: Some(record.tenant.0),
            user_id: by.viewer.map(|viewer| viewer.user).or(record.forwarder).map(|user| user.0),
            mail_id: Some(recorded.mail.0),
            entry_id: recorded.entry.map(|entry| entry.0),
            application_id: recorded.entry.and(concerned(record)).map(|application| application.0),
            outcome: Some(recorded.outcome.to_string()),
            detail: record
                .decided
                .decision
                .why()
                .filter(|_| recorded.outcome == record.decided.decision.outcome())
                .map(str::to_owned),
            actor: by.actor.as_str(),
        })
        .collect();
    append(connection, &deeds)
}
