//! The shapes that a tenant's reference numbers come in, and the reading of a number against one.
//!
//! What may stand before and behind a number in a subject is not decided here.

use super::ReferenceNumber;
use super::characters::{is_dash, narrow};
use std::fmt;

/// How a tenant's reference numbers look: literal text with `{n}` or `{n-m}` for so many digits (`BEW-{5-7}`).
///
/// It is no regular expression. Reading is tolerant where people and their programs are: letters match in any case,
/// full-width characters match their ASCII fellows, a hyphen matches any dash, one blank or nothing. The number read is
/// in the shape's own form all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceShape {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// So many digits, at least and at most.
    Digits { least: usize, most: usize },
    /// A hyphen. `optional` is false where the digits on both sides could not be told apart without it.
    Hyphen { optional: bool },
    /// A blank; any single white space matches it.
    Blank,
    /// Any other letter, digit or sign.
    Literal(char),
}

/// The text is no shape; says what is wrong with it and how a shape is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}; a shape is literal text with {{n}} or {{n-m}} for so many digits, such as {{6-7}}, BEW-{{5-7}} or {{4}}-{{5}}"
)]
pub struct ShapeError(pub String);

impl ReferenceShape {
    /// Longest number that a shape may allow, in characters.
    pub const MAX_LENGTH: usize = 40;

    /// Reads a shape.
    ///
    /// # Errors
    ///
    /// [`ShapeError`] if a brace has no partner, if braces hold no count or an impossible one, if there are no digits
    /// at all, if the text begins or ends with a hyphen or a blank or holds control characters, if two groups of
    /// variable length follow each other directly, or if the numbers would be longer than [`Self::MAX_LENGTH`].
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let piece = if let Some(behind) = rest.strip_prefix('{') {
                let (count, behind) = behind
                    .split_once('}')
                    .ok_or_else(|| ShapeError(format!("`{text}` opens a brace and does not close it")))?;
                rest = behind;
                read_count(count)
                    .ok_or_else(|| ShapeError(format!("`{{{count}}}` in `{text}` is no count of digits")))?
            } else {
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                read_literal(first).ok_or_else(|| ShapeError(format!("`{text}` must not hold {first:?} here")))?
            };
            pieces.push(piece);
            if length(&pieces) > Self::MAX_LENGTH {
                return Err(ShapeError(format!("`{text}` allows more than {} characters", Self::MAX_LENGTH)));
            }
        }
        check_ends(text, &pieces)?;
        demand_hyphens_that_part_digits(text, &mut pieces)?;
        Ok(Self { pieces })
    }

    /// Reads a number that must fill the whole text; blanks around it are dropped.
    #[must_use]
    pub fn read_whole(&self, text: &str) -> Option<ReferenceNumber> {
        let text = text.trim();
        let (number, behind) = read_pieces(&self.pieces, text)?;
        behind.is_empty().then(|| ReferenceNumber::in_own_form(number))
    }

    /// Reads a number at the start of the text, and gives what stands behind it.
    ///
    /// Whether the number may end there is for the caller to say: of `48213799` the shape `{6-7}` reads seven digits.
    #[must_use]
    pub fn read_at_start<'text>(&self, text: &'text str) -> Option<(ReferenceNumber, &'text str)> {
        let (number, behind) = read_pieces(&self.pieces, text)?;
        Some((ReferenceNumber::in_own_form(number), behind))
    }

    /// A number of this shape for help texts: `BEW-12345`.
    #[must_use]
    pub fn example(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Digits { least, .. } => "1234567890".chars().cycle().take(*least).collect(),
                other => other.to_string(),
            })
            .collect()
    }
}

impl fmt::Display for ReferenceShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits { least, most } if least == most => write!(f, "{{{least}}}"),
            Self::Digits { least, most } => write!(f, "{{{least}-{most}}}"),
            Self::Hyphen { .. } => f.write_str("-"),
            Self::Blank => f.write_str(" "),
            Self::Literal(c) => write!(f, "{c}"),
        }
    }
}

impl std::str::FromStr for ReferenceShape {
    type Err = ShapeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> serde::Deserialize<'de> for ReferenceShape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// `5` or `5-7` between braces.
fn read_count(text: &str) -> Option<Piece> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let count = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<usize>().ok()).flatten();
    let (least, most) = (count(least)?, count(most)?);
    (1 <= least && least <= most).then_some(Piece::Digits { least, most })
}

