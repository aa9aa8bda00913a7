//! Who opened what stands in the audit once for each opening, and says by which hand.

use crate::profile_people::{alpha, people};
use crate::world::{World, later};
use reply_import::application::id::{ApiTokenId, FileId, MailId};
use reply_import::store::{AuditFilter, Viewer};

on_both! {
    fn the_frame_of_an_opened_magnifier_is_no_second_opening(world) {
        people(world);
        let mail = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let other = world.recorded(&world.imported(2, "second", "2024-00123")).mail;
        let [karl, ruth] = ["karl@alpha.example", "ruth@alpha.example"].map(|who| alpha(world, who));
        let open = |viewer: Viewer, mail: MailId, second: i64| {
            assert!(world.store.original(viewer, mail, later(second)).unwrap().is_some());
            deeds(world)
        };
        let open_frame = |viewer: Viewer, mail: MailId, second: i64| {
            assert!(world.store.original_in_frame(viewer, mail, later(second)).unwrap().is_some());
            deeds(world)
        };
        assert_eq!(open_frame(karl, mail, 0), 1, "by itself it counts");
        assert_eq!(open(karl, mail, 10), 2, "each magnifier counts");
        assert_eq!(open_frame(karl, mail, 11), 2);
        assert_eq!(open_frame(ruth, mail, 12), 3, "somebody else");
        assert_eq!(open_frame(karl, other, 13), 4, "another mail");
        assert_eq!(open_frame(karl, mail, 309), 4);
        assert_eq!(open_frame(karl, mail, 310), 5, "five minutes later");
        assert_eq!(world.store.original_in_frame(alpha(world, "fred@alpha.example"), mail, later(311)).unwrap(), None);
        assert_eq!(deeds(world), 5);
    }

    fn what_a_program_opens_names_its_token(world) {
        let mail = world.recorded(&world.imported(1, "first", "2024-00123")).mail;
        let program = Viewer::of_program(world.alpha, ApiTokenId(7));
        let file = FileId(world.number("select min(id) from files"));
        world.store.original(program, mail, later(5)).unwrap().unwrap();
        world.store.file_content(program, file, later(6)).unwrap().unwrap();
        let filter = AuditFilter { mail: Some(mail), since: Some(later(5)), ..AuditFilter::default() };
        let deeds = world.store.audit(&filter).unwrap();
        let told: Vec<_> = deeds.iter().map(|deed| (deed.what.as_str(), deed.detail.as_deref(), deed.user)).collect();
        let of_file = format!("file {file}, token 7");
        assert_eq!(told, [("mail_viewed", Some("contents, token 7"), None), ("file_viewed", Some(of_file.as_str()), None)]);
    }
}

fn deeds(world: &World) -> i64 {
    world.number("select count(*) from audit where what = 'mail_viewed'")
}
