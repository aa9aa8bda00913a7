//! Opening a database: what is created, and what is said where that cannot be.

use crate::harness::{Folder, Postgres, Service};
use crate::world::{World, address, start};
use reply_import::store::{Store, StoreError};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

#[test]
fn a_new_sqlite_file_is_readable_by_its_owner_only() {
    let (url, folder, _) = World::empty_sqlite();
    // The files beside it are there as long as it is open.
    let store = Store::open(&url).unwrap();
    store.migrate().unwrap();
    for name in ["record.db", "record.db-wal"] {
        let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_missing_folder_is_named() {
    let folder = Folder::create();
    let url = format!("sqlite:{}/nowhere/record.db", folder.path().display());
    let error = Store::open(&url).unwrap_err();
    assert!(matches!(error, StoreError::WrongSettings { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere"), "{error}");
}

#[test]
fn a_folder_in_the_place_of_the_file_is_named() {
    let folder = Folder::create();
    let error = Store::open(&format!("sqlite:{}", folder.path().display())).unwrap_err();
    assert!(matches!(error, StoreError::WrongSettings { .. }), "{error:?}");
    assert!(error.to_string().contains(&format!("`{}`: it is a folder", folder.path().display())), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::create();
    let path = folder.write("record.db", "this is no database, whatever its name says");
    let opened = Store::open(&format!("sqlite:{}", path.display()));
    assert!(matches!(opened, Err(StoreError::WrongSettings { .. })), "{opened:?}");
}

#[test]
fn a_server_that_does_not_answer_is_unavailable_and_its_password_is_not_printed() {
    let error = Store::open("postgres://test:geheim@127.0.0.1:1/none").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("geheim"), "{error:?}");
}

#[test]
fn a_missing_postgres_database_is_a_wrong_setting() {
    let (url, _folder, _server) = World::empty_postgres();
    let error = Store::open(&format!("{url}_of_another_name")).unwrap_err();
    assert!(matches!(error, StoreError::WrongSettings { .. }), "{error:?}");
}

#[test]
fn a_store_survives_a_restart_of_postgres() {
    let mut postgres = Postgres::start();
    let store = Store::open(&postgres.fresh_database_url()).unwrap();
    store.migrate().unwrap();
    store.ensure_tenant("alpha", start()).unwrap();
    postgres.stop();
    let error = store.ensure_tenant("alpha", start()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    postgres.start_again();
    store.ensure_tenant("alpha", start()).unwrap();
}

#[test]
fn two_processes_on_one_sqlite_file_wait_for_each_other() {
    let world = World::on_sqlite();
    let other = Store::open(&world.url).unwrap();
    std::thread::scope(|scope| {
        for store in [&world.store, &other] {
            scope.spawn(move || {
                for number in 0..50 {
                    store.ensure_tenant(&format!("tenant {number}"), start()).unwrap();
                }
            });
        }
    });
    assert_eq!(world.rows("tenants"), 52);
}

/// As at a reload, while what the old settings opened is still in use. Whoever closes a file of SQLite's behind its back drops
/// the locks of its whole process, and a program that comes and goes meanwhile takes the write-ahead log with it
/// (<https://sqlite.org/howtocorrupt.html>, section 2.2).
#[test]
fn what_is_written_after_a_second_opening_is_there_for_other_programs() {
    let world = World::on_sqlite();
    let _again = Store::open(&world.url).unwrap();
    let other = Service::new(&format!(
        r#"
        database.url = "{}"
        tenant = [{{ name = "alpha", reference_shapes = ["{{6}}"] }}]
        mailbox = [{{ tenant = "alpha", address = "import@alpha.example", host = "127.0.0.1", tls = "none", password_file = "/dev/null" }}]
        "#,
        world.url
    ));
    assert!(!other.succeed(&["status"]).contains("later@alpha.example"));
    world.store.ensure_mailbox(world.alpha, &address("later@alpha.example"), start()).unwrap();
    assert!(other.succeed(&["status"]).contains("later@alpha.example"));
}

#[test]
fn work_off_the_thread_gives_back_what_it_found() {
    let world = World::on_sqlite();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let began = Instant::now();
    let tenant = runtime.block_on(world.store.off_thread(|store| store.ensure_tenant("alpha", start())));
    assert_eq!(tenant.unwrap(), world.alpha);
    assert!(began.elapsed() < Duration::from_secs(10));
}
