//! A small object that tells this store from any other: from an empty folder where one should be mounted, from another
//! bucket or prefix, from a page that says that nothing is there.

use super::{Objects, ObjectsError};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt, PutPayload};

/// What it is called, below the prefix.
pub const MARK: &str = "reply-import.id";

/// Its first octets are read as text.
const LONGEST: usize = 100;

impl Objects {
    /// What the mark says; `None` if there is none.
    ///
    /// # Errors
    ///
    /// The store cannot be used.
    pub fn mark(&self) -> Result<Option<String>, ObjectsError> {
        let (client, path) = (self.client()?, self.mark_path()?);
        let read = async move {
            match client.get(&path).await {
                Ok(found) => Ok(Some(found.bytes().await?)),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let octets = self.wait([read]).pop().transpose()?.flatten();
        let text = |octets: Bytes| String::from_utf8_lossy(octets.get(..LONGEST).unwrap_or(&octets)).trim().to_owned();
        Ok(octets.map(text))
    }

    /// Marks the store.
    ///
    /// # Errors
    ///
    /// The store cannot be used.
    pub fn set_mark(&self, mark: &str) -> Result<(), ObjectsError> {
        let (client, path, content) = (self.client()?, self.mark_path()?, format!("{mark}\n"));
        let write = async move { client.put(&path, PutPayload::from(content.into_bytes())).await.map(drop) };
        self.wait([write]).pop().unwrap_or(Ok(()))
    }

    fn mark_path(&self) -> Result<Path, ObjectsError> {
        let prefix = &self.files.prefix;
        let name = if prefix.is_empty() { MARK.to_owned() } else { format!("{prefix}/{MARK}") };
        Path::parse(name).map_err(|error| ObjectsError(error.to_string()))
    }
}
