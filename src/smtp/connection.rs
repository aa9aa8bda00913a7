//! One connection to the server: opened, logged in, and over it one mail after the other.
//!
//! The library's own way of sending is not used, for three reasons. It writes the end of a mail apart from its text: the
//! second of two small writes waits for the peer's acknowledgement (Nagle), which comes 40 ms late (delayed ACK), and
//! there is no switch for that. It asks by NOOP before every mail, and never sends two commands in one flight. And it
//! throws a connection away whenever a recipient is refused. What it knows of SMTP, TLS and logging in is used.

use super::message::Letter;
use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::fmt;
use std::time::Duration;

/// Connecting takes no longer.
const CONNECT_DEADLINE: Duration = Duration::from_secs(30);

/// The server's farewell is waited for no longer.
const FAREWELL: Duration = Duration::from_secs(5);

/// The reply with which the server ends the connection (RFC 5321).
pub(super) const CLOSING: u16 = 421;

/// How a connection is made.
pub(super) struct Way {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) hello: ClientId,
    pub(super) login: Option<(Credentials, Vec<Mechanism>)>,
}

/// Up to where the handing over of a mail came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// There is no connection, or no log-in.
    Connection,
    /// The sender was told. Nothing of the mail has left yet.
    Sender,
    /// The recipient was told.
    Recipient,
    /// The text went out: if no reply came, the server may have taken it.
    Text,
}

/// A mail was not taken.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) at: Stage,
    pub(super) error: smtp::Error,
}

impl Failed {
    /// Whether another connection could fare better: nothing of the text has left, and the server ended this connection,
    /// or wants no further sender over it.
    pub(super) fn is_of_the_connection(&self) -> bool {
        match self.at {
            Stage::Connection | Stage::Sender => true,
            Stage::Recipient => ends_connection(&self.error),
            Stage::Text => false,
        }
    }
}

/// Why a mail was not handed over.
#[derive(Debug)]
pub(super) enum NotHandedOver {
    /// The server did not take it, or cannot be reached.
    Failed(Failed),
    /// The server knows of no address that is not ASCII, and the recipient's is not.
    CannotBeNamed,
}

impl From<Failed> for NotHandedOver {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// A connection that is logged in.
pub(super) struct Connection {
    inner: AsyncSmtpConnection,
    /// The server takes several commands in one flight (RFC 2920).
    pipelining: bool,
    usable: bool,
}

impl Way {
    /// Connects, protects the connection and logs in.
    pub(super) async fn connect(&self) -> Result<Connection, smtp::Error> {
        let from_the_start = |tls: &Tls| -> Option<TlsParameters> {
            if let Tls::Wrapper(parameters) = tls { Some(parameters.clone()) } else { None }
        };
        let server = (self.host.as_str(), self.port);
        let mut inner = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(CONNECT_DEADLINE),
            &self.hello,
            from_the_start(&self.tls),
            None,
        )
        .await?;
        if let Tls::Required(parameters) = &self.tls {
            inner.starttls(parameters.clone(), &self.hello).await?;
        }
        if let Some((credentials, mechanisms)) = &self.login {
            inner.auth(mechanisms, credentials).await?;
        }
        // The library keeps no word of the extensions that it does not use itself.
        let pipelining = match inner.command(Ehlo::new(self.hello.clone())).await {
            Ok(response) => response.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING")),
            Err(error) if ends_connection(&error) => return Err(error),
            Err(_) => false,
        };
        Ok(Connection { inner, pipelining, usable: true })
    }
}

impl Connection {
    /// Whether the server can be told whom this mail is to: of an address that is not ASCII it must know (RFC 6531).
    pub(super) fn can_name(&self, letter: &Letter) -> bool {
        letter.envelope.to().iter().all(is_ascii) || self.knows(Extension::SmtpUtfEight)
    }

    fn knows(&self, extension: Extension) -> bool {
        self.inner.server_info().supports_feature(extension)
    }

    /// Whether a further mail can go over it.
    pub(super) fn is_usable(&self) -> bool {
        self.usable
    }

    /// Hands a mail over. The connection is of no more use afterwards if the server ended it, or did not answer as it should.
    pub(super) async fn hand_over(&mut self, letter: &Letter) -> Result<(), Failed> {
        // Whoever drops this in the middle leaves half a dialogue behind.
        self.usable = false;
        let done = self.dialogue(letter).await;
        self.usable = match &done {
            Err(failed) if ends_connection(&failed.error) => false,
            // It may be the session that the server has had enough of: so many mails, so much time.
            Err(Failed { at: Stage::Connection | Stage::Sender, .. }) => false,
            // A refused recipient leaves the sender standing, a refused text leaves nothing.
            Err(Failed { at: Stage::Recipient, .. }) => self.inner.command(Rset).await.is_ok(),
            Ok(()) | Err(Failed { at: Stage::Text, .. }) => true,
        };
        done
    }

