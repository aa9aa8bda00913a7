//! The candidate's mail inside a forward that stands in the text: found by its block of labels, not by its marker.
//!
//! Text in, places and values out; MIME is not known here. A block whose sender is one of the tenant's own people is a
//! colleague's forward and passed over; the first block with an outside sender is the original, and everything below it
//! is its body, also what the candidate forwarded herself.

mod attribution;
mod attribution_table;
mod block;
mod folding;
mod label;
mod label_table;
pub(crate) mod languages;
mod lines;
mod marker;
mod marker_table;
mod on_behalf;
mod one_line;
mod sender;
mod sender_name;
pub(crate) mod subject_prefixes;

#[cfg(test)]
mod tests;

use super::byte_lines;
use super::dates::{self, DateRules};
use super::{Original, ReadingRules};
use crate::application::EmailAddress;
use block::Block;
use lines::Line;

/// How far older Outlook for Mac sets a forwarded mail in, and for how many forwards in one another that is undone.
const SET_IN: &str = "    ";
const MOST_FORWARDS: usize = 4;

/// What is known about the mail around the text.
pub(crate) struct Surroundings<'a> {
    pub(crate) rules: &'a ReadingRules,
    /// The display name of the one who passed the mail on.
    pub(crate) forwarder_name: Option<&'a str>,
    /// The outer subject without number.
    pub(crate) subject: &'a str,
    /// The lines at which the HTML marks the start of a forward, in their order; none for plain text.
    pub(crate) landmarks: &'a [usize],
}

/// A forward found in a text.
pub(crate) struct Found {
    /// The head of the candidate's mail.
    pub(crate) original: Original,
    /// What the forwarder wrote above.
    pub(crate) note: String,
    /// The candidate's text.
    pub(crate) body: String,
    /// The line of the text at which that body begins.
    pub(crate) body_line: usize,
    /// The line at which its head begins, and what that head is.
    pub(crate) head_line: usize,
    pub(crate) what: String,
}

/// Finds the candidate's mail in a text with `\n` line ends.
pub(crate) fn find(text: &str, surroundings: &Surroundings<'_>) -> Option<Found> {
    let lines = lines::split(text);
    let blocks = block::find_all(&lines, &|line| surroundings.landmarks.binary_search(&line).is_ok());
    let mut heads: Vec<(&Block, &str)> =
        blocks.iter().filter(|block| block.is_certain()).map(|block| (block, "")).collect();
    let in_one_line = one_line::find_all(&lines);
    heads.extend(in_one_line.iter().map(|(block, before)| (block, *before)));
    heads.sort_by_key(|(block, _)| block.start);
    // Everything from the topmost head on is no note, also where a colleague's head has no address.
    let note_above = |block: &Block, before: &str| {
        let (top, before) = heads.first().map_or((block.start, before), |&(top, before)| (top.start, before));
        let wholes = blocks.iter().filter(|block| surroundings.is_whole(block)).map(|block| (block.start, ""));
        let (start, before) = [(top, before)].into_iter().chain(wholes).min_by_key(|&(start, _)| start)?;
        Some(format!("{}\n{before}", above(&lines, start)))
    };
    let order: Vec<&Block> = heads.iter().map(|&(block, _)| block).collect();
    let passed_on = |block: &&&Block| surroundings.is_staff(block) || looks_passed_on(block);
    let below = order.last().filter(passed_on).and_then(|last| find_below(&lines, last, surroundings));
    let place = surroundings.place_of_original(&order, below.as_ref());
    if let Some(&(block, before)) = place.and_then(|place| heads.get(place)) {
        return Some(found(text, &lines, block, note_above(block, before)?, surroundings));
    }
    if let Some(&(colleague, before)) = heads.last() {
        return Some(found(text, &lines, &below?, note_above(colleague, before)?, surroundings));
    }
    if let Some(block) =
        blocks.iter().find(|block| surroundings.is_whole(block) && !surroundings.is_staff(block)).cloned()
    {
        return Some(found(text, &lines, &block, above(&lines, block.start), surroundings));
    }
    let (top, block) = find_unlabelled(&lines, 0, surroundings.subject, surroundings)?;
    Some(found(text, &lines, &block, above(&lines, top), surroundings))
}

/// The line begins with a label of a forward's head.
pub(crate) fn is_labelled(line: &str) -> bool {
    label::read(line).is_some()
}

