//! Every mail of the corpus is understood as the file beside it says, whatever its lines end with, and nothing that a
//! mail may hold brings the reader down.
//!
//! A case is `tests/corpus/mails/NAME.eml` and `NAME.json`; an absent field is not checked. The mails are read under the
//! settings of `corpus_rules`.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own corpus may stop")]

mod differences;
mod line_ends;
mod properties;

use line_ends::LineEnds;
use reply_import::application::{EmailAddress, ReferenceShape};
use reply_import::mail::{Limits, ReadingRules, Topic, explanation, understand};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn corpus_rules() -> ReadingRules {
    ReadingRules {
        shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: vec!["personal.example.com".to_owned()],
        staff_addresses: HashSet::new(),
        own_addresses: vec![EmailAddress::parse("import@jobs.example.com").unwrap()],
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    }
}

fn mails() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/mails");
    let mut mails: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    mails.sort();
    assert!(mails.len() >= 300, "only {} mails found", mails.len());
    mails
}

#[test]
fn every_mail_of_the_corpus_is_understood() {
    expect_all_understood(LineEnds::AsTheyAre);
}

#[test]
fn every_mail_of_the_corpus_is_understood_with_crlf() {
    expect_all_understood(LineEnds::CarriageReturnAndLineFeed);
}

#[test]
fn every_mail_of_the_corpus_is_understood_with_bare_lf() {
    expect_all_understood(LineEnds::LineFeed);
}

fn expect_all_understood(line_ends: LineEnds) {
    let mails = mails();
    let rules = corpus_rules();
    let mut wrong = Vec::new();
    for path in &mails {
        let name = path.file_stem().unwrap().to_string_lossy();
        let mail = line_ends.of(&name, std::fs::read(path).unwrap());
        let expected = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let found = serde_json::to_value(explanation(&understand(&mail, &rules))).unwrap();
        let differences = differences::between(&serde_json::from_str(&expected).unwrap(), &found);
        if !differences.is_empty() {
            wrong.push(format!("{name}: {}", differences.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), mails.len(), wrong.join("\n"));
}

#[test]
fn what_is_longer_than_is_kept_is_told() {
    let told = |kind: &str, body: &str| {
        let mail = format!("From: a@example.org\nSubject: x\nContent-Type: text/{kind}\n\n{body}");
        let findings = understand(mail.as_bytes(), &corpus_rules()).findings;
        findings
            .into_iter()
            .filter(|finding| finding.about == Topic::Cut)
            .map(|finding| finding.says)
            .collect::<Vec<_>>()
    };
    let letters = |count: usize| "Absatz ".repeat(count / 7);
    assert_eq!(told("plain", &letters(1 << 20)), [""; 0]);
    assert_eq!(told("plain", &letters(5 << 18)), ["the text is longer than is kept: its end is missing"]);
    assert_eq!(told("plain", &letters(5 << 19)).last().unwrap(), "a text is longer than is read: its end is missing");
    assert_eq!(told("html", &letters(5 << 19)).last().unwrap(), "the HTML is longer than is kept: its end is missing");
    assert_eq!(told("html", &format!("{}<p>", letters(9 << 19))).len(), 3);
}

/// Every mail cut off at many places, and with bytes flipped, is read to an end without a panic.
#[test]
fn damaged_mails_are_read_to_an_end() {
    let rules = corpus_rules();
    for (number, path) in mails().iter().enumerate() {
        let bytes = std::fs::read(path).unwrap();
        if bytes.len() > 20_000 {
            continue;
        }
        for cut in 1..8 {
            let _ = understand(&bytes[..bytes.len() * cut / 8], &rules);
        }
        let mut flipped = bytes.clone();
        let mut random = u64::try_from(number).unwrap() * 2_654_435_761 + 1;
        for _ in 0..20 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(random >> 33).unwrap() % flipped.len().max(1);
            if let Some(byte) = flipped.get_mut(at) {
                *byte ^= u8::try_from(random & 0xff).unwrap();
            }
        }
        let _ = understand(&flipped, &rules);
    }
}
