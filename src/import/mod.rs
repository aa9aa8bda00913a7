//! One mail's `path`: **understand** what it says, **look up** what is known, **decide** what it means, **record** it.
//!
//! Fetching and filing away are the `round`'s, so that the path is the same for a mailbox, a file from disk and a mail
//! that is processed again. What a `person` decides later takes the rest of the path. In the `archive` lie the originals of
//! recorded mails: they are found there again, to be shown, processed again, moved on or removed.

mod archive;
mod connect;
mod importer;
mod mail_in_hand;
mod path;
mod person;
mod round;
mod telling;

pub use archive::again::{Chosen, Reprocessed, reprocess};
pub use archive::erased::{RemovalReport, remove_erased};
pub use archive::original::original;
pub use archive::refile::{refile, refile_now, waits_to_be_moved_on};
pub use connect::{connect, login_ran_out, needs_a_person};
pub use importer::Importer;
pub use mail_in_hand::{BEGINNING, Content, MailInHand};
pub use path::new_only::{ImportedNew, PlannedNew};
pub use path::{Imported, PlannedMail};
pub use person::ask::{Asked, ask};
pub use person::assign::{AssignRefusal, Assigned, assign};
pub use person::revert::{Reverted, revert};
pub use person::take_back::take_back;
pub use round::look::{Calm, is_calm};
pub use round::report::RoundReport;
pub use round::stranded::{adopt_stranded, hand_over_stranded};
pub use round::{plan_round, round};
