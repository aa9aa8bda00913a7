//! What is counted and timed, for machines that watch this one: every name of a metric stands here, with what it means.
//!
//! Prometheus reads them at `/metrics`. Labels are words of ours, and the mailbox by the name that the settings give or by
//! the number of its row: no address, subject, file name or text. Nothing is counted unless metrics are served.

mod counting;
mod gauges;
mod numbers;
mod routes;

pub(crate) use counting::{
    RoundEnd, batch_recorded, handed_over, mail_failed, mail_recorded, mail_understood, mailbox_begins, round_ended,
};
pub(crate) use gauges::{CertificateStands, LoginStands, MailboxStands, OutboxStands, Stands};
pub(crate) use numbers::Numbers;
pub(crate) use routes::{Fault, Health, Observed, router};
