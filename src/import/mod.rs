//! One mail's path: **understand** what it says, **look up** what is known, **decide** what it means, **record** it.
//!
//! Fetching and filing away are the round's (`round`), so that this path is the same for a mailbox, a file from disk
//! and a mail that is processed again.

mod again;
mod archived;
mod ask;
mod assign;
mod connect;
mod erased;
mod fetch;
mod filing;
mod importer;
mod interrupted;
mod look;
mod mail_in_hand;
mod near_misses;
mod new_only;
mod one_by_one;
mod original;
mod path;
mod pipeline;
mod queue;
mod reading_thread;
mod refile;
mod report;
mod revert;
mod round;
mod scanning;
mod stranded;
mod take_back;
mod telling;
mod understanding;
mod waiting_files;

pub use again::{Chosen, Reprocessed, reprocess};
pub use ask::{Asked, ask};
pub use assign::{AssignRefusal, Assigned, assign};
pub use connect::{connect, login_ran_out, needs_a_person};
pub use erased::{RemovalReport, remove_erased};
pub use fetch::BEGINNING;
pub use importer::Importer;
pub use look::{Calm, is_calm};
pub use mail_in_hand::{Content, MailInHand};
pub use new_only::{ImportedNew, PlannedNew};
pub use original::original;
pub use path::{Imported, PlannedMail};
pub use refile::{Refiled, refile, refile_now};
pub use report::RoundReport;
pub use revert::{Reverted, revert};
pub use round::{plan_round, round};
pub use stranded::{adopt_stranded, hand_over_stranded};
pub use take_back::take_back;
