//! Recording what a person decided about a mail that has a record.

use super::answers::hand_on;
use super::before::lock;
use super::mail_record::{Kept, MailRecord, Recorded};
use super::{entry, reply};
use crate::application::id::{HistoryEntryId, MailId};
use crate::decision::{Check, DecidedBy, ImportOutcome, WhyUnassigned};
use crate::notification::Occasion;
use crate::store::audit::{Actor, By, Deed, append};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{history_entries, mails, outbox};
use crate::store::time::stored;
use crate::store::words::json;
use crate::store::{Store, StoreError, place, webhooks};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// What was taken back with an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Who was told of the entry already: nothing takes that back.
    pub told: Vec<String>,
    /// Those whose notification a sender has in hand at this moment: they may be told.
    pub in_hand: Vec<String>,
    /// Notifications that will not be sent.
    pub withdrawn: usize,
}

impl Store {
    /// Records that a person assigned this mail, which waits for one: entry and notifications as the record says. Texts
    /// and files stay as they are kept; where it adds to another mail's entry, those that the entry has are left out. Open
    /// notifications that it waits are withdrawn.
    ///
    /// Nothing is changed if a user in the browser does not see the application any more, or if it is no longer there, or if
    /// the mail's record is not as it was looked up ([`MailRecord::seen`]).
    ///
    /// `None`, and nothing is changed, if the mail does not wait (any more). One that was discarded can be assigned at the
    /// command line; in the browser, where several people look at the same mails, it must be taken back first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such mail; [`StoreError::Overtaken`] if what was looked up is no longer so;
    /// else as [`Store::record`].
    pub fn record_assigned(
        &self,
        mail: MailId,
        record: &MailRecord,
        by: By,
        now: DateTime<Utc>,
    ) -> Result<Option<Recorded>, StoreError> {
        let wanted = "Cannot assign a mail";
        let assigned = self.write(wanted, |connection| {
            let before = lock(connection, mail)?;
            let waits = matches!(before.outcome, ImportOutcome::Unassigned | ImportOutcome::SetAside);
            if !waits || before.entry.is_some() || by.viewer.is_some() && is_discarded(connection, mail)? {
                return Ok(None);
            }
            let is_seen = by.viewer.map_or(Ok(true), |viewer| entry::is_seen(connection, record, viewer))?;
            if !is_seen || record.seen.is_some_and(|seen| seen != before.seen) {
                return Err(reply::overtaken());
            }
            reply::hold_entries(connection, std::iter::once(record))?;
            forget_discarded(connection, mail)?;
            withdraw(connection, Telling::ThatItWaits(mail), now)?;
            let outcome = record.decided.decision.outcome();
            let adds_to = reply::adds_to(record);
            if let Some(to) = adds_to {
                reply::leave_out_known_files(connection, mail, to)?;
                let outcome = (mails::outcome.eq(outcome.as_str()), mails::why.eq(None::<&str>));
                let of = (mails::repeat_of.eq(to.first.0), mails::adds_to.eq(to.entry.0));
                diesel::update(mails::table.find(mail.0)).set((outcome, of)).execute(connection)?;
            }
            decide(connection, mail, (outcome, None), &record.decided.checks, now)?;
            let entries = entry::insert(connection, &[Kept { record, mail }], &[], now)?;
            let further = adds_to.map(|to| to.entry);
            let recorded = Recorded { mail, outcome, entry: entries.get(&mail).copied().or(further) };
            webhooks::changed(connection, &self.webhooks, mail, now)?;
            entry::audit(connection, ("mail_assigned", by), std::iter::once((record, &recorded)), now)?;
            Ok(Some(recorded))
        });
        assigned.or_else(|error| self.refused_or_overtaken(wanted, std::slice::from_ref(record), error))
    }

    /// Takes the entry of this mail back: it stands in no history any more, its files with it, and waits for a person.
    /// Texts and files stay kept with the mail. `checks` becomes the decision record.
    ///
    /// `None`, and nothing is changed, if it has no entry.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such mail; [`StoreError::Unavailable`] if the database is away.
    pub fn revert(&self, mail: MailId, checks: &[Check], now: DateTime<Utc>) -> Result<Option<TakenBack>, StoreError> {
        self.write("Cannot take an entry back", |connection| {
            let Some((entry, application)) = lock(connection, mail)?.entry else { return Ok(None) };
            let taken_back = withdraw(connection, Telling::OfEntry(entry), now)?;
            // What was sent stays with the mail, so that it can be seen who was told.
            diesel::update(outbox::table.filter(outbox::entry_id.eq(entry.0)))
                .set(outbox::entry_id.eq(None::<i64>))
                .execute(connection)?;
            diesel::delete(history_entries::table.find(entry.0)).execute(connection)?;
            let outcome = ImportOutcome::Unassigned;
            decide(connection, mail, (outcome, Some(WhyUnassigned::Reverted)), checks, now)?;
            webhooks::changed(connection, &self.webhooks, mail, now)?;
            let tenant: i64 = mails::table.find(mail.0).select(mails::tenant_id).get_result(connection)?;
            let (told, withdrawn) = (taken_back.told.len() + taken_back.in_hand.len(), taken_back.withdrawn);
            append(
                connection,
                &[Deed {
                    at: stored(now),
                    what: "mail_reverted",
                    actor: Actor::Cli.as_str(),
                    tenant_id: Some(tenant),
                    mail_id: Some(mail.0),
                    entry_id: Some(entry.0),
                    application_id: Some(application),
                    outcome: Some(outcome.to_string()),
                    detail: Some(format!("{told} notifications sent, {withdrawn} withdrawn")),
                    ..Deed::default()
                }],
            )?;
            Ok(Some(taken_back))
        })
    }
}

