//! What the magnifier opens: the mail's contents in a frame that can do nothing, and what is known about the mail.

mod content;
mod showable;

use super::routes::Routes;
use crate::store::OriginalView;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// The routes of this part.
pub(super) fn routes() -> Routes {
    Routes::default().get("/mails/{id}/content", content::content)
}

/// A mail as the opened magnifier shows it. The template is `originals/original.html`, which wants it as `original`
/// beside `mail`.
#[derive(Debug, Serialize)]
pub(super) struct Opened {
    subject: String,
    forwarder_name: Option<String>,
    forwarder_address: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
    from_name: Option<String>,
    from_address: Option<String>,
    original_date: Option<DateTime<Utc>>,
    original_subject: Option<String>,
    original_message_id: Option<String>,
    note: String,
    text: String,
    has_html: bool,
    remote_pictures: usize,
    left_out_pictures: usize,
    ignored: Vec<LeftOut>,
}

/// A part of the mail that is not shown.
#[derive(Debug, Serialize)]
struct LeftOut {
    name: String,
    why: String,
}

impl Opened {
    pub(super) fn new(original: OriginalView) -> Self {
        let shown = original.html.as_deref().map(|html| showable::showable(html, &original.pictures));
        Self {
            subject: original.subject,
            forwarder_name: original.forwarder_name,
            forwarder_address: original.forwarder_address,
            sent_at: original.sent_at,
            received_at: original.received_at,
            from_name: original.from_name,
            from_address: original.from_address,
            original_date: original.original_date,
            original_subject: original.original_subject,
            original_message_id: original.original_message_id,
            note: original.note,
            text: original.text,
            has_html: shown.is_some(),
            remote_pictures: shown.as_ref().map_or(0, |shown| shown.remote_pictures),
            left_out_pictures: shown.as_ref().map_or(0, |shown| shown.left_out),
            ignored: original
                .ignored_parts
                .into_iter()
                .map(|part| LeftOut { name: part.name, why: part.why })
                .collect(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
