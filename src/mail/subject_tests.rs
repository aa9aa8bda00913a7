//! Which numbers a subject claims, and which it only mentions.

use super::{NumberReading, Subject, read_subject};
use crate::application::ReferenceShape;

fn read(subject: &str, shapes: &[&str]) -> Subject {
    let shapes: Vec<_> = shapes.iter().map(|shape| ReferenceShape::parse(shape).unwrap()).collect();
    read_subject(subject, &shapes)
}

fn elsewhere(subject: &str, shapes: &[&str]) -> Vec<String> {
    read(subject, shapes).elsewhere.iter().map(ToString::to_string).collect()
}

#[test]
fn different_numbers_side_by_side_are_all_named() {
    for subject in [
        "482137 519072 Unterlagen",
        "482137 und 519072 Unterlagen",
        "482137, 519072",
        "482137 / 519072",
        "482137/519072 Unterlagen",
        "482137 + Ref. 519072",
        "[#482137] [#519072]",
        "482137 482137 519072",
    ] {
        let NumberReading::Several(numbers) = read(subject, &["{6-7}"]).number else { panic!("{subject}") };
        assert_eq!(numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["482137", "519072"], "{subject}");
    }
}

#[test]
fn the_first_shape_that_fits_wins() {
    let both = ["{6-7}", "BEW-{5-7}"];
    assert_eq!(read("BEW-48213 Zeugnis", &both).number, read("BEW-48213", &["BEW-{5-7}"]).number);
    assert_eq!(read("482137 Zeugnis", &both).number, read("482137", &["{6-7}"]).number);
    assert_eq!(read("WG: 482137 BEW-48213", &both).rest, "BEW-48213");
    assert_eq!(read("482137 Zeugnis", &[]).number, NumberReading::None);
}

#[test]
fn a_shape_may_begin_like_a_label_or_a_marker() {
    assert_eq!(read("Ref-48213 Zeugnis", &["REF-{5}"]).rest, "Zeugnis");
    assert_eq!(read("AW: AW12345 Zeugnis", &["AW-{5}"]).rest, "Zeugnis");
    assert_eq!(read("#12345 Zeugnis", &["#{5}"]).rest, "Zeugnis");
}

#[test]
fn numbers_that_stand_later_are_suggestions() {
    assert_eq!(elsewhere("AW: Ihre Bewerbung 482137", &["{6-7}"]), ["482137"]);
    assert_eq!(elsewhere("[Ticket#482137] Ihre Anfrage (519072)", &["{6-7}"]), ["482137", "519072"]);
    assert_eq!(elsewhere("482137 WG: 519072 und wieder 482137", &["{6-7}"]), ["519072"]);
    assert_eq!(elsewhere("482137 519072", &["{6-7}"]), [""; 0]);
    assert_eq!(elsewhere("Unterlagen zu bew 48213 und 482137", &["{6-7}", "BEW-{5-7}"]), ["BEW-48213", "482137"]);
}

#[test]
fn pieces_of_words_dates_and_telephone_numbers_are_no_suggestions() {
    for subject in ["Tel. 0711/482137", "A482137", "482137Rückfrage", "Nr. 482137.5", "0711-482137", "12345678"] {
        assert_eq!(elsewhere(subject, &["{6-7}"]), [""; 0], "{subject}");
    }
}

/// Random subjects of the pieces that the reading looks for: none panics, and what is read is printed in the subject.
#[test]
fn any_text_is_read() {
    const PIECES: [&str; 36] = [
        "482137",
        "519072",
        "48",
        "7",
        "４",
        "٤",
        "BEW",
        "-",
        "–",
        " ",
        "\u{a0}",
        "\t",
        "\u{200b}",
        "\u{202e}",
        ":",
        "：",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "*",
        "\"",
        "#",
        "/",
        "+",
        "&",
        "und",
        "Ref.",
        "Nr",
        "Bewerbungs-",
        "WG",
        "I",
        "ü",
        "👩\u{200d}🔧",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let mut claimed = 0;
    for _ in 0..20_000 {
        let subject: String = (0..random(14)).map(|_| PIECES[random(PIECES.len())]).collect();
        let read = read(&subject, &["{6-7}", "BEW-{5-7}", "{4}-{5}"]);
        assert!(subject.contains(&read.rest), "{subject:?}");
        claimed += usize::from(matches!(read.number, NumberReading::One(_)));
    }
    assert!(claimed > 100, "only {claimed} numbers came up");
}

#[test]
fn a_very_long_subject_is_read_in_proportion_to_its_length() {
    for piece in ["482137 ", "[", "[a]", "Bewerbungs-", "WG:", "\"", "482137/", "\u{200b}", "7", "*", "é", "#"] {
        read(&piece.repeat(100_000 / piece.len()), &["{6-7}", "BEW-{5-7}", "{4}-{5}"]);
    }
}