    async fn dialogue(&mut self, letter: &Letter) -> Result<(), Failed> {
        let failed_at = |at| move |error| Failed { at, error };
        let sender = Mail::new(letter.envelope.from().cloned(), self.parameters(letter));
        let recipients = letter.envelope.to().iter().map(|to: &Address| Rcpt::new(to.clone(), Vec::new()));
        if self.pipelining {
            let recipients: Vec<Rcpt> = recipients.collect();
            let told = self.in_one_flight(&sender, &recipients).await;
            told?;
        } else {
            self.inner.command(sender).await.map_err(failed_at(Stage::Sender))?;
            for recipient in recipients {
                self.inner.command(recipient).await.map_err(failed_at(Stage::Recipient))?;
            }
            self.inner.command(Data).await.map_err(failed_at(Stage::Recipient))?;
        }
        self.inner.command(Text(&letter.text)).await.map_err(failed_at(Stage::Text))?;
        Ok(())
    }

    /// MAIL, RCPT and DATA without waiting in between; each has its reply, in this order.
    async fn in_one_flight(&mut self, sender: &Mail, recipients: &[Rcpt]) -> Result<(), Failed> {
        let mut first = Some(self.inner.command(Flight(sender, recipients)).await);
        let mut refusal = None;
        let stages = std::iter::once(Stage::Sender).chain(recipients.iter().map(|_| Stage::Recipient));
        for at in stages {
            if let Err(error) = self.next_reply(&mut first).await {
                let failed = Failed { at, error };
                if ends_connection(&failed.error) {
                    return Err(refusal.unwrap_or(failed));
                }
                refusal.get_or_insert(failed);
            }
        }
        match (refusal, self.next_reply(&mut first).await) {
            (None, go_on) => go_on.map(drop).map_err(|error| Failed { at: Stage::Recipient, error }),
            (Some(refusal), Err(_)) => Err(refusal),
            // It wants a text for nobody: an empty one ends that, whatever it answers.
            (Some(refusal), Ok(_)) => {
                let _ = self.inner.command(Text("")).await;
                Err(refusal)
            }
        }
    }

    async fn next_reply(&mut self, first: &mut Option<Result<Response, smtp::Error>>) -> Result<Response, smtp::Error> {
        match first.take() {
            Some(reply) => reply,
            None => self.inner.read_response().await,
        }
    }

    /// What has to be said of a mail that is not ASCII alone. A server that knows no such sender takes no mail at all.
    fn parameters(&self, letter: &Letter) -> Vec<MailParameter> {
        let mut parameters = Vec::new();
        let mut addresses = letter.envelope.to().iter().chain(letter.envelope.from());
        if !addresses.all(is_ascii) {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !letter.text.is_ascii() && self.knows(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        parameters
    }

    /// Asks whether the server would take a mail, and takes the question back before any text.
    pub(super) async fn would_take(&mut self, from: Address, to: Address) -> Result<(), smtp::Error> {
        self.inner.command(Mail::new(Some(from), Vec::new())).await?;
        self.inner.command(Rcpt::new(to, Vec::new())).await?;
        self.inner.command(Rset).await?;
        Ok(())
    }

    /// Whether the server still answers.
    pub(super) async fn answers(&mut self) -> bool {
        self.inner.test_connected().await
    }

    /// Takes leave, if the server may still be there to hear it.
    pub(super) async fn leave(self, failed: &Failed) {
        if !ends_connection(&failed.error) {
            self.quit().await;
        }
    }

    /// Takes leave.
    pub(super) async fn quit(mut self) {
        // Whether the server says goodbye is of no consequence.
        let _ = tokio::time::timeout(FAREWELL, self.inner.command(Quit)).await;
    }
}

/// Commands that go out together.
struct Flight<'a>(&'a Mail, &'a [Rcpt]);

impl fmt::Display for Flight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        self.1.iter().try_for_each(|recipient| recipient.fmt(f))?;
        Data.fmt(f)
    }
}

/// A mail's text with its end, in one piece: lines that begin with a dot get a second one (RFC 5321, section 4.5.2).
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        if !self.0.is_empty() && !self.0.ends_with("\r\n") {
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}

/// Whether the connection is of no more use: the server closes it, or gave no reply that could be read.
fn ends_connection(error: &smtp::Error) -> bool {
    error.status().is_none_or(|code| u16::from(code) == CLOSING)
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_ends_with_a_dot_alone_and_no_other_line_is_one() {
        for (text, sent) in [
            ("", ".\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n", "..\r\n.\r\n"),
            ("a\r\n.\r\n.b\r\n\r\n", "a\r\n..\r\n..b\r\n\r\n.\r\n"),
            ("a.\r\n b.c", "a.\r\n b.c\r\n.\r\n"),
        ] {
            assert_eq!(Text(text).to_string(), sent, "{text:?}");
        }
    }
}
