//! Where mails lie, what still has to be filed away, and attempts at mails without a record.

use crate::world::{World, later, start};
use reply_import::application::id::MailId;
use reply_import::decision::ImportOutcome;
use reply_import::store::{AttemptsMade, FiledMail, KnownInbox, RecordedPlace};

on_both! {
    fn a_recorded_mail_is_only_to_be_moved_until_it_is_filed_away(world) {
        let record = world.imported(31, "first", "2024-00123");
        let recorded = world.recorded(&record);
        world.recorded(&world.imported(32, "second", "2024-00123"));
        let expected = RecordedPlace {
            uid: 31,
            mail: recorded.mail,
            outcome: ImportOutcome::Imported,
            size: record.size,
            received_at: record.received_at,
        };
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded[0], expected);
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded.len(), 2);
        world.store.filed_away(&[filed(recorded.mail, 5)], start()).unwrap();
        let left: Vec<_> = world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded.iter().map(|place| place.uid).collect();
        assert_eq!(left, [32]);
    }

    fn a_uid_means_nothing_under_another_uid_validity_or_in_another_mailbox(world) {
        world.recorded(&world.imported(31, "first", "2024-00123"));
        let other = world.store.ensure_mailbox(world.alpha, &crate::world::address("b@alpha.example"), start()).unwrap();
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 8).unwrap().recorded, []);
        assert_eq!(world.store.known_inbox(other, "INBOX", 7).unwrap().recorded, []);
    }

    fn what_is_known_of_an_inbox_is_told_together(world) {
        world.recorded(&world.imported(31, "first", "2024-00123"));
        world.store.note_attempts(world.mailbox, 7, &[(40, 1_000)], start()).unwrap();
        let known = world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap();
        assert_eq!(known.recorded, world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded);
        assert_eq!(known.attempts, [made(40, 1, 1_000)]);
        assert_eq!(known.to_remove, [0; 0]);
        assert_eq!(known.recorded.len(), 1);
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 8).unwrap(), KnownInbox::default());
    }

    fn a_mail_whose_uid_passed_to_another_is_unfiled_without_a_place(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        let other = world.recorded(&world.imported(32, "second", "2024-00123"));
        world.store.filed_away(&[filed(other.mail, 5)], start()).unwrap();
        world.store.forget_places(&[recorded.mail, other.mail]).unwrap();
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().recorded, []);
        let place = world.store.mail_place(recorded.mail).unwrap().unwrap();
        assert_eq!((place.folder.as_deref(), place.uid), (Some("INBOX"), None));
        let filed = world.store.mail_place(other.mail).unwrap().unwrap();
        assert_eq!(filed.uid, Some((99, 5)), "what was filed away keeps its place");
    }

    fn many_mails_filed_away_at_once_keep_each_its_own_uid(world) {
        let batch: Vec<_> = (1..=120).map(|uid| world.imported(uid, &format!("mail {uid}"), "2024-00123")).collect();
        let recorded = world.store.record(&batch, start()).unwrap();
        let moved: Vec<_> = (1..).zip(&recorded).map(|(uid, mail)| filed(mail.mail, 1000 + uid)).collect();
        world.store.filed_away(&moved, later(5)).unwrap();
        for (uid, mail) in (1..).zip(&recorded) {
            let place = world.store.mail_place(mail.mail).unwrap().unwrap();
            assert_eq!((place.folder.as_deref(), place.uid), (Some("Archive/Imported"), Some((99, 1000 + uid))));
        }
    }

    fn a_server_that_does_not_tell_the_new_uid_leaves_folder_and_message_id(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        let moved = FiledMail { uid: None, uid_validity: None, ..filed(recorded.mail, 1) };
        world.store.filed_away(&[moved], start()).unwrap();
        let place = world.store.mail_place(recorded.mail).unwrap().unwrap();
        assert_eq!((place.folder.as_deref(), place.uid), (Some("Archive/Imported"), None));
        assert_eq!(place.message_id.as_deref(), Some("first@alpha.example"));
        assert_eq!((place.tenant, place.mailbox), (world.alpha, world.mailbox));
    }

    fn half_a_place_counts_as_none(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        for (uid, uid_validity) in [(Some(4), None), (None, Some(4))] {
            world.store.filed_away(&[FiledMail { uid, uid_validity, ..filed(recorded.mail, 1) }], start()).unwrap();
            assert_eq!(world.store.mail_place(recorded.mail).unwrap().unwrap().uid, None);
        }
    }

    fn what_was_not_filed_is_known_under_every_uid_validity_until_it_is_found_or_gone(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        let left = || world.store.unfiled_mails(world.mailbox).unwrap();
        assert_eq!((left()[0].uid_validity, left()[0].uid, left()[0].message_id.as_deref()), (7, 31, Some("first@alpha.example")));
        world.store.lies_elsewhere(recorded.mail, Some((8, 2))).unwrap();
        assert_eq!((left()[0].uid_validity, left()[0].uid), (8, 2));
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 8).unwrap().recorded.len(), 1);
        world.store.lies_elsewhere(recorded.mail, None).unwrap();
        assert_eq!(left(), []);
    }

    fn each_filed_mail_accounts_for_one_copy_in_its_folder(world) {
        let recorded = world.recorded(&world.imported(31, "first", "2024-00123"));
        let digest = world.store.unfiled_mails(world.mailbox).unwrap().remove(0).digest;
        let copies = || world.store.filed_copies(world.mailbox, "Archive/Imported", &digest).unwrap();
        assert_eq!(copies(), []);
        world.store.filed_away(&[filed(recorded.mail, 5)], start()).unwrap();
        assert_eq!(copies(), [Some((99, 5))]);
        world.store.filed_away(&[FiledMail { uid: None, uid_validity: None, ..filed(recorded.mail, 5) }], start()).unwrap();
        assert_eq!(copies(), [None]);
        assert_eq!(world.store.filed_copies(world.mailbox, "Archive/Repeated", &digest).unwrap(), []);
        // What was filed lies where it was filed.
        world.store.lies_elsewhere(recorded.mail, Some((8, 2))).unwrap();
        assert_eq!(copies(), [None]);
    }

    fn a_mail_that_was_decided_otherwise_while_it_was_moved_is_to_be_moved_on(world) {
        let mails = [(1, "first"), (2, "second")].map(|(uid, name)| world.imported(uid, name, "2024-00123"));
        let [first, second] = mails.map(|record| world.recorded(&record).mail);
        // The round moves both; meanwhile the first is taken back.
        world.store.revert(first, &[], later(1)).unwrap().unwrap();
        assert_eq!(world.store.to_refile(world.mailbox).unwrap(), [], "as far as the record knows it was not filed yet");
        world.store.filed_away(&[filed(first, 5), filed(second, 6)], later(2)).unwrap();
        let to_refile = world.store.to_refile(world.mailbox).unwrap();
        assert_eq!(to_refile.iter().map(|place| (place.mail, place.is_filed)).collect::<Vec<_>>(), [(first, true)]);
        world.store.filed_away(&[FiledMail { outcome: ImportOutcome::Unassigned, ..filed(first, 7) }], later(3)).unwrap();
        assert_eq!(world.store.to_refile(world.mailbox).unwrap(), []);
    }

    fn a_mail_that_does_not_exist_has_no_place(world) {
        assert_eq!(world.store.mail_place(MailId(4711)).unwrap(), None);
    }

    fn attempts_are_counted_for_each_mail(world) {
        assert_eq!(world.store.note_attempts(world.mailbox, 7, &[(2, 4321), (1, 4321), (2, 4321)], start()).unwrap(), [(1, 1), (2, 1)]);
        assert_eq!(world.store.note_attempts(world.mailbox, 7, &[(2, 4321), (3, 4321)], later(9)).unwrap(), [(2, 2), (3, 1)]);
        assert_eq!(world.store.note_attempts(world.mailbox, 8, &[(2, 4321)], later(9)).unwrap(), [(2, 1)]);
        assert_eq!(world.store.note_attempts(world.mailbox, 7, &[], later(9)).unwrap(), []);
    }

    fn a_recorded_mail_has_no_attempts_left(world) {
        world.store.note_attempts(world.mailbox, 7, &[(1, 4321), (2, 4321)], start()).unwrap();
        world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!(world.store.note_attempts(world.mailbox, 7, &[(1, 4321), (2, 4321)], later(9)).unwrap(), [(1, 1), (2, 2)]);
    }

    fn attempts_made_can_be_read_and_changed_for_one_mail(world) {
        world.store.note_attempts(world.mailbox, 7, &[(1, 4321), (2, 4321)], start()).unwrap();
        world.store.note_attempts(world.mailbox, 8, &[(1, 4321)], start()).unwrap();
        world.store.set_attempts(world.mailbox, 7, 2, 5).unwrap();
        world.store.set_attempts(world.mailbox, 7, 3, 5).unwrap();
        let mut all = world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().attempts;
        all.sort_by_key(|made| made.uid);
        let of = |uid, attempts| made(uid, attempts, 4321);
        assert_eq!(all, [of(1, 1), of(2, 5)]);
        assert_eq!(world.store.known_inbox(world.mailbox, "INBOX", 8).unwrap().attempts, [of(1, 1)]);
    }

    fn attempts_at_which_a_mail_did_not_come_are_counted_apart(world) {
        let note = |at| world.store.note_attempts(world.mailbox, 7, &[(1, 4321)], at).unwrap();
        let made_of = || world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().attempts.remove(0);
        assert_eq!(note(start()), [(1, 1)]);
        world.store.note_unfetched(world.mailbox, 7, &[1, 2], false).unwrap();
        assert_eq!(note(start()), [(1, 1)]);
        world.store.note_unfetched(world.mailbox, 7, &[1], true).unwrap();
        assert_eq!(made_of(), AttemptsMade { attempts: 0, unfetched: 2, withheld: 1, ..made(1, 0, 4321) });
        assert_eq!(note(later(9)), [(1, 1)]);
        world.store.set_attempts(world.mailbox, 7, 1, 4).unwrap();
        assert_eq!(note(later(10)), [(1, 5)]);
        world.store.take_back_attempts(world.mailbox, 7, &[1]).unwrap();
        let last_at = later(10);
        assert_eq!(made_of(), AttemptsMade { attempts: 4, unfetched: 2, withheld: 1, last_at, ..made(1, 0, 4321) });
    }

    fn a_mail_that_is_put_off_is_known_as_one_that_did_not_come_and_nothing_more_counts(world) {
        let note = |uids: &[u32]| {
            let mails: Vec<(u32, u64)> = uids.iter().map(|uid| (*uid, 4321)).collect();
            world.store.note_attempts(world.mailbox, 7, &mails, start()).unwrap();
        };
        // At the second an attempt was made that had it here.
        note(&[2]);
        for _ in 0..3 {
            note(&[1, 2]);
            world.store.note_put_off(world.mailbox, 7, &[1, 2]).unwrap();
        }
        let mut all = world.store.known_inbox(world.mailbox, "INBOX", 7).unwrap().attempts;
        all.sort_by_key(|made| made.uid);
        assert_eq!(all, [AttemptsMade { unfetched: 1, ..made(1, 0, 4321) }, made(2, 1, 4321)]);
    }

    fn attempts_of_a_round_that_ended_from_outside_are_taken_back(world) {
        world.store.note_attempts(world.mailbox, 7, &[(1, 4321), (2, 4321)], start()).unwrap();
        world.store.note_attempts(world.mailbox, 7, &[(2, 4321)], start()).unwrap();
        world.store.take_back_attempts(world.mailbox, 7, &[1, 2]).unwrap();
        assert_eq!(world.rows("mail_attempts"), 1);
        assert_eq!(world.store.note_attempts(world.mailbox, 7, &[(1, 4321), (2, 4321)], later(9)).unwrap(), [(1, 1), (2, 2)]);
    }
}

fn made(uid: u32, attempts: u32, size: u64) -> AttemptsMade {
    AttemptsMade { uid, attempts, unfetched: 0, withheld: 0, last_at: start(), size: Some(size) }
}

pub fn filed(mail: MailId, uid: u32) -> FiledMail {
    let outcome = ImportOutcome::Imported;
    FiledMail { mail, outcome, folder: "Archive/Imported".to_owned(), uid_validity: Some(99), uid: Some(uid) }
}
