//! How notifications leave.

use super::Checker;
use super::oauth2::WrittenLogin;
use crate::settings::{Login, Mechanism, Server, Smtp, Tls, written};

impl Checker<'_> {
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
        Some(Smtp { server, from: smtp.from })
    }
}