/// Which notifications are meant.
#[derive(Clone, Copy)]
pub(in crate::store) enum Telling {
    /// That this mail waits for a person, and why it was not imported.
    ThatItWaits(MailId),
    /// The same, as far as the office is told.
    TheOffice(MailId),
    /// What nobody need be told of a mail that waits no longer: the office, and the forwarder who was to be asked.
    WhatIsMoot(MailId),
    /// Of this entry; those of further forwards too.
    OfEntry(HistoryEntryId),
}

/// Removes the open ones of these notifications. Those that a sender has in hand stay: they may be delivered already.
pub(in crate::store) fn withdraw(
    connection: &mut AnyConnection,
    telling: Telling,
    now: DateTime<Utc>,
) -> Work<TakenBack> {
    if let Telling::ThatItWaits(mail) = telling {
        hand_on(connection, &[mail.0], now)?;
    }
    let these = || match telling {
        Telling::ThatItWaits(mail) => {
            outbox::table.filter(outbox::mail_id.eq(mail.0)).filter(outbox::entry_id.is_null()).into_boxed()
        }
        Telling::TheOffice(mail) => {
            let waiting = outbox::occasion.eq(Occasion::Waiting.as_str());
            outbox::table.filter(outbox::mail_id.eq(mail.0)).filter(waiting).into_boxed()
        }
        Telling::WhatIsMoot(mail) => {
            let moot = [Occasion::Waiting.as_str(), Occasion::Asked.as_str()];
            outbox::table.filter(outbox::mail_id.eq(mail.0)).filter(outbox::occasion.eq_any(moot)).into_boxed()
        }
        Telling::OfEntry(entry) => outbox::table.filter(outbox::entry_id.eq(entry.0)).into_boxed(),
    };
    let free = outbox::claimed_until.is_null().or(outbox::claimed_until.le(stored(now)).assume_not_null());
    let open: Vec<i64> = these().filter(outbox::state.eq("pending")).select(outbox::id).load(connection)?;
    let open = outbox::table.filter(outbox::id.eq_any(open)).filter(outbox::state.eq("pending"));
    let withdrawn = diesel::delete(open.filter(free)).execute(connection)?;
    let left: Vec<(String, String)> =
        these().order(outbox::id).select((outbox::address, outbox::state)).load(connection)?;
    let of_state =
        |wanted: &str| left.iter().filter(|(_, state)| state == wanted).map(|(address, _)| address.clone()).collect();
    Ok(TakenBack { told: of_state("sent"), in_hand: of_state("pending"), withdrawn })
}

/// A mail that waits no longer is not discarded any more, whatever a person said of it before.
pub(super) fn forget_discarded(connection: &mut AnyConnection, mail: MailId) -> Work<()> {
    diesel::update(mails::table.find(mail.0).filter(mails::discarded_at.is_not_null()))
        .set((mails::discarded_at.eq(None::<chrono::NaiveDateTime>), mails::discarded_by.eq(None::<i64>)))
        .execute(connection)?;
    Ok(())
}

/// Whether a person said that the mail belongs to no application.
pub(in crate::store) fn is_discarded(connection: &mut AnyConnection, mail: MailId) -> Work<bool> {
    Ok(mails::table.find(mail.0).select(mails::discarded_at.is_not_null()).get_result(connection)?)
}

/// Writes a person's decision into the row of the mail.
fn decide(
    connection: &mut AnyConnection,
    mail: MailId,
    (outcome, why): (ImportOutcome, Option<WhyUnassigned>),
    checks: &[Check],
    now: DateTime<Utc>,
) -> Work<()> {
    diesel::update(mails::table.find(mail.0))
        .set((
            mails::processed_at.eq(stored(now)),
            mails::outcome.eq(outcome.as_str()),
            mails::outcome_since.eq(stored(now)),
            mails::why.eq(why.map(WhyUnassigned::as_str)),
            mails::decided_by.eq(DecidedBy::Person.as_str()),
            mails::checks.eq(json(checks)?),
        ))
        .execute(connection)?;
    place::note_refile(connection, mail, now)
}
