//! What stands on the pages, given what the store says.

use super::head::{Head, Tab};
use super::{documents, history, list};
use crate::application::id::{ApplicationId, FileId, HistoryEntryId, MailId, TenantId, UserId};
use crate::application::{ApplicationState, Danger, DocumentKind, Language, Role, Withheld};
use crate::decision::SenderMatch;
use crate::store::{ApplicationLine, ApplicationList, ForwardedAgain, HistoryLine, ListedFile, Profile, Viewer};
use crate::web::originals::{self, Opened};
use crate::web::page::Pages;
use crate::web::reader::Reader;
use crate::web::signed_in::SignedIn;
use chrono::{DateTime, Utc};
use minijinja::Value;

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=a()>'";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn viewer(role: Role) -> Viewer {
    Viewer { user: UserId(1), tenant: TenantId(1), role }
}

fn page(template: &str, values: Value, language: Language) -> String {
    page_for(Role::Personalmanager, template, values, language)
}

fn page_for(role: Role, template: &str, values: Value, language: Language) -> String {
    let person = SignedIn {
        viewer: viewer(role),
        name: "Petra <Muster>".to_owned(),
        language,
        tenant: "muster".to_owned(),
        clock: chrono_tz::Europe::Berlin,
        waiting: 0,
        csrf: "token".to_owned(),
    };
    let reader: Reader = person.reader();
    let response = Pages::new().unwrap().render(&reader, template, values).unwrap();
    let body = futures::executor::block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).unwrap();
    // Slashes of values are written as entities; to a browser that is the same.
    String::from_utf8(body.to_vec()).unwrap().replace("&#x2f;", "/")
}

fn profile(name: &str) -> Profile {
    Profile {
        id: ApplicationId(7),
        number: "1234567".to_owned(),
        post: name.to_owned(),
        state: ApplicationState::Open,
        state_since: at("2026-11-01T23:30:00Z"),
        candidate: name.to_owned(),
        candidate_addresses: vec![format!("{name}@example.org")],
        import_addresses: vec!["import@example.com".to_owned()],
        responsible: vec![(name.to_owned(), Role::FachbereichPlus)],
        tenant: "muster".to_owned(),
    }
}

fn head(name: &str, role: Role, tab: Tab) -> Head {
    Head::new(profile(name), viewer(role), true, tab)
}

fn file(name: &str, kind: DocumentKind) -> ListedFile {
    ListedFile {
        id: FileId(70),
        mail: MailId(5),
        entry: Some(HistoryEntryId(9)),
        name: name.to_owned(),
        kind,
        kind_rule: "the name".to_owned(),
        corrected: false,
        mime: "application/pdf".to_owned(),
        size: 1_536_000,
        danger: None,
        damaged: false,
        withheld: None,
        at: at("2026-11-02T08:00:00Z"),
    }
}

fn line(subject: &str, sender: SenderMatch) -> HistoryLine {
    HistoryLine {
        entry: HistoryEntryId(9),
        mail: MailId(5),
        at: at("2026-11-02T08:00:00Z"),
        sent_at: None,
        forwarder: Some(subject.to_owned()),
        from_name: Some(subject.to_owned()),
        from_address: Some("erika@example.org".to_owned()),
        original_date: Some(at("2026-11-01T10:00:00Z")),
        subject: subject.to_owned(),
        sender,
        files: vec![file(subject, DocumentKind::Cv)],
        again: vec![ForwardedAgain {
            mail: MailId(6),
            at: at("2026-11-03T08:00:00Z"),
            forwarder: Some(subject.to_owned()),
            note: Some(subject.to_owned()),
            files: vec![file("Foto.jpg", DocumentKind::Photo)],
        }],
        is_new: true,
    }
}

fn nothing_runs(html: &str) {
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;"), "{html}");
}

