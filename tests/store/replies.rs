//! The same reply of a candidate's, forwarded more than once: one entry, each forwarder, each file once.

use crate::harness::wait_for;
use crate::world::{Raw, World, file, later, mail, start, to};
use diesel::connection::SimpleConnection;
use reply_import::decision::{Decision, ImportOutcome, Known, SenderMatch};
use reply_import::mail::{Attachment, IncomingMail};
use reply_import::notification::Occasion;
use reply_import::store::{MailRecord, Question, Recorded, SendingPlaces, StoreError};
use std::time::Duration;

const TEXT: &str = "Sehr geehrte Frau Muster, anbei die noch fehlenden Unterlagen. Erika Beispiel";

on_both! {
    fn a_further_forward_adds_its_forwarder_and_note_to_the_entry(world) {
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[]));
        assert_eq!((again.outcome, again.entry), (ImportOutcome::Repeated, first.entry));
        assert_eq!((world.rows("history_entries"), world.rows("files")), (1, 0));
        let detail = world.store.mail(first.mail).unwrap().unwrap();
        assert_eq!(detail.forwarded_again.len(), 1);
        assert_eq!(detail.forwarded_again[0].mail, again.mail);
        assert_eq!(detail.forwarded_again[0].forwarder, Some(world.ruth()));
        assert_eq!(detail.forwarded_again[0].note.as_deref(), Some("Notiz second"));
        let further = world.store.mail(again.mail).unwrap().unwrap();
        assert_eq!((further.repeat_of, further.adds_to), (Some(first.mail), first.entry));
        let audited = format!("select count(*) from audit where mail_id = {} and entry_id = {}", again.mail, first.entry.unwrap());
        assert_eq!(world.number(&audited), 1);
        let told = "select count(*) from outbox where occasion = 'forwarded_before' and entry_id is not null \
                    and application_id is not null";
        assert_eq!(world.number(told), 1);
    }

    fn an_entry_has_each_file_once(world) {
        let (a, b, c) = (file("a.pdf", b"a"), file("b.pdf", b"b"), file("c.pdf", b"c"));
        let first = world.recorded(&import(world, 1, forward("first", &[&a])));
        let second = recorded(world, 2, forward("second", &[&a, &b, &b]));
        recorded(world, 3, forward("third", &[&a, &b, &c]));
        let files = world.store.mail(first.mail).unwrap().unwrap().files;
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.pdf", "b.pdf", "c.pdf"]);
        assert_eq!((files[0].mail, files[1].mail), (first.mail, second.mail));
        assert_eq!(world.rows("files"), 3);
    }

    fn what_a_mail_would_add_is_known_before(world) {
        let (a, b) = (file("a.pdf", b"a"), file("b.pdf", b"b"));
        let first = world.recorded(&import(world, 1, forward("first", &[&a])));
        let reply = known(world, &forward("second", &[&a, &b])).same_reply.unwrap();
        assert_eq!((reply.mail, Some(reply.entry)), (first.mail, first.entry));
        assert_eq!((reply.imported_at, reply.forwarder.as_deref()), (start(), Some("Ruth Muster")));
        assert_eq!(reply.further_files, [b.sha256]);
    }

    fn the_same_text_with_other_files_is_another_reply_and_both_are_recognised_later(world) {
        let (a, b) = (file("a.pdf", b"a"), file("b.pdf", b"b"));
        let first = world.recorded(&import(world, 1, forward("first", &[&a])));
        let other = forward("second", &[&b]);
        let facts = known(world, &other);
        assert_eq!((facts.same_reply.is_none(), facts.other_replies.clone()), (true, vec![first.entry.unwrap()]));
        let second = world.recorded(&decided(world, 2, other, &facts));
        assert_eq!((second.outcome, world.rows("history_entries")), (ImportOutcome::Imported, 2));
        assert_eq!(recorded(world, 3, forward("third", &[&a])).entry, first.entry);
        assert_eq!(recorded(world, 4, forward("fourth", &[&b])).entry, second.entry);
    }

    fn for_another_application_it_is_another_entry(world) {
        world.recorded(&import(world, 1, forward("first", &[])));
        let mut record = import(world, 2, forward("second", &[]));
        let application = world.application("2024-00124").id;
        record.decided.decision = Decision::AddToHistory { application, sender: SenderMatch::Matches };
        assert_eq!(world.recorded(&record).outcome, ImportOutcome::Imported);
        assert_eq!(world.rows("history_entries"), 2);
    }

    fn what_the_later_forward_shows_recognises_the_reply_too(world) {
        let mut whole = forward("second", &[]);
        whole.original.as_mut().unwrap().message_id = Some("original@example.org".to_owned());
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        recorded(world, 2, whole.clone());
        let mut rewritten = whole;
        rewritten.identity = mail("third").identity;
        "ACHTUNG, externe E-Mail. Sehr geehrte Frau Muster".clone_into(&mut rewritten.text);
        assert_eq!(recorded(world, 3, rewritten).entry, first.entry);
    }

    fn a_decision_that_another_worker_overtook_is_refused_and_nothing_of_it_stands(world) {
        let late = import(world, 2, forward("second", &[]));
        world.recorded(&import(world, 1, forward("first", &[])));
        let batch = [world.imported(3, "other", "2024-00123"), late];
        let error = world.store.record(&batch, start()).unwrap_err();
        assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
        assert_eq!((world.rows("mails"), world.rows("history_entries")), (1, 1));
    }

    fn two_forwards_of_one_reply_in_one_batch_are_refused(world) {
        let batch = [import(world, 1, forward("first", &[])), import(world, 2, forward("second", &[]))];
        let error = world.store.record(&batch, start()).unwrap_err();
        assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
        assert_eq!(world.rows("mails"), 0);
    }

    fn workers_that_record_the_same_reply_at_once_make_one_entry_with_each_file_once(world) {
        let (a, b) = (file("a.pdf", b"a"), file("b.pdf", b"b"));
        std::thread::scope(|scope| {
            for uid in 1..=6 {
                let (a, b) = (&a, &b);
                scope.spawn(move || {
                    let files = [a, b];
                    let brings = if uid % 2 == 0 { &files[..] } else { &files[..1] };
                    let mail = forward(&format!("mail {uid}"), brings);
                    while let Err(error) = world.store.record(&[decide(world, uid, mail.clone())], start()) {
                        assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
                    }
                });
            }
        });
        assert_eq!((world.rows("mails"), world.rows("history_entries"), world.rows("files")), (6, 1, 2));
        assert_eq!(world.number("select count(*) from mails where adds_to is not null"), 5);
    }

    fn the_very_same_further_forward_is_a_mere_repeat(world) {
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[]));
        assert_eq!(known(world, &forward("second", &[])).earlier.unwrap().mail, again.mail);
        // Decided before the other was recorded.
        let adds = Decision::AddForwarder {
            application: world.application("2024-00123").id,
            entry: first.entry.unwrap(),
            earlier: first.mail,
        };
        let third = world.recorded(&world.record(3, forward("second", &[]), adds));
        let detail = world.store.mail(third.mail).unwrap().unwrap();
        assert_eq!((detail.repeat_of, detail.adds_to), (Some(again.mail), None));
        assert_eq!(world.store.mail(first.mail).unwrap().unwrap().forwarded_again.len(), 1);
    }

    fn an_entry_that_was_taken_back_leaves_nothing_to_add_to(world) {
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[]));
        let late = decide(world, 3, forward("third", &[]));
        world.sql("delete from history_entries").unwrap();
        assert_eq!((world.rows("reply_keys"), world.number("select count(*) from mails where adds_to is not null")), (0, 0));
        let error = world.store.record(&[late], start()).unwrap_err();
        assert!(matches!(error, StoreError::Overtaken { .. }), "{error:?}");
        assert_eq!(known(world, &forward("third", &[])).same_reply, None);
        assert_eq!(world.store.mail(again.mail).unwrap().unwrap().repeat_of, Some(first.mail));
    }

    fn an_entry_of_two_forwards_is_taken_back_with_the_notifications_of_both(world) {
        let b = file("b.pdf", b"b");
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[&b]));
        let claimed = world.store.claim_notifications(start(), later(30), &SendingPlaces::free(1)).unwrap();
        world.sent(claimed[0].id, later(1));
        assert_eq!(world.store.revert(again.mail, &[], later(60)).unwrap(), None, "it has no entry of its own");
        let taken_back = world.store.revert(first.mail, &[], later(60)).unwrap().unwrap();
        assert_eq!((taken_back.told.len(), taken_back.in_hand.len(), taken_back.withdrawn), (1, 0, 1));
        assert_eq!((world.rows("reply_keys"), world.rows("history_entries")), (0, 0));
        assert_eq!(world.number("select count(*) from outbox where entry_id is not null"), 0);
        let detail = world.store.mail(again.mail).unwrap().unwrap();
        assert_eq!((detail.repeat_of, detail.adds_to, detail.files.len()), (Some(first.mail), None, 1));
        let third = recorded(world, 3, forward("third", &[]));
        assert_eq!((third.outcome, world.rows("history_entries")), (ImportOutcome::Imported, 1));
        assert_eq!(world.store.mail(third.mail).unwrap().unwrap().forwarded_again, []);
    }

    fn an_entry_that_is_made_anew_has_its_further_forwards_again(world) {
        let b = file("b.pdf", b"b");
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[&b]));
        world.recorded(&world.record(3, forward("first", &[]), Decision::SkipRepeat { earlier: first.mail }));
        world.sql("delete from history_entries").unwrap();
        world.sql(&format!("update mails set outcome = 'unassigned', why = 'no_number' where id = {}", first.mail)).unwrap();
        world.store.record_again(first.mail, &import(world, 1, forward("first", &[])), later(60)).unwrap();
        let detail = world.store.mail(first.mail).unwrap().unwrap();
        assert_eq!(detail.forwarded_again.iter().map(|further| further.mail).collect::<Vec<_>>(), [again.mail]);
        assert_eq!(detail.files.len(), 1);
    }

    fn an_imported_mail_that_is_decided_again_is_not_taken_for_its_own_repeat(world) {
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        recorded(world, 2, forward("second", &[]));
        let facts = known(world, &forward("first", &[])).without(first.mail);
        assert_eq!((facts.earlier.is_none(), facts.same_reply.is_none()), (true, true));
        world.store.record_again(first.mail, &decided(world, 1, forward("first", &[]), &facts), later(60)).unwrap();
        assert_eq!((world.rows("history_entries"), world.rows("outbox")), (1, 2));
        assert_eq!(recorded(world, 3, forward("third", &[])).entry, first.entry);
    }

    fn a_file_that_the_first_mail_turns_out_to_bring_itself_is_there_once(world) {
        let b = file("b.pdf", b"b");
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        recorded(world, 2, forward("second", &[&b]));
        let better_read = forward("first", &[&b]);
        let facts = known(world, &better_read).without(first.mail);
        world.store.record_again(first.mail, &decided(world, 1, better_read, &facts), later(60)).unwrap();
        let files = world.store.mail(first.mail).unwrap().unwrap().files;
        assert_eq!(files.iter().map(|file| file.mail).collect::<Vec<_>>(), [first.mail]);
    }

    fn a_further_forward_that_is_decided_again_stays_one(world) {
        let b = file("b.pdf", b"b");
        let first = world.recorded(&import(world, 1, forward("first", &[])));
        let again = recorded(world, 2, forward("second", &[&b]));
        let facts = known(world, &forward("second", &[&b])).without(again.mail);
        world.store.record_again(again.mail, &decided(world, 2, forward("second", &[&b]), &facts), later(60)).unwrap();
        let detail = world.store.mail(first.mail).unwrap().unwrap();
        assert_eq!((detail.forwarded_again.len(), detail.files.len()), (1, 1));
        assert_eq!(world.number("select count(*) from mails where adds_to is not null and repeat_of is not null"), 1);
    }
}

