//! The Eingang: who sees what waits, and what a person decides there.

use crate::world::{World, address, later, mail, reference_number, shapes, start};
use reply_import::application::id::{FileId, MailId, TenantId, UserId};
use reply_import::application::{Language, Role};
use reply_import::decision::{
    Check, Decision, ImportOutcome, KnownUser, SenderMatch, WasRead, WhySetAside, WhyUnassigned,
};
use reply_import::mail::{NumberReading, Unreadable};
use reply_import::notification::{Facts, Notification, TellingRules, question};
use reply_import::store::{
    About, Asking, Deciding, ForwarderToAsk, MailRecord, OfficeDigest, OutcomeFilter, SendingPlaces, Viewer,
    WaitingState,
};

on_both! {
    fn only_the_tenants_people_who_may_decide_see_what_waits(world) {
        let waits = recorded(world, 1);
        world.recorded(&world.imported(2, "imported", "2024-00123"));
        for (role, tenant, sees) in [
            (Role::Personalmanager, world.alpha, true),
            (Role::Recruiter, world.alpha, true),
            (Role::FachbereichPlus, world.alpha, false),
            (Role::Fachbereich, world.alpha, false),
            (Role::Administrator, world.alpha, false),
            (Role::Personalmanager, world.beta, false),
        ] {
            let viewer = Viewer { user: world.ruth(), tenant, role };
            let listed = world.store.waiting_mails(viewer, WaitingState::Open, 1).unwrap().lines;
            assert_eq!(listed.iter().map(|line| line.mail).collect::<Vec<_>>(), if sees { vec![waits] } else { vec![] });
            let one = world.store.waiting_mail(viewer, waits, &[]).unwrap();
            assert_eq!(one.is_some(), sees, "{role:?}");
            if !sees {
                assert_eq!(world.store.discard(viewer, waits, later(1)).unwrap(), Deciding::NotThere, "{role:?}");
                assert_eq!(world.store.take_back(viewer, waits, &[], later(1)).unwrap(), Deciding::NotThere, "{role:?}");
                assert_eq!(ask(world, viewer, waits, "2024-05-01"), Deciding::NotThere, "{role:?}");
            }
        }
        assert_eq!(world.number("select count(*) from mails where discarded_at is not null"), 0);
        assert_eq!(world.store.discard(ruth(world), MailId(4711), later(1)).unwrap(), Deciding::NotThere);
    }

    fn the_list_is_the_newest_first_by_pages_of_fifty(world) {
        let mails: Vec<MailId> = (1..=51).map(|uid| recorded(world, uid)).collect();
        let first = world.store.waiting_mails(ruth(world), WaitingState::Open, 1).unwrap();
        assert_eq!((first.lines.len(), first.page, first.has_more), (50, 1, true));
        assert_eq!(first.lines[0].mail, mails[50]);
        let line = &first.lines[0];
        assert_eq!((line.why.as_str(), line.outcome, line.received_at), ("no_number", ImportOutcome::Unassigned, start()));
        assert_eq!(line.subject.as_deref(), Some("2024-00123 Meine Zeugnisse"));
        assert_eq!((line.forwarder.as_deref(), line.sender.as_deref()), (Some("Ruth Muster"), Some("Erika Beispiel")));
        assert!(line.is_forwarded);
        let last = world.store.waiting_mails(ruth(world), WaitingState::Open, 2).unwrap();
        assert_eq!((last.lines.len(), last.lines[0].mail, last.has_more), (1, mails[0], false));
        assert_eq!(world.store.waiting_mails(ruth(world), WaitingState::Open, u32::MAX).unwrap().lines, []);
        let number = |viewer, at_most| world.store.number_waiting(viewer, at_most).unwrap();
        assert_eq!((number(ruth(world), 100), number(ruth(world), 20)), (51, 20));
        world.store.discard(ruth(world), mails[0], later(1)).unwrap();
        assert_eq!(number(ruth(world), 100), 50);
        assert_eq!(number(Viewer { role: Role::FachbereichPlus, ..ruth(world) }, 100), 0);
        assert_eq!(number(Viewer { tenant: world.beta, ..ruth(world) }, 100), 0);
    }

    fn a_forward_is_what_a_user_sent_with_an_original_in_it(world) {
        let mut direct = waiting(world, 1);
        direct.mail.original = None;
        let mut strangers = waiting(world, 2);
        strangers.mail.forwarder.as_mut().unwrap().address = address("joerg@example.org");
        let mut elsewhere = waiting(world, 3);
        elsewhere.mail.forwarder = None;
        for (record, is_forwarded) in [(direct, false), (strangers, false), (elsewhere, false), (waiting(world, 4), true)] {
            let waits = world.recorded(&record).mail;
            let one = world.store.waiting_mail(ruth(world), waits, &[]).unwrap().unwrap();
            assert_eq!(one.summary.is_forwarded, is_forwarded, "{waits}");
            let listed = world.store.waiting_mails(ruth(world), WaitingState::Open, 1).unwrap().lines;
            assert_eq!(listed[0], one.summary);
        }
    }

    fn a_mail_that_waits_says_how_much_of_it_was_read(world) {
        let large = Decision::SetAside { why: WhySetAside::TooLarge { size: 2, max_size: 1 } };
        let encrypted = Decision::SetAside { why: WhySetAside::Unreadable(Unreadable::EncryptedPgp) };
        let failed = Decision::SetAside { why: WhySetAside::FailedTooOften { attempts: 5 } };
        let number = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        for (uid, decision, read) in [
            (1, large, WasRead::Beginning),
            (2, encrypted, WasRead::Part),
            (3, failed, WasRead::Nothing),
            (4, number, WasRead::Whole),
        ] {
            let waits = world.recorded(&world.record(uid, mail(&format!("mail {uid}")), decision)).mail;
            assert_eq!(world.store.waiting_mail(ruth(world), waits, &[]).unwrap().unwrap().read, read);
        }
        // As it stands when an entry that an earlier version made of it was taken back.
        world.sql(
            r#"update mails set outcome = 'unassigned', why = 'reverted',
                checks = '[{"check":"can be processed","saw":"too large","passed":false}]' where uid = 1"#
        ).unwrap();
        let reverted = world.store.waiting_mails(ruth(world), WaitingState::Open, 1).unwrap().lines;
        let reverted = reverted.iter().find(|line| line.why == "reverted").unwrap().mail;
        assert_eq!(world.store.waiting_mail(ruth(world), reverted, &[]).unwrap().unwrap().read, WasRead::Part);
    }

    fn the_applications_that_may_be_meant_are_those_of_the_sender_and_those_one_slip_away(world) {
        let mut record = waiting(world, 1);
        record.mail.original.as_mut().unwrap().from_address = Some(address("e.beispiel@example.net"));
        let waits = world.recorded(&record).mail;
        let meant = |mail| world.store.waiting_mail(ruth(world), mail, &shapes()["alpha"]).unwrap().unwrap().meant;
        let found: Vec<_> =
            meant(waits).into_iter().map(|meant| (meant.number, meant.of_sender, meant.like_claimed)).collect();
        assert_eq!(found, [("2024-00123".to_owned(), true, true), ("2024-00124".to_owned(), true, true)]);

        let mut stranger = waiting(world, 2);
        stranger.mail.original.as_mut().unwrap().from_address = Some(address("other@example.org"));
        stranger.mail.subject.number = reply_import::mail::NumberReading::None;
        let stranger = world.recorded(&stranger).mail;
        assert_eq!(meant(stranger), [], "nothing is guessed");

        world.sql("update applications set blocked_since = created_at where number = '2024-00124'").unwrap();
        assert_eq!(meant(waits).len(), 1, "what is blocked is not shown");
        let blocked = world.application("2024-00124").id;
        assert!(!world.store.sees_application(ruth(world), blocked).unwrap());
        assert!(world.store.sees_application(ruth(world), world.application("2024-00123").id).unwrap());
    }

    fn what_claims_the_number_of_a_blocked_application_is_nowhere_until_that_is_open_again(world) {
        let claiming = |uid: u32, number: &str| {
            let mut record = waiting(world, uid);
            record.mail.subject.number = NumberReading::One(reference_number(number));
            world.recorded(&record).mail
        };
        let (exact, folded) = (claiming(1, "2024-00123"), claiming(2, "2024-00123"));
        world.sql(&format!("update mails set claimed_number = '2024-0123' where id = {folded}")).unwrap();
        let (other, another) = (claiming(3, "2024-00124"), claiming(4, "2024-99999"));
        world.sql("update applications set blocked_since = created_at where number = '2024-00123'").unwrap();
        let viewer = ruth(world);
        let listed = || {
            let lines = world.store.waiting_mails(viewer, WaitingState::Open, 1).unwrap().lines;
            lines.iter().map(|line| line.mail).collect::<Vec<_>>()
        };
        let outcomes = || world.store.outcomes(viewer, &OutcomeFilter::default()).unwrap().mails.len();
        assert_eq!((listed(), outcomes()), (vec![another, other], 2));
        assert_eq!(world.store.number_waiting(viewer, 100).unwrap(), 2);
        for (mail, sees) in [(exact, false), (folded, false), (other, true), (another, true)] {
            let file = FileId(world.number(&format!("select min(id) from files where mail_id = {mail}")));
            assert_eq!(world.store.waiting_mail(viewer, mail, &[]).unwrap().is_some(), sees);
            assert_eq!(world.store.original(viewer, mail, later(1)).unwrap().is_some(), sees);
            assert_eq!(world.store.file_content(viewer, file, later(1)).unwrap().is_some(), sees);
            assert_eq!(world.store.outcome_of(viewer, mail).unwrap().is_some(), sees);
            let may = if sees { Deciding::Done } else { Deciding::NotThere };
            assert_eq!(world.store.may_be_decided(viewer, mail).unwrap(), may);
        }
        let office = [address("office@alpha.example")];
        let (facts, about) = (Facts::default(), About::WhatWaits(later(600)));
        let digest = OfficeDigest {
            tenant: world.alpha, name: "one", office: &office, language: Language::De, facts: &facts, about,
        };
        assert_eq!(world.store.write_digest(&digest, later(3)).unwrap(), 1);
        let claimed = world.store.claim_notifications(later(4), later(60), &SendingPlaces::free(9)).unwrap();
        assert_eq!(claimed.iter().find_map(|queued| queued.waiting.as_ref()).unwrap().total(), 2);

        world.sql("update applications set blocked_since = null").unwrap();
        assert_eq!((listed().len(), outcomes()), (4, 4));
        assert_eq!(world.store.may_be_decided(viewer, exact).unwrap(), Deciding::Done);
    }

    fn a_forwarder_is_asked_once_a_day_for_each_mail(world) {
        let (waits, other) = (recorded(world, 1), recorded(world, 2));
        assert_eq!(ask(world, ruth(world), waits, "2024-05-01"), Deciding::Done);
        assert_eq!(ask(world, ruth(world), waits, "2024-05-01"), Deciding::Already);
        assert_eq!(ask(world, ruth(world), other, "2024-05-01"), Deciding::Done);
        assert_eq!(ask(world, ruth(world), waits, "2024-05-02"), Deciding::Done);
        assert_eq!(world.number("select count(*) from outbox where occasion = 'asked'"), 3);
        let asked = world.store.waiting_mail(ruth(world), waits, &[]).unwrap().unwrap().summary.asked.unwrap();
        assert_eq!(asked.by.as_deref(), Some("Ruth Muster"));
        world.store.discard(ruth(world), waits, later(9)).unwrap();
        assert_eq!(world.number("select count(*) from outbox where occasion = 'asked'"), 1, "nobody is asked any more");
        assert_eq!(ask(world, ruth(world), waits, "2024-05-03"), Deciding::Meanwhile);
        let asked = |mail| {
            let summary = world.store.waiting_mail(ruth(world), mail, &[]).unwrap().unwrap().summary;
            (summary.asked.and_then(|asked| asked.by), summary.has_asking_failed)
        };
        assert_eq!(asked(waits), (None, false), "the question was withdrawn");
        let by_ruth = || Some("Ruth Muster".to_owned());
        assert_eq!(asked(other), (by_ruth(), false));
        let sending = world.store.claim_notifications(later(10), later(60), &SendingPlaces::free(9)).unwrap();
        world.given_up(sending[0].id, "550 no such user", later(11));
        assert_eq!(asked(other), (by_ruth(), true));
    }

    fn only_an_active_user_of_the_tenant_can_be_asked(world) {
        let forwarded_by = |uid, from: &str| {
            let mut record = waiting(world, uid);
            record.mail.forwarder.as_mut().unwrap().address = address(from);
            let mail = world.recorded(&record).mail;
            world.store.waiting_mail(ruth(world), mail, &[]).unwrap().unwrap().forwarder
        };
        let ForwarderToAsk::Known(known) = forwarded_by(1, "r.m@alpha.example") else { panic!("Ruth is known") };
        assert_eq!(known.address, address("ruth@alpha.example"), "asked at her first address");
        assert_eq!(forwarded_by(2, "gone@alpha.example"), ForwarderToAsk::Inactive);
        assert_eq!(forwarded_by(3, "stranger@alpha.example"), ForwarderToAsk::Unknown);
    }
}

