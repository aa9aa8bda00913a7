//! The list of the mails that wait, the frame around it, and what is said above it.

use super::{HOSTILE, at, nothing_runs, page, person_for_whom, shown, summary, text, waiting};
use crate::application::Language;
use crate::application::id::{HistoryEntryId, MailId};
use crate::store::{WaitingMail, WaitingMails, WaitingSummary, WhatWasDone};
use crate::web::inbox::list::{self, Notice, Stands, Which};
use crate::web::inbox::one::Asked;
use crate::web::inbox::said::Said;
use crate::web::page::Pages;

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
    let entry = Stands::Entry { entry: HistoryEntryId(9), candidate: "Erika".to_owned(), number: "482137".to_owned() };
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
