//! Contents in an object store (here a folder): put before the record, found by whoever looks, and removed when nobody needs
//! them, whoever dies or sleeps in between.

use crate::attic::{Attic, again, content_of_only_file, erase, removed, viewer};
use crate::world::{World, file, later, mail, picture, start};
use chrono::TimeDelta;
use reply_import::application::id::FileId;
use reply_import::mail::IncomingMail;
use reply_import::objects::Objects;
use reply_import::settings::Files;
use reply_import::store::{Actor, Erasure, StoreError, Swept};
use std::path::{Path, PathBuf};

fn named(name: &str, content: &str) -> IncomingMail {
    IncomingMail { attachments: vec![file("Zeugnis.pdf", content.as_bytes())], pictures: Vec::new(), ..mail(name) }
}

fn file_at(path: &Path) -> String {
    String::from_utf8(std::fs::read(path).unwrap()).unwrap()
}

on_both! {
    fn contents_lie_outside_once_and_are_found_by_whoever_looks(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let record = world.imported(1, "first", "2024-00123");
        let recorded = store.record(std::slice::from_ref(&record), start()).unwrap().remove(0);
        assert_eq!(world.number("select count(*) from blobs where content is null"), 2);
        assert_eq!(world.number("select count(*) from objects where state = 'kept'"), 2);
        let files = attic.files();
        assert_eq!(files.len(), 2, "{files:?}");
        let sha256 = &record.mail.attachments[0].sha256;
        let expected = format!("sha256/{}/{}/{sha256}.", sha256.get(..2).unwrap(), sha256.get(2..4).unwrap());
        let ours = files.iter().find(|path| path.to_str().unwrap().contains(&expected)).unwrap();
        assert_eq!(file_at(ours), "%PDF first");
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF first");
        let original = store.original(viewer(world), recorded.mail, start()).unwrap().unwrap();
        assert_eq!(original.pictures[0].content, b"GIF first");
        assert_eq!(original.files[0].size, 10, "lists need no store");
        // The same contents again: nothing is put.
        let mut same = world.imported(2, "second", "2024-00124");
        (same.mail.attachments, same.mail.pictures) = (record.mail.attachments.clone(), record.mail.pictures.clone());
        store.record(&[same], start()).unwrap();
        assert_eq!((world.rows("blobs"), world.rows("objects"), attic.files().len()), (2, 2, 2));
    }

    fn what_is_erased_goes_outside_too_and_nothing_else(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "doomed", "2024-00123")], start()).unwrap();
        store.record(&[world.imported(2, "other", "2024-00124")], start()).unwrap();
        assert_eq!(attic.files().len(), 4);
        erase(&store, world, "2024-00123");
        assert_eq!(store.status().unwrap().objects.contents, 2);
        assert_eq!(removed(&store, start()), Swept { removed: 2, ..Swept::default() });
        let left: Vec<String> = attic.files().iter().map(|path| file_at(path)).collect();
        assert!(left.iter().all(|content| content.ends_with("other")) && left.len() == 2, "{left:?}");
        assert_eq!((world.rows("objects"), store.status().unwrap().objects.contents), (2, 0));
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF other");
    }

    fn a_store_that_is_away_keeps_mails_from_being_recorded_and_the_duty_to_remove(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "doomed", "2024-00123")], start()).unwrap();
        attic.go_away();
        let error = store.record(&[world.imported(2, "later", "2024-00124")], start()).unwrap_err();
        assert!(matches!(error, StoreError::FilesAway { .. }), "{error:?}");
        assert_eq!((world.rows("mails"), world.rows("blobs")), (1, 2), "nothing of it is recorded");
        let error = content_of_only_file(world, &store).unwrap_err();
        assert!(matches!(error, StoreError::FilesAway { .. }), "{error:?}");
        erase(&store, world, "2024-00123");
        let swept = removed(&store, start());
        assert!(swept.removed == 0 && swept.waiting >= 2 && swept.error.is_some(), "{swept:?}");
        let waiting = store.status().unwrap().objects;
        assert!(waiting.contents >= 2 && waiting.error.is_some(), "{waiting:?}");
        attic.come_back();
        assert_eq!(removed(&store, start()), Swept { removed: 2, ..Swept::default() }, "as soon as it is back");
        assert_eq!((attic.files().len(), world.rows("objects")), (0, 0));
        store.record(&[world.imported(2, "later", "2024-00124")], start()).unwrap();
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF later");
    }

    fn without_a_store_in_the_settings_the_duty_to_remove_stays(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "doomed", "2024-00123")], start()).unwrap();
        erase(&world.store, world, "2024-00123");
        let swept = removed(&world.store, start());
        assert_eq!((swept.removed, swept.waiting, attic.files().len()), (0, 2, 2));
        assert!(swept.error.unwrap().contains("[files]"));
        assert_eq!(store.remove_objects(start(), true, again).unwrap().removed, 2);
        assert_eq!(attic.files().len(), 0);
    }

    fn what_was_put_for_a_record_that_failed_is_removed(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let mut record = world.imported(1, "first", "2024-00123");
        record.forwarder = Some(reply_import::application::id::UserId(99));
        store.record(&[record], start()).unwrap_err();
        assert_eq!((world.rows("blobs"), attic.files().len()), (0, 2));
        assert_eq!(removed(&store, start()).removed, 2);
        assert_eq!((attic.files().len(), world.rows("objects")), (0, 0));
    }

    fn contents_of_a_repeat_are_not_kept(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let record = world.imported(1, "first", "2024-00123");
        store.record(std::slice::from_ref(&record), start()).unwrap();
        let mut repeat = world.imported(2, "first", "2024-00123");
        repeat.mail.attachments = vec![file("Anders.pdf", b"%PDF another content")];
        store.record(&[repeat], start()).unwrap();
        removed(&store, later(2 * 3600));
        assert_eq!((world.rows("blobs"), world.rows("objects"), attic.files().len()), (2, 2, 2));
    }

    // As one who is killed between putting and recording leaves it.
    fn what_nobody_recorded_is_removed_after_an_hour_and_not_before(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "first", "2024-00123")], start()).unwrap();
        let time = if world.url.starts_with("sqlite") { "'2024-05-01 11:00:00'" } else { "timestamp '2024-05-01 11:00:00'" };
        let row = format!("insert into objects (sha256, state, since, next_at) select sha256, 'coming', {time}, {time} from blobs");
        world.sql(&row).unwrap();
        let lost = attic.files()[0].clone();
        let (name, _) = lost.to_str().unwrap().rsplit_once('.').unwrap();
        let sha256 = name.rsplit('/').next().unwrap();
        let id = world.number(&format!("select max(id) from objects where sha256 = '{sha256}'"));
        std::fs::copy(&lost, format!("{name}.{id}")).unwrap();
        // What a put leaves that was killed in the middle.
        std::fs::write(format!("{name}.{id}#1"), "half").unwrap();
        assert_eq!(removed(&store, later(3599)).removed, 0);
        assert_eq!(attic.files().len(), 4);
        assert_eq!(removed(&store, later(3601)).removed, 2);
        assert_eq!((attic.files().len(), world.rows("objects")), (2, 2));
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF first");
    }

    fn reprocessing_puts_what_is_new_and_removes_what_is_left(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let record = world.imported(1, "first", "2024-00123");
        let recorded = store.record(std::slice::from_ref(&record), start()).unwrap().remove(0);
        let mut changed = world.imported(1, "first", "2024-00123");
        changed.mail.attachments = vec![file("Zeugnis.pdf", b"%PDF renewed")];
        store.record_again(recorded.mail, &changed, start()).unwrap();
        removed(&store, start());
        let contents: Vec<String> = attic.files().iter().map(|path| file_at(path)).collect();
        assert!(contents.len() == 2 && contents.contains(&"%PDF renewed".to_owned()), "{contents:?}");
    }

    fn a_content_that_is_lost_or_changed_is_told_and_not_handed_out(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.record(1, named("first", "%PDF first"), reply_import::decision::Decision::KeepForAPerson { why: reply_import::decision::WhyUnassigned::NoNumber })], start()).unwrap();
        let path = attic.files().remove(0);
        let opened = || {
            let file = FileId(world.number("select max(id) from files"));
            store.file_content(viewer(world), file, start())
        };
        std::fs::write(&path, "something else").unwrap();
        let error = opened().unwrap_err().to_string();
        assert!(error.contains("is not what was put there"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = opened().unwrap_err().to_string();
        assert!(error.contains("is not there"), "{error}");
    }

    // Some record, one erases and sweeps as if hours had gone by: in the end every content that a mail has is there.
    fn whoever_is_faster_no_content_that_a_mail_has_is_lost(world) {
        let attic = Attic::new();
        let application = world.application("2024-00124").id;
        let records = |n: u32| -> Vec<_> {
            (0..30)
                .map(|turn| {
                    let mut record = world.imported(n * 100 + turn, &format!("mail {n} {turn}"), "2024-00123");
                    // Six contents, which come and go with the mails that have them.
                    record.mail = IncomingMail { pictures: vec![picture("logo", b"GIF of all")], ..named(&format!("mail {n} {turn}"), &format!("%PDF {}", turn % 5)) };
                    if turn % 3 != 0 {
                        let sender = reply_import::decision::SenderMatch::Matches;
                        record.decided.decision = reply_import::decision::Decision::AddToHistory { application, sender };
                        record.notifications.clear();
                    }
                    record
                })
                .collect()
        };
        std::thread::scope(|scope| {
            let writers: Vec<_> = (1..=3)
                .map(|n| {
                    let (store, records) = (attic.of(world, true), records(n));
                    scope.spawn(move || {
                        for record in records {
                            // Whoever is overtaken decides anew; a reply's application may be erased already.
                            for _ in 0..20 {
                                if !matches!(store.record(std::slice::from_ref(&record), start()), Err(StoreError::Overtaken { .. })) {
                                    break;
                                }
                            }
                        }
                    })
                })
                .collect();
            let store = attic.of(world, true);
            while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
                let mails = Erasure::Mails(Vec::new());
                store.erase(&mails, Actor::Cli, start()).unwrap();
                let one = world.number("select coalesce(max(id), 0) from mails");
                let _gone_meanwhile = world.sql(&format!("delete from mails where id = {one} and repeat_of is null"));
                store.erase(&mails, Actor::Cli, start()).unwrap();
                store.remove_objects(start() + TimeDelta::hours(2), true, again).unwrap();
            }
        });
        let store = attic.of(world, true);
        store.remove_objects(start() + TimeDelta::hours(2), true, again).unwrap();
        assert_eq!(world.number("select count(*) from blobs where not exists (select 1 from objects where id = object_id and state = 'kept')"), 0);
        assert_eq!(world.rows("objects"), world.rows("blobs"));
        assert_eq!(i64::try_from(attic.files().len()).unwrap(), world.rows("blobs"));
        assert!(world.rows("blobs") > 0 && world.rows("mails") > 10);
        for id in 0..world.number("select max(id) from files") {
            if let Ok(Some(file)) = store.file_content(viewer(world), FileId(id + 1), start()) {
                assert!(file.content.unwrap().starts_with(b"%PDF"));
            }
        }
    }
}

#[test]
fn the_prefix_stands_before_every_name_and_the_folder_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let attic = Attic::new();
    let objects = Objects::new(&Files { prefix: "of/ours".to_owned(), ..attic.settings(true) }).unwrap();
    objects.probe().unwrap();
    assert_eq!(attic.files(), Vec::<PathBuf>::new(), "nothing is left of a probe");
    let mode = std::fs::metadata(attic.path().join("sha256")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    attic.go_away();
    assert!(Objects::new(&attic.settings(true)).unwrap().probe().is_err());
}
