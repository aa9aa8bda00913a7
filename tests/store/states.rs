//! How the service stands, as the administrators of one tenant see it: nothing of another tenant, nothing of a mail.

use crate::profile_people::{alpha, people, viewer};
use crate::world::{World, address, later, mail, start};
use chrono::TimeDelta;
use reply_import::application::id::MailboxId;
use reply_import::decision::{Decision, ImportOutcome, WebhookEvent, WhySetAside, WhyUnassigned};
use reply_import::store::{
    Actor, CountedSince, Erasure, LeftInInbox, MailRecord, MailsWaiting, RoundNote, SendingTrouble, Store,
    Subscription, TenantStates, TroubleKind, Viewer,
};

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
const SET_ASIDE: Decision = Decision::SetAside { why: WhySetAside::FailedTooOften { attempts: 5 } };

/// What a server may say of a mail that it refuses.
const QUOTES: &str = "The SMTP server answered 550: 5.7.1 Meine Zeugnisse (Erika Beispiel) is no good";

on_both! {
    fn only_the_active_administrators_of_a_tenant_see_how_it_stands(world) {
        people(world);
        for (who, sees) in [
            ("adam@alpha.example", true),
            ("ruth@alpha.example", false),
            ("rita@alpha.example", false),
            ("karl@alpha.example", false),
            ("fred@alpha.example", false),
            ("gone@alpha.example", false),
        ] {
            assert_eq!(states(&world.store, alpha(world, who)).is_some(), sees, "{who}");
        }
        let adam = alpha(world, "adam@alpha.example");
        let of_beta = Viewer { tenant: world.beta, ..adam };
        assert_eq!(states(&world.store, of_beta), None, "of another tenant");
        let was_another = Viewer { role: adam.role, ..alpha(world, "ruth@alpha.example") };
        assert_eq!(states(&world.store, was_another), None, "the directory says otherwise");
        world.sql("update users set active = false where name = 'Adam Amt'").unwrap();
        assert_eq!(states(&world.store, adam), None, "no longer active");
    }

    fn mail_is_counted_by_its_end_and_its_day(world) {
        people(world);
        let beta = furnish(world);
        for (uid, days) in [(11, 0), (12, 1), (13, 6), (14, 7)] {
            let record = world.record(uid, mail(&format!("mail {uid}")), NO_NUMBER);
            world.store.record(&[record], start() - TimeDelta::days(days)).unwrap();
        }
        let mut late = world.record(15, mail("mail 15"), SET_ASIDE);
        late.received_at = later(50);
        world.recorded(&late);
        let seen = states(&world.store, alpha(world, "adam@alpha.example")).unwrap();
        let counts = |outcome| {
            let line = seen.mails.iter().find(|line| line.outcome == outcome).unwrap();
            (line.today, line.week, line.all)
        };
        assert_eq!(counts(ImportOutcome::Imported), (1, 1, 1));
        assert_eq!(counts(ImportOutcome::Unassigned), (1, 3, 4));
        assert_eq!(counts(ImportOutcome::SetAside), (1, 1, 1));
        assert_eq!(counts(ImportOutcome::Repeated), (0, 0, 0));
        assert_eq!(seen.mails.len(), ImportOutcome::ALL.len());
        assert_eq!(seen.waiting, [
            MailsWaiting { outcome: ImportOutcome::Unassigned, mails: 4, oldest: start() },
            MailsWaiting { outcome: ImportOutcome::SetAside, mails: 1, oldest: later(50) },
        ]);
        world.sql("update mails set discarded_at = recorded_at where outcome = 'set_aside'").unwrap();
        let discarded = states(&world.store, alpha(world, "adam@alpha.example")).unwrap();
        assert_eq!(discarded.waiting, seen.waiting[..1], "what a person discarded waits for nobody");
        assert_eq!(discarded.mails, seen.mails);
        let other = states(&world.store, beta).unwrap();
        let all: u64 = other.mails.iter().map(|line| line.all).sum();
        assert_eq!((all, other.waiting.len()), (1, 1), "{other:?}");
    }

    fn what_is_not_delivered_shows_with_its_code_and_without_the_servers_words(world) {
        people(world);
        let beta = furnish(world);
        world.recorded(&world.imported(2, "second", "2024-00123"));
        let quotes = format!("update outbox set attempts = 1, last_error = '{QUOTES}'");
        world.sql(&quotes).unwrap();
        let pending = format!("select id from outbox where tenant_id = {} order by id limit 1", world.alpha);
        world.sql(&format!("update outbox set state = 'failed', failed_at = created_at where id = ({pending})")).unwrap();
        let adam = alpha(world, "adam@alpha.example");
        let seen = states(&world.store, adam).unwrap();
        let told = &seen.notifications;
        assert_eq!((told.pending, told.failed, told.sent, told.oldest_pending), (1, 1, 0, Some(start())));
        let why = SendingTrouble { kind: TroubleKind::Answered, code: Some("550 5.7.1".to_owned()) };
        let troubles: Vec<_> = told.troubles.iter().map(|one| (one.address.as_str(), one.given_up, one.notifications)).collect();
        assert_eq!(troubles, [("ruth@alpha.example", false, 1), ("ruth@alpha.example", true, 1)]);
        assert!(told.troubles.iter().all(|one| one.why == why), "{told:?}");
        let webhook = seen.webhooks.as_slice();
        assert_eq!((webhook.len(), webhook[0].origin.as_str()), (1, "https://hooks.example"));
        assert_eq!((webhook[0].pending, webhook[0].oldest_pending, &webhook[0].why), (1, Some(start()), &None));
        world.sql("update webhook_deliveries set attempts = 1, last_error = 'it answers 500 Erika'").unwrap();
        let seen = states(&world.store, adam).unwrap();
        assert_eq!(seen.webhooks[0].why, Some(SendingTrouble { kind: TroubleKind::Answered, code: Some("500".to_owned()) }));
        says_nothing_of_mails(&seen);
        world.store.give_up_former_deliveries("alpha", &[], later(1), later(6)).unwrap();
        let seen = states(&world.store, adam).unwrap();
        assert_eq!((seen.webhooks[0].pending, seen.webhooks[0].failed), (0, 1));
        assert_eq!(seen.webhooks[0].why, Some(SendingTrouble { kind: TroubleKind::Former, code: None }));
        let other = states(&world.store, beta).unwrap();
        assert_eq!((other.notifications.pending, other.notifications.troubles.len()), (0, 0));
        assert_eq!(other.webhooks, []);
    }

    fn mailboxes_show_their_rounds_and_what_is_still_to_be_removed(world) {
        people(world);
        let beta = furnish(world);
        let round = |mailbox, error: Option<&str>, at, waiting| {
            let error = error.map(str::to_owned);
            let left = Some(LeftInInbox { waiting, stranded: 2 });
            let note = RoundNote { at, error, left, login_ends_at: None };
            world.store.round_finished(mailbox, &note).unwrap();
        };
        round(world.mailbox, None, later(10), 3);
        round(world.mailbox, Some("the server refused MOVE: [NOPERM] \"Meine Zeugnisse\" of erika@example.org"), later(20), 4);
        let adam = alpha(world, "adam@alpha.example");
        let seen = states(&world.store, adam).unwrap();
        let [one] = seen.mailboxes.as_slice() else { panic!("{seen:?}") };
        assert_eq!((one.address.as_str(), one.last_round, one.last_good_round), ("import@alpha.example", Some(later(20)), Some(later(10))));
        assert_eq!((one.waiting, one.stranded, one.removals, one.removals_since), (4, 2, 0, None));
        assert!(one.error.as_ref().unwrap().contains("[NOPERM]"), "{one:?}");
        says_nothing_of_mails(&seen);
        world.store.erase(&Erasure::Application(world.application("2024-00123").id), Actor::Cli, later(30)).unwrap();
        let seen = states(&world.store, adam).unwrap();
        assert_eq!((seen.mailboxes[0].removals, seen.mailboxes[0].removals_since), (1, Some(later(30))));
        let other = states(&world.store, beta).unwrap();
        assert_eq!((other.mailboxes.len(), other.mailboxes[0].last_round, other.mailboxes[0].removals), (1, None, 0));
    }

    fn open_sessions_are_counted(world) {
        people(world);
        let sign_in = |who: &str| {
            for link in world.store.make_sign_in_links(&address(who), "/", start()).unwrap() {
                world.store.use_sign_in_link(&link.token, start()).unwrap().unwrap();
            }
        };
        sign_in("karl@alpha.example");
        sign_in("rita@alpha.example");
        sign_in("bea@beta.example");
        let adam = alpha(world, "adam@alpha.example");
        assert_eq!(states(&world.store, adam).unwrap().sessions, 2);
        let much_later = start() + TimeDelta::days(1);
        let seen = world.store.tenant_states(adam, since(), much_later).unwrap().unwrap();
        assert_eq!(seen.sessions, 0, "they have ended");
    }
}

