//! How long what is kept: the house's periods, and each tenant's own over them.

use super::checker::Checker;
use crate::retention::{Period, RetentionRules};
use crate::settings::written;

/// Two months in which claims may be raised (§ 15 (4) AGG): erased before, nobody could answer one.
const CLAIMS: u32 = 60;

/// A person must have had the time to see what waits for one.
const A_WEEK: u32 = 7;

impl Checker<'_> {
    /// The rules that `typed` lays over `house`; `place` is the key in front.
    pub(super) fn retention(
        &mut self,
        place: &str,
        typed: &written::Retention,
        house: RetentionRules,
    ) -> RetentionRules {
        let after_decision =
            "Rejected people may raise claims for two months; write at least \"60d\" (\"6 months\" is usual)";
        let waiting = "A person must have the time to look at it; write at least \"7d\"";
        let at_all = "Write at least \"1d\"";
        let faults = self.faults.len();
        let mut period = |name: &str, text: &Option<String>, house, least: u32, why: &str| {
            self.period(&format!("{place}{name}"), text.as_deref(), house, (least, why))
        };
        let rules = RetentionRules {
            unassigned: period("unassigned", &typed.unassigned, house.unassigned, A_WEEK, waiting),
            set_aside: period("set_aside", &typed.set_aside, house.set_aside, A_WEEK, waiting),
            automatic: period("automatic", &typed.automatic, house.automatic, 1, at_all),
            repeated: period("repeated", &typed.repeated, house.repeated, 1, at_all),
            after_rejection: period(
                "after_rejection",
                &typed.after_rejection,
                house.after_rejection,
                CLAIMS,
                after_decision,
            ),
            after_withdrawal: period("after_withdrawal", &typed.after_withdrawal, house.after_withdrawal, 1, at_all),
            after_hiring: period("after_hiring", &typed.after_hiring, house.after_hiring, 1, at_all),
            counted_from: typed.counted_from.unwrap_or(house.counted_from),
            block_after: period("block_after", &typed.block_after, house.block_after, 0, ""),
        };
        let sets_anything = *typed != written::Retention::default();
        if sets_anything && self.faults.len() == faults {
            self.blocks_before_it_erases(place, &rules);
        }
        rules
    }

    fn period(
        &mut self,
        key: &str,
        text: Option<&str>,
        house: Option<Period>,
        (least, why): (u32, &str),
    ) -> Option<Period> {
        match text {
            None => house,
            Some("never") => None,
            Some(text) => match Period::parse(text) {
                Ok(period) if period.fewest_days() < least && period != Period::Months(2) => {
                    self.fault(key, why);
                    None
                }
                Ok(period) => Some(period),
                Err(text) => {
                    self.fault(key, text);
                    None
                }
            },
        }
    }

    fn blocks_before_it_erases(&mut self, place: &str, rules: &RetentionRules) {
        let Some(block) = rules.block_after else { return };
        let erased = [rules.after_rejection, rules.after_withdrawal, rules.after_hiring];
        if erased.iter().all(Option::is_none) {
            let text = "Only what will be erased is blocked; write `after_rejection` or `after_withdrawal` too";
            self.fault(format!("{place}block_after"), text);
        } else if erased.iter().flatten().all(|period| period.fewest_days() <= block.fewest_days()) {
            let text = format!("After {block} everything is erased already; write a shorter period, or \"never\"");
            self.fault(format!("{place}block_after"), text);
        }
    }
}

#[cfg(test)]
#[path = "retention_tests.rs"]
mod tests;
