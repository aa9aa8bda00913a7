//! The subject of a forwarded mail and the reference number it begins with.
//!
//! A number is claimed only at the start of a subject, behind what mail programs and gateways put there. Whether an
//! application has the claimed number is not decided here.

use super::subject_markers::{
    FORWARD_MARKERS, JOINING_WORDS, LABEL_NUMBER_WORDS, LABELS, REPLY_MARKERS, SINGLE_LETTER_FORWARD,
    SINGLE_LETTER_REPLY,
};
use super::{Finding, NumberReading, Subject, Topic};
use crate::application::characters::{is_blank, is_dash, narrow};
use crate::application::{ReferenceNumber, ReferenceShape};
use unicode_normalization::UnicodeNormalization;

/// So many different numbers are kept of one subject; an honest one holds two or three.
const MAX_NUMBERS: usize = 10;
/// Longest marker or label that is looked for, in characters.
const MAX_WORD: usize = 40;

/// Reads a decoded subject against the tenant's shapes; the first shape that fits wins. Takes time in proportion to the
/// subject's length.
#[must_use]
pub fn read_subject(whole: &str, shapes: &[ReferenceShape]) -> Subject {
    let start = skip_markers_and_tags(whole);
    let claim = shapes.iter().find_map(|shape| read_claim(start, shape));
    let (claimed, rest) = claim.unwrap_or((Vec::new(), whole));
    let elsewhere = numbers_anywhere(whole, shapes).into_iter().filter(|number| !claimed.contains(number)).collect();
    let (number, rest) = match <[ReferenceNumber; 1]>::try_from(claimed) {
        Ok([number]) => (NumberReading::One(number), rest.trim_matches(is_blank)),
        Err(none) if none.is_empty() => (NumberReading::None, whole),
        Err(several) => (NumberReading::Several(several), whole),
    };
    Subject { whole: whole.to_owned(), number, rest: rest.to_owned(), elsewhere }
}

/// How the number was found, or why there is none.
pub(crate) fn how_read(subject: &Subject, shapes: &[ReferenceShape]) -> Vec<Finding> {
    let start = skip_markers_and_tags(&subject.whole);
    let skipped = subject.whole.strip_suffix(start).unwrap_or_default().trim_matches(is_blank);
    let behind = if skipped.is_empty() { String::new() } else { format!(", behind `{skipped}`") };
    let says = match &subject.number {
        NumberReading::One(number) => {
            let shape = shapes.iter().find(|shape| shape.read_whole(number.as_str()).is_some());
            let shape = shape.map(|shape| format!(" of the shape {shape}")).unwrap_or_default();
            format!("the subject begins with a number{shape}{behind}")
        }
        NumberReading::Several(numbers) => {
            format!("the subject begins with {} different numbers{behind}", numbers.len())
        }
        NumberReading::None => {
            let shapes: Vec<String> = shapes.iter().map(ToString::to_string).collect();
            format!("the subject begins with no number of the shapes {}{behind}", shapes.join(", "))
        }
    };
    let elsewhere = subject.elsewhere.iter().map(|number| format!("{number} stands later in the subject: no claim"));
    std::iter::once(says).chain(elsewhere).map(|says| Finding::new(Topic::Number, says)).collect()
}

/// Skips blanks, markers of forwards and replies, and gateways' tags, in any number and order.
fn skip_markers_and_tags(text: &str) -> &str {
    let mut rest = skip_blanks(text);
    while let Some(behind) = behind_marker(rest).or_else(|| behind_tag(rest)) {
        rest = skip_blanks(behind);
    }
    rest
}

/// The different numbers claimed at the start of the text, and what stands behind them.
fn read_claim<'text>(text: &'text str, shape: &ReferenceShape) -> Option<(Vec<ReferenceNumber>, &'text str)> {
    let (first, mut rest) = read_introduced(text, shape)?;
    let mut numbers = vec![first];
    while numbers.len() < MAX_NUMBERS {
        let Some((next, behind)) = read_joined(rest, shape) else { break };
        rest = behind;
        if !numbers.contains(&next) {
            numbers.push(next);
        }
    }
    // Such as `482137/482137x`: glued to something that turned out to be no number.
    may_end_before(rest).then(|| (numbers, skip_separators(rest)))
}

