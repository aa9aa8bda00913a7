//! What stands on the pages of the Eingang, given what the store says: mails and people made up for that, and how a page
//! is drawn and read.

mod list;
mod one;

use super::one::{Asked, Shown, values};
use crate::application::id::{MailId, TenantId, UserId};
use crate::application::{EmailAddress, Language, Role};
use crate::decision::{Check, ImportOutcome, KnownUser, WasRead};
use crate::store::{ForwarderToAsk, Meant, OriginalView, Viewer, WaitingMail, WaitingSummary};
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
    page("inbox/one.html", values(shown, asked, Some("123456".to_owned()), &person(language)), language)
}

fn nothing_runs(html: &str) {
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;"), "{html}");
}
