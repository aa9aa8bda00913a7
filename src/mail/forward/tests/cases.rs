//! What makes a block and what does not.

use super::found_in;
use crate::application::EmailAddress;

pub(super) const HEAD: &str = "Von: Erika Beispiel <erika@example.org>\nGesendet: Mittwoch, 13. März 2024 09:12\n\
                    An: Ruth Muster <ruth@firma.example>\nBetreff: Stelle\n\nGuten Tag\n";

pub(super) fn sender(text: &str) -> Option<String> {
    found_in(text)?.original.from_address.map(|address| EmailAddress::as_str(&address).to_owned())
}

#[test]
fn words_with_colons_in_a_note_are_no_block() {
    let note = "von: meiner Seite passt alles.\nAn: der Stelle halten wir fest.\nDatum: Freitag.\n\n";
    let found = found_in(&format!("{note}{HEAD}")).unwrap();
    assert!(found.note.contains("meiner Seite"));
    assert_eq!(found.body.trim(), "Guten Tag");
    assert!(found_in(note).is_none());
}

#[test]
fn a_line_of_underscores_alone_is_no_forward() {
    assert!(found_in("Guten Tag\n________________________________\nVertraulich: nicht weitergeben").is_none());
}

#[test]
fn a_sender_without_address_needs_a_marker_or_a_whole_head() {
    let head =
        "Von: Erika Beispiel\nGesendet: Mittwoch, 13. März 2024 09:12\nAn: Muster, Ruth\nBetreff: Stelle\n\nText";
    for text in [head.to_owned(), format!("-----Ursprüngliche Nachricht-----\n{head}")] {
        let original = found_in(&text).unwrap().original;
        assert_eq!((original.from_name.as_deref(), original.from_address), (Some("Erika Beispiel"), None));
    }
    assert!(found_in("Von: Halle 3\nDatum: morgen\nAn: alle\nBetreff: Umzug\n\nText").is_none());
}

#[test]
fn colleagues_are_passed_over() {
    let colleague = "Von: Karl Probe <karl@personal.firma.example>\nGesendet: Mittwoch, 13. März 2024 09:40\n\
                     An: Ruth Muster <ruth@firma.example>\nBetreff: WG: Stelle\n\nDas gehört zu dir.\n\n";
    let elsewhere = colleague.replace("karl@personal.firma.example", "chef@zuhause.example");
    for above in [colleague.to_owned(), elsewhere, format!("{colleague}{colleague}")] {
        let found = found_in(&format!("Danke.\n\n{above}{HEAD}")).unwrap();
        assert_eq!(found.original.from_name.as_deref(), Some("Erika Beispiel"));
        assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"));
    }
    assert!(found_in(colleague).is_none());
}

#[test]
fn what_the_candidate_forwarded_belongs_to_her_text() {
    let inner = HEAD.replace("erika@example.org", "schule@example.net").replace("Guten Tag", "Innen");
    let found = found_in(&format!("{HEAD}\nSiehe unten.\n\n{inner}")).unwrap();
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert!(found.body.contains("schule@example.net") && found.body.contains("Innen"));
}

#[test]
fn all_labels_in_one_line_are_read() {
    let text = "Hallo\n   ----- Weitergeleitete Nachricht ----- Von: Erika Beispiel <erika@example.org>An: \"ruth@firma.example\" \
                <ruth@firma.example>Gesendet: Mittwoch, 13. März 2024 um 09:12:08 MEZBetreff: Re: Stelle\n Guten Tag";
    let found = found_in(text).unwrap();
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert_eq!(found.original.subject.as_deref(), Some("Re: Stelle"));
    assert!(found.original.date.is_some());
    assert_eq!((found.note.trim(), found.body.trim()), ("Hallo", "Guten Tag"));
}

#[test]
fn a_colleague_in_one_line_is_passed_over() {
    let line = |name: &str, address: &str| {
        format!(
            "----- Weitergeleitete Nachricht ----- Von: {name} <{address}>An: \"Ruth Muster\" <ruth@firma.example>\
                 Gesendet: Mittwoch, 13. März 2024 um 09:12:08 MEZBetreff: Stelle\n"
        )
    };
    let (colleague, candidate) =
        (line("Karl Probe", "karl@firma.example"), line("Erika Beispiel", "erika@example.org"));
    let found = found_in(&format!("Danke.\n\n{colleague} Das gehört zu dir.\n\n{candidate} Guten Tag")).unwrap();
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"));
    assert!(found_in(&colleague).is_none());
    let inner = HEAD.replace("erika@example.org", "schule@example.net");
    assert_eq!(sender(&format!("{candidate}\n{inner}")).as_deref(), Some("erika@example.org"), "the upper one counts");
}

#[test]
fn a_colleague_without_address_is_no_note() {
    let colleague =
        "Von: Probe, Karl\nGesendet: Mittwoch, 13. März 2024 09:50\nAn: Muster, Ruth\nBetreff: WG: Stelle\n\nfyi\n\n";
    let found = found_in(&format!("Danke.\n\n{colleague}{HEAD}")).unwrap();
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"));
}

