//! An object store that is not the one that it was, that does not take a content, or does not let one go.

use crate::attic::{Attic, content_of_only_file, erase, removed};
use crate::world::{World, file, later, start};
use chrono::DateTime;
use reply_import::objects::MARK;
use reply_import::store::{StoreError, Swept};
use std::fs;
use std::path::{Path, PathBuf};

impl Attic {
    /// An empty folder is in its place, as if it was no longer mounted.
    fn unmount(&self) {
        fs::rename(self.path(), self.path().with_extension("elsewhere")).unwrap();
        fs::create_dir(self.path()).unwrap();
    }

    fn mount(&self) {
        fs::remove_dir_all(self.path()).unwrap();
        fs::rename(self.path().with_extension("elsewhere"), self.path()).unwrap();
    }

    /// Its files in the order of their numbers.
    fn by_number(&self) -> Vec<PathBuf> {
        let mut files = self.files();
        files.sort_by_key(|path| path.extension().unwrap().to_str().unwrap().parse::<i64>().unwrap());
        files
    }
}

/// Neither can this be written as a file nor removed.
fn obstruct(path: &Path) {
    let _there = fs::remove_file(path);
    fs::create_dir_all(path).unwrap();
    fs::write(path.join("inside"), "").unwrap();
}

fn cause(error: &StoreError) -> &str {
    match error {
        StoreError::FilesAway { cause, .. } => cause,
        other => panic!("{other:?}"),
    }
}

