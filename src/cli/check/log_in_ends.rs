//! How long a log-in lasts.

use super::line::Lines;
use crate::cli::log_ins::LoginStatus;
use crate::oauth2::Urgency;
use crate::settings::Server;
use anyhow::Result;
use chrono::Utc;

/// Whether nothing must be renewed within days.
pub(super) fn say_what_ends(about: &str, server: &Server, lines: &mut Lines) -> Result<()> {
    match LoginStatus::of(server, None, Utc::now()).doubt() {
        None => Ok(()),
        Some((Urgency::Now, text)) => {
            lines.fail(about, &text, "renew it where the log-in was set up (README, OAuth 2)")
        }
        Some((_, text)) => lines.note(about, &text),
    }
}