/// A mail of each tenant, of which people and a webhook are told, and an administrator of the other tenant.
fn furnish(world: &World) -> Viewer {
    let webhook = |tenant: &str, url: &str| Subscription {
        tenant: tenant.to_owned(),
        url: url.to_owned(),
        events: vec![WebhookEvent::MailImported],
    };
    let store = world.store.clone().with_webhooks(vec![webhook("alpha", "https://hooks.example/secret?key=secret")]);
    store.record(&[world.imported(1, "first", "2024-00123")], start()).unwrap();
    let mailbox: MailboxId = store.ensure_mailbox(world.beta, &address("import@beta.example"), start()).unwrap();
    let foreign =
        MailRecord { tenant: world.beta, mailbox, forwarder: None, ..world.record(1, mail("foreign"), NO_NUMBER) };
    store.record(&[foreign], start()).unwrap();
    viewer(world, world.beta, "ruth@alpha.example")
}

fn since() -> CountedSince {
    CountedSince { today: start() - TimeDelta::hours(10), week: start() - TimeDelta::hours(10 + 6 * 24) }
}

fn states(store: &Store, viewer: Viewer) -> Option<TenantStates> {
    store.tenant_states(viewer, since(), later(60)).unwrap()
}

fn says_nothing_of_mails(states: &TenantStates) {
    let said = format!("{states:?}");
    for personal in ["Erika", "erika", "Zeugnis", "2024-00", "Gießerei", "secret", "ablegen"] {
        assert!(!said.contains(personal), "{personal} in {said}");
    }
}