/// The forward waits for the entry first, the taking back behind it; then both go on.
#[test]
fn an_entry_is_taken_back_while_a_further_forward_is_recorded_and_neither_fails() {
    let world = World::on_postgres();
    let first = world.recorded(&import(&world, 1, forward("first", &[])));
    let again = decide(&world, 2, forward("second", &[]));
    let Raw::Postgres(mut holding) = world.raw() else { panic!("it is PostgreSQL") };
    let waiting = |wanted| {
        let sql = "select count(distinct pid) from pg_locks where not granted \
                   and pid in (select pid from pg_stat_activity where datname = current_database())";
        wait_for("units of work that wait", Duration::from_secs(20), || (world.number(sql) == wanted).then_some(()));
    };
    holding.batch_execute("begin; select id from history_entries for update").unwrap();
    std::thread::scope(|scope| {
        let recording = scope.spawn(|| world.store.record(&[again], start()));
        waiting(1);
        let reverting = scope.spawn(|| world.store.revert(first.mail, &[], later(60)));
        waiting(2);
        holding.batch_execute("commit").unwrap();
        let (recorded, reverted) = (recording.join().unwrap(), reverting.join().unwrap());
        assert!(recorded.is_ok() && matches!(reverted, Ok(Some(_))), "{recorded:?} {reverted:?}");
    });
    assert_eq!((world.rows("mails"), world.rows("history_entries")), (2, 0));
}

