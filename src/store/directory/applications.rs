//! The applications of a feed, and who is responsible for them.

use super::candidates::ids_of;
use super::line::{ApplicationEntry, DirectoryEntry, DirectoryLine, at_line};
use super::report::Changes;
use crate::application::id::{ApplicationId, TenantId};
use crate::application::{ApplicationState, ReferenceNumber, ReferenceShape};
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::hold::unblock;
use crate::store::many_rows::ROWS;
use crate::store::schema::{applications, responsibilities, user_addresses};
use crate::store::time::stored;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An application as it shall be.
struct Wanted<'a> {
    candidate_id: i64,
    post: &'a str,
    state: &'static str,
    state_since: Option<NaiveDateTime>,
    responsible: BTreeSet<i64>,
}

/// An application as the database has it.
struct Known {
    id: i64,
    candidate_id: i64,
    post: String,
    state: String,
    state_since: NaiveDateTime,
    responsible: BTreeSet<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = applications, treat_none_as_default_value = false)]
struct NewApplication<'a> {
    tenant_id: i64,
    candidate_id: i64,
    number: &'a str,
    number_folded: String,
    post: &'a str,
    state: &'static str,
    state_since: NaiveDateTime,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = responsibilities, treat_none_as_default_value = false)]
#[expect(clippy::struct_field_names, reason = "the columns' names")]
struct NewResponsibility {
    tenant_id: i64,
    application_id: i64,
    user_id: i64,
}

pub(super) fn apply(
    connection: &mut AnyConnection,
    tenant: TenantId,
    shapes: &[ReferenceShape],
    lines: &[&DirectoryLine],
    now: DateTime<Utc>,
) -> Work<Changes> {
    let wanted = wanted_applications(connection, tenant, shapes, lines)?;
    let numbers: Vec<&str> = wanted.keys().map(ReferenceNumber::as_str).collect();
    let known = known_applications(connection, tenant, &numbers)?;
    let mut changes = Changes::default();
    let mut new = Vec::new();
    let mut new_responsible: Vec<(i64, &BTreeSet<i64>)> = Vec::new();
    for (number, application) in &wanted {
        match known.get(number.as_str()) {
            None => new.push((number, application)),
            Some(known) if is_same(known, application) => changes.unchanged += 1,
            Some(known) => {
                update(connection, known, application, now)?;
                // What is blocked though it was open stays so whatever else changes: a person wanted it erased.
                let open = ApplicationState::Open.as_str();
                if application.state == open && known.state != open {
                    unblock(connection, ApplicationId(known.id), now)?;
                }
                changes.updated += 1;
                if known.responsible != application.responsible {
                    new_responsible.push((known.id, &application.responsible));
                }
            }
        }
    }
    let to_clear: Vec<i64> = new_responsible.iter().map(|(id, _)| *id).collect();
    for part in to_clear.chunks(ROWS) {
        diesel::delete(responsibilities::table.filter(responsibilities::application_id.eq_any(part)))
            .execute(connection)?;
    }
    changes.inserted += u64::try_from(new.len()).unwrap_or(u64::MAX);
    for (number, id) in insert(connection, tenant, &new, now)? {
        if let Some(application) = wanted.get(&ReferenceNumber::from_store(number)) {
            new_responsible.push((id, &application.responsible));
        }
    }
    insert_responsible(connection, tenant, &new_responsible)?;
    Ok(changes)
}

/// What the lines want, by number, with candidates and users found.
fn wanted_applications<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    shapes: &[ReferenceShape],
    lines: &[&'a DirectoryLine],
) -> Work<BTreeMap<ReferenceNumber, Wanted<'a>>> {
    let named: Vec<(usize, &ApplicationEntry)> = lines
        .iter()
        .filter_map(|line| match &line.entry {
            DirectoryEntry::Application(entry) => Some((line.number, entry)),
            DirectoryEntry::User(_) | DirectoryEntry::Candidate(_) => None,
        })
        .collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let external_ids: BTreeSet<&str> = named.iter().map(|(_, entry)| entry.candidate.as_str()).collect();
    let candidates = ids_of(connection, tenant, &external_ids.into_iter().collect::<Vec<_>>())?;
    let users = users_by_address(connection, tenant)?;
    let mut wanted = BTreeMap::new();
    for (line, entry) in named {
        let number = shapes
            .iter()
            .find_map(|shape| shape.read_whole(&entry.number))
            .ok_or_else(|| at_line(line, "`number`: a reference number in one of the tenant's shapes was wanted"))?;
        let candidate_id = *candidates.get(&entry.candidate).ok_or_else(|| {
            at_line(line, "`candidate`: the id of a candidate of the tenant, in this file or known before, was wanted")
        })?;
        let mut responsible = BTreeSet::new();
        for (position, address) in entry.responsible.iter().enumerate() {
            let user = users.get(address.as_str()).ok_or_else(|| {
                let fault = "an address of a user of the tenant, in this file or known before, was wanted as item";
                at_line(line, format!("`responsible`: {fault} {}", position + 1))
            })?;
            responsible.insert(*user);
        }
        let application = Wanted {
            candidate_id,
            post: &entry.post,
            state: entry.state.as_str(),
            state_since: entry.state_since.map(stored),
            responsible,
        };
        wanted.insert(number, application);
    }
    Ok(wanted)
}

