//! What webhooks are to be told stands in the record exactly if what they are told of does.

use crate::world::{World, later, mail, start};
use reply_import::application::Role;
use reply_import::application::id::MailId;
use reply_import::decision::{Decision, ImportOutcome, WebhookEvent, WhySetAside, WhyUnassigned};
use reply_import::store::{By, Delivery, Erasure, MailRecord, OutcomeFilter, Store, Subscription, Viewer};

const URL: &str = "https://hooks.example/all";
const ONLY_WAITING: &str = "https://hooks.example/waiting?key=1";

on_both! {
    fn a_webhook_is_told_of_its_own_tenants_mail_and_of_what_it_asked_for(world) {
        let store = told(world);
        let imported = record(&store, &world.imported(1, "first", "2024-00123"));
        let waits = record(&store, &waiting(world, 2, "second"));
        assert_eq!(events(&store, "alpha", URL), [
            (WebhookEvent::MailImported, imported, Some("2024-00123".to_owned())),
            (WebhookEvent::MailUnassigned, waits, None),
        ]);
        assert_eq!(events(&store, "alpha", ONLY_WAITING), [(WebhookEvent::MailUnassigned, waits, None)]);
        assert_eq!(events(&store, "beta", URL), []);
    }

    fn mail_that_is_set_aside_is_told_like_mail_that_waits_and_the_outcome_tells_which(world) {
        let store = told(world);
        let why = WhySetAside::FailedTooOften { attempts: 5 };
        let id = record(&store, &world.record(1, mail("first"), Decision::SetAside { why }));
        let in_hand = claim(&store, "alpha", ONLY_WAITING);
        let told = store.told_by(in_hand[0].id).unwrap().unwrap();
        assert_eq!((told.event, told.mail, told.outcome), (WebhookEvent::MailUnassigned, id, ImportOutcome::SetAside));
        assert_eq!((told.why.as_deref(), told.entry, told.application), (Some(why.as_str()), None, None));
        store.record_again(id, &waiting(world, 1, "first"), later(1)).unwrap();
        assert_eq!(store.told_by(in_hand[0].id).unwrap().unwrap().outcome, ImportOutcome::Unassigned);
    }

    fn what_nobody_sends_any_more_to_a_former_webhook_is_given_up(world) {
        let store = told(world);
        record(&store, &waiting(world, 1, "first"));
        let named = [URL, ONLY_WAITING].map(str::to_owned);
        let left = [ONLY_WAITING.to_owned()];
        let give_up = |tenant: &str, urls: &[String], before: i64, now: i64| {
            store.give_up_former_deliveries(tenant, urls, later(before), later(now)).unwrap()
        };
        let states = |url: &str, state: &str| {
            world.number(&format!("select count(*) from webhook_deliveries where url = '{url}' and state = '{state}'"))
        };
        assert_eq!(give_up("alpha", &named, 1, 6), 0, "both are named");
        assert_eq!(give_up("beta", &left, 1, 6), 0, "another tenant's");
        assert_eq!(give_up("gamma", &left, 1, 6), 0, "nobody's");
        assert_eq!(give_up("alpha", &left, 0, 6), 0, "not old enough");
        let in_hand = claim(&store, "alpha", URL);
        assert_eq!(give_up("alpha", &left, 1, 6), 0, "a worker with other settings sends it just now");
        store.release_deliveries(&[in_hand[0].id]).unwrap();
        assert_eq!(give_up("alpha", &left, 1, 6), 1);
        assert_eq!((states(URL, "failed"), states(ONLY_WAITING, "pending")), (1, 1));
        store.delivery_taken(in_hand[0].id, later(7)).unwrap();
        assert_eq!(states(URL, "failed"), 1, "whoever had it in hand comes too late");
        assert_eq!(give_up("alpha", &left, 1, 8), 0);
        assert_eq!(claim(&store, "alpha", ONLY_WAITING).len(), 1);
        assert_eq!(give_up("alpha", &[], 1, 61), 1, "a claim that ran out holds nothing");
    }

    fn nothing_is_written_down_where_nobody_is_told(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!(world.rows("webhook_deliveries"), 0);
    }

    fn a_repeat_is_told_to_nobody(world) {
        let store = told(world);
        let first = record(&store, &world.imported(1, "first", "2024-00123"));
        record(&store, &world.imported(2, "first", "2024-00123"));
        record(&store, &world.record(3, mail("first"), Decision::SkipRepeat { earlier: first }));
        assert_eq!(events(&store, "alpha", URL).len(), 1);
    }

    fn a_decision_of_a_person_is_told_instead_of_what_it_ends(world) {
        let store = told(world);
        let id = record(&store, &waiting(world, 1, "first"));
        store.record_assigned(id, &world.imported(1, "first", "2024-00124"), By::CLI, later(1)).unwrap().unwrap();
        let assigned = (WebhookEvent::MailImported, id, Some("2024-00124".to_owned()));
        assert_eq!(events(&store, "alpha", URL), [assigned]);
        store.revert(id, &[], later(2)).unwrap().unwrap();
        assert_eq!(events(&store, "alpha", URL), [(WebhookEvent::MailUnassigned, id, None)]);
        let back = store.claim_deliveries(("alpha", URL), later(60), later(90), 1).unwrap().remove(0);
        assert_eq!(store.told_by(back.id).unwrap(), None, "it was in a sender's hand, and is the case no more");
        assert_eq!(world.number("select count(*) from webhook_deliveries where event = 'mail.unassigned'"), 2);
    }

    fn processed_again_to_the_same_end_is_nothing_new(world) {
        let store = told(world);
        let record_of = waiting(world, 1, "first");
        let id = record(&store, &record_of);
        assert_eq!(events(&store, "alpha", URL).len(), 1);
        store.record_again(id, &record_of, later(1)).unwrap();
        assert_eq!(world.number(&format!("select count(*) from webhook_deliveries where url = '{URL}'")), 1);
        store.record_again(id, &world.imported(1, "first", "2024-00123"), later(2)).unwrap();
        let imported = "select count(*) from webhook_deliveries where event = 'mail.imported'";
        assert_eq!(world.number(imported), 1);
    }

    fn nothing_is_told_of_a_discarded_mail_until_it_is_taken_back(world) {
        let store = told(world);
        let id = record(&store, &waiting(world, 1, "first"));
        let ruth = Viewer { user: world.ruth(), tenant: world.alpha, role: Role::Personalmanager };
        store.discard(ruth, id, later(1)).unwrap();
        let rows = || world.number(&format!("select count(*) from webhook_deliveries where url = '{URL}'"));
        let in_hand = claim(&store, "alpha", URL).remove(0);
        assert_eq!((store.told_by(in_hand.id).unwrap(), rows()), (None, 1), "nobody was told yet that it waits");
        let why = WhySetAside::TooLarge { size: 2, max_size: 1 };
        store.record_again(id, &world.record(1, mail("first"), Decision::SetAside { why }), later(2)).unwrap();
        assert_eq!(rows(), 1);
        store.take_back(ruth, id, &[], later(3)).unwrap();
        assert_eq!(rows(), 2);
        assert_eq!(store.told_by(claim(&store, "alpha", URL)[0].id).unwrap().unwrap().outcome, ImportOutcome::SetAside);
    }

    fn programs_hear_that_a_mail_was_discarded_or_taken_back(world) {
        let (id, other) = (record(&world.store, &waiting(world, 1, "first")), record(&world.store, &waiting(world, 2, "second")));
        let ruth = Viewer { user: world.ruth(), tenant: world.alpha, role: Role::Personalmanager };
        let since = |second| {
            let filter = OutcomeFilter { since: Some(later(second)), ..OutcomeFilter::default() };
            let mails = world.store.outcomes(ruth, &filter).unwrap().mails;
            mails.into_iter().map(|mail| (mail.id, mail.discarded_at)).collect::<Vec<_>>()
        };
        assert_eq!(since(0), [(id, None), (other, None)]);
        world.store.discard(ruth, id, later(10)).unwrap();
        assert_eq!(since(10), [(id, Some(later(10)))]);
        assert_eq!(since(11), []);
        world.store.take_back(ruth, id, &[], later(20)).unwrap();
        assert_eq!((since(20), since(21)), (vec![(id, None)], vec![]));
    }

    fn what_is_erased_is_told_to_nobody(world) {
        let store = told(world);
        let id = record(&store, &world.imported(1, "first", "2024-00123"));
        let in_hand = claim(&store, "alpha", URL);
        assert_eq!(in_hand.len(), 1);
        store.erase(&Erasure::Application(world.application("2024-00123").id), reply_import::store::Actor::Cli, start()).unwrap();
        assert_eq!(store.told_by(in_hand[0].id).unwrap(), None, "mail {id}");
        assert_eq!(world.rows("webhook_deliveries"), 0);
    }

    fn nothing_is_told_of_a_blocked_application(world) {
        let store = told(world);
        record(&store, &world.imported(1, "first", "2024-00123"));
        world.sql("update applications set blocked_since = created_at").unwrap();
        let in_hand = claim(&store, "alpha", URL);
        assert_eq!(store.told_by(in_hand[0].id).unwrap(), None);
    }

    fn what_is_in_hand_comes_back_under_the_same_id(world) {
        let store = told(world);
        record(&store, &world.imported(1, "first", "2024-00123"));
        let first = claim(&store, "alpha", URL);
        assert_eq!(claim(&store, "alpha", URL), []);
        assert_eq!(store.claim_deliveries(("alpha", URL), later(59), later(120), 10).unwrap(), []);
        let again = store.claim_deliveries(("alpha", URL), later(60), later(120), 10).unwrap();
        assert_eq!(again, first);
    }

    fn what_is_put_off_taken_or_given_up_shows_in_the_status(world) {
        let store = told(world);
        for (uid, name) in [(1, "first"), (2, "second"), (3, "third")] {
            record(&store, &world.imported(uid, name, "2024-00123"));
        }
        let in_hand = claim(&store, "alpha", URL);
        store.put_off_delivery(in_hand[0].id, "it answers 500", later(10)).unwrap();
        store.delivery_taken(in_hand[1].id, later(1)).unwrap();
        store.give_up_delivery(in_hand[2].id, "it answers 404", later(1)).unwrap();
        let status = store.status().unwrap().webhooks.remove(0);
        assert_eq!((status.tenant.as_str(), status.url.as_str()), ("alpha", URL));
        assert_eq!((status.pending, status.sent, status.failed), (1, 1, 1));
        assert_eq!(status.error.as_deref(), Some("it answers 404"));
        assert_eq!(claim(&store, "alpha", URL), []);
        let again = store.claim_deliveries(("alpha", URL), later(10), later(60), 10).unwrap();
        assert_eq!((again.len(), again[0].attempts), (1, 1));
    }

    fn the_database_refuses_a_delivery_that_contradicts_itself(world) {
        record(&told(world), &world.imported(1, "first", "2024-00123"));
        for sql in [
            "update webhook_deliveries set state = 'sent'",
            "update webhook_deliveries set failed_at = happened_at",
            "update webhook_deliveries set state = 'lost'",
            "update webhook_deliveries set event = 'mail.lost'",
            "update webhook_deliveries set event = 'mail.unassigned'",
            "update webhook_deliveries set attempts = -1",
            "update webhook_deliveries set state = 'sent', sent_at = happened_at, claimed_until = happened_at",
            "insert into api_tokens (tenant_id, name, sha256, created_at) select id, '', '', created_at from tenants",
        ] {
            let error = world.sql(sql).expect_err(sql);
            assert!(error.to_lowercase().contains("check constraint"), "{sql}: {error}");
        }
    }
}

