//! What a person discards in the Eingang: it waits no longer, can be taken back, and is told of to nobody meanwhile.

use crate::waiting::{assigned, recorded, ruth, waiting};
use crate::world::{World, address, later, mail, to};
use reply_import::application::Language;
use reply_import::application::id::MailId;
use reply_import::decision::{DecidedBy, Decision, ImportOutcome, WhyUnassigned};
use reply_import::notification::{Facts, Occasion};
use reply_import::store::{
    About, AuditFilter, By, Deciding, MailFilter, MailRecord, OfficeDigest, SendingPlaces, WaitingState,
};

on_both! {
    fn what_is_discarded_waits_no_longer_and_can_be_taken_back(world) {
        let mut record = waiting(world, 1);
        record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        let waits = world.recorded(&record).mail;
        assert_eq!(world.store.discard(ruth(world), waits, later(60)).unwrap(), Deciding::Done);
        assert_eq!(world.rows("outbox"), 0, "the office need not be told any more");
        let listed = |state| world.store.waiting_mails(ruth(world), state, 1).unwrap().lines;
        assert_eq!(listed(WaitingState::Open), []);
        let done = listed(WaitingState::Discarded)[0].discarded.clone().unwrap();
        assert_eq!((done.at, done.by.as_deref()), (later(60), Some("Ruth Muster")));
        let shown = world.store.mail(waits).unwrap().unwrap();
        assert_eq!((shown.summary.discarded_at, shown.discarded_by), (Some(later(60)), Some(world.ruth())));
        assert_eq!(shown.summary.outcome, ImportOutcome::Unassigned);
        assert_eq!(world.store.mails(&MailFilter::default()).unwrap()[0].discarded_at, Some(later(60)));
        assert_eq!(world.rows("mail_contents"), 1);
        assert_eq!(world.store.discard(ruth(world), waits, later(61)).unwrap(), Deciding::Meanwhile);
        assert_eq!(
            world.store.mails_with(ImportOutcome::Unassigned, None).unwrap(),
            [(waits, DecidedBy::Person)],
            "a run over all mails leaves it alone"
        );

        assert_eq!(world.store.take_back(ruth(world), waits, &[], later(90)).unwrap(), Deciding::Done);
        assert_eq!(world.store.take_back(ruth(world), waits, &[], later(91)).unwrap(), Deciding::Meanwhile);
        assert_eq!((listed(WaitingState::Open).len(), listed(WaitingState::Discarded).len()), (1, 0));
        let aged = |before| {
            let asked = (MailId(0), 10, true);
            world.store.mails_of_no_application(world.alpha, ImportOutcome::Unassigned, before, asked).unwrap().mails
        };
        assert_eq!((aged(later(89)), aged(later(90))), (vec![], vec![(waits, later(90))]), "it waits since then");
        let deeds = world.store.audit(&AuditFilter { mail: Some(waits), ..AuditFilter::default() }).unwrap();
        let of_person: Vec<_> =
            deeds.iter().filter(|deed| deed.who == "web").map(|deed| (deed.what.as_str(), deed.user)).collect();
        assert_eq!(of_person, [("mail_discarded", Some(world.ruth())), ("mail_taken_back", Some(world.ruth()))]);
    }

    fn the_office_is_told_once_of_a_mail_that_was_discarded_by_mistake(world) {
        let notice = || vec![to("office@alpha.example", Occasion::Waiting)];
        let unsent = MailRecord { notifications: notice(), ..waiting(world, 1) };
        let unsent = world.recorded(&unsent).mail;
        world.store.discard(ruth(world), unsent, later(1)).unwrap();
        world.store.take_back(ruth(world), unsent, &notice(), later(2)).unwrap();
        let claimed = world.store.claim_notifications(later(3), later(60), &SendingPlaces::free(9)).unwrap();
        assert_eq!(claimed.iter().map(|told| told.mail).collect::<Vec<_>>(), [Some(unsent)], "nobody was told before");
        world.sent(claimed[0].id, later(4));

        world.store.discard(ruth(world), unsent, later(5)).unwrap();
        world.store.take_back(ruth(world), unsent, &notice(), later(6)).unwrap();
        assert_eq!(world.store.claim_notifications(later(7), later(60), &SendingPlaces::free(9)).unwrap().len(), 0);
        assert_eq!(world.number("select count(*) from outbox where state = 'sent'"), 1);
    }

    fn what_is_discarded_is_in_no_digest(world) {
        let waits = recorded(world, 1);
        let office = [address("office@alpha.example")];
        let facts = Facts::default();
        let about = About::WhatWaits(later(600));
        let digest = |name| OfficeDigest {
            tenant: world.alpha, name, office: &office, language: Language::De, facts: &facts, about,
        };
        world.store.discard(ruth(world), waits, later(1)).unwrap();
        assert_eq!(world.store.write_digest(&digest("first"), later(2)).unwrap(), 0);
        let other = recorded(world, 2);
        assert_eq!(world.store.write_digest(&digest("second"), later(3)).unwrap(), 1);
        let claimed = world.store.claim_notifications(later(4), later(60), &SendingPlaces::free(9)).unwrap();
        let told = claimed.iter().find_map(|queued| queued.waiting.as_ref()).unwrap();
        assert_eq!((told.total(), told.lines.len(), told.lines[0].mail), (1, 1, other));
    }

    fn a_discarded_mail_is_assigned_in_the_browser_only_once_it_waits_again(world) {
        let waits = recorded(world, 1);
        let assign = |by, at| world.store.record_assigned(waits, &assigned(world), by, later(at)).unwrap();
        world.store.discard(ruth(world), waits, later(1)).unwrap();
        assert_eq!(assign(By::viewer(ruth(world)), 2), None, "whoever does not know that it was discarded");
        assert_eq!(world.store.may_be_decided(ruth(world), waits).unwrap(), Deciding::Meanwhile);
        assert_eq!(world.store.mail(waits).unwrap().unwrap().summary.discarded_at, Some(later(1)));
        world.store.take_back(ruth(world), waits, &[], later(2)).unwrap();
        assert_eq!(world.store.may_be_decided(ruth(world), waits).unwrap(), Deciding::Done);
        let recorded = assign(By::viewer(ruth(world)), 2);
        assert!(recorded.unwrap().entry.is_some());
        assert_eq!(world.store.mail(waits).unwrap().unwrap().summary.discarded_at, None);
        let deeds = world.store.audit(&AuditFilter { mail: Some(waits), ..AuditFilter::default() }).unwrap();
        let deed = deeds.iter().find(|deed| deed.what == "mail_assigned").unwrap();
        assert_eq!((deed.who.as_str(), deed.user), ("web", Some(world.ruth())));
        assert_eq!(world.store.discard(ruth(world), waits, later(3)).unwrap(), Deciding::Meanwhile);
        assert_eq!(world.store.entry_of_mail(ruth(world), waits).unwrap(), recorded.unwrap().entry);
        world.sql("update applications set blocked_since = created_at").unwrap();
        assert_eq!(world.store.discard(ruth(world), waits, later(4)).unwrap(), Deciding::NotThere, "what is blocked");
        assert_eq!(world.store.entry_of_mail(ruth(world), waits).unwrap(), None);
    }

    fn a_discarded_mail_can_be_assigned_at_the_command_line_and_then_is_discarded_no_longer(world) {
        let waits = recorded(world, 1);
        world.store.discard(ruth(world), waits, later(1)).unwrap();
        let recorded = world.store.record_assigned(waits, &assigned(world), By::CLI, later(2)).unwrap();
        assert!(recorded.unwrap().entry.is_some());
        assert_eq!(world.store.mail(waits).unwrap().unwrap().summary.discarded_at, None);
    }

    fn a_discarded_mail_that_is_processed_again_stays_so_while_it_would_wait(world) {
        let mut record = waiting(world, 1);
        record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        let waits = world.recorded(&record).mail;
        world.store.discard(ruth(world), waits, later(1)).unwrap();
        world.store.record_again(waits, &record, later(2)).unwrap();
        assert_eq!(world.store.mail(waits).unwrap().unwrap().summary.discarded_at, Some(later(1)));
        assert_eq!(world.rows("outbox"), 0, "nobody is told that it waits");
        let mut other = world.record(1, mail("first"), Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber });
        let mut answer = to("ruth@alpha.example", Occasion::NotImported);
        answer.facts.why = Some("unknown_number".to_owned());
        other.notifications = vec![to("office@alpha.example", Occasion::Waiting), answer];
        world.store.record_again(waits, &other, later(2)).unwrap();
        assert_eq!(world.store.mail(waits).unwrap().unwrap().summary.why.as_deref(), Some("unknown_number"));
        assert_eq!(world.rows("outbox"), 0, "its forwarder is not answered either");
        world.store.record_again(waits, &assigned(world), later(3)).unwrap();
        let summary = world.store.mail(waits).unwrap().unwrap().summary;
        assert_eq!((summary.outcome, summary.discarded_at), (ImportOutcome::Imported, None));
    }

    fn two_people_who_discard_at_once_do_it_once(world) {
        let waits = recorded(world, 1);
        let viewer = ruth(world);
        let done: Vec<Deciding> = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| world.store.discard(viewer, waits, later(60))));
            both.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        assert!(done.contains(&Deciding::Done) && done.contains(&Deciding::Meanwhile), "{done:?}");
        assert_eq!(world.number("select count(*) from audit where what = 'mail_discarded'"), 1);
    }
}
