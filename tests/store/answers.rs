//! Answers to forwarders: one for each person, reason and day, whoever writes it and whatever mail it is for.

use crate::world::{World, address, later, mail, to};
use chrono::NaiveDate;
use reply_import::application::id::{MailId, UserId};
use reply_import::decision::{Check, CheckName, Decision, WhySetAside, WhyUnassigned};
use reply_import::mail::Unreadable;
use reply_import::notification::{Facts, Notification, Occasion};
use reply_import::store::{Actor, By, Erasure, MailRecord, SendingPlaces};
use std::sync::Barrier;

const WORKERS: usize = 4;

const UNKNOWN: Decision = Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber };
const NOT_THEIRS: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NotResponsible };
const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
const ENCRYPTED: Decision = Decision::SetAside { why: WhySetAside::Unreadable(Unreadable::EncryptedPgp) };

/// A refused mail and the answer to its forwarder, on this day of May.
fn refused(world: &World, name: &str, decision: Decision, user: UserId, day: u32) -> MailRecord {
    let mut record = world.record(1, mail(name), decision);
    record.place = None;
    let mut answer: Notification = to("ruth@alpha.example", Occasion::NotImported);
    answer.recipient.user = Some(user);
    answer.facts = Facts {
        why: decision.answer().map(str::to_owned),
        answered_on: NaiveDate::from_ymd_opt(2024, 5, day),
        ..Facts::default()
    };
    record.notifications = vec![to("office@alpha.example", Occasion::Waiting), answer];
    record.decided.checks.push(Check::passed(CheckName::Answer, "the forwarder is told"));
    record
}

fn karl(world: &World) -> UserId {
    world.known(world.alpha, None, Some("karl@alpha.example")).forwarder.unwrap().id
}

fn answers(world: &World) -> i64 {
    world.number("select count(*) from outbox where occasion = 'not_imported'")
}

fn again(world: &World, mail: MailId, record: &MailRecord) {
    world.store.record_again(mail, record, later(60)).unwrap();
}

