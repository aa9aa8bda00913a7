//! What stands in a mail that tells of many things.

use crate::application::Language;
use crate::application::id::{HistoryEntryId, MailId};
use crate::notification::tests::{full_facts, queued};
use crate::notification::{
    Bundle, BundleLine, Facts, MOST_LINES, Occasion, QuietCounts, Renderer, WaitingLine, WaitingList,
};

fn bundle(lines: usize) -> Bundle {
    let line = |occasion| BundleLine {
        occasion,
        mail: Some(MailId(11)),
        entry: Some(HistoryEntryId(12)),
        facts: full_facts(),
    };
    let mut bundle = Bundle::default();
    for n in 0..lines {
        let occasion = if n % 3 == 0 { Occasion::Waiting } else { Occasion::Reply };
        bundle.add(occasion, Some("no_number".to_owned()).filter(|_| occasion == Occasion::Waiting));
        if n < MOST_LINES {
            bundle.lines.push(line(occasion));
        }
    }
    bundle
}

#[test]
fn one_mail_for_many_counts_them_and_shows_each_as_its_own_mail_would_be_headed() {
    let render = |lines, language| {
        let mut queued = queued(Occasion::Waiting, language, full_facts());
        queued.bundle = Some(bundle(lines));
        Renderer::new().unwrap().render(&queued).unwrap()
    };
    let mail = render(4, Language::De);
    assert_eq!((mail.subject.as_str(), mail.thread_key), ("4 Mitteilungen, hier zusammengefasst", None));
    for says in [
        "2 × nicht zugeordnet: Referenznummer fehlt am Anfang des Betreffs\n",
        "2 × neue Antwort in der Historie",
        "[Eingang 11] Nicht zugeordnet: Referenznummer fehlt am Anfang des Betreffs\nhttps://recruiting.example/mails/11",
        "[482137] Neue Antwort in der Historie – bitte prüfen: andere Absenderadresse\nhttps://recruiting.example/entries/12",
    ] {
        assert!(mail.text.contains(says), "{says}: {}", mail.text);
    }
    assert!(!mail.text.contains("Beispiel") && !mail.text.contains("weitere\n"), "{}", mail.text);
    assert_eq!(mail.html.matches("<a href=").count(), 4, "{}", mail.html);
    let mail = render(1000, Language::En);
    assert!(mail.text.contains("\nand 950 more\n") && mail.text.contains("1000"), "{}", mail.text);
    assert!(mail.text.lines().count() < 120 && mail.text.len() < 8_000, "{}", mail.text.len());
}

#[test]
fn the_office_reads_what_waits_and_what_to_do() {
    let render_at = |public_url: Option<String>, list: WaitingList, quiet: bool, language| {
        let facts = Facts { quiet, public_url, ..full_facts() };
        let mut queued = queued(Occasion::WaitingDigest, language, facts);
        (queued.mail, queued.entry, queued.application, queued.waiting) = (None, None, None, Some(list));
        Renderer::new().unwrap().render(&queued).unwrap()
    };
    let render = |list, quiet, language| render_at(full_facts().public_url, list, quiet, language);
    let came_in: chrono::DateTime<chrono::Utc> = "2024-03-12T23:30:00Z".parse().unwrap();
    let line = WaitingLine {
        mail: MailId(11),
        received_at: came_in,
        why: "no_number".to_owned(),
        reference: Some("482137".to_owned()),
    };
    let list = WaitingList {
        counts: vec![("no_number".to_owned(), 60), ("too_large".to_owned(), 1)],
        oldest: Some(came_in),
        lines: vec![line; 50],
        quiet: None,
    };
    let mail = render(list.clone(), false, Language::De);
    assert_eq!((mail.subject.as_str(), mail.thread_key), ("61 E-Mails warten auf eine Entscheidung", None));
    for says in [
        "Die älteste ist vom 13.03.2024.",
        "60 × Referenznummer fehlt am Anfang des Betreffs\n1 × E-Mail zu groß\n",
        "\nE-Mail 11 – 13.03.2024 – Referenznummer fehlt am Anfang des Betreffs (Referenznummer 482137)\n",
        "und 11 weitere",
        "dort ordnen Sie sie zu, fragen nach oder verwerfen sie:\n\nhttps://recruiting.example/mails\n",
        "Kennung: RI-key",
    ] {
        assert!(mail.text.contains(says), "{says}: {}", mail.text);
    }
    let without_pages = render_at(None, list.clone(), false, Language::De);
    assert!(without_pages.text.contains("reply-import assign NUMMER REFERENZNUMMER"), "{}", without_pages.text);
    assert!(!without_pages.text.contains("Eingang"), "there is none: {}", without_pages.text);
    let quiet = Some(QuietCounts { imported: 7, waiting: 61, others: 2 });
    let mail = render(WaitingList { quiet, ..list }, true, Language::En);
    assert!(mail.text.contains("Imported: 7. Waiting for a decision: 61."), "{}", mail.text);
    let nothing = render(WaitingList::default(), false, Language::De);
    assert!(nothing.text.contains("zurzeit wartet keine E-Mail auf eine Entscheidung."), "{}", nothing.text);
}