#[test]
fn a_question_is_for_active_users_and_says_nothing_of_the_candidate_or_of_which_numbers_exist() {
    let asked = |user: KnownUser, why| question(&user, (why, &[]), start(), "Petra Personal", &rules());
    assert_eq!(asked(KnownUser { active: false, ..user() }, "no_number"), None);
    assert_eq!(asked(KnownUser { address: address("import@alpha.example"), ..user() }, "no_number"), None);
    let facts = asked(user(), "not_responsible").unwrap().facts;
    assert_eq!((facts.candidate, facts.subject, facts.reference, facts.suggestions.len()), (None, None, None, 0));
    assert_eq!(facts.asked_by, None, "names stand in mail only if the tenant chose so");
    for why in WhyUnassigned::ALL.into_iter().filter(|why| why.answer() == Some("unknown_number")) {
        assert_eq!(asked(user(), why.as_str()).unwrap().facts.why.as_deref(), Some("unknown_number"), "{why:?}");
    }
    let failed = |check: &str| [Check { check: check.to_owned(), saw: String::new(), passed: false }];
    for (check, told) in [("role", "not_entitled"), ("access", "unknown_number")] {
        let question = question(&user(), ("not_entitled", &failed(check)), start(), "Petra Personal", &rules());
        assert_eq!(question.unwrap().facts.why.as_deref(), Some(told), "{check}");
    }
}

