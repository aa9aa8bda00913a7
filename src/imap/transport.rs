//! Bytes to and from the server: TCP with keepalive, TLS (see `tls`), and a count of what came in.
//!
//! Knows nothing of IMAP but which failures a person must mend and which pass by themselves.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::error::{ImapError, Mend, bounded};
use super::options::{ConnectOptions, Peer, Tls};
use super::tls;
use crate::progress::Progress;
use crate::tls_words::in_words;

/// One open connection, plain or TLS, that counts the bytes it received.
///
/// The count tells a slow transfer from a dead one: the parser reports a mail only when it is complete.
pub(super) struct Transport {
    inner: Box<dyn Duplex>,
    received: u64,
    progress: Progress,
}

trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// Opens the TCP connection, and TLS on it if that comes first.
pub(super) async fn connect(options: &ConnectOptions) -> Result<Transport, ImapError> {
    let tcp = connect_tcp(options).await?;
    let transport = Transport { inner: Box::new(tcp), received: 0, progress: Progress::default() };
    match options.tls {
        Tls::Implicit => secure(transport, options).await,
        Tls::StartTls | Tls::None => Ok(transport),
    }
}

/// Wraps an open connection into TLS: at once, or after the OK to STARTTLS.
pub(super) async fn secure(transport: Transport, options: &ConnectOptions) -> Result<Transport, ImapError> {
    let peer = options.peer();
    let wanted = || format!("Cannot secure the connection to {peer}");
    let connector = tls::connector(options.ca_file.as_deref()).await.map_err(|why| ImapError::WrongSettings {
        wanted: wanted(),
        why,
        mend: Mend::Settings,
    })?;
    match timeout(options.deadlines.connect, connector.connect(options.host.as_str(), transport.inner)).await {
        Ok(Ok(tls)) => Ok(Transport { inner: Box::new(tls), received: 0, progress: transport.progress }),
        Ok(Err(error)) => {
            let said = error.to_string();
            let why = in_words(&said).map_or_else(|| bounded(&said), ToOwned::to_owned);
            Err(if passes_by_itself(&said) {
                ImapError::lost(wanted(), why)
            } else {
                ImapError::WrongSettings { wanted: wanted(), why, mend: mend(&said) }
            })
        }
        Err(_elapsed) => Err(ImapError::lost(wanted(), no_answer(options.deadlines.connect))),
    }
}

impl Transport {
    /// Bytes received so far, after decryption.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// What those count who work over this connection.
    pub(super) fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

pub(super) fn no_answer(within: Duration) -> String {
    format!("no answer within {within:?}")
}

async fn connect_tcp(options: &ConnectOptions) -> Result<TcpStream, ImapError> {
    let peer = options.peer();
    let lost = |why: String| ImapError::lost(format!("Cannot connect to {peer}"), why);
    let deadline = options.deadlines.connect;
    let addresses: Vec<SocketAddr> =
        match timeout(deadline, tokio::net::lookup_host((options.host.as_str(), options.port))).await {
            Ok(found) => found.map_err(|error| lost(format!("the host name was not found ({error})")))?.collect(),
            Err(_elapsed) => return Err(lost("the name service gave no answer".into())),
        };
    let mut why = "the host name has no address".to_owned();
    for address in addresses {
        if options.tls == Tls::None && !address.ip().is_loopback() {
            return Err(unprotected(&peer));
        }
        match timeout(deadline, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                keep_alive(&tcp).map_err(|error| lost(error.to_string()))?;
                return Ok(tcp);
            }
            Ok(Err(error)) => why = error.to_string(),
            Err(_elapsed) => why = no_answer(deadline),
        }
    }
    Err(lost(why))
}

fn unprotected(peer: &Peer) -> ImapError {
    ImapError::WrongSettings {
        wanted: format!("Cannot connect to {peer}"),
        why: "without TLS only an address of this machine is allowed".into(),
        mend: Mend::Settings,
    }
}

/// A peer that vanished without a word is noticed after about two minutes, also while IDLE waits; commands are sent at
/// once, since each is one small write that somebody waits for.
fn keep_alive(tcp: &TcpStream) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_mins(1)).with_interval(Duration::from_secs(15)).with_retries(4);
    SockRef::from(tcp).set_tcp_keepalive(&keepalive)
}

/// Whether a failed handshake is worth another try. The library gives words only; those of a refused certificate and of
/// a port that speaks no TLS ("wrong version number") need a person, a connection that ended in the middle does not.
fn passes_by_itself(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["eof", "reset", "broken pipe", "closed", "timed out", "os error"].iter().any(|sign| said.contains(sign))
        && !said.contains("certificate")
}

/// What to put right after a handshake that failed for good, again by the library's words.
fn mend(said: &str) -> Mend {
    if said.contains("certificate verify failed") { Mend::Certificate } else { Mend::Settings }
}

impl AsyncRead for Transport {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let count = buffer.filled().len().saturating_sub(before);
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(count);
        self.progress.add(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("received", &self.received).finish_non_exhaustive()
    }
}
