//! What the profile shows, and to whom.

use crate::profile_people::{PEOPLE, alpha, people, viewer};
use crate::world::{World, file, later, mail, picture, start};
use reply_import::application::id::{ApplicationId, FileId, HistoryEntryId, MailId};
use reply_import::application::{Danger, DocumentKind, Role, Withheld};
use reply_import::decision::{Decision, SenderMatch, WhyUnassigned};
use reply_import::mail::IgnoredPart;
use reply_import::store::{Actor, ApplicationSearch, AuditFilter, ListedFile, Viewer};

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

/// Which of the profile's queries show something to the viewer.
fn shown(world: &World, viewer: Viewer, of: &Of) -> Vec<&'static str> {
    let store = &world.store;
    let mut shown = Vec::new();
    let mut add = |what, is_shown: bool| {
        if is_shown {
            shown.push(what);
        }
    };
    add("profile", store.profile(viewer, of.application).unwrap().is_some());
    add("history", store.history(viewer, of.application).unwrap().is_some());
    add("files", store.application_files(viewer, of.application).unwrap().is_some());
    add("entry", store.entry_place(viewer, of.entry).unwrap().is_some());
    add("original", store.original(viewer, of.mail, later(9)).unwrap().is_some());
    add("file", store.file_content(viewer, of.file, later(9)).unwrap().is_some());
    let list = store.applications_for(viewer, &ApplicationSearch::default()).unwrap();
    add("line", list.lines.iter().any(|line| line.id == of.application));
    shown
}

struct Of {
    application: ApplicationId,
    entry: HistoryEntryId,
    mail: MailId,
    file: FileId,
}

fn recorded(world: &World, uid: u32, number: &str) -> Of {
    let recorded = world.recorded(&world.imported(uid, &format!("mail {uid}"), number));
    let file = world.number(&format!("select min(id) from files where mail_id = {}", recorded.mail));
    Of {
        application: world.application(number).id,
        entry: recorded.entry.unwrap(),
        mail: recorded.mail,
        file: FileId(file),
    }
}

const ALL: [&str; 7] = ["profile", "history", "files", "entry", "original", "file", "line"];