#[test]
fn the_lines_around_a_forward_belong_to_nobody() {
    for (opening, end) in [
        ("----- Forwarded message from Erika Beispiel <erika@example.org> -----", "----- End forwarded message -----"),
        (
            "----- Weitergeleitete Nachricht von erika@example.org -----",
            "----- Ende der weitergeleiteten Nachricht -----",
        ),
    ] {
        let found = found_in(&format!("Danke.\n\n{opening}\n\n\n{HEAD}\n{end}\n")).unwrap();
        assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"), "{opening}");
    }
}

#[test]
fn a_frame_around_the_head_belongs_to_nobody() {
    let frame = "============ Forwarded message ============";
    let framed = HEAD.replacen("\n\n", &format!("\n{frame}\n\n"), 1);
    let found = found_in(&format!("Danke.\n\n{frame}\n{framed}")).unwrap();
    assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"));
}

#[test]
fn a_forward_quoted_by_bars_is_found() {
    let quoted = format!("| {}", HEAD.trim_end().replace('\n', "\n| "));
    let found = found_in(&format!("Danke.\n\n{quoted}")).unwrap();
    assert_eq!((found.note.trim(), found.body.trim()), ("Danke.", "Guten Tag"));
}

#[test]
fn values_that_wrap_are_whole() {
    let text = "-------- Originalnachricht --------\nBetreff: Unterlagen zur Stelle als Schreinerin im Werk Nord und weitere\n\
                Fragen dazu\nDatum: 13.03.2024 09:12\nVon: Erika Maximiliane Beispiel-Musterfrau von und zu\n\
                <erika@example.org>\nAn: Ruth Muster <ruth@firma.example>,\nKarl Probe <karl@firma.example>\n\nText";
    let found = found_in(text).unwrap();
    assert!(found.original.subject.unwrap().ends_with("und weitere Fragen dazu"));
    assert_eq!(found.original.from_name.as_deref(), Some("Erika Maximiliane Beispiel-Musterfrau von und zu"));
    assert_eq!(found.original.from_address.unwrap().as_str(), "erika@example.org");
    assert_eq!(found.body.trim(), "Text");
}

#[test]
fn empty_lines_between_all_labels_do_no_harm() {
    let text = HEAD.replace("\nGesendet", "\n\nGesendet").replace("\nAn", "\n\nAn").replace("\nBetreff", "\n\nBetreff");
    let found = found_in(&text).unwrap();
    assert_eq!((found.original.subject.as_deref(), found.body.trim()), (Some("Stelle"), "Guten Tag"));
}

#[test]
fn the_first_lines_of_the_text_are_no_part_of_the_head() {
    let twice = HEAD.replace('\n', "\n\n").replace("Guten Tag", "Anlage: das Zeugnis.\nGuten Tag");
    let found = found_in(&twice).unwrap();
    assert!(found.body.trim().starts_with("Anlage: das Zeugnis."), "{}", found.body);
    for side_matter in ["Antwort an: erika@example.org", "Wichtigkeit: Hoch"] {
        let twice = HEAD.replace("\n\n", &format!("\n{side_matter}\n")).replace('\n', "\n\n");
        assert_eq!(found_in(&twice).unwrap().body.trim(), "Guten Tag", "{side_matter}");
    }
    let close = HEAD.replace("\n\nGuten Tag", "\nGuten Tag\nDatum: der 2. April passt.\nAn: alle");
    let close = close.replace("Gesendet", "Datum");
    let found = found_in(&close).unwrap();
    assert_eq!(found.original.subject.as_deref(), Some("Stelle"));
    assert_eq!(found.body.trim(), "Guten Tag\nDatum: der 2. April passt.\nAn: alle");
}

#[test]
fn values_may_stand_below_their_labels_and_labels_hold_what_nobody_sees() {
    let below = HEAD.replacen(": ", ":\n", 4);
    for text in [below, HEAD.replace("Gesendet", "Ge\u{ad}sen\u{200b}det").replace("Von", "\u{200e}V\u{2066}on")] {
        let found = found_in(&text).unwrap();
        assert_eq!((found.original.subject.as_deref(), found.body.trim()), (Some("Stelle"), "Guten Tag"), "{text}");
        assert!(found.original.date.is_some(), "{text}");
    }
}

#[test]
fn an_unreadable_date_is_unknown() {
    assert_eq!(found_in(&HEAD.replace("13. März", "neulich")).unwrap().original.date, None);
}

#[test]
fn an_empty_subject_is_empty() {
    assert_eq!(found_in(&HEAD.replace("Betreff: Stelle", "Betreff:")).unwrap().original.subject.as_deref(), Some(""));
}

#[test]
fn hostile_texts_end_soon() {
    for piece in [
        "Von: a@b.example\n",
        "Cc: x\n",
        "> > > ",
        "Von: ",
        "---",
        "Betreff: x\n\n",
        "a:b:c:@Von: \n",
        "Am 13.03.24, 09:12 schrieb R <r@firma.example>:\n",
        "Cc: R <r@firma.example> am 13.03.2024 09:12\n",
        "On 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n o p q r s t u v w x y z R <r@b.example> wrote:\n",
        "Von: E <e@b.example>\nGesendet: 13.03.2024 09:12 +99:2147483647\nBetreff: x\n\n",
    ] {
        let _ = found_in(&piece.repeat(5_000));
    }
}
