//! How notifications leave.

use super::Checker;
use crate::settings::{Login, Server, Smtp, Tls, written};

impl Checker<'_> {
    pub(super) fn smtp(&mut self, smtp: written::Smtp) -> Option<Smtp> {
        let secret = self.secret("smtp.", smtp.password_file, smtp.password_command);
        let login = match (smtp.username, secret) {
            (Some(username), Some(secret)) => Some(Login { username, secret }),
            (Some(_), None) => {
                self.fault("smtp.password_file", "A `username` needs a `password_file` or `password_command`");
                return None;
            }
            (None, Some(_)) => {
                self.fault("smtp.username", "A password needs a `username`");
                return None;
            }
            (None, None) => None,
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