/// A forward of one and the same reply, in a mail of its own.
fn forward(name: &str, files: &[&Attachment]) -> IncomingMail {
    let mut forward = mail(name);
    TEXT.clone_into(&mut forward.text);
    forward.note = format!("Notiz {name}");
    forward.attachments = files.iter().map(|file| (*file).clone()).collect();
    forward
}

/// The record of a mail that becomes an entry, of whose reply nothing is known.
fn import(world: &World, uid: u32, mail: IncomingMail) -> MailRecord {
    decided(world, uid, mail, &Known::default())
}

/// The record of a mail, decided by what is known of its reply.
fn decided(world: &World, uid: u32, mail: IncomingMail, known: &Known) -> MailRecord {
    let application = world.application("2024-00123").id;
    let (decision, occasion) = match &known.same_reply {
        None => (Decision::AddToHistory { application, sender: SenderMatch::Matches }, Occasion::Reply),
        Some(reply) => {
            (Decision::AddForwarder { application, entry: reply.entry, earlier: reply.mail }, Occasion::ForwardedBefore)
        }
    };
    let mut record = world.record(uid, mail, decision);
    record.other_replies.clone_from(&known.other_replies);
    record.notifications = vec![to("ruth@alpha.example", occasion)];
    record
}

fn decide(world: &World, uid: u32, mail: IncomingMail) -> MailRecord {
    let known = known(world, &mail);
    decided(world, uid, mail, &known)
}

fn recorded(world: &World, uid: u32, mail: IncomingMail) -> Recorded {
    world.recorded(&decide(world, uid, mail))
}

fn known(world: &World, mail: &IncomingMail) -> Known {
    let number = crate::world::reference_number("2024-00123");
    let reply = reply_import::mail::reply_identity_of(mail);
    let question =
        Question { identity: &mail.identity, number: Some(&number), forwarder: None, reply: Some(&reply), keys: &[] };
    world.store.known(world.alpha, &[question]).unwrap().remove(0)
}
