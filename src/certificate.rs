//! How a server protects its connections, seen by a connection of its own that trusts everybody: what is wrong with a
//! certificate is to be told also where it keeps the service from connecting. Nothing private is said over it.

use crate::settings::{Server, Tls};
use anyhow::{Context, Result, anyhow, bail};
use openssl::asn1::Asn1Time;
use openssl::ssl::{HandshakeError, SslConnector, SslMethod, SslVerifyMode};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Each wait on the server is no longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Most lines that a server says before STARTTLS, and the longest one in octets; more is no mail server.
const MOST_LINES: usize = 100;
const LONGEST_LINE: u64 = 8 << 10;

/// A certificate that ends within so many days is due to be replaced.
pub(crate) const DUE_DAYS: i32 = 14;

/// What a server speaks before STARTTLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Speaks {
    /// IMAP (RFC 9051, section 6.2.1).
    Imap,
    /// SMTP (RFC 3207).
    Smtp,
}

/// What was seen of a server's protection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// `TLSv1.3`.
    pub version: String,
    /// Whole days until the certificate ends; negative if it has ended.
    pub days_left: i32,
}

/// Looks at a server's certificate; `None` if its connections are not protected. Blocks.
///
/// # Errors
///
/// It does not answer, or does not begin TLS.
pub(crate) fn look(server: &Server, speaks: Speaks) -> Result<Option<Seen>> {
    look_within(DEADLINE, server, speaks)
}

fn look_within(deadline: Duration, server: &Server, speaks: Speaks) -> Result<Option<Seen>> {
    if server.tls == Tls::None {
        return Ok(None);
    }
    let mut stream = connect(deadline, server)?;
    if server.tls == Tls::StartTls {
        start_tls(&mut stream, speaks).context("The server does not begin TLS")?;
    }
    let mut connector = SslConnector::builder(SslMethod::tls_client())?;
    connector.set_verify(SslVerifyMode::NONE);
    let connection = connector.build().configure()?.verify_hostname(false).connect(&server.host, stream);
    let connection = connection.map_err(|error| match error {
        HandshakeError::WouldBlock(_) => anyhow!("The server does not answer within {deadline:?}"),
        _ => anyhow!("The server and this machine do not agree on TLS"),
    })?;
    let certificate = connection.ssl().peer_certificate().context("The server shows no certificate")?;
    let left = Asn1Time::days_from_now(0)?.diff(certificate.not_after())?;
    // Both parts have the same sign; a certificate that ended an hour ago has ended.
    let days_left = if left.secs < 0 { left.days - 1 } else { left.days };
    Ok(Some(Seen { version: connection.ssl().version_str().to_owned(), days_left }))
}