on_both! {
    fn each_role_sees_its_applications_and_no_others(world) {
        people(world);
        let ours = recorded(world, 1, "2024-00123");
        let others = recorded(world, 2, "2024-00124");
        let deeds = world.rows("audit");
        for (address, sees_ours, sees_others) in [
            ("ruth@alpha.example", true, true),
            ("rita@alpha.example", true, true),
            ("karl@alpha.example", true, false),
            ("fred@alpha.example", false, true),
            ("adam@alpha.example", false, false),
            ("gone@alpha.example", false, false),
            ("lost@alpha.example", false, false),
        ] {
            let viewer = alpha(world, address);
            let expected = |sees: bool| if sees { ALL.to_vec() } else { Vec::new() };
            assert_eq!(shown(world, viewer, &ours), expected(sees_ours), "{address}");
            assert_eq!(shown(world, viewer, &others), expected(sees_others), "{address}");
        }
        let foreign = viewer(world, world.beta, "bea@beta.example");
        assert_eq!(shown(world, foreign, &ours), Vec::<&str>::new());
        // The same role, but of the other tenant's user: the id alone gives nothing.
        let forged = Viewer { user: alpha(world, "ruth@alpha.example").user, ..foreign };
        assert_eq!(shown(world, forged, &ours), Vec::<&str>::new());
        assert_eq!(world.rows("audit") - deeds, 2 * 6, "each original and each file that was shown, and no others");
    }

    fn what_is_unknown_or_blocked_reads_the_same(world) {
        people(world);
        let ours = recorded(world, 1, "2024-00123");
        let unknown = Of {
            application: ApplicationId(4711),
            entry: HistoryEntryId(4711),
            mail: MailId(4711),
            file: FileId(4711),
        };
        let ruth = alpha(world, "ruth@alpha.example");
        assert_eq!(shown(world, ruth, &unknown), Vec::<&str>::new());
        assert_eq!(shown(world, ruth, &ours), ALL);
        world.sql("update applications set blocked_since = state_since where number = '2024-00123'").unwrap();
        for address in PEOPLE {
            assert_eq!(shown(world, alpha(world, address), &ours), Vec::<&str>::new(), "{address}");
        }
    }

    fn the_head_says_who_applies_for_what(world) {
        people(world);
        let application = world.application("2024-00123").id;
        let profile = world.store.profile(alpha(world, "karl@alpha.example"), application).unwrap().unwrap();
        assert_eq!((profile.id, profile.number.as_str(), profile.post.as_str()), (application, "2024-00123", "Gießerei"));
        assert_eq!((profile.candidate.as_str(), profile.tenant.as_str()), ("Erika Beispiel", "alpha"));
        assert_eq!(profile.candidate_addresses, ["erika@example.org", "e.beispiel@example.net"]);
        assert_eq!(profile.import_addresses, ["import@alpha.example"]);
        let responsible = [("Karl Probe".to_owned(), Role::FachbereichPlus), ("Ruth Muster".to_owned(), Role::Personalmanager)];
        assert_eq!(profile.responsible, responsible, "not who left");
        assert_eq!(profile.state_since, start());
    }

    fn the_history_begins_with_the_newest_entry(world) {
        people(world);
        let ruth = alpha(world, "ruth@alpha.example");
        let application = world.application("2024-00123").id;
        assert_eq!(world.store.history(ruth, application).unwrap().unwrap(), []);
        let first = world.recorded(&world.imported(1, "first", "2024-00123"));
        let mut second = world.imported(2, "second", "2024-00123");
        second.decided.decision = Decision::AddToHistory { application, sender: SenderMatch::Differs };
        second.forwarder = None;
        second.mail.attachments.insert(0, file("A.pdf", b"%PDF second a"));
        let second = world.recorded(&second);
        let mut further = world.record(3, mail("further"), Decision::AddForwarder { application, entry: first.entry.unwrap(), earlier: first.mail });
        further.mail.note = String::from("Auch von mir");
        let further = world.recorded(&further);
        world.recorded(&world.imported(4, "other", "2024-00124"));

        let lines = world.store.history(ruth, application).unwrap().unwrap();
        let of = |index: usize| (lines[index].entry, lines[index].mail, lines[index].sender);
        assert_eq!(lines.len(), 2);
        assert_eq!(of(0), (second.entry.unwrap(), second.mail, SenderMatch::Differs));
        assert_eq!(of(1), (first.entry.unwrap(), first.mail, SenderMatch::Matches));
        assert_eq!(names(&lines[0].files), ["A.pdf", "Zeugnis second.pdf"]);
        assert_eq!(names(&lines[1].files), ["Zeugnis first.pdf"]);
        let line = &lines[1];
        assert_eq!((line.forwarder.as_deref(), line.from_name.as_deref()), (Some("Ruth Muster"), Some("Erika Beispiel")));
        assert_eq!((line.from_address.as_deref(), line.subject.as_str()), (Some("erika@example.org"), "Meine Zeugnisse"));
        assert_eq!(line.sent_at, Some("2024-05-01T09:58:00Z".parse().unwrap()));
        assert_eq!(line.original_date, Some("2024-04-30T18:15:00Z".parse().unwrap()));
        assert_eq!(line.at, start());
        assert!(lines[0].again.is_empty());
        let [again] = line.again.as_slice() else { panic!("{:?}", line.again) };
        assert_eq!((again.mail, again.forwarder.as_deref(), again.note.as_deref()), (further.mail, Some("Ruth Muster"), Some("Auch von mir")));
        assert_eq!(names(&again.files), ["Zeugnis further.pdf"]);

        let files = world.store.application_files(ruth, application).unwrap().unwrap();
        assert_eq!(names(&files), ["Zeugnis further.pdf", "A.pdf", "Zeugnis second.pdf", "Zeugnis first.pdf"]);
        assert_eq!(files[0].entry, first.entry, "a further forward's files belong to the first entry");
        assert!(files.iter().all(|file| file.kind == DocumentKind::Certificate && file.size > 0 && !file.corrected));
    }

    fn an_original_is_shown_whole_and_that_is_written_down(world) {
        people(world);
        let mut record = world.imported(1, "first", "2024-00123");
        record.mail.ignored = vec![IgnoredPart { name: "banner.png".to_owned(), why: "too small".to_owned() }];
        record.mail.pictures.push(picture("photo", b"GIF second"));
        let recorded = world.recorded(&record);
        let karl = alpha(world, "karl@alpha.example");
        let view = world.store.original(karl, recorded.mail, later(5)).unwrap().unwrap();
        assert_eq!((view.mail, view.entry), (recorded.mail, recorded.entry));
        assert_eq!(view.application, Some(world.application("2024-00123").id));
        assert_eq!((view.tenant.as_str(), view.subject.as_str(), view.note.as_str()), ("alpha", "2024-00123 Meine Zeugnisse", "Bitte ablegen"));
        assert_eq!((view.text.as_str(), view.html.as_deref()), ("Anbei das Zeugnis. first", Some("<p>Anbei das Zeugnis.</p>")));
        assert_eq!((view.forwarder_address.as_deref(), view.from_address.as_deref()), (Some("ruth@alpha.example"), Some("erika@example.org")));
        assert_eq!(view.ignored_parts, record.mail.ignored);
        let pictures: Vec<_> = view.pictures.iter().map(|picture| (picture.content_id.as_str(), picture.content.as_slice())).collect();
        assert_eq!(pictures, [("logo", b"GIF first".as_slice()), ("photo", b"GIF second")]);
        assert_eq!(names(&view.files), ["Zeugnis first.pdf"]);
        let content = world.store.file_content(karl, view.files[0].id, later(6)).unwrap().unwrap();
        assert_eq!((content.name.as_str(), content.mime.as_str()), ("Zeugnis first.pdf", "application/pdf"));
        assert_eq!((content.content.as_deref(), content.withheld), (Some(b"%PDF first".as_slice()), None));

        let deeds = world.store.audit(&AuditFilter { mail: Some(recorded.mail), since: Some(later(5)), ..AuditFilter::default() }).unwrap();
        let told: Vec<_> = deeds.iter().map(|deed| (deed.what.as_str(), deed.who.as_str(), deed.user, deed.at)).collect();
        assert_eq!(told, [("mail_viewed", Actor::Web.as_str(), Some(karl.user), later(5)), ("file_viewed", "web", Some(karl.user), later(6))]);
        assert!(deeds.iter().all(|deed| deed.entry == recorded.entry && deed.application == view.application && deed.tenant == Some(world.alpha)));
        assert_eq!(deeds[1].detail.as_deref(), Some(format!("file {}", view.files[0].id).as_str()));
    }

    fn of_a_file_that_is_withheld_everything_but_the_content_is_shown(world) {
        people(world);
        let mut record = world.imported(1, "first", "2024-00123");
        let mut infected = file("Zeugnis.exe", b"MZ worm");
        infected.withheld = Some(Withheld::Infected { signature: "Test.Worm".to_owned() });
        infected.danger = Some(Danger::Program);
        record.mail.attachments = vec![infected.clone()];
        world.recorded(&record);
        let ruth = alpha(world, "ruth@alpha.example");
        let files = world.store.application_files(ruth, world.application("2024-00123").id).unwrap().unwrap();
        let [listed] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!((&listed.withheld, listed.danger, listed.size), (&infected.withheld, infected.danger, 7));
        let content = world.store.file_content(ruth, listed.id, later(1)).unwrap().unwrap();
        assert_eq!((content.content, content.withheld, content.danger), (None, infected.withheld, infected.danger));
    }

    fn mail_that_waits_is_shown_to_who_may_decide_about_it(world) {
        people(world);
        let waits = world.recorded(&world.record(1, mail("waits"), NO_NUMBER)).mail;
        let file = FileId(world.number("select min(id) from files"));
        let repeat = world.recorded(&world.record(2, mail("waits"), Decision::SkipRepeat { earlier: waits })).mail;
        for (address, is_shown) in [
            ("ruth@alpha.example", true),
            ("rita@alpha.example", true),
            ("karl@alpha.example", false),
            ("fred@alpha.example", false),
            ("adam@alpha.example", false),
            ("gone@alpha.example", false),
        ] {
            let viewer = alpha(world, address);
            let view = world.store.original(viewer, waits, later(1)).unwrap();
            assert_eq!(view.is_some(), is_shown, "{address}");
            assert!(view.is_none_or(|view| view.entry.is_none() && view.application.is_none() && view.files.len() == 1));
            assert_eq!(world.store.file_content(viewer, file, later(1)).unwrap().is_some(), is_shown, "{address}");
            assert_eq!(world.store.original(viewer, repeat, later(1)).unwrap(), None, "of it nothing is kept");
        }
        let bea = viewer(world, world.beta, "bea@beta.example");
        assert_eq!(world.store.original(bea, waits, later(1)).unwrap(), None);
        assert_eq!(world.store.file_content(bea, file, later(1)).unwrap(), None);
    }
}

fn names(files: &[ListedFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}
