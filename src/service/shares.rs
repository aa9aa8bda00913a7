//! How mailboxes are shared fairly: a rule on what the database tells, without a clock and without waiting.

use crate::application::id::MailboxId;
use crate::store::Seat;

/// What a worker shall do to have its fair share.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// To be taken.
    pub(super) take: Vec<MailboxId>,
    /// To be given back, so that another worker can take them.
    pub(super) give: Vec<MailboxId>,
}

/// A mailbox that nobody else could work on is taken; of the others a worker takes and keeps its fair share, that is what
/// each of those who could would have, rounded up.
pub(super) fn plan(seats: &[Seat]) -> Plan {
    let (contested, uncontested): (Vec<Seat>, Vec<Seat>) = seats.iter().partition(|seat| seat.workers > 1);
    let share = fair_share(&contested);
    let held: Vec<MailboxId> = contested.iter().filter(|seat| seat.ours.is_some()).map(|seat| seat.mailbox).collect();
    let free = |seats: &[Seat]| -> Vec<MailboxId> {
        seats.iter().filter(|seat| seat.free && seat.ours.is_none()).map(|seat| seat.mailbox).collect()
    };
    let mut take = free(&uncontested);
    take.extend(free(&contested).into_iter().take(share.saturating_sub(held.len())));
    Plan { take, give: held.into_iter().skip(share).collect() }
}

/// In millionths, rounded down, so that thirds of three mailboxes are not a bit more than one.
fn fair_share(contested: &[Seat]) -> usize {
    const WHOLE: u64 = 1_000_000;
    let parts: u64 = contested.iter().map(|seat| WHOLE / u64::from(seat.workers.max(1))).sum();
    usize::try_from(parts.div_ceil(WHOLE)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::plan;
    use crate::application::id::MailboxId;
    use crate::store::Seat;

    /// So many mailboxes, of which the worker has the first ones, others have the next, and the rest are free.
    fn seats(all: i64, workers: u32, ours: i64, others: i64) -> Vec<Seat> {
        (1..=all)
            .map(|id| Seat {
                mailbox: MailboxId(id),
                workers,
                ours: (id <= ours).then_some(7),
                free: id > ours + others,
            })
            .collect()
    }

    #[test]
    fn one_worker_takes_everything() {
        assert_eq!(plan(&seats(20, 1, 0, 0)).take.len(), 20);
    }

    #[test]
    fn of_what_is_free_no_more_than_the_fair_share_is_taken() {
        for (all, workers, share) in [(20, 2, 10), (20, 3, 7), (21, 3, 7), (3, 3, 1), (1, 2, 1), (2, 5, 1)] {
            let plan = plan(&seats(all, workers, 0, 0));
            assert_eq!((plan.take.len(), plan.give.len()), (share, 0), "{all} mailboxes, {workers} workers");
        }
    }

    #[test]
    fn what_others_have_is_left_to_them() {
        assert_eq!(plan(&seats(20, 2, 5, 12)).take.len(), 3);
    }

    #[test]
    fn what_is_above_the_fair_share_is_given_back() {
        let plan = plan(&seats(20, 2, 20, 0));
        assert_eq!((plan.take.len(), plan.give.len()), (0, 10));
    }

    #[test]
    fn who_has_a_fair_share_changes_nothing() {
        for ours in [6, 7] {
            assert_eq!(plan(&seats(20, 3, ours, 20 - ours)), super::Plan::default());
        }
    }

    #[test]
    fn a_mailbox_that_only_this_worker_could_serve_is_never_given_up() {
        let mut seats = seats(4, 2, 2, 0);
        seats[0].workers = 1;
        seats[2].workers = 1;
        let plan = plan(&seats);
        assert_eq!((plan.take, plan.give), (vec![MailboxId(3)], Vec::new()));
    }
}
