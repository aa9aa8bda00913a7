//! What operations want to know of a database: its version, its size, and the room that is left.

use super::connection::AnyConnection;
use super::{Store, StoreError};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use rustix::fs::Access;
use std::path::Path;

/// A database as operations see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// `PostgreSQL 15.8`, `SQLite 3.40.1`.
    pub version: String,
    /// Its size in octets.
    pub size: u64,
    /// Room for it in octets; `None` where it lies on another machine.
    pub free: Option<u64>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
}

impl Store {
    /// The facts about this database.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away, [`StoreError::WrongSettings`] if this user may not write into it.
    pub fn facts(&self) -> Result<DatabaseFacts, StoreError> {
        let (name, row) = self.read("Cannot ask the database for its version", |connection| {
            let (name, sql) = match connection {
                AnyConnection::Postgres(_) => (
                    "PostgreSQL",
                    "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, \
                     pg_database_size(current_database()) AS size",
                ),
                AnyConnection::Sqlite(_) => (
                    "SQLite",
                    "SELECT sqlite_version() AS version, page_count * page_size AS size \
                     FROM pragma_page_count, pragma_page_size",
                ),
            };
            Ok((name, sql_query(sql).get_result::<Row>(connection)?))
        })?;
        if let Some(file) = self.file.as_deref() {
            may_write(file)?;
        }
        let free = self.file.as_deref().and_then(|file| rustix::fs::statvfs(file).ok());
        Ok(DatabaseFacts {
            version: format!("{name} {}", row.version),
            size: u64::try_from(row.size).unwrap_or_default(),
            free: free.map(|about| about.f_bavail.saturating_mul(about.f_frsize)),
        })
    }
}

/// SQLite makes files beside the database, so that its folder counts too.
fn may_write(file: &Path) -> Result<(), StoreError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for path in [file, folder] {
        if rustix::fs::access(path, Access::WRITE_OK).is_err() {
            let cause = format!("this user may not write to {}", path.display());
            return Err(StoreError::WrongSettings { wanted: "Cannot use the database", cause });
        }
    }
    Ok(())
}
