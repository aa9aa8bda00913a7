//! Erasing: all of one person's, nothing of anybody else's.

use crate::world::{World, address, file, later, mail, reference_number, shapes, start, to};
use reply_import::application::id::{ApplicationId, MailId};
use reply_import::decision::{Decision, ImportOutcome, WhySetAside, WhyUnassigned};
use reply_import::mail::{AutomaticKind, IncomingMail, NumberReading, Person};
use reply_import::notification::Occasion;
use reply_import::store::directory::read_json_lines;
use reply_import::store::{Actor, Erased, Erasure, FiledMail, MailRecord};

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

/// A mail that claims another number, or none.
fn claiming(name: &str, number: Option<&str>) -> IncomingMail {
    let mut mail = mail(name);
    mail.subject.number = number.map_or(NumberReading::None, |number| NumberReading::One(reference_number(number)));
    mail
}

fn from(mut mail: IncomingMail, sender: &str) -> IncomingMail {
    if let Some(original) = &mut mail.original {
        original.from_address = Some(address(sender));
    }
    mail
}

fn archived_mails(erased: &Erased) -> u64 {
    erased.archived.values().flat_map(|folders| folders.values()).sum()
}

fn waiting(world: &World, uid: u32, mail: IncomingMail) -> MailId {
    world.recorded(&world.record(uid, mail, NO_NUMBER)).mail
}

fn application(world: &World, number: &str) -> ApplicationId {
    world.application(number).id
}

fn candidate(world: &World) -> reply_import::application::id::CandidateId {
    world.store.candidates_of_address(world.alpha, &address("erika@example.org")).unwrap()[0].id
}

fn ids(world: &World) -> Vec<MailId> {
    let mut ids: Vec<MailId> =
        world.store.mails(&reply_import::store::MailFilter::default()).unwrap().iter().map(|mail| mail.id).collect();
    ids.sort_unstable();
    ids
}

