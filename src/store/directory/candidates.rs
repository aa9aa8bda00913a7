//! The candidates of a feed.

use super::line::{CandidateEntry, DirectoryEntry, DirectoryLine};
use super::report::Changes;
use crate::application::EmailAddress;
use crate::application::id::TenantId;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::many_rows::ROWS;
use crate::store::schema::{applications, candidate_addresses, candidates};
use crate::store::time::stored;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// A candidate as the database has them.
struct Known {
    id: i64,
    name: String,
    addresses: Vec<String>,
}

#[derive(Insertable)]
#[diesel(table_name = candidates, treat_none_as_default_value = false)]
struct NewCandidate<'a> {
    tenant_id: i64,
    external_id: &'a str,
    name: &'a str,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = candidate_addresses, treat_none_as_default_value = false)]
struct NewAddress<'a> {
    candidate_id: i64,
    position: i32,
    address: &'a str,
}

pub(super) fn apply(
    connection: &mut AnyConnection,
    tenant: TenantId,
    lines: &[&DirectoryLine],
    now: DateTime<Utc>,
) -> Work<Changes> {
    let mut named: BTreeMap<&str, &CandidateEntry> = BTreeMap::new();
    for line in lines {
        if let DirectoryEntry::Candidate(entry) = &line.entry {
            named.insert(&entry.id, entry);
        }
    }
    let ids: Vec<&str> = named.keys().copied().collect();
    let known = known_candidates(connection, tenant, &ids)?;
    let mut changes = Changes::default();
    let mut new = Vec::new();
    let mut new_addresses: Vec<(i64, &CandidateEntry)> = Vec::new();
    for (external_id, entry) in named {
        match known.get(external_id) {
            None => new.push(entry),
            Some(known) if is_same(known, entry) => changes.unchanged += 1,
            Some(known) => {
                diesel::update(candidates::table.find(known.id))
                    .set((candidates::name.eq(&entry.name), candidates::updated_at.eq(stored(now))))
                    .execute(connection)?;
                if known.name != entry.name {
                    not_sought_any_more(connection, tenant, known.id)?;
                }
                changes.updated += 1;
                new_addresses.push((known.id, entry));
            }
        }
    }
    let to_clear: Vec<i64> = new_addresses.iter().map(|(id, _)| *id).collect();
    for part in to_clear.chunks(ROWS) {
        diesel::delete(candidate_addresses::table.filter(candidate_addresses::candidate_id.eq_any(part)))
            .execute(connection)?;
    }
    changes.inserted += u64::try_from(new.len()).unwrap_or(u64::MAX);
    new_addresses.extend(insert(connection, tenant, &new, now)?);
    insert_addresses(connection, &new_addresses)?;
    Ok(changes)
}

/// The form in which this candidate's applications are searched is to be filled in anew.
fn not_sought_any_more(connection: &mut AnyConnection, tenant: TenantId, candidate: i64) -> Work<()> {
    let theirs = applications::table
        .filter(applications::tenant_id.eq(tenant.0))
        .filter(applications::candidate_id.eq(candidate));
    diesel::update(theirs).set(applications::sought.eq(None::<String>)).execute(connection)?;
    Ok(())
}

/// The tenant's candidates with these ids of the recruiting system, by those ids.
pub(super) fn ids_of(
    connection: &mut AnyConnection,
    tenant: TenantId,
    external_ids: &[&str],
) -> Work<HashMap<String, i64>> {
    let mut found = HashMap::new();
    for part in external_ids.chunks(ROWS) {
        let rows: Vec<(String, i64)> = candidates::table
            .filter(candidates::tenant_id.eq(tenant.0))
            .filter(candidates::external_id.eq_any(part))
            .select((candidates::external_id, candidates::id))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

fn known_candidates(
    connection: &mut AnyConnection,
    tenant: TenantId,
    external_ids: &[&str],
) -> Work<HashMap<String, Known>> {
    let mut known = HashMap::new();
    for part in external_ids.chunks(ROWS) {
        let rows: Vec<(i64, String, String)> = candidates::table
            .filter(candidates::tenant_id.eq(tenant.0))
            .filter(candidates::external_id.eq_any(part))
            .select((candidates::id, candidates::external_id, candidates::name))
            .load(connection)?;
        let ids: Vec<i64> = rows.iter().map(|(id, _, _)| *id).collect();
        let addresses: Vec<(i64, String)> = candidate_addresses::table
            .filter(candidate_addresses::candidate_id.eq_any(ids))
            .order((candidate_addresses::candidate_id, candidate_addresses::position))
            .select((candidate_addresses::candidate_id, candidate_addresses::address))
            .load(connection)?;
        let mut of_candidate: HashMap<i64, Vec<String>> = HashMap::new();
        for (candidate, address) in addresses {
            of_candidate.entry(candidate).or_default().push(address);
        }
        known.extend(rows.into_iter().map(|(id, external_id, name)| {
            let addresses = of_candidate.remove(&id).unwrap_or_default();
            (external_id, Known { id, name, addresses })
        }));
    }
    Ok(known)
}

fn is_same(known: &Known, entry: &CandidateEntry) -> bool {
    known.name == entry.name
        && known.addresses.iter().map(String::as_str).eq(entry.addresses.iter().map(EmailAddress::as_str))
}

fn insert<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    new: &[&'a CandidateEntry],
    now: DateTime<Utc>,
) -> Work<Vec<(i64, &'a CandidateEntry)>> {
    let by_id: HashMap<&str, &'a CandidateEntry> = new.iter().map(|entry| (entry.id.as_str(), *entry)).collect();
    let mut inserted = Vec::new();
    for part in new.chunks(ROWS) {
        let rows: Vec<NewCandidate<'_>> = part
            .iter()
            .map(|entry| NewCandidate {
                tenant_id: tenant.0,
                external_id: &entry.id,
                name: &entry.name,
                created_at: stored(now),
                updated_at: stored(now),
            })
            .collect();
        let ids: Vec<(i64, String)> = on!(connection, inner => diesel::insert_into(candidates::table)
            .values(&rows)
            .returning((candidates::id, candidates::external_id))
            .get_results(inner))?;
        inserted.extend(ids.into_iter().filter_map(|(id, external_id)| Some((id, *by_id.get(external_id.as_str())?))));
    }
    Ok(inserted)
}

fn insert_addresses(connection: &mut AnyConnection, of: &[(i64, &CandidateEntry)]) -> Work<()> {
    let rows: Vec<NewAddress<'_>> = of
        .iter()
        .flat_map(|(id, entry)| {
            (0..).zip(&entry.addresses).map(|(position, address)| NewAddress {
                candidate_id: *id,
                position,
                address: address.as_str(),
            })
        })
        .collect();
    for part in rows.chunks(ROWS) {
        on!(connection, inner => diesel::insert_into(candidate_addresses::table).values(part).execute(inner))?;
    }
    Ok(())
}
