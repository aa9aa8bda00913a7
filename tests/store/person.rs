//! Recording what a person decided.

use crate::world::{World, later, mail, start, to};
use reply_import::application::id::MailId;
use reply_import::decision::{DecidedBy, Decision, ImportOutcome, SenderMatch, WhyUnassigned};
use reply_import::mail::AutomaticKind;
use reply_import::notification::Occasion;
use reply_import::store::{By, MailRecord, SendingPlaces, StoreError, TakenBack};

on_both! {
    fn an_assigned_mail_has_its_entry_and_notifications_and_keeps_its_contents(world) {
        let before = world.recorded(&waiting(world));
        let after = world.store.record_assigned(before.mail, &assigned(world), By::CLI, later(60)).unwrap().unwrap();
        assert_eq!((after.mail, after.outcome, after.entry.is_some()), (before.mail, ImportOutcome::Imported, true));
        for (table, rows) in [("history_entries", 1), ("mail_contents", 1), ("files", 1), ("pictures", 1)] {
            assert_eq!(world.rows(table), rows, "{table}");
        }
        assert_eq!(world.number("select count(*) from outbox where occasion = 'reply'"), 1);
        assert_eq!(world.rows("outbox"), 1, "that it waits is told to nobody any more");
        let detail = world.store.mail(before.mail).unwrap().unwrap();
        assert_eq!((detail.decided_by, detail.summary.processed_at), (DecidedBy::Person, later(60)));
        assert_eq!(world.number("select count(*) from audit where what = 'mail_assigned' and entry_id is not null"), 1);
        assert_eq!(
            world.store.mails_with(ImportOutcome::Imported, None).unwrap(),
            [(before.mail, DecidedBy::Person)]
        );
    }

    fn only_a_mail_that_waits_is_assigned(world) {
        let imported = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let kind = AutomaticKind::Receipt;
        let robot = world.recorded(&world.record(2, mail("second"), Decision::IgnoreAutomatic { kind })).mail;
        for mail in [imported, robot] {
            assert_eq!(world.store.record_assigned(mail, &assigned(world), By::CLI, later(60)).unwrap(), None);
        }
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (1, 1));
        let error = world.store.record_assigned(MailId(4711), &assigned(world), By::CLI, start()).unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
    }

    fn two_people_who_assign_at_once_make_one_entry(world) {
        let mail = world.recorded(&waiting(world)).mail;
        let record = assigned(world);
        let done: Vec<bool> = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| world.store.record_assigned(mail, &record, By::CLI, later(60))));
            both.into_iter().map(|thread| thread.join().unwrap().unwrap().is_some()).collect()
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
        assert_eq!(world.rows("history_entries"), 1);
    }

    fn an_entry_taken_back_leaves_what_was_sent_and_withdraws_the_rest(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        for address in ["karl@alpha.example", "in-hand@alpha.example"] {
            record.notifications.push(to(address, Occasion::Reply));
        }
        let mail = world.recorded(&record).mail;
        let claimed = world.store.claim_notifications(start(), later(30), &SendingPlaces::free(1)).unwrap();
        world.sent(claimed[0].id, later(1));
        world.store.claim_notifications(start(), later(300), &SendingPlaces::free(1)).unwrap();
        let taken_back = world.store.revert(mail, &[], later(60)).unwrap().unwrap();
        let expected = TakenBack {
            told: vec!["ruth@alpha.example".to_owned()],
            in_hand: vec!["karl@alpha.example".to_owned()],
            withdrawn: 1,
        };
        assert_eq!((taken_back, world.rows("history_entries")), (expected, 0));
        assert_eq!(world.number("select count(*) from outbox where entry_id is null"), 2);
        let detail = world.store.mail(mail).unwrap().unwrap();
        assert_eq!((detail.summary.outcome, detail.summary.why.as_deref()), (ImportOutcome::Unassigned, Some("reverted")));
        assert_eq!((detail.decided_by, detail.entry, detail.files.len()), (DecidedBy::Person, None, 1));
        assert_eq!(world.number("select count(*) from audit where what = 'mail_reverted' and entry_id is not null"), 1);
        assert_eq!(world.store.revert(mail, &[], later(61)).unwrap(), None);
    }

    fn a_mail_taken_back_and_assigned_elsewhere_is_told_of_again(world) {
        let mail = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let claimed = world.store.claim_notifications(start(), later(30), &SendingPlaces::free(9)).unwrap();
        world.sent(claimed[0].id, later(1));
        world.store.revert(mail, &[], later(60)).unwrap().unwrap();
        let record = world.imported(1, "first", "2024-00124");
        world.store.record_assigned(mail, &record, By::CLI, later(90)).unwrap().unwrap();
        let pending = world.store.claim_notifications(later(90), later(300), &SendingPlaces::free(9)).unwrap();
        assert_eq!(pending.len(), 1);
        assert_ne!(pending[0].message_key, claimed[0].message_key);
    }

    fn a_filed_mail_is_to_be_moved_on(world) {
        let mail = world.recorded(&waiting(world)).mail;
        world.store.filed_away(&[crate::places::filed(mail, 5)], start()).unwrap();
        world.store.record_assigned(mail, &assigned(world), By::CLI, later(60)).unwrap().unwrap();
        let to_refile = world.store.to_refile(world.mailbox).unwrap();
        assert_eq!((to_refile[0].mail, to_refile[0].outcome), (mail, ImportOutcome::Imported));
        world.store.give_up_refiling(mail).unwrap();
        assert_eq!(world.store.to_refile(world.mailbox).unwrap(), []);
    }

    fn what_is_kept_of_a_mail_is_read_back(world) {
        let recorded = world.recorded(&waiting(world)).mail;
        let kept = world.store.kept_mail(recorded).unwrap().unwrap();
        let (kept, was) = (kept.contents.unwrap(), mail("first"));
        assert_eq!((&kept.identity, &kept.subject, &kept.forwarder), (&was.identity, &was.subject, &was.forwarder));
        assert_eq!((&kept.text, &kept.html, &kept.note), (&was.text, &was.html, &was.note));
        let (original, wanted) = (kept.original.unwrap(), was.original.unwrap());
        assert_eq!((&original.from_address, original.date), (&wanted.from_address, wanted.date));
        assert_eq!((kept.attachments[0].kind, &kept.attachments[0].sha256), (was.attachments[0].kind, &was.attachments[0].sha256));
        assert!(world.store.kept_mail(MailId(4711)).unwrap().is_none());
    }
}

fn waiting(world: &World) -> MailRecord {
    let mut record = world.record(1, mail("first"), Decision::KeepForAPerson { why: WhyUnassigned::NoNumber });
    record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
    record
}

fn assigned(world: &World) -> MailRecord {
    let application = world.application("2024-00123").id;
    let decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
    let mut record = world.record(1, mail("first"), decision);
    record.notifications = vec![to("ruth@alpha.example", Occasion::Reply)];
    record
}
