//! What time makes due, and erasing it only as long as nothing has changed.

use crate::world::{World, address, later, mail, reference_number, shapes, start, to};
use chrono::{DateTime, Utc};
use reply_import::application::ApplicationState;
use reply_import::application::id::{ApplicationId, MailId};
use reply_import::decision::{Decision, ImportOutcome, WhyUnassigned};
use reply_import::mail::{AutomaticKind, IncomingMail, NumberReading};
use reply_import::notification::Occasion;
use reply_import::retention::Reply;
use reply_import::store::directory::read_json_lines;
use reply_import::store::{Actor, By, DecidedApplication, DecidedBefore, Erasure};

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

on_both! {
    fn decided_applications_are_found_with_what_the_rule_wants(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        reject(world, "2024-00123", "2024-05-02T00:00:00Z");
        let [found] = decided(world, true).try_into().unwrap();
        assert_eq!((found.application, found.facts.state_since), (application(world, "2024-00123"), later(14 * 3600)));
        let written = "2024-04-30T18:15:00Z".parse().unwrap();
        assert_eq!(found.facts.replies, [Reply { written: Some(written), received: start() }]);
        assert!(!found.facts.is_held);
        world.store.hold(found.application, None, Actor::Cli, start()).unwrap();
        assert!(world.store.block_due_application(found.application, &found.standing, start()).unwrap());
        let [held] = decided(world, false).try_into().unwrap();
        assert!(held.facts.is_held && held.facts.replies.is_empty());
        let with = |change: &dyn Fn(&mut DecidedBefore)| {
            let mut wanted = wanted(world, false);
            change(&mut wanted);
            world.store.decided_applications(&wanted).unwrap().len()
        };
        assert_eq!(with(&|_| ()), 1);
        assert_eq!(with(&|wanted| wanted.only_unblocked = true), 0);
        assert_eq!(with(&|wanted| wanted.state = ApplicationState::Withdrawn), 0);
        assert_eq!(with(&|wanted| wanted.tenant = world.beta), 0);
        assert_eq!(with(&|wanted| wanted.before = start()), 0, "decided later");
        assert_eq!(with(&|wanted| wanted.behind = found.application), 0);
        assert_eq!(with(&|wanted| wanted.most = 0), 0);
    }

    fn what_is_due_goes_and_mail_that_waits_has_its_own_time(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let waits = world.recorded(&world.record(2, mail("waits"), NO_NUMBER)).mail;
        reject(world, "2024-00123", "2024-05-02");
        let erased = erase(world, &decided(world, false));
        assert_eq!((erased.applications, erased.mails, erased.contents), (1, 1, 2));
        assert_eq!((world.rows("mails"), world.rows("files")), (1, 1));
        assert_eq!(world.store.mails(&reply_import::store::MailFilter::default()).unwrap()[0].id, waits);
        assert_eq!(world.number("select count(*) from audit where what = 'application_erased' and actor = 'service'"), 1);
    }

    fn an_application_that_is_open_again_or_held_by_now_stays(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        reject(world, "2024-00123", "2024-05-02");
        let due = decided(world, false);
        state(world, "2024-00123", "open", "2024-06-02");
        assert_eq!(erase(world, &due).applications, 0, "open again");
        state(world, "2024-00123", "rejected", "2024-06-03");
        assert_eq!(erase(world, &due).applications, 0, "decided anew");
        let due = decided(world, false);
        world.store.hold(due[0].application, None, Actor::Cli, start()).unwrap();
        let erased = erase(world, &due);
        assert_eq!((erased.applications, erased.held.map(|held| held.application)), (0, Some(due[0].application)));
        assert_eq!((world.rows("mails"), world.rows("history_entries")), (1, 1));
        world.store.release_hold(due[0].application, Actor::Cli, start()).unwrap();
        assert_eq!(erase(world, &due).applications, 1);
    }

    fn an_application_that_is_open_again_by_now_is_not_blocked(world) {
        reject(world, "2024-00123", "2024-05-02");
        let [due] = decided(world, false).try_into().unwrap();
        let block = || world.store.block_due_application(due.application, &due.standing, later(10)).unwrap();
        state(world, "2024-00123", "open", "2024-06-02");
        assert!(!block(), "nobody would be shown it, and no feed would end that");
        state(world, "2024-00123", "rejected", "2024-05-02");
        assert_eq!((block(), block()), (true, false));
        world.store.erase(&Erasure::Application(due.application), Actor::Cli, later(20)).unwrap();
        assert!(!block(), "it is gone");
    }

    fn a_reply_that_came_in_meanwhile_keeps_an_application_where_replies_count(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        reject(world, "2024-00123", "2024-05-02");
        let (with, without) = (decided(world, true), decided(world, false));
        world.recorded(&world.imported(2, "second", "2024-00123"));
        assert_eq!(erase(world, &with).mails, 0);
        assert_eq!(erase(world, &without).mails, 2);
    }

    fn mail_that_belongs_to_no_application_is_found_with_its_age(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let repeat = |uid, name: &str, earlier| world.recorded(&world.record(uid, mail(name), Decision::SkipRepeat { earlier })).mail;
        let of_imported = repeat(2, "first", first);
        repeat(3, "first", of_imported);
        let waits = world.recorded(&world.record(4, mail("waits"), NO_NUMBER)).mail;
        let of_waiting = repeat(5, "waits", waits);
        let robot = Decision::IgnoreAutomatic { kind: AutomaticKind::Receipt };
        let robot = world.recorded(&world.record(6, mail("robot"), robot)).mail;
        let found = |outcome| found(world, outcome);
        assert_eq!(found(ImportOutcome::Imported), []);
        assert_eq!(found(ImportOutcome::Unassigned), [(waits, start())]);
        assert_eq!(found(ImportOutcome::Repeated), [(of_waiting, start())]);
        assert_eq!(found(ImportOutcome::Automatic), [(robot, start())]);
        world.store.revert(first, &[], later(500)).unwrap();
        assert_eq!(found(ImportOutcome::Unassigned), [(first, later(500)), (waits, start())], "it waits since then");
        for (id, name) in [(first, "first"), (waits, "waits")] {
            world.store.record_again(id, &world.record(9, mail(name), NO_NUMBER), later(550)).unwrap();
        }
        assert_eq!(found(ImportOutcome::Unassigned), [(first, later(500)), (waits, start())], "looked at once more");
        let robot_record = world.record(6, mail("robot"), NO_NUMBER);
        world.store.record_again(robot, &robot_record, later(560)).unwrap();
        assert_eq!(found(ImportOutcome::Unassigned)[2], (robot, later(560)), "nobody was told of it before");
        let erased = world.store.erase_due_mails(&[waits, of_waiting, robot], later(600)).unwrap();
        assert_eq!((erased.mails, world.rows("mails")), (3, 3));
    }

    fn what_a_further_forward_brought_stays_as_long_as_the_reply_waits(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let application = application(world, "2024-00123");
        let adds = Decision::AddForwarder { application, entry: first.entry.unwrap(), earlier: first.mail };
        let further = world.recorded(&world.record(2, mail("further"), adds)).mail;
        assert_eq!(found(world, ImportOutcome::Repeated), []);
        world.store.revert(first.mail, &[], later(500)).unwrap();
        assert_eq!(found(world, ImportOutcome::Repeated), [], "whoever assigns the first wants the files of both");
        assert_eq!(found(world, ImportOutcome::Unassigned), [(first.mail, later(500))]);
        assert_eq!(world.store.erase_due_mails(&[first.mail], later(900)).unwrap().mails, 2);
        assert!(world.store.mail(further).unwrap().is_none(), "it goes with it");
    }

    fn mail_of_which_the_office_is_still_to_be_told_stays(world) {
        let mut record = world.record(4, mail("waits"), NO_NUMBER);
        record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        let waits = world.recorded(&record).mail;
        assert_eq!(found(world, ImportOutcome::Unassigned), []);
        let by_nobody = world.store.mails_of_no_application(
            world.alpha,
            ImportOutcome::Unassigned,
            later(1000),
            (MailId(0), 100, false),
        );
        assert_eq!(by_nobody.unwrap().mails, [(waits, start())], "where no notices are sent at all");
        world.sql("update outbox set state = 'sent', sent_at = created_at").unwrap();
        assert_eq!(found(world, ImportOutcome::Unassigned), [(waits, start())]);
    }

    fn mail_that_somebody_assigned_meanwhile_stays(world) {
        let waits = world.recorded(&world.record(4, mail("waits"), NO_NUMBER)).mail;
        world.store.record_assigned(waits, &world.imported(4, "waits", "2024-00123"), By::CLI, later(60)).unwrap().unwrap();
        assert_eq!(world.store.erase_due_mails(&[waits], later(60)).unwrap().mails, 0);
        assert_eq!(world.rows("history_entries"), 1);
    }

    fn mail_that_may_belong_to_what_is_held_stays(world) {
        world.recorded(&world.record(1, of("claims", Some("2024-00123"), "x@example.com"), NO_NUMBER));
        world.recorded(&world.record(2, of("comes from", None, "e.beispiel@example.net"), NO_NUMBER));
        let other = world.recorded(&world.record(3, of("other", Some("2024-00124"), "x@example.com"), NO_NUMBER)).mail;
        assert_eq!(found(world, ImportOutcome::Unassigned).len(), 3);
        world.store.hold(application(world, "2024-00123"), None, Actor::Cli, start()).unwrap();
        assert_eq!(found(world, ImportOutcome::Unassigned), [(other, start())]);
    }
}

