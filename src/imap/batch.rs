//! Which mails are fetched together. Pure.

use super::fetch::Envelope;

/// Most mails in a batch. Above 50 the transfer gains nothing, but MOVE costs per command and not per mail.
pub const MAX_MAILS: usize = 100;

/// Most bytes in a batch; a larger mail is a batch of its own. Several copies of a batch are in memory at once on its way:
/// measured on a mix of mails, 8 MB took 15 MB more of memory than 6 MB, and 5 % less time.
pub const MAX_BYTES: u64 = 5_000_000;

/// Cuts mails into batches of at most [`MAX_MAILS`] and [`MAX_BYTES`], oldest (lowest UID) first.
#[must_use]
pub fn batches(envelopes: &[Envelope]) -> Vec<Vec<Envelope>> {
    let mut sorted = envelopes.to_vec();
    sorted.sort_unstable_by_key(|envelope| envelope.uid);
    in_batches(sorted, |envelope| envelope.size)
}

/// As [`batches`], for anything that stands for a mail of this size, in the order in which it is.
pub fn in_batches<T>(mails: Vec<T>, size: impl Fn(&T) -> u64) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0_u64;
    for mail in mails {
        let size = size(&mail);
        bytes = bytes.saturating_add(size);
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_MAILS && bytes <= MAX_BYTES => batch.push(mail),
            _ => {
                bytes = size;
                batches.push(vec![mail]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_MAILS, batches};
    use crate::imap::{Envelope, Uid};

    fn envelope(uid: u32, size: u64) -> Envelope {
        Envelope { uid: Uid::new(uid).unwrap(), size, internal_date: None }
    }

    fn uids(batches: &[Vec<Envelope>]) -> Vec<Vec<u32>> {
        batches.iter().map(|batch| batch.iter().map(|envelope| envelope.uid.get()).collect()).collect()
    }

    #[test]
    fn a_large_mail_stands_alone_and_the_order_stays() {
        let mails = [envelope(4, 10), envelope(3, MAX_BYTES + 1), envelope(1, 10), envelope(2, 10)];
        assert_eq!(uids(&batches(&mails)), [vec![1, 2], vec![3], vec![4]]);
    }

    #[test]
    fn a_batch_may_be_full_to_the_byte() {
        let mails = [envelope(1, MAX_BYTES / 2), envelope(2, MAX_BYTES / 2), envelope(3, 1)];
        assert_eq!(uids(&batches(&mails)), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn no_batch_exceeds_the_number_of_mails_and_none_is_lost() {
        let mails: Vec<Envelope> = (1..=250).rev().map(|uid| envelope(uid, 1)).collect();
        let batches = batches(&mails);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [MAX_MAILS, MAX_MAILS, 50]);
        assert_eq!(uids(&batches).concat(), (1..=250).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_makes_no_batch_and_unknown_sizes_do_not_overflow() {
        assert!(batches(&[]).is_empty());
        let mails = [envelope(1, u64::MAX), envelope(2, u64::MAX)];
        assert_eq!(uids(&batches(&mails)), [vec![1], vec![2]]);
    }
}
