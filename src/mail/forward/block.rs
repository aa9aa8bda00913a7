//! The head of a forwarded mail: two to six lines `Label: value` standing together.
//!
//! A block counts when it has a sender label and at least two further labels of one or two languages (a program's and
//! the system's may differ), and either the sender's value holds an address or something above announced the forward.

use super::folding::tidy;
use super::label::LabelLine;
use super::label_table::Label;
use super::languages::Language;
use super::lines::Line;
use super::marker;
use super::sender;

/// Most labels of one head; real ones have up to eight.
const MOST_LABELS: usize = 12;
/// Most lines a head is followed for.
const MOST_LINES: usize = 40;
/// Most lines one value goes on for.
const MOST_CONTINUATIONS: usize = 4;

/// The head of a forwarded mail as printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// Its first line.
    pub(super) start: usize,
    /// The line behind its last one.
    pub(super) end: usize,
    /// How deeply it is quoted.
    pub(super) depth: usize,
    /// The values by label, as printed but with single blanks; `None` where the label is missing.
    pub(super) sender: Option<String>,
    pub(super) date: Option<String>,
    pub(super) subject: Option<String>,
    /// The languages that all labels can be read in, alone or in pairs.
    pub(super) languages: Vec<Language>,
    /// How many labels it has.
    pub(super) labels: usize,
    /// A marker or a landmark announced it.
    pub(super) announced: bool,
}

/// All blocks of a text, from the top. `landmark(line)` tells whether the HTML marks the start of a forward there.
pub(super) fn find_all(lines: &[Line<'_>], landmark: &dyn Fn(usize) -> bool) -> Vec<Block> {
    let senders: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.label.as_ref().is_some_and(|label| label.can_mean(Label::Sender)))
        .map(|(index, _)| index)
        .collect();
    let mut blocks = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        // Blocks are only looked for where a sender's label is near: most lines of most texts are far from any.
        let Some(&sender) = senders.get(senders.partition_point(|&sender| sender < index)) else { break };
        index = index.max(sender.saturating_sub(MOST_LINES));
        match read(lines, index, landmark) {
            Some(block) => {
                index = block.end;
                blocks.push(block);
            }
            None => index += 1,
        }
    }
    blocks
}

impl Block {
    /// What it is, for whoever asks.
    pub(super) fn what(&self) -> String {
        let announced = if self.announced { ", announced by a marker," } else { "" };
        match (self.labels, self.languages.as_slice()) {
            (0, _) => format!("a sentence that names sender and date{announced}"),
            (labels, []) => format!("a block of {labels} labels{announced}"),
            (labels, [language, ..]) => format!("a block of {labels} labels ({language:?}){announced}"),
        }
    }

    /// The sender's value holds an address, or something above announced the forward.
    pub(super) fn is_certain(&self) -> bool {
        self.announced || self.has_address()
    }

    pub(super) fn has_address(&self) -> bool {
        self.sender.as_deref().is_some_and(|value| sender::read(value).address.is_some())
    }
}

/// One label with its value, lines joined.
struct Entry<'a> {
    line: &'a LabelLine<'a>,
    value: String,
}

