//! Files that a virus scanner did not let through: listed, and their content nowhere.

use crate::world::{Raw, World, file, later, mail, picture, start};
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use reply_import::application::Withheld;
use reply_import::decision::{Decision, SenderMatch, WhyUnassigned};
use reply_import::mail::{Attachment, IncomingMail};
use reply_import::store::{Actor, Erasure, MailRecord, Question, Recorded};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const TEXT: &str = "Sehr geehrte Frau Muster, anbei die noch fehlenden Unterlagen. Erika Beispiel";

on_both! {
    fn an_infected_file_is_listed_with_what_was_found_and_its_content_is_not_kept(world) {
        let (clean, bad) = (file("Zeugnis.pdf", b"clean"), withheld(file("Lebenslauf.pdf", b"infected"), infected()));
        let recorded = world.recorded(&import(world, 1, forward("first", &[&bad, &clean])));
        let files = world.store.mail(recorded.mail).unwrap().unwrap().files;
        let [first, second] = files.as_slice() else { panic!("{files:#?}") };
        assert_eq!((first.name.as_str(), first.size, first.sha256.as_str()), ("Lebenslauf.pdf", 8, bad.sha256.as_str()));
        assert_eq!((first.withheld.as_deref(), first.virus.as_deref()), (Some("infected"), Some("Test.Marker")));
        assert_eq!((second.name.as_str(), second.withheld.as_deref(), second.size), ("Zeugnis.pdf", None, 5));
        assert_eq!(world.rows("blobs"), 1);
        assert_eq!(world.number(&format!("select count(*) from blobs where sha256 = '{}'", bad.sha256)), 0);
    }

    fn a_withheld_picture_is_not_kept_and_stands_among_the_parts_left_out(world) {
        let mut shows = forward("first", &[]);
        let mut bad = picture("logo", b"infected");
        bad.withheld = Some(infected());
        shows.pictures = vec![bad, picture("photo", b"clean")];
        world.recorded(&import(world, 1, shows));
        assert_eq!((world.rows("pictures"), world.rows("blobs")), (1, 1));
        let told = "select count(*) from mail_contents where ignored_parts like '%found Test.Marker%'";
        assert_eq!(world.number(told), 1);
    }

    fn what_is_kept_of_a_mail_says_which_files_are_withheld(world) {
        let bad = withheld(file("Lebenslauf.pdf", b"large"), Withheld::TooLargeToScan);
        let recorded = world.recorded(&import(world, 1, forward("first", &[&bad])));
        let kept = world.store.kept_mail(recorded.mail).unwrap().unwrap().contents.unwrap().attachments.remove(0);
        assert_eq!((kept.withheld, kept.sha256), (Some(Withheld::TooLargeToScan), bad.sha256));
    }

    fn a_file_that_is_clean_when_the_mail_is_read_again_comes_in(world) {
        let bad = withheld(file("Lebenslauf.pdf", b"mistaken"), infected());
        let recorded = world.recorded(&import(world, 1, forward("first", &[&bad])));
        let clean = import(world, 1, forward("first", &[&file("Lebenslauf.pdf", b"mistaken")]));
        world.store.record_again(recorded.mail, &clean, later(60)).unwrap();
        let files = world.store.mail(recorded.mail).unwrap().unwrap().files;
        assert_eq!((files.len(), files[0].withheld.as_deref(), files[0].size), (1, None, 8));
        assert_eq!(world.rows("blobs"), 1);
    }

    fn a_withheld_file_that_is_forwarded_again_is_no_further_file_until_it_is_clean(world) {
        let clean = file("Lebenslauf.pdf", b"mistaken");
        let bad = withheld(clean.clone(), infected());
        let first = world.recorded(&import(world, 1, forward("first", &[&bad])));
        let second = again(world, 2, forward("second", &[&bad]));
        assert_eq!((second.entry, world.rows("files")), (first.entry, 1), "the same reply, and the same file");
        let third = again(world, 3, forward("third", &[&clean]));
        let files = world.store.mail(first.mail).unwrap().unwrap().files;
        assert_eq!(files.iter().map(|file| file.mail).collect::<Vec<_>>(), [first.mail, third.mail]);
        assert_eq!((files[0].withheld.as_deref(), files[1].withheld.as_deref()), (Some("infected"), None));
        again(world, 4, forward("fourth", &[&clean]));
        again(world, 5, forward("fifth", &[&bad]));
        assert_eq!(world.rows("files"), 2);
        assert_eq!(world.rows("history_entries"), 1);
    }

    fn a_clean_further_file_stays_when_the_first_mail_is_read_again_and_its_own_is_withheld(world) {
        let clean = file("Lebenslauf.pdf", b"mistaken");
        let bad = withheld(clean.clone(), infected());
        let first = world.recorded(&import(world, 1, forward("first", &[&bad])));
        again(world, 2, forward("second", &[&clean]));
        world.store.record_again(first.mail, &import(world, 1, forward("first", &[&bad])), later(60)).unwrap();
        assert_eq!(world.number("select count(*) from files where sha256 is not null"), 1);
        world.store.record_again(first.mail, &import(world, 1, forward("first", &[&clean])), later(90)).unwrap();
        assert_eq!((world.rows("files"), world.number("select count(*) from files where mail_id = 1")), (1, 1));
    }

    fn an_erased_mail_takes_its_withheld_file_along_and_contents_go_though_another_mail_has_one(world) {
        let bad = withheld(file("Lebenslauf Erika.pdf", b"infected"), infected());
        let waits = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
        let erased = forward("first", &[&bad, &file("Zeugnis.pdf", b"clean")]);
        let erased = world.recorded(&world.record(1, erased, waits)).mail;
        let other = withheld(file("Mappe.pdf", b"large"), Withheld::TooLargeToScan);
        world.recorded(&world.record(2, forward("second", &[&other]), waits));
        assert_eq!(world.store.erase(&Erasure::Mails(vec![erased]), Actor::Service, later(2)).unwrap().contents, 1);
        assert_eq!((world.rows("blobs"), world.rows("files")), (0, 1));
        assert_eq!(world.number("select count(*) from files where name = 'Mappe.pdf'"), 1);
    }

    fn the_rest_survives_the_migration_down_and_up(world) {
        let bad = withheld(file("Lebenslauf.pdf", b"infected"), infected());
        world.recorded(&import(world, 1, forward("first", &[&bad, &file("Zeugnis.pdf", b"clean")])));
        let own = "20261129093000";
        match world.raw() {
            Raw::Sqlite(mut connection) => {
                let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).unwrap();
                let own = migrations.iter().find(|one| one.name().version().to_string() == own).unwrap();
                connection.revert_migration(&**own).unwrap();
            }
            Raw::Postgres(mut connection) => {
                let migrations = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).unwrap();
                let own = migrations.iter().find(|one| one.name().version().to_string() == own).unwrap();
                connection.revert_migration(&**own).unwrap();
            }
        }
        world.store.migrate().unwrap();
        assert_eq!(world.number("select count(*) from files where name = 'Zeugnis.pdf' and withheld is null"), 1);
        assert_eq!(world.rows("files"), 1, "what has no content cannot be listed by the version before");
        let other = IncomingMail { text: "Etwas anderes".to_owned(), ..forward("other", &[&bad]) };
        world.recorded(&import(world, 2, other));
        assert_eq!(world.number("select max(id) from files"), 3, "an id is never used again");
    }
}

