//! A connection to either database. How it is set up is in `opener`.

use diesel::{PgConnection, SqliteConnection};

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
