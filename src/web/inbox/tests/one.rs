//! One mail's page: why it waits, what can be done about it, and what cannot.

use super::{HOSTILE, at, nothing_runs, shown, waiting};
use crate::application::Language;
use crate::application::id::UserId;
use crate::decision::{Check, WasRead};
use crate::store::{ForwarderToAsk, WaitingMail, WaitingSummary, WhatWasDone};
use crate::web::inbox::one::Asked;
use crate::web::inbox::said::Said;

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
