//! Hands one notification to the SMTP server, and says what came of it.
//!
//! Whether and when to try again is not decided here.

use crate::notification::RenderedMail;
use crate::settings::{LoginBy, Smtp, Tls};
use anyhow::{Context, Result};
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Severity;
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Connecting takes no longer.
const CONNECT_DEADLINE: Duration = Duration::from_secs(30);

/// Sending one mail takes no longer. Set around the whole attempt, since the library's own timeout covers connecting
/// only; a mail that ran into it may have been accepted, and is sent again with the same Message-ID.
pub const SEND_DEADLINE: Duration = Duration::from_mins(2);

/// Connections kept open to the server.
const CONNECTIONS: u32 = 4;

/// Replies that refuse the log-in, the session or the sender rather than this recipient (RFC 4954, RFC 5321): the
/// notification waits until somebody has put it right.
const NOT_THE_RECIPIENT: [u16; 6] = [521, 530, 534, 535, 538, 554];

/// Enhanced codes that say the same behind a reply that usually means the recipient (RFC 3463): the sender's address is
/// refused, or policy does not let us in.
const NOT_THE_RECIPIENT_ENHANCED: [&str; 4] = ["5.1.7", "5.1.8", "5.7.", "5.5."];

/// The log-in is refused (RFC 4954).
const LOGIN_REFUSED: u16 = 535;

/// Replies by which the server says "not now" to everything: it closes, or cannot check the log-in (RFC 5321, RFC 4954).
const BUSY: [u16; 3] = [421, 432, 454];

/// What came of handing over one notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Sent,
    /// Not now: the server is away, busy, or refuses the log-in. The text says why.
    TryLater(String),
    /// The server let us in and does not want this mail now: a full or greylisted mailbox. The text says why.
    RefusedForNow(String),
    /// The server refuses it for good. The text says why.
    Never(String),
}

/// The way to one SMTP server, over a few connections that are kept open.
#[derive(Clone)]
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    deadline: Duration,
    by_token: bool,
    login_refused: Arc<AtomicBool>,
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
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(protection(settings)?)
            .hello_name(ClientId::default())
            .timeout(Some(CONNECT_DEADLINE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let Some(login) = &server.login {
            let secret = match &login.by {
                LoginBy::Password(secret) => secret.read()?,
                LoginBy::Token(_) => {
                    transport = transport.authentication(vec![Mechanism::Xoauth2]);
                    token.context("The log-in needs a token")?.clone()
                }
            };
            let secret = secret.expose_secret().to_owned();
            transport = transport.credentials(Credentials::new(login.username.clone(), secret));
        }
        let from = Mailbox::new(Some("reply-import".to_owned()), settings.from.as_str().parse()?);
        let by_token = token.is_some();
        let login_refused = Arc::default();
        Ok(Self { transport: transport.build(), from, deadline: SEND_DEADLINE, by_token, login_refused })
    }

    /// The same with another deadline for each attempt; it is 2 min if nothing else is said.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Connects, logs in and asks the server whether it is there.
    ///
    /// # Errors
    ///
    /// What went wrong, without any secret.
    pub async fn check(&self) -> Result<()> {
        let answer = tokio::time::timeout(self.deadline, self.transport.test_connection()).await;
        let there = answer.context("The SMTP server did not answer in time")?.map_err(|error| self.cause(&error))?;
        anyhow::ensure!(there, "The SMTP server does not answer NOOP");
        Ok(())
    }

    /// Hands over one notification.
    pub async fn send(&self, mail: &RenderedMail) -> Delivery {
        let message = match self.message(mail) {
            Ok(message) => message,
            Err(error) => return Delivery::Never(format!("{error:#}")),
        };
        match tokio::time::timeout(self.deadline, self.transport.send(message)).await {
            Err(_) => Delivery::TryLater(format!("No answer within {:?}", self.deadline)),
            Ok(Ok(_)) => Delivery::Sent,
            Ok(Err(error)) if refused_for_good(&error) => Delivery::Never(format!("{:#}", self.cause(&error))),
            Ok(Err(error)) if refused_for_now(&error) => Delivery::RefusedForNow(format!("{:#}", self.cause(&error))),
            Ok(Err(error)) => Delivery::TryLater(format!("{:#}", self.cause(&error))),
        }
    }

    /// Whether the server has refused the log-in since the way was opened: a token may have ended before its time.
    pub fn login_was_refused(&self) -> bool {
        self.login_refused.load(Ordering::Relaxed)
    }

    /// The cause in words, and a note if it is a refused log-in.
    fn cause(&self, error: &smtp::Error) -> anyhow::Error {
        // The library has no answer to the challenge by which a server refuses a token (334, then 535).
        if self.by_token && error.is_client() {
            self.login_refused.store(true, Ordering::Relaxed);
            return anyhow::anyhow!("The SMTP server refused the token");
        }
        if error.status().is_some_and(|code| u16::from(code) == LOGIN_REFUSED) {
            self.login_refused.store(true, Ordering::Relaxed);
        }
        cause(error)
    }

    fn message(&self, mail: &RenderedMail) -> Result<Message> {
        let domain = self.from.email.domain();
        let to = mail.to.as_str().parse().map_err(|error: AddressError| error).context("The address is no address")?;
        let mut builder = Message::builder()
            .from(self.from.clone())
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
        builder.multipart(MultiPart::alternative().singlepart(text).singlepart(html)).context("Cannot build the mail")
    }
}

fn protection(settings: &Smtp) -> Result<LettreTls> {
    let server = &settings.server;
    let parameters = || -> Result<TlsParameters> {
        let mut parameters = TlsParameters::builder(server.host.clone());
        if let Some(path) = &server.ca_file {
            let pem =
                std::fs::read(path).with_context(|| format!("Cannot read the certificates in {}", path.display()))?;
            let certificate = Certificate::from_pem(&pem)
                .with_context(|| format!("Cannot understand the certificates in {}", path.display()))?;
            parameters = parameters.add_root_certificate(certificate).certificate_store(CertificateStore::None);
        }
        parameters.build().context("Cannot set up TLS")
    };
    Ok(match server.tls {
        Tls::Implicit => LettreTls::Wrapper(parameters()?),
        Tls::StartTls => LettreTls::Required(parameters()?),
        Tls::None => LettreTls::None,
    })
}

fn header(name: &str, value: &str) -> Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).ok().context("A header's name is not ASCII")?;
    Ok(HeaderValue::new(name, value.to_owned()))
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
fn cause(error: &smtp::Error) -> anyhow::Error {
    let text: String = innermost(error).chars().filter(|c| !c.is_control()).take(300).collect();
    match error.status() {
        Some(code) => anyhow::anyhow!("The SMTP server answered {code}: {text}"),
        None => anyhow::anyhow!("The SMTP server cannot be used: {text}"),
    }
}

/// The innermost cause, since the library prints it at every level.
fn innermost(error: &smtp::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