fn rules() -> TellingRules {
    TellingRules {
        tenant: "alpha".to_owned(),
        language: Language::De,
        office: Vec::new(),
        names: false,
        example: Some("123456".to_owned()),
        import_address: address("import@alpha.example"),
        public_url: None,
        own_addresses: vec![address("import@alpha.example")],
        quiet_before: None,
        timezone: chrono_tz::Europe::Berlin,
    }
}

fn user() -> KnownUser {
    KnownUser {
        id: UserId(1),
        name: "Karl Probe".to_owned(),
        address: address("karl@alpha.example"),
        role: Role::FachbereichPlus,
        language: Language::De,
        active: true,
    }
}

pub(super) fn ruth(world: &World) -> Viewer {
    let tenant: TenantId = world.alpha;
    Viewer { user: world.ruth(), tenant, role: Role::Personalmanager }
}

pub(super) fn waiting(world: &World, uid: u32) -> MailRecord {
    world.record(uid, mail(&format!("mail {uid}")), Decision::KeepForAPerson { why: WhyUnassigned::NoNumber })
}

pub(super) fn recorded(world: &World, uid: u32) -> MailId {
    world.recorded(&waiting(world, uid)).mail
}

pub(super) fn assigned(world: &World) -> MailRecord {
    let application = world.application("2024-00123").id;
    world.record(1, mail("mail 1"), Decision::AddToHistory { application, sender: SenderMatch::Matches })
}

fn ask(world: &World, viewer: Viewer, mail: MailId, day: &str) -> Deciding {
    let question: Notification = question(&user(), ("no_number", &[]), start(), "Ruth Muster", &rules()).unwrap();
    let question = Notification {
        recipient: reply_import::notification::Recipient { user: None, ..question.recipient },
        ..question
    };
    world
        .store
        .ask_forwarder(viewer, &Asking { mail, question: &question, day: day.parse().unwrap() }, later(5))
        .unwrap()
}
