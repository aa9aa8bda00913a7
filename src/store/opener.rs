//! How a connection of either database is opened and set up, and how a pool finds out whether it still works.

use super::clock::{for_a_statement, for_silence_in_a_transaction};
use super::connection::AnyConnection;
use super::database_url::DatabaseUrl;
use super::lease::session_name;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};
use std::path::Path;
use std::time::Duration;

/// Makes connections for a pool.
#[derive(Debug)]
pub(super) struct Opener {
    pub(super) url: DatabaseUrl,
    pub(super) deadline: Duration,
    pub(super) reads_only: bool,
}

/// Why a connection could not be made, or no longer works.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoConnection(pub(super) String);

impl Opener {
    fn establish(&self) -> Result<AnyConnection, String> {
        match &self.url {
            DatabaseUrl::Postgres(url) => PgConnection::establish(url.for_libpq())
                .map(AnyConnection::Postgres)
                .map_err(|error| url.mask(error.to_string().trim())),
            // `./` keeps SQLite from reading a name as a URI.
            DatabaseUrl::Sqlite(path) => {
                let path = if path.is_absolute() { path.clone() } else { Path::new(".").join(path) };
                let text = path.to_str().ok_or_else(|| "the path is no UTF-8".to_owned())?;
                SqliteConnection::establish(text).map(AnyConnection::Sqlite).map_err(|error| error.to_string())
            }
        }
    }

    /// SQLite does not say of which file it speaks.
    fn none(&self, why: &str) -> NoConnection {
        match &self.url {
            DatabaseUrl::Postgres(_) => NoConnection(why.to_owned()),
            DatabaseUrl::Sqlite(path) => NoConnection(format!("`{}`: {why}", path.display())),
        }
    }

    fn prepare(&self, connection: &mut AnyConnection) -> QueryResult<()> {
        match connection {
            // A statement that hangs must not hold a round for ever, and a worker that is paused inside a transaction
            // must not keep the others from its mailboxes. Texts are compressed by LZ4 where the server has it: by its
            // own way they take more than a quarter of all the time that the database spends on a short mail.
            AnyConnection::Postgres(inner) => inner.batch_execute(&format!(
                "SET TIME ZONE 'UTC'; SET application_name = '{}'; SET statement_timeout = {}; \
                 SET idle_in_transaction_session_timeout = {}; \
                 SELECT set_config(name, 'lz4', false) FROM pg_settings \
                 WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
                session_name(),
                for_a_statement(self.deadline).as_millis(),
                for_silence_in_a_transaction(self.deadline).as_millis(),
            )),
            // The order matters: without the timeout, switching to WAL fails at once where another process is at work, and
            // behind it the size of a new file's pages is settled. Files make the log long: larger pages, written back
            // every 32 MB, take fewer syncs. Erased rows are overwritten; what was committed survives a power cut, but for
            // notes (`write_soon`): each transaction that writes says which it is.
            AnyConnection::Sqlite(inner) => {
                inner.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; \
                     PRAGMA wal_autocheckpoint = 4000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF",
                )?;
                // A batch of mails fits into the writer's cache: what does not is written before the commit, read again for
                // its checksums and written once more.
                inner.batch_execute(if self.reads_only {
                    "PRAGMA query_only = ON"
                } else {
                    "PRAGMA cache_size = -8000"
                })
            }
        }
    }
}

impl ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = NoConnection;

    fn connect(&self) -> Result<AnyConnection, NoConnection> {
        let mut connection = self.establish().map_err(|error| self.none(&error))?;
        self.prepare(&mut connection).map_err(|error| self.none(&error.to_string()))?;
        Ok(connection)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), NoConnection> {
        connection.ping().map_err(|error| NoConnection(error.to_string()))
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}
