//! What rounds have to do besides new mail, asked for all mailboxes at once: a look at an inbox in which nothing is new
//! costs the database nothing of its own.

use crate::application::id::MailboxId;
use crate::store::{Store, StoreError};
use chrono::Utc;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The answer of before is good for so long: what somebody else left to do waits at most that much longer.
const GOOD_FOR: Duration = Duration::from_secs(5);

/// What was last answered.
pub(super) struct Errands {
    store: Store,
    /// Locked while the database is asked: of many that want to know, one asks.
    answer: Mutex<Answer>,
}

/// What the database said, and when it was asked.
#[derive(Default)]
enum Answer {
    #[default]
    None,
    Waiting(Instant, HashSet<MailboxId>),
    /// It was away: thousands that want to know do not wait for it one after the other.
    Away(Instant),
}

impl Errands {
    pub(super) fn new(store: Store) -> Self {
        Self { store, answer: Mutex::default() }
    }

    /// Whether something is to be done in this mailbox that is not new mail. An answer from before `since` does not count:
    /// then a round went through the mailbox, and what it had in hand is done.
    ///
    /// # Errors
    ///
    /// The database is away.
    pub(super) async fn are_waiting(&self, mailbox: MailboxId, since: Option<Instant>) -> Result<bool, StoreError> {
        let mut answer = self.answer.lock().await;
        match &*answer {
            Answer::Waiting(at, waiting) if at.elapsed() < GOOD_FOR && since.is_none_or(|since| since < *at) => {
                return Ok(waiting.contains(&mailbox));
            }
            Answer::Away(at) if at.elapsed() < GOOD_FOR => {
                let cause = "it did not answer just now".to_owned();
                return Err(StoreError::Unavailable { wanted: "Cannot ask the database what is left to do", cause });
            }
            _ => {}
        }
        let asked = Instant::now();
        match self.store.off_thread(|store| store.errands(Utc::now())).await {
            Ok(waiting) => {
                let is_waiting = waiting.contains(&mailbox);
                *answer = Answer::Waiting(asked, waiting);
                Ok(is_waiting)
            }
            Err(error) => {
                *answer = Answer::Away(Instant::now());
                Err(error)
            }
        }
    }
}
