//! A text as all mail programs agree on it: only its letters, digits and pictures.

use crate::mail::byte_lines;
use memchr::memmem;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A signature or a footer has at most so many lines; what is longer is text.
const SIGNATURE_LINES: usize = 12;
/// So many signatures are looked for: the candidate's, the forwarder's and one of somebody between.
const SIGNATURES: usize = 3;
/// What a program prints in brackets for a link or a picture is not longer, in bytes.
const LONGEST_LINK: usize = 4_000;
/// How the target of a link begins, printed in angle brackets behind its text.
const TARGETS: [&str; 5] = ["http:", "https:", "mailto:", "tel:", "file:"];
/// How a picture is printed in square brackets; its name is another in every forward.
const PICTURES: [&str; 4] = ["cid:", "image:", "bild:", "inline image"];
/// Marks a link that a scanner rewrote, and stands before the target.
const REWRITTEN: (&str, &str) = ("safelinks.protection.outlook.com/", "url=");

/// Only the letters, digits and pictures of a text, in small letters, without what mail programs change when they
/// forward it: line ends, quotation marks, typography, targets of links, and signatures behind their separator, which
/// may be the forwarder's.
pub(in crate::mail) fn normal(text: &str) -> String {
    let lines: Vec<&str> = byte_lines::lines(text).map(unquoted).collect();
    let lines = without_signatures(&lines);
    let joined = lines.join(" ");
    let joined = without_targets(&joined);
    let is_rewritten = memmem::find(joined.as_bytes(), REWRITTEN.0.as_bytes()).is_some();
    let mut letters = String::with_capacity(joined.len());
    if is_rewritten {
        joined.split_whitespace().for_each(|word| push_letters(&as_written(word), &mut letters));
    } else {
        joined.split_ascii_whitespace().for_each(|word| push_letters(word, &mut letters));
    }
    letters
}

fn push_letters(word: &str, letters: &mut String) {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        letters.push_str(word);
        // Most other words of most languages here; for these NFKC changes nothing.
    } else if word.chars().all(|letter| matches!(letter, '\0'..='\x7f' | 'À'..='ÿ')) {
        for letter in word.chars() {
            match letter {
                '0'..='9' | 'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ' => letters.push(letter),
                'A'..='Z' => letters.push(letter.to_ascii_lowercase()),
                '\0'..='\x7f' => {}
                letter => letters.extend(letter.to_lowercase().filter(|letter| is_kept(*letter))),
            }
        }
    } else {
        letters.extend(word.nfkc().flat_map(char::to_lowercase).filter(|letter| is_kept(*letter)));
    }
}

/// Letters, digits, and pictographs: `👍` and `👎` are the whole message at times.
fn is_kept(letter: char) -> bool {
    letter.is_alphanumeric() || letter >= '\u{1f000}'
}

fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '|'))
}

/// Cuts short endings behind a signature's separator (RFC 3676, section 4.3), the forwarder's and the candidate's.
fn without_signatures<'a>(mut lines: &'a [&'a str]) -> &'a [&'a str] {
    for _ in 0..SIGNATURES {
        let separator = lines.iter().rposition(|line| line.trim_end() == "--").unwrap_or_default();
        let Some((above, below)) = lines.split_at_checked(separator) else { break };
        let is_short = below.iter().filter(|line| !line.trim().is_empty()).nth(SIGNATURE_LINES + 1).is_none();
        if !is_short || above.iter().all(|line| line.trim().is_empty()) {
            break;
        }
        lines = above;
    }
    lines
}

/// Takes out `<https://…>` behind a link's text and `[cid:…]` in a picture's place.
fn without_targets(text: &str) -> Cow<'_, str> {
    let next = |rest: &str| memchr::memchr2(b'<', b'[', rest.as_bytes());
    if next(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = next(rest) {
        let (before, from) = rest.split_at(start);
        kept.push_str(before);
        let (closing, beginnings) = if from.starts_with('<') { (b'>', &TARGETS[..]) } else { (b']', &PICTURES[..]) };
        let inside = from.get(1..).unwrap_or_default();
        let begins = beginnings
            .iter()
            .any(|beginning| inside.get(..beginning.len()).is_some_and(|word| word.eq_ignore_ascii_case(beginning)));
        let end = || inside.bytes().take(LONGEST_LINK).position(|byte| byte == closing);
        rest = begins.then(end).flatten().and_then(|end| inside.get(end + 1..)).unwrap_or(inside);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// A link as the candidate wrote it, where a scanner put another in its place for each recipient.
fn as_written(word: &str) -> Cow<'_, str> {
    let (scanner, before) = REWRITTEN;
    let target = word.split_once(scanner).and_then(|(_, query)| query.split_once(before));
    let Some((_, target)) = target else { return Cow::Borrowed(word) };
    percent_encoding::percent_decode_str(target.split('&').next().unwrap_or_default()).decode_utf8_lossy()
}
