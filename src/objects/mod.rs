//! Contents of files in an object store: S3 and what speaks like it, Azure, Google, or a folder.
//!
//! Which contents lie there is the record's business; here they are put, got and removed by name, several at a time, each
//! within the settings' time. All functions block; the network is waited for on a thread of its own, so that they can be
//! called from anywhere.

mod client;
mod crypto;
mod left_over;
mod mark;
mod removal;
mod worker;

pub use mark::MARK;
pub use removal::Removed;

use crate::settings::{FileStore, Files};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use worker::Worker;

/// So many contents are on their way at a time.
const AT_ONCE: usize = 16;
/// So many octets, give or take one content.
const OCTETS_AT_ONCE: usize = 8 << 20;
/// So much is said of why something failed, in letters.
const LONGEST_TEXT: usize = 400;

/// An object store. Cloning is cheap: clones share the connections.
#[derive(Clone)]
pub struct Objects {
    files: Arc<Files>,
    worker: Arc<Worker>,
    /// Made when it is needed, and anew when the store refuses the key: it may have been renewed.
    client: Arc<Mutex<Option<Arc<dyn ObjectStore>>>>,
}

/// What a content is called in the store. A number is given once, so that whoever removes one content never meets another
/// that was put later, be it the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectName {
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// The number of its row in the record.
    pub id: i64,
}

/// The object store cannot be used for now, or a content is not there; in words for operations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ObjectsError(String);

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objects({})", self.files.written)
    }
}

impl ObjectName {
    /// Where it lies, below the prefix: in two levels of folders, as some stores are folders.
    fn path(&self, prefix: &str) -> String {
        let part = |from: usize| self.sha256.get(from..from + 2).unwrap_or("00");
        let name = format!("{}/{}/{}/{}.{}", client::ALL, part(0), part(2), self.sha256, self.id);
        if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
    }
}

impl Objects {
    /// The object store of the settings. It is not asked anything before something is wanted of it.
    ///
    /// # Errors
    ///
    /// No thread can be started.
    pub fn new(files: &Files) -> std::io::Result<Self> {
        Ok(Self { files: Arc::new(files.clone()), worker: Arc::new(Worker::start()?), client: Arc::default() })
    }

    /// Its address as the settings have it.
    pub fn address(&self) -> &str {
        &self.files.written
    }

    /// Puts contents there. When this returns they last, whatever happens to this machine's memory.
    ///
    /// # Errors
    ///
    /// The store cannot be used; some of the contents may be there.
    pub fn put<'a>(&self, contents: impl IntoIterator<Item = (ObjectName, &'a [u8])>) -> Result<(), ObjectsError> {
        let client = self.client()?;
        let mut together: Vec<(Path, Bytes)> = Vec::new();
        let mut octets = 0;
        for (name, content) in contents {
            octets += content.len();
            together.push((self.path(&name)?, Bytes::copy_from_slice(content)));
            if together.len() >= AT_ONCE || octets >= OCTETS_AT_ONCE {
                self.put_together(&client, std::mem::take(&mut together))?;
                octets = 0;
            }
        }
        self.put_together(&client, together)
    }

    fn put_together(&self, client: &Arc<dyn ObjectStore>, contents: Vec<(Path, Bytes)>) -> Result<(), ObjectsError> {
        let puts = contents.into_iter().map(|(path, content)| {
            let client = client.clone();
            async move { client.put(&path, PutPayload::from_bytes(content)).await.map(drop) }
        });
        for done in self.wait(puts) {
            done?;
        }
        Ok(())
    }

    /// What is in these, in their order; `None` for one that is not there. Each is compared with its digest.
    ///
    /// # Errors
    ///
    /// The store cannot be used, or a content is not what it was.
    pub fn get(&self, names: &[ObjectName]) -> Result<Vec<Option<Vec<u8>>>, ObjectsError> {
        let client = self.client()?;
        let mut contents = Vec::with_capacity(names.len());
        for together in names.chunks(AT_ONCE) {
            let paths: Vec<Path> = together.iter().map(|name| self.path(name)).collect::<Result<_, _>>()?;
            let gets = paths.into_iter().map(|path| {
                let client = client.clone();
                async move {
                    match client.get(&path).await {
                        Ok(found) => Ok(Some(Vec::from(found.bytes().await?))),
                        Err(Error::NotFound { .. }) => Ok(None),
                        Err(error) => Err(error),
                    }
                }
            });
            for (name, content) in together.iter().zip(self.wait(gets)) {
                let content = content?;
                if content.as_ref().is_some_and(|content| hex::encode(Sha256::digest(content)) != name.sha256) {
                    return Err(ObjectsError(format!("the content {} is not what was put there", self.path(name)?)));
                }
                contents.push(content);
            }
        }
        Ok(contents)
    }

    /// Whether the store can be used: puts a content there, reads it and removes it.
    ///
    /// # Errors
    ///
    /// One of these does not work; the text says which.
    pub fn probe(&self) -> Result<(), ObjectsError> {
        let content = format!("reply-import looks whether this works: {}", fastrand::u64(..)).into_bytes();
        let name = ObjectName { sha256: hex::encode(Sha256::digest(&content)), id: 0 };
        let at = |what: &str, error: &ObjectsError| ObjectsError(format!("cannot {what}: {error}"));
        self.put([(name.clone(), content.as_slice())]).map_err(|error| at("put a content there", &error))?;
        let read = self.get(std::slice::from_ref(&name)).map_err(|error| at("read it", &error))?;
        let removed = self.remove(std::slice::from_ref(&name));
        if let Some((_, error)) = removed.failed.first() {
            return Err(at("remove it", error));
        }
        if read != [Some(content)] {
            return Err(ObjectsError("a content that was put there just now is not there".to_owned()));
        }
        Ok(())
    }

    fn folder(&self) -> Option<&PathBuf> {
        match &self.files.store {
            FileStore::Folder(path) => Some(path),
            _ => None,
        }
    }

    fn path(&self, name: &ObjectName) -> Result<Path, ObjectsError> {
        Path::parse(name.path(&self.files.prefix)).map_err(|error| ObjectsError(error.to_string()))
    }

    fn client(&self) -> Result<Arc<dyn ObjectStore>, ObjectsError> {
        let mut made = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*made {
            return Ok(client.clone());
        }
        let client = client::client(&self.files).map_err(|error| ObjectsError(in_words(&format!("{error:#}"))))?;
        *made = Some(client.clone());
        Ok(client)
    }

    /// Does all of it at once, and waits; each part within the settings' time.
    fn wait<T: Send + 'static>(
        &self,
        jobs: impl IntoIterator<Item = impl Future<Output = Result<T, Error>> + Send + 'static>,
    ) -> Vec<Result<T, ObjectsError>> {
        // All tries together, and a little for what is not waiting.
        let timeout = self.files.timeout + Duration::from_secs(1);
        let done = self.worker.wait(jobs, timeout);
        let results: Vec<Result<T, ObjectsError>> = done.into_iter().map(|done| self.told(done)).collect();
        results
    }

    fn told<T>(&self, done: Option<Result<T, Error>>) -> Result<T, ObjectsError> {
        match done {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => {
                if matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) {
                    *self.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
                }
                Err(ObjectsError(in_words(&chain(&error))))
            }
            None => Err(ObjectsError(format!("no answer within {} s", self.files.timeout.as_secs()))),
        }
    }
}

/// An error with its causes, as far as it does not tell them itself.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}

/// In one line of a bearable length: servers answer with whole documents.
fn in_words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_TEXT).collect()
}
