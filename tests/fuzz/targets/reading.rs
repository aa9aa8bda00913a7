//! Reads a mail and stops where something came out that must never come out.

use reply_import::application::{EmailAddress, ReferenceShape};
use reply_import::mail::{IncomingMail, Limits, ReadingRules, explanation, understand, verdict};
use std::collections::HashSet;
use std::sync::LazyLock;

static RULES: LazyLock<ReadingRules> = LazyLock::new(|| ReadingRules {
    shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap(), ReferenceShape::parse("BEW-{5-7}").unwrap()],
    staff_domains: vec!["personal.example.com".to_owned()],
    staff_addresses: HashSet::new(),
    own_addresses: vec![EmailAddress::parse("import@jobs.example.com").unwrap()],
    sender_proof: None,
    timezone: chrono_tz::Europe::Berlin,
    limits: Limits::default(),
});

pub fn read_and_check(bytes: &[u8]) {
    let mail = understand(bytes, &RULES);
    let _ = (verdict(&mail), explanation(&mail));
    check_files(&mail);
    let html = mail.html.unwrap_or_default().to_lowercase();
    for forbidden in ["<script", "<iframe", "<form", "<object"] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
    // In tags only: a person may write about links.
    let tags = html.split('<').skip(1).filter_map(|behind| behind.split('>').next());
    for tag in tags {
        assert!(!tag.contains("href=\"javascript:"), "<{tag}>");
    }
    assert!(!mail.text.contains(['\r', '\0']), "line ends in {:?}", mail.text);
}

fn check_files(mail: &IncomingMail) {
    let mut names = HashSet::new();
    for file in &mail.attachments {
        let name = &file.name;
        let is_direction = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let bad = |letter: char| letter.is_control() || is_direction(letter) || matches!(letter, '/' | '\\');
        assert!(!name.is_empty() && name.len() <= 255 && name != "." && name != "..", "name {name:?}");
        assert!(!name.contains(bad), "name {name:?}");
        assert!(names.insert(name.to_lowercase()), "twice {name:?}");
    }
}
