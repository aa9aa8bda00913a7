//! Reading contents, wherever they lie.

use super::away;
use crate::objects::ObjectName;
use crate::store::schema::blobs;
use crate::store::{Store, StoreError};
use diesel::prelude::*;

/// Where a content lies, as the record says.
pub(in crate::store) enum Lying {
    /// In the database: this is it.
    Here(Vec<u8>),
    /// In this object.
    Outside(ObjectName),
}

impl Lying {
    /// What a row of `blobs` says; `None` without a row.
    pub(in crate::store) fn of(sha256: Option<String>, content: Option<Vec<u8>>, object: Option<i64>) -> Option<Self> {
        match (content, sha256, object) {
            (Some(content), ..) => Some(Self::Here(content)),
            (None, Some(sha256), Some(id)) => Some(Self::Outside(ObjectName { sha256, id })),
            _ => None,
        }
    }

    fn name(&self) -> Option<&ObjectName> {
        match self {
            Self::Here(_) => None,
            Self::Outside(name) => Some(name),
        }
    }
}

impl Store {
    /// These contents, in their order. Not inside of a transaction. `None` for one that was erased meanwhile.
    pub(in crate::store) fn fetch(
        &self,
        wanted: &'static str,
        lying: Vec<Lying>,
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let names: Vec<ObjectName> = lying.iter().filter_map(Lying::name).cloned().collect();
        let mut got = self.get(wanted, &names)?.into_iter();
        let content = |lying| match lying {
            Lying::Here(content) => Ok(Some(content)),
            Lying::Outside(name) => match got.next().flatten() {
                Some(content) => Ok(Some(content)),
                None => self.look_again(wanted, &name),
            },
        };
        lying.into_iter().map(content).collect()
    }

    fn get(&self, wanted: &'static str, names: &[ObjectName]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        self.objects(wanted)?.get(names).map_err(|error| away(wanted, &error))
    }

    /// A content that is not where it was a moment ago: it was erased, or moved.
    fn look_again(&self, wanted: &'static str, name: &ObjectName) -> Result<Option<Vec<u8>>, StoreError> {
        let row: Option<(Option<Vec<u8>>, Option<i64>)> = self.read(wanted, |connection| {
            let row = blobs::table.find(&name.sha256).select((blobs::content, blobs::object_id));
            Ok(row.get_result(connection).optional()?)
        })?;
        let Some((content, object)) = row else { return Ok(None) };
        let missing = |name: &ObjectName| StoreError::FilesAway {
            wanted,
            cause: format!("the content {}.{} is not there", name.sha256, name.id),
        };
        match Lying::of(Some(name.sha256.clone()), content, object) {
            Some(Lying::Here(content)) => Ok(Some(content)),
            Some(Lying::Outside(other)) if other != *name => {
                let got = self.get(wanted, std::slice::from_ref(&other))?.pop().flatten();
                got.map(Some).ok_or_else(|| missing(&other))
            }
            _ => Err(missing(name)),
        }
    }
}