on_both! {
    fn an_application_goes_with_all_that_belongs_to_it_and_nothing_else(world) {
        let mut first = world.imported(1, "first", "2024-00123");
        first.notifications.push(to("karl@alpha.example", Occasion::Reply));
        first.mail.attachments.push(file("Gemeinsam.pdf", b"%PDF in both"));
        let first = world.recorded(&first);
        let claimed = world.store.claim_notifications(start(), later(30), &reply_import::store::SendingPlaces::free(1)).unwrap();
        world.sent(claimed[0].id, later(1));
        let repeat = world.recorded(&world.record(2, mail("first"), Decision::SkipRepeat { earlier: first.mail }));
        let again = Decision::SkipRepeat { earlier: repeat.mail };
        world.recorded(&world.record(3, mail("first"), again));
        let further = Decision::AddForwarder { application: application(world, "2024-00123"), entry: first.entry.unwrap(), earlier: first.mail };
        world.recorded(&world.record(4, mail("further"), further));
        let waits = waiting(world, 5, claiming("waits", Some("2024-00123")));
        let mut other = world.imported(6, "other", "2024-00124");
        other.mail.attachments.push(file("Gemeinsam.pdf", b"%PDF in both"));
        let other = world.recorded(&other).mail;
        let elsewhere = waiting(world, 7, from(claiming("elsewhere", None), "somebody@example.org"));
        let of_the_person = waiting(world, 8, claiming("of the person", None));
        let blobs = world.rows("blobs");

        let what = Erasure::Application(application(world, "2024-00123"));
        let plan = world.store.erasure_plan(&what, later(5)).unwrap();
        assert_eq!((plan.erased.mails, plan.erased.entries, plan.erased.applications, plan.erased.candidates), (5, 1, 1, 0));
        let mentioned: Vec<MailId> = plan.mentions.iter().map(|mention| mention.mail).collect();
        assert_eq!(mentioned, [of_the_person], "it may belong to the other application");
        let erased = world.store.erase(&what, Actor::Cli, later(5)).unwrap();

        assert_eq!((erased.mails, erased.entries, erased.applications, erased.candidates), (5, 1, 1, 0));
        assert_eq!((erased.files, plan.erased.files, erased.notifications), (4, 4, 2));
        assert_eq!((archived_mails(&erased), erased.archived["import@alpha.example"]["INBOX"]), (5, 5));
        assert_eq!(ids(world), [other, elsewhere, of_the_person]);
        assert!(world.known(world.alpha, Some("2024-00123"), None).application.is_none());
        assert_eq!(application(world, "2024-00124"), world.application("2024-00124").id);
        assert_eq!((world.rows("history_entries"), world.rows("outbox"), world.rows("mail_contents")), (1, 1, 3));
        assert_eq!(world.number("select count(*) from blobs where size = 12"), 1, "another mail has it too");
        assert!(erased.contents > 0 && blobs - world.rows("blobs") == i64::try_from(erased.contents).unwrap());
        assert_eq!(world.number("select count(*) from audit where what = 'mail_erased'"), 5);
        assert_eq!(world.number(&format!("select count(*) from audit where what = 'mail_erased' and mail_id = {waits}")), 1);
        assert_eq!(world.number("select count(*) from audit where what = 'application_erased' and application_id is not null"), 1);
        assert_eq!(world.rows("removals"), 5);
        let again = world.store.erase(&what, Actor::Cli, later(6)).unwrap();
        assert_eq!(again, reply_import::store::Erased::default(), "a second time there is nothing left");
    }

    fn a_candidate_goes_with_all_applications_and_what_waits_from_their_addresses(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.recorded(&world.imported(2, "second", "2024-00124"));
        let why = WhySetAside::FailedTooOften { attempts: 5 };
        let set_aside = from(claiming("set aside", None), "e.beispiel@example.net");
        world.recorded(&world.record(3, set_aside, Decision::SetAside { why }));
        let mut herself = from(claiming("herself", None), "somebody@example.org");
        herself.original = None;
        herself.forwarder = Some(Person { name: None, address: address("erika@example.org") });
        let mut herself = world.record(4, herself, NO_NUMBER);
        herself.forwarder = None;
        world.recorded(&herself);
        let kind = AutomaticKind::Receipt;
        world.recorded(&world.record(5, claiming("robot", Some("2024-00124")), Decision::IgnoreAutomatic { kind }));
        let mut mentions = from(claiming("mentions", None), "somebody@example.org");
        "Gruß von ERIKA@example.org".clone_into(&mut mentions.text);
        let mentions = waiting(world, 6, mentions);
        let what = Erasure::Candidate(candidate(world));
        let plan = world.store.erasure_plan(&what, later(5)).unwrap();
        assert_eq!(plan.mentions.iter().map(|mention| mention.mail).collect::<Vec<_>>(), [mentions]);
        let erased = world.store.erase(&Erasure::Candidate(candidate(world)), Actor::Cli, later(5)).unwrap();
        assert_eq!((erased.candidates, erased.applications, erased.mails, erased.entries), (1, 2, 5, 2));
        assert_eq!(ids(world), [mentions]);
        for sql in [
            "select count(*) from candidates where name = 'Erika Beispiel'",
            "select count(*) from candidate_addresses",
            "select count(*) from responsibilities",
        ] {
            assert_eq!(world.number(sql), 0, "{sql}");
        }
        assert_eq!(world.number("select count(*) from applications"), 1, "the other tenant's");
        assert_eq!(world.number("select count(*) from audit where what = 'candidate_erased'"), 1);
    }

    fn the_last_application_takes_the_candidate_along(world) {
        world.store.erase(&Erasure::Application(application(world, "2024-00124")), Actor::Cli, later(1)).unwrap();
        let erased = world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(2)).unwrap();
        assert_eq!((erased.applications, erased.candidates), (1, 1));
        assert_eq!(world.store.candidates_of_address(world.alpha, &address("erika@example.org")).unwrap(), []);
    }

    fn an_address_that_two_candidates_share_tells_nothing_about_whose_a_mail_is(world) {
        let twin = r#"{"kind": "candidate", "tenant": "alpha", "id": "K2", "name": "Max Beispiel", "addresses": ["erika@example.org"]}"#;
        world.store.import_directory(&read_json_lines(twin.as_bytes()).unwrap(), &shapes(), start()).unwrap();
        let shared = waiting(world, 1, claiming("shared", None));
        waiting(world, 2, from(claiming("own", None), "e.beispiel@example.net"));
        let both = world.store.candidates_of_address(world.alpha, &address("erika@example.org")).unwrap();
        assert_eq!(both.len(), 2);
        let what = Erasure::Candidate(both[0].id);
        assert_eq!(world.store.erasure_plan(&what, start()).unwrap().mentions[0].mail, shared);
        assert_eq!(world.store.erase(&what, Actor::Cli, start()).unwrap().mails, 1);
        assert_eq!(ids(world), [shared]);
    }

    fn what_a_user_who_applies_here_has_passed_on_is_not_theirs(world) {
        let applies = r#"{"kind": "candidate", "tenant": "alpha", "id": "K9", "name": "Ruth Muster", "addresses": ["ruth@alpha.example"]}"#;
        world.store.import_directory(&read_json_lines(applies.as_bytes()).unwrap(), &shapes(), start()).unwrap();
        let passed_on = waiting(world, 1, claiming("passed on", None));
        let ruth = world.store.candidates_of_address(world.alpha, &address("ruth@alpha.example")).unwrap()[0].id;
        assert_eq!(world.store.erase(&Erasure::Candidate(ruth), Actor::Cli, start()).unwrap().mails, 0);
        assert_eq!(ids(world), [passed_on]);
    }

    fn who_never_was_a_candidate_is_erased_by_address_and_number(world) {
        waiting(world, 1, from(claiming("stranger", None), "stranger@example.org"));
        waiting(world, 2, claiming("number", Some("0482137")));
        let stays = waiting(world, 3, claiming("stays", Some("2024-00123")));
        let by_address = Erasure::Address(world.alpha, address("stranger@example.org"));
        let by_number = Erasure::Number(world.alpha, reference_number("482137"));
        for what in [by_address, by_number] {
            assert_eq!(world.store.erasure_plan(&what, start()).unwrap().erased.mails, 1, "{what:?}");
            assert_eq!(world.store.erase(&what, Actor::Cli, start()).unwrap().mails, 1, "{what:?}");
        }
        assert_eq!(ids(world), [stays]);
    }

    fn single_mails_go_with_their_repeats_and_those_in_a_history_stay(world) {
        let imported = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let waits = waiting(world, 2, claiming("waits", None));
        world.recorded(&world.record(3, claiming("waits", None), Decision::SkipRepeat { earlier: waits }));
        let repeat = world.recorded(&world.record(4, mail("first"), Decision::SkipRepeat { earlier: imported })).mail;
        let named = [imported, waits, repeat, MailId(4711)];
        let plan = world.store.erasure_plan(&Erasure::Mails(named.to_vec()), start()).unwrap();
        assert_eq!((plan.erased.mails, plan.left), (3, vec![imported, MailId(4711)]));
        assert_eq!(world.store.erase(&Erasure::Mails(named.to_vec()), Actor::Service, start()).unwrap().mails, 3);
        assert_eq!(ids(world), [imported]);
    }

    fn many_mails_go_in_parts(world) {
        let records: Vec<MailRecord> =
            (1..=230).map(|uid| world.imported(uid, &format!("mail {uid}"), "2024-00123")).collect();
        let first = world.store.record(&records, start()).unwrap()[0].mail;
        let repeats: Vec<MailRecord> =
            (300..=520).map(|uid| world.record(uid, mail("mail 1"), Decision::SkipRepeat { earlier: first })).collect();
        world.store.record(&repeats, start()).unwrap();
        let erased = world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(1)).unwrap();
        assert_eq!((erased.mails, erased.entries, archived_mails(&erased)), (451, 230, 451));
        for table in ["mails", "mail_contents", "history_entries", "files", "pictures", "blobs", "outbox", "reply_keys"] {
            assert_eq!(world.rows(table), 0, "{table}");
        }
    }

    fn contents_that_nobody_has_go_with_the_next_erasure(world) {
        let mail = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let mut other = world.imported(1, "first", "2024-00123");
        other.mail.attachments = vec![file("Neu.pdf", b"%PDF read anew")];
        world.store.record_again(mail, &other, later(1)).unwrap();
        assert_eq!(world.rows("blobs"), 2, "the old file's content went with it");
        world.sql("delete from files").unwrap();
        assert_eq!(world.store.erase(&Erasure::Mails(vec![]), Actor::Service, later(2)).unwrap().contents, 1);
        assert_eq!(world.rows("blobs"), 1);
    }

    fn mail_that_lies_on_a_server_is_noted_until_it_is_gone(world) {
        let filed = world.recorded(&world.imported(1, "filed", "2024-00123")).mail;
        let place = FiledMail { mail: filed, outcome: ImportOutcome::Imported, folder: "Archive/Imported".to_owned(), uid_validity: Some(9), uid: Some(77) };
        let lost = world.recorded(&world.imported(2, "lost", "2024-00123")).mail;
        world.store.filed_away(&[place], later(1)).unwrap();
        world.store.lies_elsewhere(lost, None).unwrap();
        let mut from_a_file = world.imported(3, "from a file", "2024-00123");
        from_a_file.place = None;
        world.recorded(&from_a_file);
        let unfiled = world.recorded(&world.imported(4, "unfiled", "2024-00123")).mail;
        world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(5)).unwrap();
        let all = |due, after| world.store.removals(world.mailbox, due, after, 10).unwrap();
        let found = all(None, None);
        let seen: Vec<_> = found.iter().map(|it| (it.mail, it.folder.as_str(), it.uid, it.is_settled, it.message_id.is_some())).collect();
        assert_eq!(seen, [
            (filed, "Archive/Imported", Some((9, 77)), true, false),
            (lost, "INBOX", None, false, true),
            (unfiled, "INBOX", Some((7, 4)), false, false),
        ]);
        assert_eq!(all(None, Some(lost)).len(), 1);
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().to_remove, [4]);
        world.store.begin_removing(&[filed, lost], later(100)).unwrap();
        world.store.could_not_remove(&[lost], "the server is away").unwrap();
        assert_eq!(all(Some(later(50)), None).len(), 1);
        assert_eq!(all(Some(later(100)), None).iter().map(|it| it.attempts).collect::<Vec<_>>(), [1, 1, 0]);
        let waiting = world.store.removals_waiting().unwrap();
        assert_eq!((waiting[0].mails, waiting[0].since, waiting[0].error.as_deref()), (3, Some(later(5)), Some("the server is away")));
        world.store.removed(&[filed, lost, unfiled]).unwrap();
        assert_eq!(world.store.removals_waiting().unwrap(), []);
    }

    fn mail_that_was_to_be_moved_on_may_lie_twice_and_is_noted_with_what_it_is_searched_by(world) {
        let names = ["filed", "moving", "given up", "moved"];
        let mails: Vec<MailId> = (1..).zip(names).map(|(uid, name)| world.recorded(&world.imported(uid, name, "2024-00123")).mail).collect();
        let at = |mail: MailId, outcome, uid| FiledMail { mail, outcome, folder: "Archive/X".to_owned(), uid_validity: Some(9), uid: Some(uid) };
        let filed: Vec<FiledMail> = (1..).zip(&mails).map(|(uid, mail)| at(*mail, ImportOutcome::Imported, uid)).collect();
        world.store.filed_away(&filed, later(1)).unwrap();
        for mail in &mails[1..] {
            world.store.revert(*mail, &[], later(2)).unwrap().unwrap();
        }
        world.store.give_up_refiling(mails[2]).unwrap();
        world.store.filed_away(&[at(mails[3], ImportOutcome::Unassigned, 5)], later(3)).unwrap();
        world.store.erase(&Erasure::Application(application(world, "2024-00123")), Actor::Cli, later(5)).unwrap();
        let found = world.store.removals(world.mailbox, None, None, 10).unwrap();
        let seen: Vec<_> = found.iter().map(|it| (it.mail, it.is_settled, it.message_id.as_deref())).collect();
        assert_eq!(seen, [
            (mails[0], true, None),
            (mails[1], false, Some("moving@alpha.example")),
            (mails[2], false, Some("given up@alpha.example")),
            (mails[3], true, None),
        ]);
    }

    fn what_is_held_is_not_erased_until_it_is_released(world) {
        let held = application(world, "2024-00124");
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.recorded(&world.imported(2, "second", "2024-00124"));
        world.store.hold(held, Some("AZ 12/2026"), Actor::Cli, later(1)).unwrap();
        for what in [Erasure::Application(held), Erasure::Candidate(candidate(world))] {
            assert!(world.store.erasure_plan(&what, later(2)).unwrap().erased.held.is_some());
            let erased = world.store.erase(&what, Actor::Cli, later(2)).unwrap();
            let why = erased.held.clone().unwrap();
            assert_eq!((why.application, why.since, erased.mails), (held, later(1), 0));
        }
        assert_eq!((world.rows("mails"), world.rows("removals")), (2, 0));
        world.store.release_hold(held, Actor::Cli, later(3)).unwrap();
        assert_eq!(world.store.erase(&Erasure::Candidate(candidate(world)), Actor::Cli, later(4)).unwrap().applications, 2);
    }
}
