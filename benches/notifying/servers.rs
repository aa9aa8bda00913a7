//! The servers that notifications are handed over to.

use crate::harness::{Dovecot, Folder, Postfix, SmtpSink};
use reply_import::application::EmailAddress;
use reply_import::settings::{Login, LoginBy, Secret, Server, Smtp, Tls};
use std::num::NonZero;

/// Which server, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sink,
    PostfixPlain,
    PostfixStartTls,
    PostfixTls,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Sink, Self::PostfixPlain, Self::PostfixStartTls, Self::PostfixTls];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sink => "sink",
            Self::PostfixPlain => "Postfix",
            Self::PostfixStartTls => "Postfix with STARTTLS",
            Self::PostfixTls => "Postfix with TLS",
        }
    }
}

/// All of them, running.
pub struct Servers {
    sink: SmtpSink,
    postfix: Postfix,
    folder: Folder,
    _dovecot: Dovecot,
}

impl Servers {
    pub fn start() -> Self {
        let dovecot = Dovecot::builder().user("notices", "leise").start();
        // What it takes stays in its queue, put on hold: how fast it delivers is not measured.
        let postfix = Postfix::builder()
            .extra(
                "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject\n\
                 smtpd_recipient_restrictions = check_client_access static:HOLD, permit\n\
                 smtpd_client_message_rate_limit = 0\nsmtpd_client_connection_count_limit = 0",
            )
            .start(&dovecot);
        let folder = Folder::create();
        folder.write("password", "leise\n");
        Self { sink: SmtpSink::start(), postfix, folder, _dovecot: dovecot }
    }

    pub fn smtp(&self, kind: Kind, connections: u16) -> Smtp {
        let (port, tls) = match kind {
            Kind::Sink => (self.sink.port(), Tls::None),
            Kind::PostfixPlain => (self.postfix.port(), Tls::None),
            Kind::PostfixStartTls => (self.postfix.port(), Tls::StartTls),
            Kind::PostfixTls => (self.postfix.tls_port(), Tls::Implicit),
        };
        let is_protected = tls != Tls::None;
        let password = || LoginBy::Password(Secret::File(self.folder.join("password")));
        Smtp {
            server: Server {
                host: "127.0.0.1".to_owned(),
                port,
                tls,
                ca_file: is_protected.then(|| self.postfix.ca_file().to_owned()),
                login: is_protected.then(|| Login { username: "notices".to_owned(), by: password() }),
            },
            from: EmailAddress::parse("notices@example.test").unwrap(),
            connections: NonZero::new(connections).unwrap(),
        }
    }
}