fn infected() -> Withheld {
    Withheld::Infected { signature: "Test.Marker".to_owned() }
}

fn withheld(file: Attachment, why: Withheld) -> Attachment {
    Attachment { withheld: Some(why), ..file }
}

/// A forward of the one reply, with these files.
fn forward(name: &str, files: &[&Attachment]) -> IncomingMail {
    let attachments = files.iter().map(|file| (*file).clone()).collect();
    IncomingMail { text: TEXT.to_owned(), attachments, pictures: Vec::new(), ..mail(name) }
}

fn import(world: &World, uid: u32, mail: IncomingMail) -> MailRecord {
    let application = world.application("2024-00123").id;
    world.record(uid, mail, Decision::AddToHistory { application, sender: SenderMatch::Matches })
}

/// Records a further forward of the reply.
fn again(world: &World, uid: u32, mail: IncomingMail) -> Recorded {
    let mut record = import(world, uid, mail);
    let number = crate::world::reference_number("2024-00123");
    let question = Question {
        identity: &record.mail.identity,
        number: Some(&number),
        forwarder: None,
        reply: Some(&record.reply),
        keys: &[],
    };
    let reply = world.store.known(world.alpha, &[question]).unwrap().remove(0).same_reply.expect("the same reply");
    let application = world.application("2024-00123").id;
    record.decided.decision = Decision::AddForwarder { application, entry: reply.entry, earlier: reply.mail };
    world.store.record(&[record], start()).unwrap().remove(0)
}
