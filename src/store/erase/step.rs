//! One transaction of an erasure: some mails, or, when none is left, the application and the candidate.
//!
//! On PostgreSQL rows are locked in the order in which recording does it: entries, mails, application.

use super::roots::{AT_ONCE, in_history, leaves, roots};
use super::scope::Scope;
use super::tally::{Erased, held, tally};
use crate::store::audit::{Actor, Deed, append};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::record::hand_on;
use crate::store::removals;
use crate::store::schema::{applications, candidates, history_entries, mails, outbox};
use crate::store::time::stored;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// What one transaction did.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) erased: Erased,
    /// Something is left.
    pub(super) more: bool,
}

impl Step {
    pub(super) fn done() -> Self {
        Self::default()
    }

    fn onward() -> Self {
        Self { more: true, ..Self::default() }
    }

    /// Nothing was done although there is something left: others worked on the rows.
    pub(super) fn is_idle(&self) -> bool {
        self.more && self.erased == Erased::default()
    }
}

/// Erases as much as one transaction takes.
pub(super) fn erase_some(
    connection: &mut AnyConnection,
    scope: &Scope,
    actor: Actor,
    now: DateTime<Utc>,
) -> Work<Step> {
    let first = roots(connection, scope, AT_ONCE)?;
    let chosen = leaves(connection, first)?;
    if chosen.is_empty() {
        return finish(connection, scope, actor, now);
    }
    lock_mails(connection, &chosen)?;
    lock_applications(connection, &scope.applications)?;
    if let Some(held) = held(connection, scope)? {
        return Ok(Step { erased: Erased::held_back(held), more: false });
    }
    if !scope.stands(connection)? {
        return Ok(Step::done());
    }
    let mails = of_those_left(connection, scope, &chosen)?;
    if mails.is_empty() {
        return Ok(Step::onward());
    }
    let mut step = Step { erased: erase_mails(connection, &mails, actor, now)?, more: true };
    if roots(connection, scope, 1)?.is_empty() {
        // Before anything more can come in: else a mailbox in which new mail comes in all the time would never be done.
        let last = finish(connection, scope, actor, now)?;
        step.more = last.more;
        step.erased.add(last.erased);
    }
    Ok(step)
}

/// With everything locked: nothing comes into the applications any more, and what stands there can go, whether it was
/// chosen or came in meanwhile. Of the mails that wait somebody may have assigned one before it was locked.
fn of_those_left(connection: &mut AnyConnection, scope: &Scope, chosen: &[i64]) -> Work<Vec<i64>> {
    let history = in_history(connection, scope, AT_ONCE)?;
    if !history.is_empty() {
        return leaves(connection, history);
    }
    let roots = roots(connection, scope, AT_ONCE)?;
    let still: BTreeSet<i64> = leaves(connection, roots)?.into_iter().collect();
    Ok(chosen.iter().copied().filter(|mail| still.contains(mail)).collect())
}

/// Erases mails that nothing repeats, with everything that belongs to them.
fn erase_mails(connection: &mut AnyConnection, ids: &[i64], actor: Actor, now: DateTime<Utc>) -> Work<Erased> {
    hand_on(connection, ids, now)?;
    let erased = tally(connection, ids, now)?;
    removals::note(connection, ids, now)?;
    let rows: Vec<(i64, i64, String)> = mails::table
        .filter(mails::id.eq_any(ids))
        .order(mails::id)
        .select((mails::id, mails::tenant_id, mails::outcome))
        .load(connection)?;
    let entries: Vec<(i64, i64, i64)> = history_entries::table
        .filter(history_entries::mail_id.eq_any(ids))
        .select((history_entries::mail_id, history_entries::id, history_entries::application_id))
        .load(connection)?;
    let of_entries: Vec<i64> = entries.iter().map(|(_, entry, _)| *entry).collect();
    let entries: HashMap<i64, (i64, i64)> =
        entries.into_iter().map(|(mail, entry, application)| (mail, (entry, application))).collect();
    let deeds: Vec<Deed> = rows
        .into_iter()
        .map(|(mail, tenant, outcome)| Deed {
            at: stored(now),
            what: "mail_erased",
            tenant_id: Some(tenant),
            mail_id: Some(mail),
            entry_id: entries.get(&mail).map(|(entry, _)| *entry),
            application_id: entries.get(&mail).map(|(_, application)| *application),
            outcome: Some(outcome),
            actor: actor.as_str(),
            ..Deed::default()
        })
        .collect();
    append(connection, &deeds)?;
    diesel::delete(outbox::table.filter(outbox::entry_id.eq_any(of_entries))).execute(connection)?;
    // Takes contents, files, pictures, the entry with its keys, and the other notifications along.
    diesel::delete(mails::table.filter(mails::id.eq_any(ids))).execute(connection)?;
    Ok(erased)
}

