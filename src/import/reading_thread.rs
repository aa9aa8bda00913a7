//! Threads for work that foreign bytes steer: with stacks of their own, as many as there are processors, watched by the
//! clock, and left behind where they do not end.
//!
//! What the work is, is not known here.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
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
    let (done, results) = mpsc::channel();
    let wide = processors.min(items.len());
    let mut results_of: Vec<Result<Out, Fault>> = items.iter().map(|_| Err(Fault::Panicked)).collect();
    let mut settle = |at: usize, result| {
        if let Some(place) = results_of.get_mut(at) {
            *place = result;
        }
    };
    let mut to_do = items.into_iter().enumerate();
    let mut team = Team { work: Arc::new(work), patience, done, results, started: 0, busy: BTreeMap::new() };
    for item in to_do.by_ref().take(wide) {
        let worker = team.start()?;
        team.ask(worker, item);
    }
    while let Some(next) = team.next() {
        match next {
            Next::Done(worker, at, result) => {
                settle(at, result);
                if let Some(item) = to_do.next() {
                    team.ask(worker, item);
                }
            }
            Next::Overdue(worker, at) => {
                settle(at, Err(Fault::TookTooLong));
                worker.leave_behind();
                if let Some(item) = to_do.next() {
                    let worker = match team.start() {
                        Ok(worker) => worker,
                        Err(error) => {
                            team.leave_behind();
                            return Err(error);
                        }
                    };
                    team.ask(worker, item);
                }
            }
        }
    }
    Ok(results_of)
}

/// The threads that work on the items of one call.
struct Team<In, Out, Work> {
    work: Arc<Work>,
    patience: Duration,
    done: Sender<Done<Out>>,
    results: Receiver<Done<Out>>,
    /// How many threads were started: the number of the last.
    started: u32,
    /// Who has an item in hand, by the thread's number.
    busy: BTreeMap<u32, Busy<In>>,
}

/// The thread's number, and what came of the item that it had.
struct Done<Out> {
    thread: u32,
    result: Result<Out, Fault>,
}

/// A thread at work.
struct Busy<In> {
    worker: Worker<In>,
    /// Which item.
    at: usize,
    until: Instant,
}

/// What happens next in a team that is busy.
enum Next<In, Out> {
    Done(Worker<In>, usize, Result<Out, Fault>),
    Overdue(Worker<In>, usize),
}

/// A running thread; it ends when nobody can ask any more.
struct Worker<In> {
    number: u32,
    items: Sender<In>,
    alive: Weak<()>,
}

impl<In, Out, Work> Team<In, Out, Work>
where
    In: Send + 'static,
    Out: Send + 'static,
    Work: Fn(In) -> Out + Send + Sync + 'static,
{
    fn start(&mut self) -> Result<Worker<In>> {
        let left_behind = left_behind();
        if left_behind >= MOST_LEFT_BEHIND {
            bail!("Reading did not end for {left_behind} mails and still goes on; restart the service to end it");
        }
        self.started += 1;
        let (number, work, done) = (self.started, self.work.clone(), self.done.clone());
        let (items, to_do) = mpsc::channel();
        let life = Arc::new(());
        let alive = Arc::downgrade(&life);
        let run = move || {
            while let Ok(item) = to_do.recv() {
                let result = catch_unwind(AssertUnwindSafe(|| work(item))).map_err(|_| Fault::Panicked);
                if done.send(Done { thread: number, result }).is_err() {
                    break;
                }
            }
            drop(life);
        };
        let named = thread::Builder::new().name("reading".to_owned()).stack_size(STACK);
        named.spawn(run).context("Cannot start a thread to read mail on")?;
        Ok(Worker { number, items, alive })
    }

    /// Nobody waits for those at work any more, and they may not end either.
    fn leave_behind(self) {
        self.busy.into_values().for_each(|busy| busy.worker.leave_behind());
    }

    /// A thread that is there no more gives no result, and is found overdue.
    fn ask(&mut self, worker: Worker<In>, (at, item): (usize, In)) {
        let until = Instant::now() + self.patience;
        let _ = worker.items.send(item);
        self.busy.insert(worker.number, Busy { worker, at, until });
    }

    /// Waits for the first result, or for the first item whose time is over; `None` if nobody has any. Of a thread that was left behind nothing is
    /// taken any more.
    fn next(&mut self) -> Option<Next<In, Out>> {
        loop {
            let first = self.busy.values().min_by_key(|busy| busy.until)?;
            let (number, until) = (first.worker.number, first.until);
            match self.results.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(done) => {
                    if let Some(busy) = self.busy.remove(&done.thread) {
                        return Some(Next::Done(busy.worker, busy.at, done.result));
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    if let Some(busy) = self.busy.remove(&number) {
                        return Some(Next::Overdue(busy.worker, busy.at));
                    }
                }
            }
        }
    }
}

impl<In> Worker<In> {
    fn leave_behind(self) {
        LEFT_BEHIND.lock().unwrap_or_else(PoisonError::into_inner).push(self.alive);
    }
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
