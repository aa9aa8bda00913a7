//! What stands on the pages of the Eingang, given what the store says.

use super::checks::CHECKS;
use super::list::{self, Notice, Stands, Which};
use super::one::{self, Asked, Shown};
use super::said::Said;
use crate::application::id::{MailId, TenantId, UserId};
use crate::application::{EmailAddress, Language, Role};
use crate::decision::{Check, ImportOutcome, KnownUser, WasRead};
use crate::store::{
    ForwarderToAsk, Meant, OriginalView, StoreError, Viewer, WaitingMail, WaitingMails, WaitingSummary, WhatWasDone,
};
use crate::web::acts::{Done, Refused};
use crate::web::fault::Fault;
use crate::web::originals;
use crate::web::page::Pages;
use crate::web::signed_in::SignedIn;
use chrono::{DateTime, Utc};
use minijinja::Value;

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=a()>'";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn person(language: Language) -> SignedIn {
    person_for_whom(100, language)
}

fn person_for_whom(waiting: usize, language: Language) -> SignedIn {
    SignedIn {
        viewer: Viewer { user: UserId(1), tenant: TenantId(1), role: Role::Personalmanager },
        name: "Petra Muster".to_owned(),
        language,
        tenant: "muster".to_owned(),
        clock: chrono_tz::Europe::Berlin,
        waiting,
        csrf: "token".to_owned(),
    }
}

fn page(template: &str, values: Value, language: Language) -> String {
    text(Pages::new().unwrap().render(&person(language).reader(), template, values).unwrap())
}

fn text(response: axum::response::Response) -> String {
    let body = futures::executor::block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).unwrap();
    String::from_utf8(body.to_vec()).unwrap().replace("&#x2f;", "/")
}

fn summary(text: &str) -> WaitingSummary {
    WaitingSummary {
        mail: MailId(12),
        outcome: ImportOutcome::Unassigned,
        why: "unknown_number".to_owned(),
        claimed: Some("482173".to_owned()),
        subject: Some(text.to_owned()),
        forwarder: Some(text.to_owned()),
        is_forwarded: true,
        sender: Some(text.to_owned()),
        import_address: "import@example.com".to_owned(),
        received_at: at("2026-11-02T07:01:00Z"),
        asked: None,
        has_asking_failed: false,
        discarded: None,
    }
}

fn waiting(text: &str) -> WaitingMail {
    WaitingMail {
        summary: summary(text),
        checks: vec![
            Check { check: "readable".to_owned(), saw: "yes".to_owned(), passed: true },
            Check { check: "application".to_owned(), saw: "seen in English".to_owned(), passed: false },
            Check { check: "of a later version".to_owned(), saw: "seen in English".to_owned(), passed: true },
        ],
        read: WasRead::Whole,
        forwarder: ForwarderToAsk::Known(KnownUser {
            id: UserId(3),
            name: text.to_owned(),
            address: EmailAddress::parse("rita@example.com").unwrap(),
            role: Role::Recruiter,
            language: Language::En,
            active: true,
        }),
        meant: vec![Meant {
            number: "482137".to_owned(),
            post: text.to_owned(),
            candidate: text.to_owned(),
            of_sender: true,
            like_claimed: true,
        }],
    }
}

fn shown(waiting: WaitingMail, asked: &Asked, language: Language) -> String {
    let original: OriginalView = originals::tests::original("Ein Text", Some("<p>Ein Text</p>"));
    let original = (waiting.read != WasRead::Nothing).then_some(original);
    let shown = Shown { waiting, original, now: at("2026-11-03T23:30:00Z") };
    page("inbox/one.html", one::values(shown, asked, Some("123456".to_owned()), &person(language)), language)
}

fn nothing_runs(html: &str) {
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;"), "{html}");
}

