//! Erasing what is due.

use super::Standing;
use crate::application::id::{ApplicationId, MailId};
use crate::store::audit::Actor;
use crate::store::erase::{Erased, Erasure};
use crate::store::hold;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};

impl Store {
    /// Erases applications whose time is over, each as long as it stands as it did when that was found. Mail that waits and
    /// may belong to one of them has a time of its own and stays.
    ///
    /// # Errors
    ///
    /// As [`Store::erase`].
    pub fn erase_due_applications(
        &self,
        due: &[(ApplicationId, Standing)],
        now: DateTime<Utc>,
    ) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        for (application, standing) in due {
            let what = Erasure::Due(*application, standing.clone());
            erased.add(self.erase_records(&what, Actor::Service, now)?);
        }
        self.erase_unused_contents(&mut erased)?;
        Ok(erased)
    }

    /// Blocks an application whose time to be blocked has come, as long as it stands as it did when that was found. Says
    /// whether this blocked it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn block_due_application(
        &self,
        application: ApplicationId,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write("Cannot block an application", |connection| {
            hold::keep(connection, application)?;
            // One that another worker has erased does not stand so either.
            if !standing.is_still_so(connection, application.0)? {
                return Ok(false);
            }
            hold::block(connection, application, Actor::Service, now)
        })
    }

    /// Erases mails whose time is over, with their repeats; those that stand in a history by now are left.
    ///
    /// # Errors
    ///
    /// As [`Store::erase`].
    pub fn erase_due_mails(&self, due: &[MailId], now: DateTime<Utc>) -> Result<Erased, StoreError> {
        if due.is_empty() {
            return Ok(Erased::default());
        }
        self.erase(&Erasure::Mails(due.to_vec()), Actor::Service, now)
    }
}
