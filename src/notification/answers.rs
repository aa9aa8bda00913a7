//! What a forwarder is told whose mail was not imported: what was wrong, in words for them, and what to do.

use super::Facts;
use super::words::{self, in_language};
use crate::application::Language;
use crate::decision::WhySetAside;

/// What was wrong, as a sentence; where the forwarder need not be told otherwise than the office, in the office's words.
pub(super) fn reason(facts: &Facts, language: Language) -> String {
    match facts.why.as_deref().unwrap_or_default() {
        // Whether there is such an application that the forwarder may not import for, this must not say.
        "unknown_number" => match (facts.reference.as_deref(), language) {
            (Some(number), Language::De) => {
                format!("Zur Referenznummer {number} gibt es keine Bewerbung, für die Sie E-Mails importieren dürfen.")
            }
            (Some(number), Language::En) => {
                format!("There is no application with the reference number {number} that you may import e-mails for.")
            }
            (None, _) => in_language(
                language,
                "Zur angegebenen Referenznummer gibt es keine Bewerbung, für die Sie E-Mails importieren dürfen.",
                "There is no application with the reference number given that you may import e-mails for.",
            )
            .to_owned(),
        },
        "not_entitled" => in_language(
            language,
            "Mit Ihrer Rolle können Sie keine E-Mails durch Weiterleiten importieren.",
            "With your role you cannot import e-mails by forwarding them.",
        )
        .to_owned(),
        "too_large" => match (facts.most_octets.map(|octets| size(octets, language)), language) {
            (Some(most), Language::De) => format!(
                "Die E-Mail ist zu groß. Angenommen werden höchstens {most}; beim Verschicken werden Anlagen etwa um ein \
                 Drittel größer."
            ),
            (Some(most), Language::En) => format!(
                "The e-mail is too large. At most {most} are accepted; attachments grow by about a third when they are sent."
            ),
            (None, _) => words::reason("too_large", language),
        },
        why => words::reason(why, language),
    }
}

/// The same in a few words, for the subject.
pub(super) fn headline(facts: &Facts, language: Language) -> String {
    match (facts.why.as_deref().unwrap_or_default(), &facts.reference) {
        // As above.
        ("unknown_number", Some(number)) => match language {
            Language::De => format!("bitte Referenznummer {number} prüfen"),
            Language::En => format!("please check reference number {number}"),
        },
        ("unknown_number", None) => {
            in_language(language, "bitte Referenznummer prüfen", "please check the reference number").to_owned()
        }
        (why, _) => words::headline(why, language),
    }
}

/// Whether the mail was not read as a whole, so that nobody can assign it.
pub(super) fn was_set_aside(facts: &Facts) -> bool {
    let why = facts.why.as_deref().unwrap_or_default();
    WhySetAside::ALL.iter().any(|known| known.as_str() == why)
}

