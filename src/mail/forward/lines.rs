//! A text as lines with their quotation depth, and words folded for comparing with the tables.

use super::label::{self, LabelLine};
use crate::mail::byte_lines::lines;
use unicode_normalization::UnicodeNormalization;

/// One line of a text.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// The line without its quotation marks.
    pub(super) content: &'a str,
    /// How many quotation marks (`>`, `| `) stood before it.
    pub(super) depth: usize,
    /// The line as a label with its value, if it is one. Read once: blocks are looked for from every line on.
    pub(super) label: Option<LabelLine<'a>>,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.content.chars().all(is_blank)
    }
}

/// Splits a text into its lines.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    lines(text).map(line).collect()
}

fn line(text: &str) -> Line<'_> {
    let mut content = text.trim_start_matches(is_blank);
    let mut depth = 0;
    while let Some(behind) = behind_mark(content) {
        depth += 1;
        content = behind.trim_start_matches(' ');
    }
    let content = if depth == 0 { text } else { content };
    Line { content, depth, label: label::read(content) }
}

/// Takes up to `levels` quotation marks off a line, and one blank behind each.
pub(super) fn unquote(line: &str, levels: usize) -> &str {
    let mut rest = line;
    for _ in 0..levels {
        let Some(behind) = behind_mark(rest.trim_start_matches(is_blank)) else { break };
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    rest
}

/// What is behind a quotation mark: `>`, or `|` with a blank behind it.
fn behind_mark(text: &str) -> Option<&str> {
    text.strip_prefix('>')
        .or_else(|| text.strip_prefix('|').filter(|behind| behind.is_empty() || behind.starts_with(' ')))
}

/// White space and the invisible letters that mail programs put at a line's ends.
pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || is_invisible(letter)
}

/// Soft hyphens, joiners, marks of direction and of the byte order: nothing that a reader sees.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Folds a label or marker for comparing: NFC, small letters, plain hyphens, single blanks, nothing invisible.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        text.bytes().for_each(|letter| push_folded(char::from(letter.to_ascii_lowercase()), &mut folded));
    } else {
        text.nfc().flat_map(char::to_lowercase).for_each(|letter| push_folded(letter, &mut folded));
    }
    folded.trim().to_owned()
}

fn push_folded(letter: char, folded: &mut String) {
    match letter {
        // What is left of the Turkish capital İ in small letters.
        '\u{307}' => {}
        letter if is_invisible(letter) => {}
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        letter if is_blank(letter) => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        letter => folded.push(letter),
    }
}

/// A value as it is kept: single ordinary blanks, none around it.
pub(super) fn tidy(value: &str) -> String {
    value.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