fn users_by_address(connection: &mut AnyConnection, tenant: TenantId) -> Work<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = user_addresses::table
        .filter(user_addresses::tenant_id.eq(tenant.0))
        .select((user_addresses::address, user_addresses::user_id))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

type Row = (i64, String, i64, String, String, NaiveDateTime);

fn known_applications(
    connection: &mut AnyConnection,
    tenant: TenantId,
    numbers: &[&str],
) -> Work<HashMap<String, Known>> {
    let mut known = HashMap::new();
    for part in numbers.chunks(ROWS) {
        let rows: Vec<Row> = applications::table
            .filter(applications::tenant_id.eq(tenant.0))
            .filter(applications::number.eq_any(part))
            .select((
                applications::id,
                applications::number,
                applications::candidate_id,
                applications::post,
                applications::state,
                applications::state_since,
            ))
            .load(connection)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let responsible: Vec<(i64, i64)> = responsibilities::table
            .filter(responsibilities::application_id.eq_any(ids))
            .select((responsibilities::application_id, responsibilities::user_id))
            .load(connection)?;
        let mut of_application: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        for (application, user) in responsible {
            of_application.entry(application).or_default().insert(user);
        }
        known.extend(rows.into_iter().map(|(id, number, candidate_id, post, state, state_since)| {
            let responsible = of_application.remove(&id).unwrap_or_default();
            (number, Known { id, candidate_id, post, state, state_since, responsible })
        }));
    }
    Ok(known)
}

/// A feed that does not say since when means no change.
fn is_same(known: &Known, wanted: &Wanted<'_>) -> bool {
    known.candidate_id == wanted.candidate_id
        && known.post == wanted.post
        && known.state == wanted.state
        && wanted.state_since.is_none_or(|since| since == known.state_since)
        && known.responsible == wanted.responsible
}

fn update(connection: &mut AnyConnection, known: &Known, wanted: &Wanted<'_>, now: DateTime<Utc>) -> Work<()> {
    let unsaid = if known.state == wanted.state { known.state_since } else { stored(now) };
    diesel::update(applications::table.find(known.id))
        .set((
            applications::candidate_id.eq(wanted.candidate_id),
            applications::post.eq(wanted.post),
            applications::state.eq(wanted.state),
            applications::state_since.eq(wanted.state_since.unwrap_or(unsaid)),
            applications::updated_at.eq(stored(now)),
            applications::sought.eq(None::<String>),
        ))
        .execute(connection)?;
    Ok(())
}

fn insert(
    connection: &mut AnyConnection,
    tenant: TenantId,
    new: &[(&ReferenceNumber, &Wanted<'_>)],
    now: DateTime<Utc>,
) -> Work<Vec<(String, i64)>> {
    let mut inserted = Vec::new();
    for part in new.chunks(ROWS) {
        let rows: Vec<NewApplication<'_>> = part
            .iter()
            .map(|(number, application)| NewApplication {
                tenant_id: tenant.0,
                candidate_id: application.candidate_id,
                number: number.as_str(),
                number_folded: number.without_leading_zeros(),
                post: application.post,
                state: application.state,
                state_since: application.state_since.unwrap_or_else(|| stored(now)),
                created_at: stored(now),
                updated_at: stored(now),
            })
            .collect();
        let ids: Vec<(String, i64)> = on!(connection, inner => diesel::insert_into(applications::table)
            .values(&rows)
            .returning((applications::number, applications::id))
            .get_results(inner))?;
        inserted.extend(ids);
    }
    Ok(inserted)
}

fn insert_responsible(connection: &mut AnyConnection, tenant: TenantId, of: &[(i64, &BTreeSet<i64>)]) -> Work<()> {
    let rows: Vec<NewResponsibility> = of
        .iter()
        .flat_map(|(application_id, users)| {
            users.iter().map(|user_id| NewResponsibility {
                tenant_id: tenant.0,
                application_id: *application_id,
                user_id: *user_id,
            })
        })
        .collect();
    for part in rows.chunks(ROWS) {
        on!(connection, inner => diesel::insert_into(responsibilities::table).values(part).execute(inner))?;
    }
    Ok(())
}
