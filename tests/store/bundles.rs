//! Of what one person is told within an hour, the first go out singly, the others in one mail when it is over.

use crate::world::{World, later, mail, start, to};
use reply_import::application::id::NotificationId;
use reply_import::decision::{Decision, WhyUnassigned};
use reply_import::notification::{Bundle, MOST_LINES, Occasion, QueuedNotification};
use reply_import::store::{MailRecord, OutboxCounts, SendingClaim, SendingEnd, SendingPlaces};

const HOUR: i64 = 3600;

on_both! {
    fn the_first_go_out_singly_and_the_others_as_one_when_the_hour_is_over(world) {
        waiting(world, 1..=9);
        let singly = claim(world, 10);
        assert_eq!((singly.len(), world.number(HELD)), (3, 6));
        assert!(singly.iter().all(|queued| queued.bundle.is_none()));
        sent(world, &singly, 11);
        assert_eq!(world.store.next_due(later(12)).unwrap(), Some(later(10 + HOUR)), "the hour began with the first");
        assert_eq!(ids(&claim(world, 9 + HOUR)), []);
        let last = claim(world, 10 + HOUR);
        let [one] = last.as_slice() else { panic!("{last:?}") };
        let bundle = one.bundle.clone().unwrap();
        assert_eq!((bundle.total(), bundle.lines.len(), bundle.counts.len()), (6, 6, 1));
        assert_eq!((bundle.counts[0].occasion, bundle.counts[0].why.as_deref()), (Occasion::Waiting, Some("no_number")));
        assert!(bundle.lines.is_sorted_by_key(|line| line.mail), "{bundle:?}");
        sent(world, &last, 11 + HOUR);
        waiting(world, 10..=10);
        assert_eq!(claim(world, 12 + HOUR).len(), 1, "the next hour begins");
    }

    fn those_that_come_later_in_the_hour_join(world) {
        waiting(world, 1..=4);
        sent(world, &claim(world, 0), 1);
        waiting(world, 5..=6);
        assert_eq!(ids(&claim(world, 1800)), []);
        assert_eq!(claim(world, HOUR)[0].bundle.as_ref().unwrap().total(), 3);
    }

    fn one_that_is_alone_at_the_end_of_the_hour_is_an_ordinary_one(world) {
        waiting(world, 1..=4);
        sent(world, &claim(world, 0), 1);
        let last = claim(world, HOUR);
        assert_eq!((last.len(), last[0].bundle.is_none()), (1, true));
    }

    fn with_0_all_go_singly(world) {
        waiting(world, 1..=9);
        let all = world.store.claim_notifications(start(), later(60), &SendingPlaces::free(100)).unwrap();
        assert_eq!((all.len(), world.number(HELD)), (9, 0));
    }

    fn one_persons_hour_is_nobody_elses(world) {
        waiting(world, 1..=5);
        let mut record = world.imported(9, "reply", "2024-00123");
        record.notifications.push(to("karl@alpha.example", Occasion::Reply));
        world.recorded(&record);
        let told: Vec<_> =
            claim(world, 0).iter().map(|queued| queued.notification.recipient.address.as_str().to_owned()).collect();
        assert_eq!(told.iter().filter(|address| *address == "office@alpha.example").count(), 3);
        assert!(told.contains(&"ruth@alpha.example".to_owned()) && told.contains(&"karl@alpha.example".to_owned()));
    }

    fn what_one_mail_told_of_is_settled_together(world) {
        let one = bundle_of_3(world);
        world.put_off(one.id, "451 later", later(HOUR + 300));
        assert_eq!(world.number("select count(*) from outbox where attempts = 1 and state = 'pending'"), 3);
        assert_eq!(ids(&claim(world, HOUR + 299)), []);
        let again = claim(world, HOUR + 300).remove(0);
        assert_eq!((again.id, &again.message_key, &again.bundle), (one.id, &one.message_key, &one.bundle));
        let late = SendingClaim { id: one.id, until: one.claimed_until };
        assert!(late.until < again.claimed_until);
        world.store.settle(&[(late, SendingEnd::NotTried)], later(HOUR + 300)).unwrap();
        assert_eq!(world.number("select count(*) from outbox where claimed_until is not null"), 3, "they are another's");
        world.not_tried(&[again.id]);
        assert_eq!(world.number("select count(*) from outbox where claimed_until is not null"), 0);
        assert_eq!(ids(&claim(world, HOUR + 300)), [one.id]);
        world.sent(one.id, later(HOUR + 301));
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 0, sent: 6 });
        assert_eq!(world.store.next_due(later(HOUR + 302)).unwrap(), None);
    }

    fn what_one_mail_told_of_is_given_up_together(world) {
        let one = bundle_of_3(world);
        world.given_up(one.id, "550 no such user", later(HOUR + 1));
        assert_eq!(world.store.status().unwrap().outbox, OutboxCounts { pending: 0, failed: 3, sent: 3 });
        assert_eq!(world.number("select count(*) from outbox where last_error = '550 no such user'"), 3);
    }

    fn a_dead_senders_mail_comes_back_with_the_same_members(world) {
        let one = bundle_of_3(world);
        waiting(world, 7..=8);
        assert_eq!(world.number("select count(*) from outbox where claimed_until is not null"), 3, "all are in hand");
        let again = claim(world, HOUR + 61);
        assert_eq!(again.len(), 3, "{again:?}");
        assert_eq!((again[0].id, &again[0].bundle, &again[0].message_key), (one.id, &one.bundle, &one.message_key));
    }

    fn a_member_that_is_taken_away_is_a_line_less(world) {
        let one = bundle_of_3(world);
        world.put_off(one.id, "451", later(HOUR + 5));
        world.sql("delete from outbox where id = (select max(id) from outbox)").unwrap();
        let again = claim(world, HOUR + 5).remove(0);
        assert_eq!((again.id, again.bundle.unwrap().total()), (one.id, 2));
    }

    fn where_the_leading_one_is_taken_away_the_next_leads(world) {
        let one = bundle_of_3(world);
        world.put_off(one.id, "451", later(HOUR + 5));
        world.sql(&format!("delete from outbox where id = {}", one.id)).unwrap();
        assert_eq!(world.store.next_due(later(HOUR + 6)).unwrap(), Some(later(HOUR + 6)));
        let next = claim(world, HOUR + 6).remove(0);
        assert_ne!((next.id, &next.message_key), (one.id, &one.message_key));
        assert_eq!(next.bundle.unwrap().total(), 2);
    }

    fn a_reply_is_not_told_before_an_earlier_one_of_its_application(world) {
        for uid in 1..=6 {
            world.recorded(&world.imported(uid, &format!("reply {uid}"), "2024-00123"));
        }
        let first = claim(world, 0);
        assert_eq!(first.len(), 1, "they have an order");
        world.put_off(first[0].id, "451", later(HOUR + 1000));
        // The second and the third wait for the first; so does what is held of them.
        world.sql("update outbox set held = true, hour_ends = null, due_at = created_at where id > (select min(id) from outbox)").unwrap();
        assert_eq!(ids(&claim(world, HOUR)), []);
        let due = claim(world, HOUR + 1000);
        assert_eq!(ids(&due), ids(&first));
        sent(world, &due, HOUR + 1001);
        assert_eq!(claim(world, HOUR + 1002)[0].bundle.as_ref().unwrap().total(), 5);
    }

    fn a_single_one_waits_for_what_is_held_of_its_application(world) {
        waiting(world, 1..=3);
        let mut record = world.imported(4, "reply", "2024-00123");
        record.notifications = vec![to("office@alpha.example", Occasion::Reply)];
        world.recorded(&record);
        sent(world, &claim(world, 0), 1);
        assert_eq!(world.number(HELD), 1);
        let mut record = world.imported(5, "another", "2024-00123");
        record.notifications = vec![to("office@alpha.example", Occasion::FilesAdded)];
        world.recorded(&record);
        world.sql("update outbox set due_at = created_at where not held").unwrap();
        assert_eq!(ids(&claim(world, HOUR - 1)), []);
        let held = claim(world, HOUR);
        assert_eq!((held.len(), held[0].notification.occasion), (1, Occasion::Reply));
        sent(world, &held, HOUR + 1);
        assert_eq!(claim(world, HOUR + 2)[0].notification.occasion, Occasion::FilesAdded);
    }

    fn while_the_server_takes_nothing_no_person_gets_more_than_a_few_mails_in_the_queue(world) {
        for hour in 0..5u32 {
            waiting(world, hour * 10 + 1..=hour * 10 + 10);
            for queued in claim(world, i64::from(hour) * (HOUR + 60)) {
                world.put_off(queued.id, "421 away", later(i64::from(hour + 1) * (HOUR + 60)));
            }
        }
        let back = 6 * (HOUR + 60);
        let mut mails = 0;
        let mut told = 0;
        for turn in 0..20 {
            for queued in claim(world, back + turn * HOUR) {
                mails += 1;
                told += queued.bundle.as_ref().map_or(1, Bundle::total);
                world.sent(queued.id, later(back + turn * HOUR));
            }
        }
        assert_eq!(told, 50, "none is lost and none told twice");
        assert!(mails <= 6, "three singly, one that was open, and what came meanwhile: {mails}");
    }

    fn two_senders_do_not_each_find_the_last_free_place(world) {
        waiting(world, 1..=40);
        let told: usize = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..5).map(|_| claim_at_most(world, 2, 0).len()).sum::<usize>()))
                .collect();
            senders.into_iter().map(|sender| sender.join().unwrap()).sum()
        });
        assert_eq!((told, world.number(HELD)), (3, 37));
    }

    fn a_mail_for_very_many_holds_a_few_lines_of_them(world) {
        let one = bundle_of_many(world, 2000);
        let bundle = one.bundle.unwrap();
        assert_eq!((bundle.total(), bundle.lines.len()), (2000, MOST_LINES));
        world.sent(one.id, later(HOUR + 1));
        assert_eq!(world.store.status().unwrap().outbox.pending, 0);
    }
}

