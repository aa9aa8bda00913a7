//! Where contents lie, and bringing them from one place to the other.

use super::put::{Put, announce};
use super::{Objects, away, going};
use crate::objects::ObjectName;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::blobs;
use crate::store::words::count;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

const WANTED: &str = "Cannot move the contents of files";

/// So many are moved at a time.
const AT_ONCE: i64 = 100;
/// So many octets, give or take one content.
const OCTETS_AT_ONCE: u64 = 8 << 20;

/// How much lies where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ContentPlaces {
    /// In the database.
    pub database: Contents,
    /// In the object store.
    pub store: Contents,
}

/// Contents of files and pictures, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// How many.
    pub contents: u64,
    /// Octets of them.
    pub octets: u64,
}

/// What one step of moving did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// What was moved.
    pub moved: Contents,
    /// Contents that are not in the object store any more, by their digests: they cannot be moved.
    pub missing: Vec<String>,
    /// The next step goes on behind this digest; `None` if nothing is left.
    pub behind: Option<String>,
}

impl Store {
    /// How much lies where.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn content_places(&self) -> Result<ContentPlaces, StoreError> {
        self.read("Cannot count the contents of files", |connection| {
            let octets = || sql::<BigInt>("cast(coalesce(sum(size), 0) as bigint)");
            let of = |(contents, octets): (i64, i64)| Contents { contents: count(contents), octets: count(octets) };
            let here = blobs::table.filter(blobs::object_id.is_null()).select((count_star(), octets()));
            let there = blobs::table.filter(blobs::object_id.is_not_null()).select((count_star(), octets()));
            let (database, store) = (here.get_result(connection)?, there.get_result(connection)?);
            Ok(ContentPlaces { database: of(database), store: of(store) })
        })
    }

    /// Whether a content lies in the object store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn has_contents_outside(&self) -> Result<bool, StoreError> {
        self.read("Cannot look where contents lie", |connection| {
            let one = blobs::table.filter(blobs::object_id.is_not_null()).select(blobs::size).limit(1);
            Ok(one.get_result::<i64>(connection).optional()?.is_some())
        })
    }

    /// Brings some contents to where new ones go: into the object store, or into the database. `behind` is what the step
    /// before gave. What is interrupted can be begun anew; who reads or records a content meanwhile finds it.
    ///
    /// # Errors
    ///
    /// [`StoreError::FilesAway`] or [`StoreError::Unavailable`] if one of both is away, or there is no object store. What was moved before stays moved.
    pub fn move_some_contents(&self, behind: Option<&str>, now: DateTime<Utc>) -> Result<Moved, StoreError> {
        let objects = self.proven(WANTED)?;
        if self.outside.as_ref().is_some_and(|outside| outside.takes_new) {
            self.move_out(objects, behind.unwrap_or_default(), now)
        } else {
            self.move_in(objects, behind.unwrap_or_default())
        }
    }

    fn move_out(&self, objects: &Objects, behind: &str, now: DateTime<Utc>) -> Result<Moved, StoreError> {
        let contents = self.read(WANTED, |connection| {
            let sizes: Vec<(String, i64)> = blobs::table
                .filter(blobs::object_id.is_null())
                .filter(blobs::sha256.gt(behind))
                .order(blobs::sha256)
                .limit(AT_ONCE)
                .select((blobs::sha256, blobs::size))
                .load(connection)?;
            let some = of_bearable_size(sizes);
            let rows: Vec<(String, Option<Vec<u8>>)> = blobs::table
                .filter(blobs::sha256.eq_any(some))
                .order(blobs::sha256)
                .select((blobs::sha256, blobs::content))
                .load(connection)?;
            Ok(rows.into_iter().filter_map(|(sha256, content)| Some((sha256, content?))).collect::<Vec<_>>())
        })?;
        let Some((last, _)) = contents.last() else { return Ok(Moved::default()) };
        let digests: Vec<&String> = contents.iter().map(|(sha256, _)| sha256).collect();
        let put = Put::of(self.write(WANTED, |connection| announce(connection, &digests, now))?);
        let named = contents.iter().filter_map(|(sha256, content)| {
            Some((ObjectName { sha256: sha256.clone(), id: put.object(sha256)? }, content.as_slice()))
        });
        if let Err(error) = objects.put(named) {
            self.leave_half_put(&put);
            return Err(away(WANTED, &error));
        }
        let done = self.write(WANTED, |connection| point_outside(connection, &contents, &put));
        let moved = self.or_given_up(done, &put)?;
        Ok(Moved { moved, missing: Vec::new(), behind: Some(last.clone()) })
    }

    fn move_in(&self, objects: &Objects, behind: &str) -> Result<Moved, StoreError> {
        let names = self.read(WANTED, |connection| {
            let rows: Vec<(String, Option<i64>, i64)> = blobs::table
                .filter(blobs::object_id.is_not_null())
                .filter(blobs::sha256.gt(behind))
                .order(blobs::sha256)
                .limit(AT_ONCE)
                .select((blobs::sha256, blobs::object_id, blobs::size))
                .load(connection)?;
            let sizes = rows.iter().map(|(sha256, _, size)| (sha256.clone(), *size)).collect();
            let some = of_bearable_size(sizes).len();
            let names = rows.into_iter().take(some);
            Ok(names.filter_map(|(sha256, id, _)| Some(ObjectName { sha256, id: id? })).collect::<Vec<_>>())
        })?;
        let Some(last) = names.last() else { return Ok(Moved::default()) };
        let contents = objects.get(&names).map_err(|error| away(WANTED, &error))?;
        let (there, gone): (Vec<_>, Vec<_>) = names.iter().zip(contents).partition(|(_, content)| content.is_some());
        let there: Vec<(&ObjectName, Vec<u8>)> =
            there.into_iter().filter_map(|(name, content)| Some((name, content?))).collect();
        let moved = self.write(WANTED, |connection| take_in(connection, &there))?;
        let missing = gone.into_iter().map(|(name, _)| name.sha256.clone()).collect();
        Ok(Moved { moved, missing, behind: Some(last.sha256.clone()) })
    }
}

