//! Erasing: everything personal of an application, of a candidate, of an address, or of single mails.
//!
//! Done in many short transactions, so that ten thousand mails cost no more memory than a hundred; killed between two of
//! them, the same call goes on where it was. The mails go first, those that others repeat last; then the application,
//! locked so that no entry comes in behind: whoever decided for it meanwhile finds it gone and decides anew. Archived
//! mail that lies on a server is noted in `removals` in the same transaction in which its record goes.
//!
//! What stays is the audit: ids, words and counts.

mod blobs;
mod erasure;
mod find;
mod mentions;
mod plan;
mod roots;
mod scope;
mod step;
mod tally;
mod traces;

pub use erasure::Erasure;
pub use find::CandidateFound;
pub use mentions::Mention;
pub use plan::ErasurePlan;
pub(super) use roots::with_repeats;
pub use tally::{Erased, Held};

use super::audit::Actor;
use super::{Store, StoreError};
use crate::fail_point::{FailPoint, reach};
use chrono::{DateTime, Utc};
use scope::Scope;
use step::Step;

const WANTED: &str = "Cannot erase";

/// So often a part is tried again because somebody worked on the same rows.
const TURNS: u32 = 10;

impl Store {
    /// Erases. If something of it is under legal hold nothing more is erased, and the answer names it. What was erased
    /// may leave traces in the files of the database until [`Store::leave_no_traces`] is called.
    ///
    /// # Errors
    ///
    /// As [`Self::erase`].
    pub fn erase(&self, what: &Erasure, actor: Actor, now: DateTime<Utc>) -> Result<Erased, StoreError> {
        let mut erased = self.erase_records(what, actor, now)?;
        self.erase_unused_contents(&mut erased)?;
        Ok(erased)
    }

    /// As [`Self::erase`], without the contents of files that nobody has any more.
    pub(super) fn erase_records(&self, what: &Erasure, actor: Actor, now: DateTime<Utc>) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        let mut turns = 0;
        loop {
            let step = self.write(WANTED, |connection| {
                Scope::of(connection, what)?
                    .map_or_else(|| Ok(Step::done()), |scope| step::erase_some(connection, &scope, actor, now))
            });
            let step = match step {
                Err(error) if turns < TURNS && error.is_deadlock() => {
                    turns += 1;
                    continue;
                }
                step => step?,
            };
            turns = if step.is_idle() { turns + 1 } else { 0 };
            erased.add(step.erased);
            reach(FailPoint::Erasing);
            if !step.more {
                break;
            }
            if turns >= TURNS {
                let cause = "others go on working on the same rows".to_owned();
                return Err(StoreError::Unavailable { wanted: WANTED, cause });
            }
        }
        Ok(erased)
    }
}