fn connect(deadline: Duration, server: &Server) -> Result<TcpStream> {
    let mut last = None;
    for address in (server.host.as_str(), server.port).to_socket_addrs().context("Its name cannot be looked up")? {
        match TcpStream::connect_timeout(&address, deadline) {
            Ok(stream) => {
                stream.set_read_timeout(Some(deadline))?;
                stream.set_write_timeout(Some(deadline))?;
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
        let read = reader.by_ref().take(LONGEST_LINE).read_line(&mut line).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => anyhow!("it does not answer in time"),
            _ => error.into(),
        })?;
        if read == 0 {
            bail!("it hangs up");
        }
        if !line.ends_with('\n') {
            break;
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

#[cfg(test)]
mod tests {
    use super::{Speaks, look, look_within};
    use crate::settings::{Server, Tls};
    use openssl::asn1::Asn1Time;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;
    use openssl::ssl::{SslAcceptor, SslMethod};
    use openssl::x509::X509;
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    const DAY: i64 = 86_400;

    fn server(listener: &TcpListener, tls: Tls) -> Server {
        let port = listener.local_addr().unwrap().port();
        Server { host: "127.0.0.1".to_owned(), port, tls, ca_file: None, login: None }
    }

    /// Shows a certificate that ends so many seconds from now, to one who speaks as told.
    fn show(listener: TcpListener, ends_in: i64, greet: impl FnOnce(&mut TcpStream) + Send + 'static) {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let mut certificate = X509::builder().unwrap();
        certificate.set_pubkey(&key).unwrap();
        certificate.set_not_before(&Asn1Time::from_unix(now - 900 * DAY).unwrap()).unwrap();
        certificate.set_not_after(&Asn1Time::from_unix(now + ends_in).unwrap()).unwrap();
        certificate.sign(&key, MessageDigest::sha256()).unwrap();
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
        acceptor.set_private_key(&key).unwrap();
        acceptor.set_certificate(&certificate.build()).unwrap();
        let acceptor = acceptor.build();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            greet(&mut stream);
            let _ = acceptor.accept(stream);
        });
    }

    fn days_left(ends_in: i64) -> i32 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = server(&listener, Tls::Implicit);
        show(listener, ends_in, |_| {});
        let seen = look(&server, Speaks::Imap).unwrap().unwrap();
        assert_eq!(seen.version, "TLSv1.3");
        seen.days_left
    }

    #[test]
    fn whole_days_are_counted_and_what_ended_an_hour_ago_has_ended() {
        assert_eq!(days_left(30 * DAY + 3600), 30);
        assert_eq!(days_left(3600), 0);
        assert_eq!(days_left(-3600), -1);
        assert_eq!(days_left(-10 * DAY - 3600), -11);
    }

    #[test]
    fn a_server_that_says_nothing_is_told_from_one_that_does_not_agree() {
        let look_for_a_moment = |tls| {
            let silent = TcpListener::bind("127.0.0.1:0").unwrap();
            format!("{:#}", look_within(Duration::from_millis(200), &server(&silent, tls), Speaks::Imap).unwrap_err())
        };
        assert_eq!(look_for_a_moment(Tls::Implicit), "The server does not answer within 200ms");
        assert_eq!(look_for_a_moment(Tls::StartTls), "The server does not begin TLS: it does not answer in time");
    }

    #[test]
    fn a_server_whose_line_does_not_end_is_not_listened_to_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = server(&listener, Tls::StartTls);
        show(listener, DAY, |stream| while stream.write_all(&[b'x'; 1024]).is_ok() {});
        let error = format!("{:#}", look(&server, Speaks::Imap).unwrap_err());
        assert_eq!(error, "The server does not begin TLS: it says something else");
    }

    #[test]
    fn before_starttls_each_server_is_spoken_to_in_its_way_and_one_that_refuses_is_told() {
        let talk = |greeting: &'static str, answers: &'static [(&'static str, &'static str)]| {
            move |stream: &mut TcpStream| {
                let mut lines = BufReader::with_capacity(1, stream.try_clone().unwrap()).lines();
                stream.write_all(greeting.as_bytes()).unwrap();
                for (wanted, answer) in answers {
                    assert_eq!(lines.next().unwrap().unwrap(), *wanted);
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            }
        };
        let imap = talk("* OK ready\r\n", &[("a STARTTLS", "* BYE later\r\na OK go\r\n")]);
        let smtp =
            talk("220-one\r\n220 two\r\n", &[("EHLO localhost", "250-X\r\n250 Y\r\n"), ("STARTTLS", "220 go\r\n")]);
        let refuses = talk("* OK ready\r\n", &[("a STARTTLS", "a BAD what\r\n")]);
        let at = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (first, second, third) = (at(), at(), at());
        let servers = [&first, &second, &third].map(|listener| server(listener, Tls::StartTls));
        show(first, 5 * DAY + 60, imap);
        show(second, 5 * DAY + 60, smtp);
        show(third, DAY, refuses);
        let [first, second, third] = servers;
        assert_eq!(look(&first, Speaks::Imap).unwrap().unwrap().days_left, 5);
        assert_eq!(look(&second, Speaks::Smtp).unwrap().unwrap().days_left, 5);
        let refused = format!("{:#}", look(&third, Speaks::Imap).unwrap_err());
        assert!(refused.contains("does not begin TLS") && refused.contains("refuses"), "{refused}");
        assert_eq!(look(&Server { tls: Tls::None, ..third }, Speaks::Imap).unwrap(), None);
    }
}
