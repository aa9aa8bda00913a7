//! The list of applications: order, search, pages, and what is new.

use crate::profile_people::{alpha, people};
use crate::world::{World, later, mail, shapes, start};
use reply_import::application::ApplicationState;
use reply_import::decision::Decision;
use reply_import::store::directory::read_json_lines;
use reply_import::store::{Actor, ApplicationLine, ApplicationSearch, Erasure, Viewer};

fn listed(world: &World, viewer: Viewer, text: &str) -> Vec<String> {
    let search = ApplicationSearch { text: text.to_owned(), page: 1 };
    let list = world.store.applications_for(viewer, &search).unwrap();
    list.lines.into_iter().map(|line| line.number).collect()
}

fn line(world: &World, viewer: Viewer, number: &str) -> ApplicationLine {
    let list = world.store.applications_for(viewer, &ApplicationSearch::default()).unwrap();
    list.lines.into_iter().find(|line| line.number == number).unwrap()
}

fn import(world: &World, lines: &str) {
    world.store.import_directory(&read_json_lines(lines.as_bytes()).unwrap(), &shapes(), start()).unwrap();
}

fn application(number: &str, candidate: &str, post: &str) -> String {
    format!(
        "{{\"kind\": \"application\", \"tenant\": \"alpha\", \"number\": \"{number}\", \"candidate\": \"{candidate}\", \
         \"post\": \"{post}\", \"responsible\": [\"fred@alpha.example\"], \"state\": \"open\"}}\n"
    )
}

fn candidate(id: &str, name: &str) -> String {
    format!(
        "{{\"kind\": \"candidate\", \"tenant\": \"alpha\", \"id\": \"{id}\", \"name\": \"{name}\", \"addresses\": []}}\n"
    )
}

