//! Removing contents: one that cannot be removed holds up no other.

use super::{AT_ONCE, ObjectName, Objects, ObjectsError, left_over};
use object_store::{Error, ObjectStoreExt};

/// What came of removing contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// These are gone, or were not there: whether it was this store that said so, its mark tells.
    pub gone: Vec<ObjectName>,
    /// These are not, and why.
    pub failed: Vec<(ObjectName, ObjectsError)>,
    /// These were not tried, as nothing of those before them could be removed.
    pub untried: Vec<ObjectName>,
}

impl Objects {
    /// Removes contents, also what a put that was interrupted left of them. Where nothing of a part can be removed, those
    /// behind it are not tried.
    pub fn remove(&self, names: &[ObjectName]) -> Removed {
        let mut removed = Removed::default();
        let mut parts = names.chunks(AT_ONCE);
        for together in parts.by_ref() {
            let gone_before = removed.gone.len();
            match self.remove_together(together) {
                Ok(results) => {
                    for (name, result) in together.iter().zip(results) {
                        match result {
                            Ok(()) => removed.gone.push(name.clone()),
                            Err(error) => removed.failed.push((name.clone(), error)),
                        }
                    }
                }
                Err(error) => removed.failed.extend(together.iter().map(|name| (name.clone(), error.clone()))),
            }
            if removed.gone.len() == gone_before {
                break;
            }
        }
        removed.untried.extend(parts.flatten().cloned());
        removed
    }

    fn remove_together(&self, names: &[ObjectName]) -> Result<Vec<Result<(), ObjectsError>>, ObjectsError> {
        let client = self.client()?;
        let mut removals = Vec::with_capacity(names.len());
        for name in names {
            let (client, path) = (client.clone(), self.path(name)?);
            removals.push(async move {
                match client.delete(&path).await {
                    Err(Error::NotFound { .. }) | Ok(()) => Ok(()),
                    Err(error) => Err(error),
                }
            });
        }
        let mut results = self.wait(removals);
        if let Some(folder) = self.folder() {
            for (name, result) in names.iter().zip(&mut results) {
                if result.is_ok() {
                    let file = folder.join(name.path(&self.files.prefix));
                    *result = left_over::remove(&file).map_err(|error| ObjectsError(error.to_string()));
                }
            }
        }
        Ok(results)
    }
}
