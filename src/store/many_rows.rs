//! Many rows at once. PostgreSQL takes them as data (COPY), which are not parsed and planned value by value as an INSERT of
//! several rows is: measured on short mails that was a third of the time that it spent on them. SQLite takes them by INSERT.

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{PgConnection, QueryResult};

/// Rows that one INSERT has: both databases bound the values of a statement (SQLite to 32,766), and no table here has more
/// than 26 columns.
pub(super) const ROWS: usize = 1000;

/// Inserts a slice of rows into a table. After an error the transaction cannot go on.
macro_rules! insert_all {
    ($connection:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $connection {
            _ if rows.is_empty() => Ok(0),
            $crate::store::connection::AnyConnection::Postgres(inner) => {
                diesel::copy_from($table).from_insertable(rows).execute(inner)
            }
            $crate::store::connection::AnyConnection::Sqlite(inner) => {
                let parts = rows.chunks($crate::store::many_rows::ROWS);
                parts.map(|part| diesel::insert_into($table).values(part).execute(inner)).sum()
            }
        }
    }};
}
pub(super) use insert_all;

/// Inserts a slice of rows into a table; one that a unique key keeps out is left out, whoever was first.
macro_rules! insert_missing {
    ($connection:expr, $table:expr, $rows:expr) => {{
        use $crate::store::many_rows::{ROWS, unless_one_is_there};
        let (connection, rows) = (&mut *$connection, $rows);
        let is_done = match connection {
            _ if rows.is_empty() => Ok(true),
            $crate::store::connection::AnyConnection::Postgres(inner) => {
                unless_one_is_there(inner, |inner| diesel::copy_from($table).from_insertable(rows).execute(inner))
            }
            $crate::store::connection::AnyConnection::Sqlite(_) => Ok(false),
        };
        match is_done {
            Ok(false) => $crate::store::connection::on!(connection, inner => {
                let parts = rows.chunks(ROWS);
                parts.map(|part| diesel::insert_into($table).values(part).on_conflict_do_nothing().execute(inner)).sum()
            }),
            Ok(true) => Ok(rows.len()),
            Err(error) => Err(error),
        }
    }};
}
pub(super) use insert_missing;

/// Says whether rows are inserted now. If one of them is there already none is, and the transaction goes on.
pub(super) fn unless_one_is_there(
    connection: &mut PgConnection,
    insert: impl FnOnce(&mut PgConnection) -> QueryResult<usize>,
) -> QueryResult<bool> {
    connection.batch_execute("SAVEPOINT many_rows")?;
    match insert(connection) {
        Ok(_) => {
            connection.batch_execute("RELEASE SAVEPOINT many_rows")?;
            Ok(true)
        }
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            connection.batch_execute("ROLLBACK TO SAVEPOINT many_rows; RELEASE SAVEPOINT many_rows")?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
