//! Contents in the database and in an object store, and the way from the one to the other and back: each is in one place.

use crate::attic::{Attic, content_of_only_file, removed};
use crate::world::{World, start};
use reply_import::store::StoreError;

on_both! {
    fn what_lies_in_the_database_is_read_there_and_new_contents_go_where_they_are_to(world) {
        let attic = Attic::new();
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let store = attic.of(world, true);
        assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF first");
        store.record(&[world.imported(2, "second", "2024-00123")], start()).unwrap();
        let back = attic.of(world, false);
        assert_eq!(content_of_only_file(world, &back).unwrap().unwrap(), b"%PDF second");
        back.record(&[world.imported(3, "third", "2024-00123")], start()).unwrap();
        assert_eq!(world.number("select count(*) from blobs where content is null"), 2);
        assert_eq!(attic.files().len(), 2);
        // Without a store in the settings nothing is handed out, and a mail is shown without its pictures.
        world.sql("delete from files where id = (select max(id) from files)").unwrap();
        let error = content_of_only_file(world, &world.store).unwrap_err();
        assert!(matches!(&error, StoreError::FilesAway { cause, .. } if cause.contains("[files]")), "{error}");
    }

    fn contents_are_moved_from_one_place_to_the_other_and_back(world) {
        let attic = Attic::new();
        for (uid, name) in [(1, "first"), (2, "second"), (3, "third")] {
            world.recorded(&world.imported(uid, name, "2024-00123"));
        }
        let store = attic.of(world, true);
        for takes_new in [true, false, true] {
            let store = attic.of(world, takes_new);
            let (mut behind, mut moved) = (None, 0);
            loop {
                let step = store.move_some_contents(behind.as_deref(), start()).unwrap();
                assert_eq!(step.missing, Vec::<String>::new());
                moved += step.moved.contents;
                behind = step.behind;
                if behind.is_none() {
                    break;
                }
            }
            assert_eq!(moved, 6);
            removed(&store, start());
            let outside = if takes_new { 6 } else { 0 };
            let places = store.content_places().unwrap();
            assert_eq!((places.store.contents, places.database.contents), (outside, 6 - outside));
            assert_eq!(places.store.octets + places.database.octets, 59);
            assert_eq!((attic.files().len() as u64, store.has_contents_outside().unwrap()), (outside, takes_new));
            assert_eq!(content_of_only_file(world, &store).unwrap().unwrap(), b"%PDF third");
        }
        std::fs::remove_file(attic.files().remove(0)).unwrap();
        let step = attic.of(world, false).move_some_contents(None, start()).unwrap();
        assert_eq!((step.moved.contents, step.missing.len()), (5, 1), "one that is lost is named, the others are moved");
        assert_eq!(store.content_places().unwrap().store.contents, 1);
    }

    fn its_migration_is_not_taken_back_while_contents_lie_outside(world) {
        let attic = Attic::new();
        attic.of(world, true).record(&[world.imported(1, "first", "2024-00123")], start()).unwrap();
        let down = || crate::migrations::down_once(&world.url);
        let error = (0..10).find_map(|_| down().err()).unwrap();
        assert!(error.contains("contents_lie_in_the_object_store_move_them_back_first"), "{error}");
        world.store.migrate().unwrap();
        assert_eq!(content_of_only_file(world, &attic.of(world, true)).unwrap().unwrap(), b"%PDF first");
    }

    fn a_content_is_in_one_place(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        for sql in [
            "update blobs set content = null",
            "insert into objects (sha256, state, since, next_at, attempts) select '', 'going', created_at, created_at, -1 from mailboxes",
            "insert into objects (sha256, state, since, next_at) select '', 'there', created_at, created_at from mailboxes",
        ] {
            assert!(world.sql(sql).unwrap_err().to_lowercase().contains("check constraint"), "{sql}");
        }
        assert!(world.sql("update blobs set object_id = 7, content = null where size = 10").unwrap_err().to_lowercase().contains("foreign key"));
    }
}
