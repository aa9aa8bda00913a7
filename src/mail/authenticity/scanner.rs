//! The lexical ground of structured fields (RFC 5322, section 3.2): blanks, comments, quoted strings, words.

use std::iter::Peekable;
use std::str::Chars;

/// The text does not fit the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Goes through an unfolded field once, from left to right.
#[derive(Clone)]
pub(super) struct Scanner<'a> {
    letters: Peekable<Chars<'a>>,
}

/// The unfolded text of a field: line ends before blanks go, and nothing but text and tabs may stay. `None` for what
/// holds anything else: programs differ in what they make of it.
pub(super) fn unfolded(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?.trim_end_matches(['\r', '\n']);
    let mut kept = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 && !line.starts_with([' ', '\t']) {
            return None;
        }
        kept.push_str(line.strip_suffix('\r').unwrap_or(line));
    }
    (!kept.contains(|letter: char| letter.is_control() && letter != '\t')).then_some(kept)
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { letters: text.chars().peekable() }
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.letters.peek().copied()
    }

    /// Takes this letter if it is the next one.
    pub(super) fn takes(&mut self, letter: char) -> bool {
        self.letters.next_if_eq(&letter).is_some()
    }

    /// Passes over blanks and comments; gives the comments' text.
    pub(super) fn blanks(&mut self) -> Result<String, Malformed> {
        let mut comments = String::new();
        loop {
            match self.peek() {
                Some(' ' | '\t') => drop(self.letters.next()),
                Some('(') => self.comment(&mut comments)?,
                _ => return Ok(comments),
            }
        }
    }

    fn comment(&mut self, text: &mut String) -> Result<(), Malformed> {
        let mut depth = 0_usize;
        while let Some(letter) = self.letters.next() {
            match letter {
                '\\' => text.push(self.letters.next().ok_or(Malformed)?),
                '(' => depth += 1,
                ')' => {
                    depth -= 1;
                    text.push(' ');
                    if depth == 0 {
                        return Ok(());
                    }
                }
                other => text.push(other),
            }
        }
        Err(Malformed)
    }

    /// The text of a quoted string that begins here.
    pub(super) fn quoted(&mut self) -> Result<String, Malformed> {
        if !self.takes('"') {
            return Err(Malformed);
        }
        let mut text = String::new();
        while let Some(letter) = self.letters.next() {
            match letter {
                '"' => return Ok(text),
                '\\' => text.push(self.letters.next().ok_or(Malformed)?),
                other => text.push(other),
            }
        }
        Err(Malformed)
    }

    /// Letters as long as they fit; empty if the first one does not.
    pub(super) fn run(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(letter) = self.letters.next_if(|letter| fits(*letter)) {
            text.push(letter);
        }
        text
    }
}
