//! What must hold of every input, tried on made-up ones; the same in each run (`PROPTEST_RNG_SEED` gives others).

use super::corpus_rules;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reply_import::application::{EmailAddress, ReferenceShape, read_file_name};
use reply_import::mail::subject::read_subject;
use reply_import::mail::{NumberReading, understand};

/// What may stand before a number: nothing, markers, gateways' tags, labels.
#[rustfmt::skip]
const FRONTS: &[&str] = &[
    "", " ", "WG: ", "Fwd: ", "FW: AW: ", "Re[2]: WG: ", "TR : ", "[EXTERN] ", "***SPAM*** WG: ", "Ref. ", "Ref.-Nr.: ",
    "Referenznummer ", "WG: Ref: ", "#", "[", "(", "\u{a0}", "\u{200b}",
];
/// What parts a number from what follows.
const SEPARATORS: &[&str] = &[" ", ": ", " - ", " – ", ", ", "; ", " | ", "\u{a0}", "] ", ") ", "_", ":"];
const SHAPES: &[&str] = &["{6-7}", "{4}-{5}", "BEW-{5-7}", "BEW {5}", "A{2}/{3}-{1-4}", "{3}.{4-6}", "{2-3}-{4-5}"];
/// Pieces of which subjects, names, addresses and mails are made.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "WG:", "Re:", "[EXTERN]", "Ref.", "Nr.", "#", "(", ")", "[", "{", "}", "{6-7}", "{4}", "BEW-", "2024-00123", "482137",
    "und", "/", "\\", "..", ".", "-", "–", "_", ":", ";", ",", " ", "\u{a0}", "\u{200b}", "\u{202e}", "\u{feff}", "\0", "\r",
    "\n", "\t", "%", "%2e", "%2525", "%E2%80%AE", "%ff", "@", "<", ">", "\"", "=?utf-8?Q?=C3=BC?=", "=?utf-8?B?", "?=",
    "filename*0*=", "Lebenslauf", "CV", ".pdf", ".exe", ".tar.gz", "CON", "ü", "u\u{308}", "İ", "ß", "𝟘", "٣", "Ｆ",
    "\u{e000}", "Content-Type: ", "multipart/mixed; boundary=b", "\n\n", "--b\n", "--b--", "message/rfc822", "text/html",
    "<div>", "</p>", "&lt;", "Von: ", "Gesendet: ", "Betreff: ", "Am 12.03.2024 schrieb a@b.example:", "> ",
    "begin 644 a\n", "Content-Transfer-Encoding: base64\n",
];

/// The same inputs in each run: what chance may find, the fuzzing finds.
fn cases(number: u32) -> ProptestConfig {
    let chosen = std::env::var_os("PROPTEST_RNG_SEED").map(|_| ProptestConfig::default().rng_seed);
    let rng_seed = chosen.unwrap_or(RngSeed::Fixed(20_240_313));
    ProptestConfig { cases: number, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

fn pieces(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

/// A shape and a number printed in it, each group of digits as short or as long as it may be.
fn printed_number() -> impl Strategy<Value = (ReferenceShape, String)> {
    let parts = (prop::sample::select(SHAPES), prop::collection::vec(0..10u8, 40), any::<bool>());
    parts.prop_map(|(shape, digits, long)| {
        let mut digits = digits.into_iter().map(|digit| char::from(b'0' + digit));
        let printed = shape.split_inclusive('}').map(|piece| {
            let Some((literal, count)) = piece.split_once('{') else { return piece.to_owned() };
            let count = count.trim_end_matches('}');
            let (least, most) = count.split_once('-').unwrap_or((count, count));
            let count: usize = if long { most } else { least }.parse().unwrap();
            format!("{literal}{}", digits.by_ref().take(count).collect::<String>())
        });
        let printed = printed.collect();
        (ReferenceShape::parse(shape).unwrap(), printed)
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_number_printed_is_read_again((shape, printed) in printed_number()) {
        let number = shape.read_whole(&printed).unwrap();
        prop_assert_eq!(number.as_str(), &printed);
        prop_assert_eq!(shape.read_whole(number.as_str()), Some(number));
    }

    #[test]
    fn a_shape_printed_is_the_same_shape(text in pieces(8)) {
        if let Ok(shape) = ReferenceShape::parse(&text) {
            prop_assert_eq!(ReferenceShape::parse(&shape.to_string()), Ok(shape.clone()));
            let example = shape.example();
            prop_assert_eq!(shape.read_whole(&example).map(|number| number.to_string()), Some(example));
        }
    }

    #[test]
    fn a_number_in_front_is_read_whatever_follows(
        (shape, printed) in printed_number(),
        front in prop::sample::select(FRONTS),
        separator in prop::sample::select(SEPARATORS),
        // Words: what begins with a digit, or joins a second number to the first, would be another number or none.
        rest in "[A-Za-zÄÖÜäöüß][a-zäöüß]{3,9}( [A-Za-zÄÖÜäöüß.,:!?()@-]{1,12}){0,5}",
    ) {
        let subject = read_subject(&format!("{front}{printed}{separator}{rest}"), &[shape]);
        match &subject.number {
            NumberReading::One(number) => prop_assert_eq!(number.as_str(), &printed),
            other => prop_assert!(false, "{:?} in {}", other, subject.whole),
        }
        prop_assert_eq!(&subject.rest, &rest);
    }

    #[test]
    fn any_subject_is_read(text in pieces(30)) {
        let shapes = ["{6-7}", "BEW-{5-7}", "{4}-{5}"].map(|shape| ReferenceShape::parse(shape).unwrap());
        let subject = read_subject(&text, &shapes);
        prop_assert!(text.contains(&subject.rest));
        prop_assert_eq!(&subject.whole, &text);
    }

    #[test]
    fn any_file_name_is_read(name in pieces(20)) {
        prop_assert!(!read_file_name(&name).rule.is_empty());
    }

    #[test]
    fn an_address_read_is_read_again(text in pieces(8)) {
        if let Ok(address) = EmailAddress::parse(&text) {
            prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
        }
    }

    /// A listed name is one that every file system takes, and the same name sent again is listed as it is.
    #[test]
    fn listed_names_are_safe_and_stable(name in pieces(20), long in prop_oneof![3 => Just(0), 1 => 1..400usize]) {
        if let Some(listed) = listed_name(&format!("{}{name}", "ü".repeat(long))) {
            let hides = |letter: char| {
                letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            };
            prop_assert!(!listed.contains(|letter| hides(letter) || "/\\".contains(letter)), "{:?}", listed);
            prop_assert!(!matches!(listed.as_str(), "" | "." | "..") && listed.len() <= 255, "{:?}", listed);
            prop_assert_eq!(listed_name(&listed), Some(listed.clone()));
        }
    }

    #[test]
    fn any_mail_is_read(mail in pieces(60)) {
        let _ = understand(mail.as_bytes(), &corpus_rules());
    }

    #[test]
    fn any_bytes_are_read(mail in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = understand(&mail, &corpus_rules());
    }
}

/// The name under which a file sent with this name is listed; none where it is taken for decoration.
fn listed_name(name: &str) -> Option<String> {
    use std::fmt::Write;
    let mut escaped = String::new();
    name.bytes().for_each(|byte| write!(escaped, "%{byte:02X}").unwrap());
    let mail = format!(
        "From: ruth@personal.example.com\nSubject: 2024-00123\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
         Content-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8''{escaped}\n\n%PDF-1.4\n--b--\n"
    );
    understand(mail.as_bytes(), &corpus_rules()).attachments.pop().map(|file| file.name)
}
