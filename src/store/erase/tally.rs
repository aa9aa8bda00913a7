//! What was erased, or would be, in numbers; and what may not be.

use super::roots::{waiting, with_repeats};
use super::scope::Scope;
use crate::application::id::{ApplicationId, MailId};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::hold;
use crate::store::retention::held_mail;
use crate::store::schema::{applications, files, history_entries, mailboxes, mails, outbox, pictures};
use crate::store::time::stored;
use crate::store::words::count;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What was erased, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Candidates, with name and addresses.
    pub candidates: u64,
    /// Applications.
    pub applications: u64,
    /// Mails, whatever came of them, with texts, notes and decision records.
    pub mails: u64,
    /// History entries among them.
    pub entries: u64,
    /// Files.
    pub files: u64,
    /// Pictures shown in mails.
    pub pictures: u64,
    /// Contents of files and pictures that no other mail has.
    pub contents: u64,
    /// Octets of these contents.
    pub octets: u64,
    /// Notifications, sent or not.
    pub notifications: u64,
    /// Of these, such as a sender has in hand at this moment: they may still be delivered.
    pub in_hand: u64,
    /// Mails that lie on a server, to be removed there: by mailbox and folder.
    pub archived: BTreeMap<String, BTreeMap<String, u64>>,
    /// What kept it, or the rest of it, from being erased.
    pub held: Option<Held>,
}

/// Ids that one statement names.
const NAMED: usize = 500;

/// An application that may not be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Which.
    pub application: ApplicationId,
    /// Its number, as the recruiting system writes it.
    pub number: String,
    /// Since when it is under legal hold.
    pub since: DateTime<Utc>,
    /// A mail that may belong to it and would have been erased; `None` if the application itself would have been.
    pub mail: Option<MailId>,
}

impl Erased {
    /// Nothing was erased, because this may not be.
    pub(super) fn held_back(held: Held) -> Self {
        Self { held: Some(held), ..Self::default() }
    }

    /// Adds what another part of the same erasure erased.
    pub fn add(&mut self, other: Self) {
        self.candidates += other.candidates;
        self.applications += other.applications;
        self.mails += other.mails;
        self.entries += other.entries;
        self.files += other.files;
        self.pictures += other.pictures;
        self.contents += other.contents;
        self.octets += other.octets;
        self.notifications += other.notifications;
        self.in_hand += other.in_hand;
        for (mailbox, folders) in other.archived {
            let ours = self.archived.entry(mailbox).or_default();
            for (folder, mails) in folders {
                *ours.entry(folder).or_default() += mails;
            }
        }
        self.held = self.held.take().or(other.held);
    }
}

/// Whether one of these applications is under legal hold, or one of the mails that belong to no application, or that repeat
/// these, may belong to such a one. Who erases has locked them.
pub(super) fn held(connection: &mut AnyConnection, scope: &Scope) -> Work<Option<Held>> {
    if let Some((application, since)) = hold::held(connection, &scope.applications)? {
        let number = number_of(connection, application)?;
        return Ok(Some(Held { application, number, since, mail: None }));
    }
    let mut mails: BTreeSet<i64> = scope.mails.iter().copied().collect();
    mails.extend(waiting(connection, scope)?);
    let mails: Vec<i64> = with_repeats(connection, mails)?.into_iter().collect();
    for part in mails.chunks(NAMED) {
        if let Some((mail, (application, since))) = held_mail(connection, part)? {
            let number = number_of(connection, application)?;
            return Ok(Some(Held { application, number, since, mail: Some(mail) }));
        }
    }
    Ok(None)
}

fn number_of(connection: &mut AnyConnection, application: ApplicationId) -> Work<String> {
    Ok(applications::table.find(application.0).select(applications::number).get_result(connection)?)
}

/// What belongs to these mails, without the contents of files.
pub(super) fn tally(connection: &mut AnyConnection, ids: &[i64], now: DateTime<Utc>) -> Work<Erased> {
    let entries: Vec<i64> = history_entries::table
        .filter(history_entries::mail_id.eq_any(ids))
        .select(history_entries::id)
        .load(connection)?;
    let files: i64 = files::table.filter(files::mail_id.eq_any(ids)).count().get_result(connection)?;
    let pictures: i64 = pictures::table.filter(pictures::mail_id.eq_any(ids)).count().get_result(connection)?;
    // A further forward's notifications are of its own mail and of the entry: each is counted with its mail.
    let told = || outbox::table.filter(outbox::mail_id.eq_any(ids));
    let notifications: i64 = told().count().get_result(connection)?;
    let in_hand: i64 = told()
        .filter(outbox::state.eq("pending"))
        .filter(outbox::claimed_until.gt(stored(now)))
        .count()
        .get_result(connection)?;
    let lying: Vec<(String, Option<String>)> = mails::table
        .inner_join(mailboxes::table)
        .filter(mails::id.eq_any(ids))
        .filter(mails::folder.is_not_null())
        .select((mailboxes::address, mails::folder))
        .load(connection)?;
    let mut archived: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (mailbox, folder) in lying {
        *archived.entry(mailbox).or_default().entry(folder.unwrap_or_default()).or_default() += 1;
    }
    Ok(Erased {
        mails: ids.len() as u64,
        entries: entries.len() as u64,
        files: count(files),
        pictures: count(pictures),
        notifications: count(notifications),
        in_hand: count(in_hand),
        archived,
        ..Erased::default()
    })
}
