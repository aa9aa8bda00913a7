//! The outbox: claimed by one, in order, until it is settled.

use crate::world::{World, address, later, mail, start, to};
use futures::FutureExt;
use reply_import::application::Language;
use reply_import::application::id::NotificationId;
use reply_import::decision::{Decision, WhyUnassigned};
use reply_import::notification::{Occasion, QueuedNotification};
use reply_import::store::{OutboxCounts, SendingClaim, SendingEnd, SendingPlaces};

on_both! {
    fn a_claimed_notification_has_all_that_is_needed_for_sending(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        let claimed = claim(world, 0);
        let [queued] = claimed.as_slice() else { panic!("{claimed:?}") };
        assert_eq!((queued.mail, queued.entry), (Some(recorded.mail), recorded.entry));
        assert_eq!(queued.application, Some(world.application("2024-00123").id));
        assert_eq!(queued.notification, to("ruth@alpha.example", Occasion::Reply));
        assert_eq!((queued.notification.recipient.language, queued.attempts), (Language::De, 0));
        assert_eq!(queued.created_at, start());
    }

    fn a_claimed_notification_is_nobody_elses_until_the_claim_runs_out(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let first = ids(&claim(world, 0));
        assert_eq!(first.len(), 1);
        assert_eq!(ids(&claim(world, 59)), [], "still in hand");
        assert_eq!(ids(&claim(world, 60)), first, "a dead sender's notification comes back");
    }

    fn two_senders_never_get_the_same(world) {
        for uid in 1..=40 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), waiting());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        let mut all: Vec<NotificationId> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let mut mine = Vec::new();
                        loop {
                            let claimed = world.store.claim_notifications(start(), later(60), &SendingPlaces::free(3)).unwrap();
                            if claimed.is_empty() && world.number(OPEN) == 0 {
                                return mine;
                            }
                            mine.extend(ids(&claimed));
                        }
                    })
                })
                .collect();
            senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
        });
        all.sort_unstable();
        assert_eq!(all.len(), 40);
        all.dedup();
        assert_eq!(all.len(), 40, "none was claimed twice");
    }

    fn what_is_sent_is_not_sent_again(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.sent(ids(&claim(world, 0))[0], later(1));
        assert_eq!(ids(&claim(world, 9999)), []);
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 0, sent: 1 });
        assert_eq!(world.store.next_due(later(1)).unwrap(), None);
    }

    fn what_is_put_off_comes_back_at_its_time_with_its_attempts(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.put_off(ids(&claim(world, 0))[0], "451 later", later(300));
        assert_eq!(world.store.next_due(later(1)).unwrap(), Some(later(300)));
        assert_eq!(ids(&claim(world, 299)), []);
        assert_eq!(claim(world, 300)[0].attempts, 1);
    }

    fn what_is_given_up_stays_with_its_error(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        world.given_up(ids(&claim(world, 0))[0], "550 no such user", later(1));
        assert_eq!(ids(&claim(world, 9999)), []);
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 1, sent: 0 });
        let shown = world.store.mail(recorded.mail).unwrap().unwrap().notifications.remove(0);
        assert_eq!((shown.state.as_str(), shown.last_error.as_deref()), ("failed", Some("550 no such user")));
    }

    fn a_settled_notification_is_settled_once(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let id = ids(&claim(world, 0))[0];
        world.sent(id, later(1));
        world.given_up(id, "late", later(2));
        world.put_off(id, "late", later(2));
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 0, sent: 1 });
        assert_eq!(world.number("select count(*) from outbox where attempts = 0 and last_error is null"), 1);
    }

    fn the_replies_to_one_application_are_told_in_their_order(world) {
        world.recorded(&two_recipients(world, 1, "first", "2024-00123"));
        world.recorded(&two_recipients(world, 2, "second", "2024-00123"));
        world.recorded(&world.imported(3, "elsewhere", "2024-00124"));
        let first = claim(world, 0);
        let texts: Vec<_> = first.iter().map(|queued| queued.notification.recipient.address.as_str()).collect();
        assert_eq!(texts, ["ruth@alpha.example", "karl@alpha.example", "ruth@alpha.example"]);
        assert_eq!(first[0].mail, first[1].mail, "the two of one mail do not wait for each other");
        assert_ne!(first[1].application, first[2].application, "another application does not wait");
        world.sent(first[0].id, later(1));
        world.put_off(first[1].id, "451", later(500));
        world.sent(first[2].id, later(1));
        let second = claim(world, 50);
        let told: Vec<_> = second.iter().map(|queued| queued.notification.recipient.address.as_str()).collect();
        assert_eq!(told, ["ruth@alpha.example"], "one person's second waits for the first, another person's does not");
        world.sent(second[0].id, later(51));
        assert_eq!(world.store.next_due(later(52)).unwrap(), Some(later(500)), "what waits its turn is not due");
        assert_eq!(ids(&claim(world, 500)), [first[1].id]);
        world.given_up(first[1].id, "550", later(501));
        assert_eq!(claim(world, 502).len(), 1, "now the second mail's may go");
    }

    fn what_was_claimed_and_not_tried_is_due_as_before(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let claimed = ids(&claim(world, 0));
        world.not_tried(&claimed);
        assert_eq!(ids(&claim(world, 0)), claimed);
        assert_eq!(claim(world, 9999)[0].attempts, 0);
    }

    fn notifications_without_an_application_do_not_wait_for_each_other(world) {
        for uid in 1..=3 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), waiting());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        assert_eq!(claim(world, 0).len(), 3);
    }

    fn the_oldest_are_claimed_first(world) {
        for uid in 1..=5 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), waiting());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        let first = ids(&world.store.claim_notifications(start(), later(60), &SendingPlaces::free(2)).unwrap());
        let second = ids(&world.store.claim_notifications(start(), later(60), &SendingPlaces::free(2)).unwrap());
        assert!(first.iter().max() < second.iter().min(), "{first:?} {second:?}");
    }

    fn the_next_is_due_now_if_one_can_be_claimed_and_else_when_a_claim_ends(world) {
        assert_eq!(world.store.next_due(start()).unwrap(), None);
        world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!(world.store.next_due(later(7)).unwrap(), Some(later(7)));
        claim(world, 0);
        assert_eq!(world.store.next_due(later(7)).unwrap(), Some(later(60)));
    }

    fn a_recipient_that_is_busy_is_passed_by(world) {
        world.recorded(&two_recipients(world, 1, "first", "2024-00123"));
        let busy = vec![address("ruth@alpha.example")];
        let claimed = world.store.claim_notifications(start(), later(60), &SendingPlaces { busy, ..SendingPlaces::free(100) }).unwrap();
        let told: Vec<_> = claimed.iter().map(|queued| queued.notification.recipient.address.as_str()).collect();
        assert_eq!(told, ["karl@alpha.example"]);
        assert_eq!(claim(world, 0).len(), 1, "the other was left as it was");
    }

    fn what_failed_before_can_be_passed_by(world) {
        world.recorded(&two_recipients(world, 1, "first", "2024-00123"));
        let failed = claim(world, 0).remove(0);
        world.put_off(failed.id, "451 later", later(1));
        let first_tries = SendingPlaces { repeats: 0, ..SendingPlaces::free(100) };
        let claimed = ids(&world.store.claim_notifications(later(120), later(180), &first_tries).unwrap());
        assert!(claimed.len() == 1 && !claimed.contains(&failed.id), "{claimed:?}");
        assert_eq!(ids(&claim(world, 120)), [failed.id]);
    }

    fn first_tries_and_repeats_have_places_of_their_own(world) {
        for uid in 1..=6 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), waiting());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        let failed = ids(&world.store.claim_notifications(start(), later(60), &SendingPlaces { repeats: 0, ..SendingPlaces::free(3) }).unwrap());
        for id in &failed {
            world.put_off(*id, "451 later", later(1));
        }
        let places = SendingPlaces { free: 1, repeats: 2, ..SendingPlaces::free(0) };
        let claimed = world.store.claim_notifications(later(120), later(180), &places).unwrap();
        assert_eq!(claimed.iter().map(|queued| queued.attempts).collect::<Vec<_>>(), [1, 1, 0]);
        assert_eq!(ids(&claimed)[..2], failed[..2], "the oldest of each");
    }

    fn what_came_of_many_is_noted_together(world) {
        for uid in 1..=4 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), waiting());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        let ends = [
            SendingEnd::Sent,
            SendingEnd::PutOff { error: "451 later".to_owned(), until: later(300) },
            SendingEnd::GivenUp { error: "550 no such user".to_owned() },
            SendingEnd::NotTried,
        ];
        let claims: Vec<_> = claim(world, 0).iter().map(claim_of).collect();
        let claimed: Vec<_> = claims.iter().map(|claim| claim.id).collect();
        let settled: Vec<_> = claims.into_iter().zip(ends).collect();
        world.store.settle(&settled, later(1)).unwrap();
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 2, failed: 1, sent: 1 });
        assert_eq!(ids(&claim(world, 2)), [claimed[3]], "it is due as before");
        assert_eq!(claim(world, 300).iter().map(|queued| (queued.id, queued.attempts)).collect::<Vec<_>>(), [(claimed[1], 1), (claimed[3], 0)]);
    }

    fn a_sender_whose_claim_ran_out_does_not_touch_the_claim_of_the_next_one(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let late = claim_of(&claim(world, 0)[0]);
        let next = claim_of(&claim(world, 60)[0]);
        assert_eq!((late, next), (SendingClaim { id: next.id, until: later(60) }, SendingClaim { id: late.id, until: later(120) }));
        for end in [
            SendingEnd::NotTried,
            SendingEnd::PutOff { error: "451 later".to_owned(), until: later(62) },
            SendingEnd::GivenUp { error: "550 no such user".to_owned() },
        ] {
            world.store.settle(&[(late, end)], later(61)).unwrap();
            assert_eq!(ids(&claim(world, 63)), [], "a third one would send it once more");
        }
        assert_eq!(world.number("select count(*) from outbox where attempts = 0 and state = 'pending'"), 1);
        world.store.settle(&[(next, SendingEnd::PutOff { error: "451 later".to_owned(), until: later(70) })], later(64)).unwrap();
        assert_eq!(claim(world, 70)[0].attempts, 1, "the one that has it says what came of it");
        world.store.settle(&[(late, SendingEnd::Sent)], later(71)).unwrap();
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 0, sent: 1 }, "what was sent was sent");
    }

    fn whoever_waits_for_notifications_is_told_when_a_batch_with_some_is_recorded(world) {
        let written = world.store.outbox_written();
        let is_told = || written.notified().now_or_never().is_some();
        world.recorded(&world.record(1, mail("nobody is told"), waiting()));
        assert!(!is_told());
        world.recorded(&world.imported(2, "somebody is told", "2024-00123"));
        assert!(is_told());
        assert!(!is_told(), "once");
    }

    fn the_message_key_does_not_change_when_it_is_sent_again(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let first = claim(world, 0).remove(0);
        let again = claim(world, 60).remove(0);
        assert_eq!((first.id, &first.message_key), (again.id, &again.message_key));
        assert_eq!(first.message_key.len(), 32);
        assert_eq!(first.notification.recipient.address, address("ruth@alpha.example"));
    }
}

const OPEN: &str = "select count(*) from outbox where claimed_until is null";

fn waiting() -> Decision {
    Decision::KeepForAPerson { why: WhyUnassigned::NoNumber }
}

fn two_recipients(world: &World, uid: u32, name: &str, number: &str) -> reply_import::store::MailRecord {
    let mut record = world.imported(uid, name, number);
    record.notifications.push(to("karl@alpha.example", Occasion::Reply));
    record
}

/// Claims so many seconds after the start, for a minute after the start at least.
fn claim(world: &World, seconds: i64) -> Vec<QueuedNotification> {
    world.store.claim_notifications(later(seconds), later(seconds.max(0) + 60), &SendingPlaces::free(100)).unwrap()
}

fn claim_of(queued: &QueuedNotification) -> SendingClaim {
    SendingClaim { id: queued.id, until: queued.claimed_until }
}

fn ids(claimed: &[QueuedNotification]) -> Vec<NotificationId> {
    claimed.iter().map(|queued| queued.id).collect()
}
