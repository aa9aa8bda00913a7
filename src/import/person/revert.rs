//! A person takes an entry back: the mail waits again, and does not come back by itself.

use super::assign::kept;
use crate::application::id::MailId;
use crate::decision::{WhyUnassigned, taken_back_by_a_person};
use crate::store::{Store, TakenBack};
use anyhow::{Context, Result, bail};
use chrono::Utc;

/// What came of taking an entry back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reverted {
    /// The entry is gone, and its files with it.
    Done {
        /// The number of the application in whose history it stood.
        number: String,
        /// Its notifications.
        notifications: TakenBack,
    },
    /// It was taken back before: there is nothing to do.
    Already,
}

/// Takes the entry that a mail made out of the application's history, with its files and its open notifications. Where
/// the mail lies on the server is not touched, see [`refile_now`](crate::import::refile_now). Blocks.
///
/// # Errors
///
/// There is no such mail or it stands in no history; or the database cannot be used. Nothing is changed then.
pub fn revert(store: &Store, id: MailId) -> Result<Reverted> {
    let kept = kept(store, id)?;
    let Some((_, number)) = kept.application else {
        if kept.why.as_deref() == Some(WhyUnassigned::Reverted.as_str()) {
            return Ok(Reverted::Already);
        }
        let first = kept.repeat_of.map(|first| format!("; it is the same as mail {first}"));
        bail!("Mail {id} is {} and stands in no history{}", kept.outcome, first.unwrap_or_default());
    };
    let checks = taken_back_by_a_person(&number, kept.checks);
    let notifications = store
        .revert(id, &checks, Utc::now())?
        .with_context(|| format!("Somebody decided about mail {id} just now; look at it: `reply-import show {id}`"))?;
    Ok(Reverted::Done { number, notifications })
}
