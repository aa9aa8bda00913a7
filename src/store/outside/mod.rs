//! Contents of files and pictures that lie outside of the database, in an object store.
//!
//! The record says of each content where it lies: in its row, or in an object. Every object that is in the store, or may be,
//! has a row in `objects`, from before it is put there until after it is removed:
//!
//! - **coming**: it is about to be put there by one who will record it. Nobody else uses it. One that is not recorded within
//!   [`RECORDED_WITHIN`] is taken for left behind; should its maker come after all, they find it so, remove what they put and
//!   put another.
//! - **kept**: one content lies there.
//! - **going**: nobody points to it and nobody will. It is removed until it is gone.
//!
//! An object is named by its digest and its number, and a number is used once: a removal that is still on its way never
//! meets what somebody puts there later. No transaction is open while the object store is waited for.

mod mark;
mod moving;
mod object_store;
mod put;
mod read;
mod sweep;

pub use moving::{ContentPlaces, Contents, Moved};
pub(super) use object_store::Outside;
pub(super) use put::{Put, without_known};
pub(super) use read::Lying;
pub use sweep::{ObjectsWaiting, Swept};
pub(super) use sweep::{coming_goes, going, waiting};

use super::{Store, StoreError};
use crate::objects::{Objects, ObjectsError};
use chrono::TimeDelta;

/// What was put there is recorded within this time, or left behind: its maker was killed, or sleeps.
const RECORDED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// The states of an object.
const COMING: &str = "coming";
const KEPT: &str = "kept";
const GOING: &str = "going";

/// Ids and digests that one statement names.
const NAMED: usize = 500;

impl Store {
    /// The same database, whose contents may lie in this object store, too. New ones are put there if it `takes_new`; those
    /// in either place are read.
    #[must_use]
    pub fn with_objects(self, objects: Objects, takes_new: bool) -> Self {
        Self { outside: Some(Outside { objects, takes_new }), ..self }
    }

    /// The object store.
    fn objects(&self, wanted: &'static str) -> Result<&Objects, StoreError> {
        let none = || StoreError::FilesAway { wanted, cause: "the settings have no [files]".to_owned() };
        self.outside.as_ref().map(|outside| &outside.objects).ok_or_else(none)
    }
}

fn away(wanted: &'static str, error: &ObjectsError) -> StoreError {
    StoreError::FilesAway { wanted, cause: error.to_string() }
}
