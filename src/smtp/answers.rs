//! What the server's answers mean for a notification.

use super::connection::{CLOSING, Failed, Stage};
use crate::tls_words::in_words;
use crate::why_unsent;
use lettre::transport::smtp;
use lettre::transport::smtp::response::Severity;

/// Replies that refuse the log-in, the session or the sender rather than this recipient (RFC 4954, RFC 5321): the
/// notification waits until somebody has put it right.
const NOT_THE_RECIPIENT: [u16; 6] = [521, 530, 534, 535, 538, 554];

/// Enhanced codes that say the same behind a reply that usually means the recipient (RFC 3463): the sender's address is
/// refused, or policy does not let us in.
const NOT_THE_RECIPIENT_ENHANCED: [&str; 4] = ["5.1.7", "5.1.8", "5.7.", "5.5."];

/// The log-in is refused (RFC 4954).
const LOGIN_REFUSED: u16 = 535;

/// Replies by which the server says "not now" to everything: it closes, or cannot check the log-in (RFC 5321, RFC 4954).
const BUSY: [u16; 3] = [CLOSING, 432, 454];

/// What came of handing over one notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Sent,
    /// Not now, and no other mail either: the server is away or busy, or refuses the log-in or the sender. The text says why,
    /// and nothing of the mail.
    Away(String),
    /// Not now: the server refuses something else than this recipient. The text says why.
    TryLater(String),
    /// The server let us in and does not want this mail now: a full or greylisted mailbox. The text says why.
    RefusedForNow(String),
    /// The server refuses it for good. The text says why.
    Never(String),
}

/// What came of a mail that was not taken. Only where the server refuses the recipient or the text is it about this
/// notification; what fails before that would fail for every other one too.
pub(super) fn delivery(failed: &Failed) -> Delivery {
    let text = format!("{:#}", cause(&failed.error));
    let is_about_it = matches!(failed.at, Stage::Recipient | Stage::Text);
    if is_about_it && refused_for_good(&failed.error) {
        Delivery::Never(text)
    } else if is_about_it && refused_for_now(&failed.error) {
        Delivery::RefusedForNow(text)
    } else if is_about_it {
        Delivery::TryLater(text)
    } else {
        Delivery::Away(text)
    }
}

/// Whether the server refused the log-in.
pub(super) fn refuses_login(error: &smtp::Error) -> bool {
    error.status().is_some_and(|code| u16::from(code) == LOGIN_REFUSED)
}

fn refused_for_good(error: &smtp::Error) -> bool {
    error.status().is_some_and(|code| {
        let number: u16 = code.into();
        code.severity == Severity::PermanentNegativeCompletion
            && !NOT_THE_RECIPIENT.contains(&number)
            && !NOT_THE_RECIPIENT_ENHANCED.iter().any(|enhanced| innermost(error).starts_with(enhanced))
    })
}

fn refused_for_now(error: &smtp::Error) -> bool {
    error
        .status()
        .is_some_and(|code| code.severity == Severity::TransientNegativeCompletion && !BUSY.contains(&code.into()))
}

/// The cause in the server's words, once and cut.
pub(super) fn cause(error: &smtp::Error) -> anyhow::Error {
    let text = in_plain_words(error).map_or_else(
        || innermost(error).chars().filter(|c| !c.is_control()).take(300).collect::<String>(),
        ToOwned::to_owned,
    );
    match error.status() {
        Some(code) => anyhow::Error::msg(why_unsent::smtp_answered(code, &text)),
        None => anyhow::anyhow!("The SMTP server cannot be used: {text}"),
    }
}

/// What TLS failed at. Of the causes inside each other only some name it.
fn in_plain_words(error: &smtp::Error) -> Option<&'static str> {
    let outermost: &dyn std::error::Error = error;
    std::iter::successors(Some(outermost), |error| error.source()).find_map(|error| in_words(&error.to_string()))
}

/// The innermost cause, since the library prints it at every level.
fn innermost(error: &smtp::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
