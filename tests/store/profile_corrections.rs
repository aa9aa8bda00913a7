//! A person corrects the kind of a file: it stays so, and stands in the audit.

use crate::profile_people::{alpha, people, viewer};
use crate::world::{World, file, later, mail};
use reply_import::application::id::{FileId, MailId};
use reply_import::application::{DocumentKind, Withheld};
use reply_import::decision::{Decision, WhyUnassigned};
use reply_import::store::{AuditFilter, ListedFile, MailRecord};

const NO_NUMBER: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };

fn files(world: &World) -> Vec<ListedFile> {
    let ruth = alpha(world, "ruth@alpha.example");
    world.store.application_files(ruth, world.application("2024-00123").id).unwrap().unwrap()
}

fn kinds(world: &World) -> Vec<(String, DocumentKind, bool)> {
    files(world).into_iter().map(|file| (file.name, file.kind, file.corrected)).collect()
}

fn corrections(world: &World, mail: MailId) -> Vec<reply_import::store::AuditEntry> {
    let mut deeds = world.store.audit(&AuditFilter { mail: Some(mail), ..AuditFilter::default() }).unwrap();
    deeds.retain(|deed| deed.what == "kind_corrected");
    deeds
}

fn with_two_files(world: &World) -> MailRecord {
    let mut record = world.imported(1, "first", "2024-00123");
    record.mail.attachments = vec![file("A.pdf", b"%PDF a"), file("B.pdf", b"%PDF b")];
    record
}

on_both! {
    fn who_may_corrects_and_that_is_written_down(world) {
        people(world);
        let mail = world.recorded(&with_two_files(world)).mail;
        let id = files(world)[0].id;
        for address in ["fred@alpha.example", "adam@alpha.example", "gone@alpha.example", "lost@alpha.example"] {
            let done = world.store.correct_kind(alpha(world, address), id, DocumentKind::Cv, later(1)).unwrap();
            assert_eq!(done, None, "{address}");
        }
        let bea = viewer(world, world.beta, "bea@beta.example");
        assert_eq!(world.store.correct_kind(bea, id, DocumentKind::Cv, later(1)).unwrap(), None);
        let ruth = alpha(world, "ruth@alpha.example");
        assert_eq!(world.store.correct_kind(ruth, FileId(4711), DocumentKind::Cv, later(1)).unwrap(), None);
        assert_eq!(world.store.correct_kind(ruth, id, DocumentKind::Certificate, later(1)).unwrap(), Some(()));
        assert!(corrections(world, mail).is_empty() && !files(world)[0].corrected, "it had that kind");

        for (address, kind) in [("ruth@alpha.example", DocumentKind::Cv), ("rita@alpha.example", DocumentKind::Photo), ("karl@alpha.example", DocumentKind::Other)] {
            let done = world.store.correct_kind(alpha(world, address), id, kind, later(2)).unwrap();
            assert_eq!((done, files(world)[0].kind, files(world)[0].corrected), (Some(()), kind, true), "{address}");
        }
        assert_eq!(files(world)[0].kind_rule, "the word `Zeugnis`", "what gave the first kind");
        assert_eq!((files(world)[1].kind, files(world)[1].corrected), (DocumentKind::Certificate, false));
        let deeds = corrections(world, mail);
        let told: Vec<_> = deeds.iter().map(|deed| deed.detail.clone().unwrap()).collect();
        assert_eq!(told, [format!("file {id}: certificate -> cv"), format!("file {id}: cv -> photo"), format!("file {id}: photo -> other")]);
        assert!(deeds.iter().all(|deed| deed.who == "web" && deed.at == later(2) && deed.entry.is_some() && deed.application.is_some()));
        assert_eq!(deeds[0].user, Some(ruth.user));
        world.sql("update applications set blocked_since = state_since where number = '2024-00123'").unwrap();
        assert_eq!(world.store.correct_kind(ruth, id, DocumentKind::Cv, later(3)).unwrap(), None);
    }

    fn a_corrected_kind_stays_as_long_as_the_file_does(world) {
        people(world);
        let record = with_two_files(world);
        let mail = world.recorded(&record).mail;
        let ruth = alpha(world, "ruth@alpha.example");
        for listed in files(world) {
            world.store.correct_kind(ruth, listed.id, DocumentKind::Cv, later(1)).unwrap().unwrap();
        }
        world.store.record_again(mail, &record, later(2)).unwrap();
        let corrected = |name: &str| (name.to_owned(), DocumentKind::Cv, true);
        assert_eq!(kinds(world), [corrected("A.pdf"), corrected("B.pdf")]);

        let mut other = record.clone();
        other.mail.attachments = vec![file("A.pdf", b"%PDF another"), file("C.pdf", b"%PDF b"), file("B.pdf", b"%PDF b")];
        world.store.record_again(mail, &other, later(3)).unwrap();
        let found = |name: &str| (name.to_owned(), DocumentKind::Certificate, false);
        assert_eq!(kinds(world), [found("A.pdf"), found("C.pdf"), corrected("B.pdf")]);

        other.mail.attachments[2].withheld = Some(Withheld::TooLargeToScan);
        world.store.record_again(mail, &other, later(4)).unwrap();
        assert_eq!(kinds(world), [found("A.pdf"), found("C.pdf"), corrected("B.pdf")], "also when it is withheld then");
        world.store.record_again(mail, &record, later(5)).unwrap();
        assert_eq!(kinds(world), [found("A.pdf"), corrected("B.pdf")], "and let through again");
        assert_eq!(world.number("select count(*) from files where corrected_by is not null"), 1);
    }

    fn a_kind_that_is_corrected_before_the_mail_is_assigned_stays(world) {
        people(world);
        let mail = world.recorded(&world.record(1, mail("waits"), NO_NUMBER)).mail;
        let id = FileId(world.number("select min(id) from files"));
        let karl = alpha(world, "karl@alpha.example");
        assert_eq!(world.store.correct_kind(karl, id, DocumentKind::Cv, later(1)).unwrap(), None, "he sees no mail that waits");
        let ruth = alpha(world, "ruth@alpha.example");
        world.store.correct_kind(ruth, id, DocumentKind::Cv, later(1)).unwrap().unwrap();
        let imported = world.imported(1, "waits", "2024-00123");
        world.store.record_again(mail, &imported, later(2)).unwrap();
        assert_eq!(kinds(world), [("Zeugnis waits.pdf".to_owned(), DocumentKind::Cv, true)]);
    }

    fn who_is_removed_leaves_what_they_corrected(world) {
        people(world);
        world.recorded(&with_two_files(world));
        let rita = alpha(world, "rita@alpha.example");
        world.store.correct_kind(rita, files(world)[0].id, DocumentKind::Cv, later(1)).unwrap().unwrap();
        world.sql("delete from users where name = 'Rita Recht'").unwrap();
        assert_eq!(kinds(world)[0], ("A.pdf".to_owned(), DocumentKind::Cv, true));
        let error = world.sql("update files set corrected_at = null, corrected_by = (select min(id) from users)").unwrap_err();
        assert!(error.to_lowercase().contains("check constraint"), "{error}");
    }
}
