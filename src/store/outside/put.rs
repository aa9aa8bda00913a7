//! Contents on their way into the record: put into the object store before, and kept with the record or given up.

use super::{COMING, GOING, KEPT, NAMED, RECORDED_WITHIN, away};
use crate::fail_point::{FailPoint, reach};
use crate::objects::ObjectName;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::{Trouble, Work};
use crate::store::record::{MailRecord, contents_of};
use crate::store::schema::{blobs, objects};
use crate::store::time::stored;
use crate::store::words::whole_number;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Contents that were put into the object store for one unit of work, which is to record them.
#[derive(Default)]
pub(in crate::store) struct Put {
    /// New contents lie outside at all.
    is_outside: bool,
    /// Those that no record had: the number of each one's object by its digest.
    objects: BTreeMap<String, i64>,
}

#[derive(Insertable)]
#[diesel(table_name = objects, treat_none_as_default_value = false)]
struct NewObject<'a> {
    sha256: &'a str,
    state: &'static str,
    since: NaiveDateTime,
    next_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = blobs, treat_none_as_default_value = false)]
struct NewBlob<'a> {
    sha256: &'a str,
    size: i64,
    object_id: i64,
}

impl Store {
    /// Puts those contents of these mails into the object store that no mail has yet, if new ones belong there.
    pub(in crate::store) fn put_contents<'a>(
        &self,
        wanted: &'static str,
        records: impl Iterator<Item = &'a MailRecord> + Clone,
        now: DateTime<Utc>,
    ) -> Result<Put, StoreError> {
        if !self.outside.as_ref().is_some_and(|outside| outside.takes_new) {
            return Ok(Put::default());
        }
        let contents = contents_of(records.filter(|record| record.decided.decision.keeps_contents()));
        let new = self.read(wanted, |connection| without_known(connection, contents.keys().copied()))?;
        if new.is_empty() {
            return Ok(Put { is_outside: true, ..Put::default() });
        }
        let store = self.proven(wanted)?;
        let objects = self.write(wanted, |connection| announce(connection, &new, now))?;
        let put = Put { is_outside: true, objects };
        let named = put.objects.iter().filter_map(|(sha256, id)| {
            let name = ObjectName { sha256: sha256.clone(), id: *id };
            Some((name, contents.get(sha256)?.as_slice()))
        });
        match store.put(named) {
            Ok(()) => {
                reach(FailPoint::ContentsPut);
                Ok(put)
            }
            Err(error) => {
                self.leave_half_put(&put);
                Err(away(wanted, &error))
            }
        }
    }

    /// What a unit of work gave. If it failed nobody will record what was put for it.
    pub(in crate::store) fn or_given_up<T>(&self, done: Result<T, StoreError>, put: &Put) -> Result<T, StoreError> {
        if done.is_err() {
            self.leave(put);
        }
        done
    }

    /// After a put that failed: the store may still take what it was sent, and even after a removal. It is removed when its
    /// time is over, as what a process leaves that was killed.
    pub(super) fn leave_half_put(&self, put: &Put) {
        self.remove_lost(put, |connection| put.lost(connection));
    }

    /// If that cannot be noted now, the time will do it.
    fn leave(&self, put: &Put) {
        self.remove_lost(put, |connection| {
            let lost = put.lost(connection)?;
            put.give_up_rest(connection)?;
            Ok(lost)
        });
    }

    /// What was taken for left behind may have been put after it was removed: nobody else would look for it, and nobody has
    /// recorded it.
    fn remove_lost(&self, put: &Put, lost: impl FnOnce(&mut AnyConnection) -> Work<Vec<ObjectName>>) {
        if put.objects.is_empty() {
            return;
        }
        let lost = self.write("Cannot note contents that are not needed", lost);
        let error = match (lost, &self.outside) {
            (Ok(lost), Some(outside)) if !lost.is_empty() => {
                outside.objects.remove(&lost).failed.pop().map(|(_, error)| error.to_string())
            }
            (Ok(_), _) => None,
            (Err(error), _) => Some(error.to_string()),
        };
        if let Some(error) = error {
            tracing::warn!(error, "Contents that were put in vain may stay in the object store for a while");
        }
    }

    /// Whether recording this would put something into the object store that does not lie there yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn would_put(&self, record: &MailRecord) -> Result<bool, StoreError> {
        if !self.outside.as_ref().is_some_and(|outside| outside.takes_new) || !record.decided.decision.keeps_contents()
        {
            return Ok(false);
        }
        let contents = contents_of(std::iter::once(record));
        self.read("Cannot look for contents", |connection| {
            Ok(!without_known(connection, contents.keys().copied())?.is_empty())
        })
    }
}

/// Those of these digests that no record has.
pub(in crate::store) fn without_known<'a>(
    connection: &mut AnyConnection,
    digests: impl Iterator<Item = &'a String>,
) -> Work<Vec<&'a String>> {
    let digests: Vec<&String> = digests.collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for part in digests.chunks(NAMED) {
        let found: Vec<String> =
            blobs::table.filter(blobs::sha256.eq_any(part.iter().copied())).select(blobs::sha256).load(connection)?;
        known.extend(found);
    }
    Ok(digests.into_iter().filter(|digest| !known.contains(*digest)).collect())
}

