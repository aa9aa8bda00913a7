//! Opening a database.

use super::access::Access;
use super::clock::DEADLINE;
use super::database_url::DatabaseUrl;
use super::error::connecting_failed;
use super::{Store, StoreError};
use diesel::r2d2::ManageConnection;
use rustix::fs::access;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

impl Store {
    /// Opens a database: `sqlite:PATH` (the file is created, readable by its owner only) or `postgres://...`.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if the URL, the folder or the permissions are wrong, [`StoreError::Unavailable`] if
    /// the server does not answer.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let url = DatabaseUrl::parse(url)?;
        if let DatabaseUrl::Sqlite(path) = &url {
            create_file(path)?;
        }
        Self::connect(url)
    }

    /// Opens a database that is there, and makes none: for commands that only look.
    ///
    /// # Errors
    ///
    /// As [`Self::open`], and [`StoreError::WrongSettings`] if there is no such file.
    pub fn open_existing(url: &str) -> Result<Self, StoreError> {
        let url = DatabaseUrl::parse(url)?;
        match &url {
            DatabaseUrl::Sqlite(path) if !path.exists() => {
                let folder = folder_of(path)?;
                let cause = format!("there is no file {} yet; `reply-import migrate` makes it", path.display());
                let hidden = access(folder, rustix::fs::Access::EXEC_OK).err();
                let cause = hidden.map_or(cause, |error| format!("`{}`: {error}", folder.display()));
                Err(StoreError::WrongSettings { wanted: "Cannot open the database", cause })
            }
            _ => Self::connect(url),
        }
    }

    fn connect(url: DatabaseUrl) -> Result<Self, StoreError> {
        let file = match &url {
            DatabaseUrl::Postgres(_) => None,
            DatabaseUrl::Sqlite(path) => Some(path.as_path().into()),
        };
        let access = Access::to(url, DEADLINE);
        access.opener(false).connect().map_err(|error| connecting_failed("Cannot open the database", &error.0))?;
        Ok(Self {
            connections: Arc::new(access),
            file,
            lease: None,
            webhooks: Arc::new([]),
            outbox_written: Arc::default(),
            outside: None,
        })
    }
}

/// The folder in which the file lies, or would.
fn folder_of(path: &Path) -> Result<&Path, StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(folder);
    }
    let cause = format!("its folder `{}` does not exist, or may not be looked into", folder.display());
    Err(StoreError::WrongSettings { wanted: "Cannot open the SQLite file", cause })
}

/// A new file belongs to its owner alone; SQLite gives the files beside it the same mode. One that is there is not opened:
/// closing it would drop the locks of this whole process, which may have it in use, and the next program that looks into it
/// would take the write-ahead log for its own and remove it (<https://sqlite.org/howtocorrupt.html>, section 2.2).
fn create_file(path: &Path) -> Result<(), StoreError> {
    let wrong = |cause: String| StoreError::WrongSettings { wanted: "Cannot open the SQLite file", cause };
    let named = |error: &dyn std::fmt::Display| wrong(format!("`{}`: {error}", path.display()));
    folder_of(path)?;
    if path.is_dir() {
        return Err(named(&"it is a folder, and the file of a database was wanted"));
    }
    if path.exists() {
        return access(path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK).map_err(|error| named(&error));
    }
    let opened = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map(drop).map_err(|error| named(&error))
}
