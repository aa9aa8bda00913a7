//! Threads for work that foreign bytes steer: with stacks of their own, as many as there are processors, watched by the
//! clock, and left behind where they do not end.
//!
//! What the work is, is not known here.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// Deep enough for whatever the limits let through, in octets; only what is used of it takes memory.
const STACK: usize = 16 << 20;
/// A thread cannot be ended from outside: each that was left behind may take a whole processor until the process ends.
const MOST_LEFT_BEHIND: usize = 8;

/// The threads that were left behind and still run.
static LEFT_BEHIND: Mutex<Vec<Weak<()>>> = Mutex::new(Vec::new());

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoResult {
    /// The work panicked.
    Panicked,
    /// The work did not end in time.
    TookTooLong,
}

/// Does the work for each item, on as many threads as there are processors, and gives the results in the items' order.
/// Each item has its own time. After a fault the others go on.
///
/// # Errors
///
/// No thread can be started, or too many were left behind already.
pub(super) fn each<In, Out, Work>(items: Vec<In>, patience: Duration, work: Work) -> Result<Vec<Result<Out, NoResult>>>
where
    In: Send + 'static,
    Out: Send + 'static,
    Work: Fn(In) -> Out + Send + Sync + 'static,
{
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let wide = processors.min(items.len());
    let team = Team { work, patience, job: Mutex::new(Job::of(items)), settled: Condvar::new() };
    let mut threads = Threads { team: Arc::new(team), alive: BTreeMap::new(), started: 0 };
    let results = threads.work_through(wide);
    if results.is_err() {
        threads.give_up();
    }
    results
}

/// The threads of one call, as who waits for them sees them.
struct Threads<In, Out, Work> {
    team: Arc<Team<In, Out, Work>>,
    /// Each by its number.
    alive: BTreeMap<usize, Weak<()>>,
    started: usize,
}

impl<In, Out, Work> Threads<In, Out, Work>
where
    In: Send + 'static,
    Out: Send + 'static,
    Work: Fn(In) -> Out + Send + Sync + 'static,
{
    fn work_through(&mut self, wide: usize) -> Result<Vec<Result<Out, NoResult>>> {
        for _ in 0..wide {
            self.start()?;
        }
        let team = self.team.clone();
        let mut job = team.job();
        while job.open > 0 {
            let now = Instant::now();
            let overdue = job.give_up_overdue(now);
            for number in &overdue {
                leave_behind(self.alive.remove(number));
            }
            for _ in overdue.iter().take(job.to_do.len()) {
                self.start()?;
            }
            if job.open == 0 {
                break;
            }
            // A thread that was started just now has nothing in hand yet.
            let until = job.busy.values().map(|busy| busy.until).min().unwrap_or(now + team.patience);
            let wait = until.saturating_duration_since(now);
            job = team.settled.wait_timeout(job, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(std::mem::take(&mut job.results))
    }

    fn start(&mut self) -> Result<()> {
        let left_behind = left_behind();
        if left_behind >= MOST_LEFT_BEHIND {
            bail!("Reading did not end for {left_behind} mails and still goes on; restart the service to end it");
        }
        let (number, team, life) = (self.started, self.team.clone(), Arc::new(()));
        self.started += 1;
        self.alive.insert(number, Arc::downgrade(&life));
        let run = move || {
            team.work_off(number);
            drop(life);
        };
        let named = thread::Builder::new().name("reading".to_owned()).stack_size(STACK);
        named.spawn(run).context("Cannot start a thread to read mail on")?;
        Ok(())
    }

    /// Nobody waits for those at work any more, and they may not end either.
    fn give_up(&mut self) {
        let mut job = self.team.job();
        job.to_do = Vec::new().into_iter().enumerate();
        for number in std::mem::take(&mut job.busy).into_keys() {
            leave_behind(self.alive.remove(&number));
        }
    }
}

/// What the threads of one call share.
struct Team<In, Out, Work> {
    work: Work,
    patience: Duration,
    job: Mutex<Job<In, Out>>,
    /// Told when all items are settled.
    settled: Condvar,
}

/// How far the items of one call are.
struct Job<In, Out> {
    to_do: std::iter::Enumerate<std::vec::IntoIter<In>>,
    /// Who has an item in hand, by the thread's number.
    busy: BTreeMap<usize, Busy>,
    results: Vec<Result<Out, NoResult>>,
    /// How many items have no result yet.
    open: usize,
}

/// An item in hand.
struct Busy {
    at: usize,
    until: Instant,
}

impl<In, Out> Job<In, Out> {
    fn of(items: Vec<In>) -> Self {
        Self {
            results: items.iter().map(|_| Err(NoResult::Panicked)).collect(),
            open: items.len(),
            to_do: items.into_iter().enumerate(),
            busy: BTreeMap::new(),
        }
    }

    fn settle(&mut self, at: usize, result: Result<Out, NoResult>) {
        if let Some(place) = self.results.get_mut(at) {
            *place = result;
        }
        self.open = self.open.saturating_sub(1);
    }

    /// Settles those whose time is over, and says which threads have them: of these nothing is taken any more.
    fn give_up_overdue(&mut self, now: Instant) -> Vec<usize> {
        let overdue = self.busy.iter().filter(|(_, busy)| busy.until <= now);
        let overdue: Vec<(usize, usize)> = overdue.map(|(number, busy)| (*number, busy.at)).collect();
        for (number, at) in &overdue {
            self.busy.remove(number);
            self.settle(*at, Err(NoResult::TookTooLong));
        }
        overdue.into_iter().map(|(number, _)| number).collect()
    }
}

impl<In, Out, Work: Fn(In) -> Out> Team<In, Out, Work> {
    /// Nothing that can panic runs while it is held.
    fn job(&self) -> MutexGuard<'_, Job<In, Out>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one thread does: item after item, until there are no more or it was left behind.
    fn work_off(&self, number: usize) {
        let mut job = self.job();
        while let Some((at, item)) = job.to_do.next() {
            job.busy.insert(number, Busy { at, until: Instant::now() + self.patience });
            drop(job);
            let result = catch_unwind(AssertUnwindSafe(|| (self.work)(item))).map_err(|_| NoResult::Panicked);
            job = self.job();
            if job.busy.remove(&number).is_none() {
                return;
            }
            job.settle(at, result);
        }
        if job.open == 0 {
            self.settled.notify_one();
        }
    }
}

fn leave_behind(thread: Option<Weak<()>>) {
    LEFT_BEHIND.lock().unwrap_or_else(PoisonError::into_inner).extend(thread);
}

/// How many threads were left behind and have not ended since.
fn left_behind() -> usize {
    let mut threads = LEFT_BEHIND.lock().unwrap_or_else(PoisonError::into_inner);
    threads.retain(|thread| thread.strong_count() > 0);
    threads.len()
}

#[cfg(test)]
#[path = "reading_thread_tests.rs"]
mod tests;
