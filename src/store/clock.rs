//! Units of work under a clock: a server that falls silent in the middle must hold nobody for ever.
//!
//! libpq waits without end for an answer as long as the machine at the other end, or something in between, acknowledges
//! what it is sent. The waiting thread cannot be ended from outside, so it is left behind, and its connection with it. It
//! must not do anything more should the answer come after all: it begins no further unit of work, and it commits only as
//! long as the server, which ends an idle transaction by itself, will have done so before the thread is left behind.

use super::StoreError;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A unit of work that is not done after this time is given up, unless said otherwise.
pub(super) const DEADLINE: Duration = Duration::from_secs(150);

/// One that may take long has so much more time.
const LONG: Duration = Duration::from_hours(6);

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(500);

thread_local! {
    /// The clock that this thread's units of work run under.
    static CLOCK: RefCell<Option<Arc<Clock>>> = const { RefCell::new(None) };
}

/// What one thread does, as far as the one who waits for it must know.
#[derive(Debug)]
pub(super) struct Clock {
    deadline: Duration,
    /// Since when a unit of work is in hand.
    since: Mutex<Option<Instant>>,
    is_left_behind: AtomicBool,
}

/// The unit of work that this thread has in hand, until dropped.
pub(super) struct InHand(Option<Arc<Clock>>);

/// A statement may take so long; behind it there must be time for the commit.
pub(super) fn for_a_statement(deadline: Duration) -> Duration {
    deadline * 3 / 4
}

/// The server ends a transaction in which nothing comes for so long: less than what is left when a commit is sent at last.
pub(super) fn for_silence_in_a_transaction(deadline: Duration) -> Duration {
    deadline / 8
}

impl Clock {
    pub(super) fn new(deadline: Duration) -> Arc<Self> {
        Arc::new(Self { deadline, since: Mutex::default(), is_left_behind: AtomicBool::new(false) })
    }

    /// Does work on this thread under the clock.
    pub(super) fn watch<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        /// Takes the clock off, also after a panic: the thread does other work afterwards.
        struct TakeOff;
        impl Drop for TakeOff {
            fn drop(&mut self) {
                CLOCK.take();
            }
        }
        CLOCK.set(Some(self.clone()));
        let _take_off = TakeOff;
        work()
    }

    /// Ends when a unit of work has been in hand for too long; its thread then is left behind.
    pub(super) async fn overdue(&self) {
        loop {
            tokio::time::sleep(LOOK.min(self.deadline / 4)).await;
            if self.since().is_some_and(|since| since.elapsed() >= self.deadline) {
                self.is_left_behind.store(true, Ordering::SeqCst);
                return;
            }
        }
    }

    fn since(&self) -> Option<Instant> {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_since(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

impl InHand {
    /// Begins a unit of work on this thread.
    ///
    /// # Errors
    ///
    /// The thread was left behind.
    pub(super) fn begin(wanted: &'static str) -> Result<Self, StoreError> {
        let clock = CLOCK.with_borrow(Clone::clone);
        if let Some(clock) = &clock {
            if clock.is_left_behind.load(Ordering::SeqCst) {
                return Err(too_late(wanted));
            }
            clock.set_since(Some(Instant::now()));
        }
        Ok(Self(clock))
    }

    /// Begins one on this thread that may take hours, as removing what is left of erased rows in a large database does.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`].
    pub(super) fn begin_long(wanted: &'static str) -> Result<Self, StoreError> {
        let begun = Self::begin(wanted)?;
        if let Some(clock) = &begun.0 {
            clock.set_since(Some(Instant::now() + LONG));
        }
        Ok(begun)
    }

    /// Whether the unit of work may still be committed.
    ///
    /// # Errors
    ///
    /// It took too long.
    pub(super) fn may_commit(&self, wanted: &'static str) -> Result<(), StoreError> {
        let is_late = |clock: &Arc<Clock>| {
            clock.is_left_behind.load(Ordering::SeqCst)
                || clock.since().is_some_and(|since| since.elapsed() > for_a_statement(clock.deadline))
        };
        if self.0.as_ref().is_some_and(is_late) { Err(too_late(wanted)) } else { Ok(()) }
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if let Some(clock) = &self.0 {
            clock.set_since(None);
        }
    }
}

/// What is said of a unit of work that did not end in time.
pub(super) fn too_late(wanted: &'static str) -> StoreError {
    StoreError::Unavailable { wanted, cause: "no answer in time".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Clock, InHand};
    use std::time::Duration;

    #[test]
    fn who_is_left_behind_begins_and_commits_nothing_more() {
        let clock = Clock::new(Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        clock.watch(|| {
            let in_hand = InHand::begin("test").unwrap();
            runtime.block_on(clock.overdue());
            assert!(in_hand.may_commit("test").is_err());
            drop(in_hand);
            assert!(InHand::begin("test").is_err());
        });
        assert!(InHand::begin("test").unwrap().may_commit("test").is_ok(), "the thread is free of the clock");
    }

    #[test]
    fn work_that_is_not_late_is_committed() {
        let clock = Clock::new(Duration::from_mins(1));
        clock.watch(|| assert!(InHand::begin("test").unwrap().may_commit("test").is_ok()));
        assert_eq!(clock.since(), None);
    }
}
