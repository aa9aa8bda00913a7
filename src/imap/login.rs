//! From nothing to a logged-in session: greeting, STARTTLS, login, capabilities; with as few round trips as it goes.

use async_imap::imap_proto::{Response, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;

use super::capabilities::Capabilities;
use super::command::{Command, Wire};
use super::error::{Answer, ImapError};
use super::link::{Link, Patience};
use super::options::{ConnectOptions, Tls};
use super::quoting::quoted;
use super::session::Session;
use super::transport;

impl Session {
    /// Connects and logs in.
    ///
    /// LOGIN is used where it can carry name and password; AUTHENTICATE PLAIN (RFC 4616) where a letter lies outside
    /// ASCII, which LOGIN's quoted strings cannot carry, or where the server forbids LOGIN.
    ///
    /// # Errors
    ///
    /// [`ImapError::WrongSettings`] if the certificate is not trusted or for another host, STARTTLS or a fitting way of
    /// logging in is not offered, or the login is refused; [`ImapError::Lost`] for everything that may pass by itself.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ImapError> {
        let mut wire = greet(options).await?;
        if options.tls == Tls::StartTls {
            wire = start_tls(wire, options).await?;
        }
        log_in(&mut wire, options).await?;
        let capabilities = wire.ask_capabilities().await?;
        Ok(Self::new(wire, capabilities))
    }
}

async fn greet(options: &ConnectOptions) -> Result<Wire, ImapError> {
    const PURPOSE: &str = "talk to the server";
    let mut link = Link::new(transport::connect(options).await?);
    let patience = Patience::lasting(options.deadlines.connect, options.deadlines.connect);
    let mut wire = Wire::without_link(options);
    let greeting = link.receive(patience, |response| {
        wire.note(response);
        matches!(response, Response::Data { status: Status::Ok, .. })
    });
    match greeting.await {
        Ok(true) => {
            wire.attach(link);
            Ok(wire)
        }
        // PREAUTH would mean somebody else's mailbox, and before STARTTLS it is a known attack (RFC 8314, section 3.1).
        Ok(false) => Err(wire.wrong_settings(PURPOSE, "it does not greet as an IMAP server that wants a login")),
        Err(failure) => Err(wire.error("greeting", PURPOSE, failure)),
    }
}

async fn start_tls(mut wire: Wire, options: &ConnectOptions) -> Result<Wire, ImapError> {
    const PURPOSE: &str = "secure the connection";
    if !wire.ask_capabilities().await?.offers("STARTTLS") {
        return Err(wire.wrong_settings(PURPOSE, "the server does not offer STARTTLS"));
    }
    wire.run(Command::new("STARTTLS", "", PURPOSE), |_| {}).await?;
    let transport = wire.take(PURPOSE)?.into_transport();
    // A new wire, since what was told in the clear must not count (RFC 3501, section 6.2.1).
    let mut secured = Wire::without_link(options);
    secured.attach(Link::new(transport::secure(transport, options).await?));
    Ok(secured)
}

async fn log_in(wire: &mut Wire, options: &ConnectOptions) -> Result<(), ImapError> {
    let purpose = format!("log in as {}", options.username);
    let capabilities = wire.ask_capabilities().await?;
    let password = options.password.expose_secret();
    let command = login_command(&capabilities, &options.username, password, &purpose)
        .map_err(|why| wire.wrong_settings(&purpose, why))?;
    // What a server offers before login says little about what it offers afterwards.
    wire.capabilities = None;
    match wire.run(command, |_| {}).await {
        Err(ImapError::Refused { wanted, answer, .. }) => {
            let why = format!("the server refused the login: {}", without_secret(&answer, password));
            Err(if is_temporary(&answer) {
                ImapError::Lost { wanted, why }
            } else {
                ImapError::WrongSettings { wanted, why }
            })
        }
        other => other,
    }
}

