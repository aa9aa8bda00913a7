//! Applying what is pending, and why that failed.

use crate::store::StoreError;
use crate::store::error::{Trouble, Work, translate_text};
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Applies what is pending, inside of the transaction that is open, and names it.
pub(super) fn apply<C, DB>(connection: &mut C, source: EmbeddedMigrations, wanted: &'static str) -> Work<Vec<String>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let ours = versions::<DB>(&source, wanted)?;
    let applied = connection.applied_migrations().map_err(|error| failed(error.as_ref(), wanted))?;
    newer(&ours, &applied.iter().map(ToString::to_string).collect(), wanted)?;
    let pending = connection.pending_migrations(source).map_err(|error| failed(error.as_ref(), wanted))?;
    let mut names = Vec::new();
    for migration in pending {
        connection.run_migration(&*migration).map_err(|error| failed(error.as_ref(), wanted))?;
        names.push(migration.name().to_string());
    }
    Ok(names)
}

/// The versions of the migrations that this program brings.
pub(super) fn versions<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
    wanted: &'static str,
) -> Work<BTreeSet<String>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let migrations: Vec<Box<dyn Migration<DB>>> =
        source.migrations().map_err(|error| failed(error.as_ref(), wanted))?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// Refuses a database that has migrations which this program does not know.
pub(super) fn newer(
    ours: &BTreeSet<String>,
    theirs: &BTreeSet<String>,
    wanted: &'static str,
) -> Result<(), StoreError> {
    let newer: Vec<_> = theirs.difference(ours).cloned().collect();
    if newer.is_empty() { Ok(()) } else { Err(StoreError::ProgramTooOld { wanted, has: newer.join(", ") }) }
}

/// Diesel's own error, where the database refused, stands in the harness's text alone.
fn failed(error: &(dyn std::error::Error + Send + Sync + 'static), wanted: &'static str) -> Trouble {
    Trouble::Told(translate_text(wanted, error.to_string()))
}