#[test]
#[ignore = "a measurement"]
fn a_hundred_thousand() {
    for world in [World::on_sqlite(), World::on_postgres()] {
        let begin = std::time::Instant::now();
        let one = bundle_of_many(&world, 100_000);
        println!("filled, held and bundled: {:?}", begin.elapsed());
        let begin = std::time::Instant::now();
        world.sent(one.id, later(HOUR + 1));
        println!("settled: {:?}", begin.elapsed());
        assert_eq!(world.store.status().unwrap().outbox.pending, 0);
    }
}

const HELD: &str = "select count(*) from outbox where held";

/// Tells the office of so many mails.
fn waiting(world: &World, uids: std::ops::RangeInclusive<u32>) {
    for uid in uids {
        let decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        let mut record: MailRecord = world.record(uid, mail(&format!("mail {uid}")), decision);
        record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        world.recorded(&record);
    }
}

/// Three went out singly, and three more are in hand as one mail.
fn bundle_of_3(world: &World) -> QueuedNotification {
    waiting(world, 1..=6);
    sent(world, &claim(world, 0), 1);
    let last = claim(world, HOUR);
    assert_eq!((last.len(), last[0].bundle.as_ref().unwrap().total()), (1, 3));
    last.into_iter().next().unwrap()
}

/// So many rows of one person in one mail.
fn bundle_of_many(world: &World, rows: i64) -> QueuedNotification {
    waiting(world, 1..=3);
    sent(world, &claim(world, 0), 1);
    waiting(world, 4..=4);
    world
        .sql(&format!(
            "insert into outbox (tenant_id, mail_id, occasion, address, language, facts, message_key, state, attempts, \
             created_at, due_at) \
             with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < {rows}) \
             select tenant_id, mail_id, occasion, address, language, facts, 'key ' || n, state, attempts, created_at, \
             due_at from outbox, numbers where outbox.id = (select max(id) from outbox)"
        ))
        .unwrap();
    assert_eq!(ids(&claim(world, 2)), []);
    assert_eq!(world.number(HELD), rows);
    claim(world, HOUR).remove(0)
}

/// Claims so many seconds after the start, for a minute, three singly to each person.
fn claim(world: &World, seconds: i64) -> Vec<QueuedNotification> {
    claim_at_most(world, 100, seconds)
}

fn claim_at_most(world: &World, free: u32, seconds: i64) -> Vec<QueuedNotification> {
    let places = SendingPlaces { singly: 3, ..SendingPlaces::free(free) };
    world.store.claim_notifications(later(seconds), later(seconds + 60), &places).unwrap()
}

fn sent(world: &World, claimed: &[QueuedNotification], seconds: i64) {
    for queued in claimed {
        world.sent(queued.id, later(seconds));
    }
}

fn ids(claimed: &[QueuedNotification]) -> Vec<NotificationId> {
    claimed.iter().map(|queued| queued.id).collect()
}