/// A label in the text names such an address as a mail's sender.
pub(crate) fn names_as_sender(text: &str, is_wanted: impl Fn(&EmailAddress) -> bool) -> bool {
    let labels = lines::split(text).into_iter().filter_map(|line| line.label);
    let senders = labels.filter(|label| label.can_mean(label_table::Label::Sender));
    senders.filter_map(|label| sender::read(label.value).address).any(|address| is_wanted(&address))
}

/// The mail that a colleague passed on without labels below their own head; its subject is theirs without marks.
fn find_below(lines: &[Line<'_>], colleague: &Block, surroundings: &Surroundings<'_>) -> Option<Block> {
    let subject = colleague.subject.as_deref().unwrap_or(surroundings.subject);
    let (_, block) = find_unlabelled(lines, colleague.end, subject, surroundings)?;
    let subject = block.subject.clone().unwrap_or_else(|| subject_prefixes::strip(subject).rest.to_owned());
    Some(Block { subject: Some(subject), ..block })
}

/// Lines from `from` on that name an outside sender without labels, and where the topmost of their kind begins, which
/// may be a colleague's: forwards only where the subject above them says so or no text stands above.
fn find_unlabelled(
    lines: &[Line<'_>],
    from: usize,
    subject: &str,
    surroundings: &Surroundings<'_>,
) -> Option<(usize, Block)> {
    let dates = surroundings.date_rules(&[]);
    let of_notes: Vec<Block> = attribution::find_notes(lines, from, dates).collect();
    if let Some(top) = of_notes.first().map(|top| top.start) {
        let place = surroundings.place_of_original(&of_notes.iter().collect::<Vec<_>>(), None)?;
        return of_notes.into_iter().nth(place).map(|block| (top, block));
    }
    let mut attributions = attribution::find_all(lines, from, dates).peekable();
    let top = attributions.peek()?.start;
    // Whoever puts the number at the front may drop the mark of the forward; the mark of an answer says it is none.
    let marks = subject_prefixes::strip(subject);
    let unmarked = marks.rest == subject.trim();
    let nothing_above = || above(lines.get(from..).unwrap_or_default(), top - from).trim().is_empty();
    if !(marks.forwarded || unmarked || nothing_above()) {
        return None;
    }
    attributions.find(|block| !surroundings.is_staff(block)).map(|block| (top, block))
}

/// The lines above a block, without the marker that announced it.
fn above(lines: &[Line<'_>], start: usize) -> String {
    let printed = lines.iter().enumerate().take(start).rev().filter(|(_, line)| !line.is_blank());
    let near = printed.take(marker::REACH).last().map_or(start, |(index, _)| index);
    let of_marker = |index: usize, line: &Line<'_>| {
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        marker::is_marker(line.content) || before.is_some_and(|before| marker::goes_on(before.content, line.content))
    };
    let above = lines.iter().enumerate().take(start).filter(|(index, line)| *index < near || !of_marker(*index, line));
    above.map(|(_, line)| line.content).collect::<Vec<_>>().join("\n")
}

fn found(text: &str, lines: &[Line<'_>], block: &Block, note: String, surroundings: &Surroundings<'_>) -> Found {
    let sender = block.sender.as_deref().map(sender::read).unwrap_or_default();
    let date = block.date.as_deref().and_then(|date| dates::read(date, surroundings.date_rules(&block.languages)));
    let labelled = block.labels > 0;
    let subject = match &block.subject {
        None if !labelled => Some(subject_prefixes::strip(surroundings.subject).rest.to_owned()),
        subject => subject.clone(),
    };
    let original = Original {
        from_name: sender.name,
        from_address: sender.address,
        date,
        subject,
        message_id: None,
        beside_another: false,
    };
    let (head_line, what) = (block.start, block.what());
    Found { original, note, body: body(text, lines, block), body_line: block.end, head_line, what }
}

/// The text below a block; where the block or most of what follows is quoted, that many marks are taken off.
fn body(text: &str, lines: &[Line<'_>], block: &Block) -> String {
    let below: Vec<&Line<'_>> = lines.iter().skip(block.end).filter(|line| !line.is_blank()).collect();
    let quoted = below.iter().filter(|line| line.depth > block.depth).count();
    let starts_quoted = below.first().is_some_and(|line| line.depth > block.depth);
    let levels = block.depth + usize::from(starts_quoted && quoted * 2 > below.len());
    let body: Vec<&str> = byte_lines::lines(text).skip(block.end).map(|line| lines::unquote(line, levels)).collect();
    let body = if block.labels == 0 { moved_out(body) } else { body };
    let end = body
        .iter()
        .rposition(|line| !line.trim().is_empty())
        .filter(|&last| body.get(last).is_some_and(|line| marker::is_end(line)));
    body.into_iter().take(end.unwrap_or(usize::MAX)).collect::<Vec<_>>().join("\n")
}

/// The body without the four blanks by which older Outlook for Mac sets a mail in, once for each forward.
fn moved_out(mut body: Vec<&str>) -> Vec<&str> {
    for _ in 0..MOST_FORWARDS {
        let set_in = body.iter().all(|line| line.trim().is_empty() || line.starts_with(SET_IN));
        if !set_in {
            break;
        }
        for line in &mut body {
            *line = line.strip_prefix(SET_IN).unwrap_or_default();
        }
    }
    body
}

impl Surroundings<'_> {
    fn date_rules<'a>(&'a self, languages: &'a [languages::Language]) -> DateRules<'a> {
        DateRules { zone: self.rules.timezone, languages }
    }

    /// The block's sender is one of the tenant's own people; without an address, if the name is the forwarder's.
    fn is_staff(&self, block: &Block) -> bool {
        let sender = block.sender.as_deref().map(sender::read).unwrap_or_default();
        match (&sender.address, &sender.name) {
            (Some(address), _) => self.rules.is_staff(address),
            (None, Some(name)) => {
                self.forwarder_name.is_some_and(|forwarder| folding::fold(forwarder) == folding::fold(name))
            }
            (None, None) => false,
        }
    }

    /// The first head that is not a colleague's. One that looks like a colleague's is taken only where no other from
    /// outside stands below.
    fn place_of_original(&self, heads: &[&Block], below: Option<&Block>) -> Option<usize> {
        let is_outside = |block: &Block| block.has_address() && !self.is_staff(block);
        let last = if below.is_some_and(is_outside) {
            heads.len()
        } else {
            heads.iter().rposition(|block| is_outside(block)).unwrap_or_default()
        };
        let is_original =
            |place: usize, block: &Block| !(self.is_staff(block) || place < last && looks_passed_on(block));
        heads.iter().enumerate().position(|(place, block)| is_original(place, block))
    }

    /// A head without address and without marker (inside one firm Outlook prints neither): then subject and date must
    /// both stand there, and the date must be one.
    fn is_whole(&self, block: &Block) -> bool {
        let date = block.date.as_deref().and_then(|date| dates::read(date, self.date_rules(&block.languages)));
        let named = block.sender.as_deref().is_some_and(|sender| !sender.is_empty());
        named && block.subject.is_some() && date.is_some() && block.labels >= 4
    }
}

/// A head without address (inside one firm programs print none) whose subject is that of a forward.
fn looks_passed_on(block: &Block) -> bool {
    let subject = block.subject.as_deref().unwrap_or_default();
    !block.has_address() && subject_prefixes::strip(subject).forwarded
}

impl ReadingRules {
    /// The address belongs to one of the tenant's own people or to the service itself.
    pub(crate) fn is_staff(&self, address: &EmailAddress) -> bool {
        let domain = address.domain();
        let in_domain = |staff: &String| {
            let staff = staff.to_lowercase();
            domain == staff || domain.strip_suffix(staff.as_str()).is_some_and(|sub| sub.ends_with('.'))
        };
        self.staff_domains.iter().any(in_domain)
            || self.staff_addresses.contains(address)
            || self.own_addresses.contains(address)
    }
}

/// All texts by which forwards are found.
pub(crate) fn words() -> Vec<&'static str> {
    let labels =
        label_table::all().flat_map(label_table::Labels::by_meaning).flat_map(|(words, _)| words.iter().copied());
    let attributions = attribution_table::ATTRIBUTIONS.iter();
    let attributions = attributions.flat_map(|one| one.openings.iter().chain(one.verbs).copied());
    let markers = [
        &marker_table::BETWEEN_DASHES[..],
        &marker_table::BETWEEN_DASHES_OPEN,
        &marker_table::ENDS,
        &marker_table::WHOLE_LINES,
        &attribution_table::AROUND_NAMES,
    ];
    labels.chain(attributions).chain(markers.into_iter().flatten().copied()).collect()
}