#[test]
fn the_list_says_why_each_mail_waits_and_the_number_is_on_every_page() {
    let done = |at_time: &str| Some(WhatWasDone { at: at(at_time), by: Some("Rita Werber".to_owned()) });
    let line = WaitingSummary {
        asked: done("2026-11-02T08:00:00Z"),
        discarded: done("2026-11-02T23:30:00Z"),
        ..summary("WG: Unterlagen")
    };
    let found = || WaitingMails { lines: vec![line.clone()], page: 2, has_more: true };
    let html = page("inbox/list.html", list::values(found(), Which::Discarded, None, Language::De), Language::De);
    for part in [
        "<a href=\"/mails/12\">WG: Unterlagen</a>",
        "Zu dieser Referenznummer gibt es keine Bewerbung.",
        "Referenznummer 482173",
        "gefragt am 02.11.2026",
        "Verworfen von Rita Werber, 03.11.2026, 00:30 Uhr.",
        "href=\"/mails?state=discarded&amp;page=3\"",
        "99+",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let hostile = WaitingMails { lines: vec![summary(HOSTILE)], page: 1, has_more: false };
    nothing_runs(&page("inbox/list.html", list::values(hostile, Which::Waiting, None, Language::En), Language::En));
    for (which, says) in [(Which::Waiting, "No e-mail is waiting"), (Which::Discarded, "No e-mail is discarded")] {
        let nothing = |page| list::values(WaitingMails { page, ..WaitingMails::default() }, which, None, Language::En);
        assert!(page("inbox/list.html", nothing(1), Language::En).contains(says));
        let html = page("inbox/list.html", nothing(99), Language::En);
        assert!(html.contains("There are not that many pages.") && !html.contains(says), "{html}");
        assert!(html.contains("page=1\"") && !html.contains("page=98"), "{html}");
    }
}

#[test]
fn the_frame_says_how_many_wait_and_where_one_is() {
    for (waiting, language, says) in [
        (1, Language::De, "1<span class=\"unseen\"> E-Mail wartet</span>"),
        (2, Language::De, "2<span class=\"unseen\"> E-Mails warten</span>"),
        (1, Language::En, "1<span class=\"unseen\"> e-mail waiting</span>"),
        (100, Language::En, "99+<span class=\"unseen\"> e-mails waiting</span>"),
    ] {
        let values = list::values(WaitingMails { page: 1, ..WaitingMails::default() }, Which::Waiting, None, language);
        let reader = person_for_whom(waiting, language).reader();
        let html = text(Pages::new().unwrap().render(&reader, "inbox/list.html", values).unwrap());
        assert!(html.contains(says), "{says} in {html}");
        assert!(html.contains("<a href=\"/mails\" aria-current=\"page\">"), "{html}");
        assert!(html.contains("<a href=\"/applications\">"), "only one is the current one: {html}");
    }
    let html = shown(waiting("x"), &Asked::default(), Language::De);
    assert!(html.contains("<a href=\"/mails\" aria-current=\"true\">"), "{html}");
}

#[test]
fn who_wrote_directly_forwarded_nothing() {
    let html = |line: WaitingSummary| {
        let found = WaitingMails { lines: vec![line.clone()], page: 1, has_more: false };
        let list = page("inbox/list.html", list::values(found, Which::Waiting, None, Language::De), Language::De);
        [list, shown(WaitingMail { summary: line, ..waiting("x") }, &Asked::default(), Language::De)]
    };
    let names = |forwarder: &str, sender: Option<&str>, is_forwarded| WaitingSummary {
        forwarder: Some(forwarder.to_owned()),
        sender: sender.map(str::to_owned),
        is_forwarded,
        ..summary("x")
    };
    for line in [names("Jörg", None, false), names("Jörg", Some("Jörg"), false)] {
        for html in html(line) {
            let html = html.to_lowercase();
            assert!(html.contains("geschickt von"), "{html}");
            assert!(!html.contains("weitergeleitet von") && !html.contains("ursprünglich von"), "{html}");
        }
    }
    for html in html(names("Ruth", Some("Jörg"), true)) {
        let html = html.to_lowercase();
        assert!(html.contains("weitergeleitet von") && html.contains("ursprünglich von"), "{html}");
        assert!(!html.contains("geschickt von"), "{html}");
    }
}

#[test]
fn whoever_comes_too_late_is_told_what_the_other_decided() {
    let by = Some("Rita Werber".to_owned());
    let entry = Stands::Entry {
        entry: crate::application::id::HistoryEntryId(9),
        candidate: "Erika".to_owned(),
        number: "482137".to_owned(),
    };
    for (stands, says) in [
        (Stands::Discarded { by }, "Rita Werber hat sie verworfen."),
        (Stands::Discarded { by: None }, "Sie ist verworfen."),
        (entry, "Sie steht in der Historie von Erika, 482137."),
        (Stands::Waiting, "Sie wartet."),
    ] {
        let notice = Notice { said: Said::Decided.as_str(), is_refusal: true, mail: MailId(12), stands };
        let values = list::values(
            WaitingMails { page: 1, ..WaitingMails::default() },
            Which::Waiting,
            Some(&notice),
            Language::De,
        );
        let html = page("inbox/list.html", values, Language::De);
        assert!(html.contains("<title>Über E-Mail 12 wurde inzwischen schon entschieden"), "{html}");
        assert!(
            html.contains("role=\"alert\" tabindex=\"-1\" autofocus>")
                && html.contains(says)
                && html.contains("Ihre Entscheidung wurde nicht ausgeführt"),
            "{html}"
        );
        assert!(!html.contains("take-back"), "{html}");
    }
}

#[test]
fn a_mail_is_shown_with_why_it_waits_and_what_can_be_done_and_nothing_is_chosen_before() {
    let html = shown(waiting("Erika Beispiel"), &Asked::default(), Language::De);
    for part in [
        "Zu dieser Referenznummer gibt es keine Bewerbung.",
        "Sie ist lesbar.",
        "Es gibt keine Bewerbung mit dieser Nummer.",
        "<span lang=\"en\">of a later version</span>",
        "Zuordnen zu 482137",
        "Absenderadresse passt",
        "ähnliche Nummer",
        "Erika Beispiel fragen",
        "rita@example.com",
        "Zum Beispiel: 123456",
        "src=\"/mails/12/content\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("seen in English"), "{html}");
    assert!(html.contains("name=\"number\" value=\"\" maxlength"), "the free field is empty: {html}");
    assert!(!html.contains("checked") && !html.contains("selected") && !html.contains("class=\"notice\""), "{html}");
    assert_eq!(html.matches("name=\"csrf\" value=\"token\"").count(), html.matches("<form ").count());
    nothing_runs(&shown(waiting(HOSTILE), &Asked::default(), Language::En));
}

#[test]
fn what_cannot_be_done_is_said_and_not_offered() {
    for (forwarder, says) in [
        (ForwarderToAsk::Inactive, "no longer active and cannot be asked"),
        (ForwarderToAsk::Unknown, "nobody can be asked"),
    ] {
        let html = shown(WaitingMail { forwarder, ..waiting("x") }, &Asked::default(), Language::En);
        assert!(html.contains(says) && !html.contains("/ask\""), "{html}");
    }
    let mut own = waiting("x");
    let ForwarderToAsk::Known(user) = &mut own.forwarder else { panic!("a user forwarded it") };
    user.id = UserId(1);
    let html = shown(own, &Asked::default(), Language::De);
    assert!(html.contains("selbst weitergeleitet") && !html.contains("/ask\""), "{html}");
    // 23:30 in UTC is the next day in Berlin.
    for (asked, again) in [("2026-11-03T22:59:59Z", true), ("2026-11-03T23:00:00Z", false)] {
        let mut asked_before = waiting("x");
        asked_before.summary.asked = Some(WhatWasDone { at: at(asked), by: None });
        let html = shown(asked_before, &Asked::default(), Language::De);
        assert_eq!((html.contains("/ask\""), html.contains("heute schon gefragt")), (again, !again), "{asked}: {html}");
    }
    let mut discarded = waiting("x");
    discarded.summary.discarded = Some(WhatWasDone { at: at("2026-11-03T08:00:00Z"), by: None });
    let html = shown(discarded, &Asked::default(), Language::De);
    assert!(html.contains("Warum sie gewartet hat"), "{html}");
    assert!(html.contains("/take-back") && !html.contains("/assign") && !html.contains("/discard\""), "{html}");
}

#[test]
fn what_was_not_read_whole_says_so_and_cannot_be_assigned() {
    let says = |read, why: &str| {
        let mut waiting = WaitingMail { read, ..waiting("x") };
        waiting.summary = WaitingSummary { why: why.to_owned(), subject: Some(String::new()), ..waiting.summary };
        waiting.forwarder = ForwarderToAsk::Unknown;
        waiting.checks = vec![Check { check: "can be processed".to_owned(), saw: String::new(), passed: false }];
        let html = shown(waiting, &Asked::default(), Language::De);
        assert_eq!(html.contains("/assign\""), read == WasRead::Whole, "{html}");
        assert_eq!(html.contains("Archivordner des Postfachs import@example.com"), read != WasRead::Whole, "{html}");
        html
    };
    assert!(!says(WasRead::Whole, "no_number").contains("fehlen"));
    let beginning = says(WasRead::Beginning, "too_large");
    assert!(beginning.contains("Hier steht nur ihr Anfang") && beginning.contains("Ein Text"), "{beginning}");
    let part = says(WasRead::Part, "encrypted");
    assert!(part.contains("Sie konnte nicht vollständig gelesen werden: ") && part.contains("Ein Text"), "{part}");
    assert!(part.contains("ohne Verschlüsselung") && !part.contains("[limits]"), "{part}");
    let limit = says(WasRead::Part, "too_nested");
    assert!(limit.contains("[limits]") && !limit.contains("Verschlüsselung"), "{limit}");
    let nothing = says(WasRead::Nothing, "failed_too_often");
    for part in
        ["Sie wurde nicht gelesen.", "(nicht gelesen)", "reprocess 12", "ist nicht bekannt, denn sie wurde nicht"]
    {
        assert!(nothing.contains(part), "{part} in {nothing}");
    }
    for untrue in ["keinen Text", "nicht zu den bekannten Benutzern", "(ohne Betreff)", "Ein Text"] {
        assert!(!nothing.contains(untrue), "{untrue} in {nothing}");
    }
}

#[test]
fn a_wrong_number_stays_in_its_field_with_what_is_wrong() {
    let asked = |said, number: &str| Asked { said: Some(said), number: number.to_owned() };
    let html = shown(waiting("x"), &asked(Said::NoSuchNumber, HOSTILE), Language::De);
    nothing_runs(&html);
    assert!(html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("role=\"alert\" tabindex=\"-1\" autofocus>"), "{html}");
    assert!(html.contains("<title>Es gibt keine Bewerbung mit der Nummer"), "{html}");
    let html = shown(waiting("x"), &asked(Said::Asked, ""), Language::De);
    assert!(!html.contains("verschickt"), "an address alone makes nobody believe that somebody was asked: {html}");
}

#[test]
fn what_is_said_leads_to_where_the_mail_is() {
    let said = |done| Said::of(done).unwrap().address(MailId(12), "48 &x");
    assert_eq!(said(Ok(Done::Assigned { number: "482137".to_owned() })), "/mails?said=assigned&mail=12");
    assert_eq!(said(Ok(Done::Discarded)), "/mails?said=discarded&mail=12");
    assert_eq!(said(Ok(Done::TakenBack)), "/mails/12?said=taken_back");
    assert_eq!(said(Ok(Done::Asked)), "/mails/12?said=asked");
    assert_eq!(said(Err(Refused::Decided)), "/mails?said=decided&mail=12");
    assert_eq!(said(Err(Refused::NoSuchNumber)), "/mails/12?said=no_such_number&number=48%20%26x");
    assert_eq!(said(Err(Refused::AskedAlready)), "/mails/12?said=asked_already");
    assert_eq!(said(Err(Refused::NobodyToAsk)), "/mails/12?said=nobody_to_ask");
    assert_eq!(said(Err(Refused::NotWhole)), "/mails/12?said=not_whole");
    assert!(matches!(Said::of(Err(Refused::NotThere)), Err(Fault::NotFound)));
    let trouble = |error| Said::of(Err(Refused::Trouble(error)));
    assert!(matches!(trouble(anyhow::anyhow!("x")), Err(Fault::Broken(_))));
    let away = StoreError::Missing { wanted: "Cannot assign a mail" };
    assert!(matches!(trouble(away.into()), Err(Fault::Unavailable(_))));
}

#[test]
fn every_check_of_a_decision_has_its_text() {
    let sources =
        ["src/decision/decide.rs", "src/decision/person.rs"].map(|file| std::fs::read_to_string(file).unwrap());
    let sources = sources.concat();
    let mut found = 0;
    for begin in [".passed(", ".failed(", "check: ", "BY_A_PERSON: &str = "] {
        for rest in sources.split(begin).skip(1) {
            let Some(name) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            assert!(CHECKS.iter().any(|(check, _)| *check == name), "{name} has no text");
            found += 1;
        }
    }
    assert!(found >= CHECKS.len(), "{found}");
    for (_, word) in CHECKS {
        for end in ["passed", "failed"] {
            let key = format!("inbox.check.{word}.{end}");
            assert!(crate::web::words::text(&key, Language::De).is_some(), "{key}");
        }
    }
}
