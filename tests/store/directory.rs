//! Applying a feed: all of it or nothing, and the same feed twice changes nothing.

use crate::world::{World, later, shapes, start};
use reply_import::store::StoreError;
use reply_import::store::directory::{Changes, DirectoryReport, read_json_lines};
use serde_json::json;
use std::fmt::Write;
use std::sync::Barrier;
use std::time::Instant;

on_both! {
    fn two_feeds_at_once_are_taken_over_one_after_the_other(world) {
        let feed = |responsible: &str| {
            let lines = (0..30).map(|n| {
                let (id, number) = (format!("T{n}"), format!("2024-{:05}", 700 + n));
                format!(
                    "{}\n{}\n",
                    json!({"kind": "candidate", "tenant": "alpha", "id": id, "name": "Neu", "addresses": [format!("t{n}@example.org")]}),
                    json!({"kind": "application", "tenant": "alpha", "number": number, "candidate": id, "post": "Lager",
                        "responsible": [responsible], "state": "open"}),
                )
            });
            read_json_lines(lines.collect::<String>().as_bytes()).unwrap()
        };
        let feeds = ["ruth@alpha.example", "karl@alpha.example"].map(feed);
        let both = Barrier::new(2);
        std::thread::scope(|scope| {
            let done = [0, 1].map(|n| {
                let (feed, both) = (&feeds[n], &both);
                scope.spawn(move || {
                    both.wait();
                    world.store.import_directory(feed, &shapes(), start())
                })
            });
            for done in done {
                done.join().unwrap().unwrap();
            }
        });
        let ours = "from applications a join responsibilities r on r.application_id = a.id where a.number like '2024-007%'";
        assert_eq!(world.number(&format!("select count(*) {ours}")), 30, "those of one feed, and not of both");
        assert_eq!(world.number(&format!("select count(distinct r.user_id) {ours}")), 1);
    }

    fn the_same_feed_twice_changes_nothing(world) {
        let audit = world.rows("audit");
        let feed = r#"{"kind": "user", "tenant": "alpha", "address": "new@alpha.example", "addresses": ["n2@alpha.example"], "name": "Neu", "role": "recruiter"}
            {"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Neu", "addresses": ["x@example.org"]}
            {"kind": "application", "tenant": "alpha", "number": "2024-00999", "candidate": "K9", "post": "Hof", "responsible": ["n2@alpha.example"], "state": "rejected"}"#;
        let one = |inserted, unchanged| Changes { inserted, updated: 0, unchanged };
        let all = |changes| DirectoryReport { users: changes, candidates: changes, applications: changes };
        assert_eq!(import(world, feed, 10).unwrap(), all(one(1, 0)));
        assert_eq!(world.rows("audit"), audit + 1);
        assert_eq!(import(world, feed, 20).unwrap(), all(one(0, 1)));
        assert_eq!(world.rows("audit"), audit + 1, "nothing was done");
        for table in ["users", "candidates", "applications"] {
            let changed = format!("select count(*) from {table} where updated_at <> created_at");
            assert_eq!(world.number(&changed), 0, "{table}");
        }
    }

    fn what_differs_is_brought_up_to_date_and_counted(world) {
        let feed = r#"{"kind": "user", "tenant": "alpha", "address": "karl@alpha.example", "addresses": ["kp@alpha.example"], "name": "Karl Probe", "role": "fachbereich_plus", "language": "en"}
            {"kind": "candidate", "tenant": "alpha", "id": "K1", "name": "Erika Neu", "addresses": ["e.beispiel@example.net"]}
            {"kind": "application", "tenant": "alpha", "number": "2024-00123", "candidate": "K1", "post": "Gießerei", "responsible": ["kp@alpha.example"], "state": "rejected"}"#;
        let report = import(world, feed, 10).unwrap();
        let updated = Changes { inserted: 0, updated: 1, unchanged: 0 };
        assert_eq!(report, DirectoryReport { users: updated, candidates: updated, applications: updated });
        let application = world.application("2024-00123");
        assert_eq!(application.candidate_name, "Erika Neu");
        assert_eq!(application.candidate_addresses, [crate::world::address("e.beispiel@example.net")]);
        assert_eq!(application.responsible.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Karl Probe"]);
        assert!(world.known(world.alpha, None, Some("kp@alpha.example")).forwarder.is_some());
        assert_eq!(world.number("select count(*) from applications where updated_at <> created_at"), 1);
    }

    fn the_kinds_may_stand_in_any_order(world) {
        let feed = r#"{"kind": "application", "tenant": "alpha", "number": "2024-00999", "candidate": "K9", "responsible": ["new@alpha.example"]}
            {"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Neu"}
            {"kind": "user", "tenant": "alpha", "address": "new@alpha.example", "name": "Neu", "role": "recruiter"}"#;
        import(world, feed, 10).unwrap();
        assert_eq!(world.application("2024-00999").responsible.len(), 1);
    }

    fn of_two_lines_with_one_key_the_later_counts(world) {
        let feed = r#"{"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Alt"}
            {"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Neu"}"#;
        assert_eq!(import(world, feed, 10).unwrap().candidates.inserted, 1);
        assert_eq!(world.number("select count(*) from candidates where name = 'Neu'"), 1);
    }

    fn a_bad_line_applies_nothing(world) {
        let good = r#"{"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Neu"}"#;
        for (bad, wanted) in [
            (r#"{"kind": "candidate", "tenant": "gamma", "id": "K1", "name": "x"}"#, "`tenant`"),
            (r#"{"kind": "application", "tenant": "alpha", "number": "12", "candidate": "K9"}"#, "`number`"),
            (r#"{"kind": "application", "tenant": "alpha", "number": "2024-00999", "candidate": "K8"}"#, "`candidate`"),
            (r#"{"kind": "application", "tenant": "alpha", "number": "2024-00999", "candidate": "K9", "responsible": ["ruth@alpha.example", "who@alpha.example"]}"#, "item 2"),
            (r#"{"kind": "user", "tenant": "alpha", "address": "z@alpha.example", "addresses": ["ruth@alpha.example"], "name": "x", "role": "recruiter"}
                {"kind": "user", "tenant": "alpha", "address": "ruth@alpha.example", "name": "y", "role": "recruiter"}"#, "line 2"),
        ] {
            let error = import(world, &format!("{good}\n{bad}"), 10).unwrap_err();
            let StoreError::BadLine { line, fault } = &error else { panic!("{bad}: {error:?}") };
            assert!(*line == 2 || *line == 3, "{bad}: {line}");
            assert!(fault.contains(wanted), "{bad}: {fault}");
            assert!(!fault.contains("alpha.example"), "{bad}: {fault}");
            assert_eq!(world.number("select count(*) from candidates where external_id = 'K9'"), 0, "{bad}");
        }
    }

    fn an_address_of_another_known_user_is_named(world) {
        for (address, others) in [
            ("z@alpha.example", r#""r.m@alpha.example", "karl@alpha.example""#),
            ("z@alpha.example", r#""r.m@alpha.example""#),
            ("r.m@alpha.example", ""),
        ] {
            let feed = format!(
                r#"{{"kind": "user", "tenant": "alpha", "address": "{address}", "addresses": [{others}], "name": "x", "role": "recruiter"}}"#
            );
            let error = import(world, &feed, 10).unwrap_err();
            let StoreError::BadLine { line: 1, fault } = &error else { panic!("{error:?}") };
            assert!(fault.contains(&format!("user {}", world.ruth())), "{fault}");
        }
        let ruth = world.known(world.alpha, None, Some("ruth@alpha.example")).forwarder.unwrap();
        assert_eq!((ruth.id, ruth.name.as_str()), (world.ruth(), "Ruth Muster"), "nobody became somebody else");
    }

    fn a_user_with_a_new_first_address_is_known_by_the_old_one(world) {
        let ruth = world.ruth();
        let feed = r#"{"kind": "user", "tenant": "alpha", "address": "ruth.neu@alpha.example", "addresses": ["ruth@alpha.example"], "name": "Ruth Neu", "role": "personalmanager"}"#;
        assert_eq!(import(world, feed, 10).unwrap().users.updated, 1);
        let user = world.known(world.alpha, None, Some("ruth@alpha.example")).forwarder.unwrap();
        assert_eq!((user.id, user.name.as_str()), (ruth, "Ruth Neu"));
        assert_eq!(user.address, crate::world::address("ruth.neu@alpha.example"));
        assert_eq!(world.known(world.alpha, None, Some("r.m@alpha.example")).forwarder, None);
    }

    fn an_address_may_move_from_one_user_to_another(world) {
        let feed = r#"{"kind": "user", "tenant": "alpha", "address": "karl@alpha.example", "addresses": ["r.m@alpha.example"], "name": "Karl Probe", "role": "fachbereich_plus"}
            {"kind": "user", "tenant": "alpha", "address": "ruth@alpha.example", "addresses": [], "name": "Ruth Muster", "role": "personalmanager"}"#;
        import(world, feed, 10).unwrap();
        let owner = world.known(world.alpha, None, Some("r.m@alpha.example")).forwarder.unwrap();
        assert_eq!(owner.name, "Karl Probe");
    }

    fn a_state_has_the_feeds_time_or_the_time_of_the_feed(world) {
        let since = |time: &str| {
            format!("select count(*) from applications where number = '2024-00123' and state_since = '{time}'")
        };
        let line = |rest: &str| {
            format!(r#"{{"kind": "application", "tenant": "alpha", "number": "2024-00123", "candidate": "K1", "post": "Gießerei", "responsible": ["ruth@alpha.example", "karl@alpha.example", "gone@alpha.example"], {rest}}}"#)
        };
        import(world, &line(r#""state": "rejected""#), 30).unwrap();
        assert_eq!(world.number(&since("2024-05-01 10:00:30")), 1, "when the feed first said so");
        assert_eq!(import(world, &line(r#""state": "rejected""#), 60).unwrap().applications.unchanged, 1);
        import(world, &line(r#""state": "rejected", "state_since": "2024-04-02""#), 90).unwrap();
        assert_eq!(world.number(&since("2024-04-02 00:00:00")), 1, "the feed's own word");
        assert_eq!(import(world, &line(r#""state": "rejected""#), 99).unwrap().applications.unchanged, 1);
        assert_eq!(world.number(&since("2024-04-02 00:00:00")), 1, "a feed that does not say keeps it");
    }

    fn thousands_of_lines_are_applied_at_once(world) {
        let mut feed = String::new();
        for number in 0..3000 {
            writeln!(feed, r#"{{"kind": "candidate", "tenant": "beta", "id": "C{number}", "name": "N", "addresses": ["c{number}@example.org"]}}"#).unwrap();
            writeln!(feed, r#"{{"kind": "application", "tenant": "beta", "number": "2025-{number:05}", "candidate": "C{number}", "responsible": ["ruth@alpha.example"]}}"#).unwrap();
        }
        let began = Instant::now();
        let report = import(world, &feed, 10).unwrap();
        let first = began.elapsed();
        assert_eq!((report.candidates.inserted, report.applications.inserted), (3000, 3000));
        assert_eq!(import(world, &feed, 20).unwrap().applications.unchanged, 3000);
        println!("6000 lines: first {first:?}, both {:?}", began.elapsed());
    }
}

fn import(world: &World, feed: &str, seconds: i64) -> Result<DirectoryReport, StoreError> {
    let _ = start();
    world.store.import_directory(&read_json_lines(feed.as_bytes())?, &shapes(), later(seconds))
}
