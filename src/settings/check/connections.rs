//! Numbers of connections and rounds.

use super::checker::Checker;
use crate::settings::{Connections, written};

impl Checker<'_> {
    pub(super) fn connections(&mut self, written: &written::Connections) -> Connections {
        let mut at_least_1 = |name: &str, value: usize| {
            if value == 0 {
                self.fault(format!("connections.{name}"), "Write at least 1");
            }
            value
        };
        Connections {
            per_host: at_least_1("per_host", written.per_host),
            kept_open: written.kept_open,
            log_ins_at_once: at_least_1("log_ins_at_once", written.log_ins_at_once),
            rounds_at_once: at_least_1("rounds_at_once", written.rounds_at_once),
        }
    }
}
