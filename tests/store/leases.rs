//! Leases on PostgreSQL, and the lock that keeps a worker alone on SQLite.

use crate::harness::wait_for;
use crate::world::{Raw, World, address, start};
use diesel::connection::SimpleConnection;
use reply_import::application::id::MailboxId;
use reply_import::decision::ImportOutcome;
use reply_import::store::{Lease, Leases, LeftInInbox, RoundNote, Seat, Store, StoreError};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const LONG: Duration = Duration::from_hours(1);

fn worker(world: &World, name: &str) -> Leases {
    world.store.leases(name, LONG).unwrap()
}

/// As if all workers had been silent for longer than their leases last.
fn let_leases_end(world: &World) {
    world.sql("update mailbox_leases set expires_at = renewed_at - interval '1 second'").unwrap();
}

#[test]
fn a_mailbox_has_one_worker_at_a_time() {
    let world = World::on_postgres();
    let (one, two) = (worker(&world, "one"), worker(&world, "two"));
    let lease = one.take(world.mailbox).unwrap().unwrap();
    assert_eq!((two.take(world.mailbox).unwrap(), one.take(world.mailbox).unwrap()), (None, None));
    assert_eq!(two.holder(world.mailbox).unwrap().unwrap().worker, "one");
    let status = world.store.status().unwrap().mailboxes.remove(0);
    let until = two.holder(world.mailbox).unwrap().unwrap().until;
    assert_eq!((status.worker.as_deref(), status.worker_until), (Some("one"), Some(until)));
    one.give_back_all(&[lease]).unwrap();
    assert_eq!(world.store.status().unwrap().mailboxes.remove(0).worker, None);
    let next = two.take(world.mailbox).unwrap().unwrap();
    assert!(next.token > lease.token, "{next:?} after {lease:?}");
}

#[test]
fn of_many_that_take_at_once_one_gets_the_mailbox() {
    let world = World::on_postgres();
    let taken: usize = std::thread::scope(|scope| {
        let names = ["a", "b", "c", "d", "e", "f"];
        let threads: Vec<_> =
            names.iter().map(|name| scope.spawn(|| worker(&world, name).take(world.mailbox).unwrap())).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).count()
    });
    assert_eq!(taken, 1);
}

#[test]
fn a_silent_workers_mailbox_is_taken_over_and_it_writes_nothing_any_more() {
    let world = World::on_postgres();
    let (one, two) = (worker(&world, "one"), worker(&world, "two"));
    let lease = one.take(world.mailbox).unwrap().unwrap();
    let under = world.store.under(lease);
    let recorded = under.record(&[world.imported(1, "first", "2024-00123")], start()).unwrap().remove(0);
    let_leases_end(&world);
    // Nobody wanted it yet: the worker may go on.
    under.confirm_lease().unwrap();
    let_leases_end(&world);
    let taken = two.take(world.mailbox).unwrap().unwrap();
    assert!(taken.token > lease.token);
    let filed = crate::places::filed(recorded.mail, 5);
    let note = RoundNote { at: start(), error: None, left: Some(LeftInInbox::default()), login_ends_at: None };
    let lost = [
        under.confirm_lease(),
        under.record(&[world.imported(2, "second", "2024-00123")], start()).map(drop),
        under.note_attempts(world.mailbox, 7, &[(3, 4321)], start()).map(drop),
        under.filed_away(&[filed], start()),
        under.round_finished(world.mailbox, &note),
        one.renew(lease),
    ];
    assert!(lost.iter().all(|done| matches!(done, Err(StoreError::LeaseLost { .. }))), "{lost:#?}");
    assert_eq!((world.rows("mails"), world.rows("mail_attempts"), world.rows("mailbox_rounds")), (1, 0, 0));
    one.give_back_all(&[lease]).unwrap();
    assert_eq!(two.holder(world.mailbox).unwrap().unwrap().worker, "two", "a lost lease cannot be given back");
    let again = world.store.under(taken).record(&[world.imported(2, "second", "2024-00123")], start()).unwrap();
    assert_eq!(again[0].outcome, ImportOutcome::Imported);
}

/// Both databases' transactions are open at once: the test would hang if the taker waited.
#[test]
fn a_mailbox_is_not_taken_over_while_its_worker_writes_and_renewing_does_not_wait_for_that() {
    let world = World::on_postgres();
    let (one, two) = (worker(&world, "one"), worker(&world, "two"));
    let lease = one.take(world.mailbox).unwrap().unwrap();
    let_leases_end(&world);
    let Raw::Postgres(mut writing) = world.raw() else { panic!("it is PostgreSQL") };
    let sql = format!("begin; select token from mailbox_leases where mailbox_id = {} for key share", world.mailbox);
    writing.batch_execute(&sql).unwrap();
    assert_eq!(two.take(world.mailbox).unwrap(), None);
    one.renew(lease).unwrap();
    writing.batch_execute("commit").unwrap();
    assert_eq!(two.take(world.mailbox).unwrap(), None, "it was renewed");
    let_leases_end(&world);
    assert!(two.take(world.mailbox).unwrap().is_some());
}

