//! The texts of reasons and what to do about them, in the users' languages.

use crate::application::Language;
use chrono::{NaiveDate, NaiveDateTime};

/// One reason: the stored word, and its texts in German and English.
struct Reason {
    word: &'static str,
    /// A few words, for a subject.
    short: (&'static str, &'static str),
    /// Sentences.
    full: (&'static str, &'static str),
}

const REASONS: &[Reason] = &[
    Reason {
        word: "no_number",
        short: ("Referenznummer fehlt am Anfang des Betreffs", "no reference number at the start of the subject"),
        full: (
            "Der Betreff beginnt nicht mit einer Referenznummer.",
            "The subject does not begin with a reference number.",
        ),
    },
    Reason {
        word: "several_numbers",
        short: ("mehrere Referenznummern im Betreff", "several reference numbers in the subject"),
        full: (
            "Am Anfang des Betreffs stehen mehrere verschiedene Referenznummern.",
            "The subject begins with several different reference numbers.",
        ),
    },
    Reason {
        word: "unknown_number",
        short: ("keine Bewerbung zu dieser Referenznummer", "no application with this reference number"),
        full: (
            "Zu dieser Referenznummer gibt es keine Bewerbung.",
            "There is no application with this reference number.",
        ),
    },
    Reason {
        word: "forwarder_unknown",
        short: ("unbekannte Absenderadresse", "unknown sender address"),
        full: (
            "Die Adresse, von der die E-Mail geschickt wurde, gehört zu keiner bekannten Person mit aktivem Zugang.",
            "The address that the e-mail was sent from belongs to nobody who is known and active here.",
        ),
    },
    Reason {
        word: "not_entitled",
        short: ("keine Berechtigung zum Import", "not permitted to import"),
        full: (
            "Wer die E-Mail weitergeleitet hat, darf sie nicht importieren.",
            "Whoever forwarded the e-mail may not import it.",
        ),
    },
    Reason {
        word: "not_proven",
        short: ("Absender nicht nachgewiesen", "sender not proven"),
        full: (
            "Es ist nicht nachgewiesen, dass die E-Mail wirklich von der Adresse kommt, die als Absender angegeben ist.",
            "It is not proven that the e-mail really comes from the address given as its sender.",
        ),
    },
    Reason {
        word: "looks_like_new_application",
        short: ("vermutlich eine neue Bewerbung", "probably a new application"),
        full: (
            "Die E-Mail sieht nach einer neuen Bewerbung aus. Hier werden nur Antworten zu bestehenden Bewerbungen importiert.",
            "The e-mail looks like a new application. Only replies to existing applications are imported here.",
        ),
    },
    Reason {
        word: "own_notice",
        short: ("eine zurückgekommene Mitteilung", "one of our own notifications"),
        full: (
            "Die E-Mail ist eine unserer eigenen automatischen Mitteilungen und ist zurückgekommen, vermutlich durch eine \
             Weiterleitungsregel.",
            "The e-mail is one of our own automatic notifications that came back, probably through a forwarding rule.",
        ),
    },
    Reason {
        word: "reverted",
        short: ("Zuordnung zurückgenommen", "assignment taken back"),
        full: ("Jemand hat die Zuordnung zurückgenommen.", "Somebody took the assignment back."),
    },
    Reason {
        word: "too_large",
        short: ("E-Mail zu groß", "e-mail too large"),
        full: ("Die E-Mail ist zu groß.", "The e-mail is too large."),
    },
    Reason {
        word: "encrypted",
        short: ("E-Mail verschlüsselt", "e-mail encrypted"),
        full: (
            "Die E-Mail ist verschlüsselt und konnte nicht gelesen werden.",
            "The e-mail is encrypted and could not be read.",
        ),
    },
    Reason {
        word: "too_nested",
        short: ("E-Mail nicht vollständig lesbar", "e-mail not completely readable"),
        full: (
            "Die E-Mail enthält zu viele ineinander verschachtelte E-Mails und konnte nicht vollständig gelesen werden.",
            "The e-mail contains too many e-mails inside each other and could not be read completely.",
        ),
    },
    Reason {
        word: "too_many_parts",
        short: ("E-Mail nicht vollständig lesbar", "e-mail not completely readable"),
        full: (
            "Die E-Mail besteht aus zu vielen Teilen und konnte nicht vollständig gelesen werden.",
            "The e-mail consists of too many parts and could not be read completely.",
        ),
    },
    Reason {
        word: "header_too_large",
        short: ("E-Mail nicht vollständig lesbar", "e-mail not completely readable"),
        full: (
            "Die technischen Angaben am Anfang der E-Mail sind zu lang; sie konnte nicht vollständig gelesen werden.",
            "The technical details at the beginning of the e-mail are too long; it could not be read completely.",
        ),
    },
    Reason {
        word: "too_many_parameters",
        short: ("E-Mail nicht vollständig lesbar", "e-mail not completely readable"),
        full: (
            "Die technischen Angaben der E-Mail sind zu umfangreich; sie konnte nicht vollständig gelesen werden.",
            "The technical details of the e-mail are too many; it could not be read completely.",
        ),
    },
    Reason {
        word: "too_much_content",
        short: ("E-Mail nicht vollständig lesbar", "e-mail not completely readable"),
        full: (
            "Die E-Mail ist entpackt zu groß und konnte nicht vollständig gelesen werden.",
            "The e-mail contains too much once unpacked and could not be read completely.",
        ),
    },
    Reason {
        word: "broken_smime",
        short: ("Signatur oder Verschlüsselung beschädigt", "signature or encryption damaged"),
        full: (
            "Die Signatur oder Verschlüsselung der E-Mail (S/MIME) ist beschädigt; sie konnte nicht geöffnet werden.",
            "The signature or encryption of the e-mail (S/MIME) is damaged; it could not be opened.",
        ),
    },
    Reason {
        word: "only_certificates",
        short: ("E-Mail ohne Nachricht", "e-mail without a message"),
        full: (
            "Die E-Mail enthält nur Zertifikate und keine Nachricht.",
            "The e-mail contains only certificates and no message.",
        ),
    },
    Reason {
        word: "unreadable",
        short: ("E-Mail nicht lesbar", "e-mail not readable"),
        full: ("Die E-Mail konnte nicht gelesen werden.", "The e-mail could not be read."),
    },
    Reason {
        word: "failed_too_often",
        short: ("Verarbeitung gescheitert", "processing failed"),
        full: ("Die Verarbeitung der E-Mail ist mehrmals gescheitert.", "Processing the e-mail failed several times."),
    },
];

