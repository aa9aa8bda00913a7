//! The office is told of what waits, once, and what stands in it is read when it is sent.

use crate::world::{World, address, later, mail, start, to};
use reply_import::application::{EmailAddress, Language};
use reply_import::decision::{Decision, WhyUnassigned};
use reply_import::notification::{Facts, MOST_LINES, Occasion, QueuedNotification, QuietCounts};
use reply_import::store::{About, LeftInInbox, OfficeDigest, RoundNote, SendingPlaces};

on_both! {
    fn a_digest_is_written_once_for_each_address_whoever_writes_it(world) {
        waiting(world, 1..=2);
        let written: usize = std::thread::scope(|scope| {
            let writers: Vec<_> =
                (0..4).map(|_| scope.spawn(|| write(world, "2024-05-02", About::WhatWaits(later(60))))).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).sum()
        });
        assert_eq!((written, world.number(DIGESTS)), (2, 2), "for both addresses");
        for queued in claim(world, 100) {
            world.sent(queued.id, later(101));
        }
        assert_eq!(write(world, "2024-05-02", About::WhatWaits(later(60))), 0, "not again after it was sent");
        assert_eq!(write(world, "2024-05-03", About::WhatWaits(later(60))), 2, "the next day");
    }

    fn where_nothing_waits_there_is_no_digest(world) {
        world.recorded(&world.imported(1, "reply", "2024-00123"));
        assert_eq!(write(world, "2024-05-02", About::WhatWaits(later(60))), 0);
        waiting(world, 2..=2);
        assert_eq!(write(world, "2024-05-02", About::WhatWaits(later(-1))), 0, "that came later");
        let (office, facts) = (office(), Facts::default());
        let others = OfficeDigest { tenant: world.beta, ..digest(world, "2024-05-02", &office, &facts, About::WhatWaits(later(60))) };
        assert_eq!(world.store.write_digest(&others, start()).unwrap(), 0, "another tenant's is none of theirs");
    }

    fn it_tells_what_waits_when_it_is_sent(world) {
        waiting(world, 1..=60);
        write(world, "2024-05-02", About::WhatWaits(later(60)));
        world.sql("update mails set outcome = 'set_aside', why = 'too_large' where uid <= 2").unwrap();
        world.sql("update mails set outcome = 'automatic', why = 'receipt' where uid = 3").unwrap();
        let claimed = claim(world, 100);
        let list = claimed[0].waiting.clone().unwrap();
        assert_eq!(list.counts, [("no_number".to_owned(), 57), ("too_large".to_owned(), 2)]);
        assert_eq!((list.total(), list.lines.len(), list.oldest), (59, MOST_LINES, Some(start())));
        let first = &list.lines[0];
        assert_eq!((first.why.as_str(), first.received_at, first.reference.as_deref()), ("too_large", start(), Some("2024-00123")));
        assert_eq!((claimed[0].mail, claimed[0].bundle.is_none(), list.quiet), (None, true, None));
    }

    fn as_long_as_one_waits_to_be_sent_there_is_no_other(world) {
        waiting(world, 1..=1);
        for day in ["2024-05-02", "2024-05-03", "2024-05-06"] {
            write(world, day, About::WhatWaits(later(60)));
        }
        assert_eq!(world.number(DIGESTS), 2, "one for each address");
        let first = claim(world, 100).remove(0);
        world.sent(first.id, later(101));
        assert_eq!(write(world, "2024-05-06", About::WhatWaits(later(60))), 1, "the other still has its own");
    }

    fn a_mailbox_that_is_no_more_does_not_hold_up_what_was_quiet_in_another(world) {
        waiting(world, 1..=1);
        world.store.ensure_mailbox(world.alpha, &address("mistyped@alpha.example"), start()).unwrap();
        let note = RoundNote { at: later(1), error: None, left: Some(LeftInInbox::default()), login_ends_at: None };
        world.store.round_finished(world.mailbox, &note).unwrap();
        let (office, facts) = (office(), quiet_facts());
        let about = About::WhatWasQuiet(Some(later(1)));
        let of = |facts| world.store.write_digest(&digest(world, "quiet", &office, facts, about), start()).unwrap();
        let other = Facts { import_address: "mistyped@alpha.example".to_owned(), ..quiet_facts() };
        assert_eq!((of(&other), of(&facts)), (0, 2));
    }

    fn it_is_no_part_of_what_is_bundled(world) {
        for uid in 1..=5 {
            let mut record = world.record(uid, mail(&format!("mail {uid}")), no_number());
            record.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
            world.recorded(&record);
        }
        assert_eq!(claim(world, 0).len(), 1, "the others are held");
        write(world, "2024-05-02", About::WhatWaits(later(60)));
        let digest = claim(world, 1);
        assert!(digest.iter().all(|queued| queued.notification.occasion == Occasion::WaitingDigest), "{digest:?}");
        assert_eq!(digest.len(), 2);
    }

    fn what_was_quiet_is_told_once_the_inbox_is_worked_off(world) {
        waiting(world, 1..=2);
        world.recorded(&world.imported(3, "reply", "2024-00123"));
        let about = |seconds| About::WhatWasQuiet(Some(later(seconds)));
        assert_eq!(write(world, "quiet", about(1)), 0, "no round yet");
        let left = Some(LeftInInbox { waiting: 4, stranded: 0 });
        let mut note = RoundNote { at: later(1), error: None, left, login_ends_at: None };
        world.store.round_finished(world.mailbox, &note).unwrap();
        assert_eq!(write(world, "quiet", about(1)), 0, "there is more");
        let early = RoundNote { at: start(), left: Some(LeftInInbox::default()), ..note.clone() };
        world.store.round_finished(world.mailbox, &early).unwrap();
        assert_eq!(write(world, "quiet", about(1)), 0, "the round was over before that time");
        world.store.round_finished(world.mailbox, &note).unwrap();
        let failed = RoundNote { error: Some("the server is away".to_owned()), left: None, ..note.clone() };
        world.store.round_finished(world.mailbox, &failed).unwrap();
        assert_eq!(write(world, "quiet", about(1)), 0, "a round that failed did not work off the inbox");
        note.left = Some(LeftInInbox::default());
        world.store.round_finished(world.mailbox, &note).unwrap();
        assert_eq!(write(world, "early", about(0)), 0, "none came in before that");
        let (office, facts) = (office(), quiet_facts());
        let digest = digest(world, "quiet", &office, &facts, about(1));
        assert_eq!(world.store.write_digest(&digest, start()).unwrap(), 2);
        let claimed = claim(world, 10);
        let told = claimed.iter().find_map(|queued| queued.waiting.as_ref()).unwrap();
        assert_eq!(told.quiet, Some(QuietCounts { imported: 1, waiting: 2, others: 0 }));
    }

    fn a_mailbox_is_known_since_it_was_first_named(world) {
        assert_eq!(world.store.mailbox_since(world.mailbox).unwrap(), Some(start()));
    }
}

