//! Forwards without labels, and a colleague's whose address is not printed.

use super::cases::{HEAD, sender};
use super::found_in;

#[test]
fn lines_without_labels_are_forwards_where_nothing_better_is_found() {
    for line in [
        "\u{feff}Am 13.03.24, 09:12 schrieb \"Erika Beispiel\" <erika@example.org>:",
        "On 13/03/2024, 09:12, \"Erika Beispiel\" <erika@example.org> wrote:",
        "Le 13/03/2024 09:12, « Erika Beispiel » <erika@example.org> a écrit :",
        "El 13/03/2024 09:12, \"Erika Beispiel\" <erika@example.org> escribió:",
        "Il giorno 13/03/2024, 09:12 \"Erika Beispiel\" <erika@example.org> ha scritto:",
        "Op 13/03/2024 09:12 heeft Erika Beispiel <erika@example.org> geschreven:",
        "Dnia 13/03/2024, 09:12 użytkownik „Erika Beispiel” <erika@example.org> napisał:",
        "Am Mi., 13. März 2024 um 09:12 Uhr schrieb Erika Beispiel <\nerika@example.org>:",
        "\"Erika Beispiel\" erika@example.org – 13. März 2024 09:12",
        ">>> Erika Beispiel <erika@example.org> 13.03.2024 09:12 >>>",
        "Erika Beispiel <erika@example.org> schrieb am Mi., 13. März 2024, 09:12:",
        "Erika Beispiel <erika@example.org> hat am 13.03.2024 09:12 CET geschrieben:",
        "Erika Beispiel <erika@example.org> wrote on Wed, 13 Mar 2024 at 09:12:",
        "On Wed, Mar 13, 2024 at 9:12 AM Erika Beispiel <erika@example.org> wrote:",
        "On Wednesday, March 13th, 2024 at 9:12 a.m., Erika Beispiel <erika@example.org> wrote:",
        "Am 13. März 2024 um 09:12 Uhr MEZ schrieb Erika Beispiel <mailto:erika@example.org>:",
    ] {
        let found = found_in(&format!("{line}\n\n    Guten Tag")).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(found.original.from_name.as_deref(), Some("Erika Beispiel"), "{line}");
        assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org", "{line}");
        let date = found.original.date.map(|date| date.to_utc().to_rfc3339());
        assert_eq!(date.as_deref(), Some("2024-03-13T08:12:00+00:00"), "{line}");
        assert_eq!(found.original.subject.as_deref(), Some("Stelle"), "{line}");
        assert_eq!(found.body.trim(), "Guten Tag", "{line}");
    }
}

const COLLEAGUE: &str = "Von: Karl Probe <karl@firma.example>\nGesendet: Mittwoch, 13. März 2024 09:40\n\
                         An: Ruth Muster <ruth@firma.example>\nBetreff: WG: Zeugnis\n\nFür dich.\n\n";

#[test]
fn colleagues_without_labels_are_passed_over_too() {
    let line = |name: &str, address: &str| format!("Am 13.03.24, 09:12 schrieb \"{name}\" <{address}>:\n\n");
    let set_in = |text: &str| text.replace("\n\n", "\n\n    ");
    let colleague = line("Karl Probe", "karl@firma.example");
    let candidate = line("Erika Beispiel", "erika@example.org");
    let twice = format!("{}    Für dich.\n\n    {}        Guten Tag", colleague, set_in(&candidate));
    let quoted = format!("{colleague}> Für dich.\n>\n> {}>> Guten Tag", candidate.trim_end().to_owned() + "\n");
    let below_labels = format!("{COLLEAGUE}{candidate}    Guten Tag");
    let arrows = format!("{COLLEAGUE}>>> Erika Beispiel <erika@example.org> 13.03.2024 09:12 >>>\nGuten Tag");
    for (text, subject) in [(twice, "Stelle"), (quoted, "Stelle"), (below_labels, "Zeugnis"), (arrows, "Zeugnis")] {
        let found = found_in(&format!("Danke.\n\n{text}")).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org", "{text}");
        assert_eq!(found.original.subject.as_deref(), Some(subject), "{text}");
        assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"), "{text}");
    }
    assert!(found_in(&format!("{colleague}    Für dich.")).is_none());
}

