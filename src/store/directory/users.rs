//! The users of a feed.

use super::line::{DirectoryEntry, DirectoryLine, UserEntry, at_line};
use super::report::Changes;
use crate::application::EmailAddress;
use crate::application::id::TenantId;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::many_rows::ROWS;
use crate::store::schema::{history_entries, user_addresses, users};
use crate::store::time::stored;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A user as the database has them.
#[derive(Clone, PartialEq, Eq)]
struct Known {
    id: i64,
    name: String,
    role: String,
    language: String,
    active: bool,
    addresses: Vec<String>,
}

#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct NewUser<'a> {
    tenant_id: i64,
    address: &'a str,
    name: &'a str,
    role: &'static str,
    language: &'static str,
    active: bool,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    began_after: i64,
}

#[derive(Insertable)]
#[diesel(table_name = user_addresses, treat_none_as_default_value = false)]
struct NewAddress<'a> {
    tenant_id: i64,
    address: &'a str,
    user_id: i64,
    position: i32,
}

/// A line of the feed with the user it means.
struct Matched<'a> {
    line: usize,
    entry: &'a UserEntry,
    known: Option<Known>,
}

pub(super) fn apply(
    connection: &mut AnyConnection,
    tenant: TenantId,
    lines: &[&DirectoryLine],
    now: DateTime<Utc>,
) -> Work<Changes> {
    let mut named: BTreeMap<&str, (usize, &UserEntry)> = BTreeMap::new();
    for line in lines {
        if let (DirectoryEntry::User(entry), number) = (&line.entry, line.number)
            && let Some(first) = entry.addresses.first()
        {
            named.insert(first.as_str(), (number, entry));
        }
    }
    if named.is_empty() {
        return Ok(Changes::default());
    }
    let known = known_users(connection, tenant)?;
    let matched = match_users(&named, &known);
    refuse_shared_addresses(&matched, &known)?;
    write(connection, tenant, &matched, now)
}

fn known_users(connection: &mut AnyConnection, tenant: TenantId) -> Work<Vec<Known>> {
    let rows: Vec<(i64, String, String, String, bool)> = users::table
        .filter(users::tenant_id.eq(tenant.0))
        .order(users::id)
        .select((users::id, users::name, users::role, users::language, users::active))
        .load(connection)?;
    let addresses: Vec<(i64, String)> = user_addresses::table
        .filter(user_addresses::tenant_id.eq(tenant.0))
        .order((user_addresses::user_id, user_addresses::position))
        .select((user_addresses::user_id, user_addresses::address))
        .load(connection)?;
    let mut of_user: HashMap<i64, Vec<String>> = HashMap::new();
    for (user, address) in addresses {
        of_user.entry(user).or_default().push(address);
    }
    Ok(rows
        .into_iter()
        .map(|(id, name, role, language, active)| {
            let addresses = of_user.remove(&id).unwrap_or_default();
            Known { id, name, role, language, active, addresses }
        })
        .collect())
}

/// A user is known by the first address. Who comes with a new first address, after a marriage say, is known by the old
/// one among the others, if it is that of one user who has no line of their own. A further address that somebody else has
/// makes nobody that person. The answer keeps the order of the lines.
fn match_users<'a>(named: &BTreeMap<&str, (usize, &'a UserEntry)>, known: &[Known]) -> Vec<Matched<'a>> {
    let by_first: HashMap<&str, &Known> =
        known.iter().filter_map(|user| Some((user.addresses.first()?.as_str(), user))).collect();
    let without_line: HashMap<&str, &Known> =
        by_first.iter().filter(|(first, _)| !named.contains_key(*first)).map(|(first, user)| (*first, *user)).collect();
    let mut taken = HashSet::new();
    let mut in_order: Vec<_> = named.iter().collect();
    in_order.sort_by_key(|(_, (line, _))| *line);
    in_order
        .into_iter()
        .map(|(first, (line, entry))| {
            let known = by_first.get(first).copied().or_else(|| {
                let mut owners: Vec<&Known> =
                    entry.addresses.iter().filter_map(|address| without_line.get(address.as_str()).copied()).collect();
                owners.dedup_by_key(|user| user.id);
                owners.first().copied().filter(|user| owners.len() == 1 && taken.insert(user.id))
            });
            Matched { line: *line, entry, known: known.cloned() }
        })
        .collect()
}

