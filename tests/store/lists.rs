//! The list of mails, one mail's record, the status.

use crate::world::{World, address, later, mail, start, to};
use reply_import::application::DocumentKind;
use reply_import::application::id::MailId;
use reply_import::decision::{DecidedBy, Decision, ImportOutcome, SenderMatch, WhyUnassigned};
use reply_import::notification::Occasion;
use reply_import::store::{LeftInInbox, MailFilter, RoundNote};

on_both! {
    fn the_list_gives_the_newest_first_with_what_came_of_each(world) {
        let imported = world.recorded(&world.imported(1, "first", "2024-00124"));
        let waiting = world.recorded(&world.record(2, mail("second"), NO_NUMBER));
        let list = world.store.mails(&MailFilter::default()).unwrap();
        assert_eq!(list.iter().map(|mail| mail.id).collect::<Vec<_>>(), [waiting.mail, imported.mail]);
        assert_eq!((list[0].outcome, list[0].why.as_deref()), (ImportOutcome::Unassigned, Some("no_number")));
        assert_eq!((list[0].reference.as_deref(), list[0].application), (Some("2024-00123"), None), "as claimed");
        assert_eq!(list[1].reference.as_deref(), Some("2024-00124"), "the application's own number");
        assert_eq!(list[1].application, Some(world.application("2024-00124").id));
        assert_eq!((list[1].mailbox.as_str(), list[1].folder.as_deref()), ("import@alpha.example", Some("INBOX")));
    }

    fn the_list_can_be_narrowed_down(world) {
        let other = world.store.ensure_mailbox(world.alpha, &address("b@alpha.example"), start()).unwrap();
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut elsewhere = world.record(2, mail("second"), NO_NUMBER);
        elsewhere.mailbox = other;
        let second = world.store.record(&[elsewhere], later(60)).unwrap()[0].mail;
        let listed = |filter: MailFilter| -> Vec<MailId> {
            world.store.mails(&filter).unwrap().into_iter().map(|mail| mail.id).collect()
        };
        let only_second = [second];
        assert_eq!(listed(MailFilter { outcome: Some(ImportOutcome::Unassigned), ..MailFilter::default() }), only_second);
        assert_eq!(listed(MailFilter { since: Some(later(60)), ..MailFilter::default() }), only_second);
        assert_eq!(listed(MailFilter { limit: Some(1), ..MailFilter::default() }), only_second);
        assert_eq!(listed(MailFilter::default()).len(), 2);
        let by_service = [(second, DecidedBy::Service)];
        let with = |outcome, since| world.store.mails_with(outcome, since).unwrap();
        assert_eq!(with(ImportOutcome::Unassigned, None), by_service);
        assert_eq!(with(ImportOutcome::Unassigned, Some(later(60))), by_service);
        assert_eq!(with(ImportOutcome::Unassigned, Some(later(61))), []);
        assert_eq!(with(ImportOutcome::SetAside, None), []);
    }

    fn one_mails_record_shows_every_check_every_file_and_who_was_told(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        let detail = world.store.mail(recorded.mail).unwrap().unwrap();
        assert_eq!((detail.tenant.as_str(), detail.size, detail.took_ms), ("alpha", 4321, 12));
        assert_eq!((detail.entry, detail.sender), (recorded.entry, Some(SenderMatch::Matches)));
        assert_eq!((detail.uid_validity, detail.uid, detail.filed_at), (Some(7), Some(1), None));
        assert_eq!(detail.checks.len(), 1);
        assert_eq!(detail.subject.as_deref(), Some("2024-00123 Meine Zeugnisse"));
        let [file] = detail.files.as_slice() else { panic!("{:?}", detail.files) };
        assert_eq!((file.kind, file.kind_rule.as_str()), (DocumentKind::Certificate, "the word `Zeugnis`"));
        assert_eq!((file.name.as_str(), file.size), ("Zeugnis first.pdf", 10));
        let [told] = detail.notifications.as_slice() else { panic!("{:?}", detail.notifications) };
        assert_eq!((told.occasion.as_str(), told.state.as_str(), told.attempts), ("reply", "pending", 0));
    }

    fn a_mail_without_contents_and_one_that_does_not_exist_are_shown_as_such(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let repeat = world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first }));
        let detail = world.store.mail(repeat.mail).unwrap().unwrap();
        assert_eq!((detail.repeat_of, detail.subject, detail.files.len()), (Some(first), None, 0));
        assert_eq!(world.store.mail(MailId(4711)).unwrap(), None);
    }

    fn the_json_of_lists_has_the_fields_that_programs_read(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        let list = serde_json::to_value(world.store.mails(&MailFilter::default()).unwrap()).unwrap();
        for field in
            ["id", "mailbox", "outcome", "why", "reference", "application", "folder", "received_at", "processed_at"]
        {
            assert!(list[0].get(field).is_some(), "{field}");
        }
        let detail = serde_json::to_value(world.store.mail(recorded.mail).unwrap()).unwrap();
        assert_eq!(detail["outcome"], "imported");
        assert_eq!(detail["files"][0]["kind"], "certificate");
        let status = serde_json::to_value(world.store.status().unwrap()).unwrap();
        assert_eq!(status["outcomes"]["imported"], 1);
        assert_eq!(status["outcomes"]["set_aside"], 0);
        assert_eq!(status["outbox"]["pending"], 1);
        assert_eq!(status["mailboxes"][0]["address"], "import@alpha.example");
    }

    fn the_status_shows_the_last_round_and_the_last_good_one(world) {
        let status = || world.store.status().unwrap().mailboxes.remove(0);
        assert_eq!((status().last_round, status().ok), (None, false));
        world.store.round_finished(world.mailbox, &note(10, None)).unwrap();
        assert_eq!((status().last_round, status().ok, status().waiting, status().stranded), (Some(later(10)), true, 3, 1));
        world.store.round_finished(world.mailbox, &RoundNote { left: None, ..note(20, Some("login refused")) }).unwrap();
        assert_eq!((status().waiting, status().stranded), (3, 1), "as far as is known");
        assert_eq!((status().last_round, status().last_good_round), (Some(later(20)), Some(later(10))));
        assert_eq!((status().ok, status().error.as_deref()), (false, Some("login refused")));
        world.store.round_finished(world.mailbox, &note(30, None)).unwrap();
        assert_eq!((status().ok, status().error, status().last_good_round), (true, None, Some(later(30))));
    }

    fn a_first_round_may_fail(world) {
        world.store.round_finished(world.mailbox, &note(10, Some("refused"))).unwrap();
        let status = world.store.status().unwrap().mailboxes.remove(0);
        assert_eq!((status.last_round, status.last_good_round), (Some(later(10)), None));
    }

    fn the_status_counts_every_outcome_and_the_outbox(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first.mail }));
        let mut waiting = world.record(3, mail("third"), NO_NUMBER);
        waiting.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        world.recorded(&waiting);
        let status = world.store.status().unwrap();
        let counts: Vec<_> = status.outcomes.into_iter().collect();
        assert_eq!(counts, [
            (ImportOutcome::Imported, 1),
            (ImportOutcome::Unassigned, 1),
            (ImportOutcome::Repeated, 1),
            (ImportOutcome::Automatic, 0),
            (ImportOutcome::SetAside, 0),
        ]);
        assert_eq!(status.outbox.pending, 2);
    }

    fn tenants_and_mailboxes_are_made_once(world) {
        assert_eq!(world.store.ensure_tenant("alpha", later(9)).unwrap(), world.alpha);
        let address = address("import@alpha.example");
        assert_eq!(world.store.ensure_mailbox(world.alpha, &address, later(9)).unwrap(), world.mailbox);
        assert_eq!((world.rows("tenants"), world.rows("mailboxes")), (2, 1));
        assert!(world.store.ensure_mailbox(world.beta, &address, later(9)).is_err(), "it is another tenant's");
    }
}

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

fn note(seconds: i64, error: Option<&str>) -> RoundNote {
    RoundNote {
        at: later(seconds),
        error: error.map(str::to_owned),
        left: Some(LeftInInbox { waiting: 3, stranded: 1 }),
        login_ends_at: None,
    }
}
