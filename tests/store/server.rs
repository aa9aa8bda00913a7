//! One PostgreSQL for all tests that run at the same time; the last one stops it.

use crate::harness::Postgres;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

static RUNNING: Mutex<Weak<SharedPostgres>> = Mutex::new(Weak::new());

/// A running server that gives databases.
pub struct SharedPostgres {
    // Taken by `drop`, which ends the thread.
    requests: Option<Sender<Sender<String>>>,
    // A server dies with the thread that started it, so a thread that outlives the single tests owns it.
    owner: Option<JoinHandle<()>>,
}

impl SharedPostgres {
    /// The server, started if none of the other tests has it.
    pub fn get() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *running = Arc::downgrade(&server);
            server
        })
    }

    /// An empty database of its own.
    pub fn fresh_database_url(&self) -> String {
        let (answer, url) = channel();
        self.requests.as_ref().unwrap().send(answer).unwrap();
        url.recv().unwrap()
    }

    fn start() -> Self {
        let (requests, to_serve) = channel::<Sender<String>>();
        let owner = std::thread::spawn(move || {
            let postgres = Postgres::start();
            for answer in to_serve {
                answer.send(postgres.fresh_database_url()).unwrap();
            }
        });
        Self { requests: Some(requests), owner: Some(owner) }
    }
}

impl Drop for SharedPostgres {
    fn drop(&mut self) {
        self.requests.take();
        self.owner.take().unwrap().join().unwrap();
    }
}
