//! From the words of a file's name to the kind of document: which words tell something, and which of them counts.

use super::file_name::Word;
use super::kind::DocumentKind;
use super::unlisted::{PROFESSION_ENDS, STEMS_OF_OTHER_DOCUMENTS, STEMS_ON_ER_OF_CERTIFICATES, UNLISTED};
use super::vocabulary::{
    ABBREVIATIONS, ACCOMPANYING, FALSE_FRIENDS, FILLERS, TYPED_OFTEN, Topic, VOCABULARY, Vocabulary,
};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Something that a name tells.
struct Finding {
    topic: Topic,
    /// The word or words, as they were compared.
    text: String,
    /// A word such as "mit" stands before it.
    accompanies: bool,
}

/// Shortest first part of a compound; a shorter one is more likely a piece of another word ("Erzeugnis").
const SHORTEST_STEM: usize = 3;
/// Words of this length may hold one typing error, of the second length two.
const LONG_WORD: usize = 9;
const VERY_LONG_WORD: usize = 15;
const LONGEST_WORD: usize = 40;
/// Longest phrase of the tables, in words.
const LONGEST_PHRASE: usize = 4;

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::build);

/// All words and phrases by which kinds are told.
pub(crate) fn words() -> Vec<&'static str> {
    VOCABULARY
        .iter()
        .chain(UNLISTED)
        .flat_map(|one| one.words.iter().chain(one.ends).chain(one.phrases))
        .chain(FILLERS)
        .copied()
        .collect()
}

/// The kind that the words tell, and the rule that gave it; the ending of the name says whether it is a picture's.
pub(super) fn read(words: &[Word], is_picture: bool) -> (DocumentKind, String) {
    let words: Vec<&Word> = words.iter().filter(|word| !is_in(FILLERS, &word.text)).collect();
    let mut findings = findings(&words);
    if findings.is_empty() {
        findings = abbreviations(&words);
    }
    decide(&findings, is_picture)
}

/// What counts of what a name tells: a curriculum vitae or cover letter with another document makes an application;
/// specific words before general ones, supporting documents in a fixed order, and a picture only by itself: an
/// application in a document's format is one, with a picture or not.
fn decide(findings: &[Finding], is_picture: bool) -> (DocumentKind, String) {
    use DocumentKind::{Certificate, CompleteApplication, CoverLetter, Cv, Photo, Portfolio, Reference};
    let first = |topic| findings.iter().find(|finding| finding.topic == topic);
    let documents: Vec<(DocumentKind, &Finding)> = [Cv, CoverLetter, Certificate, Portfolio, Reference]
        .into_iter()
        .filter_map(|kind| Some((kind, first(Topic::Kind(kind))?)))
        .collect();
    match documents.as_slice() {
        [(Cv | CoverLetter, one), (_, another), ..] => {
            let rule = format!("`{}` and `{}` in the name make an application", one.text, another.text);
            return (CompleteApplication, rule);
        }
        [(kind, found), ..] => return (*kind, found.rule()),
        [] => {}
    }
    let application = first(Topic::Application);
    let picture = first(Topic::Kind(Photo))
        .or_else(|| first(Topic::Picture).filter(|_| first(Topic::Unlisted).is_none()))
        .filter(|picture| application.is_none() || (is_picture && !picture.accompanies));
    match (picture, application) {
        (Some(picture), _) => (Photo, picture.rule()),
        (None, Some(application)) => (CompleteApplication, application.rule()),
        (None, None) => (DocumentKind::Other, "no word in the name tells a kind".to_owned()),
    }
}

impl Finding {
    fn rule(&self) -> String {
        format!("the word{} `{}` in the name", if self.text.contains(' ') { "s" } else { "" }, self.text)
    }
}

/// What the words tell, from left to right; each word counts once, in the longest phrase it belongs to.
fn findings(words: &[&Word]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut rest = words;
    let mut before: Option<&Word> = None;
    while let Some((first, behind)) = rest.split_first() {
        let accompanies = before.is_some_and(|word| is_in(ACCOMPANYING, &word.text));
        let found = phrase(rest)
            .or_else(|| pair(first, behind.first()?).map(|(topic, text)| (topic, text, 2)))
            .or_else(|| single(&first.text).map(|topic| (topic, first.text.clone(), 1)));
        let taken = found.as_ref().map_or(1, |(_, _, taken)| *taken);
        findings.extend(found.map(|(topic, text, _)| Finding { topic, text, accompanies }));
        (before, rest) = (Some(*first), rest.get(taken..).unwrap_or_default());
    }
    findings
}