#[test]
fn the_list_names_the_candidate_and_marks_new_mail() {
    let mut found = ApplicationList {
        lines: vec![ApplicationLine {
            id: ApplicationId(7),
            number: "1234567".to_owned(),
            post: "Maler".to_owned(),
            candidate: "Erika Beispiel".to_owned(),
            state: ApplicationState::Rejected,
            last_entry_at: Some(at("2026-11-02T08:00:00Z")),
            entries: 3,
            new_entries: 2,
        }],
        page: 2,
        has_more: true,
    };
    let html = page("applications/list.html", list::values("ma & ß", &found), Language::De);
    for part in [
        "<a href=\"/applications/7\">Erika Beispiel</a>",
        "2 neue Antworten",
        "abgesagt",
        "<a href=\"/applications\" aria-current=\"page\">Bewerbungen</a>",
        "02.11.2026, 09:00 Uhr",
        "Seite 2",
        "q=ma%20%26%20%C3%9F&amp;page=3",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    found.lines[0].candidate = HOSTILE.to_owned();
    found.lines[0].post = HOSTILE.to_owned();
    nothing_runs(&page("applications/list.html", list::values(HOSTILE, &found), Language::En));
}

#[test]
fn an_empty_list_says_whether_something_was_looked_for() {
    let none = |page| ApplicationList { lines: Vec::new(), page, has_more: false };
    let html = page("applications/list.html", list::values("", &none(1)), Language::En);
    assert!(html.contains("There are no applications yet.") && !html.contains("rel=\"next\""), "{html}");
    let own = page_for(Role::Fachbereich, "applications/list.html", list::values("", &none(1)), Language::En);
    assert!(own.contains("no applications yet that you are responsible for"), "{own}");
    let html = page("applications/list.html", list::values("xy", &none(1)), Language::En);
    assert!(html.contains("Nothing found for “xy”"), "{html}");
    for (text, first) in [("", "/applications"), ("xy", "/applications?q=xy")] {
        let html = page("applications/list.html", list::values(text, &none(99)), Language::En);
        assert!(html.contains(&format!("not that many pages. <a href=\"{first}\">")), "{html}");
        assert!(
            !html.contains("no applications") && !html.contains("Nothing found") && !html.contains("page=98"),
            "{html}"
        );
    }
}

#[test]
fn the_head_says_how_to_forward_a_reply_and_marks_the_tab() {
    let head = head("Erika Beispiel", Role::Personalmanager, Tab::History);
    let html = page("applications/history.html", history::values(&head, Vec::new(), None, None), Language::De);
    for part in [
        "data-copy=\"1234567\"",
        "data-copy=\"import@example.com\"",
        "Leiten Sie die Antwort an import@example.com weiter und schreiben Sie die Nummer 1234567",
        "offen, seit 02.11.2026",
        "<a href=\"/applications\" aria-current=\"true\">Bewerbungen</a>",
        "<a href=\"/applications/7\" aria-current=\"page\">Historie</a>",
        "<a href=\"/applications/7/documents\">Dokumente</a>",
        "Noch wurde keine Antwort importiert",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn whoever_may_not_import_is_not_told_how_and_a_department_has_no_documents_tab() {
    let head = Head::new(profile("Erika"), viewer(Role::Fachbereich), false, Tab::Files);
    let html = page("applications/files.html", documents::values(&head, Vec::new(), Tab::Files, false), Language::En);
    assert!(!html.contains("How to forward") && !html.contains("/documents"), "{html}");
    assert!(html.contains("<a href=\"/applications/7/files\" aria-current=\"page\">Files</a>"), "{html}");
}

#[test]
fn an_entry_says_by_words_that_the_sender_is_another() {
    let head = head("Erika", Role::Personalmanager, Tab::History);
    for (sender, wanted) in [
        (SenderMatch::Differs, Some("not on record for this application")),
        (SenderMatch::Unknown, Some("could not be checked")),
        (SenderMatch::Matches, None),
    ] {
        let values = history::values(&head, vec![line("Antwort", sender)], None, None);
        let html = page("applications/history.html", values, Language::En);
        for text in ["not on record for this application", "could not be checked"] {
            assert_eq!(html.contains(text), wanted == Some(text), "{sender:?} {text}");
        }
        assert!(html.contains("href=\"/entries/9#entry-9\"") && html.contains("id=\"entry-9\""), "{html}");
        assert!(html.contains("href=\"/files/70/preview\"") && html.contains("1.5 MB"), "{html}");
        assert!(html.contains("Forwarded again") && html.contains("Foto.jpg") && html.contains("1 entry is new"));
    }
}

#[test]
fn nothing_that_a_mail_says_runs_on_the_page() {
    let head = head(HOSTILE, Role::Personalmanager, Tab::History);
    let original = Opened::new(originals::tests::original(HOSTILE, Some(HOSTILE)));
    let lines = vec![line(HOSTILE, SenderMatch::Differs)];
    let values = history::values(&head, lines, Some(HistoryEntryId(9)), Some(&original));
    let html = page("applications/history.html", values, Language::De);
    nothing_runs(&html);
    assert!(html.contains("<iframe class=\"content\" src=\"/mails/5/content\""), "{html}");
    let values = documents::values(&head, vec![file(HOSTILE, DocumentKind::Cv)], Tab::Files, true);
    nothing_runs(&page("applications/files.html", values, Language::En));
}

#[test]
fn files_stand_by_kind_with_their_marks_and_a_form_where_it_may_be_sent() {
    let head = head("Erika", Role::Personalmanager, Tab::Files);
    let mut program = file("setup.exe", DocumentKind::Other);
    (program.danger, program.mime) = (Some(Danger::Program), "application/x-msdownload".to_owned());
    let mut withheld = file("virus.pdf", DocumentKind::Certificate);
    withheld.withheld = Some(Withheld::Infected { signature: "Test.Marker".to_owned() });
    let files = || vec![program.clone(), withheld.clone(), file("Lebenslauf.pdf", DocumentKind::Cv)];
    let values = documents::values(&head, files(), Tab::Files, true);
    let html = page("applications/files.html", values, Language::De);
    let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} in {html}"));
    assert!(place("id=\"kind-cv\"") < place("id=\"kind-certificate\""));
    assert!(place("id=\"kind-certificate\"") < place("id=\"kind-other\""));
    assert!(
        html.contains("Vorsicht: Das ist ein Programm") && html.contains("Der Virenscanner hat Test.Marker gefunden"),
        "{html}"
    );
    assert_eq!(html.matches("/preview\"").count(), 1, "only the harmless PDF is shown in the browser");
    assert_eq!(html.matches("download>").count(), 2, "what is not kept cannot be downloaded");
    assert_eq!(html.matches("name=\"csrf\" value=\"token\"").count(), 3 + 1, "each file's form, and signing out");
    assert!(html.contains("<option value=\"cv\" selected>Lebenslauf</option>"), "{html}");
    let values = documents::values(&head, files(), Tab::Documents, false);
    let html = page("applications/files.html", values, Language::De);
    assert!(!html.contains("/kind\"") && html.contains("3 Dateien"), "{html}");
}
