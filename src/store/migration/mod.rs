//! The schema: which migrations this program brings, and which the database has.

mod applying;

use super::connection::AnyConnection;
use super::error::Work;
use super::profile::fill_sought;
use super::{Store, StoreError};
use applying::{POSTGRES, SQLITE, apply, newer, versions};
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Two processes that start together migrate one after the other. The number is arbitrary and must not change. Behind it a
/// table that somebody uses is waited for shortly: whoever wants the table meanwhile waits behind this.
const BEGIN: &str =
    "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(5021877304); SET LOCAL lock_timeout = '1s'";

/// Between two tries, in which the others catch up.
const PAUSE: Duration = Duration::from_secs(2);

const WANTED: &str = "Cannot bring the database up to date";

/// Whose transaction has been open for longest, as far as this user may see it.
const OLDEST: &str = "SELECT format('process %s (%s), since %s UTC', pid, coalesce(nullif(application_name, ''), 'unnamed'), \
    to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')) AS text \
    FROM pg_catalog.pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL \
    ORDER BY xact_start LIMIT 1";

impl Store {
    /// Brings the schema up to date, all or nothing, and names the migrations applied. A table that a longer transaction
    /// uses is tried again and again, for three tenths of the [deadline](Store::with_deadline), and in between the others
    /// go on with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::ProgramTooOld`] if the database was migrated by a newer version of the program,
    /// [`StoreError::WrongSettings`] if the user may not create tables; [`StoreError::Unavailable`] if it cannot be reached,
    /// or a table stays in use.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let patience = self.connections.deadline() * 3 / 10;
        let (began, mut has_told) = (Instant::now(), false);
        loop {
            let cause = match self.try_to_migrate() {
                Err(StoreError::InUse { cause, .. }) => cause,
                done => return done,
            };
            if began.elapsed() + PAUSE > patience {
                return Err(StoreError::Unavailable { wanted: WANTED, cause: self.what_to_do(&cause) });
            }
            if !std::mem::replace(&mut has_told, true) {
                tracing::warn!(cause, "A table that is to be changed is in use; it is tried again");
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn try_to_migrate(&self) -> Result<Vec<String>, StoreError> {
        self.write(WANTED, |connection| {
            let names = match connection {
                AnyConnection::Postgres(inner) => {
                    inner.batch_execute(BEGIN)?;
                    apply(inner, POSTGRES, WANTED)?
                }
                AnyConnection::Sqlite(inner) => apply(inner, SQLITE, WANTED)?,
            };
            fill_sought(connection)?;
            Ok(names)
        })
    }

    fn what_to_do(&self, cause: &str) -> String {
        let asked = self.read(WANTED, |connection| Ok(sql_query(OLDEST).load::<Line>(connection)?));
        let oldest = asked.ok().and_then(|lines| lines.into_iter().next());
        let oldest = oldest.map_or_else(String::new, |oldest| format!("; the oldest is that of {}", oldest.text));
        format!(
            "another transaction uses a table that is to be changed: wait for its end and try again, or end it by \
             pg_terminate_backend{oldest}; {cause}"
        )
    }

    /// Whether the schema is exactly the one this program was made for; changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if migrations are pending, [`StoreError::ProgramTooOld`] if the database is newer than
    /// the program.
    pub fn check_schema(&self) -> Result<(), StoreError> {
        const WANTED: &str = "Cannot use the database";
        let (ours, theirs) = self.read("Cannot read the database's version", |connection| {
            let ours = match connection {
                AnyConnection::Postgres(_) => versions::<Pg>(&POSTGRES, WANTED)?,
                AnyConnection::Sqlite(_) => versions::<Sqlite>(&SQLITE, WANTED)?,
            };
            Ok((ours, applied(connection)?))
        })?;
        newer(&ours, &theirs, WANTED)?;
        let pending: Vec<_> = ours.difference(&theirs).cloned().collect();
        if !pending.is_empty() {
            let cause = format!("its schema is not up to date; run `reply-import migrate` ({})", pending.join(", "));
            return Err(StoreError::WrongSettings { wanted: WANTED, cause });
        }
        Ok(())
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Asks the catalogue first: Diesel's own look-up would create its table.
fn applied(connection: &mut AnyConnection) -> Work<BTreeSet<String>> {
    let exists = match connection {
        AnyConnection::Postgres(_) => {
            "SELECT count(*) AS count FROM pg_catalog.pg_class \
             WHERE oid = pg_catalog.to_regclass('__diesel_schema_migrations')"
        }
        AnyConnection::Sqlite(_) => {
            "SELECT count(*) AS count FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
    };
    if sql_query(exists).get_result::<Count>(connection)?.count == 0 {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<Version> = sql_query("SELECT version FROM __diesel_schema_migrations").load(connection)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