/// A number, perhaps behind a label, an opening bracket or quotation mark, and `#`; a label may stand in the brackets.
///
/// Each is optional, and the number is tried before each: a shape may itself begin with a label's letters or `#`.
fn read_introduced<'text>(text: &'text str, shape: &ReferenceShape) -> Option<(ReferenceNumber, &'text str)> {
    let ends_well = |behind: &str| may_end_before(behind) || read_glued(behind, shape).is_some();
    let read = |text| shape.read_at_start(text).filter(|(_, behind)| ends_well(behind));
    let read_with_hash = |text: &'text str| read(text).or_else(|| read(skip_blanks(text.strip_prefix(is_hash)?)));
    let read_labelled = |text: &'text str| read_with_hash(text).or_else(|| read_with_hash(behind_label(text)?));
    let read_in_brackets = |text: &'text str| {
        let (number, behind) = read_labelled(skip_blanks(text.strip_prefix(is_opening)?))?;
        Some((number, skip_blanks(behind).strip_prefix(is_closing).unwrap_or(behind)))
    };
    read_labelled(text).or_else(|| read_in_brackets(text)).or_else(|| read_in_brackets(behind_label(text)?))
}

/// Another number directly behind one ("482137 482137", "482137 und 519072", "482137/519072").
fn read_joined<'text>(text: &'text str, shape: &ReferenceShape) -> Option<(ReferenceNumber, &'text str)> {
    read_glued(text, shape).or_else(|| {
        if !may_end_before(text) {
            return None;
        }
        let next = skip_separators(text);
        let next = skip_blanks(next.strip_prefix(['&', '+']).or_else(|| behind_joining_word(next)).unwrap_or(next));
        read_introduced(next, shape)
    })
}

/// Another number that only a joining sign parts from the one before.
fn read_glued<'text>(text: &'text str, shape: &ReferenceShape) -> Option<(ReferenceNumber, &'text str)> {
    shape.read_at_start(text.strip_prefix(['/', '+', '&'])?)
}

/// All numbers of the tenant's shapes that stand free in the text, each once.
fn numbers_anywhere(text: &str, shapes: &[ReferenceShape]) -> Vec<ReferenceNumber> {
    let mut numbers = Vec::new();
    let mut rest = text;
    let mut before = Before::default();
    while let Some(next) = rest.chars().next() {
        let found = shapes
            .iter()
            .filter(|_| before.lets_a_number_start())
            .find_map(|shape| shape.read_at_start(rest).filter(|(_, behind)| may_end_before(behind)));
        if let Some((number, behind)) = found {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
            if numbers.len() == MAX_NUMBERS {
                break;
            }
            (rest, before) = (behind, Before { last: Some('0'), but_one: None });
        } else {
            (rest, before) = (skip_first(rest), Before { last: Some(next), but_one: before.last });
        }
    }
    numbers
}

/// The two characters before a place in a text.
#[derive(Clone, Copy, Default)]
struct Before {
    last: Option<char>,
    but_one: Option<char>,
}

impl Before {
    /// Nothing is glued to what starts here: no letter or digit, and no sign that joins digits (`0711/482137`).
    fn lets_a_number_start(self) -> bool {
        let Some(last) = self.last else { return true };
        let joins_digits = joins_digits(last) && self.but_one.is_some_and(char::is_numeric);
        !last.is_alphanumeric() && !joins_digits
    }
}

/// A number may end before this text: there is nothing, or something that parts, and it is no date and no telephone
/// number that goes on.
fn may_end_before(text: &str) -> bool {
    let mut visible = text.chars().filter(|c| c.is_whitespace() || !is_blank(*c));
    let Some(sign) = visible.next() else { return true };
    if joins_digits(sign) {
        return !visible.next().is_some_and(char::is_numeric);
    }
    sign.is_whitespace() || is_closing(sign) || is_separator(sign)
}

/// Skips one closing bracket or quotation mark directly here, then blanks and separators.
fn skip_separators(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| is_blank(c) && !c.is_whitespace());
    let text = text.strip_prefix(is_closing).unwrap_or(text);
    text.trim_start_matches(|c| is_blank(c) || is_separator(c))
}

/// What stands behind a marker such as `WG:`, `TR :` or `Re[2]:`.
fn behind_marker(text: &str) -> Option<&str> {
    let (word, behind) = split_word(text);
    if is_listed(&[SINGLE_LETTER_FORWARD, SINGLE_LETTER_REPLY], &word) {
        return behind.strip_prefix(is_colon);
    }
    if !is_listed(FORWARD_MARKERS, &word) && !is_listed(REPLY_MARKERS, &word) {
        return None;
    }
    let behind = skip_blanks(behind.strip_prefix('.').unwrap_or(behind));
    skip_blanks(behind_counter(behind).unwrap_or(behind)).strip_prefix(is_colon)
}

