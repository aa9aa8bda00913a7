//! What rounds have to do besides new mail, asked for all mailboxes at once.

use crate::places::filed;
use crate::world::{World, address, later, start};
use reply_import::store::{Actor, Erasure, LeftInInbox, RoundNote};
use std::collections::HashSet;

on_both! {
    fn a_mailbox_has_errands_from_the_record_of_a_mail_until_it_is_filed_away_and_no_other_has(world) {
        let errands = || world.store.errands(start()).unwrap();
        world.store.ensure_mailbox(world.alpha, &address("b@alpha.example"), start()).unwrap();
        assert_eq!(errands(), HashSet::new());
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        assert_eq!(errands(), HashSet::from([world.mailbox]));
        world.store.filed_away(&[filed(recorded.mail, 5)], start()).unwrap();
        assert_eq!(errands(), HashSet::new());
        let gone = world.recorded(&world.imported(32, "second", "2024-00123"));
        world.store.lies_elsewhere(gone.mail, None).unwrap();
        let mut from_a_file = world.imported(33, "from a file", "2024-00123");
        from_a_file.place = None;
        world.recorded(&from_a_file);
        assert_eq!(errands(), HashSet::new(), "what lies nowhere is not to be looked for at each look");
    }

    fn mail_to_be_moved_on_is_an_errand(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        world.store.filed_away(&[filed(recorded.mail, 5)], start()).unwrap();
        world.sql(&format!("update mails set refile_since = processed_at where id = {}", recorded.mail)).unwrap();
        assert_eq!(world.store.errands(start()).unwrap(), HashSet::from([world.mailbox]));
        world.store.give_up_refiling(recorded.mail).unwrap();
        assert_eq!(world.store.errands(start()).unwrap(), HashSet::new());
    }

    fn erased_mail_is_an_errand_when_its_removal_is_due(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        world.store.filed_away(&[filed(recorded.mail, 5)], start()).unwrap();
        let application = world.application("2024-00123").id;
        world.store.erase(&Erasure::Application(application), Actor::Cli, later(5)).unwrap();
        assert_eq!(world.store.errands(later(5)).unwrap(), HashSet::from([world.mailbox]));
        world.store.begin_removing(&[recorded.mail], later(60)).unwrap();
        assert_eq!(world.store.errands(later(59)).unwrap(), HashSet::new());
        assert_eq!(world.store.errands(later(60)).unwrap(), HashSet::from([world.mailbox]));
    }

    fn the_rounds_of_many_mailboxes_are_noted_together(world) {
        let addresses: Vec<_> = (0..1_200).map(|n| address(&format!("box-{n}@alpha.example"))).collect();
        let mailboxes: Vec<_> = addresses.iter().map(|address| ("alpha", address)).collect();
        let ids = world.store.ensure_mailboxes(&mailboxes, start()).unwrap();
        let note = |seconds: i64, error: Option<&str>| RoundNote {
            at: later(seconds),
            error: error.map(str::to_owned),
            left: error.is_none().then_some(LeftInInbox { waiting: 0, stranded: 1 }),
            login_ends_at: None,
        };
        let notes: Vec<_> = ids.iter().flatten().map(|id| (*id, note(10, None))).collect();
        world.store.rounds_finished(&notes).unwrap();
        let (first, last) = (notes[0].0, notes[1_199].0);
        world.store.rounds_finished(&[(last, note(30, Some("away"))), (first, note(20, None))]).unwrap();
        let status = world.store.status().unwrap().mailboxes;
        let of = |n: usize| {
            let one = status.iter().find(|one| one.address == format!("box-{n}@alpha.example")).unwrap();
            (one.last_round, one.last_good_round, one.error.clone(), one.stranded)
        };
        assert_eq!(of(0), (Some(later(20)), Some(later(20)), None, 1));
        assert_eq!(of(600), (Some(later(10)), Some(later(10)), None, 1));
        assert_eq!(of(1_199), (Some(later(30)), Some(later(10)), Some("away".to_owned()), 1));
        assert_eq!(world.rows("mailbox_rounds"), 1_200);
    }

    fn many_mailboxes_are_made_once_and_one_of_another_tenant_keeps_no_other(world) {
        let addresses = ["new@alpha.example", "import@alpha.example", "fresh@beta.example"].map(address);
        let [new, theirs, fresh] = &addresses;
        let wanted = [("alpha", new), ("beta", theirs), ("gamma", fresh), ("alpha", theirs)];
        let ids = world.store.ensure_mailboxes(&wanted, start()).unwrap();
        assert_eq!(ids.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, true]);
        assert_eq!(ids[3], Some(world.mailbox));
        assert_eq!(world.store.ensure_mailboxes(&wanted, later(1)).unwrap(), ids);
        assert_eq!((world.rows("tenants"), world.rows("mailboxes")), (3, 3));
    }
}