fn login_command(
    capabilities: &Capabilities,
    username: &str,
    password: &str,
    purpose: &str,
) -> Result<Command, &'static str> {
    let forbidden = |c: char| matches!(c, '\0' | '\r' | '\n');
    if username.contains(forbidden) || password.contains(forbidden) {
        return Err("user name or password holds a line end or a NUL");
    }
    if username.is_ascii() && password.is_ascii() && !capabilities.offers("LOGINDISABLED") {
        let arguments = format!("{} {}", quoted(username), quoted(password));
        return Ok(Command::new("LOGIN", &arguments, purpose));
    }
    if !capabilities.offers("AUTH=PLAIN") {
        return Err("the server offers no way of logging in that can carry this user name and password (AUTH=PLAIN)");
    }
    let response = STANDARD.encode(format!("\0{username}\0{password}"));
    if capabilities.offers("SASL-IR") {
        return Ok(Command::new("AUTHENTICATE", &format!("PLAIN {response}"), purpose));
    }
    Ok(Command { continuation: Some(response), ..Command::new("AUTHENTICATE", "PLAIN", purpose) })
}

/// Some servers repeat a line that they do not understand.
fn without_secret(answer: &Answer, password: &str) -> String {
    let text = answer.to_string();
    if !password.is_empty() && text.contains(password) { "(words that repeat the password)".into() } else { text }
}

/// Whether a refused login may be accepted later: by the codes of RFC 5530, else by the words of the servers that give
/// none or only ALERT (Gmail, Exchange).
fn is_temporary(answer: &Answer) -> bool {
    match answer.code.as_deref() {
        Some("UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" | "THROTTLED") => true,
        Some("AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" | "PRIVACYREQUIRED" | "CONTACTADMIN") => false,
        _ => {
            let text = answer.text.to_ascii_lowercase();
            ["too many", "temporar", "try again", "unavailable", "rate limit"].iter().any(|sign| text.contains(sign))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_temporary, login_command, without_secret};
    use crate::imap::capabilities::Capabilities;
    use crate::imap::error::Answer;

    fn line(capabilities: &Capabilities, username: &str, password: &str) -> Result<String, &'static str> {
        login_command(capabilities, username, password, "log in").map(|command| command.line)
    }

    #[test]
    fn quotation_marks_and_backslashes_in_a_password_are_escaped() {
        assert_eq!(line(&["IMAP4rev1"].into(), "anna", r#"a"b\c d"#).unwrap(), r#"LOGIN "anna" "a\"b\\c d""#);
    }

    #[test]
    fn an_umlaut_goes_by_authenticate_plain() {
        let sent = line(&["IMAP4rev1", "AUTH=PLAIN", "SASL-IR"].into(), "anna", "geheimnißvoll").unwrap();
        assert_eq!(sent, "AUTHENTICATE PLAIN AGFubmEAZ2VoZWltbmnDn3ZvbGw=");
        let command = login_command(&["IMAP4rev1", "auth=plain"].into(), "anna", "ß", "log in").unwrap();
        assert_eq!(
            (command.line.as_str(), command.continuation.as_deref()),
            ("AUTHENTICATE PLAIN", Some("AGFubmEAw58="))
        );
        assert!(line(&["IMAP4rev1"].into(), "anna", "ß").is_err());
    }

    #[test]
    fn login_is_not_sent_where_the_server_forbids_it() {
        let sent = line(&["IMAP4rev1", "LOGINDISABLED", "AUTH=PLAIN", "SASL-IR"].into(), "anna", "geheim").unwrap();
        assert!(sent.starts_with("AUTHENTICATE PLAIN "));
        assert!(line(&["IMAP4rev1", "LOGINDISABLED"].into(), "anna", "geheim").is_err());
    }

    #[test]
    fn a_line_end_cannot_smuggle_a_second_command() {
        assert!(line(&["IMAP4rev1"].into(), "anna", "x\r\nR9 DELETE INBOX").is_err());
        assert!(line(&["IMAP4rev1", "AUTH=PLAIN"].into(), "anna\0berta", "ß").is_err());
    }

    #[test]
    fn a_busy_server_is_no_wrong_password() {
        let said = |code: Option<&str>, text: &str| Answer { code: code.map(str::to_owned), text: text.to_owned() };
        assert!(is_temporary(&said(Some("UNAVAILABLE"), "Temporary authentication failure.")));
        assert!(is_temporary(&said(Some("ALERT"), "Too many simultaneous connections. (Failure)")));
        assert!(!is_temporary(&said(Some("AUTHENTICATIONFAILED"), "Try again")));
        assert!(!is_temporary(&said(None, "Login failed.")));
    }

    #[test]
    fn words_that_repeat_the_password_are_left_out() {
        let answer = Answer::saying("Unknown command: LOGIN anna geheim");
        assert!(!without_secret(&answer, "geheim").contains("geheim"));
    }
}
