//! The schema: which migrations this program brings, and which the database has.

use super::connection::AnyConnection;
use super::error::{Trouble, Work};
use super::profile::fill_sought;
use super::{Store, StoreError};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Two processes that start together migrate one after the other. The number is arbitrary and must not change.
const LOCK: &str = "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(5021877304)";

const WANTED: &str = "Cannot bring the database up to date";

impl Store {
    /// Brings the schema up to date, all or nothing, and names the migrations applied.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if the database was migrated by a newer version of the program or the user may not
    /// create tables; [`StoreError::Unavailable`] if it cannot be reached.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.write(WANTED, |connection| {
            let names = match connection {
                AnyConnection::Postgres(inner) => {
                    inner.batch_execute(LOCK)?;
                    run(inner, POSTGRES)?
                }
                AnyConnection::Sqlite(inner) => run(inner, SQLITE)?,
            };
            fill_sought(connection)?;
            Ok(names)
        })
    }

    /// Whether the schema is exactly the one this program was made for; changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if migrations are pending or the database is newer than the program.
    pub fn check_schema(&self) -> Result<(), StoreError> {
        let wrong = |cause| Err(StoreError::WrongSettings { wanted: "Cannot use the database", cause });
        let (ours, theirs) = self.read("Cannot read the database's version", |connection| {
            let ours = match connection {
                AnyConnection::Postgres(_) => versions::<Pg>(&POSTGRES)?,
                AnyConnection::Sqlite(_) => versions::<Sqlite>(&SQLITE)?,
            };
            Ok((ours, applied(connection)?))
        })?;
        let pending: Vec<_> = ours.difference(&theirs).cloned().collect();
        let newer: Vec<_> = theirs.difference(&ours).cloned().collect();
        if !newer.is_empty() {
            return wrong(format!("its schema is newer than this program (it has {})", newer.join(", ")));
        }
        if !pending.is_empty() {
            return wrong(format!("its schema is not up to date; run `reply-import migrate` ({})", pending.join(", ")));
        }
        Ok(())
    }
}

fn run<C, DB>(connection: &mut C, source: EmbeddedMigrations) -> Work<Vec<String>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let ours = versions::<DB>(&source)?;
    let applied = connection.applied_migrations().map_err(|error| failed(error.as_ref()))?;
    let newer: Vec<_> = applied.iter().map(ToString::to_string).filter(|version| !ours.contains(version)).collect();
    if !newer.is_empty() {
        let cause = format!("its schema is newer than this program (it has {})", newer.join(", "));
        return Err(Trouble::Told(StoreError::WrongSettings { wanted: WANTED, cause }));
    }
    let pending = connection.pending_migrations(source).map_err(|error| failed(error.as_ref()))?;
    let mut names = Vec::new();
    for migration in pending {
        connection.run_migration(&*migration).map_err(|error| failed(error.as_ref()))?;
        names.push(migration.name().to_string());
    }
    Ok(names)
}

fn versions<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Work<BTreeSet<String>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let migrations: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(|error| failed(error.as_ref()))?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// The harness boxes Diesel's own error where the database refused.
fn failed(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Trouble {
    Trouble::Told(StoreError::WrongSettings { wanted: WANTED, cause: error.to_string() })
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