fn read_literal(c: char) -> Option<Piece> {
    match narrow(c) {
        ' ' => Some(Piece::Blank),
        c if is_dash(c) => Some(Piece::Hyphen { optional: true }),
        '}' | '{' => None,
        c if c.is_control() || c.is_whitespace() => None,
        c => Some(Piece::Literal(c)),
    }
}

/// The longest number that these pieces allow; saturates, since a count may be any number.
fn length(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .map(|piece| if let Piece::Digits { most, .. } = piece { *most } else { 1 })
        .fold(0, usize::saturating_add)
}

fn check_ends(text: &str, pieces: &[Piece]) -> Result<(), ShapeError> {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Digits { .. })) {
        return Err(ShapeError(format!("`{text}` has no digits in braces")));
    }
    let loose = |piece: Option<&Piece>| matches!(piece, Some(Piece::Hyphen { .. } | Piece::Blank));
    if loose(pieces.first()) || loose(pieces.last()) {
        return Err(ShapeError(format!("`{text}` begins or ends with a hyphen or a blank")));
    }
    Ok(())
}

/// Where two groups of variable length have only a hyphen between them, the hyphen must be written: without it nobody
/// could tell where the first ends. Where they have not even that, there is no telling at all.
fn demand_hyphens_that_part_digits(text: &str, pieces: &mut [Piece]) -> Result<(), ShapeError> {
    for run in pieces.chunk_by_mut(|one, next| all_digits(one) && all_digits(next)) {
        let groups = || run.split(|piece| matches!(piece, Piece::Hyphen { .. }));
        if groups().any(|group| variable_groups(group) > 1) {
            return Err(ShapeError(format!("`{text}` has two groups of variable length side by side")));
        }
        if variable_groups(run) > 1 {
            for piece in run {
                if let Piece::Hyphen { optional } = piece {
                    *optional = false;
                }
            }
        }
    }
    Ok(())
}

/// The piece matches digits, or may match nothing between digits.
fn all_digits(piece: &Piece) -> bool {
    match piece {
        Piece::Digits { .. } | Piece::Hyphen { .. } => true,
        Piece::Literal(c) => c.is_ascii_digit(),
        Piece::Blank => false,
    }
}

fn variable_groups(pieces: &[Piece]) -> usize {
    pieces.iter().filter(|piece| matches!(piece, Piece::Digits { least, most } if least < most)).count()
}

/// The number in its own form, and what stands behind it.
///
/// Goes back over a group's length where the next group would come too short. That stays cheap: of groups that nothing
/// parts only one has a variable length, and no number is longer than [`ReferenceShape::MAX_LENGTH`].
fn read_pieces<'text>(pieces: &[Piece], text: &'text str) -> Option<(String, &'text str)> {
    let Some((piece, later)) = pieces.split_first() else { return Some((String::new(), text)) };
    let mut chars = text.chars();
    let next = chars.next().map(narrow);
    let with =
        |read: String, behind: &'text str| read_pieces(later, behind).map(|(number, behind)| (read + &number, behind));
    match *piece {
        Piece::Literal(wanted) => {
            next.filter(|c| c.to_lowercase().eq(wanted.to_lowercase()))?;
            with(wanted.to_string(), chars.as_str())
        }
        Piece::Blank => {
            next.filter(|c| c.is_whitespace())?;
            with(" ".to_owned(), chars.as_str())
        }
        Piece::Hyphen { optional } => next
            .filter(|c| is_dash(*c) || c.is_whitespace())
            .and_then(|_| with("-".to_owned(), chars.as_str()))
            .or_else(|| if optional { with("-".to_owned(), text) } else { None }),
        Piece::Digits { least, most } => {
            let digits: String = text.chars().map(narrow).take_while(char::is_ascii_digit).take(most).collect();
            (least..=digits.len()).rev().find_map(|count| {
                let behind = text.char_indices().nth(count).map_or("", |(start, _)| text.get(start..).unwrap_or(""));
                with(digits.chars().take(count).collect(), behind)
            })
        }
    }
}

#[cfg(test)]
#[path = "reference_shape_tests.rs"]
mod tests;
