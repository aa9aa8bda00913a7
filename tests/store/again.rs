//! Recording a mail again after it was fetched and decided again.

use crate::world::{World, file, later, mail, start, to};
use reply_import::application::id::MailId;
use reply_import::decision::{Decision, ImportOutcome, SenderMatch, WhyUnassigned};
use reply_import::mail::AutomaticKind;
use reply_import::notification::Occasion;
use reply_import::store::{FiledMail, MailRecord, Recorded, SendingPlaces, StoreError};

on_both! {
    fn a_mail_that_waited_is_imported_with_entry_and_notifications(world) {
        let before = world.recorded(&waiting(world));
        let after = again(world, before.mail, &world.imported(1, "first", "2024-00123"));
        assert_eq!((after.mail, after.outcome), (before.mail, ImportOutcome::Imported));
        assert!(after.entry.is_some());
        for (table, rows) in [("mails", 1), ("history_entries", 1), ("mail_contents", 1), ("files", 1), ("outbox", 1)] {
            assert_eq!(world.rows(table), rows, "{table}");
        }
        assert_eq!(world.number("select count(*) from outbox where occasion = 'waiting'"), 0, "it does not wait any more");
        let detail = world.store.mail(before.mail).unwrap().unwrap();
        assert_eq!((detail.summary.why, detail.summary.processed_at), (None, later(60)));
        assert_eq!(detail.recorded_at, start());
    }

    fn a_mail_that_still_waits_for_another_reason_says_so_and_nobody_is_told_twice(world) {
        let before = world.recorded(&waiting(world));
        let mut record = waiting(world);
        record.decided.decision = Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber };
        let after = again(world, before.mail, &record);
        assert_eq!((after.outcome, after.entry), (ImportOutcome::Unassigned, None));
        let why = world.store.mail(before.mail).unwrap().unwrap().summary.why;
        assert_eq!((why.as_deref(), world.rows("outbox")), (Some("unknown_number"), 1));
    }

    fn what_waits_to_be_told_says_why_the_mail_waits_now_and_what_is_in_hand_stays(world) {
        let why = |why: &str| {
            let mut record = waiting(world);
            record.notifications[0].facts.why = Some(why.to_owned());
            record
        };
        let before = world.recorded(&why("no_number"));
        let mut record = why("unknown_number");
        record.decided.decision = Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber };
        again(world, before.mail, &record);
        let queued = world.store.claim_notifications(later(60), later(120), &SendingPlaces::free(10)).unwrap();
        assert_eq!(queued[0].notification.facts.why.as_deref(), Some("unknown_number"));
        again(world, before.mail, &world.imported(1, "first", "2024-00123"));
        assert_eq!((queued.len(), world.rows("outbox")), (1, 2), "a sender has it in hand");
    }

    fn a_file_that_the_mail_still_brings_stays_the_same_file(world) {
        let bringing = |files: &[(&str, &str)]| {
            let mut record = world.imported(1, "first", "2024-00123");
            record.mail.attachments = files.iter().map(|(name, content)| file(name, content.as_bytes())).collect();
            record
        };
        let numbers = || ["a.pdf", "b.pdf", "c.pdf", "d.pdf"].map(|name| {
            world.number(&format!("select coalesce(max(id), 0) from files where name = '{name}'"))
        });
        let before = world.recorded(&bringing(&[("a.pdf", "a"), ("b.pdf", "b"), ("c.pdf", "c")]));
        let [a, b, c, _] = numbers();
        again(world, before.mail, &bringing(&[("d.pdf", "d"), ("c.pdf", "c"), ("b.pdf", "other"), ("a.pdf", "a")]));
        let [a_now, b_now, c_now, d_now] = numbers();
        assert_eq!((a_now, c_now, world.rows("files")), (a, c, 4));
        assert!(b_now > c && d_now > c && b_now != b, "another content is another file");
        let order = "select count(*) from files f join files g on f.position < g.position where f.name = 'd.pdf' and g.name <> 'd.pdf'";
        assert_eq!((world.number(order), world.number("select min(position) from files")), (3, 0), "in the mail's order");
        // Twice the same stays two files, and what waits keeps its files too.
        let waits = |files| MailRecord { decided: waiting(world).decided, notifications: Vec::new(), ..bringing(files) };
        let mut record = waits(&[("e.pdf", "e"), ("e.pdf", "e")]);
        record.mail.identity = mail("second").identity;
        let before = world.recorded(&record);
        let of_e = || ["min", "max"].map(|which| world.number(&format!("select {which}(id) from files where name = 'e.pdf'")));
        let first = of_e();
        again(world, before.mail, &record);
        assert_eq!((of_e(), world.rows("files")), (first, 6));
    }

    fn an_imported_mail_is_brought_up_to_date_and_nobody_is_told(world) {
        let before = world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut record = world.imported(1, "first", "2024-00123");
        "better read".clone_into(&mut record.mail.text);
        record.mail.attachments = vec![file("one.pdf", b"one"), file("two.pdf", b"two")];
        record.decided.decision =
            Decision::AddToHistory { application: world.application("2024-00123").id, sender: SenderMatch::Differs };
        record.notifications.push(to("karl@alpha.example", Occasion::Reply));
        let after = again(world, before.mail, &record);
        assert_eq!(after, before, "the same mail, outcome and entry");
        assert_eq!((world.rows("files"), world.rows("history_entries"), world.rows("outbox")), (2, 1, 1));
        assert_eq!(world.number("select count(*) from mail_contents where text = 'better read'"), 1);
        assert_eq!(world.number("select count(*) from history_entries where sender = 'differs'"), 1);
    }

    fn an_imported_mail_that_would_now_end_otherwise_stays_as_it_is(world) {
        let before = world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut elsewhere = world.imported(1, "first", "2024-00124");
        "must not be kept".clone_into(&mut elsewhere.mail.text);
        for record in [elsewhere, waiting(world)] {
            let again = world.store.record_again(before.mail, &record, later(60)).unwrap();
            assert_eq!((again.recorded, again.stays), (before, true));
        }
        assert_eq!(world.number("select count(*) from mail_contents where text = 'Anbei das Zeugnis. first'"), 1);
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (1, 1));
        assert_eq!(world.store.mail(before.mail).unwrap().unwrap().summary.processed_at, start());
    }

    fn a_mail_that_turns_out_to_be_automatic_loses_its_contents(world) {
        let before = world.recorded(&waiting(world));
        let kind = AutomaticKind::Receipt;
        let after = again(world, before.mail, &world.record(1, mail("first"), Decision::IgnoreAutomatic { kind }));
        assert_eq!(after.outcome, ImportOutcome::Automatic);
        assert_eq!((world.rows("mail_contents"), world.rows("files"), world.rows("pictures")), (0, 0, 0));
    }

    fn another_record_of_the_same_mail_makes_this_one_its_repeat(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut record = waiting(world);
        record.mail = mail("read differently by an older version");
        let second = world.recorded(&record);
        let after = again(world, second.mail, &world.imported(2, "first", "2024-00123"));
        assert_eq!((after.outcome, after.entry), (ImportOutcome::Repeated, None));
        assert_eq!(world.number("select repeat_of from mails where outcome = 'repeated'"), first.mail.0);
        assert_eq!(world.rows("history_entries"), 1);
    }

    fn a_repeat_stays_a_repeat_as_long_as_the_first_is_there(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let repeat = world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first.mail }));
        for record in [
            world.record(2, mail("first"), Decision::SkipRepeat { earlier: first.mail }),
            world.imported(2, "first", "2024-00123"),
        ] {
            assert_eq!(again(world, repeat.mail, &record).outcome, ImportOutcome::Repeated);
        }
        assert_eq!(world.rows("history_entries"), 1);
    }

    fn where_the_mail_lies_is_not_touched(world) {
        let before = world.recorded(&waiting(world));
        world.store.filed_away(&[crate::places::filed(before.mail, 5)], start()).unwrap();
        let mut record = world.imported(77, "first", "2024-00123");
        record.place = None;
        again(world, before.mail, &record);
        assert_eq!(world.store.mail_place(before.mail).unwrap().unwrap().uid, Some((99, 5)));
    }

    fn a_filed_mail_of_another_outcome_is_to_be_moved_on_until_it_was(world) {
        let before = world.recorded(&waiting(world));
        let as_waiting = FiledMail { outcome: before.outcome, ..crate::places::filed(before.mail, 5) };
        world.store.filed_away(&[as_waiting], start()).unwrap();
        let to_refile = || -> Vec<MailId> {
            world.store.to_refile(world.mailbox).unwrap().iter().map(|place| place.mail).collect()
        };
        again(world, before.mail, &waiting(world));
        assert_eq!(to_refile(), [], "it lies where it belongs");
        again(world, before.mail, &world.imported(1, "first", "2024-00123"));
        assert_eq!(to_refile(), [before.mail]);
        world.store.filed_away(&[crate::places::filed(before.mail, 6)], later(90)).unwrap();
        assert_eq!(to_refile(), []);
    }

    fn a_mail_still_in_the_inbox_is_filed_by_its_outcome_and_not_moved_on(world) {
        let before = world.recorded(&waiting(world));
        again(world, before.mail, &world.imported(1, "first", "2024-00123"));
        assert_eq!(world.store.to_refile(world.mailbox).unwrap(), []);
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded[0].outcome, ImportOutcome::Imported);
    }

    fn two_that_record_the_same_mail_again_at_once_make_one_entry(world) {
        let before = world.recorded(&waiting(world));
        let record = world.imported(1, "first", "2024-00123");
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| again(world, before.mail, &record));
            }
        });
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (1, 1));
    }

    fn a_mail_that_does_not_exist_is_missing(world) {
        let error = world.store.record_again(MailId(4711), &waiting(world), start()).unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
        assert_eq!(world.rows("mail_contents"), 0);
    }
}

fn waiting(world: &World) -> MailRecord {
    let mut record = world.record(1, mail("first"), Decision::KeepForAPerson { why: WhyUnassigned::NoNumber });
    record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
    record
}

fn again(world: &World, mail: MailId, record: &MailRecord) -> Recorded {
    let again = world.store.record_again(mail, record, later(60)).unwrap();
    assert!(!again.stays, "{again:?}");
    again.recorded
}
