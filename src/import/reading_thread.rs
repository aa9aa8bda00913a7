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
pub(super) enum Fault {
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
pub(super) fn each<In, Out, Work>(items: Vec<In>, patience: Duration, work: Work) -> Result<Vec<Result<Out, Fault>>>
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
    fn work_through(&mut self, wide: usize) -> Result<Vec<Result<Out, Fault>>> {
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
    results: Vec<Result<Out, Fault>>,
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
            results: items.iter().map(|_| Err(Fault::Panicked)).collect(),
            open: items.len(),
            to_do: items.into_iter().enumerate(),
            busy: BTreeMap::new(),
        }
    }

    fn settle(&mut self, at: usize, result: Result<Out, Fault>) {
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
            self.settle(*at, Err(Fault::TookTooLong));
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
            let result = catch_unwind(AssertUnwindSafe(|| (self.work)(item))).map_err(|_| Fault::Panicked);
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
mod tests {
    use super::{Fault, MOST_LEFT_BEHIND, each, left_behind};
    use std::sync::{Arc, Barrier, Condvar, Mutex};
    use std::time::Duration;

    const LONG: Duration = Duration::from_mins(1);

    /// A door that work can wait behind.
    #[derive(Clone, Default)]
    struct Door(Arc<(Mutex<bool>, Condvar)>);

    impl Door {
        fn pass(&self) {
            let (open, changed) = &*self.0;
            let _open = changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap();
        }

        fn open(&self) {
            let (open, changed) = &*self.0;
            *open.lock().unwrap() = true;
            changed.notify_all();
        }
    }

    #[test]
    fn results_come_in_order_and_a_panic_ends_only_its_own_item() {
        let work = |item: u32| {
            assert_ne!(item % 10, 2, "this one panics");
            item * 10
        };
        let results = each((1..=50).collect(), LONG, work).unwrap();
        let expected: Vec<_> =
            (1..=50).map(|item| if item % 10 == 2 { Err(Fault::Panicked) } else { Ok(item * 10) }).collect();
        assert_eq!(results, expected);
        assert_eq!(each(Vec::new(), LONG, work).unwrap(), []);
    }

    #[test]
    fn each_processor_has_its_item_and_none_has_two() {
        let processors = std::thread::available_parallelism().unwrap().get();
        let (at_work, most) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
        let (now, highest) = (at_work.clone(), most.clone());
        let all_there = Arc::new(Barrier::new(processors));
        let work = move |_item: usize| {
            let here = {
                let mut now = now.lock().unwrap();
                *now += 1;
                *now
            };
            let mut highest = highest.lock().unwrap();
            *highest = here.max(*highest);
            drop(highest);
            // Nobody passes before as many as there are processors are here at once.
            all_there.wait();
            *now.lock().unwrap() -= 1;
        };
        each((0..4 * processors).collect(), LONG, work).unwrap();
        assert_eq!((*most.lock().unwrap(), *at_work.lock().unwrap()), (processors, 0));
    }

    #[test]
    fn a_stack_that_would_overflow_another_thread_is_borne() {
        fn deep(levels: usize) -> usize {
            let filling = std::hint::black_box([levels; 128]);
            if levels == 0 { 0 } else { deep(levels - 1) + filling.len() / 128 }
        }
        assert_eq!(each(vec![6_000], LONG, deep).unwrap(), [Ok(6_000)]);
    }

    /// One test for both, as the threads left behind are counted for the whole process.
    #[test]
    fn work_that_does_not_end_is_left_behind_up_to_a_bound_and_the_others_go_on() {
        let door = Door::default();
        let behind = door.clone();
        let work = move |item: u32| {
            if item == 0 {
                behind.pass();
            }
            item
        };
        let short = Duration::from_millis(50);
        let results = each(vec![0, 5], short, work.clone()).unwrap();
        assert_eq!(results, [Err(Fault::TookTooLong), Ok(5)]);
        for _ in 1..MOST_LEFT_BEHIND {
            assert_eq!(each(vec![0], short, work.clone()).unwrap(), [Err(Fault::TookTooLong)]);
        }
        let error = each(vec![5], LONG, work.clone()).unwrap_err().to_string();
        assert!(error.contains("restart the service"), "{error}");
        door.open();
        while left_behind() > 0 {
            std::thread::yield_now();
        }
        assert_eq!(each(vec![5], LONG, work).unwrap(), [Ok(5)]);
    }
}