/// Notes that objects with these contents are about to be put.
pub(super) fn announce(
    connection: &mut AnyConnection,
    digests: &[&String],
    now: DateTime<Utc>,
) -> Work<BTreeMap<String, i64>> {
    let (since, next_at) = (stored(now), stored(now + RECORDED_WITHIN));
    let rows: Vec<NewObject<'_>> =
        digests.iter().map(|sha256| NewObject { sha256, state: COMING, since, next_at }).collect();
    let mut announced = BTreeMap::new();
    for part in rows.chunks(NAMED) {
        let made: Vec<(String, i64)> = on!(connection, inner => diesel::insert_into(objects::table)
            .values(part)
            .returning((objects::sha256, objects::id))
            .get_results(inner))?;
        announced.extend(made);
    }
    Ok(announced)
}

impl Put {
    /// These objects, which were announced and put.
    pub(super) fn of(objects: BTreeMap<String, i64>) -> Self {
        Self { is_outside: true, objects }
    }

    /// Whether new contents lie outside.
    pub(in crate::store) fn is_outside(&self) -> bool {
        self.is_outside
    }

    /// The number of the object with this content.
    pub(super) fn object(&self, sha256: &str) -> Option<i64> {
        self.objects.get(sha256).copied()
    }

    /// Records these contents, as far as no other has. In one order for all workers, as with contents in the database.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] if one is neither put nor recorded (any more).
    pub(in crate::store) fn insert(
        &self,
        connection: &mut AnyConnection,
        contents: &BTreeMap<&String, &Vec<u8>>,
    ) -> Work<()> {
        self.hold(connection)?;
        let rows: Vec<NewBlob<'_>> = contents
            .iter()
            .filter_map(|(sha256, content)| {
                let object_id = self.object(sha256)?;
                Some(NewBlob { sha256, size: whole_number(content.len()), object_id })
            })
            .collect();
        for part in rows.chunks(NAMED) {
            on!(connection, inner => diesel::insert_into(blobs::table)
                .values(part)
                .on_conflict_do_nothing()
                .execute(inner))?;
        }
        let digests: Vec<&String> = contents.keys().copied().collect();
        for part in digests.chunks(NAMED) {
            let these = blobs::table
                .filter(blobs::sha256.eq_any(part.iter().copied()))
                .order(blobs::sha256)
                .select(blobs::sha256);
            let there: Vec<String> = match connection {
                // Nobody erases them before this is recorded.
                AnyConnection::Postgres(inner) => these.for_key_share().load(inner)?,
                AnyConnection::Sqlite(inner) => these.load(inner)?,
            };
            if there.len() < part.len() {
                return Err(overtaken());
            }
        }
        self.settle(connection)
    }

    /// Nobody takes these objects for left behind before they are recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] if somebody has.
    pub(super) fn hold(&self, connection: &mut AnyConnection) -> Work<()> {
        let ids = self.ids();
        for part in ids.chunks(NAMED) {
            let these = objects::table
                .filter(objects::id.eq_any(part))
                .filter(objects::state.eq(COMING))
                .order(objects::id)
                .select(objects::id);
            let held: Vec<i64> = match connection {
                AnyConnection::Postgres(inner) => these.for_update().load(inner)?,
                AnyConnection::Sqlite(inner) => these.load(inner)?,
            };
            if held.len() < part.len() {
                return Err(overtaken());
            }
        }
        Ok(())
    }

    /// Those that a content points to now are kept; the others are removed at once.
    pub(in crate::store) fn settle(&self, connection: &mut AnyConnection) -> Work<()> {
        let ids = self.ids();
        for part in ids.chunks(NAMED) {
            let used = blobs::table.filter(blobs::object_id.eq(objects::id.nullable()));
            diesel::update(objects::table.filter(objects::id.eq_any(part)).filter(exists(used)))
                .set(objects::state.eq(KEPT))
                .execute(connection)?;
        }
        self.give_up_rest(connection)
    }

    fn give_up_rest(&self, connection: &mut AnyConnection) -> Work<()> {
        let ids = self.ids();
        for part in ids.chunks(NAMED) {
            diesel::update(objects::table.filter(objects::id.eq_any(part)).filter(objects::state.eq(COMING)))
                .set((objects::state.eq(GOING), objects::next_at.eq(objects::since)))
                .execute(connection)?;
        }
        Ok(())
    }

    /// Those that were taken for left behind: they are to be removed, or have no row any more.
    fn lost(&self, connection: &mut AnyConnection) -> Work<Vec<ObjectName>> {
        let mut ours: BTreeSet<i64> = BTreeSet::new();
        for part in self.ids().chunks(NAMED) {
            let found: Vec<i64> = objects::table
                .filter(objects::id.eq_any(part))
                .filter(objects::state.eq_any([COMING, KEPT]))
                .select(objects::id)
                .load(connection)?;
            ours.extend(found);
        }
        let names = self.objects.iter().filter(|(_, id)| !ours.contains(*id));
        Ok(names.map(|(sha256, id)| ObjectName { sha256: sha256.clone(), id: *id }).collect())
    }

    fn ids(&self) -> Vec<i64> {
        self.objects.values().copied().collect()
    }
}

fn overtaken() -> Trouble {
    Trouble::Told(StoreError::Overtaken { wanted: "Cannot record the contents of files" })
}
