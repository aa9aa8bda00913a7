//! The thread on which the network is waited for.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// So many threads at most wait for a folder, and for names of hosts.
const MOST_THREADS: usize = 32;

/// A thread with a runtime of its own; it ends when this is dropped.
pub(super) struct Worker {
    handle: Handle,
    /// Dropped with the worker, which ends the thread.
    _life: oneshot::Sender<()>,
}

impl Worker {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().max_blocking_threads(MOST_THREADS).enable_all().build()?;
        let handle = runtime.handle().clone();
        let (life, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("objects".to_owned()).spawn(move || {
            // Ends with an error, as nobody sends anything.
            let _ended = runtime.block_on(ended);
        })?;
        Ok(Self { handle, _life: life })
    }

    /// Does all of it at once and waits for it; `None` for what does not end in time.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        jobs: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
        timeout: Duration,
    ) -> Vec<Option<T>> {
        let mut answers = Vec::new();
        for job in jobs {
            let (done, answer) = mpsc::sync_channel(1);
            self.handle.spawn(async move {
                // Nobody listens any more if the caller's thread is gone.
                let _unheard = done.send(tokio::time::timeout(timeout, job).await.ok());
            });
            answers.push(answer);
        }
        answers.into_iter().map(|answer| answer.recv().ok().flatten()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Worker;
    use std::time::Duration;

    #[test]
    fn answers_come_in_order_and_what_takes_too_long_has_none() {
        let worker = Worker::start().unwrap();
        let jobs = [1, 0].map(|n| async move {
            if n == 0 {
                std::future::pending::<()>().await;
            }
            n
        });
        assert_eq!(worker.wait(jobs, Duration::from_millis(20)), [Some(1), None]);
    }

    #[test]
    fn it_can_be_waited_for_and_dropped_where_others_are_async() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let worker = Worker::start().unwrap();
            assert_eq!(worker.wait([async { 7 }], Duration::from_mins(1)), [Some(7)]);
        });
    }
}