/// As many of them as may be in memory at a time, at least one.
fn of_bearable_size(sizes: Vec<(String, i64)>) -> Vec<String> {
    let mut octets = 0;
    let mut some = Vec::new();
    for (sha256, size) in sizes {
        octets += count(size);
        if !some.is_empty() && octets > OCTETS_AT_ONCE {
            break;
        }
        some.push(sha256);
    }
    some
}

/// One that was erased or moved meanwhile is left, and its object is removed again.
fn point_outside(connection: &mut AnyConnection, contents: &[(String, Vec<u8>)], put: &Put) -> Work<Contents> {
    put.hold(connection)?;
    let mut moved = Contents::default();
    for (sha256, content) in contents {
        let row = blobs::table.filter(blobs::sha256.eq(sha256)).filter(blobs::object_id.is_null());
        let set = (blobs::content.eq(None::<Vec<u8>>), blobs::object_id.eq(put.object(sha256)));
        let changed = diesel::update(row).set(set).execute(connection)? as u64;
        moved.contents += changed;
        moved.octets += changed * content.len() as u64;
    }
    put.settle(connection)?;
    Ok(moved)
}

fn take_in(connection: &mut AnyConnection, contents: &[(&ObjectName, Vec<u8>)]) -> Work<Contents> {
    let mut moved = Contents::default();
    let mut left = Vec::new();
    for (name, content) in contents {
        let row = blobs::table.filter(blobs::sha256.eq(&name.sha256)).filter(blobs::object_id.eq(name.id));
        let set = (blobs::content.eq(Some(content)), blobs::object_id.eq(None::<i64>));
        if diesel::update(row).set(set).execute(connection)? > 0 {
            moved.contents += 1;
            moved.octets += content.len() as u64;
            left.push(name.id);
        }
    }
    going(connection, &left)?;
    Ok(moved)
}