/// The reason as a sentence; an unknown word (a row of a newer version) is shown as it is.
pub(super) fn reason(word: &str, language: Language) -> String {
    of(word, language, |reason| reason.full)
}

/// The same in a few words, by which a subject tells one mail from another.
pub(super) fn headline(word: &str, language: Language) -> String {
    of(word, language, |reason| reason.short)
}

fn of(word: &str, language: Language, texts: fn(&Reason) -> (&'static str, &'static str)) -> String {
    let known = REASONS.iter().find(|reason| reason.word == word).map(texts);
    known.map_or_else(|| word.to_owned(), |(de, en)| in_language(language, de, en).to_owned())
}

/// A day as people write it.
pub(super) fn day(day: NaiveDate, language: Language) -> String {
    day.format(in_language(language, "%d.%m.%Y", "%-d %B %Y")).to_string()
}

/// A time to the minute, by the clock of the place it is read at.
pub(super) fn moment(time: NaiveDateTime, language: Language) -> String {
    time.format(in_language(language, "%d.%m.%Y um %H:%M Uhr", "%-d %B %Y at %H:%M")).to_string()
}

/// The text in the person's language.
pub(super) fn in_language<T>(language: Language, de: T, en: T) -> T {
    match language {
        Language::De => de,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::{REASONS, headline, reason};
    use crate::application::Language;
    use crate::decision::{WhySetAside, WhyUnassigned};

    #[test]
    fn every_reason_has_a_text_in_both_languages() {
        let unassigned = WhyUnassigned::ALL.into_iter().map(WhyUnassigned::as_str);
        for word in unassigned.chain(WhySetAside::ALL.iter().map(|why| why.as_str())) {
            for language in [Language::De, Language::En] {
                assert_ne!(reason(word, language), word);
                let headline = headline(word, language);
                assert_ne!(headline, word);
                assert!(headline.chars().count() <= 50 && !headline.ends_with('.'), "{headline}");
            }
        }
        let texts = REASONS.iter().flat_map(|reason| [reason.short.0, reason.short.1, reason.full.0, reason.full.1]);
        assert!(texts.into_iter().all(|text| !text.is_empty()));
    }
}
