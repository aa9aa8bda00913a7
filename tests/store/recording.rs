//! Recording a batch: all of it or nothing, each mail once, with everything that belongs to it.

use crate::world::{World, file, later, mail, start, to};
use reply_import::decision::{Decision, ImportOutcome, SenderMatch, WhySetAside, WhyUnassigned};
use reply_import::mail::AutomaticKind;
use reply_import::notification::Occasion;
use reply_import::store::StoreError;
use std::time::Duration;

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

on_both! {
    fn an_imported_mail_makes_an_entry_with_its_files_and_notifications(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!(recorded.outcome, ImportOutcome::Imported);
        assert!(recorded.entry.is_some());
        for (table, rows) in [
            ("mails", 1), ("history_entries", 1), ("mail_contents", 1), ("files", 1), ("pictures", 1), ("blobs", 2), ("outbox", 1),
        ] {
            assert_eq!(world.rows(table), rows, "{table}");
        }
        let said = "select count(*) from mail_contents where text = 'Anbei das Zeugnis. first' and note = 'Bitte ablegen' \
                    and subject_rest = 'Meine Zeugnisse' and original_from_address = 'erika@example.org' \
                    and html is not null and original_date is not null";
        assert_eq!(world.number(said), 1);
    }

    fn a_mail_that_waits_for_a_person_keeps_what_the_person_needs(world) {
        let mut record = world.record(1, mail("first"), NO_NUMBER);
        record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        let recorded = world.recorded(&record);
        assert_eq!((recorded.outcome, recorded.entry), (ImportOutcome::Unassigned, None));
        for (table, rows) in [("history_entries", 0), ("mail_contents", 1), ("files", 1), ("pictures", 1), ("outbox", 1)] {
            assert_eq!(world.rows(table), rows, "{table}");
        }
    }

    fn a_mail_set_aside_keeps_what_could_be_read_of_it(world) {
        let why = WhySetAside::FailedTooOften { attempts: 5 };
        world.recorded(&world.record(1, mail("first"), Decision::SetAside { why }));
        assert_eq!((world.rows("mail_contents"), world.rows("files")), (1, 1));
        assert_eq!(world.number("select count(*) from mails where why = 'failed_too_often'"), 1);
    }

    fn an_automatic_mail_keeps_no_contents(world) {
        let kind = AutomaticKind::AutomaticAnswer;
        let recorded = world.recorded(&world.record(1, mail("first"), Decision::IgnoreAutomatic { kind }));
        assert_eq!(recorded.outcome, ImportOutcome::Automatic);
        for table in ["mail_contents", "files", "pictures", "blobs", "history_entries", "outbox"] {
            assert_eq!(world.rows(table), 0, "{table}");
        }
    }

    fn a_known_repeat_names_the_first_and_keeps_no_contents(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let repeat = world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first.mail }));
        assert_eq!((repeat.outcome, repeat.entry), (ImportOutcome::Repeated, None));
        assert_eq!(world.number("select repeat_of from mails where outcome = 'repeated'"), first.mail.0);
        assert_eq!((world.rows("mail_contents"), world.rows("history_entries"), world.rows("outbox")), (1, 1, 1));
    }

    fn a_mail_that_another_worker_recorded_first_becomes_a_repeat(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let raced = world.store.record(
            &[world.imported(2, "first", "2024-00124"), world.imported(3, "second", "2024-00124")],
            start(),
        );
        let raced = raced.unwrap();
        assert_eq!((raced[0].outcome, raced[0].entry), (ImportOutcome::Repeated, None));
        assert_eq!(raced[1].outcome, ImportOutcome::Imported, "the rest of the batch is not touched by it");
        assert_eq!(world.number("select repeat_of from mails where outcome = 'repeated'"), first.mail.0);
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (2, 2));
        let told = "select count(*) from mails where outcome = 'repeated' and checks like '%at the same time%'";
        assert_eq!(world.number(told), 1, "the decision record says why");
    }

    fn two_copies_in_one_batch_make_one_entry(world) {
        let batch = [
            world.imported(1, "first", "2024-00123"),
            world.imported(2, "second", "2024-00123"),
            world.imported(3, "first", "2024-00123"),
        ];
        let recorded = world.store.record(&batch, start()).unwrap();
        let outcomes: Vec<_> = recorded.iter().map(|mail| mail.outcome).collect();
        assert_eq!(outcomes, [ImportOutcome::Imported, ImportOutcome::Imported, ImportOutcome::Repeated]);
        assert_eq!(world.number("select repeat_of from mails where repeat_of is not null"), recorded[0].mail.0);
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (2, 2));
    }

    fn two_workers_with_the_same_mails_make_each_entry_once(world) {
        let batch: Vec<_> = (1..=20).map(|uid| world.imported(uid, &format!("mail {uid}"), "2024-00123")).collect();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| world.store.record(&batch, start()).unwrap());
            }
        });
        assert_eq!((world.rows("mails"), world.rows("history_entries"), world.rows("outbox")), (40, 20, 20));
        assert_eq!(world.number("select count(*) from mails where outcome = 'repeated'"), 20);
    }

    fn the_same_mail_of_another_tenant_is_no_repeat(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut theirs = world.record(1, mail("first"), NO_NUMBER);
        theirs.tenant = world.beta;
        theirs.forwarder = None;
        theirs.mailbox = world
            .store
            .ensure_mailbox(world.beta, &crate::world::address("import@beta.example"), start())
            .unwrap();
        assert_eq!(world.recorded(&theirs).outcome, ImportOutcome::Unassigned);
    }

    fn the_same_content_is_stored_once(world) {
        let mut first = world.imported(1, "first", "2024-00123");
        let mut second = world.imported(2, "second", "2024-00123");
        first.mail.attachments = vec![file("a.pdf", b"same"), file("b.pdf", b"same")];
        second.mail.attachments = vec![file("c.pdf", b"same")];
        world.recorded(&first);
        world.recorded(&second);
        assert_eq!(world.rows("files"), 3);
        let same = "select count(*) from blobs where size = 4";
        assert_eq!(world.number(same), 1);
    }

    fn an_empty_file_and_a_large_one_are_kept_whole(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        let large = vec![0xa5; 9 * 1024 * 1024];
        record.mail.attachments = vec![file("empty.pdf", b""), file("large.pdf", &large)];
        world.recorded(&record);
        assert_eq!(world.number("select max(length(content)) from blobs"), 9 * 1024 * 1024);
        assert_eq!(world.number("select min(length(content)) from blobs"), 0);
    }

    fn a_batch_with_one_bad_mail_leaves_nothing_behind(world) {
        let good = world.imported(1, "good", "2024-00123");
        let mut bad = world.imported(2, "bad", "2024-00123");
        bad.forwarder = Some(reply_import::application::id::UserId(999_999));
        let error = world.store.record(&[good.clone(), bad], start()).unwrap_err();
        assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
        for table in ["mails", "mail_contents", "files", "blobs", "history_entries", "outbox"] {
            assert_eq!(world.rows(table), 0, "{table}");
        }
        assert_eq!(world.recorded(&good).outcome, ImportOutcome::Imported, "the good one alone is recorded");
    }

    fn an_entry_cannot_stand_with_another_tenants_application(world) {
        let foreign = world.known(world.beta, Some("2024-00777"), None).application.unwrap().id;
        let decision = Decision::AddToHistory { application: foreign, sender: SenderMatch::Unknown };
        let error = world.store.record(&[world.record(1, mail("first"), decision)], start()).unwrap_err();
        assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
        assert_eq!(world.rows("mails"), 0);
    }

    fn texts_that_a_database_cannot_hold_are_made_fit(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        record.mail.text.push('\0');
        record.mail.subject.whole.push('\0');
        record.mail.html = Some("<p>\0</p>".to_owned());
        record.mail.attachments[0].name.push('\0');
        record.mail.identity.message_id = Some(format!("{}@example.org", "x".repeat(9000)));
        record.mail.original.as_mut().unwrap().date = Some(chrono::DateTime::<chrono::FixedOffset>::MIN_UTC.fixed_offset());
        record.mail.sent_at = Some(chrono::DateTime::<chrono::Utc>::MAX_UTC.fixed_offset());
        record.took = Duration::MAX;
        record.size = u64::MAX;
        assert_eq!(world.recorded(&record).outcome, ImportOutcome::Imported);
        assert_eq!(world.number("select count(*) from mail_contents where sent_at is null and original_date is null"), 1);
    }

    fn a_batch_of_many_mails_and_many_files_is_recorded(world) {
        let mut batch: Vec<_> =
            (1..=150).map(|uid| world.imported(uid, &format!("mail {uid}"), "2024-00123")).collect();
        batch[7].mail.attachments = (0..2500).map(|n| file(&format!("{n}.pdf"), format!("{n}").as_bytes())).collect();
        let recorded = world.store.record(&batch, start()).unwrap();
        assert_eq!(recorded.len(), 150);
        assert_eq!((world.rows("mails"), world.rows("files")), (150, 149 + 2500));
        assert!(recorded.windows(2).all(|pair| pair[0].mail < pair[1].mail), "in the order of the batch");
    }

    fn an_empty_batch_is_no_error(world) {
        assert!(world.store.record(&[], start()).unwrap().is_empty());
    }

    fn the_key_of_a_notification_is_the_same_for_the_same_mail_occasion_and_person(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        record.notifications = vec![
            to("ruth@alpha.example", Occasion::Reply),
            to("ruth@alpha.example", Occasion::Reply),
            to("karl@alpha.example", Occasion::Reply),
            to("ruth@alpha.example", Occasion::Waiting),
        ];
        world.recorded(&record);
        assert_eq!(world.rows("outbox"), 3, "the same person is told of the same thing once");
        assert_eq!(world.number("select count(*) from outbox where length(message_key) = 32"), 3);
    }

    fn every_recorded_mail_stands_in_the_audit(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        let sql = format!(
            "select count(*) from audit where what = 'mail_recorded' and mail_id = {} and entry_id = {} \
             and outcome = 'imported' and user_id = {}",
            recorded.mail, recorded.entry.unwrap(), world.ruth()
        );
        assert_eq!(world.number(&sql), 1);
    }

    fn a_mail_from_a_file_has_no_place(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        record.place = None;
        let recorded = world.recorded(&record);
        let place = world.store.mail_place(recorded.mail).unwrap().unwrap();
        assert_eq!((place.folder, place.uid), (None, None));
    }

    fn times_are_kept_to_the_microsecond(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        record.received_at = start() + chrono::TimeDelta::nanoseconds(123_456_789);
        let recorded = world.recorded(&record);
        let detail = world.store.mail(recorded.mail).unwrap().unwrap();
        assert_eq!(detail.summary.received_at, start() + chrono::TimeDelta::microseconds(123_456));
        assert!(detail.summary.received_at < later(1));
    }
}
