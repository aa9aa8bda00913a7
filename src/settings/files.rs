//! Where contents of files are kept, if not in the database.

use super::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// The object store of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Its address as it was written, for messages; it holds no secret.
    pub written: String,
    /// New contents are put there; if not they go into the database, and what lies there already is still read.
    pub takes_new: bool,
    /// Where it is, and how it is reached.
    pub store: FileStore,
    /// Behind which every name begins, without slashes at its ends; may be empty. A folder has none.
    pub prefix: String,
    /// Putting, getting or removing one content takes no longer, all tries together.
    pub timeout: Duration,
}

/// Where an object store is, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStore {
    /// A folder of this machine or of a mounted file system.
    Folder(PathBuf),
    /// Amazon S3, or a server that speaks like it.
    S3 {
        /// The bucket.
        bucket: String,
        /// The server, if it is not Amazon's; `https`, or `http` to this machine.
        endpoint: Option<String>,
        /// The region.
        region: String,
        /// Who asks; without it the machine's own role does.
        key: Option<AccessKey>,
        /// Certificates to trust beside the system's, as PEM.
        ca_file: Option<PathBuf>,
    },
    /// Azure Blob Storage.
    Azure {
        /// The container.
        container: String,
        /// The server, if it is not Microsoft's.
        endpoint: Option<String>,
        /// The storage account and its key.
        key: AccessKey,
        /// Certificates to trust beside the system's, as PEM.
        ca_file: Option<PathBuf>,
    },
    /// Google Cloud Storage.
    Google {
        /// The bucket.
        bucket: String,
        /// The key of a service account, as JSON; without it the machine's own account asks.
        service_account: Option<PathBuf>,
        /// Certificates to trust beside the system's, as PEM.
        ca_file: Option<PathBuf>,
    },
}

/// Who asks an object store, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The key's id; at Azure the storage account.
    pub id: String,
    /// The key.
    pub secret: Secret,
}
