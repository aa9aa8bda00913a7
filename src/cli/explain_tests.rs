//! What a person is told about a mail.

use super::{for_people, shown};
use crate::application::ReferenceShape;
use crate::mail::{Limits, ReadingRules, understand};
use std::collections::HashSet;

const MAIL: &str = "From: Ruth <ruth@firma.example>\nSubject: WG: 2024-00123 Unterlagen\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=x-nonsense\n\n\
    Zur Akte.\n\nVon: Erika <erika@example.org>\nGesendet: Mittwoch, 13. März 2024 09:12\nAn: Ruth\n\
    Betreff: Unterlagen\n\nAnbei.\n--b\nContent-Type: application/pdf; name=\"a/Lebenslauf.pdf\"\n\
    Content-Transfer-Encoding: base64\n\nJVBE*Ri0xLjQ=\n--b\nContent-Type: text/calendar; name=Termin.ics\n\nBEGIN\n";

fn explained() -> String {
    let rules = ReadingRules {
        shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: vec!["firma.example".to_owned()],
        staff_addresses: HashSet::new(),
        own_addresses: Vec::new(),
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    };
    let coloured = for_people("mail.eml", &understand(MAIL.as_bytes(), &rules));
    anstream::adapter::strip_str(&coloured).to_string()
}

#[test]
fn the_whole_reading_is_told() {
    let text = explained();
    for told in [
        "the subject begins with a number of the shape {4}-{5}, behind `WG:`",
        "a block of 4 labels (German) at line 3 of the text is the original's head",
        "`Lebenslauf.pdf` is a file, since it has a file's name",
        "`Lebenslauf.pdf` was named `a/Lebenslauf.pdf`",
        "the base64 of `a/Lebenslauf.pdf` is broken: what can be decoded is kept",
        "`Termin.ics` is not listed: an appointment",
        "the boundary behind `Termin.ics` is missing",
        "the text declares `x-nonsense`, and is read as UTF-8",
        "cv, since",
        ", damaged",
    ] {
        assert!(text.contains(told), "{told} in:\n{text}");
    }
}

#[test]
fn a_mail_does_not_steer_the_terminal() {
    assert_eq!(shown("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\nc");
}