#[test]
fn a_colleague_whose_address_is_not_printed_is_passed_over_if_the_subject_says_so() {
    let marker = "-----Ursprüngliche Nachricht-----\n";
    let labelled = format!("{marker}{HEAD}");
    let line = "Am 13.03.24, 09:12 schrieb \"Erika Beispiel\" <erika@example.org>:\n> Guten Tag";
    for name in ["Probe, Karl", "Karl Probe/PERS/Firma"] {
        let colleague = format!("{marker}{}", COLLEAGUE.replace("Karl Probe <karl@firma.example>", name));
        for below in [labelled.as_str(), line] {
            let found = found_in(&format!("Danke.\n\n{colleague}{below}")).unwrap();
            assert_eq!(found.original.from_name.as_deref(), Some("Erika Beispiel"), "{name}: {below}");
            assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"), "{name}: {below}");
            // Without the mark of a forward it may be the candidate who quotes.
            let answer = colleague.replace("WG:", "AW:");
            let found = found_in(&format!("Danke.\n\n{answer}{below}")).unwrap();
            assert_eq!(found.original.from_address, None, "{name}: {below}");
        }
        let alone = found_in(&format!("Danke.\n\n{colleague}")).unwrap();
        assert_eq!((alone.original.from_address, alone.body.trim()), (None, "Für dich."), "{name}");
    }
}

#[test]
fn a_name_that_is_a_zone_too_is_no_part_of_the_date() {
    for (line, name, right) in [
        ("Op 13/03/2024 09:12 heeft PETER DE WIT <e@example.org> geschreven:", "PETER DE WIT", "08:12"),
        ("On Wed, Mar 13, 2024 at 9:12 PM ART PROBST <e@example.org> wrote:", "ART PROBST", "20:12"),
        ("On Wed, Mar 13, 2024 at 9:12 AM CAT Personal <e@example.org> wrote:", "CAT Personal", "08:12"),
        ("Le mer. 13 mars 2024 à 09:12, MARTIN HAP <e@example.org> a écrit :", "MARTIN HAP", "08:12"),
        ("On 13/03/2024, 09:12, JONTE EST <e@example.org> wrote:", "JONTE EST", "08:12"),
        ("Am 13.03.24, 09:12 schrieb JANE WEST <e@example.org>:", "JANE WEST", "08:12"),
        ("On 13 March 2024 09:12:00 CAT, Jane West <e@example.org> wrote:", "Jane West", "07:12"),
        ("On 13 March 2024 09:12:00 CET, Jane West <e@example.org> wrote:", "Jane West", "08:12"),
        ("On 13 March 2024 9:12:00 GMT +02:00, Jane West <e@example.org> wrote:", "Jane West", "07:12"),
        ("On Wed, 13 Mar 2024 09:12:00 +0300, Jane West <e@example.org> wrote:", "Jane West", "06:12"),
        ("El 13/03/2024 9:12 p. m., Jane West <e@example.org> escribió:", "Jane West", "20:12"),
    ] {
        let found = found_in(&format!("{line}\n\n> Guten Tag")).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(found.original.from_name.as_deref(), Some(name), "{line}");
        let date = found.original.date.map(|date| date.to_utc().to_rfc3339());
        assert_eq!(date, Some(format!("2024-03-13T{right}:00+00:00")), "{line}");
    }
}

#[test]
fn what_a_colleague_answers_to_is_no_forward() {
    let answer = COLLEAGUE.replace("WG:", "AW:");
    let quotation = "Am 13.03.24, 09:12 schrieb \"Erika Beispiel\" <erika@example.org>:\n> Guten Tag";
    assert!(found_in(&format!("{answer}{quotation}")).is_none());
}

#[test]
fn a_month_named_in_two_languages_goes_by_the_sentence() {
    for (line, right) in [
        ("Dnia 5 listopada 2024 09:12 Erika Beispiel <erika@example.org> napisał(a):", "2024-11-05T08:12:00+00:00"),
        ("Dana 5. listopada 2024. 09:12 Erika Beispiel <erika@example.org> je napisala:", "2024-10-05T07:12:00+00:00"),
    ] {
        let date = found_in(&format!("{line}\n\n> Text")).unwrap().original.date;
        assert_eq!(date.map(|date| date.to_utc().to_rfc3339()).as_deref(), Some(right), "{line}");
    }
}

#[test]
fn older_notes_has_no_label_for_the_sender() {
    let text = "---------------------- Weitergeleitet von Ruth Muster/PERS am\n13.03.2024 10:01 ---------------------------\n\n\
                \"Erika Beispiel\" <erika@example.org> am 13.03.2024 09:12:08\n\nAn:     Ruth Muster/PERS@FIRMA\nKopie:\n\
                Thema:  Stelle\n\nGuten Tag";
    let found = found_in(text).unwrap();
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert_eq!((found.original.subject.as_deref(), found.body.trim()), (Some("Stelle"), "Guten Tag"));
    assert_eq!(found.note.trim(), "");
}

#[test]
fn a_quotation_in_an_answer_is_no_forward() {
    assert!(sender("Danke.\n\nAm 13.03.24, 09:12 schrieb Ruth Muster <ruth@firma.example>:\n> Guten Tag").is_none());
}
