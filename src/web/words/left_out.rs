//! Why a part of a mail was left out. The record keeps it in English.

use super::in_language;
use crate::application::{Language, Withheld};
use std::borrow::Cow;

/// The recorded reason, and the same in German.
const REASONS: &[(&str, &str)] = &[
    (
        "a name that mail programs give to decoration and technical parts",
        "ein Name, wie ihn Mailprogramme Verzierungen und technischen Teilen geben",
    ),
    ("a picture of no size", "ein unsichtbar kleines Bild"),
    ("nothing in it", "leer"),
    ("an attached mail, opened", "eine angehängte E-Mail, deren Inhalt übernommen wurde"),
    ("a container, unpacked", "eine Verpackung, deren Inhalt übernommen wurde"),
    ("a report for programs", "ein Bericht für Programme"),
    ("a piece of an encrypted mail", "ein Stück einer verschlüsselten E-Mail"),
    ("certificates and nothing else", "nur Zertifikate"),
    ("a signature or key", "eine Signatur oder ein Schlüssel"),
    ("an appointment", "ein Termin"),
    ("a visiting card", "eine Visitenkarte"),
    ("another form of the text", "eine andere Fassung des Textes"),
    ("the resource fork of a Macintosh file", "technische Angaben zu einer Macintosh-Datei"),
];

/// The reason in the reader's language; one that is not known stays as it was recorded.
pub(in crate::web) fn left_out(why: &str, language: Language) -> Cow<'_, str> {
    if let Some((english, german)) = REASONS.iter().find(|(english, _)| *english == why) {
        return Cow::Borrowed(in_language(language, german, english));
    }
    match (withheld(why), language) {
        (Some(Withheld::Infected { signature }), Language::De) => {
            Cow::Owned(format!("der Virenscanner hat {signature} gefunden"))
        }
        (Some(Withheld::TooLargeToScan), Language::De) => Cow::Borrowed("zu groß für den Virenscanner"),
        (Some(Withheld::NotScannable), Language::De) => Cow::Borrowed("der Virenscanner kann es nicht prüfen"),
        (Some(Withheld::NotScannable), Language::En) => Cow::Borrowed("the virus scanner cannot check it"),
        _ => Cow::Borrowed(why),
    }
}

/// What a virus scanner withholds, as [`Withheld`] is written.
fn withheld(why: &str) -> Option<Withheld> {
    let infected = Withheld::Infected { signature: String::new() }.to_string();
    if let Some(signature) = why.strip_prefix(&infected) {
        return Some(Withheld::Infected { signature: signature.to_owned() });
    }
    [Withheld::TooLargeToScan, Withheld::NotScannable].into_iter().find(|known| known.to_string() == why)
}

#[cfg(test)]
mod tests {
    use super::{REASONS, left_out};
    use crate::application::{Language, Withheld};
    use crate::mail::REASONS_TO_LEAVE_OUT;
    use std::collections::BTreeSet;

    #[test]
    fn each_reason_has_its_german_words() {
        let known: BTreeSet<&str> = REASONS.iter().map(|(english, _)| *english).collect();
        assert_eq!(known, BTreeSet::from(REASONS_TO_LEAVE_OUT));
        for why in REASONS_TO_LEAVE_OUT {
            assert_ne!(left_out(why, Language::De), why);
            assert_eq!(left_out(why, Language::En), why);
        }
    }

    #[test]
    fn what_a_virus_scanner_withholds_is_told_in_both_languages() {
        let infected = Withheld::Infected { signature: "Test.Worm".to_owned() }.to_string();
        let too_large = Withheld::TooLargeToScan.to_string();
        for (why, german, english) in [
            (&infected, "der Virenscanner hat Test.Worm gefunden", infected.as_str()),
            (&too_large, "zu groß für den Virenscanner", too_large.as_str()),
            (
                &Withheld::NotScannable.to_string(),
                "der Virenscanner kann es nicht prüfen",
                "the virus scanner cannot check it",
            ),
        ] {
            assert_eq!(left_out(why, Language::De), german);
            assert_eq!(left_out(why, Language::En), english);
        }
    }

    #[test]
    fn an_unknown_reason_stays_as_it_is() {
        assert_eq!(left_out("too small", Language::De), "too small");
    }
}
