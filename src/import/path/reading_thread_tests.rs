//! Results in order, from all processors; items that panic, need a large stack or never end.

use super::{MOST_LEFT_BEHIND, NoResult, each, left_behind};
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
        (1..=50).map(|item| if item % 10 == 2 { Err(NoResult::Panicked) } else { Ok(item * 10) }).collect();
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
    assert_eq!(results, [Err(NoResult::TookTooLong), Ok(5)]);
    for _ in 1..MOST_LEFT_BEHIND {
        assert_eq!(each(vec![0], short, work.clone()).unwrap(), [Err(NoResult::TookTooLong)]);
    }
    let error = each(vec![5], LONG, work.clone()).unwrap_err().to_string();
    assert!(error.contains("restart the service"), "{error}");
    door.open();
    while left_behind() > 0 {
        std::thread::yield_now();
    }
    assert_eq!(each(vec![5], LONG, work).unwrap(), [Ok(5)]);
}
