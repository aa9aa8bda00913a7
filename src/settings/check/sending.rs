//! How notifications leave.

use super::checker::Checker;
use super::oauth2::WrittenLogin;
use crate::settings::{Login, Mechanism, Notify, QuietBefore, Server, Smtp, Tls, written};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::num::NonZero;

/// How a mailbox's own first connection is written.
const FIRST_CONNECTION: &str = "first-connection";

impl Checker<'_> {
    pub(super) fn notify(&mut self, notify: &written::Notify) -> Notify {
        let quiet_before = notify.quiet_before.as_deref().and_then(|text| {
            let quiet = quiet_before(text);
            if quiet.is_none() {
                let text = format!(
                    "`{text}` is neither \"{FIRST_CONNECTION}\" nor a day such as \"2026-11-29\" nor a time such as \
                     \"2026-11-29T08:00:00+01:00\""
                );
                self.fault("notify.quiet_before", text);
            }
            quiet
        });
        let at = &notify.office_digest;
        let office_digest = NaiveTime::parse_from_str(at, "%H:%M").ok();
        if office_digest.is_none() && at != "never" {
            self.fault("notify.office_digest", format!("`{at}` is neither a time such as \"07:30\" nor \"never\""));
        }
        Notify { content: notify.content, digest_after: notify.digest_after, quiet_before, office_digest }
    }

    pub(super) fn smtp(&mut self, smtp: written::Smtp) -> Option<Smtp> {
        let (password_file, password_command) = (smtp.password_file, smtp.password_command);
        let is_written = password_file.is_some() || password_command.is_some() || smtp.oauth2.is_some();
        if smtp.oauth2.as_ref().is_some_and(|oauth2| oauth2.mechanism == Mechanism::OAuthBearer) {
            self.fault("smtp.oauth2.mechanism", "Mail is sent with \"xoauth2\" only; leave the key out");
        }
        let by = self.login("smtp.", WrittenLogin { password_file, password_command, oauth2: smtp.oauth2 });
        let login = match (smtp.username, by) {
            (Some(username), Some(by)) => Some(Login { username, by }),
            (Some(_), None) if !is_written => {
                let text = "A `username` needs a `password_file`, a `password_command` or `oauth2`";
                self.fault("smtp.password_file", text);
                return None;
            }
            (None, _) if is_written => {
                self.fault("smtp.username", "A password or `oauth2` needs a `username`");
                return None;
            }
            // With what is written there is a fault that was named.
            _ => None,
        };
        self.protected("smtp.tls", smtp.tls, &smtp.host);
        let ca_file = smtp.ca_file.map(|path| self.places.beside(&path));
        self.file("smtp.ca_file", ca_file.as_deref());
        let port = smtp.port.unwrap_or(match smtp.tls {
            Tls::Implicit => 465,
            Tls::StartTls => 587,
            Tls::None => 25,
        });
        let server = Server { host: smtp.host, port, tls: smtp.tls, ca_file, login };
        let connections = NonZero::new(smtp.connections.min(Smtp::MOST_CONNECTIONS));
        if connections.is_none() || smtp.connections > Smtp::MOST_CONNECTIONS {
            self.fault("smtp.connections", format!("Write a number from 1 to {}", Smtp::MOST_CONNECTIONS));
        }
        Some(Smtp { server, from: smtp.from, connections: connections? })
    }
}

fn quiet_before(text: &str) -> Option<QuietBefore> {
    if text == FIRST_CONNECTION {
        return Some(QuietBefore::FirstConnection);
    }
    let time = DateTime::parse_from_rfc3339(text).map(|time| QuietBefore::Time(time.with_timezone(&Utc)));
    time.or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").map(QuietBefore::Day)).ok()
}
