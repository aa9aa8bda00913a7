//! A scrubbed mail is built as the mail was and holds nobody's words.

use super::scrub;
use crate::application::ReferenceShape;
use crate::mail::{IncomingMail, Limits, ReadingRules, understand};
use std::collections::HashSet;

const KEY: u64 = 4711;

fn rules() -> ReadingRules {
    ReadingRules {
        shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: Vec::new(),
        staff_addresses: HashSet::new(),
        own_addresses: Vec::new(),
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    }
}

fn scrubbed(mail: &str) -> String {
    String::from_utf8(scrub(mail.as_bytes(), KEY)).unwrap()
}

#[test]
fn personal_words_and_numbers_become_others_of_the_same_shape_and_the_same_everywhere() {
    let mail = "From: Erika Beispiel <erika@beispiel.example>\r\nSubject: WG: 482137 Lebenslauf von Erika\r\n\r\n\
                Guten Tag, Erika wohnt in 12345 Musterstadt seit 2021, Tel. 0171 234567.\r\n";
    let scrubbed = scrubbed(mail);
    for word in ["Erika", "erika", "Beispiel", "beispiel", "482137", "12345", "Musterstadt", "234567"] {
        assert!(!scrubbed.contains(word), "{word} in {scrubbed}");
    }
    for kept in ["From: ", "Subject: WG: ", " Lebenslauf von ", "Guten Tag, ", " 2021, ", ".example>"] {
        assert!(scrubbed.contains(kept), "{kept} is missing in {scrubbed}");
    }
    assert_eq!(scrubbed.len(), mail.len());
    let name = |line: &str| line.split(' ').nth(1).unwrap().to_owned();
    let from = scrubbed.lines().next().map(name).unwrap();
    assert_eq!(scrubbed.matches(&from).count(), 3, "the same word wherever it stands: {scrubbed}");
    assert_ne!(scrub(mail.as_bytes(), KEY + 1), scrubbed.as_bytes(), "with another key other words");
}

#[test]
fn encodings_and_character_sets_stay_and_hold_other_words() {
    let mail = "Subject: =?utf-8?Q?Zeugnis_f=C3=BCr_J=C3=B6rg?= =?iso-8859-1?B?TfxsbGVy?=\r\n\
                Content-Type: text/plain; charset=\"iso-8859-1\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                Herr J=F6rg M=FCller=\r\n wohnt hier.\r\n";
    let scrubbed = scrubbed(mail);
    let (header, body) = scrubbed.split_once("\r\n\r\n").unwrap();
    assert!(header.starts_with("Subject: =?utf-8?Q?Zeugnis_") && header.contains("?= =?iso-8859-1?B?"), "{header}");
    assert!(!header.contains("TfxsbGVy") && !header.contains("J=C3=B6rg"), "{header}");
    assert!(body.starts_with("Herr ") && !body.contains("rg") && body.contains('='), "{body}");
}

#[test]
fn html_keeps_its_tags_and_classes_and_files_their_beginning_and_length() {
    let mail = "Content-Type: multipart/mixed; boundary=\"Grenze Erika\"\r\n\r\n--Grenze Erika\r\n\
                Content-Type: text/html; charset=utf-8\r\n\r\n\
                <div class=\"Erika\" title=\"Erika\"><a href=\"mailto:erika@b.example\">M&uuml;ller</a></div>\r\n\
                --Grenze Erika\r\nContent-Type: application/pdf; name=\"Lebenslauf Erika.pdf\"\r\n\
                Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcgRXJpa2E=\r\n--Grenze Erika--\r\n";
    let scrubbed = scrubbed(mail);
    assert!(scrubbed.contains("boundary=\"Grenze Erika\"") && scrubbed.ends_with("--Grenze Erika--\r\n"), "{scrubbed}");
    assert!(scrubbed.contains("<div class=\"Erika\" title=\"") && !scrubbed.contains("title=\"Erika\""), "{scrubbed}");
    assert!(scrubbed.contains("&uuml;") && !scrubbed.contains("ller<") && !scrubbed.contains("erika@"), "{scrubbed}");
    assert!(scrubbed.contains("name=\"Lebenslauf ") && !scrubbed.contains("Erika.pdf"), "{scrubbed}");
    assert!(scrubbed.contains("\r\nJVBERi0xLjcAAAAAAAA=\r\n"), "{scrubbed}");
}

#[test]
fn only_of_a_header_are_names_of_fields_kept() {
    let mail = "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\nErika: before\n--b\nX-Own: c\n\nText\n--b--\n\
                Erika: behind\n";
    let scrubbed = scrubbed(mail);
    assert!(scrubbed.contains("\nX-Own: ") && scrubbed.contains("\n--b--\n"), "{scrubbed}");
    assert!(!scrubbed.contains("Erika"), "{scrubbed}");
}

/// What can be told of a mail without its words.
fn shape(mail: &IncomingMail) -> (bool, usize, Vec<(String, usize)>, usize, bool) {
    let files = mail.attachments.iter().map(|file| (file.mime.clone(), file.content.len())).collect();
    (mail.original.is_some(), mail.pictures.len(), files, mail.text.lines().count(), mail.html.is_some())
}

#[test]
fn mails_of_the_corpus_keep_their_shape_and_lose_their_people() {
    let (mut alike, mut all) = (0, 0);
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/mails")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 100_000 {
            continue;
        }
        let scrubbed = scrub(&bytes, KEY);
        let (before, after) = (understand(&bytes, &rules()), understand(&scrubbed, &rules()));
        all += 1;
        alike += usize::from(shape(&before) == shape(&after));
        let people = before.original.iter().flat_map(|original| {
            original.from_name.iter().cloned().chain(original.from_address.iter().map(|a| a.as_str().to_owned()))
        });
        for person in people.filter(|person| person.chars().count() > 6) {
            let text = format!("{}{}{}", after.text, after.subject.whole, after.html.clone().unwrap_or_default());
            assert!(!text.contains(&person), "{person} in {}", path.display());
        }
    }
    assert!(all > 100, "{all}");
    // Those that differ have their meaning inside of files: winmail.dat, S/MIME, packed documents.
    assert!(alike * 8 >= all * 7, "only {alike} of {all} keep their shape");
}