fn of(name: &str, number: Option<&str>, sender: &str) -> IncomingMail {
    let mut mail = mail(name);
    mail.subject.number = number.map_or(NumberReading::None, |number| NumberReading::One(reference_number(number)));
    mail.original.as_mut().unwrap().from_address = Some(address(sender));
    mail
}

fn application(world: &World, number: &str) -> ApplicationId {
    world.application(number).id
}

fn wanted(world: &World, with_replies: bool) -> DecidedBefore {
    DecidedBefore {
        tenant: world.alpha,
        state: ApplicationState::Rejected,
        before: later(400 * 24 * 3600),
        only_unblocked: false,
        with_replies,
        behind: ApplicationId(0),
        most: 10,
    }
}

fn decided(world: &World, with_replies: bool) -> Vec<DecidedApplication> {
    world.store.decided_applications(&wanted(world, with_replies)).unwrap()
}

fn erase(world: &World, due: &[DecidedApplication]) -> reply_import::store::Erased {
    let due: Vec<_> = due.iter().map(|due| (due.application, due.standing.clone())).collect();
    world.store.erase_due_applications(&due, later(900)).unwrap()
}

fn found(world: &World, outcome: ImportOutcome) -> Vec<(MailId, DateTime<Utc>)> {
    world.store.mails_of_no_application(world.alpha, outcome, later(1000), (MailId(0), 100, true)).unwrap().mails
}

fn reject(world: &World, number: &str, since: &str) {
    state(world, number, "rejected", since);
}

fn state(world: &World, number: &str, state: &str, since: &str) {
    let line = format!(
        r#"{{"kind": "application", "tenant": "alpha", "number": "{number}", "candidate": "K1", "post": "Hof", "responsible": [], "state": "{state}", "state_since": "{since}"}}"#
    );
    world.store.import_directory(&read_json_lines(line.as_bytes()).unwrap(), &shapes(), start()).unwrap();
}