/// A worker that is paused in the middle of sending a statement keeps its locks, and no timeout of the server ends that.
#[test]
fn what_a_silent_worker_left_open_is_ended_and_what_others_have_in_hand_is_not() {
    let world = World::on_postgres();
    let short = |name| world.store.leases(name, Duration::from_millis(200)).unwrap();
    let (silent, other) = (short("silent"), short("other"));
    let (Raw::Postgres(mut left_open), Raw::Postgres(mut of_another)) = (world.raw(), world.raw()) else {
        panic!("it is PostgreSQL")
    };
    let begin = |name| format!("set application_name = 'reply-import {name}'; begin; select 1");
    left_open.batch_execute(&begin("silent")).unwrap();
    of_another.batch_execute(&begin("third")).unwrap();
    silent.take(world.mailbox).unwrap().unwrap();
    let lock = format!("select token from mailbox_leases where mailbox_id = {} for key share", world.mailbox);
    left_open.batch_execute(&lock).unwrap();
    wait_for("the mailbox to be taken over", Duration::from_secs(20), || other.take(world.mailbox).unwrap());
    assert!(left_open.batch_execute("commit").is_err());
    of_another.batch_execute("commit").unwrap();
}

#[test]
fn thousands_are_taken_renewed_and_given_back_together() {
    let world = World::on_postgres();
    let addresses: Vec<_> = (0..2_000).map(|n| address(&format!("box-{n}@alpha.example"))).collect();
    let mailboxes: Vec<_> = addresses.iter().map(|address| ("alpha", address)).collect();
    let ids: Vec<MailboxId> =
        world.store.ensure_mailboxes(&mailboxes, start()).unwrap().into_iter().flatten().collect();
    let (one, two) = (worker(&world, "one"), worker(&world, "two"));
    let theirs = two.take(ids[7]).unwrap().unwrap();
    let ours = one.take_all(&ids).unwrap();
    assert_eq!(ours.len(), 1_999);
    assert!(ours.iter().all(|lease| lease.mailbox != theirs.mailbox));
    assert_eq!(two.take_all(&ids).unwrap(), []);
    let sorted = |mut leases: Vec<Lease>| {
        leases.sort_unstable_by_key(|lease| lease.mailbox);
        leases
    };
    assert_eq!(sorted(one.renew_held().unwrap()), sorted(ours.clone()));
    let_leases_end(&world);
    two.renew(theirs).unwrap();
    assert_eq!(two.take(ours[0].mailbox).unwrap().map(|lease| lease.token), Some(ours[0].token + 1));
    let held = one.renew_held().unwrap();
    assert_eq!(held.len(), 1_998);
    assert!(!held.contains(&ours[0]), "it is lost");
    one.give_back_all(&ours).unwrap();
    assert_eq!(one.renew_held().unwrap(), []);
    assert_eq!(world.number("select count(*) from mailbox_leases where worker = 'two'"), 2, "what is another's stays");
    assert_eq!(two.take_all(&ids).unwrap().len(), 1_998);
}

/// Else three workers would write thousands of rows every few seconds.
#[test]
fn what_was_renewed_just_now_is_not_written_again() {
    let world = World::on_postgres();
    let one = worker(&world, "one");
    let lease = one.take(world.mailbox).unwrap().unwrap();
    let until = || one.holder(world.mailbox).unwrap().unwrap().until;
    let before = until();
    assert_eq!(one.renew_all(&[world.mailbox]).unwrap()[0].ours, Some(lease.token));
    assert_eq!(until(), before);
    world.sql("update mailbox_leases set expires_at = expires_at - interval '20 minutes'").unwrap();
    one.renew_all(&[world.mailbox]).unwrap();
    assert!(until() >= before, "a third of its time was over");
}

#[test]
fn workers_count_as_long_as_they_live_and_do_not_leave() {
    let world = World::on_postgres();
    let second = world.store.ensure_mailbox(world.alpha, &address("b@alpha.example"), start()).unwrap();
    let (one, two) = (worker(&world, "one"), worker(&world, "two"));
    let seat = |mailbox, workers, ours, free| Seat { mailbox, workers, ours, free };
    let both: [MailboxId; 2] = [world.mailbox, second];
    assert_eq!(one.renew_all(&both).unwrap(), [seat(world.mailbox, 1, None, true), seat(second, 1, None, true)]);
    let lease = one.take(world.mailbox).unwrap().unwrap();
    let seats = two.renew_all(&[world.mailbox]).unwrap();
    assert_eq!(seats, [seat(world.mailbox, 2, None, false)]);
    let_leases_end(&world);
    let seats = one.renew_all(&both).unwrap();
    assert_eq!(seats, [seat(world.mailbox, 2, Some(lease.token), false), seat(second, 1, None, true)], "renewed");
    two.leave().unwrap();
    assert_eq!(one.renew_all(&both).unwrap()[0].workers, 1);
    two.renew_all(&both).unwrap();
    world.sql("update mailbox_workers set expires_at = expires_at - interval '2 hours' where worker = 'two'").unwrap();
    assert_eq!(one.renew_all(&both).unwrap()[0].workers, 1);
    one.leave().unwrap();
    assert_eq!(world.rows("mailbox_workers"), 0, "who died long ago is forgotten");
}

#[test]
fn on_sqlite_a_second_process_is_refused_until_the_first_ends() {
    let world = World::on_sqlite();
    assert!(world.store.leases("one", LONG).is_none());
    let alone = world.store.work_alone().unwrap();
    assert!(alone.is_some());
    let other = Store::open(&world.url).unwrap();
    let error = other.work_alone().unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&std::process::id().to_string()) && text.contains("PostgreSQL"), "{text}");
    drop(alone);
    assert!(other.work_alone().unwrap().is_some());
    let lock = format!("{}.lock", world.url.strip_prefix("sqlite:").unwrap());
    assert_eq!(std::fs::metadata(lock).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn on_postgres_nobody_works_alone() {
    assert!(World::on_postgres().store.work_alone().unwrap().is_none());
}
