//! How things stand when they are asked for: numbers that are looked up and not counted.

use chrono::{DateTime, Utc};
use metrics::{describe_gauge, gauge};

const BUILD: &str = "reply_import_build_info";
const STARTED: &str = "reply_import_start_time_seconds";
const DATABASE: &str = "reply_import_database_up";
const LAST_GOOD_ROUND: &str = "reply_import_last_good_round_timestamp_seconds";
const LAST_ROUND_OK: &str = "reply_import_last_round_ok";
const WAITING: &str = "reply_import_waiting_mails";
const STRANDED: &str = "reply_import_stranded_mails";
const OUTBOX: &str = "reply_import_outbox_notifications";
const OLDEST: &str = "reply_import_outbox_oldest_timestamp_seconds";
const LOGIN: &str = "reply_import_login_days_left";
const CERTIFICATE: &str = "reply_import_certificate_days_left";

/// How everything stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stands {
    /// When this process began.
    pub started: DateTime<Utc>,
    /// The log-ins of which it is known that they end.
    pub logins: Vec<LoginStands>,
    /// The servers whose certificate was seen.
    pub certificates: Vec<CertificateStands>,
    /// What the database says; `None` if it does not answer in time.
    pub recorded: Option<(Vec<MailboxStands>, OutboxStands)>,
}

/// How a mailbox stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailboxStands {
    /// Its label.
    pub mailbox: String,
    /// When a round last ended well.
    pub last_good_round: Option<DateTime<Utc>>,
    /// Whether the last round ended well; `None` before the first.
    pub ok: Option<bool>,
    /// Unseen mails in the inbox after the last round.
    pub waiting: u64,
    /// Seen mails in the inbox without a record.
    pub stranded: u64,
}

/// How the outbox stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutboxStands {
    /// Not sent yet.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Since when the oldest of those waits that are not sent yet.
    pub oldest: Option<DateTime<Utc>>,
}

/// How long a log-in lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoginStands {
    /// The mailbox's label, or `smtp`.
    pub login: String,
    /// What ends: `client secret`, `client certificate` or `refresh token`.
    pub what: &'static str,
    /// Whole days until then, negative afterwards.
    pub days_left: i64,
}

/// How long a server's certificate lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateStands {
    /// As in the settings: `imap.example.com:993`.
    pub server: String,
    /// Whole days until then, negative afterwards.
    pub days_left: i32,
}

/// Shows them to the recorder that is there.
pub(super) fn show(stands: &Stands) {
    describe_gauge!(BUILD, "Always 1; the label says which version runs");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    describe_gauge!(STARTED, "When this process began");
    gauge!(STARTED).set(seconds(stands.started));
    describe_gauge!(
        DATABASE,
        "1 if the database answers, 0 if not; then it cannot be told how mailboxes and outbox stand"
    );
    gauge!(DATABASE).set(truth(stands.recorded.is_some()));
    describe_gauge!(LOGIN, "Days until something ends that a person must renew");
    for login in &stands.logins {
        gauge!(LOGIN, "login" => login.login.clone(), "what" => login.what).set(float(login.days_left));
    }
    describe_gauge!(CERTIFICATE, "Days until the certificate of a mail server ends, as it was last seen");
    for certificate in &stands.certificates {
        gauge!(CERTIFICATE, "server" => certificate.server.clone()).set(f64::from(certificate.days_left));
    }
    if let Some((mailboxes, outbox)) = &stands.recorded {
        show_mailboxes(mailboxes);
        show_outbox(outbox);
    }
}

fn show_mailboxes(mailboxes: &[MailboxStands]) {
    describe_gauge!(LAST_GOOD_ROUND, "When a round through the mailbox last ended well, by any worker; 0 if never");
    describe_gauge!(LAST_ROUND_OK, "1 if the last round through the mailbox ended well, 0 if not");
    describe_gauge!(WAITING, "Unseen mails in the inbox after the last round");
    describe_gauge!(STRANDED, "Mails in the inbox that somebody opened before they were recorded");
    for stands in mailboxes {
        let mailbox = || stands.mailbox.clone();
        gauge!(LAST_GOOD_ROUND, "mailbox" => mailbox()).set(stands.last_good_round.map_or(0.0, seconds));
        if let Some(ok) = stands.ok {
            gauge!(LAST_ROUND_OK, "mailbox" => mailbox()).set(truth(ok));
        }
        gauge!(WAITING, "mailbox" => mailbox()).set(float(stands.waiting));
        gauge!(STRANDED, "mailbox" => mailbox()).set(float(stands.stranded));
    }
}

fn show_outbox(outbox: &OutboxStands) {
    describe_gauge!(OUTBOX, "Notifications that are pending, or failed for good; those sent are counted");
    gauge!(OUTBOX, "state" => "pending").set(float(outbox.pending));
    gauge!(OUTBOX, "state" => "failed").set(float(outbox.failed));
    describe_gauge!(OLDEST, "Since when the oldest pending notification waits; not there if none does");
    if let Some(oldest) = outbox.oldest {
        gauge!(OLDEST).set(seconds(oldest));
    }
}

fn seconds(time: DateTime<Utc>) -> f64 {
    float(time.timestamp())
}

fn truth(is_true: bool) -> f64 {
    if is_true { 1.0 } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of mails, days and seconds are far below 2^52")]
fn float(number: impl TryInto<i64>) -> f64 {
    number.try_into().unwrap_or(i64::MAX) as f64
}