/// Two users with one address: nobody could say which of them forwarded a mail.
fn refuse_shared_addresses(matched: &[Matched<'_>], known: &[Known]) -> Work<()> {
    let brought_up_to_date: HashSet<i64> =
        matched.iter().filter_map(|user| user.known.as_ref()).map(|user| user.id).collect();
    let mut owners: HashMap<&str, String> = known
        .iter()
        .filter(|user| !brought_up_to_date.contains(&user.id))
        .flat_map(|user| user.addresses.iter().map(move |address| (address.as_str(), format!("user {}", user.id))))
        .collect();
    for user in matched {
        for (position, address) in user.entry.addresses.iter().enumerate() {
            if let Some(owner) = owners.insert(address.as_str(), format!("the user of line {}", user.line)) {
                let fault = format!("its address number {} belongs to {owner} already", position + 1);
                return Err(at_line(user.line, fault));
            }
        }
    }
    Ok(())
}

fn write(
    connection: &mut AnyConnection,
    tenant: TenantId,
    matched: &[Matched<'_>],
    now: DateTime<Utc>,
) -> Work<Changes> {
    let mut changes = Changes::default();
    let mut new_addresses: Vec<(i64, &UserEntry)> = Vec::new();
    for user in matched {
        if let Some(known) = &user.known {
            if is_same(known, user.entry) {
                changes.unchanged += 1;
                continue;
            }
            update(connection, known.id, user.entry, now)?;
            changes.updated += 1;
            new_addresses.push((known.id, user.entry));
        }
    }
    let to_clear: Vec<i64> = new_addresses.iter().map(|(id, _)| *id).collect();
    let new: Vec<&UserEntry> = matched.iter().filter(|user| user.known.is_none()).map(|user| user.entry).collect();
    new_addresses.extend(insert(connection, tenant, &new, now)?);
    changes.inserted += u64::try_from(new.len()).unwrap_or(u64::MAX);
    // All old ones go before the first new one comes: an address may move from one user to another.
    for part in to_clear.chunks(ROWS) {
        diesel::delete(user_addresses::table.filter(user_addresses::user_id.eq_any(part))).execute(connection)?;
    }
    let rows: Vec<NewAddress<'_>> = new_addresses
        .iter()
        .flat_map(|(id, entry)| {
            (0..).zip(&entry.addresses).map(|(position, address)| NewAddress {
                tenant_id: tenant.0,
                address: address.as_str(),
                user_id: *id,
                position,
            })
        })
        .collect();
    for part in rows.chunks(ROWS) {
        on!(connection, inner => diesel::insert_into(user_addresses::table).values(part).execute(inner))?;
    }
    Ok(changes)
}

fn is_same(known: &Known, entry: &UserEntry) -> bool {
    known.name == entry.name
        && known.role == entry.role.as_str()
        && known.language == entry.language.as_str()
        && known.active == entry.active
        && known.addresses.iter().map(String::as_str).eq(entry.addresses.iter().map(EmailAddress::as_str))
}

fn update(connection: &mut AnyConnection, id: i64, entry: &UserEntry, now: DateTime<Utc>) -> Work<()> {
    diesel::update(users::table.find(id))
        .set((
            users::address.eq(first_address(entry)),
            users::name.eq(&entry.name),
            users::role.eq(entry.role.as_str()),
            users::language.eq(entry.language.as_str()),
            users::active.eq(entry.active),
            users::updated_at.eq(stored(now)),
        ))
        .execute(connection)?;
    Ok(())
}

fn insert<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    new: &[&'a UserEntry],
    now: DateTime<Utc>,
) -> Work<Vec<(i64, &'a UserEntry)>> {
    let by_address: HashMap<&str, &'a UserEntry> = new.iter().map(|entry| (first_address(entry), *entry)).collect();
    let newest: Option<i64> =
        history_entries::table.select(diesel::dsl::max(history_entries::id)).get_result(connection)?;
    let mut inserted = Vec::new();
    for part in new.chunks(ROWS) {
        let rows: Vec<NewUser<'_>> = part
            .iter()
            .map(|entry| NewUser {
                tenant_id: tenant.0,
                address: first_address(entry),
                name: &entry.name,
                role: entry.role.as_str(),
                language: entry.language.as_str(),
                active: entry.active,
                created_at: stored(now),
                updated_at: stored(now),
                began_after: newest.unwrap_or_default(),
            })
            .collect();
        let ids: Vec<(i64, String)> = on!(connection, inner => diesel::insert_into(users::table)
            .values(&rows)
            .returning((users::id, users::address))
            .get_results(inner))?;
        inserted.extend(ids.into_iter().filter_map(|(id, address)| Some((id, *by_address.get(address.as_str())?))));
    }
    Ok(inserted)
}

fn first_address(entry: &UserEntry) -> &str {
    entry.addresses.first().map_or("", |address| address.as_str())
}
