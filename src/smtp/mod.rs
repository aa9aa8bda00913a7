//! Hands one notification to the SMTP server, and says what came of it.
//!
//! Whether and when to try again is not decided here.

mod answers;
mod connection;
mod message;

pub use answers::Delivery;

use crate::notification::RenderedMail;
use crate::settings::{LoginBy, Smtp, Tls};
use crate::why_unsent;
use anyhow::{Context, Result, ensure};
use connection::{Connection, Failed, NotHandedOver, Stage, Way};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use message::Letter;
use openssl::x509::X509;
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Noted where the server knows no SMTPUTF8 and the recipient needs it.
const CANNOT_BE_NAMED: &str =
    "The SMTP server takes no address that is not ASCII (SMTPUTF8): give the person an address that it takes";

/// Sending one mail takes no longer. Set around the whole attempt, since the library's own timeout covers connecting
/// only; a mail that ran into it may have been accepted, and is sent again with the same Message-ID.
pub const SEND_DEADLINE: Duration = Duration::from_mins(2);

/// The way to one SMTP server, over at most as many connections as the settings say; they are kept open until
/// [`Sender::close`].
#[derive(Clone)]
pub struct Sender {
    shared: Arc<Shared>,
    deadline: Duration,
}

struct Shared {
    way: Way,
    from: Mailbox,
    by_token: bool,
    login_refused: AtomicBool,
    /// So many connections may be open at a time.
    connections: usize,
    places: Semaphore,
    /// Those that nobody uses just now; the last one was used last.
    kept: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl Sender {
    /// Prepares the way; connects only when something is sent. Reads the password: call off the async threads. Where the
    /// log-in is by an access token, `token` is it.
    ///
    /// # Errors
    ///
    /// The password or the certificates cannot be read.
    pub fn open(settings: &Smtp, token: Option<&SecretString>) -> Result<Self> {
        let server = &settings.server;
        let login = match &server.login {
            Some(login) => {
                let (secret, mechanisms) = match &login.by {
                    LoginBy::Password(secret) => (secret.read()?, DEFAULT_MECHANISMS.to_vec()),
                    LoginBy::Token(_) => (token.context("The log-in needs a token")?.clone(), vec![Mechanism::Xoauth2]),
                };
                let secret = secret.expose_secret().to_owned();
                Some((Credentials::new(login.username.clone(), secret), mechanisms))
            }
            None => None,
        };
        let (host, port, tls) = (server.host.clone(), server.port, protection(settings)?);
        let connections = usize::from(settings.connections.get());
        let shared = Shared {
            way: Way { host, port, tls, hello: ClientId::default(), login },
            from: Mailbox::new(Some("reply-import".to_owned()), settings.from.as_str().parse()?),
            by_token: token.is_some(),
            login_refused: AtomicBool::new(false),
            connections,
            places: Semaphore::new(connections),
            kept: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared), deadline: SEND_DEADLINE })
    }

    /// The same with another deadline for each attempt; it is 2 min if nothing else is said.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// So many mails can be on their way at a time, each over a connection of its own; a further one waits.
    pub fn connections(&self) -> usize {
        self.shared.connections
    }

    /// Connects, logs in, asks the server whether it is there, and whether it would take a mail to `recipient` from the sender
    /// of notifications; sends none.
    ///
    /// # Errors
    ///
    /// What went wrong, without any secret.
    pub async fn check(&self, recipient: &str) -> Result<()> {
        let (from, to) = (self.shared.from.email.clone(), recipient.parse()?);
        let asking = async {
            let mut connection = self.shared.connect().await.map_err(|failed| self.shared.cause(&failed))?;
            let there = connection.answers().await;
            let taken = if there { connection.would_take(from, to).await } else { Ok(()) };
            connection.quit().await;
            anyhow::ensure!(there, "The SMTP server does not answer NOOP");
            taken.context("The SMTP server takes no mail from `[smtp] from` to that address")
        };
        tokio::time::timeout(self.deadline, asking).await.context("The SMTP server did not answer in time")?
    }

    /// Hands over one notification.
    pub async fn send(&self, mail: &RenderedMail) -> Delivery {
        let letter = match message::letter(mail, &self.shared.from) {
            Ok(letter) => letter,
            Err(error) => return Delivery::Never(format!("{error:#}")),
        };
        match tokio::time::timeout(self.deadline, self.shared.hand_over(&letter)).await {
            Err(_) => Delivery::Away(why_unsent::smtp_silent(self.deadline)),
            Ok(Ok(())) => Delivery::Sent,
            Ok(Err(NotHandedOver::CannotBeNamed)) => Delivery::Never(CANNOT_BE_NAMED.to_owned()),
            Ok(Err(NotHandedOver::Failed(failed))) if self.shared.token_is_refused(&failed) => {
                Delivery::Away(format!("{:#}", self.shared.cause(&failed)))
            }
            Ok(Err(NotHandedOver::Failed(failed))) => answers::delivery(&failed),
        }
    }

    /// Whether the server has refused the log-in since the way was opened: a password that was changed, a token that has
    /// ended before its time. What is sent over this way would be refused again.
    pub fn login_was_refused(&self) -> bool {
        self.shared.login_refused.load(Ordering::Relaxed)
    }

    /// Takes leave of the server on the connections that nobody uses. What is sent later makes new ones.
    pub async fn close(&self) {
        let kept = std::mem::take(&mut *self.shared.kept());
        futures::future::join_all(kept.into_iter().map(Connection::quit)).await;
    }
}

