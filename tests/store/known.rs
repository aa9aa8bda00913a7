//! Looking up what is known of a mail.

use crate::world::{World, address, mail, reference_number, start};
use reply_import::application::{Language, Role};
use reply_import::decision::{ImportOutcome, Unfiled};
use reply_import::store::Question;
use reply_import::store::directory::read_json_lines;

on_both! {
    fn a_user_is_found_by_each_address_with_the_first_for_notices(world) {
        for written in ["ruth@alpha.example", "R.M@alpha.example"] {
            let user = world.known(world.alpha, None, Some(written)).forwarder.unwrap();
            assert_eq!(user.id, world.ruth());
            assert_eq!(user.address, address("ruth@alpha.example"));
            assert_eq!((user.role, user.language, user.active), (Role::Personalmanager, Language::De, true));
        }
    }

    fn a_former_user_is_known_as_inactive(world) {
        assert!(!world.known(world.alpha, None, Some("gone@alpha.example")).forwarder.unwrap().active);
    }

    fn the_same_address_is_another_user_for_another_tenant(world) {
        let theirs = world.known(world.beta, None, Some("ruth@alpha.example")).forwarder.unwrap();
        assert_eq!((theirs.name.as_str(), theirs.role), ("Ruth Fremd", Role::Administrator));
        assert_eq!(world.known(world.beta, None, Some("karl@alpha.example")).forwarder, None);
    }

    fn an_application_comes_with_its_candidate_and_its_active_users(world) {
        let application = world.application("2024-00123");
        assert_eq!(application.number, reference_number("2024-00123"));
        assert_eq!(application.candidate_name, "Erika Beispiel");
        assert_eq!(application.candidate_addresses, [address("erika@example.org"), address("e.beispiel@example.net")]);
        assert_eq!(application.post, "Gießerei");
        let names: Vec<_> = application.responsible.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, ["Ruth Muster", "Karl Probe"]);
    }

    fn of_numbers_like_one_those_are_found_that_may_be_shown(world) {
        let numbers = ["2024-00123", "2024-00124", "2024-00777", "2024-00999"].map(reference_number);
        let karl = world.known(world.alpha, None, Some("karl@alpha.example")).forwarder.unwrap().id;
        let erika = address("erika@example.org");
        let found = |responsible, sender| {
            let mut found = world.store.near_misses(world.alpha, &numbers, responsible, sender).unwrap();
            found.sort_by(|one, next| one.number.cmp(&next.number));
            found.into_iter().map(|near| (near.number.as_str().to_owned(), near.post, near.of_sender)).collect::<Vec<_>>()
        };
        let of = |number: &str, post: &str, of_sender| (number.to_owned(), post.to_owned(), of_sender);
        let both = [of("2024-00123", "Gießerei", true), of("2024-00124", "Lager", true)];
        assert_eq!(found(None, Some(&erika)), both, "another tenant's is not");
        assert_eq!(found(Some(karl), None), [of("2024-00123", "Gießerei", false)]);
        world.sql("update applications set blocked_since = '2024-05-01 10:00:00' where number = '2024-00123'").unwrap();
        assert_eq!(found(None, None), [of("2024-00124", "Lager", false)], "what is blocked is shown to nobody");
    }

    fn another_tenants_number_reads_as_unknown(world) {
        assert_eq!(world.known(world.alpha, Some("2024-00777"), None).application, None);
        assert!(world.known(world.beta, Some("2024-00777"), None).application.is_some());
    }

    fn a_number_is_found_without_its_leading_zeros_if_that_is_unique(world) {
        add(world, "0482137");
        add(world, "511111");
        add(world, "00622222");
        add(world, "0622222");
        let found = |number: &str| {
            world.known(world.alpha, Some(number), None).application.map(|found| found.number.as_str().to_owned())
        };
        assert_eq!(found("482137").as_deref(), Some("0482137"), "the application has more zeros");
        assert_eq!(found("0511111").as_deref(), Some("511111"), "the claim has more zeros");
        assert_eq!(found("622222"), None, "two applications differ in zeros only");
        assert_eq!(found("0622222").as_deref(), Some("0622222"), "an exact hit counts before all others");
        assert_eq!(found("999999"), None);
    }

    fn a_batch_is_answered_in_the_order_of_its_questions(world) {
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let mails = [mail("second"), mail("first"), mail("third")];
        let (number, forwarder) = (reference_number("2024-00124"), address("karl@alpha.example"));
        let questions = [
            Question { identity: &mails[0].identity, number: Some(&number), forwarder: None, reply: None, keys: &[] },
            Question { identity: &mails[1].identity, number: None, forwarder: Some(&forwarder), reply: None, keys: &[] },
            Question { identity: &mails[2].identity, number: None, forwarder: None, reply: None, keys: &[] },
        ];
        let known = world.store.known(world.alpha, &questions).unwrap();
        assert_eq!(known[0].application.as_ref().unwrap().post, "Lager");
        assert_eq!(known[1].earlier.as_ref().unwrap().mail, first.mail);
        assert_eq!(known[1].forwarder.as_ref().unwrap().name, "Karl Probe");
        assert!(known[2].earlier.is_none() && known[2].forwarder.is_none() && known[2].application.is_none());
    }

    fn an_earlier_mail_tells_where_it_still_lies(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        let earlier = earlier(world, &mail("first")).unwrap();
        assert_eq!((earlier.mail, earlier.outcome), (recorded.mail, ImportOutcome::Imported));
        assert_eq!(earlier.unfiled, Some(Unfiled { mailbox: world.mailbox, place: Some((7, 31)) }));
    }

    fn an_earlier_mail_that_was_filed_away_lies_nowhere_to_be_moved_from(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        world.store.filed_away(&[crate::places::filed(recorded.mail, 5)], start()).unwrap();
        assert_eq!(earlier(world, &mail("first")).unwrap().unfiled, None);
    }

    fn another_tenants_mail_is_not_the_same_mail(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let mail = mail("first");
        let question = Question { identity: &mail.identity, number: None, forwarder: None, reply: None, keys: &[] };
        assert_eq!(world.store.known(world.beta, &[question]).unwrap()[0].earlier, None);
    }

    fn the_same_message_id_with_other_content_is_a_new_mail(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut other = mail("first");
        other.identity.digest = mail("other").identity.digest;
        assert_eq!(earlier(world, &other), None);
        let mut without_id = mail("first");
        without_id.identity.message_id = None;
        assert_eq!(earlier(world, &without_id), None);
    }

    fn staff_addresses_are_all_addresses_of_all_users(world) {
        let addresses = world.store.staff_addresses(world.alpha).unwrap();
        let expected = ["ruth@alpha.example", "r.m@alpha.example", "karl@alpha.example", "gone@alpha.example"];
        assert_eq!(addresses, expected.map(address).into_iter().collect());
    }
}

fn earlier(world: &World, mail: &reply_import::mail::IncomingMail) -> Option<reply_import::decision::Earlier> {
    let question = Question { identity: &mail.identity, number: None, forwarder: None, reply: None, keys: &[] };
    world.store.known(world.alpha, &[question]).unwrap().remove(0).earlier
}

fn add(world: &World, number: &str) {
    let line = format!(r#"{{"kind": "application", "tenant": "alpha", "number": "{number}", "candidate": "K1"}}"#);
    let lines = read_json_lines(line.as_bytes()).unwrap();
    world.store.import_directory(&lines, &crate::world::shapes(), start()).unwrap();
}