/// The store, with what alpha's webhooks want.
fn told(world: &World) -> Store {
    let subscription = |url: &str, events: &[WebhookEvent]| Subscription {
        tenant: "alpha".to_owned(),
        url: url.to_owned(),
        events: events.to_vec(),
    };
    let subscriptions =
        vec![subscription(URL, WebhookEvent::ALL), subscription(ONLY_WAITING, &[WebhookEvent::MailUnassigned])];
    world.store.clone().with_webhooks(subscriptions)
}

fn waiting(world: &World, uid: u32, name: &str) -> MailRecord {
    world.record(uid, mail(name), Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber })
}

fn record(store: &Store, record: &MailRecord) -> MailId {
    store.record(std::slice::from_ref(record), start()).unwrap().remove(0).mail
}

fn claim(store: &Store, tenant: &str, url: &str) -> Vec<Delivery> {
    store.claim_deliveries((tenant, url), later(5), later(60), 10).unwrap()
}

/// What is told, in its order; it is in a sender's hand then.
fn events(store: &Store, tenant: &str, url: &str) -> Vec<(WebhookEvent, MailId, Option<String>)> {
    let told = claim(store, tenant, url).into_iter().map(|delivery| store.told_by(delivery.id).unwrap().unwrap());
    told.map(|told| {
        assert_eq!(WebhookEvent::of(told.outcome), Some(told.event));
        assert_eq!(told.entry.is_some(), told.outcome == ImportOutcome::Imported);
        (told.event, told.mail, told.application)
    })
    .collect()
}
