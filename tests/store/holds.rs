//! Legal holds, blocking, looking, and what stands in the audit of it.

use crate::world::{World, address, later, mail, reference_number, shapes, start, to};
use chrono::{DateTime, Utc};
use reply_import::application::id::{ApplicationId, MailId};
use reply_import::decision::{Decision, ImportOutcome, WhyUnassigned};
use reply_import::mail::NumberReading;
use reply_import::notification::Occasion;
use reply_import::store::directory::read_json_lines;
use reply_import::store::{Actor, AuditEntry, AuditFilter, By, Erasure, Looking, StoreError};

on_both! {
    fn an_application_is_found_by_its_number_also_with_other_zeros_at_the_start(world) {
        for number in ["0482137", "482999", "0482999"] {
            let line = format!(
                r#"{{"kind": "application", "tenant": "alpha", "number": "{number}", "candidate": "K1", "post": "Lager", "responsible": [], "state": "open"}}"#
            );
            world.store.import_directory(&read_json_lines(line.as_bytes()).unwrap(), &shapes(), start()).unwrap();
        }
        let of = |number| world.store.application_of_number(world.alpha, &reference_number(number)).unwrap();
        let id = |number| Some(world.application(number).id);
        assert_eq!((of("0482137"), of("482137"), of("00482137")), (id("0482137"), id("0482137"), id("0482137")));
        assert_eq!((of("482999"), of("0482999")), (id("482999"), id("0482999")), "exactly this one");
        assert_eq!((of("00482999"), of("482138")), (None, None), "either could be meant, or none");
    }

    fn a_hold_stands_until_it_is_released_and_a_second_one_changes_nothing(world) {
        let application = application(world);
        assert_eq!(world.store.holds().unwrap(), []);
        let hold = |file: Option<&str>, at| world.store.hold(application, file, Actor::Cli, at).unwrap();
        assert_eq!(hold(Some("AZ 12/2026"), later(10)), later(10));
        assert_eq!(hold(Some("AZ 13/2026"), later(20)), later(10), "held since the first time");
        let [held] = world.store.holds().unwrap().try_into().unwrap();
        assert_eq!((held.application, held.reference.as_str(), held.tenant.as_str()), (application, "2024-00123", "alpha"));
        assert_eq!((held.file_number.as_deref(), held.blocked_since), (Some("AZ 12/2026"), None));
        let release = |at| world.store.release_hold(application, Actor::Cli, at).unwrap();
        assert_eq!(release(later(30)), Some(later(10)));
        assert_eq!(release(later(40)), None);
        assert_eq!((world.store.holds().unwrap(), hold(None, later(50))), (vec![], later(50)));
        assert_eq!(deeds(world, application), ["application_held", "application_released", "application_held"]);
        let missing = world.store.hold(ApplicationId(4711), None, Actor::Cli, start()).unwrap_err();
        assert!(matches!(missing, StoreError::Missing { .. }), "{missing:?}");
    }

    fn a_held_application_cannot_be_removed_whoever_tries(world) {
        let application = application(world);
        world.store.hold(application, None, Actor::Cli, start()).unwrap();
        world.sql("delete from responsibilities").unwrap();
        let sql = format!("delete from applications where id = {application}");
        assert!(world.sql(&sql).unwrap_err().to_lowercase().contains("foreign key"));
        world.store.release_hold(application, Actor::Cli, later(1)).unwrap();
        world.sql(&sql).unwrap();
    }

    fn a_hold_keeps_mail_that_waits_and_may_belong_to_the_application(world) {
        let keep = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        let waits = |uid, name: &str, number: &str, sender: &str| {
            let mut waits = mail(name);
            waits.subject.number = NumberReading::One(reference_number(number));
            waits.original.as_mut().unwrap().from_address = Some(address(sender));
            world.recorded(&world.record(uid, waits, keep)).mail
        };
        let claims = waits(1, "claims", "2024-00123", "stranger@example.org");
        let of_candidate = waits(2, "comes from", "2024-04711", "erika@example.org");
        let others = waits(3, "others", "2024-04711", "stranger@example.org");
        let application = application(world);
        world.store.hold(application, None, Actor::Cli, later(10)).unwrap();
        for mail in [claims, of_candidate] {
            let plan = world.store.erasure_plan(&Erasure::Mails(vec![mail]), later(20)).unwrap();
            let erased = world.store.erase(&Erasure::Mails(vec![others, mail]), Actor::Cli, later(20)).unwrap();
            for held in [plan.erased.held, erased.held] {
                assert_eq!(held.map(|held| (held.application, held.since)), Some((application, later(10))));
            }
            assert_eq!((erased.mails, world.rows("mails")), (0, 3));
        }
        assert_eq!(world.store.erase(&Erasure::Mails(vec![others]), Actor::Cli, later(20)).unwrap().mails, 1);
        world.store.release_hold(application, Actor::Cli, later(30)).unwrap();
        assert_eq!(world.store.erase(&Erasure::Mails(vec![claims, of_candidate]), Actor::Cli, later(40)).unwrap().mails, 2);
    }

    fn a_hold_keeps_a_mail_with_what_repeats_it_and_may_belong_to_the_application(world) {
        let keep = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        let strange = |name: &str, number: &str| {
            let mut strange = mail(name);
            strange.subject.number = NumberReading::One(reference_number(number));
            strange.original.as_mut().unwrap().from_address = Some(address("stranger@example.org"));
            strange
        };
        let first = world.recorded(&world.record(1, strange("first", "2024-04711"), keep)).mail;
        let repeats = Decision::SkipRepeat { earlier: first };
        let further = world.recorded(&world.record(2, strange("first", "2024-00123"), repeats)).mail;
        let due = || {
            let asked = (MailId(0), 10, true);
            world.store.mails_of_no_application(world.alpha, ImportOutcome::Unassigned, later(50), asked).unwrap().mails
        };
        assert_eq!(due(), [(first, start())]);
        let application = application(world);
        world.store.hold(application, None, Actor::Cli, later(10)).unwrap();
        assert_eq!(due(), [], "what repeats it would go with it");
        let erased = world.store.erase(&Erasure::Mails(vec![first]), Actor::Cli, later(20)).unwrap();
        let held = erased.held.map(|held| (held.number, held.mail));
        assert_eq!(held, Some(("2024-00123".to_owned(), Some(further))));
        assert_eq!(world.store.erase_due_mails(&[first], later(20)).unwrap().mails, 0);
        world.store.release_hold(application, Actor::Cli, later(30)).unwrap();
        assert_eq!(world.store.erase(&Erasure::Mails(vec![first]), Actor::Cli, later(40)).unwrap().mails, 2);
    }

    fn a_hold_keeps_such_mail_also_when_a_person_or_a_number_is_erased(world) {
        feed_of(world, "2024-00200");
        let keep = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        let mut waits = mail("claims");
        waits.subject.number = NumberReading::One(reference_number("2024-00123"));
        waits.original.as_mut().unwrap().from_address = Some(address("stranger@example.org"));
        let claims = world.recorded(&world.record(1, waits, keep)).mail;
        let mut waits = mail("comes from");
        waits.subject.number = NumberReading::One(reference_number("2024-00200"));
        waits.original.as_mut().unwrap().from_address = Some(address("erika@example.org"));
        let of_candidate = world.recorded(&world.record(2, waits, keep)).mail;
        let application = application(world);
        world.store.hold(application, None, Actor::Cli, later(10)).unwrap();
        let other = world.store.application_of_number(world.alpha, &reference_number("2024-00200")).unwrap().unwrap();
        for (what, mail) in [
            (Erasure::Address(world.alpha, address("stranger@example.org")), claims),
            (Erasure::Application(other), of_candidate),
        ] {
            let plan = world.store.erasure_plan(&what, later(20)).unwrap();
            let erased = world.store.erase(&what, Actor::Cli, later(20)).unwrap();
            for held in [plan.erased.held, erased.held] {
                assert_eq!(held.map(|held| (held.application, held.mail)), Some((application, Some(mail))), "{what:?}");
            }
            assert_eq!((erased.mails, erased.applications, world.rows("mails")), (0, 0, 2));
        }
        world.store.release_hold(application, Actor::Cli, later(30)).unwrap();
        let erased = world.store.erase(&Erasure::Application(other), Actor::Cli, later(40)).unwrap();
        assert_eq!((erased.mails, erased.applications, world.rows("mails")), (1, 1, 1));
    }

    fn what_is_blocked_is_shown_to_nobody_who_does_not_ask_for_it(world) {
        let mut record = world.imported(1, "first", "2024-00123");
        record.notifications.push(to("karl@alpha.example", Occasion::Reply));
        let first = world.recorded(&record).mail;
        let repeat = world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first })).mail;
        let again = world.recorded(&world.record(4, mail("first"), Decision::SkipRepeat { earlier: repeat })).mail;
        let other = world.recorded(&world.imported(3, "third", "2024-00124")).mail;
        let application = application(world);
        assert!(world.store.block(application, Actor::Service, later(10)).unwrap());
        assert!(!world.store.block(application, Actor::Service, later(20)).unwrap(), "it is blocked since the first time");
        let look = |mail, looking| world.store.look_at(mail, looking, Actor::Cli, later(30)).unwrap().unwrap();
        for mail in [first, repeat, again] {
            let detail = look(mail, Looking::AsUsual);
            assert_eq!(detail.summary.blocked_since, Some(later(10)));
            let text = serde_json::to_string(&detail).unwrap();
            for said in ["Meine Zeugnisse", "Bitte ablegen", "Zeugnis first.pdf", "@alpha.example\",\"state", "karl@"] {
                assert!(!text.contains(said), "{said}: {text}");
            }
            assert!(detail.message_id.is_none() && detail.checks.is_empty());
            assert_eq!((detail.summary.id, detail.size), (mail, 4321));
        }
        let detail = look(first, Looking::AtWhatIsBlocked);
        assert_eq!((detail.subject.as_deref(), detail.files.len()), (Some("2024-00123 Meine Zeugnisse"), 1));
        assert!(look(other, Looking::AsUsual).subject.is_some(), "another application of theirs is not blocked");
        assert_eq!(world.store.look_at(MailId(4711), Looking::AsUsual, Actor::Cli, later(30)).unwrap(), None);
        let listed = world.store.mails(&reply_import::store::MailFilter::default()).unwrap();
        assert_eq!(listed.iter().filter(|mail| mail.blocked_since.is_some()).count(), 1);
        let viewed: Vec<(Option<MailId>, Option<String>)> = audit(world, &AuditFilter::default())
            .into_iter()
            .filter(|deed| deed.what == "mail_viewed")
            .map(|deed| (deed.mail, deed.detail))
            .collect();
        let hidden = || Some("without its contents: blocked".to_owned());
        assert_eq!(viewed, [
            (Some(first), hidden()),
            (Some(repeat), hidden()),
            (Some(again), hidden()),
            (Some(first), Some("blocked contents".to_owned())),
            (Some(other), Some("contents".to_owned())),
        ]);
    }

    fn a_blocked_application_still_gets_its_replies(world) {
        world.store.block(application(world), Actor::Service, start()).unwrap();
        world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (1, 1));
    }

    fn a_feed_that_says_it_is_open_again_ends_the_blocking(world) {
        let application = application(world);
        world.store.block(application, Actor::Service, start()).unwrap();
        feed(world, "rejected", later(10));
        let blocked = || world.number("select count(*) from applications where blocked_since is not null");
        assert_eq!(blocked(), 1);
        feed(world, "open", later(20));
        assert_eq!(blocked(), 0);
        assert_eq!(deeds(world, application), ["application_blocked", "application_unblocked"]);
        world.store.block(application, Actor::Cli, later(30)).unwrap();
        feed_of(world, "2024-00123");
        assert_eq!(blocked(), 1, "it was open before: somebody wanted it erased, and it is held");
    }

    fn the_audit_says_who_did_what_when_in_ids_and_words_only(world) {
        let application = application(world);
        let imported = world.recorded(&world.imported(1, "planted", "2024-00123")).mail;
        let mut waiting = world.record(2, mail("waits"), Decision::KeepForAPerson { why: WhyUnassigned::NoNumber });
        waiting.notifications = vec![to("office@alpha.example", Occasion::Waiting)];
        let refused = world.recorded(&waiting).mail;
        world.store.look_at(imported, Looking::AsUsual, Actor::Cli, later(1)).unwrap();
        world.store.revert(imported, &[], later(2)).unwrap();
        world.store.record_assigned(imported, &world.imported(1, "planted", "2024-00123"), By::CLI, later(3)).unwrap();
        world.store.record_again(refused, &waiting, later(4)).unwrap();
        world.store.hold(application, Some("AZ 12/2026 planted"), Actor::Cli, later(5)).unwrap();
        world.store.block(application, Actor::Service, later(6)).unwrap();
        feed(world, "rejected", later(7));
        feed(world, "open", later(7));
        world.store.release_hold(application, Actor::Cli, later(8)).unwrap();
        let deeds = audit(world, &AuditFilter::default());
        let said: Vec<(&str, &str)> = deeds.iter().map(|deed| (deed.what.as_str(), deed.who.as_str())).collect();
        assert_eq!(said, [
            ("directory_imported", "cli"),
            ("directory_imported", "cli"),
            ("mail_recorded", "service"),
            ("mail_recorded", "service"),
            ("mail_viewed", "cli"),
            ("mail_reverted", "cli"),
            ("mail_assigned", "cli"),
            ("mail_reprocessed", "cli"),
            ("application_held", "cli"),
            ("application_blocked", "service"),
            ("directory_imported", "cli"),
            ("application_unblocked", "service"),
            ("directory_imported", "cli"),
            ("application_released", "cli"),
        ]);
        let of_refused = &deeds[3];
        assert_eq!((of_refused.mail, of_refused.user), (Some(refused), Some(world.ruth())));
        assert_eq!((of_refused.outcome.as_deref(), of_refused.detail.as_deref()), (Some("unassigned"), Some("no_number")));
        let text = serde_json::to_string(&deeds).unwrap();
        for personal in ["planted", "Zeugnis", "Erika", "erika", "ruth", "Ruth", "@", "AZ 12", "2024-00123", ".pdf"] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
    }

    fn the_audit_can_be_narrowed_down_and_outlives_what_it_tells_of(world) {
        let application = application(world);
        let first = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        world.recorded(&world.imported(2, "second", "2024-00124"));
        world.store.look_at(first, Looking::AsUsual, Actor::Cli, later(60)).unwrap();
        world.sql("delete from mails").unwrap();
        world.sql(&format!("delete from responsibilities; delete from applications where id = {application}")).unwrap();
        let what = |filter: AuditFilter| -> Vec<String> {
            audit(world, &filter).into_iter().map(|deed| deed.what).collect()
        };
        let both = ["mail_recorded", "mail_viewed"];
        assert_eq!(what(AuditFilter { application: Some(application), ..AuditFilter::default() }), both);
        assert_eq!(what(AuditFilter { mail: Some(first), ..AuditFilter::default() }), both);
        assert_eq!(what(AuditFilter { since: Some(later(60)), ..AuditFilter::default() }), ["mail_viewed"]);
        assert_eq!(what(AuditFilter { limit: Some(2), ..AuditFilter::default() }), both, "the latest ones, oldest first");
    }
}