/// The longest phrase of the tables at the start of the words.
fn phrase(words: &[&Word]) -> Option<(Topic, String, usize)> {
    (2..=LONGEST_PHRASE.min(words.len())).rev().find_map(|length| {
        let text = words.get(..length)?.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        Some((*TABLES.phrases.get(text.as_str())?, text, length))
    })
}

/// A compound that was written in two words (`Führungs-Zeugnis`, `LebensLauf`), or a title with a profession.
fn pair(first: &Word, second: &Word) -> Option<(Topic, String)> {
    if first.text == "diplom" && ends_with_any(PROFESSION_ENDS, &second.text) {
        return Some((Topic::Nothing, format!("{} {}", first.text, second.text)));
    }
    let joined = format!("{}{}", first.text, second.text);
    let other_document = || compound(&joined).filter(|_| is_in(STEMS_OF_OTHER_DOCUMENTS, &first.text));
    let topic = TABLES.words.get(joined.as_str()).copied().or_else(other_document)?;
    Some((topic, joined))
}

fn single(word: &str) -> Option<Topic> {
    TABLES.words.get(word).copied().or_else(|| compound(word)).or_else(|| mistyped(word))
}

/// A compound whose last part is in the tables; the first part may make another document of it (`Führungszeugnis`).
fn compound(word: &str) -> Option<Topic> {
    let (end, topic) = TABLES.ends.iter().find(|(end, _)| word.ends_with(end))?;
    let stem = word.strip_suffix(end)?;
    // A letter that got lost on the way parts the word: `F_hrungszeugnis`.
    if ends_with_any(STEMS_OF_OTHER_DOCUMENTS, stem) || matches!(stem, "hrungs" | "hrung") {
        return Some(Topic::Unlisted);
    }
    let product = end.starts_with("zeugn") && stem.ends_with("er") && !ends_with_any(STEMS_ON_ER_OF_CERTIFICATES, stem);
    (stem.len() >= SHORTEST_STEM && !product).then_some(*topic)
}

/// A long word with a typing error in it.
fn mistyped(word: &str) -> Option<Topic> {
    let initial = word.chars().next()?;
    let false_friend = FALSE_FRIENDS.split(' ').any(|friend| word.starts_with(friend));
    if false_friend || !(LONG_WORD..=LONGEST_WORD).contains(&word.len()) {
        return None;
    }
    let allowed = if word.len() >= VERY_LONG_WORD { 2 } else { 1 };
    let meant = TYPED_OFTEN.iter().flat_map(|line| line.split(' ')).find(|right| {
        right.starts_with(initial)
            && right.len().abs_diff(word.len()) <= allowed
            && strsim::osa_distance(right, word) <= allowed
    })?;
    TABLES.words.get(meant).copied()
}

/// Abbreviations in capital letters, which could be somebody's initials where the name says more.
fn abbreviations(words: &[&Word]) -> Vec<Finding> {
    let topic = |word: &Word| ABBREVIATIONS.iter().find(|known| word.shouted && known.0 == word.text);
    words
        .iter()
        .filter_map(|word| Some(Finding { topic: topic(word)?.1, text: word.text.clone(), accompanies: false }))
        .collect()
}

/// The tables, arranged for looking up.
struct Tables {
    words: HashMap<&'static str, Topic>,
    /// The longest first, so that the more special word wins.
    ends: Vec<(&'static str, Topic)>,
    phrases: HashMap<&'static str, Topic>,
}

impl Tables {
    fn build() -> Self {
        let mut tables = Self { words: HashMap::new(), ends: Vec::new(), phrases: HashMap::new() };
        for Vocabulary { topic, words, ends, phrases } in VOCABULARY.iter().chain(UNLISTED) {
            let all_words = words.iter().chain(*ends).flat_map(|line| line.split(' '));
            tables.words.extend(all_words.map(|word| (word, *topic)));
            tables.ends.extend(ends.iter().flat_map(|line| line.split(' ')).map(|end| (end, *topic)));
            tables.phrases.extend(phrases.iter().flat_map(|line| line.split(", ")).map(|phrase| (phrase, *topic)));
        }
        tables.ends.sort_by_key(|(end, _)| std::cmp::Reverse(end.len()));
        tables
    }
}

fn is_in(lines: &[&str], word: &str) -> bool {
    lines.iter().flat_map(|line| line.split(' ')).any(|listed| listed == word)
}

fn ends_with_any(lines: &[&str], word: &str) -> bool {
    lines.iter().flat_map(|line| line.split(' ')).any(|end| word.ends_with(end))
}

#[cfg(test)]
#[path = "topics_tests.rs"]
mod tests;
