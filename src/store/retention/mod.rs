//! What time makes due: the applications and mails that may be, with the facts that the rule wants, and erasing them as
//! long as nothing has changed since. What is due is decided elsewhere.

mod applications;
mod due;
mod held;
mod mails;

pub use applications::{DecidedApplication, DecidedBefore, Standing};
pub(super) use held::held_mail;
pub use mails::AgeingMails;
