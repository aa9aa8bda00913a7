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
use diesel::dsl::{count_star, max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;

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
            let Some((last, _)) = page.last() else { break };
            behind = *last;
            let tries = page.iter().map(|(_, attempts)| *attempts).max().unwrap_or_default().saturating_add(1);
            let next_at = next(u32::try_from(tries).unwrap_or(1));
            let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
            // Whoever has recorded one meanwhile has it, and whoever comes later finds it going.
            let names = self.write(WANTED, |connection| begin(connection, &ids, next_at))?;
            let removed = match self.objects(WANTED) {
                Ok(objects) => objects.remove(&names),
                Err(StoreError::FilesAway { cause, .. }) => {
                    swept.error = Some(cause);
                    break;
                }
                Err(error) => return Err(error),
            };
            reach(FailPoint::ContentsRemoved);
            swept.removed += removed.gone.len() as u64;
            swept.error = removed.error.map(|error| error.to_string());
            let gone: Vec<i64> = removed.gone.iter().map(|name| name.id).collect();
            self.write(WANTED, |connection| settle(connection, &ids, &gone, swept.error.as_deref()))?;
            if swept.error.is_some() {
                break;
            }
        }
        let left = self.read(WANTED, waiting)?;
        swept.waiting = left.contents;
        swept.error = swept.error.or(left.error).filter(|_| left.contents > 0);
        Ok(swept)
    }
}

/// Numbers and attempts, in the order of the numbers.
fn due(connection: &mut AnyConnection, now: DateTime<Utc>, all: bool, behind: i64) -> Work<Vec<(i64, i32)>> {
    let mut query = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::id.gt(behind))
        .order(objects::id)
        .limit(AT_ONCE)
        .select((objects::id, objects::attempts))
        .into_boxed();
    let is_due = objects::next_at.le(stored(now));
    query = if all { query.filter(is_due.or(objects::state.eq(GOING))) } else { query.filter(is_due) };
    Ok(query.load(connection)?)
}

/// The attempt is noted before it is made.
fn begin(connection: &mut AnyConnection, ids: &[i64], next_at: DateTime<Utc>) -> Work<Vec<ObjectName>> {
    let these = objects::table.filter(objects::id.eq_any(ids)).filter(objects::state.eq_any([COMING, GOING]));
    diesel::update(these)
        .set((
            objects::state.eq(GOING),
            objects::attempts.eq(objects::attempts + 1),
            objects::next_at.eq(stored(next_at)),
        ))
        .execute(connection)?;
    let names: Vec<(i64, String)> = objects::table
        .filter(objects::id.eq_any(ids))
        .filter(objects::state.eq(GOING))
        .order(objects::id)
        .select((objects::id, objects::sha256))
        .load(connection)?;
    Ok(names.into_iter().map(|(id, sha256)| ObjectName { sha256, id }).collect())
}

fn settle(connection: &mut AnyConnection, ids: &[i64], gone: &[i64], error: Option<&str>) -> Work<()> {
    let going = || objects::table.filter(objects::state.eq(GOING));
    diesel::delete(going().filter(objects::id.eq_any(gone))).execute(connection)?;
    if let Some(error) = error {
        diesel::update(going().filter(objects::id.eq_any(ids)))
            .set(objects::last_error.eq(storable(error)))
            .execute(connection)?;
    }
    Ok(())
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

/// What is still to be removed.
pub(in crate::store) fn waiting(connection: &mut AnyConnection) -> Work<ObjectsWaiting> {
    let (contents, since, error): (i64, Option<NaiveDateTime>, Option<String>) = objects::table
        .filter(sql::<Bool>(NOT_KEPT))
        .filter(objects::state.eq(GOING))
        .select((count_star(), min(objects::since), max(objects::last_error)))
        .get_result(connection)?;
    Ok(ObjectsWaiting { contents: count(contents), since: since.map(read), error })
}
