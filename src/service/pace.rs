//! When the next look at a mailbox comes: spread, so that mailboxes with the same interval do not come at once.

use std::time::Duration;

/// The time between two looks: never longer than the interval. The first is any part of it, so that mailboxes that began
/// together go apart; each later one is up to a tenth shorter, so that those that met do not stay together.
///
/// `chance` is a number from 0 to 1.
pub(super) fn until_next(interval: Duration, is_first: bool, chance: f64) -> Duration {
    let chance = chance.clamp(0.0, 1.0);
    interval.mul_f64(if is_first { 1.0 - chance } else { 1.0 - 0.1 * chance })
}

#[cfg(test)]
mod tests {
    use super::until_next;
    use std::time::Duration;

    const INTERVAL: Duration = Duration::from_secs(100);

    #[test]
    fn the_first_look_comes_at_any_time_of_the_interval_and_no_later_one_long_before_its_end() {
        let seconds = |is_first, chance| until_next(INTERVAL, is_first, chance).as_secs();
        assert_eq!([0.0, 0.5, 1.0, 7.0].map(|chance| seconds(true, chance)), [100, 50, 0, 0]);
        assert_eq!([0.0, 0.5, 1.0, 7.0].map(|chance| seconds(false, chance)), [100, 95, 90, 90]);
    }
}
