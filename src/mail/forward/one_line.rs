//! Heads whose labels all stand in one line, without blanks between them (Yahoo's plain text).

use super::block::Block;
use super::folding::tidy;
use super::label_table::{self, Label, Labels};
use super::lines::Line;
use super::marker;

/// Longest line that is looked into: long headings are no heads, and the search takes a while per letter.
const LONGEST: usize = 4_000;
/// Most lines that are looked into.
const MOST_LINES: usize = 2_000;

/// The heads that stand in one line each, from the top, and what stands before each in its line.
pub(super) fn find_all<'a>(lines: &[Line<'a>]) -> Vec<(Block, &'a str)> {
    let heads = lines.iter().take(MOST_LINES).enumerate().filter_map(|(index, line)| {
        let content = line.content;
        if content.len() > LONGEST
            || memchr::memchr2_iter(b':', 0xef, content.as_bytes()).count() < 3
            || content.matches([':', '：']).count() < 3
        {
            return None;
        }
        let best = label_table::all().map(|labels| occurrences(labels, content)).max_by_key(Vec::len)?;
        let (block, before) = read(content, &best)?;
        let announced = before.len() < content.get(..best.first()?.start)?.len()
            || lines
                .get(index.saturating_sub(marker::REACH)..index)?
                .iter()
                .any(|above| marker::is_marker(above.content));
        let block = Block { start: index, end: index + 1, depth: line.depth, announced, ..block };
        block.is_certain().then_some((block, before))
    });
    heads.collect()
}

/// A label of a language where it stands in a line.
struct Occurrence {
    start: usize,
    value_start: usize,
    label: Label,
}

/// The labels of one language in their order, each meaning at its first place.
fn occurrences(labels: &Labels, content: &str) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = labels
        .by_meaning()
        .into_iter()
        .filter(|&(_, label)| !matches!(label, Label::Enclosures | Label::Other))
        .filter_map(|(words, label)| {
            let places = words.iter().filter_map(|word| {
                let (start, value_start) = find_label(content, word)?;
                Some(Occurrence { start, value_start, label })
            });
            places.min_by_key(|place| place.start)
        })
        .collect();
    found.sort_by_key(|occurrence| occurrence.start);
    found
}

/// Where a label stands as programs print it: its first letter a capital, a colon behind it.
fn find_label(content: &str, word: &str) -> Option<(usize, usize)> {
    let mut letters = word.chars();
    let capital: String = letters.next()?.to_uppercase().chain(letters).collect();
    content.match_indices(&capital).find_map(|(start, _)| {
        let end = start + capital.len();
        let behind = content.get(end..)?;
        let colon = behind.trim_start_matches([' ', '\u{a0}']);
        let value = colon.strip_prefix(':').or_else(|| colon.strip_prefix('：'))?;
        Some((start, content.len() - value.len()))
    })
}

/// The head that these labels make; the subject goes to the end of the line.
fn read<'a>(content: &'a str, places: &[Occurrence]) -> Option<(Block, &'a str)> {
    let first = places.first()?;
    let mut block = Block { labels: places.len(), ..Block::default() };
    for (index, place) in places.iter().enumerate() {
        let end = places.get(index + 1).map_or(content.len(), |next| next.start);
        let value = Some(tidy(content.get(place.value_start..end)?));
        match place.label {
            Label::Sender => block.sender = value,
            Label::Date => block.date = value,
            Label::Subject => block.subject = value,
            Label::To | Label::Copy | Label::Enclosures | Label::Other => {}
        }
    }
    let before = marker::before_trailing_marker(content.get(..first.start)?);
    (block.sender.is_some() && block.labels >= 3 && first.label == Label::Sender).then_some((block, before))
}
