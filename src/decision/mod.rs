//! What a mail means for the office: the facts known, the rule, and what came of it.
//!
//! Pure. The business rule is the function [`decide`], the table of outcomes is [`ImportOutcome`]; every check leaves
//! what it saw in the decision record, so that a person can follow it later.

mod check;
mod decide;
mod keeping;
mod known;
mod outcome;
mod person;
mod reach;
mod reason;
mod sender_match;
mod webhook_event;

#[cfg(test)]
mod tests;

pub use check::{Check, CheckName};
pub use decide::{Decided, Decision, decide};
pub use keeping::WasRead;
pub use known::{Earlier, Known, KnownApplication, KnownUser, NearMiss, Responsible, SameReply, Unfiled};
pub use outcome::{DecidedBy, ImportOutcome};
pub use person::{assigned_by_a_person, taken_back_by_a_person};
pub use reach::{DecisionRules, Reach};
pub use reason::{WhySetAside, WhyUnassigned, answer_to, answers_to};
pub use sender_match::SenderMatch;
pub use webhook_event::WebhookEvent;