on_both! {
    fn an_empty_folder_in_the_place_of_the_store_is_not_taken_for_it(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        assert!(store.try_objects().unwrap().is_some());
        assert!(!attic.path().join(MARK).exists(), "who only looks marks nothing");
        store.record(&[world.imported(1, "doomed", "2024-00123")], start()).unwrap();
        store.record(&[world.imported(2, "other", "2024-00124")], start()).unwrap();
        erase(&store, world, "2024-00123");
        attic.unmount();
        let swept = removed(&store, start());
        assert_eq!((swept.removed, swept.waiting), (0, 2), "what is not there is not gone: {swept:?}");
        assert!(swept.error.unwrap().contains("the mark reply-import.id is not in it"));
        assert!(store.status().unwrap().objects.error.unwrap().contains("is not in it"));
        assert_eq!(world.number("select max(attempts) from objects"), 0, "nothing was tried");
        let error = store.record(&[world.imported(3, "third", "2024-00124")], start()).unwrap_err();
        assert!(cause(&error).contains("is not in it"), "{error}");
        assert!(cause(&store.try_objects().unwrap_err()).contains("is not in it"));
        assert_eq!((attic.files().len(), world.rows("objects")), (0, 4), "nothing is put where it would be hidden");
        fs::write(attic.path().join(MARK), "0123\n").unwrap();
        for error in [store.prove_objects().unwrap_err(), store.try_objects().unwrap_err()] {
            assert!(cause(&error).contains("of another database"), "{error}");
        }
        assert_eq!(removed(&store, start()).removed, 0);
        attic.mount();
        store.prove_objects().unwrap();
        assert_eq!(removed(&store, start()), Swept { removed: 2, ..Swept::default() });
        assert_eq!((attic.files().len(), world.rows("objects")), (2, 2));
    }

    fn a_store_that_is_begun_anew_is_told_from_the_old_one(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "doomed", "2024-00123")], start()).unwrap();
        erase(&store, world, "2024-00123");
        removed(&store, start());
        attic.unmount();
        store.record(&[world.imported(2, "second", "2024-00124")], start()).unwrap();
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF second");
        fs::rename(attic.path(), attic.path().with_extension("newer")).unwrap();
        fs::rename(attic.path().with_extension("elsewhere"), attic.path()).unwrap();
        let error = store.record(&[world.imported(3, "third", "2024-00124")], start()).unwrap_err();
        assert!(cause(&error).contains("an older state"), "{error}");
    }

    fn what_another_database_uses_is_not_used(world) {
        let attic = Attic::new();
        let other = World::on_sqlite();
        attic.of(&other, true).record(&[other.imported(1, "theirs", "2024-00123")], start()).unwrap();
        let error = attic.of(world, true).record(&[world.imported(1, "ours", "2024-00123")], start()).unwrap_err();
        assert!(cause(&error).contains("of another database"), "{error}");
        assert_eq!((attic.files().len(), world.rows("objects")), (2, 0));
    }

    fn one_that_cannot_be_removed_holds_up_no_other(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        for n in 0..10 {
            store.record(&[world.imported(n + 1, &format!("mail {n}"), "2024-00123")], start()).unwrap();
        }
        let files = attic.by_number();
        assert_eq!(files.len(), 20);
        erase(&store, world, "2024-00123");
        // One of many attempts says nothing about the others.
        world.sql("update objects set attempts = 7 where id = 20").unwrap();
        let next = |attempts: u32| later(i64::from(attempts) * 1000);
        for path in &files[..16] {
            obstruct(path);
        }
        let swept = store.remove_objects(start(), false, next).unwrap();
        assert_eq!((swept.removed, swept.waiting), (0, 20));
        assert!(swept.error.is_some());
        let tried = "select count(*) from objects where attempts = 1 and last_error is not null";
        let untried = "select count(*) from objects where next_at = since and last_error is null and attempts in (0, 7)";
        assert_eq!((world.number(tried), world.number(untried)), (16, 4));
        // One of them only: the others go, and it has its own time.
        for path in &files[1..16] {
            fs::remove_dir_all(path).unwrap();
        }
        world.sql("update objects set next_at = since").unwrap();
        let swept = store.remove_objects(start(), false, next).unwrap();
        assert_eq!((swept.removed, swept.waiting), (19, 1));
        assert!(swept.error.is_some());
        assert_eq!((world.number("select id from objects"), world.number("select attempts from objects")), (1, 2));
        fs::remove_dir_all(&files[0]).unwrap();
        assert_eq!(store.remove_objects(later(1999), false, next).unwrap().removed, 0);
        assert_eq!(store.remove_objects(later(2000), false, next).unwrap(), Swept { removed: 1, ..Swept::default() });
    }

    fn a_put_that_failed_may_land_later_and_is_removed_then(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let record = world.imported(1, "first", "2024-00123");
        let sha256 = &record.mail.attachments[0].sha256;
        let below = attic.path().join("sha256").join(sha256.get(..2).unwrap()).join(sha256.get(2..4).unwrap());
        let paths = [1, 2].map(|id| below.join(format!("{sha256}.{id}")));
        for path in &paths {
            obstruct(path);
        }
        let error = store.record(std::slice::from_ref(&record), start()).unwrap_err();
        assert!(matches!(error, StoreError::FilesAway { .. }), "{error:?}");
        store.prove_objects().unwrap();
        assert_eq!(store.status().unwrap().objects.unrecorded, 2);
        assert_eq!(removed(&store, start()), Swept { unrecorded: 2, ..Swept::default() });
        // It lands.
        let id = world.number(&format!("select id from objects where sha256 = '{sha256}'"));
        for path in &paths {
            fs::remove_dir_all(path).unwrap();
        }
        fs::write(below.join(format!("{sha256}.{id}")), "%PDF first").unwrap();
        assert_eq!(removed(&store, later(3599)).removed, 0);
        assert_eq!(removed(&store, later(3601)), Swept { removed: 2, ..Swept::default() });
        assert_eq!((attic.files().len(), world.rows("objects")), (0, 0));
    }

    fn what_is_put_for_a_record_that_stays_as_it_was_is_removed_at_once(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        let record = world.imported(1, "first", "2024-00123");
        let recorded = store.record(std::slice::from_ref(&record), start()).unwrap().remove(0);
        let mut other = world.imported(1, "first", "2024-00124");
        other.mail.attachments = vec![file("Zeugnis.pdf", b"%PDF of another")];
        assert!(store.record_again(recorded.mail, &other, start()).unwrap().stays);
        assert_eq!(removed(&store, start()), Swept { removed: 1, ..Swept::default() });
        assert_eq!((attic.files().len(), world.rows("objects")), (2, 2));
    }

    fn erasing_takes_what_was_put_twice_and_recorded_once(world) {
        let attic = Attic::new();
        let store = attic.of(world, true);
        store.record(&[world.imported(1, "first", "2024-00123")], start()).unwrap();
        store.record(&[world.imported(2, "other", "2024-00124")], start()).unwrap();
        // As one who was killed before recording leaves it.
        let time = if world.url.starts_with("sqlite") { "'2024-05-01 11:00:00'" } else { "timestamp '2024-05-01 11:00:00'" };
        let row = format!("insert into objects (sha256, state, since, next_at) select sha256, 'coming', {time}, {time} from blobs");
        world.sql(&row).unwrap();
        let ours = attic.by_number();
        for path in &ours {
            let sha256 = path.file_stem().unwrap().to_str().unwrap();
            let id = world.number(&format!("select max(id) from objects where sha256 = '{sha256}'"));
            fs::copy(path, path.with_extension(id.to_string())).unwrap();
        }
        assert_eq!(attic.files().len(), 8);
        erase(&store, world, "2024-00123");
        let swept = store.remove_objects(start(), true, |_| DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(swept, Swept { removed: 4, unrecorded: 2, ..Swept::default() });
        let left: Vec<String> = attic.files().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        assert!(left.len() == 4 && left.iter().all(|content| content.ends_with("other")), "{left:?}");
    }
}