fn application(world: &World) -> ApplicationId {
    world.store.application_of_number(world.alpha, &reference_number("2024-00123")).unwrap().unwrap()
}

fn audit(world: &World, filter: &AuditFilter) -> Vec<AuditEntry> {
    world.store.audit(filter).unwrap()
}

fn deeds(world: &World, application: ApplicationId) -> Vec<String> {
    let filter = AuditFilter { application: Some(application), ..AuditFilter::default() };
    audit(world, &filter).into_iter().map(|deed| deed.what).collect()
}

fn feed_of(world: &World, number: &str) {
    let line = format!(
        r#"{{"kind": "application", "tenant": "alpha", "number": "{number}", "candidate": "K1", "post": "Lager", "responsible": [], "state": "open"}}"#
    );
    world.store.import_directory(&read_json_lines(line.as_bytes()).unwrap(), &shapes(), start()).unwrap();
}

fn feed(world: &World, state: &str, now: DateTime<Utc>) {
    let line = format!(
        r#"{{"kind": "application", "tenant": "alpha", "number": "2024-00123", "candidate": "K1", "post": "Gießerei", "responsible": [], "state": "{state}"}}"#
    );
    world.store.import_directory(&read_json_lines(line.as_bytes()).unwrap(), &shapes(), now).unwrap();
}
