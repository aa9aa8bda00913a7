//! Forwards without labels: one line names sender and date, the mail stands below.
//!
//! Older Outlook for Mac (`Am 13.03.24, 09:12 schrieb "NAME" <a@b>:`), Nextcloud (`"NAME" a@b – 13. März 2024 09:12`)
//! and older Notes (`"NAME" <a@b> am 13.03.2024 09:12:08`, then labels for the rest). The first kind opens ordinary
//! quotations too, so whoever asks must know that a forward is likely.

use super::attribution_table::{AROUND_NAMES, ATTRIBUTIONS};
use super::block::Block;
use super::label_table::Label;
use super::lines::{Line, fold, tidy};
use super::sender;
use crate::mail::dates::{self, DateRules};

/// Most lines over which such a line may be wrapped.
const MOST_LINES: usize = 3;

/// The first such line with an address that can be read, as a block without a subject.
pub(super) fn find(lines: &[Line<'_>], dates: DateRules<'_>) -> Option<Block> {
    (0..lines.len()).find_map(|index| wrote(lines, index).or_else(|| dashed(lines, index, dates)))
}

/// Older Notes: the sender's line has no label, the lines behind it have.
pub(super) fn find_notes(lines: &[Line<'_>], dates: DateRules<'_>) -> Option<Block> {
    lines.iter().enumerate().find_map(|(index, line)| {
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
    })
}

/// `On DATE, NAME <a@b> wrote:`, wrapped or not.
fn wrote(lines: &[Line<'_>], index: usize) -> Option<Block> {
    let first = lines.get(index)?;
    if first.is_blank() || first.content.len() > 400 {
        return None;
    }
    let mut joined = String::new();
    for (count, line) in lines.iter().skip(index).take(MOST_LINES).enumerate() {
        if line.depth != first.depth || line.is_blank() {
            return None;
        }
        joined.push_str(line.content);
        joined.push(' ');
        if line.content.trim_end().ends_with(':') {
            let whole = tidy(&joined);
            let (sender, date) = split(whole.trim_end_matches(':').trim_end())?;
            let (start, end, depth) = (index, index + count + 1, first.depth);
            return Some(Block { start, end, depth, sender: Some(sender), date: Some(date), ..Block::default() });
        }
    }
    None
}

/// The sender and the date of such a line without its colon.
fn split(whole: &str) -> Option<(String, String)> {
    let folded = fold(whole);
    let fits = |attribution: &&super::attribution_table::Attribution| {
        attribution.openings.iter().any(|opening| folded.starts_with(opening))
            && attribution.verbs.iter().any(|verb| folded.contains(&format!(" {verb}")))
    };
    let attribution = ATTRIBUTIONS.iter().find(fits)?;
    let address = sender::read(whole).address?;
    let at = whole.to_lowercase().find(address.as_str())?;
    let before = whole.get(..at)?.trim_end_matches(['<', '[', '(', ' ']);
    let digits_end = before.rfind(|letter: char| letter.is_ascii_digit())? + 1;
    let (date, name) = before.split_at_checked(digits_end)?;
    let drop: Vec<&str> =
        attribution.verbs.iter().copied().flat_map(|verb| verb.split(' ')).chain(AROUND_NAMES).collect();
    let kept: Vec<&str> = name.split(' ').filter(|word| !drop.contains(&fold(word).trim_matches([',', '.']))).collect();
    Some((format!("{} <{}>", kept.join(" "), address.as_str()), date.to_owned()))
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
