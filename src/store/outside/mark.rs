//! Whether this is the store that the record speaks of. Where another, or an empty one, is taken for it, what is put there is
//! not found later, and what is not found there is taken for removed: both are for ever.

use super::away;
use crate::objects::{MARK, Objects};
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::schema::{object_store, objects};
use crate::store::{Store, StoreError};
use diesel::prelude::*;

const WANTED: &str = "Cannot use the object store";

/// The only row there is.
const ROW: i32 = 1;

/// What the database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Noted {
    mark: Option<String>,
    /// It was put there.
    is_put: bool,
    /// Something lies there, or may.
    is_used: bool,
}

enum Compared {
    Same,
    /// The store has no mark, and may get one.
    New,
    Different(String),
}

impl Store {
    /// Whether the object store of the settings, if there is one, works and is the one that the record speaks of: a content is
    /// put there and removed, and nothing else is changed. `None` without an object store.
    ///
    /// # Errors
    ///
    /// [`StoreError::FilesAway`] if it does not or is not, [`StoreError::Unavailable`] if the database is away.
    pub fn try_objects(&self) -> Result<Option<()>, StoreError> {
        let Some(outside) = &self.outside else { return Ok(None) };
        outside.objects.probe().map_err(|error| away(WANTED, &error))?;
        match self.compare(WANTED, &outside.objects)? {
            Compared::Same | Compared::New => Ok(Some(())),
            Compared::Different(cause) => Err(StoreError::FilesAway { wanted: WANTED, cause }),
        }
    }

    /// Whether the object store works, as the one that the record speaks of: a content is put there and removed.
    ///
    /// # Errors
    ///
    /// As [`Store::try_objects`].
    pub fn prove_objects(&self) -> Result<(), StoreError> {
        let objects = self.proven(WANTED)?;
        objects.probe().map_err(|error| away(WANTED, &error))
    }

    /// The object store, if it is the one that the record speaks of; one that was never used is marked.
    ///
    /// # Errors
    ///
    /// [`StoreError::FilesAway`] if it is not or cannot be asked, [`StoreError::Unavailable`] if the database is away.
    pub(super) fn proven(&self, wanted: &'static str) -> Result<&Objects, StoreError> {
        let objects = self.objects(wanted)?;
        let mut compared = self.compare(wanted, objects)?;
        if let Compared::New = compared {
            self.mark_anew(wanted, objects)?;
            compared = self.compare(wanted, objects)?;
        }
        match compared {
            Compared::Same => Ok(objects),
            Compared::New => Err(StoreError::FilesAway { wanted, cause: format!("it does not keep the mark {MARK}") }),
            Compared::Different(cause) => Err(StoreError::FilesAway { wanted, cause }),
        }
    }

    fn compare(&self, wanted: &'static str, objects: &Objects) -> Result<Compared, StoreError> {
        let mut compared = self.compare_once(wanted, objects)?;
        if let Compared::Different(_) = compared {
            // Another worker may have marked it between the two looks.
            compared = self.compare_once(wanted, objects)?;
        }
        Ok(compared)
    }

    fn compare_once(&self, wanted: &'static str, objects: &Objects) -> Result<Compared, StoreError> {
        let noted = self.read(wanted, noted)?;
        let found = objects.mark().map_err(|error| away(wanted, &error))?;
        Ok(match (found, noted) {
            (Some(found), Noted { mark: Some(mark), .. }) if found == mark => Compared::Same,
            (Some(_), _) => Compared::Different(format!(
                "the mark {MARK} in it is that of another database, or of an older state of the store: look whether \
                 `store` and `endpoint` in [files] are right, and whether the right folder is mounted"
            )),
            (None, Noted { is_put: true, is_used: true, .. }) => Compared::Different(format!(
                "the mark {MARK} is not in it: look whether `store` and `endpoint` in [files] are right, and whether the \
                 folder is mounted"
            )),
            (None, _) => Compared::New,
        })
    }

    /// Gives the store a mark. A new one where there was one before: should the old store come back, it is told from this.
    fn mark_anew(&self, wanted: &'static str, objects: &Objects) -> Result<(), StoreError> {
        let mark = self.write(wanted, |connection| {
            let new = format!("{:032x}", fastrand::u128(..));
            on!(connection, inner => diesel::insert_into(object_store::table)
                .values((object_store::id.eq(ROW), object_store::mark.eq(&new), object_store::is_put.eq(false)))
                .on_conflict_do_nothing()
                .execute(inner))?;
            let used = objects_are_used(connection)?;
            if !used {
                diesel::update(object_store::table.filter(object_store::is_put.eq(true)))
                    .set((object_store::mark.eq(&new), object_store::is_put.eq(false)))
                    .execute(connection)?;
            }
            Ok(object_store::table.select(object_store::mark).get_result::<String>(connection)?)
        })?;
        objects.set_mark(&mark).map_err(|error| away(wanted, &error))?;
        self.write(wanted, |connection| {
            diesel::update(object_store::table.filter(object_store::mark.eq(&mark)))
                .set(object_store::is_put.eq(true))
                .execute(connection)?;
            Ok(())
        })
    }
}

fn noted(connection: &mut AnyConnection) -> Work<Noted> {
    let row: Option<(String, bool)> =
        object_store::table.select((object_store::mark, object_store::is_put)).get_result(connection).optional()?;
    let is_used = objects_are_used(connection)?;
    let (mark, is_put) = row.map_or((None, false), |(mark, is_put)| (Some(mark), is_put));
    Ok(Noted { mark, is_put, is_used })
}

fn objects_are_used(connection: &mut AnyConnection) -> Work<bool> {
    Ok(objects::table.select(objects::id).limit(1).get_result::<i64>(connection).optional()?.is_some())
}
