//! The schema goes up, down and up again, and a schema of another version is told.

use crate::harness::Folder;
use crate::narrowing::refused;
use crate::server::SharedPostgres;
use crate::world::{Raw, World};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use reply_import::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// The last migration of the first version: up to it no older program runs anywhere.
const FIRST_VERSION: &str = "20261129180000_the_mark_of_an_object_store";

type Empty = (String, Folder, Option<Arc<SharedPostgres>>);

fn on_both(fact: impl Fn(&str)) {
    let databases: [Empty; 2] = [World::empty_sqlite(), World::empty_postgres()];
    for (url, _folder, _server) in &databases {
        fact(url);
    }
}

fn count(url: &str, what: &str) -> usize {
    let sql = match what {
        "tables" => [
            "select count(*) as number from sqlite_master where name not like 'sqlite%' and name not like '%diesel%'",
            "select count(*) as number from pg_class c join pg_namespace n on n.oid = c.relnamespace \
             where nspname = 'public' and relname not like '%diesel%'",
        ],
        _ => [
            "select 0 as number",
            "select count(*) as number from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname = 'public'",
        ],
    };
    let [sqlite, postgres] = sql;
    let number = match Raw::connect(url) {
        Raw::Sqlite(mut connection) => {
            diesel::RunQueryDsl::get_result::<Number>(diesel::sql_query(sqlite), &mut connection)
        }
        Raw::Postgres(mut connection) => {
            diesel::RunQueryDsl::get_result::<Number>(diesel::sql_query(postgres), &mut connection)
        }
    };
    usize::try_from(number.unwrap().number).unwrap()
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

/// Takes the last migration back, and gives what the database says against it.
pub fn down_once(url: &str) -> Result<(), String> {
    let done = match Raw::connect(url) {
        Raw::Sqlite(mut connection) => connection.revert_last_migration(SQLITE).map(drop),
        Raw::Postgres(mut connection) => connection.revert_last_migration(POSTGRES).map(drop),
    };
    done.map_err(|error| format!("{error:?}"))
}

fn go_down(url: &str) {
    match Raw::connect(url) {
        Raw::Sqlite(mut connection) => connection.revert_all_migrations(SQLITE).unwrap(),
        Raw::Postgres(mut connection) => connection.revert_all_migrations(POSTGRES).unwrap(),
    };
}

#[test]
fn migrations_go_up_down_and_up_again_and_leave_nothing_behind() {
    on_both(|url| {
        let store = Store::open(url).unwrap();
        let names = store.migrate().unwrap();
        assert!(!names.is_empty(), "{url}");
        assert!(count(url, "tables") > 15, "{url}");
        go_down(url);
        assert_eq!((count(url, "tables"), count(url, "functions")), (0, 0), "{url}");
        assert_eq!(store.migrate().unwrap(), names, "{url}");
        store.check_schema().unwrap();
    });
}

#[test]
fn what_is_recorded_survives_the_last_migration_down_and_up() {
    for world in [World::on_sqlite(), World::on_postgres()] {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.recorded(&world.imported(2, "second", "2024-00123"));
        world.sql("delete from outbox where id = 2").unwrap();
        match world.raw() {
            Raw::Sqlite(mut connection) => connection.revert_last_migration(SQLITE).map(drop).unwrap(),
            Raw::Postgres(mut connection) => connection.revert_last_migration(POSTGRES).map(drop).unwrap(),
        }
        world.store.migrate().unwrap();
        assert_eq!((world.rows("mails"), world.rows("history_entries"), world.rows("outbox")), (2, 2, 1));
        world.recorded(&world.imported(3, "third", "2024-00123"));
        assert_eq!(world.number("select max(id) from outbox"), 3, "an id is never used again");
    }
}

/// For each row of a table that goes SQLite looks for those that refer to it: without an index, at all of them.
#[test]
fn a_table_that_refers_to_itself_has_the_index_of_that_before_its_old_rows_go() {
    let mut remade = 0;
    for folder in fs::read_dir("migrations/sqlite").unwrap() {
        let up = fs::read_to_string(folder.unwrap().path().join("up.sql")).unwrap();
        for part in up.split("create table ").filter(|part| part.contains("_rebuilt (")) {
            let table = part.split("_rebuilt").next().unwrap();
            let (before, _) = part.split_once(&format!("drop table {table};")).unwrap();
            for reference in before.lines().filter(|line| line.contains(&format!("references {table} ("))) {
                let column = reference.split("foreign key (").nth(1).unwrap().split(')').next().unwrap();
                assert!(before.contains(&format!("on {table}_rebuilt ({column}")), "{table}: {reference}");
                remade += 1;
            }
        }
    }
    assert!(remade > 0);
}

#[test]
fn migrating_twice_applies_nothing_the_second_time() {
    on_both(|url| {
        let store = Store::open(url).unwrap();
        store.migrate().unwrap();
        assert_eq!(store.migrate().unwrap(), Vec::<String>::new(), "{url}");
    });
}

#[test]
fn two_that_migrate_at_once_do_it_once() {
    on_both(|url| {
        let applied: Vec<usize> = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| Store::open(url).unwrap().migrate().unwrap().len()));
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(applied.contains(&0), "{url}: {applied:?}");
    });
}