/// The mails are gone: the applications go, and the candidate, unless something came in meanwhile.
fn finish(connection: &mut AnyConnection, scope: &Scope, actor: Actor, now: DateTime<Utc>) -> Work<Step> {
    lock_candidate(connection, scope.candidate)?;
    lock_applications(connection, &scope.applications)?;
    if let Some(held) = held(connection, scope)? {
        return Ok(Step { erased: Erased::held_back(held), more: false });
    }
    if !scope.stands(connection)? {
        return Ok(Step::done());
    }
    if !in_history(connection, scope, 1)?.is_empty() {
        return Ok(Step::onward());
    }
    let mut erased = Erased::default();
    let deed = |what, application, detail| Deed {
        at: stored(now),
        what,
        tenant_id: Some(scope.tenant),
        application_id: application,
        detail,
        actor: actor.as_str(),
        ..Deed::default()
    };
    let mut deeds = Vec::new();
    for application in &scope.applications {
        let told = outbox::table.filter(outbox::application_id.eq(application));
        erased.notifications += diesel::delete(told).execute(connection)? as u64;
        let gone = diesel::delete(applications::table.find(application)).execute(connection)? as u64;
        erased.applications += gone;
        if gone > 0 {
            deeds.push(deed("application_erased", Some(*application), None));
        }
    }
    if let Some(candidate) = scope.candidate {
        let left: i64 =
            applications::table.filter(applications::candidate_id.eq(candidate)).count().get_result(connection)?;
        if left == 0 && diesel::delete(candidates::table.find(candidate)).execute(connection)? > 0 {
            erased.candidates += 1;
            deeds.push(deed("candidate_erased", None, Some(format!("candidate {candidate}"))));
        }
    }
    append(connection, &deeds)?;
    Ok(Step { erased, more: false })
}

/// Holds mails and the entries that they made: nothing is assigned, added or repeated meanwhile.
fn lock_mails(connection: &mut AnyConnection, ids: &[i64]) -> Work<()> {
    // On SQLite the whole file is locked already.
    let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
    history_entries::table
        .filter(history_entries::mail_id.eq_any(ids))
        .order(history_entries::id)
        .select(history_entries::id)
        .for_update()
        .load::<i64>(inner)?;
    mails::table.filter(mails::id.eq_any(ids)).order(mails::id).select(mails::id).for_update().load::<i64>(inner)?;
    Ok(())
}

/// No entry comes into these applications meanwhile, and no hold.
fn lock_applications(connection: &mut AnyConnection, ids: &[i64]) -> Work<()> {
    let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
    if !ids.is_empty() {
        applications::table
            .filter(applications::id.eq_any(ids))
            .order(applications::id)
            .select(applications::id)
            .for_update()
            .load::<i64>(inner)?;
    }
    Ok(())
}

/// No application comes to this candidate meanwhile.
fn lock_candidate(connection: &mut AnyConnection, id: Option<i64>) -> Work<()> {
    let (AnyConnection::Postgres(inner), Some(id)) = (connection, id) else { return Ok(()) };
    candidates::table.filter(candidates::id.eq(id)).select(candidates::id).for_update().load::<i64>(inner)?;
    Ok(())
}
