//! The steps in hand, and the service manager's watchdog, which is fed when one ends, as long as none takes longer than it
//! may. There is no timer for it: whatever goes on without getting anywhere ends with the process being started anew.
//!
//! Each wait in a step has an end of its own, on the network and at the database. What is caught here is a step that does
//! not end in spite of that: a fault of the program or of a library. One mailbox that hangs among thousands is enough, and
//! a thread that nothing can interrupt is ended with the process; the next one knows by the record where to go on.
//!
//! One ledger for the process, as there is one watchdog for it.

use super::{service_manager, state_line};
use crate::fail_point::{self, FailPoint};
use crate::progress::Progress;
use sd_notify::NotifyState;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// More than all waits of any step take together, unless something of it gets on.
pub(super) const LONGEST: Duration = Duration::from_mins(15);

/// The service manager is told no more often than this.
const APART: Duration = Duration::from_secs(1);

static LEDGER: LazyLock<Mutex<Ledger>> = LazyLock::new(Mutex::default);

/// A step in hand, until dropped.
#[must_use]
pub(super) struct Step(u64);

/// Takes a step in hand that ends within [`LONGEST`].
pub(super) fn begin(what: &'static str) -> Step {
    begin_within(what, LONGEST)
}

/// Takes a step in hand that ends within this time.
pub(super) fn begin_within(what: &'static str, at_most: Duration) -> Step {
    ledger().begin(InHand::new(what, at_most, None, Instant::now()))
}

/// Takes a step in hand of which something gets on within [`LONGEST`], again and again.
pub(super) fn begin_counted(what: &'static str, progress: Progress) -> Step {
    let at_most = fail_point::number(FailPoint::StepAtMost).map_or(LONGEST, Duration::from_millis);
    ledger().begin(InHand::new(what, at_most, Some(progress), Instant::now()))
}

/// The steps that hang now, with the time they may take.
pub(super) fn hanging() -> Vec<(&'static str, Duration)> {
    let now = Instant::now();
    let mut ledger = ledger();
    ledger.in_hand.values_mut().filter_map(|step| step.is_overdue(now).then_some((step.what, step.at_most))).collect()
}

impl Drop for Step {
    fn drop(&mut self) {
        let told = {
            let mut ledger = ledger();
            ledger.in_hand.remove(&self.0);
            ledger.what_to_tell(Instant::now())
        };
        if let Some(told) = told {
            tell(told);
        }
    }
}

fn ledger() -> MutexGuard<'static, Ledger> {
    LEDGER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(told: Told) {
    if told.is_well && sd_notify::watchdog_enabled().is_some() {
        service_manager::tell(NotifyState::Watchdog);
    }
    for (what, at_most) in told.hang {
        tracing::error!(
            what,
            "A step has got nowhere for {at_most:?}: the service manager is not told any more that all is well"
        );
    }
    if let Some(line) = state_line::news() {
        service_manager::tell(NotifyState::Status(&line));
    }
}

/// All steps in hand, in the order in which they began.
#[derive(Default)]
struct Ledger {
    in_hand: BTreeMap<u64, InHand>,
    begun: u64,
    told: Option<Instant>,
}

struct InHand {
    what: &'static str,
    at_most: Duration,
    /// Its time begins anew whenever this has grown.
    progress: Option<Progress>,
    so_far: u64,
    since: Instant,
    is_said: bool,
}

/// What the service manager is to be told.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    is_well: bool,
    /// Steps that were found to hang just now, with the time they may take.
    hang: Vec<(&'static str, Duration)>,
}

impl InHand {
    fn new(what: &'static str, at_most: Duration, progress: Option<Progress>, since: Instant) -> Self {
        let so_far = progress.as_ref().map_or(0, Progress::so_far);
        Self { what, at_most, progress, so_far, since, is_said: false }
    }

    fn is_overdue(&mut self, now: Instant) -> bool {
        let so_far = self.progress.as_ref().map_or(0, Progress::so_far);
        if so_far != self.so_far {
            (self.so_far, self.since, self.is_said) = (so_far, now, false);
        }
        now.saturating_duration_since(self.since) > self.at_most
    }
}

impl Ledger {
    fn begin(&mut self, step: InHand) -> Step {
        self.begun += 1;
        self.in_hand.insert(self.begun, step);
        Step(self.begun)
    }

    /// A step has ended; nothing if the service manager was told of another just now.
    fn what_to_tell(&mut self, now: Instant) -> Option<Told> {
        if self.told.is_some_and(|told| now.saturating_duration_since(told) < APART) {
            return None;
        }
        self.told = Some(now);
        let (mut is_well, mut hang) = (true, Vec::new());
        for step in self.in_hand.values_mut() {
            if step.is_overdue(now) {
                is_well = false;
                if !std::mem::replace(&mut step.is_said, true) {
                    hang.push((step.what, step.at_most));
                }
            }
        }
        Some(Told { is_well, hang })
    }
}

#[cfg(test)]
mod tests {
    use super::{APART, InHand, Ledger, Told};
    use crate::progress::Progress;
    use std::time::{Duration, Instant};

    const MINUTE: Duration = Duration::from_mins(1);

    fn begin(ledger: &mut Ledger, at_most: Duration, progress: Option<Progress>, now: Instant) -> u64 {
        let step = std::mem::ManuallyDrop::new(ledger.begin(InHand::new("look", at_most, progress, now)));
        step.0
    }

    #[test]
    fn all_is_well_as_long_as_no_step_is_over_its_time_and_again_once_it_ended() {
        let (mut ledger, start) = (Ledger::default(), Instant::now());
        let slow = begin(&mut ledger, MINUTE, None, start);
        let well = Some(Told { is_well: true, hang: Vec::new() });
        assert_eq!(ledger.what_to_tell(start + MINUTE), well);
        let late = start + MINUTE + APART;
        assert_eq!(ledger.what_to_tell(late), Some(Told { is_well: false, hang: vec![("look", MINUTE)] }));
        let still = ledger.what_to_tell(late + APART);
        assert_eq!(still, Some(Told { is_well: false, hang: Vec::new() }), "said once");
        ledger.in_hand.remove(&slow);
        assert_eq!(ledger.what_to_tell(late + APART * 2), well);
    }

    #[test]
    fn a_step_that_gets_on_has_its_time_anew() {
        let (mut ledger, start) = (Ledger::default(), Instant::now());
        let progress = Progress::default();
        begin(&mut ledger, MINUTE, Some(progress.clone()), start);
        progress.add(1);
        let is_well = |ledger: &mut Ledger, at| ledger.what_to_tell(at).map(|told| told.is_well);
        assert_eq!(is_well(&mut ledger, start + MINUTE * 2), Some(true));
        assert_eq!(is_well(&mut ledger, start + MINUTE * 3), Some(true));
        assert_eq!(is_well(&mut ledger, start + MINUTE * 4), Some(false));
        progress.add(1);
        assert_eq!(is_well(&mut ledger, start + MINUTE * 5), Some(true));
    }

    #[test]
    fn of_thousands_of_steps_a_second_one_is_told() {
        let (mut ledger, start) = (Ledger::default(), Instant::now());
        let told = (0..2_000).filter_map(|n| ledger.what_to_tell(start + Duration::from_millis(n)));
        assert_eq!(told.count(), 2);
    }
}
