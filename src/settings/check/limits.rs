//! Bounds that no mail could be read under, or no stack could bear, are refused.

use super::checker::Checker;
use crate::mail::Limits;
use crate::settings::written;
use std::time::Duration;

/// Renewed three times in it, over a network and a database that may be busy.
const SHORTEST_LEASE: Duration = Duration::from_secs(5);

impl Checker<'_> {
    pub(super) fn lease(&mut self, lease: Duration) -> Duration {
        if lease < SHORTEST_LEASE {
            self.fault("workers.lease", "Write at least \"5s\"");
        }
        lease
    }

    pub(super) fn limits(&mut self, limits: &written::Limits) -> Limits {
        if limits.time_per_mail < Duration::from_secs(1) {
            self.fault("limits.time_per_mail", "Write at least \"1s\"");
        }
        if limits.attached_depth > Limits::MOST_ATTACHED_DEPTH {
            self.fault("limits.attached_depth", format!("Write at most {}", Limits::MOST_ATTACHED_DEPTH));
        }
        let mut at_least_1 = |name: &str, value: u64| {
            if value == 0 {
                self.fault(format!("limits.{name}"), "Write at least 1");
            }
            usize::try_from(value).unwrap_or(usize::MAX)
        };
        Limits {
            depth: at_least_1("depth", limits.depth as u64),
            attached_depth: at_least_1("attached_depth", limits.attached_depth as u64),
            parts: at_least_1("parts", limits.parts as u64),
            header_size: at_least_1("header_size", limits.header_size),
            parameter_pieces: at_least_1("parameter_pieces", limits.parameter_pieces as u64),
            decoded_size: at_least_1("decoded_size", limits.decoded_size),
        }
    }
}
