//! A thread for work that foreign bytes steer: with a stack of its own, watched by the clock, and left behind where it
//! does not end.
//!
//! What the work is, is not known here.

use anyhow::{Context, Result, bail};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

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

/// Does the work for one item after the other on one thread, and gives the results in the same order. After a fault the
/// others go on.
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
    let work = Arc::new(work);
    let mut results = Vec::with_capacity(items.len());
    let mut running: Option<Worker<In, Out>> = None;
    for item in items {
        let worker = match running.take() {
            Some(worker) => worker,
            None => Worker::start(work.clone())?,
        };
        let result = worker.ask(item, patience);
        match result {
            Err(Fault::TookTooLong) => worker.leave_behind(),
            _ => running = Some(worker),
        }
        results.push(result);
    }
    Ok(results)
}

/// A running thread; it ends when nobody can ask any more.
struct Worker<In, Out> {
    items: Sender<In>,
    results: Receiver<Result<Out, Fault>>,
    alive: Weak<()>,
}

impl<In: Send + 'static, Out: Send + 'static> Worker<In, Out> {
    fn start<Work>(work: Arc<Work>) -> Result<Self>
    where
        Work: Fn(In) -> Out + Send + Sync + 'static,
    {
        let left_behind = left_behind();
        if left_behind >= MOST_LEFT_BEHIND {
            bail!("Reading did not end for {left_behind} mails and still goes on; restart the service to end it");
        }
        let (items, to_do) = mpsc::channel();
        let (done, results) = mpsc::channel();
        let life = Arc::new(());
        let alive = Arc::downgrade(&life);
        let run = move || {
            while let Ok(item) = to_do.recv() {
                let result = catch_unwind(AssertUnwindSafe(|| work(item))).map_err(|_| Fault::Panicked);
                if done.send(result).is_err() {
                    break;
                }
            }
            drop(life);
        };
        let named = thread::Builder::new().name("reading".to_owned()).stack_size(STACK);
        named.spawn(run).context("Cannot start a thread to read mail on")?;
        Ok(Self { items, results, alive })
    }

    fn ask(&self, item: In, patience: Duration) -> Result<Out, Fault> {
        if self.items.send(item).is_err() {
            return Err(Fault::Panicked);
        }
        match self.results.recv_timeout(patience) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(Fault::TookTooLong),
            Err(RecvTimeoutError::Disconnected) => Err(Fault::Panicked),
        }
    }

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
    use std::sync::{Arc, Condvar, Mutex};
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
    fn results_come_in_order_from_one_thread_and_a_panic_ends_only_its_own_item() {
        let work = |item: u32| {
            assert_ne!(item, 2, "this one panics");
            (item * 10, std::thread::current().id())
        };
        let results = each(vec![1, 2, 3], LONG, work).unwrap();
        let numbers: Vec<_> = results.iter().map(|result| result.map(|(number, _)| number)).collect();
        assert_eq!(numbers, [Ok(10), Err(Fault::Panicked), Ok(30)]);
        assert_eq!(results[0].unwrap().1, results[2].unwrap().1);
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
