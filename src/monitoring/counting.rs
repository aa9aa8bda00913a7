//! What is counted and timed where it happens.

use metrics::{counter, describe_counter, describe_histogram, histogram};
use std::time::Duration;

const ROUNDS: &str = "reply_import_rounds_total";
const ROUND: &str = "reply_import_round_duration_seconds";
const MAILS: &str = "reply_import_mails_total";
const MAIL_FAILURES: &str = "reply_import_mail_failures_total";
const UNDERSTANDING: &str = "reply_import_understanding_duration_seconds";
const RECORDING: &str = "reply_import_recording_duration_seconds";
const NOTIFICATIONS: &str = "reply_import_notifications_total";
const HAND_OVER: &str = "reply_import_handover_duration_seconds";

/// The times of what takes from a thousandth of a second to minutes, in seconds: a mail is understood, a round ends.
pub(super) const BUCKETS: [(&str, &[f64]); 4] = [
    (ROUND, &[0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0]),
    (UNDERSTANDING, &[0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0]),
    (RECORDING, &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0]),
    (HAND_OVER, &[0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0]),
];

/// How a look at an inbox ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoundEnd {
    /// Nothing was to be done.
    NothingNew,
    /// A whole round, and it went well.
    Good,
    /// A whole round, in which the server refused something, such as to move a mail.
    Refused,
    /// The connection, the log-in or the database failed.
    Failed,
}

impl RoundEnd {
    const ALL: [Self; 4] = [Self::NothingNew, Self::Good, Self::Refused, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::NothingNew => "nothing_new",
            Self::Good => "good",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A look at an inbox ended, or a round through it, which took so long. `mailbox` is its label.
pub(crate) fn round_ended(mailbox: &str, end: RoundEnd, took: Option<Duration>) {
    counter!(ROUNDS, "mailbox" => mailbox.to_owned(), "result" => end.word()).increment(1);
    if let Some(took) = took {
        histogram!(ROUND).record(took);
    }
}

/// A mail was recorded. `outcome` is the outcome's word.
pub(crate) fn mail_recorded(outcome: &'static str) {
    counter!(MAILS, "outcome" => outcome).increment(1);
}

/// An attempt at so many mails failed for their own reasons.
pub(crate) fn mail_failed(mails: u64) {
    counter!(MAIL_FAILURES).increment(mails);
}

/// A mail was understood.
pub(crate) fn mail_understood(took: Duration) {
    histogram!(UNDERSTANDING).record(took);
}

/// A transaction with mails was committed, or failed.
pub(crate) fn batch_recorded(took: Duration) {
    histogram!(RECORDING).record(took);
}

/// The SMTP server was given a notification. `result` is `sent`, `put_off` or `given_up`.
pub(crate) fn handed_over(result: &'static str, took: Duration) {
    counter!(NOTIFICATIONS, "result" => result).increment(1);
    histogram!(HAND_OVER).record(took);
}

/// A mailbox is looked at from now on. `mailbox` is its label.
pub(crate) fn mailbox_begins(mailbox: &str) {
    for end in RoundEnd::ALL {
        counter!(ROUNDS, "mailbox" => mailbox.to_owned(), "result" => end.word()).increment(0);
    }
}

/// Says what they mean, and begins at zero: a rate is known only of what was there before.
pub(super) fn begin(outcomes: impl Iterator<Item = &'static str>) {
    describe_counter!(ROUNDS, "Looks at inboxes by their result; nothing_new needed no round");
    describe_histogram!(ROUND, "How long whole rounds took");
    describe_counter!(MAILS, "Mails recorded by this process, by what came of them");
    describe_counter!(
        MAIL_FAILURES,
        "Attempts at mails that failed for their own reasons; after max_attempts one is set aside"
    );
    describe_histogram!(UNDERSTANDING, "How long it took to understand a mail");
    describe_histogram!(RECORDING, "How long transactions took that record mails");
    describe_counter!(NOTIFICATIONS, "Attempts to hand a notification over to the SMTP server, by their result");
    describe_histogram!(HAND_OVER, "How long it took to hand a notification over");
    for outcome in outcomes {
        counter!(MAILS, "outcome" => outcome).increment(0);
    }
    for result in ["sent", "put_off", "given_up"] {
        counter!(NOTIFICATIONS, "result" => result).increment(0);
    }
    counter!(MAIL_FAILURES).increment(0);
}
