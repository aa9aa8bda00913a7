//! How a server protects its connections, seen by a connection of its own that trusts everybody: what is wrong with a
//! certificate is to be told also where it keeps the service from connecting. Nothing private is said over it.

use crate::settings::{Server, Tls};
use anyhow::{Context, Result, bail};
use openssl::asn1::Asn1Time;
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Each wait on the server is no longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Longest line that a server says before STARTTLS, and most of them; more is no mail server.
const MOST_LINES: usize = 100;

/// What a server speaks before STARTTLS.
#[derive(Clone, Copy, Debug)]
pub(super) enum Speaks {
    Imap,
    Smtp,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// `TLSv1.3`.
    pub(super) version: String,
    /// Whole days until the certificate ends; negative if it has ended.
    pub(super) days_left: i32,
}

/// Looks at a server's certificate; `None` if its connections are not protected. Blocks.
///
/// # Errors
///
/// It does not answer, or does not begin TLS.
pub(super) fn look(server: &Server, speaks: Speaks) -> Result<Option<Seen>> {
    if server.tls == Tls::None {
        return Ok(None);
    }
    let mut stream = connect(server)?;
    if server.tls == Tls::StartTls {
        start_tls(&mut stream, speaks).context("The server does not begin TLS")?;
    }
    let mut connector = SslConnector::builder(SslMethod::tls_client())?;
    connector.set_verify(SslVerifyMode::NONE);
    let connection = connector.build().configure()?.verify_hostname(false).connect(&server.host, stream);
    let connection = connection.map_err(|_| anyhow::anyhow!("The server and this machine do not agree on TLS"))?;
    let certificate = connection.ssl().peer_certificate().context("The server shows no certificate")?;
    let left = Asn1Time::days_from_now(0)?.diff(certificate.not_after())?;
    // Both parts have the same sign; a certificate that ended an hour ago has ended.
    let days_left = if left.secs < 0 { left.days - 1 } else { left.days };
    Ok(Some(Seen { version: connection.ssl().version_str().to_owned(), days_left }))
}

fn connect(server: &Server) -> Result<TcpStream> {
    let mut last = None;
    for address in (server.host.as_str(), server.port).to_socket_addrs().context("Its name cannot be looked up")? {
        match TcpStream::connect_timeout(&address, DEADLINE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(DEADLINE))?;
                stream.set_write_timeout(Some(DEADLINE))?;
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    match last {
        Some(error) => Err(error).context("It cannot be reached"),
        None => bail!("Its name has no address"),
    }
}

fn start_tls(stream: &mut TcpStream, speaks: Speaks) -> Result<()> {
    // One line at a time: nothing may be read that belongs to TLS.
    let mut reader = BufReader::with_capacity(1, stream.try_clone()?);
    match speaks {
        Speaks::Imap => {
            line_that(&mut reader, |line| line.starts_with("* "))?;
            stream.write_all(b"a STARTTLS\r\n")?;
            line_that(&mut reader, |line| line.starts_with("a OK"))
        }
        Speaks::Smtp => {
            line_that(&mut reader, |line| line.starts_with("220 "))?;
            stream.write_all(b"EHLO localhost\r\n")?;
            line_that(&mut reader, |line| line.starts_with("250 "))?;
            stream.write_all(b"STARTTLS\r\n")?;
            line_that(&mut reader, |line| line.starts_with("220 "))
        }
    }
}

fn line_that(reader: &mut impl BufRead, is_it: impl Fn(&str) -> bool) -> Result<()> {
    for _ in 0..MOST_LINES {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            bail!("it hangs up");
        }
        if is_it(&line) {
            return Ok(());
        }
        if line.starts_with("a ") || line.starts_with(['4', '5']) {
            bail!("it refuses");
        }
    }
    bail!("it says something else")
}