const DIGESTS: &str = "select count(*) from outbox where occasion = 'waiting_digest'";

fn office() -> [EmailAddress; 2] {
    [address("office@alpha.example"), address("second@alpha.example")]
}

fn digest<'a>(
    world: &World,
    name: &'a str,
    office: &'a [EmailAddress],
    facts: &'a Facts,
    about: About,
) -> OfficeDigest<'a> {
    OfficeDigest { tenant: world.alpha, name, office, language: Language::De, facts, about }
}

/// Of the mailbox of these tests.
fn quiet_facts() -> Facts {
    let import_address = "import@alpha.example".to_owned();
    Facts { quiet: true, quiet_before: Some(later(1)), import_address, ..Facts::default() }
}

fn write(world: &World, name: &str, about: About) -> usize {
    let facts = Facts { quiet: false, ..quiet_facts() };
    world.store.write_digest(&digest(world, name, &office(), &facts, about), start()).unwrap()
}

fn no_number() -> Decision {
    Decision::KeepForAPerson { why: WhyUnassigned::NoNumber }
}

/// So many mails that nobody is told of.
fn waiting(world: &World, uids: std::ops::RangeInclusive<u32>) {
    for uid in uids {
        world.recorded(&world.record(uid, mail(&format!("mail {uid}")), no_number()));
    }
}

fn claim(world: &World, seconds: i64) -> Vec<QueuedNotification> {
    let places = SendingPlaces { singly: 1, ..SendingPlaces::free(100) };
    world.store.claim_notifications(later(seconds), later(seconds + 60), &places).unwrap()
}
