//! Builds the mail that is handed over, with the headers by which other programs know what it is.

use crate::notification::RenderedMail;
use anyhow::{Context, Result};
use lettre::Message;
use lettre::address::{AddressError, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

/// A mail as it goes over the connection.
pub(super) struct Letter {
    /// From whom and to whom.
    pub(super) envelope: Envelope,
    /// Head and body, lines ended by CRLF; dots at the start of lines are not doubled yet.
    pub(super) text: String,
}

/// Builds it; the Message-ID is the notification's own, however often it is built.
///
/// # Errors
///
/// The recipient's address is none that mail can be sent to.
pub(super) fn letter(mail: &RenderedMail, from: &Mailbox) -> Result<Letter> {
    let domain = from.email.domain();
    let to = mail.to.as_str().parse().map_err(|error: AddressError| error).context("The address is no address")?;
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(mail.to_name.clone(), to))
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@{domain}>", mail.message_key)))
        .raw_header(header("Auto-Submitted", "auto-generated")?)
        .raw_header(header("X-Auto-Response-Suppress", "All")?)
        .raw_header(header("X-Loop", &mail.loop_address)?);
    if let Some(thread) = &mail.thread_key {
        let root = format!("<{thread}@{domain}>");
        builder = builder.in_reply_to(root.clone()).references(root);
    }
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.clone());
    let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(mail.html.clone());
    let both = MultiPart::alternative().singlepart(text).singlepart(html);
    let message = builder.multipart(both).context("Cannot build the mail")?;
    let text = String::from_utf8(message.formatted()).context("Cannot build the mail")?;
    Ok(Letter { envelope: message.envelope().clone(), text })
}

fn header(name: &str, value: &str) -> Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).ok().context("A header's name is not ASCII")?;
    Ok(HeaderValue::new(name, value.to_owned()))
}