on_both! {
    fn a_person_has_one_answer_for_each_reason_and_day(world) {
        let (ruth, karl) = (world.ruth(), karl(world));
        for (name, decision, user, day, answered) in [
            ("first", UNKNOWN, ruth, 1, 1),
            ("second", UNKNOWN, ruth, 1, 1),
            ("not theirs, which reads the same", NOT_THEIRS, ruth, 1, 1),
            ("another reason", NO_NUMBER, ruth, 1, 2),
            ("set aside", ENCRYPTED, ruth, 1, 3),
            ("somebody else", UNKNOWN, karl, 1, 4),
            ("the next day", UNKNOWN, ruth, 2, 5),
            ("the next day too", UNKNOWN, ruth, 2, 5),
        ] {
            world.recorded(&refused(world, name, decision, user, day));
            assert_eq!(answers(world), answered, "{name}");
        }
        assert_eq!(world.number("select count(*) from outbox where occasion = 'waiting'"), 8, "the office hears of each");
    }

    fn of_many_in_one_batch_the_first_is_answered(world) {
        let ruth = world.ruth();
        let batch: Vec<MailRecord> =
            (0..20).map(|n| refused(world, &format!("mail {n}"), UNKNOWN, ruth, 1)).collect();
        let recorded = world.store.record(&batch, later(0)).unwrap();
        let answered = world.number("select mail_id from outbox where occasion = 'not_imported'");
        assert_eq!((answers(world), answered), (1, recorded[0].mail.0));
    }

    fn workers_that_answer_the_same_people_at_once_neither_answer_twice_nor_block_each_other(world) {
        let people = [world.ruth(), karl(world)];
        let barrier = Barrier::new(WORKERS);
        std::thread::scope(|scope| {
            for worker in 0..WORKERS {
                let barrier = &barrier;
                scope.spawn(move || {
                    let mut failed = Vec::new();
                    for day in 1..=5 {
                        let mut batch: Vec<MailRecord> = (0..100)
                            .map(|n| {
                                let name = format!("{worker} {day} {n}");
                                let mut record = refused(world, &name, UNKNOWN, people[n % 2], day);
                                record.notifications[1].facts.why = Some(format!("reason {n}"));
                                record
                            })
                            .collect();
                        // The workers meet the same people and reasons, each in another order.
                        batch.rotate_left(worker * 30);
                        if worker % 2 == 1 {
                            batch.reverse();
                        }
                        barrier.wait();
                        failed.extend(world.store.record(&batch, later(0)).err());
                    }
                    assert!(failed.is_empty(), "{failed:?}");
                });
            }
        });
        assert_eq!((world.rows("mails"), answers(world)), (2000, 500));
    }

    fn a_mail_that_is_decided_again_on_another_day_is_not_answered_again(world) {
        let ruth = world.ruth();
        let first = world.recorded(&refused(world, "first", UNKNOWN, ruth, 1)).mail;
        let second = world.recorded(&refused(world, "second", UNKNOWN, ruth, 1)).mail;
        assert_eq!(answers(world), 1);
        for (id, name) in [(first, "first"), (second, "second")] {
            again(world, id, &refused(world, name, UNKNOWN, ruth, 2));
            again(world, id, &refused(world, name, NOT_THEIRS, ruth, 3));
            assert_eq!(answers(world), 1, "{name}: the same answer, and told of");
        }
        again(world, first, &refused(world, "first", NO_NUMBER, ruth, 4));
        assert_eq!(answers(world), 2, "another reason is told");
        again(world, first, &refused(world, "first", UNKNOWN, ruth, 5));
        assert_eq!(answers(world), 2, "an earlier one is not told again, whatever was between");
    }

    fn an_answer_that_is_not_sent_yet_tells_of_another_mail_once_its_own_waits_no_longer(world) {
        let ruth = world.ruth();
        let waits = |name: &str, decision, uid| world.recorded(&MailRecord { place: world.record(uid, mail(name), decision).place, ..refused(world, name, decision, ruth, 1) }).mail;
        let (first, other, second, third) =
            (waits("first", NO_NUMBER, 1), waits("other", UNKNOWN, 2), waits("second", NO_NUMBER, 3), waits("third", NO_NUMBER, 4));
        let told_of = || world.number("select min(mail_id) from outbox where facts like '%no_number%' and occasion = 'not_imported'");
        assert_eq!((answers(world), told_of()), (2, first.0));
        let assign = |id, name, uid| {
            world.store.record_assigned(id, &world.imported(uid, name, "2024-00123"), By::CLI, later(60)).unwrap().unwrap();
        };
        assign(first, "first", 1);
        assert_eq!((answers(world), told_of()), (2, second.0), "and not of the one with another reason");
        world.store.erase(&Erasure::Mails(vec![second]), Actor::Cli, later(61)).unwrap();
        assert_eq!((answers(world), told_of()), (2, third.0));
        // It came in quietly, or from a list: whoever forwarded it is not to be told.
        let untold = MailRecord { notifications: Vec::new(), ..world.record(5, mail("untold"), NO_NUMBER) };
        world.recorded(&MailRecord { forwarder: Some(ruth), ..untold });
        assign(third, "third", 4);
        assert_eq!(world.number("select mail_id from outbox where occasion = 'not_imported'"), other.0, "nothing is left to be told");
    }

    fn an_answer_is_no_line_in_a_mail_for_many(world) {
        for n in 0..9 {
            let mut record = world.record(1, mail(&format!("told {n}")), NO_NUMBER);
            record.place = None;
            record.notifications = vec![to("ruth@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        world.recorded(&refused(world, "refused", UNKNOWN, world.ruth(), 1));
        let places = SendingPlaces { singly: 3, ..SendingPlaces::free(100) };
        let claimed = world.store.claim_notifications(later(0), later(60), &places).unwrap();
        let to_ruth = claimed.iter().filter(|one| one.notification.recipient.address == address("ruth@alpha.example"));
        let mut occasions: Vec<Occasion> = to_ruth.map(|one| one.notification.occasion).collect();
        occasions.sort_by_key(|occasion| occasion.as_str());
        assert_eq!(occasions, [Occasion::NotImported, Occasion::Waiting, Occasion::Waiting, Occasion::Waiting]);
        assert_eq!(world.number("select count(*) from outbox where held"), 6);
    }

    fn a_mail_whose_forwarder_became_known_is_answered_then(world) {
        let mut stranger = world.record(1, mail("first"), Decision::KeepForAPerson { why: WhyUnassigned::ForwarderUnknown });
        stranger.place = None;
        let id = world.recorded(&stranger).mail;
        again(world, id, &refused(world, "first", UNKNOWN, world.ruth(), 2));
        assert_eq!(answers(world), 1);
    }
}
