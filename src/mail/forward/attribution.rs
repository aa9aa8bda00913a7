//! Forwards without labels: one line names sender and date, the mail stands below.
//!
//! Older Outlook for Mac (`Am 13.03.24, 09:12 schrieb "NAME" <a@b>:`), Nextcloud (`"NAME" a@b – 13. März 2024 09:12`),
//! `GroupWise` (`>>> NAME <a@b> 13.03.2024 09:12 >>>`) and older Notes (`"NAME" <a@b> am 13.03.2024 09:12:08`, then
//! labels for the rest). The first kind opens ordinary quotations too, so whoever asks must know that a forward is
//! likely.

use super::attribution_table::{AROUND_NAMES, ATTRIBUTIONS};
use super::block::Block;
use super::folding::{fold, tidy};
use super::label_table::Label;
use super::lines::Line;
use super::sender;
use crate::mail::dates::{self, DateRules};

/// Most lines over which such a line may be wrapped.
const MOST_LINES: usize = 3;
/// Most words in which its date is looked for; no program prints one with a fourth of them.
const MOST_WORDS: usize = 50;
/// Longest such line, joined; those with many people in the name are far shorter.
const LONGEST: usize = 2_000;

/// Such lines with an address that can be read, from the line `from` on, each as a block without a subject.
pub(super) fn find_all<'a>(
    lines: &'a [Line<'a>],
    from: usize,
    dates: DateRules<'a>,
) -> impl Iterator<Item = Block> + use<'a> {
    one_behind_another(from, lines.len(), move |index| {
        wrote(lines, index, dates).or_else(|| dashed(lines, index, dates)).or_else(|| in_arrows(lines, index, dates))
    })
}

/// Older Notes: the sender's line has no label, the lines behind it have.
pub(super) fn find_notes<'a>(
    lines: &'a [Line<'a>],
    from: usize,
    dates: DateRules<'a>,
) -> impl Iterator<Item = Block> + use<'a> {
    one_behind_another(from, lines.len(), move |index| of_notes(lines, index, dates))
}

/// What is found at the lines from `from` on, each behind the end of the one before: no line is read twice for it.
fn one_behind_another(from: usize, end: usize, at: impl Fn(usize) -> Option<Block>) -> impl Iterator<Item = Block> {
    let mut next = from;
    std::iter::from_fn(move || {
        let block = (next..end).find_map(&at);
        next = block.as_ref().map_or(end, |block| block.end);
        block
    })
}

