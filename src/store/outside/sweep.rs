//! Removing objects that nobody needs: what was erased or moved, and what was put and never recorded.

use super::{COMING, GOING, NAMED};
use crate::fail_point::{FailPoint, reach};
use crate::objects::ObjectName;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::objects;
use crate::store::time::{read, stored};
use crate::store::words::{count, storable};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{Eq, EqAny, Filter, count_star, max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;
use std::collections::BTreeMap;

const WANTED: &str = "Cannot remove contents from the object store";

/// So many are removed at a time.
const AT_ONCE: i64 = 200;

/// In the words of the index, so that databases know it.
const NOT_KEPT: &str = "state <> 'kept'";

/// What came of removing objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// So many are gone.
    pub removed: u64,
    /// So many are still to be removed.
    pub waiting: u64,
    /// So many were put there and are not recorded: they are removed within an hour, if nobody records them.
    pub unrecorded: u64,
    /// Why, in words for operations.
    pub error: Option<String>,
}

/// Contents that nobody needs and that still lie in the object store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObjectsWaiting {
    /// How many.
    pub contents: u64,
    /// Since when the oldest of them lay there.
    pub since: Option<DateTime<Utc>>,
    /// Why the last attempt failed, if one did.
    pub error: Option<String>,
    /// How many more were put there and are not recorded: they are removed within an hour, if nobody records them.
    pub unrecorded: u64,
}

impl Store {
    /// Removes objects that nobody needs: those that are due at `now`, or all that nobody may come to need. `next` says
    /// when one that cannot be removed now is tried again, from the number of its attempts. Several workers may do so at
    /// once; an object that another has removed is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away. That the object store is, is part of the answer.
    pub fn remove_objects(
        &self,
        now: DateTime<Utc>,
        all: bool,
        next: impl Fn(u32) -> DateTime<Utc>,
    ) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        let mut behind = 0;
        loop {
            let page = self.read(WANTED, |connection| due(connection, now, all, behind))?;
            let Some(last) = page.last() else { break };
            behind = last.id;
            let step = self.remove_page(&page, &next)?;
            swept.removed += step.removed;
            swept.error = step.error.or(swept.error);
            if step.is_away {
                break;
            }
        }
        let left = self.read(WANTED, waiting)?;
        (swept.waiting, swept.unrecorded) = (left.contents, left.unrecorded);
        swept.error = swept.error.or(left.error).filter(|_| left.contents > 0);
        Ok(swept)
    }

    fn remove_page(&self, page: &[Due], next: &impl Fn(u32) -> DateTime<Utc>) -> Result<Step, StoreError> {
        // A store that is away is no failure of these: they are tried as soon as it is back.
        let objects = match self.proven(WANTED) {
            Ok(objects) => objects,
            Err(StoreError::FilesAway { cause, .. }) => return self.put_off(page, cause),
            Err(error) => return Err(error),
        };
        // Whoever has recorded one meanwhile has it, and whoever comes later finds it going.
        let names = self.write(WANTED, |connection| begin(connection, page, next))?;
        let removed = objects.remove(&names);
        reach(FailPoint::ContentsRemoved);
        // Where this is not the store (any more), nothing is gone because it is not there.
        match self.proven(WANTED) {
            Ok(_) => {}
            Err(StoreError::FilesAway { cause, .. }) => {
                self.write(WANTED, |connection| take_back(connection, page, &names))?;
                return self.put_off(page, cause);
            }
            Err(error) => return Err(error),
        }
        self.write(WANTED, |connection| {
            let gone: Vec<i64> = removed.gone.iter().map(|name| name.id).collect();
            diesel::delete(those_going(&gone)).execute(connection)?;
            for (name, error) in &removed.failed {
                diesel::update(those_going(&[name.id]))
                    .set(objects::last_error.eq(storable(&error.to_string())))
                    .execute(connection)?;
            }
            take_back(connection, page, &removed.untried)
        })?;
        Ok(Step {
            removed: removed.gone.len() as u64,
            error: removed.failed.last().map(|(_, error)| error.to_string()),
            is_away: !removed.untried.is_empty() || removed.gone.is_empty(),
        })
    }

    /// Says of these why they are not tried now.
    fn put_off(&self, page: &[Due], cause: String) -> Result<Step, StoreError> {
        let ids: Vec<i64> = page.iter().map(|due| due.id).collect();
        self.write(WANTED, |connection| {
            diesel::update(those_going(&ids)).set(objects::last_error.eq(storable(&cause))).execute(connection)?;
            Ok(())
        })?;
        Ok(Step { removed: 0, error: Some(cause), is_away: true })
    }
}

