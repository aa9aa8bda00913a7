//! Bringing a PostgreSQL up to date while others use its tables: it waits for them shortly and again and again, so that nobody
//! waits long behind it.

use crate::harness::wait_for;
use crate::world::{Raw, World};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use reply_import::store::StoreError;
use std::time::{Duration, Instant};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// A migration that changes `mails`.
const CHANGES_MAILS: &str = "20261129140000";

/// Longer than anything takes, even on a busy machine.
const SOON: Duration = Duration::from_mins(1);

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    sql_query(format!("select cast(({sql}) as bigint) as number")).get_result::<Number>(connection).unwrap().number
}

fn connect(world: &World) -> PgConnection {
    match world.raw() {
        Raw::Postgres(connection) => connection,
        Raw::Sqlite(_) => unreachable!("asked for PostgreSQL"),
    }
}

/// A database with mail, as it was before [`CHANGES_MAILS`].
fn before_mails_were_changed() -> World {
    let world = World::on_postgres();
    world.recorded(&world.imported(1, "first", "2024-00123"));
    let mut connection = connect(&world);
    while connection.revert_last_migration(POSTGRES).unwrap().to_string() != CHANGES_MAILS {}
    world
}

/// A transaction that read `mails` and is open.
fn reader(world: &World) -> PgConnection {
    let mut reader = connect(world);
    reader.batch_execute("begin; select id from mails").unwrap();
    reader
}

fn waits_for_mails(connection: &mut PgConnection) -> bool {
    number(connection, "select count(*) from pg_locks where relation = 'mails'::regclass and not granted") > 0
}

#[test]
fn a_table_in_use_is_waited_for_and_whoever_else_wants_it_meanwhile_gets_it_soon() {
    let world = before_mails_were_changed();
    let (mut reader, mut worker, mut onlooker) = (reader(&world), connect(&world), connect(&world));
    worker.batch_execute("set statement_timeout = '30s'").unwrap();
    let store = world.store.clone();
    let migrating = std::thread::spawn(move || store.migrate());
    for _ in 0..2 {
        wait_for("the migration to wait for the table", SOON, || waits_for_mails(&mut onlooker).then_some(()));
        let asked = Instant::now();
        // As long as the reader is there nothing but the migration's giving way lets it through.
        assert_eq!(number(&mut worker, "select count(*) from mails"), 1);
        assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
        wait_for("the migration to give way", SOON, || (!waits_for_mails(&mut onlooker)).then_some(()));
        assert!(!migrating.is_finished());
    }
    reader.batch_execute("commit").unwrap();
    let names = migrating.join().unwrap().unwrap();
    assert!(names[0].starts_with(CHANGES_MAILS), "{names:?}");
    world.store.check_schema().unwrap();
    assert_eq!(world.number("select count(*) from mails where discarded_at is null"), 1);
}

#[test]
fn a_table_that_stays_in_use_is_told_with_who_uses_it_and_what_to_do_and_nothing_is_changed() {
    let world = before_mails_were_changed();
    let before = world.rows("__diesel_schema_migrations");
    let mut reader = reader(&world);
    let process = number(&mut reader, "select pg_backend_pid()");
    let error = world.store.clone().with_deadline(Duration::from_secs(8)).migrate().unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    let said = error.to_string();
    for part in [
        "Cannot bring the database up to date",
        "pg_terminate_backend",
        &format!("process {process} (unnamed), since "),
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(world.rows("__diesel_schema_migrations"), before);
    reader.batch_execute("rollback").unwrap();
    assert!(!world.store.migrate().unwrap().is_empty());
}