fn of_notes(lines: &[Line<'_>], index: usize, dates: DateRules<'_>) -> Option<Block> {
    let line = lines.get(index)?;
    let (before, date) = [" am ", " on ", " le "].iter().find_map(|word| line.content.rsplit_once(word))?;
    let address = sender::read(before).address;
    if (address.is_none() && !before.contains('/')) || dates::read(date, dates).is_none() {
        return None;
    }
    let mut block = Block { start: index, depth: line.depth, announced: true, labels: 1, ..Block::default() };
    let next = lines.iter().skip(index + 1).position(|line| !line.is_blank())? + index + 1;
    block.end = next;
    for line in lines.iter().skip(next) {
        let Some(found) = &line.label else { break };
        if found.can_mean(Label::Subject) {
            block.subject = Some(tidy(found.value));
        }
        block.labels += 1;
        block.end += 1;
    }
    block.sender = Some(tidy(before));
    block.date = Some(tidy(date));
    (block.labels >= 3).then_some(block)
}

/// `On DATE, NAME <a@b> wrote:`, wrapped or not.
fn wrote(lines: &[Line<'_>], index: usize, rules: DateRules<'_>) -> Option<Block> {
    let first = lines.get(index)?;
    if first.is_blank() || first.content.len() > 400 {
        return None;
    }
    let mut joined = String::new();
    for (count, line) in lines.iter().skip(index).take(MOST_LINES).enumerate() {
        if line.depth != first.depth || line.is_blank() {
            return None;
        }
        if joined.len() + line.content.len() > LONGEST {
            return None;
        }
        joined.push_str(line.content);
        joined.push(' ');
        if line.content.trim_end().ends_with(':') {
            let whole = tidy(&joined);
            let (start, end, depth) = (index, index + count + 1, first.depth);
            let block = split(whole.trim_end_matches(':').trim_end(), rules)?;
            return Some(Block { start, end, depth, ..block });
        }
    }
    None
}

/// A block of the sender and the date of such a line without its colon; the date stands before the address or behind it.
fn split(whole: &str, rules: DateRules<'_>) -> Option<Block> {
    let folded = fold(whole);
    let fits = |attribution: &&super::attribution_table::Attribution| {
        attribution.openings.iter().any(|opening| folded.starts_with(opening))
            && attribution.verbs.iter().any(|verb| folded.contains(&format!(" {verb}")))
    };
    let attribution = ATTRIBUTIONS.iter().find(fits)?;
    let rules = DateRules { languages: attribution.languages, ..rules };
    let block = |name: &str, address: &str, date: &str| Block {
        sender: Some(format!("{name} <{address}>")),
        date: Some(date.to_owned()),
        languages: attribution.languages.to_vec(),
        ..Block::default()
    };
    let sender = sender::read(whole);
    let address = sender.address?;
    let at = whole.to_lowercase().find(address.as_str())?;
    let (before, behind) = whole.split_at_checked(at)?;
    let readable = readable_end(before, rules);
    if readable.is_none() && dates::read(behind, rules).is_some() {
        let date = behind.get(address.as_str().len()..)?.trim_start_matches(['>', ']', ')', ' ']);
        return Some(block(&sender.name.unwrap_or_default(), address.as_str(), date));
    }
    let (date, rest) = before.split_at_checked(date_end(before, readable)?)?;
    let name = sender::read(&format!("{rest}{behind}")).name.unwrap_or_default();
    let drop: Vec<&str> =
        attribution.verbs.iter().copied().flat_map(|verb| verb.split(' ')).chain(AROUND_NAMES).collect();
    let kept: Vec<&str> = name.split(' ').filter(|word| !drop.contains(&fold(word).trim_matches([',', '.']))).collect();
    Some(block(&kept.join(" "), address.as_str(), date))
}

/// Where the date at the start of a text is whole: at the end of the first word that makes it so. What stands behind is
/// not asked, since it may be a name that looks like a zone's.
fn readable_end(text: &str, rules: DateRules<'_>) -> Option<usize> {
    let mut word_ends = text.match_indices(' ').map(|(at, _)| at).take(MOST_WORDS).chain([text.len()]);
    word_ends.find(|&end| text.get(..end).is_some_and(|part| dates::read(part, rules).is_some()))
}

/// Where the date at the start of a text ends: where it is whole, or behind the last digit where it cannot be read, and
/// behind the words that still belong to its time.
fn date_end(text: &str, readable: Option<usize>) -> Option<usize> {
    let last_digit = || text.rfind(|letter: char| letter.is_ascii_digit()).map(|at| at + 1);
    let end = readable.or_else(last_digit)?;
    let (date, rest) = text.split_at_checked(end)?;
    Some(if date.ends_with(',') { end } else { end + dates::rest_of_time(rest) })
}

/// `"NAME" a@b – DATE`, and the mail quoted below.
fn dashed(lines: &[Line<'_>], index: usize, dates: DateRules<'_>) -> Option<Block> {
    let line = lines.get(index)?;
    let (before, date) = [" – ", " — ", " - "].iter().find_map(|dash| line.content.rsplit_once(dash))?;
    sender::read(before).address?;
    dates::read(date, dates)?;
    let (start, end, depth) = (index, index + 1, line.depth);
    Some(Block { start, end, depth, sender: Some(tidy(before)), date: Some(tidy(date)), ..Block::default() })
}

/// `GroupWise`: `>>> NAME <a@b> DATE >>>`, the mail below it not quoted.
fn in_arrows(lines: &[Line<'_>], index: usize, dates: DateRules<'_>) -> Option<Block> {
    let line = lines.get(index).filter(|line| line.depth == 3)?;
    let inner = line.content.strip_suffix(">>>")?;
    let (before, date) = inner.split_at_checked(inner.rfind('>')? + 1)?;
    sender::read(before).address?;
    dates::read(date, dates)?;
    let (start, end) = (index, index + 1);
    Some(Block { start, end, sender: Some(tidy(before)), date: Some(tidy(date)), ..Block::default() })
}
