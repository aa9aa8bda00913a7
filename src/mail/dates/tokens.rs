//! A printed date in pieces: numbers, words and marks.

/// One piece of a printed date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits, and how many stood there.
    Number(u32, usize),
    /// Letters.
    Word {
        /// In small ones.
        small: String,
        /// All were capitals.
        capitals: bool,
    },
    /// Anything else but blanks.
    Mark(char),
    /// Where the time of day stood, once it is read.
    Time,
}

impl Token {
    pub(super) fn number(&self) -> Option<u32> {
        if let Self::Number(value, _) = self { Some(*value) } else { None }
    }

    pub(super) fn digits(&self) -> Option<usize> {
        if let Self::Number(_, digits) = self { Some(*digits) } else { None }
    }

    pub(super) fn word(&self) -> Option<&str> {
        if let Self::Word { small, .. } = self { Some(small) } else { None }
    }

    /// The word, if all its letters were capitals.
    pub(super) fn capitals(&self) -> Option<&str> {
        if let Self::Word { small, capitals: true } = self { Some(small) } else { None }
    }

    pub(super) fn is_mark(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }
}

/// Splits a printed date. At most the first 200 letters are looked at: no program prints a longer one.
pub(super) fn split(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().take(200).peekable();
    while let Some(first) = letters.next() {
        let mut piece = String::from(first);
        if first.is_ascii_digit() {
            while let Some(next) = letters.next_if(char::is_ascii_digit) {
                piece.push(next);
            }
            tokens.push(Token::Number(piece.parse().unwrap_or(u32::MAX), piece.len()));
        } else if is_letter(first) {
            while let Some(next) = letters.next_if(|&next| {
                is_letter(next) && next.is_ascii() == first.is_ascii()
                    || is_letter(next) && !is_han(next) && !is_han(first)
            }) {
                piece.push(next);
            }
            // The Turkish capital İ becomes two letters; the dot above is dropped.
            let small = piece.to_lowercase().replace('\u{307}', "");
            let capitals = piece != small && piece == piece.to_uppercase();
            tokens.push(Token::Word { small, capitals });
        } else if !first.is_whitespace() && !is_invisible(first) {
            tokens.push(Token::Mark(first));
        }
    }
    tokens
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter)
}

fn is_han(letter: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&letter)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '*')
}
