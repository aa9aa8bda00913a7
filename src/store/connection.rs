//! Connections: which database, how each connection is set up, the pools, and the two kinds of transaction.
//!
//! A unit of work is one transaction on one connection. Nothing here knows a table.

use super::access::{Access, Connections};
use super::clock::{DEADLINE, InHand, for_a_statement, for_silence_in_a_transaction};
use super::database_url::DatabaseUrl;
use super::error::{Trouble, Work, connecting_failed};
use super::lease::session_name;
use super::{Store, StoreError};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub(super) enum AnyConnection {
    /// PostgreSQL, through libpq.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs the same query on the inner connection: for what the enum cannot do, that is inserts of several rows,
/// `on_conflict` and row locks.
macro_rules! on {
    ($connection:expr, $inner:ident => $query:expr) => {
        match $connection {
            $crate::store::connection::AnyConnection::Postgres($inner) => $query,
            $crate::store::connection::AnyConnection::Sqlite($inner) => $query,
        }
    };
}
pub(super) use on;

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
            DatabaseUrl::Sqlite(path) if !path.exists() => Err(StoreError::WrongSettings {
                wanted: "Cannot open the database",
                cause: format!("there is no file {} yet; `reply-import migrate` makes it", path.display()),
            }),
            _ => Self::connect(url),
        }
    }

    fn connect(url: DatabaseUrl) -> Result<Self, StoreError> {
        let file = match &url {
            DatabaseUrl::Postgres(_) => None,
            DatabaseUrl::Sqlite(path) => Some(path.as_path().into()),
        };
        let access = Access::to(url, DEADLINE);
        access.opener(false).connect().map_err(|error| connecting_failed("Cannot open the database", error.0))?;
        Ok(Self {
            connections: Arc::new(access),
            file,
            lease: None,
            webhooks: Arc::new([]),
            outbox_written: Arc::default(),
            outside: None,
        })
    }

    /// Runs a unit of work that writes, in one transaction. SQLite takes the write lock at once, so that two processes
    /// wait for each other instead of failing in the middle. Under a lease that is lost nothing is written.
    pub(super) fn write<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        in_transaction(
            &self.connections.pools().writers,
            wanted,
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            "BEGIN IMMEDIATE",
            |connection| {
                if let Some(lease) = &self.lease {
                    lease.hold(connection, wanted)?;
                }
                work(connection)
            },
        )
    }

    /// Runs a unit of work that only reads, on one snapshot.
    pub(super) fn read<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        in_transaction(
            &self.connections.pools().readers,
            wanted,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "BEGIN",
            work,
        )
    }

    /// Runs what a database refuses inside of a transaction, on the connection that writes.
    pub(super) fn outside_of_transactions<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        let _in_hand = InHand::begin(wanted)?;
        let pool = self.connections.pools().writers;
        let mut pooled = pool.get().map_err(|error| connecting_failed(wanted, error.to_string()))?;
        work(&mut pooled).map_err(|trouble| trouble.while_wanting(wanted))
    }
}

fn in_transaction<T>(
    pool: &Connections,
    wanted: &'static str,
    postgres_begin: &str,
    sqlite_begin: &str,
    work: impl FnOnce(&mut AnyConnection) -> Work<T>,
) -> Result<T, StoreError> {
    let in_hand = InHand::begin(wanted)?;
    let mut pooled = pool.get().map_err(|error| connecting_failed(wanted, error.to_string()))?;
    let connection: &mut AnyConnection = &mut pooled;
    let begun = match connection {
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, postgres_begin),
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, sqlite_begin),
    };
    begun.map_err(|error| Trouble::from(error).while_wanting(wanted))?;
    let done = work(connection).and_then(|value| {
        in_hand.may_commit(wanted)?;
        on!(connection, inner => AnsiTransactionManager::commit_transaction(inner))?;
        Ok(value)
    });
    done.map_err(|trouble| {
        // A connection that cannot be rolled back is thrown away by the pool, and the database ends the transaction.
        let _ = on!(connection, inner => AnsiTransactionManager::rollback_transaction(inner));
        trouble.while_wanting(wanted)
    })
}

/// A new file belongs to its owner alone; SQLite gives the files beside it the same mode.
fn create_file(path: &Path) -> Result<(), StoreError> {
    let wrong = |cause: String| StoreError::WrongSettings { wanted: "Cannot open the SQLite file", cause };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(wrong(format!("its folder `{}` does not exist", folder.display())));
    }
    let opened = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map(drop).map_err(|error| wrong(format!("`{}`: {error}", path.display())))
}

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
pub(super) struct NoConnection(String);

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
            // every 32 MB, take fewer syncs. Erased rows are overwritten; what was committed survives a power cut.
            AnyConnection::Sqlite(inner) => {
                inner.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; \
                     PRAGMA wal_autocheckpoint = 4000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF",
                )?;
                if self.reads_only { inner.batch_execute("PRAGMA query_only = ON") } else { Ok(()) }
            }
        }
    }
}

impl ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = NoConnection;

    fn connect(&self) -> Result<AnyConnection, NoConnection> {
        let mut connection = self.establish().map_err(NoConnection)?;
        self.prepare(&mut connection).map_err(|error| NoConnection(error.to_string()))?;
        Ok(connection)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), NoConnection> {
        connection.ping().map_err(|error| NoConnection(error.to_string()))
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

#[cfg(test)]
mod tests {
    use super::Store;
    use diesel::sql_types::BigInt;
    use diesel::{QueryableByName, RunQueryDsl, sql_query};

    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }

    #[test]
    fn every_sqlite_connection_is_set_up_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}/record.db", folder.path().display())).unwrap();
        let settings = [
            ("foreign_keys", 1, 1),
            ("synchronous", 2, 2),
            ("secure_delete", 1, 1),
            ("query_only", 0, 1),
            ("page_size", 8192, 8192),
        ];
        for (name, writing, reading) in settings {
            let ask = || sql_query(format!("SELECT {name} AS value FROM pragma_{name}"));
            let writer = store.write("test", |connection| Ok(ask().get_result::<Row>(connection)?.value)).unwrap();
            let reader = store.read("test", |connection| Ok(ask().get_result::<Row>(connection)?.value)).unwrap();
            assert_eq!((writer, reader), (writing, reading), "{name}");
        }
    }
}