/// What stands behind a counter of replies: `[2]`, `(2)`, `^2`, `*2`.
fn behind_counter(text: &str) -> Option<&str> {
    let digits_behind = |sign: &[char]| {
        let behind = text.strip_prefix(sign)?;
        Some(behind.trim_start_matches(|c: char| c.is_ascii_digit())).filter(|rest| rest.len() < behind.len())
    };
    digits_behind(&['^', '*']).or_else(|| digits_behind(&['[', '('])?.strip_prefix([']', ')']))
}

/// What stands behind a gateway's tag without digits: `[EXTERN]`, `{Disarmed}`, `***SPAM***`.
fn behind_tag(text: &str) -> Option<&str> {
    let (opening, closing) = [('[', ']'), ('{', '}'), ('*', '*')].into_iter().find(|pair| text.starts_with(pair.0))?;
    let inside = text.trim_start_matches(opening);
    let (tag, _) = inside.split_once(closing)?;
    let behind = inside.strip_prefix(tag)?.trim_start_matches(closing);
    (!tag.contains(char::is_numeric)).then_some(behind)
}

/// What stands behind a label such as `Ref.`, `Ref.-Nr.:` or `Referenznummer`, where it is parted from what follows.
fn behind_label(text: &str) -> Option<&str> {
    let (mut word, mut behind) = split_word(text);
    if word == "bewerbungs" {
        (word, behind) = split_word(behind.strip_prefix(is_dash)?);
    }
    let root = word.strip_suffix("nummer").or_else(|| word.strip_suffix("nr")).unwrap_or(&word);
    if !is_listed(LABELS, root) {
        return None;
    }
    let after_dot = behind.strip_prefix('.').unwrap_or(behind);
    let (number_word, after_number_word) = split_word(after_dot.trim_start_matches(|c| is_blank(c) || is_dash(c)));
    let behind = if is_listed(&[LABEL_NUMBER_WORDS], &number_word) {
        let rest = after_number_word.strip_prefix(['°', 'º']).unwrap_or(after_number_word);
        rest.strip_prefix('.').unwrap_or(rest)
    } else {
        after_dot
    };
    let rest = skip_blanks(behind);
    let rest = skip_blanks(rest.strip_prefix(is_colon).unwrap_or(rest));
    (!text.strip_suffix(rest)?.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric))
        .then_some(rest)
}

/// What stands behind a word that joins two numbers, where a blank follows it.
fn behind_joining_word(text: &str) -> Option<&str> {
    let (word, behind) = split_word(text);
    let behind = behind.strip_prefix('.').unwrap_or(behind);
    (is_listed(&[JOINING_WORDS], &word) && behind.starts_with(is_blank)).then_some(behind)
}

/// The word at the start, folded for comparison (empty where there is none), and what stands behind it.
fn split_word(text: &str) -> (String, &str) {
    let in_word = |c: char| c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c);
    let length = text.chars().take_while(|c| in_word(*c)).take(MAX_WORD).map(char::len_utf8).sum();
    let (word, behind) = text.split_at_checked(length).unwrap_or(("", text));
    (word.nfkc().collect::<String>().to_lowercase(), behind)
}

pub(super) fn is_listed(lines: &[&str], word: &str) -> bool {
    lines.iter().flat_map(|line| line.split(' ')).any(|listed| listed == word)
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

fn skip_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

fn is_hash(c: char) -> bool {
    narrow(c) == '#'
}

fn is_colon(c: char) -> bool {
    narrow(c) == ':'
}

fn joins_digits(c: char) -> bool {
    matches!(narrow(c), '.' | '/') || is_dash(c)
}

fn is_separator(c: char) -> bool {
    matches!(narrow(c), ':' | ',' | ';' | '.' | '|' | '/' | '_') || is_dash(c)
}

fn is_opening(c: char) -> bool {
    matches!(narrow(c), '(' | '[' | '{' | '<' | '【' | '「' | '『' | '《' | '〈') || is_quotation_mark(c)
}

fn is_closing(c: char) -> bool {
    matches!(narrow(c), ')' | ']' | '}' | '>' | '】' | '」' | '』' | '》' | '〉') || is_quotation_mark(c)
}

/// Which of them open and which close differs between languages (»German«, «French», “English”, „German“).
fn is_quotation_mark(c: char) -> bool {
    matches!(narrow(c), '"' | '\'' | '`' | '´' | '«' | '»' | '‹' | '›' | '\u{2018}'..='\u{201F}')
}

#[cfg(test)]
#[path = "subject_tests.rs"]
mod tests;