impl Shared {
    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Over a kept connection, or a new one. The server may have closed a kept one meanwhile, or take no more over it,
    /// which shows before any of the text has left: then it goes over a new one.
    async fn hand_over(&self, letter: &Letter) -> Result<(), NotHandedOver> {
        // It is never closed.
        let _place = self.places.acquire().await.ok();
        let kept = self.kept().pop();
        if let Some(kept) = kept {
            match self.over(kept, letter).await {
                Err(NotHandedOver::Failed(failed)) if failed.is_of_the_connection() => {}
                done => return done,
            }
        }
        let new = self.connect().await?;
        self.over(new, letter).await
    }

    /// Over this connection, which is kept if more can go over it.
    async fn over(&self, mut connection: Connection, letter: &Letter) -> Result<(), NotHandedOver> {
        if !connection.can_name(letter) {
            self.kept().push(connection);
            return Err(NotHandedOver::CannotBeNamed);
        }
        let done = connection.hand_over(letter).await;
        if connection.is_usable() {
            self.kept().push(connection);
        } else if let Err(failed) = &done {
            connection.leave(failed).await;
        }
        Ok(done?)
    }

    async fn connect(&self) -> Result<Connection, Failed> {
        let connected = self.way.connect().await.map_err(|error| Failed { at: Stage::Connection, error });
        connected.inspect_err(|failed| {
            if self.token_is_refused(failed) || answers::refuses_login(&failed.error) {
                self.login_refused.store(true, Ordering::Relaxed);
            }
        })
    }

    /// The library has no answer to the challenge by which a server refuses a token (334, then 535).
    fn token_is_refused(&self, failed: &Failed) -> bool {
        self.by_token && failed.at == Stage::Connection && failed.error.is_client()
    }

    /// The cause in words.
    fn cause(&self, failed: &Failed) -> anyhow::Error {
        if self.token_is_refused(failed) {
            return anyhow::anyhow!("The SMTP server refused the token");
        }
        answers::cause(&failed.error)
    }
}

fn protection(settings: &Smtp) -> Result<LettreTls> {
    let server = &settings.server;
    let parameters = || -> Result<TlsParameters> {
        let mut parameters = TlsParameters::builder(server.host.clone());
        if let Some(path) = &server.ca_file {
            let pem =
                std::fs::read(path).with_context(|| format!("Cannot read the certificates in {}", path.display()))?;
            let wrong = || format!("Cannot understand the certificates in {}", path.display());
            // The library's own reader of PEM takes the first and no other.
            let certificates = X509::stack_from_pem(&pem).with_context(wrong)?;
            ensure!(!certificates.is_empty(), "There is no certificate in {}", path.display());
            parameters = parameters.certificate_store(CertificateStore::None);
            for certificate in certificates {
                let certificate = Certificate::from_der(certificate.to_der()?).with_context(wrong)?;
                parameters = parameters.add_root_certificate(certificate);
            }
        }
        parameters.build().context("Cannot set up TLS")
    };
    Ok(match server.tls {
        Tls::Implicit => LettreTls::Wrapper(parameters()?),
        Tls::StartTls => LettreTls::Required(parameters()?),
        Tls::None => LettreTls::None,
    })
}
