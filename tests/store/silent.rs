//! A database that falls silent in the middle of a unit of work.

use crate::harness::{Direction, Proxy};
use crate::server::SharedPostgres;
use crate::world::start;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use reply_import::store::{Store, StoreError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(4);
const SOON: Duration = Duration::from_mins(1);

/// In the one case the answers to the first statements do not arrive, in the other the commit is under way when the wire
/// falls silent, and reaches the server long after it was given up.
#[test]
fn nobody_is_held_for_ever_and_what_was_given_up_does_not_happen_later() {
    let server = SharedPostgres::get();
    let url = server.fresh_database_url();
    let port: u16 = url.split([':', '/']).find_map(|part| part.parse().ok()).unwrap();
    let proxy = Proxy::to(port);
    let direct = Store::open(&url).unwrap();
    direct.migrate().unwrap();
    let through = url.replace(&format!(":{port}/"), &format!(":{}/", proxy.port()));
    let store = Store::open(&through).unwrap().with_deadline(DEADLINE);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let record =
        |name: &'static str| runtime.block_on(store.off_thread(move |store| store.ensure_tenant(name, start())));
    record("first").unwrap();
    let before = proxy.passed();
    record("other").unwrap();
    let total = (proxy.passed().up - before.up, proxy.passed().down - before.down);
    let cases = [(Direction::Down, total.1 / 2, "heard", "again"), (Direction::Up, total.0 - 3, "later", "after")];
    for (direction, bytes, name, next) in cases {
        proxy.stall_after(direction, bytes);
        let given_up = record(name);
        assert!(matches!(given_up, Err(StoreError::Unavailable { .. })), "{name}: {given_up:?}");
        assert!(proxy.is_stalled(), "{name}");
        proxy.come_back();
        // Over a new connection: the old one belongs to the thread that was left behind.
        record(next).unwrap();
    }
    // Waits for the threads that were left behind.
    runtime.shutdown_timeout(SOON);
    let there = ["first", "other", "heard", "later"].map(|name| direct.tenant(name).unwrap().is_some());
    assert_eq!(there, [true, true, false, false]);
}

/// Removing what is left of erased rows in a large database takes longer than any other unit of work may.
#[test]
fn what_removes_traces_may_take_longer() {
    let server = SharedPostgres::get();
    let url = server.fresh_database_url();
    let store = Store::open(&url).unwrap().with_deadline(Duration::from_secs(1));
    store.migrate().unwrap();
    let mut other = PgConnection::establish(&url).unwrap();
    other.batch_execute("begin; lock table mails in share update exclusive mode").unwrap();
    let holding = std::thread::spawn(move || other.batch_execute("select pg_sleep(3); commit").unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    assert!(runtime.block_on(store.off_thread(Store::leave_no_traces)).unwrap());
    holding.join().unwrap();
}
