//! How long one mail of each usual kind takes to be understood, with a measuring crate's care (divan): warmed up, repeated,
//! and with the spread. Which change made a kind slower shows here; what mails cost an office is in `understanding`.

#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

#[path = "../understanding/rules.rs"]
mod rules;

use divan::Bencher;
use divan::counter::BytesCount;
use reply_import::mail::{ReadingRules, understand, verdict};
use std::sync::LazyLock;

/// Mails of the corpus, one of each kind that comes often or is read by a part of its own.
const KINDS: [&str; 12] = [
    "outlook-desktop-de",
    "outlook-plain-de",
    "gmail-web-de",
    "apple-macos-de-html",
    "not-own-notice-attached-by-a-person",
    "photo-shown-in-body",
    "kinds-by-name",
    "outlook-ja-iso-2022-jp",
    "smime-certificates-beside-a-text",
    "auto-reply-out-of-office",
    "bounce-delivery-status",
    "thousand-parts",
];

static RULES: LazyLock<ReadingRules> = LazyLock::new(rules::rules);

fn main() {
    divan::main();
}

/// From the octets of the mail to what it says.
#[divan::bench(args = KINDS)]
fn understood(bencher: Bencher<'_, '_>, kind: &str) {
    let mail = std::fs::read(format!("tests/corpus/mails/{kind}.eml")).unwrap();
    bencher.counter(BytesCount::of_slice(&mail)).bench(|| verdict(&understand(divan::black_box(&mail), &RULES)));
}