fn read(lines: &[Line<'_>], start: usize, landmark: &dyn Fn(usize) -> bool) -> Option<Block> {
    let first = lines.get(start)?;
    first.label.as_ref()?;
    let (entries, end) = collect(lines, start, first.depth);
    let languages = common_languages(&entries)?;
    // Zoho frames the head.
    let framed = lines.get(end).is_some_and(|line| line.depth == first.depth && marker::frames_heads(line.content));
    let end = end + usize::from(framed);
    let mut block = Block { start, end, depth: first.depth, languages, labels: entries.len(), ..Block::default() };
    for entry in &entries {
        let value = tidy(&entry.value);
        if entry.line.can_mean(Label::Sender) && block.sender.is_none() {
            block.sender = Some(value);
        } else if entry.line.can_mean(Label::Date) {
            block.date.get_or_insert(value);
        } else if entry.line.can_mean(Label::Subject) {
            block.subject.get_or_insert(value);
        }
    }
    let above = start.saturating_sub(marker::REACH)..=start;
    block.announced = above.clone().any(&landmark)
        || lines
            .get(start.saturating_sub(marker::REACH)..start)
            .is_some_and(|above| above.iter().any(|line| marker::is_marker(line.content)));
    (block.sender.is_some() && block.labels >= 3).then_some(block)
}

/// The labels from `start` on and the line behind them.
fn collect<'a>(lines: &'a [Line<'a>], start: usize, depth: usize) -> (Vec<Entry<'a>>, usize) {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut double_spaced = false;
    let mut continuations = 0;
    let mut index = start;
    while let Some(line) = lines.get(index).filter(|line| line.depth == depth && index < start + MOST_LINES) {
        if entries.len() == MOST_LABELS {
            break;
        }
        if let Some(found) = &line.label {
            if repeats(&entries, found) {
                break;
            }
            entries.push(Entry { value: found.value.to_owned(), line: found });
            continuations = 0;
            index += 1;
        } else if line.is_blank() {
            // Some gateways put an empty line behind every line: then all labels are set so.
            let may_follow =
                |next: &LabelLine<'_>| !(repeats(&entries, next) || is_complete(&entries) && next.may_begin_a_text());
            let label_follows = lines
                .get(index + 1)
                .is_some_and(|next| next.depth == depth && next.label.as_ref().is_some_and(may_follow));
            if !label_follows || !(double_spaced || entries.len() == 1) {
                break;
            }
            double_spaced = true;
            index += 1;
        } else if continuations < MOST_CONTINUATIONS && continues(&entries, lines, index, depth) {
            if let Some(entry) = entries.last_mut() {
                entry.value.push(' ');
                entry.value.push_str(line.content);
            }
            continuations += 1;
            index += 1;
        } else {
            break;
        }
    }
    (entries, index)
}

/// The same label a second time begins another block; copies and side matters may repeat.
fn repeats(entries: &[Entry<'_>], found: &LabelLine<'_>) -> bool {
    [Label::Sender, Label::Date, Label::To, Label::Subject].into_iter().any(|label| {
        found.can_mean(label)
            && entries.iter().any(|entry| entry.line.meanings == found.meanings && entry.line.can_mean(label))
    })
}

/// The labels that every head has are there: what is enclosed may belong to the text below.
fn is_complete(entries: &[Entry<'_>]) -> bool {
    let has = |label| entries.iter().any(|entry| entry.line.can_mean(label));
    [Label::Sender, Label::Date, Label::To, Label::Subject].into_iter().all(has)
}

/// A line without a label goes on with the value above where that value is not complete: a sender without its address,
/// a list of people that ends in a comma, a subject or name with a further label behind, one that the head has not yet.
fn continues(entries: &[Entry<'_>], lines: &[Line<'_>], index: usize, depth: usize) -> bool {
    let (Some(entry), Some(line)) = (entries.last(), lines.get(index)) else { return false };
    let label_follows = lines
        .iter()
        .skip(index + 1)
        .take(MOST_CONTINUATIONS)
        .take_while(|next| next.depth == depth && !next.is_blank())
        .filter_map(|next| next.label.as_ref())
        .any(|next| entries.iter().all(|entry| entry.line.meanings != next.meanings));
    let content = line.content.trim_start();
    if entry.line.can_mean(Label::Sender) {
        let holds_address = |text: &str| sender::read(text).address.is_some();
        if content.starts_with('<') && holds_address(content) {
            // What looks like an address in the line above is then a part of the name.
            return true;
        }
        let complete = holds_address(&entry.value);
        return !complete && (content.starts_with('<') || holds_address(content) || label_follows);
    }
    if entry.line.can_mean(Label::Subject) {
        let values_stand_below = entries.len() > 1 && entries.iter().all(|entry| entry.line.value.trim().is_empty());
        return label_follows || (values_stand_below && entry.value.trim().is_empty());
    }
    if entry.line.can_mean(Label::Date) {
        return entry.value.trim().is_empty() || label_follows;
    }
    let open = entry.value.trim_end().ends_with([',', ';', '<']) || entry.value.trim().is_empty();
    open || content.starts_with('<') || (label_follows && content.contains('@'))
}

/// The languages in which every label can be read: alone, else in pairs; `None` where it would take three.
fn common_languages(entries: &[Entry<'_>]) -> Option<Vec<Language>> {
    let readable: Vec<Vec<Language>> =
        entries.iter().map(|entry| entry.line.meanings.iter().map(|&(language, _)| language).collect()).collect();
    let mut languages: Vec<Language> = readable.concat();
    languages.sort_unstable();
    languages.dedup();
    let in_all = |language: &Language| readable.iter().all(|label| label.contains(language));
    let alone: Vec<Language> = languages.iter().copied().filter(in_all).collect();
    if !alone.is_empty() {
        return Some(alone);
    }
    // The label with the fewest readings decides which pairs are worth trying.
    let rarest = readable.iter().min_by_key(|label| label.len())?;
    let pairs = rarest.iter().flat_map(|&first| languages.iter().map(move |&second| [first, second]));
    let pairs = pairs.filter(|pair| readable.iter().all(|label| pair.iter().any(|language| label.contains(language))));
    // All of them: `Od:` is Polish as well as Croatian.
    let mut in_pairs = Vec::new();
    for language in pairs.flatten() {
        if !in_pairs.contains(&language) {
            in_pairs.push(language);
        }
    }
    (!in_pairs.is_empty()).then_some(in_pairs)
}