#[test]
fn an_empty_database_is_told_to_be_migrated_and_is_not_changed() {
    on_both(|url| {
        let error = Store::open(url).unwrap().check_schema().unwrap_err();
        assert!(matches!(error, StoreError::WrongSettings { .. }), "{url}: {error:?}");
        assert!(error.to_string().contains("reply-import migrate"), "{url}: {error}");
        assert_eq!(count(url, "tables"), 0, "{url}");
    });
}

#[test]
fn a_schema_newer_than_the_program_is_refused() {
    on_both(|url| {
        let store = Store::open(url).unwrap();
        store.migrate().unwrap();
        let sql = "insert into __diesel_schema_migrations (version) values ('99990101000000')";
        match Raw::connect(url) {
            Raw::Sqlite(mut connection) => diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut connection),
            Raw::Postgres(mut connection) => diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut connection),
        }
        .unwrap();
        for error in [store.check_schema().unwrap_err(), store.migrate().unwrap_err()] {
            assert!(matches!(error, StoreError::ProgramTooOld { .. }), "{url}: {error:?}");
            let told =
                "this program is older than the database: install the newer one (the database has 99990101000000,";
            assert!(error.to_string().contains(told), "{url}: {error}");
        }
    });
}

fn names(database: &str) -> BTreeSet<String> {
    let folders = fs::read_dir(format!("migrations/{database}")).unwrap();
    folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect()
}

/// Machines are upgraded one after the other (CONTRIBUTING.md, "Migrations beside an older worker").
#[test]
fn no_migration_after_the_first_version_takes_from_an_older_program_what_it_needs() {
    for database in ["postgres", "sqlite"] {
        let names = names(database);
        assert!(names.contains(FIRST_VERSION), "{database}: {names:?}");
        for name in names.range(format!("{FIRST_VERSION}~")..) {
            let sql = fs::read_to_string(format!("migrations/{database}/{name}/up.sql")).unwrap();
            let refused = refused(&sql);
            assert!(
                refused.is_empty(),
                "{database}/{name} narrows without `-- Narrows: ` in its first line: {refused:#?}"
            );
        }
    }
}

#[test]
fn the_rule_sees_in_real_migrations_what_narrows() {
    let folder = "20261129093000_files_that_a_virus_scanner_withholds";
    for (database, what) in [("postgres", "files: alter column sha256 drop not null"), ("sqlite", "drop table files")] {
        let refused = refused(&fs::read_to_string(format!("migrations/{database}/{folder}/up.sql")).unwrap());
        assert!(refused.iter().any(|refused| refused == what), "{database}: {refused:#?}");
    }
}

#[test]
fn both_databases_have_the_same_migrations_each_with_a_way_back() {
    assert_eq!(names("postgres"), names("sqlite"));
    for database in ["postgres", "sqlite"] {
        for name in names(database) {
            for file in ["up.sql", "down.sql"] {
                assert!(
                    fs::exists(format!("migrations/{database}/{name}/{file}")).unwrap(),
                    "{database}/{name}/{file}"
                );
            }
        }
    }
}