on_both! {
    fn the_newest_mail_comes_first_and_what_has_none_last(world) {
        people(world);
        import(world, &application("2024-00125", "K1", "Hof"));
        let ruth = alpha(world, "ruth@alpha.example");
        assert_eq!(listed(world, ruth, ""), ["2024-00125", "2024-00124", "2024-00123"], "the youngest first");
        world.recorded(&world.imported(1, "first", "2024-00124"));
        let second = world.recorded(&world.imported(2, "second", "2024-00123"));
        assert_eq!(listed(world, ruth, ""), ["2024-00123", "2024-00124", "2024-00125"]);
        world.store.revert(second.mail, &[], later(1)).unwrap().unwrap();
        assert_eq!(listed(world, ruth, ""), ["2024-00124", "2024-00125", "2024-00123"]);
        assert_eq!(listed(world, alpha(world, "karl@alpha.example"), ""), ["2024-00123"]);
        assert_eq!(listed(world, alpha(world, "fred@alpha.example"), ""), ["2024-00124", "2024-00125"]);
    }

    fn a_line_says_what_stands_in_the_history(world) {
        people(world);
        let ruth = alpha(world, "ruth@alpha.example");
        let empty = line(world, ruth, "2024-00123");
        assert_eq!((empty.entries, empty.new_entries, empty.last_entry_at), (0, 0, None));
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.store.record(&[world.imported(2, "second", "2024-00123")], later(60)).unwrap();
        world.recorded(&world.imported(3, "third", "2024-00124"));
        let line = line(world, ruth, "2024-00123");
        assert_eq!((line.entries, line.new_entries, line.last_entry_at), (2, 2, Some(later(60))));
        assert_eq!((line.candidate.as_str(), line.post.as_str(), line.state), ("Erika Beispiel", "Gießerei", ApplicationState::Open));
    }

    fn pages_follow_each_other_without_a_gap(world) {
        people(world);
        let lines: String = (0..120).map(|n| application(&format!("{}", 500_000 + n), "K1", "Lager")).collect();
        import(world, &lines);
        for n in 0..60 {
            world.recorded(&world.imported(n + 1, &format!("mail {n}"), &format!("{}", 500_000 + n)));
        }
        for (address, all) in [("ruth@alpha.example", 122), ("fred@alpha.example", 121)] {
            let viewer = alpha(world, address);
            let mut numbers = Vec::new();
            let pages = (1..=3).map(|page| {
                let list = world.store.applications_for(viewer, &ApplicationSearch { text: String::new(), page }).unwrap();
                assert_eq!(list.page, page);
                numbers.extend(list.lines.iter().map(|line| line.number.clone()));
                (list.lines.len(), list.has_more)
            });
            assert_eq!(pages.collect::<Vec<_>>(), [(50, true), (50, true), (all - 100, false)], "{address}");
            let mut each_once = numbers.clone();
            each_once.sort_unstable();
            each_once.dedup();
            assert_eq!(each_once.len(), all, "{address}");
            assert_eq!((numbers[0].as_str(), numbers[59].as_str(), numbers[60].as_str()), ("500059", "500000", "500119"));
            let behind = world.store.applications_for(viewer, &ApplicationSearch { text: String::new(), page: u32::MAX }).unwrap();
            assert_eq!((behind.lines, behind.has_more), (Vec::new(), false));
        }
        let exactly = ApplicationSearch { text: "50000".to_owned(), page: 0 };
        let exactly = world.store.applications_for(alpha(world, "ruth@alpha.example"), &exactly).unwrap();
        assert_eq!((exactly.lines.len(), exactly.page, exactly.has_more), (10, 1, false));
    }

    fn a_walk_gives_each_once_in_the_order_of_their_first_naming(world) {
        people(world);
        let lines: String = (0..120).map(|n| application(&format!("{}", 500_000 + n), "K1", "Lager")).collect();
        import(world, &lines);
        for (address, all) in [("ruth@alpha.example", 122), ("fred@alpha.example", 121)] {
            let viewer = alpha(world, address);
            let mut walked: Vec<ApplicationLine> = Vec::new();
            let pages = (0..3).map(|page| {
                let found = world.store.applications_after(viewer, "", walked.last().map(|line| line.id)).unwrap();
                walked.extend(found.lines.clone());
                // The newest mail is of one that is still to come, and moves it to the front of the list for people.
                let mail = format!("{address} {page}");
                world.recorded(&world.imported(if all == 122 { 100 } else { 200 } + page, &mail, "500119"));
                (found.lines.len(), found.has_more)
            });
            assert_eq!(pages.collect::<Vec<_>>(), [(50, true), (50, true), (all - 100, false)], "{address}");
            let numbers: Vec<&str> = walked.iter().skip(all - 120).map(|line| line.number.as_str()).collect();
            let wanted: Vec<String> = (0..120).map(|n| (500_000 + n).to_string()).collect();
            assert_eq!(numbers, wanted, "{address}");
            assert!(walked[all - 1].entries >= 2, "{:?}", walked[all - 1]);
        }
        let ruth = alpha(world, "ruth@alpha.example");
        let found = world.store.applications_after(ruth, "50001", None).unwrap();
        assert_eq!((found.lines.len(), found.has_more), (10, false));
    }

    fn a_search_finds_numbers_names_and_posts_however_letters_are_written(world) {
        people(world);
        import(world, &(candidate("K2", "JÜRGEN Öztürk") + &application("2024-00130", "K2", "100%_Stelle") + &application("2024-00131", "K2", "Ärztin")));
        let ruth = alpha(world, "ruth@alpha.example");
        for (text, numbers) in [
            ("2024-0012", vec!["2024-00124", "2024-00123"]),
            ("0123", vec![]),
            ("GIESSEREI", vec!["2024-00123"]),
            ("gießer", vec!["2024-00123"]),
            ("jürgen", vec!["2024-00131", "2024-00130"]),
            ("ju\u{308}rgen ÖZTÜRK", vec!["2024-00131", "2024-00130"]),
            ("  öztürk   ärztin ", vec!["2024-00131"]),
            ("erika lager", vec!["2024-00124"]),
            ("erika öztürk", vec![]),
            ("%", vec!["2024-00130"]),
            ("_", vec!["2024-00130"]),
            ("100%_s", vec!["2024-00130"]),
            ("1%s", vec![]),
            ("\\", vec![]),
            ("' or 1=1 --", vec![]),
            ("voorbeeld", vec![]),
            ("\0", vec![]),
        ] {
            assert_eq!(listed(world, ruth, text), numbers, "{text:?}");
        }
        assert_eq!(listed(world, alpha(world, "karl@alpha.example"), "2024"), ["2024-00123"]);
        assert_eq!(listed(world, alpha(world, "adam@alpha.example"), "2024"), Vec::<String>::new());
        assert_eq!(listed(world, ruth, " "), listed(world, ruth, ""));
    }

    fn a_search_knows_new_names_and_posts_and_those_of_an_older_version(world) {
        people(world);
        let ruth = alpha(world, "ruth@alpha.example");
        import(world, &(candidate("K1", "Erika Müller") + &application("2024-00124", "K1", "Küche")));
        assert_eq!(listed(world, ruth, "beispiel"), Vec::<String>::new());
        assert_eq!(listed(world, ruth, "müller"), ["2024-00124", "2024-00123"]);
        assert_eq!((listed(world, ruth, "lager"), listed(world, ruth, "küche")), (vec![], vec!["2024-00124".to_owned()]));
        world.sql("update applications set sought = null").unwrap();
        assert_eq!(listed(world, ruth, "müller"), Vec::<String>::new());
        world.store.migrate().unwrap();
        assert_eq!(listed(world, ruth, "müller"), ["2024-00124", "2024-00123"]);
    }

    fn what_came_in_since_a_user_looked_is_new_to_them_alone(world) {
        people(world);
        let (ruth, rita) = (alpha(world, "ruth@alpha.example"), alpha(world, "rita@alpha.example"));
        let id = world.application("2024-00123").id;
        let marks = |viewer: Viewer| -> Vec<bool> {
            world.store.history(viewer, id).unwrap().unwrap().iter().map(|line| line.is_new).collect()
        };
        let look = |viewer: Viewer, at| {
            let newest = world.store.history(viewer, id).unwrap().and_then(|lines| lines.iter().map(|line| line.entry).max());
            newest.inspect(|newest| world.store.mark_seen(viewer, id, *newest, later(at)).unwrap())
        };
        assert_eq!((look(ruth, 1), world.rows("seen_entries")), (None, 0), "there was nothing to see");
        world.recorded(&world.imported(1, "first", "2024-00123"));
        assert_eq!((line(world, ruth, "2024-00123").new_entries, marks(ruth)), (1, vec![true]));
        let shown = look(ruth, 2).unwrap();
        assert_eq!((line(world, ruth, "2024-00123").new_entries, marks(ruth)), (0, vec![false]));
        assert_eq!((line(world, rita, "2024-00123").new_entries, marks(rita)), (1, vec![true]));
        world.recorded(&world.imported(2, "second", "2024-00123"));
        assert_eq!((line(world, ruth, "2024-00123").new_entries, marks(ruth)), (1, vec![true, false]));
        world.store.mark_seen(ruth, id, shown, later(3)).unwrap();
        assert_eq!(marks(ruth), [true, false], "the page was made before the second came in");
        assert_eq!(look(ruth, 3), look(ruth, 4));
        assert_eq!((world.rows("seen_entries"), marks(ruth)), (1, vec![false, false]));
        for other in ["adam@alpha.example", "fred@alpha.example", "gone@alpha.example"] {
            world.store.mark_seen(alpha(world, other), id, shown, later(5)).unwrap();
            assert_eq!(world.rows("seen_entries"), 1, "{other} sees no such application");
        }
    }

    fn what_was_there_before_a_user_is_not_new_to_them(world) {
        people(world);
        world.recorded(&world.imported(1, "first", "2024-00123"));
        import(world, r#"{"kind": "user", "tenant": "alpha", "address": "nina@alpha.example", "addresses": [], "name": "Nina Neu", "role": "recruiter", "language": "de", "active": true}"#);
        let nina = alpha(world, "nina@alpha.example");
        assert_eq!(line(world, nina, "2024-00123").new_entries, 0);
        world.recorded(&world.imported(2, "second", "2024-00123"));
        assert_eq!((line(world, nina, "2024-00123").entries, line(world, nina, "2024-00123").new_entries), (2, 1));
    }

    fn what_is_erased_leaves_the_list_and_the_marks(world) {
        people(world);
        let ruth = alpha(world, "ruth@alpha.example");
        let id = world.application("2024-00123").id;
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let further = Decision::AddForwarder { application: id, entry: first.entry.unwrap(), earlier: first.mail };
        world.recorded(&world.record(2, mail("further"), further));
        world.recorded(&world.imported(3, "other", "2024-00124"));
        world.store.mark_seen(ruth, id, first.entry.unwrap(), later(1)).unwrap();
        world.store.erase(&Erasure::Application(id), Actor::Cli, later(2)).unwrap();
        assert_eq!(listed(world, ruth, ""), ["2024-00124"]);
        assert_eq!(world.rows("seen_entries"), 0);
        assert_eq!(world.rows("application_news"), world.rows("applications"));
        assert!(world.store.leave_no_traces().unwrap());
    }
}
