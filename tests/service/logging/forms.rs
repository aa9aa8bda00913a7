//! The forms in which a marker may stand in a log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Every planted text contains it, in whatever case.
const MARKER: &str = "zq7marker";

/// A marker in the text, and around it what tells where it comes from.
pub fn leak(text: &str) -> Option<String> {
    let forms = forms();
    text.lines().find_map(|line| {
        let small = line.to_lowercase();
        let is_in = |form: &&(&str, String)| match form.0 {
            "base64" => line.contains(&form.1),
            _ => small.contains(&form.1),
        };
        forms.iter().find(is_in).map(|(kind, form)| format!("{kind} `{form}` in: {line}"))
    })
}

fn forms() -> Vec<(&'static str, String)> {
    let each_octet = |text: &str, before: &str| {
        text.bytes().fold(String::new(), |mut all, octet| {
            write!(all, "{before}{octet:02x}").unwrap();
            all
        })
    };
    let mut forms =
        vec![("plain", MARKER.to_owned()), ("spaced", MARKER.chars().map(String::from).collect::<Vec<_>>().join("\0"))];
    for written in [MARKER, "Zq7Marker", "ZQ7MARKER"] {
        forms.push(("hexadecimal", each_octet(written, "")));
        forms.push(("percent", each_octet(written, "%")));
        forms.push(("quoted-printable", each_octet(written, "=")));
        forms.push(("octets", format!("{:?}", written.as_bytes()).trim_matches(['[', ']']).to_owned()));
        forms.extend((0..3).map(|shift| ("base64", in_base64(written, shift))));
    }
    forms
}

/// The letters that do not depend on what stands around it, if it begins so many octets behind a multiple of three.
fn in_base64(text: &str, shift: usize) -> String {
    let encoded = STANDARD.encode([&vec![0; shift], text.as_bytes()].concat());
    let (from, to) = ((shift * 4).div_ceil(3), (shift + text.len()) * 8 / 6);
    encoded.get(from..to).unwrap().to_owned()
}

#[test]
fn a_marker_is_found_in_every_form() {
    let quoted = |text: &str| text.bytes().fold(String::new(), |all, octet| format!("{all}={octet:02X}"));
    for text in [
        "a line\nsubject=482137 Zq7Marker".to_owned(),
        "ZQ7MARKER-ERIKA@EXAMPLE.ORG".to_owned(),
        STANDARD.encode("Zq7Marker"),
        STANDARD.encode("a Zq7Marker b"),
        STANDARD.encode("ab Zq7Marker"),
        STANDARD.encode("zq7marker"),
        quoted("Zq7Marker"),
        quoted("zq7marker").replace('=', "%"),
        format!("{:?}", b"xx Zq7Marker"),
        hex(b"xx Zq7Marker"),
    ] {
        assert!(leak(&text).is_some(), "{text}");
    }
    assert_eq!(leak("mail=3 outcome=imported mailbox=import@example.test"), None);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |all, octet| format!("{all}{octet:02x}"))
}
