//! The texts of reasons and what to do about them, in the users' languages.

use crate::application::Language;
use chrono::NaiveDate;

/// One reason: the stored word, and its text in German and English.
struct Reason {
    word: &'static str,
    de: &'static str,
    en: &'static str,
}

const REASONS: &[Reason] = &[
    Reason {
        word: "no_number",
        de: "Der Betreff beginnt nicht mit einer Bewerbungsreferenznummer.",
        en: "The subject does not begin with an application's reference number.",
    },
    Reason {
        word: "several_numbers",
        de: "Am Anfang des Betreffs stehen mehrere verschiedene Referenznummern.",
        en: "Several different reference numbers stand at the start of the subject.",
    },
    Reason {
        word: "unknown_number",
        de: "Zu der Referenznummer gibt es keine Bewerbung.",
        en: "There is no application with this reference number.",
    },
    Reason {
        word: "forwarder_unknown",
        de: "Die Adresse, von der die E-Mail geschickt wurde, gehört zu keinem aktiven Benutzer.",
        en: "The address that the e-mail was sent from belongs to no active user.",
    },
    Reason {
        word: "not_entitled",
        de: "Der Benutzer darf zu dieser Bewerbung nicht importieren.",
        en: "The user may not import for this application.",
    },
    Reason {
        word: "not_proven",
        de: "Es ist nicht nachgewiesen, dass die weiterleitende Person die E-Mail geschickt hat.",
        en: "It is not proven that the forwarder sent the e-mail.",
    },
    Reason {
        word: "looks_like_new_application",
        de: "Es sieht nach einer neuen Bewerbung aus. Diese Adresse nimmt nur Antworten zu bestehenden Bewerbungen an.",
        en: "It looks like a new application. This address takes replies to existing applications only.",
    },
    Reason {
        word: "own_notice",
        de: "Es ist eine unserer eigenen Mitteilungen, die zurückgekommen ist, vermutlich durch eine Weiterleitungsregel.",
        en: "It is one of our own notices that came back, probably by somebody's forwarding rule.",
    },
    Reason {
        word: "reverted",
        de: "Jemand hat den Eintrag wieder aus der Bewerbung genommen.",
        en: "Somebody took the entry back out of the application.",
    },
    Reason { word: "too_large", de: "Die E-Mail ist zu groß.", en: "The e-mail is too large." },
    Reason {
        word: "encrypted",
        de: "Die E-Mail ist verschlüsselt und kann nicht gelesen werden.",
        en: "The e-mail is encrypted and cannot be read.",
    },
    Reason {
        word: "too_nested",
        de: "Die E-Mail ist zu tief verschachtelt, um gelesen zu werden.",
        en: "The e-mail is nested too deeply to be read.",
    },
    Reason {
        word: "too_many_parts",
        de: "Die E-Mail hat zu viele Teile, um gelesen zu werden.",
        en: "The e-mail has too many parts to be read.",
    },
    Reason {
        word: "header_too_large",
        de: "Der Kopf der E-Mail ist zu lang, um gelesen zu werden.",
        en: "The e-mail's header is too long to be read.",
    },
    Reason {
        word: "too_many_parameters",
        de: "Ein Feld der E-Mail hat zu viele Bestandteile, um gelesen zu werden.",
        en: "A field of the e-mail has too many parameters to be read.",
    },
    Reason {
        word: "too_much_content",
        de: "Die E-Mail enthält ausgepackt zu viel, um gelesen zu werden.",
        en: "The e-mail holds too much, once unpacked, to be read.",
    },
    Reason {
        word: "broken_smime",
        de: "Der S/MIME-Umschlag der E-Mail ist beschädigt und kann nicht geöffnet werden.",
        en: "The e-mail's S/MIME envelope is damaged and cannot be opened.",
    },
    Reason {
        word: "only_certificates",
        de: "Die E-Mail enthält nur Zertifikate und keine Nachricht.",
        en: "The e-mail holds certificates only and no message.",
    },
    Reason { word: "unreadable", de: "Die E-Mail ist nicht lesbar.", en: "The e-mail cannot be read." },
    Reason {
        word: "failed_too_often",
        de: "Die Verarbeitung ist mehrmals gescheitert.",
        en: "Processing failed several times.",
    },
];

/// The reason as a sentence; an unknown word (a row of a newer version) is shown as it is.
pub(super) fn reason(word: &str, language: Language) -> String {
    let known = REASONS.iter().find(|reason| reason.word == word);
    known.map_or_else(|| word.to_owned(), |reason| in_language(language, reason.de, reason.en).to_owned())
}

/// A day as people write it.
pub(super) fn day(day: NaiveDate, language: Language) -> String {
    day.format(in_language(language, "%d.%m.%Y", "%-d %B %Y")).to_string()
}

/// The text in the person's language.
pub(super) fn in_language(language: Language, de: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::De => de,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::{REASONS, reason};
    use crate::application::Language;
    use crate::decision::{WhySetAside, WhyUnassigned};

    #[test]
    fn every_reason_has_a_text_in_both_languages() {
        let unassigned = WhyUnassigned::ALL.into_iter().map(WhyUnassigned::as_str);
        for word in unassigned.chain(WhySetAside::ALL.iter().map(|why| why.as_str())) {
            for language in [Language::De, Language::En] {
                assert_ne!(reason(word, language), word);
            }
        }
        assert!(REASONS.iter().all(|reason| !reason.de.is_empty() && !reason.en.is_empty()));
    }
}