/// An object that is due.
#[derive(Queryable)]
struct Due {
    id: i64,
    attempts: i32,
    next_at: NaiveDateTime,
}

/// What came of some objects.
struct Step {
    removed: u64,
    error: Option<String>,
    /// Nothing more is to be tried now.
    is_away: bool,
}

type Going<'a> = Filter<Filter<objects::table, Eq<objects::state, &'static str>>, EqAny<objects::id, &'a [i64]>>;

fn those_going(ids: &[i64]) -> Going<'_> {
    objects::table.filter(objects::state.eq(GOING)).filter(objects::id.eq_any(ids))
}

/// In the order of the numbers.
fn due(connection: &mut AnyConnection, now: DateTime<Utc>, all: bool, behind: i64) -> Work<Vec<Due>> {
    let mut query = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::id.gt(behind))
        .order(objects::id)
        .limit(AT_ONCE)
        .select((objects::id, objects::attempts, objects::next_at))
        .into_boxed();
    let is_due = objects::next_at.le(stored(now));
    query = if all { query.filter(is_due.or(objects::state.eq(GOING))) } else { query.filter(is_due) };
    Ok(query.load(connection)?)
}

/// The attempts are noted before they are made.
fn begin(connection: &mut AnyConnection, page: &[Due], next: &impl Fn(u32) -> DateTime<Utc>) -> Work<Vec<ObjectName>> {
    let mut by_attempts: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for due in page {
        by_attempts.entry(due.attempts.saturating_add(1)).or_default().push(due.id);
    }
    for (attempts, ids) in by_attempts {
        let these = objects::table.filter(objects::id.eq_any(ids)).filter(objects::state.eq_any([COMING, GOING]));
        let next_at = stored(next(u32::try_from(attempts).unwrap_or(1)));
        diesel::update(these)
            .set((objects::state.eq(GOING), objects::attempts.eq(attempts), objects::next_at.eq(next_at)))
            .execute(connection)?;
    }
    let ids: Vec<i64> = page.iter().map(|due| due.id).collect();
    let names: Vec<(i64, String)> =
        those_going(&ids).order(objects::id).select((objects::id, objects::sha256)).load(connection)?;
    Ok(names.into_iter().map(|(id, sha256)| ObjectName { sha256, id }).collect())
}

/// The attempts at these were not made.
fn take_back(connection: &mut AnyConnection, page: &[Due], names: &[ObjectName]) -> Work<()> {
    for due in page.iter().filter(|due| names.iter().any(|name| name.id == due.id)) {
        diesel::update(those_going(&[due.id]))
            .set((objects::attempts.eq(due.attempts), objects::next_at.eq(due.next_at)))
            .execute(connection)?;
    }
    Ok(())
}

/// What was put for these contents, which are erased, and not recorded: by one who was killed, say. One who records it just
/// now has it locked and finds the content erased.
pub(in crate::store) fn coming_goes(connection: &mut AnyConnection, digests: &[&String]) -> Work<()> {
    let these = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::state.eq(COMING))
        .filter(objects::sha256.eq_any(digests))
        .select(objects::id);
    let ids: Vec<i64> = match connection {
        AnyConnection::Postgres(inner) => these.for_update().skip_locked().load(inner)?,
        AnyConnection::Sqlite(inner) => these.load(inner)?,
    };
    going(connection, &ids)
}

/// These objects, which no content has any more, are to be removed. Inside of the transaction in which the contents go.
pub(in crate::store) fn going(connection: &mut AnyConnection, ids: &[i64]) -> Work<()> {
    for part in ids.chunks(NAMED) {
        diesel::update(objects::table.filter(objects::id.eq_any(part)))
            .set((objects::state.eq(GOING), objects::next_at.eq(objects::since)))
            .execute(connection)?;
    }
    Ok(())
}

/// What is still to be removed, and what nobody has recorded yet.
pub(in crate::store) fn waiting(connection: &mut AnyConnection) -> Work<ObjectsWaiting> {
    let (contents, since, error): (i64, Option<NaiveDateTime>, Option<String>) = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::state.eq(GOING))
        .select((count_star(), min(objects::since), max(objects::last_error)))
        .get_result(connection)?;
    let unrecorded: i64 = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::state.eq(COMING))
        .select(count_star())
        .get_result(connection)?;
    Ok(ObjectsWaiting { contents: count(contents), since: since.map(read), error, unrecorded: count(unrecorded) })
}
