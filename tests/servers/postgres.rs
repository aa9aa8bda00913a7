//! PostgreSQL starts, gives databases that know nothing of each other, and comes back with what was written.

use crate::harness::Postgres;
use crate::harness::postgres::query;

#[test]
fn each_fresh_database_is_empty_and_apart_from_the_others() {
    let postgres = Postgres::start();
    let (one, other) = (postgres.fresh_database_url(), postgres.fresh_database_url());
    query(&one, "CREATE TABLE words (word TEXT)");
    query(&one, "INSERT INTO words VALUES ('Grüße')");
    assert_eq!(query(&one, "SELECT word, 1 FROM words"), "Grüße|1\n");
    let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(query(&other, tables), "0\n");
}

#[test]
fn a_stopped_postgres_comes_back_on_its_port_with_its_databases() {
    let mut postgres = Postgres::start();
    let url = postgres.fresh_database_url();
    query(&url, "CREATE TABLE words (word TEXT)");
    postgres.stop();
    assert_eq!(postgres.process_id(), None);
    postgres.start_again();
    assert_eq!(query(&url, "SELECT count(*) FROM words"), "0\n");
}

#[test]
fn two_at_once_do_not_see_each_other() {
    let (one, other) = (Postgres::start(), Postgres::start());
    let (one_url, other_url) = (one.fresh_database_url(), other.fresh_database_url());
    query(&one_url, "CREATE TABLE words (word TEXT)");
    assert_eq!(query(&other_url, "SELECT count(*) FROM pg_tables WHERE tablename = 'words'"), "0\n");
}