/// What the forwarder can do, as a sentence; empty where only others can help.
pub(super) fn advice(facts: &Facts, language: Language) -> String {
    let (de, en) = match facts.why.as_deref().unwrap_or_default() {
        why @ ("no_number" | "looks_like_new_application") => {
            let example = facts.example.as_deref().unwrap_or("123456");
            let instead = match (why, language) {
                ("no_number", _) => "",
                (_, Language::De) => "Eine neue Bewerbung erfassen Sie bitte wie gewohnt. Ist es doch eine Antwort: ",
                (_, Language::En) => "Please enter a new application in the usual way. If it is a reply after all: ",
            };
            return match language {
                Language::De => format!(
                    "{instead}Bitte leiten Sie die E-Mail noch einmal weiter und setzen Sie die Referenznummer ganz an den \
                     Anfang des Betreffs, zum Beispiel: „{example} WG: Ihre Bewerbung“. Die Nummer der \
                     Bewerbung steht im Kandidatenprofil."
                ),
                Language::En => format!(
                    "{instead}Please forward the e-mail again with the reference number at the very start of the subject, \
                     for example: “{example} FW: Your application”. The application's number is in the \
                     candidate's profile."
                ),
            };
        }
        "several_numbers" => (
            "Bitte leiten Sie die E-Mail noch einmal mit genau einer Referenznummer am Anfang des Betreffs weiter. Gehört \
             sie zu mehreren Bewerbungen, leiten Sie sie für jede einzeln weiter.",
            "Please forward the e-mail again with exactly one reference number at the start of the subject. If it belongs \
             to several applications, forward it once for each.",
        ),
        "unknown_number" => (
            "Bitte prüfen Sie die Nummer im Kandidatenprofil und leiten Sie die E-Mail mit der richtigen noch einmal weiter.",
            "Please check the number in the candidate's profile and forward the e-mail again with the right one.",
        ),
        // Whoever sees the mail that waits is told below that they can assign it there.
        "not_entitled" if facts.public_url.is_some() => ("", ""),
        "not_entitled" => (
            "Bitte sagen Sie der Personalabteilung, zu welcher Bewerbung die E-Mail gehört.",
            "Please tell the HR department to which application the e-mail belongs.",
        ),
        "too_large" => (
            "Bitte leiten Sie die E-Mail noch einmal mit weniger oder kleineren Anlagen weiter.",
            "Please forward the e-mail again with fewer or smaller attachments.",
        ),
        "encrypted" => (
            "Bitte öffnen Sie die E-Mail und leiten Sie sie noch einmal unverschlüsselt weiter. In Outlook schalten Sie dazu \
             vor dem Senden unter „Optionen“ das Verschlüsseln aus.",
            "Please open the e-mail and forward it again without encryption. In Outlook, switch encryption off under \
             “Options” before you send it.",
        ),
        "broken_smime" | "only_certificates" => (
            "Bitte öffnen Sie die E-Mail und leiten Sie ihren Inhalt noch einmal weiter, ohne Signatur und \
             Verschlüsselung.",
            "Please open the e-mail and forward its content again, without signature and encryption.",
        ),
        "too_nested" | "too_many_parts" | "header_too_large" | "too_many_parameters" | "too_much_content" => (
            "Bitte leiten Sie noch einmal nur die E-Mail weiter, um die es geht, mit den Anlagen, die gebraucht werden.",
            "Please forward again only the e-mail in question, with just the attachments that are needed.",
        ),
        _ => ("", ""),
    };
    in_language(language, de, en).to_owned()
}

/// What the forwarder is asked to do about a mail that waits, as sentences: to forward it so that it can be imported, or,
/// where it would be refused again, to tell the HR department the number.
pub(super) fn wanted(facts: &Facts, language: Language) -> String {
    let why = facts.why.as_deref().unwrap_or_default();
    let advice = if why == "not_entitled" { String::new() } else { advice(facts, language) };
    if advice.is_empty() {
        return in_language(
            language,
            "Bitte nennen Sie der Personalabteilung die Referenznummer. Kennen Sie sie nicht, oder gehört die E-Mail zu \
             keiner Bewerbung, dann sagen Sie bitte auch das der Personalabteilung.",
            "Please tell the HR department the reference number. If you do not know it, or the e-mail belongs to no \
             application, please tell them that, too.",
        )
        .to_owned();
    }
    let mut sentences = vec![advice];
    if was_set_aside(facts) {
        let number = in_language(
            language,
            "Setzen Sie dabei die Referenznummer an den Anfang des Betreffs",
            "Put the reference number at the start of the subject",
        );
        sentences.push(match (&facts.example, language) {
            (Some(example), Language::De) => format!("{number}, zum Beispiel: „{example} WG: Ihre Bewerbung“."),
            (Some(example), Language::En) => format!("{number}, for example: “{example} FW: Your application”."),
            (None, _) => format!("{number}."),
        });
    }
    // Whoever may not import for the application is told the same as if there were none, and has this way left.
    let otherwise = in_language(
        language,
        "Wird sie wieder nicht importiert, kennen Sie die Nummer nicht, oder gehört die E-Mail zu keiner Bewerbung, dann \
         sagen Sie das bitte der Personalabteilung.",
        "If it is not imported again, if you do not know the number, or if the e-mail belongs to no application, please \
         tell the HR department.",
    );
    sentences.push(otherwise.to_owned());
    sentences.join(" ")
}

/// The numbers that the forwarder may have meant, each with its post if that may be said.
pub(super) fn suggestions(facts: &Facts) -> Vec<String> {
    let suggestions = facts.suggestions.iter().map(|suggestion| match &suggestion.post {
        Some(post) => format!("{} ({post})", suggestion.number),
        None => suggestion.number.clone(),
    });
    suggestions.collect()
}

/// A size as people write it: in whole megabytes, or with one decimal.
fn size(octets: u64, language: Language) -> String {
    const MEGABYTE: u64 = 1 << 20;
    if octets < MEGABYTE {
        return format!("{} kB", octets >> 10);
    }
    let (whole, tenths) = (octets / MEGABYTE, octets % MEGABYTE * 10 / MEGABYTE);
    match tenths {
        0 => format!("{whole} MB"),
        _ => format!("{whole}{}{tenths} MB", in_language(language, ",", ".")),
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
