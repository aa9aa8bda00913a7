//! A person decides about a mail while something else that was looked up before is recorded.

use crate::world::{World, later, mail, to};
use reply_import::application::Role;
use reply_import::application::id::{ApplicationId, MailId};
use reply_import::decision::{Decided, Decision, ImportOutcome, SenderMatch, WhyUnassigned};
use reply_import::notification::Occasion;
use reply_import::store::{AsSeen, By, MailRecord, StoreError, Viewer};

on_both! {
    fn what_a_person_assigned_while_it_was_processed_again_stays(world) {
        let first = world.recorded(&world.imported(2, "reply", "2024-00123"));
        let waits = world.recorded(&waiting(world)).mail;
        let seen = seen(world, waits);
        let application = world.application("2024-00123").id;
        let decision = Decision::AddForwarder { application, entry: first.entry.unwrap(), earlier: first.mail };
        let further = world.record(1, mail("first"), decision);
        world.store.record_assigned(waits, &further, By::CLI, later(1)).unwrap().unwrap();

        let again = MailRecord { seen: Some(seen), ..waiting(world) };
        let done = world.store.record_again(waits, &again, later(2)).unwrap();
        assert!(done.is_decided && done.recorded.outcome == ImportOutcome::Repeated, "{done:?}");
        assert_eq!(world.number("select count(*) from mails where outcome = 'repeated' and decided_by = 'person'"), 1);

        // Whoever names the mail afterwards has it processed all the same.
        let again = MailRecord { seen: Some(self::seen(world, waits)), ..waiting(world) };
        let done = world.store.record_again(waits, &again, later(3)).unwrap();
        assert!(!done.is_decided && done.recorded.outcome == ImportOutcome::Unassigned, "{done:?}");
    }

    fn what_a_person_discarded_while_it_was_processed_again_is_not_imported(world) {
        let waits = world.recorded(&waiting(world)).mail;
        let seen = seen(world, waits);
        world.store.discard(ruth(world), waits, later(1)).unwrap();
        let again = MailRecord { seen: Some(seen), ..world.imported(1, "first", "2024-00123") };
        let done = world.store.record_again(waits, &again, later(2)).unwrap();
        assert!(done.is_decided && done.recorded.entry.is_none(), "{done:?}");
        assert_eq!(self::seen(world, waits).discarded_at, Some(later(1)));
        assert_eq!(world.rows("history_entries"), 0);

        let again = MailRecord { seen: Some(self::seen(world, waits)), ..world.imported(1, "first", "2024-00123") };
        assert!(world.store.record_again(waits, &again, later(3)).unwrap().recorded.entry.is_some(), "it was named");
    }

    fn what_was_looked_up_before_a_mail_was_processed_again_is_not_assigned(world) {
        let waits = world.recorded(&waiting(world)).mail;
        let before = seen(world, waits);
        assert_eq!(world.store.kept_mail(waits).unwrap().unwrap().seen, before);
        world.store.record_again(waits, &waiting(world), later(1)).unwrap();
        let assign = |seen| {
            let record = MailRecord { seen: Some(seen), ..world.imported(1, "first", "2024-00123") };
            world.store.record_assigned(waits, &record, By::CLI, later(2))
        };
        let error = assign(before).unwrap_err();
        assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
        assert_eq!((world.rows("history_entries"), seen(world, waits).processed_at), (0, later(1)));
        assert!(assign(seen(world, waits)).unwrap().unwrap().entry.is_some());
    }

    fn a_mail_is_not_assigned_to_an_application_that_was_blocked_or_erased_meanwhile(world) {
        let waits = world.recorded(&waiting(world)).mail;
        let assign = |record: &MailRecord, by| world.store.record_assigned(waits, record, by, later(1));
        let is_overtaken = |record: &MailRecord, by| {
            let error = assign(record, by).unwrap_err();
            assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
            assert_eq!(world.rows("history_entries"), 0);
            assert_eq!(world.number("select count(*) from outbox where occasion = 'waiting'"), 1, "it still waits");
        };
        let mut gone = world.imported(1, "first", "2024-00123");
        let decision = Decision::AddToHistory { application: ApplicationId(4711), sender: SenderMatch::Matches };
        gone.decided = Decided { decision, ..gone.decided };
        is_overtaken(&gone, By::CLI);
        is_overtaken(&gone, By::viewer(ruth(world)));

        let record = world.imported(1, "first", "2024-00123");
        is_overtaken(&record, By::viewer(Viewer { tenant: world.beta, ..ruth(world) }));
        world.sql("update applications set blocked_since = created_at where number = '2024-00123'").unwrap();
        is_overtaken(&record, By::viewer(ruth(world)));
        assert!(assign(&record, By::CLI).unwrap().is_some(), "the command line says what is blocked");
    }
}

fn waiting(world: &World) -> MailRecord {
    let mut record = world.record(1, mail("first"), Decision::KeepForAPerson { why: WhyUnassigned::NoNumber });
    record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
    record
}

fn seen(world: &World, mail: MailId) -> AsSeen {
    world.store.mail_place(mail).unwrap().unwrap().seen
}

fn ruth(world: &World) -> Viewer {
    Viewer { user: world.ruth(), tenant: world.alpha, role: Role::Personalmanager }
}
