//! Erasing while others record: what they decided before is decided again, and nothing of it is left behind.

use crate::world::{World, later, mail, start};
use reply_import::application::id::ApplicationId;
use reply_import::decision::{Decision, ImportOutcome};
use reply_import::store::{Actor, Erasure, MailRecord, Store, StoreError};
use std::sync::atomic::{AtomicBool, Ordering};

fn application(world: &World, number: &str) -> ApplicationId {
    world.application(number).id
}

on_both! {
    fn what_was_decided_for_an_application_that_is_erased_meanwhile_is_decided_again(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let late = world.imported(2, "late", "2024-00123");
        let repeat = world.record(3, mail("first"), Decision::SkipRepeat { earlier: first.mail });
        let further = Decision::AddForwarder { application: application(world, "2024-00123"), entry: first.entry.unwrap(), earlier: first.mail };
        let further = world.record(4, mail("further"), further);
        world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(1)).unwrap();
        for record in [late, repeat, further] {
            let error = world.store.record(&[record], later(2)).unwrap_err();
            assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
        }
        assert_eq!(world.rows("mails"), 0);
    }

    fn nothing_that_is_recorded_meanwhile_is_left_behind(world) {
        let doomed = application(world, "2024-00123");
        let done = AtomicBool::new(false);
        let records: Vec<MailRecord> =
            (0..400).map(|n| world.imported(n + 1, &format!("mail {n}"), "2024-00123")).collect();
        let other = world.imported(900, "other", "2024-00124");
        std::thread::scope(|scope| {
            for part in records.chunks(200) {
                let (store, done) = (&world.store, &done);
                scope.spawn(move || record_until_gone(store, part, done));
            }
            scope.spawn(|| {
                while world.rows("mails") < 5 {
                    std::thread::yield_now();
                }
                world.store.erase(&Erasure::Application(doomed), Actor::Cli, later(1)).unwrap();
                done.store(true, Ordering::SeqCst);
            });
        });
        assert_eq!((world.rows("history_entries"), world.rows("mails"), world.rows("blobs")), (0, 0, 0));
        assert_eq!(world.recorded(&other).outcome, ImportOutcome::Imported);
    }

    fn the_traces_can_be_removed_while_others_work(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(5)).unwrap();
        assert!(world.store.leave_no_traces().unwrap());
        world.recorded(&world.imported(2, "second", "2024-00124"));
    }
}

/// Records one by one, as workers do, until the application is gone; nothing else may go wrong.
fn record_until_gone(store: &Store, records: &[MailRecord], erased: &AtomicBool) {
    for record in records {
        match store.record(std::slice::from_ref(record), start()) {
            Ok(_) => {}
            Err(StoreError::Overtaken { .. }) => return,
            // Two that hold what the other wants: one of them begins again.
            Err(StoreError::Unavailable { cause, .. }) if cause.contains("deadlock") => {}
            Err(error) => panic!("{error:?}, erased: {}", erased.load(Ordering::SeqCst)),
        }
    }
    panic!("all was recorded before it was erased");
}
