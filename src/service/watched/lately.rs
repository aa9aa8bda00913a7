//! An answer that is asked for anew only after a while, and waited for only so long: whoever asks often, or while nothing
//! answers, makes no work pile up.

use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The last answer, and the question that is out.
pub(super) struct Lately<T> {
    good_for: Duration,
    deadline: Duration,
    /// Locked while is asked: of several that want to know, one asks.
    last: Mutex<Last<T>>,
}

struct Last<T> {
    answer: Option<(Instant, T)>,
    /// Nobody waits for it any more; no other is asked until it has ended.
    out: Option<JoinHandle<T>>,
}

impl<T: Clone + Send + 'static> Lately<T> {
    pub(super) fn new(good_for: Duration, deadline: Duration) -> Self {
        Self { good_for, deadline, last: Mutex::new(Last { answer: None, out: None }) }
    }

    /// The answer of just now, or a fresh one; `None` if there is none in time.
    pub(super) async fn get<F>(&self, ask: impl FnOnce() -> F) -> Option<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = &last.answer
            && at.elapsed() < self.good_for
        {
            return Some(answer.clone());
        }
        // What was answered to a question of long ago is no answer to this one.
        let out = last.out.take().filter(|out| !out.is_finished());
        let mut asked = out.unwrap_or_else(|| tokio::spawn(ask()));
        let Ok(answered) = timeout(self.deadline, &mut asked).await else {
            last.out = Some(asked);
            return None;
        };
        let answer = answered.ok()?;
        last.answer = Some((Instant::now(), answer.clone()));
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::Lately;
    use std::future::pending;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_asks_often_has_the_answer_of_before() {
        let lately = Lately::new(Duration::from_hours(1), Duration::from_mins(1));
        assert_eq!(lately.get(|| async { 1 }).await, Some(1));
        assert_eq!(lately.get(|| async { 2 }).await, Some(1));
        let always = Lately::new(Duration::ZERO, Duration::from_mins(1));
        assert_eq!((always.get(|| async { 1 }).await, always.get(|| async { 2 }).await), (Some(1), Some(2)));
    }

    #[tokio::test]
    async fn a_question_without_an_answer_is_not_waited_for_and_not_asked_again() {
        let asked = Arc::new(AtomicU32::new(0));
        let lately: Lately<u32> = Lately::new(Duration::ZERO, Duration::from_millis(1));
        for _ in 0..3 {
            let asked = asked.clone();
            let hangs = async move {
                asked.fetch_add(1, Ordering::Relaxed);
                pending().await
            };
            assert_eq!(lately.get(|| hangs).await, None);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}
