//! UIDs and the sets in which commands name them.

use std::fmt;
use std::num::NonZeroU32;

/// A mail's number inside its folder, meaningful together with the folder's UIDVALIDITY (RFC 3501, section 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(NonZeroU32);

impl Uid {
    /// A UID from a number; zero is none.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The number, at least 1.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Some UIDs and the set that names exactly them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UidSet {
    pub(super) uids: Vec<Uid>,
    /// `3:5,9`, with ranges only where every number in between is asked for.
    pub(super) text: String,
}

/// Most mails that one command names. A sparse set of so many UIDs of seven digits fills a line; more gains nothing.
const MAX_UIDS: usize = 1_000;

/// Longest set in bytes. Servers take lines of at least 8,000 bytes (RFC 7162, section 4), the command's other words
/// included.
const MAX_BYTES: usize = 7_500;

/// Cuts UIDs into sets that fit a command line; sorted, each UID once.
pub(super) fn sets(uids: &[Uid]) -> Vec<UidSet> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets = Vec::new();
    let mut current = SetBuilder::default();
    for uid in sorted {
        if current.is_full() {
            sets.extend(std::mem::take(&mut current).finish());
        }
        current.push(uid);
    }
    sets.extend(current.finish());
    sets
}

#[derive(Default)]
struct SetBuilder {
    uids: Vec<Uid>,
    text: String,
    range: Option<(Uid, Uid)>,
}

impl SetBuilder {
    fn is_full(&self) -> bool {
        // A range that is still open takes up to 22 bytes more.
        self.uids.len() >= MAX_UIDS || self.text.len() + 22 > MAX_BYTES
    }

    fn push(&mut self, uid: Uid) {
        self.uids.push(uid);
        match &mut self.range {
            Some((_, last)) if last.get().checked_add(1) == Some(uid.get()) => *last = uid,
            _ => {
                self.close_range();
                self.range = Some((uid, uid));
            }
        }
    }

    fn close_range(&mut self) {
        if let Some((first, last)) = self.range.take() {
            if !self.text.is_empty() {
                self.text.push(',');
            }
            self.text.push_str(&first.to_string());
            if first < last {
                self.text.push(':');
                self.text.push_str(&last.to_string());
            }
        }
    }

    fn finish(mut self) -> Option<UidSet> {
        self.close_range();
        (!self.uids.is_empty()).then_some(UidSet { uids: self.uids, text: self.text })
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, Uid, sets};

    fn uids(numbers: impl IntoIterator<Item = u32>) -> Vec<Uid> {
        numbers.into_iter().filter_map(Uid::new).collect()
    }

    #[test]
    fn neighbours_become_ranges_and_nothing_else_is_named() {
        let sets = sets(&uids([9, 3, 4, 5, 4, 11]));
        assert_eq!(sets.len(), 1);
        assert_eq!(sets[0].text, "3:5,9,11");
        assert_eq!(sets[0].uids, uids([3, 4, 5, 9, 11]));
    }

    #[test]
    fn no_uids_make_no_set() {
        assert!(sets(&[]).is_empty());
        assert_eq!(Uid::new(0), None);
    }

    #[test]
    fn the_last_number_there_is_does_not_overflow() {
        assert_eq!(sets(&uids([u32::MAX - 1, u32::MAX]))[0].text, "4294967294:4294967295");
    }

    #[test]
    fn every_set_fits_a_line_and_together_they_name_each_uid_once() {
        for step in [1_u32, 2, 3, 1_000_003] {
            let all = uids((0..4_200).map(|n| (u32::MAX - 1).wrapping_sub(n * step)));
            let sets = sets(&all);
            let mut named = Vec::new();
            for set in &sets {
                assert!(set.text.len() <= MAX_BYTES, "{} bytes", set.text.len());
                for part in set.text.split(',') {
                    let (first, last) = part.split_once(':').unwrap_or((part, part));
                    named.extend(first.parse::<u32>().unwrap()..=last.parse::<u32>().unwrap());
                }
            }
            let mut expected: Vec<u32> = all.iter().map(|uid| uid.get()).collect();
            expected.sort_unstable();
            assert_eq!(named, expected, "step {step}");
        }
    }
}
