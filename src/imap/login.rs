//! From nothing to a logged-in session: greeting, STARTTLS, login, capabilities; with as few round trips as it goes.

use async_imap::imap_proto::{Response, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::command::{Command, Wire};
use super::error::{Answer, ImapError, Mend, bounded};
use super::link::{Link, Patience};
use super::login_command::login_command;
use super::options::{ConnectOptions, Proof, Tls};
use super::session::Session;
use super::transport;

impl Session {
    /// Connects and logs in.
    ///
    /// LOGIN is used where it can carry name and password; AUTHENTICATE PLAIN (RFC 4616) where a letter lies outside
    /// ASCII, which LOGIN's quoted strings cannot carry, or where the server forbids LOGIN. An access token goes by
    /// AUTHENTICATE XOAUTH2 or OAUTHBEARER (RFC 7628).
    ///
    /// # Errors
    ///
    /// [`ImapError::WrongSettings`] if the certificate is not trusted or for another host, STARTTLS or a fitting way of
    /// logging in is not offered, or the login is refused; [`ImapError::TokenRefused`] if the login was by a token;
    /// [`ImapError::Lost`] for everything that may pass by itself.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ImapError> {
        let mut wire = greet(options).await?;
        if options.tls == Tls::StartTls {
            wire = start_tls(wire, options).await?;
        }
        log_in(&mut wire, options).await?;
        let capabilities = wire.ask_capabilities().await?;
        Ok(Self::new(wire, capabilities, options.proof.ends_at()))
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
    let command = login_command(&capabilities, options, &purpose).map_err(|(mend, why)| ImapError::WrongSettings {
        wanted: wire.wanted(&purpose),
        why: why.to_owned(),
        mend,
    })?;
    // What a server offers before login says little about what it offers afterwards.
    wire.capabilities = None;
    let mut challenge = None;
    let logged_in = wire.run(command, |response| {
        if let Response::Continue(asked) = response {
            challenge = asked.information.as_deref().and_then(wanted_scope);
        }
    });
    match logged_in.await {
        Err(ImapError::Refused { wanted, answer, .. }) => {
            let said = without_secret(&answer, options.proof.secret().expose_secret());
            let scope = challenge.map(|scope| format!(" (it wants a token for `{scope}`)")).unwrap_or_default();
            let why = format!("the server refused the login: {said}{scope}");
            Err(match &options.proof {
                _ if is_temporary(&answer) => ImapError::lost(wanted, why),
                Proof::Password(_) => ImapError::WrongSettings { wanted, why, mend: Mend::Login },
                Proof::Token { .. } => ImapError::TokenRefused { wanted, why },
            })
        }
        other => other,
    }
}

/// The scope that a server names when it refuses a token (RFC 7628, section 3.2.2).
fn wanted_scope(challenge: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Challenge {
        scope: String,
    }
    let challenge: Challenge = serde_json::from_slice(&STANDARD.decode(challenge.trim()).ok()?).ok()?;
    Some(bounded(&challenge.scope)).filter(|scope| !scope.is_empty())
}

/// Some servers repeat a line that they do not understand, and cut it: the beginning of a token is enough to leave it out.
fn without_secret(answer: &Answer, secret: &str) -> String {
    let text = answer.to_string();
    let beginning: String = secret.chars().take(SECRET_BEGINNING).collect();
    let is_repeated = |secret: &str| !secret.is_empty() && text.contains(secret);
    // In AUTHENTICATE it stands in base64, together with the user's name.
    let encoded = text.split(' ').any(|word| word.len() > LONGEST_WORD);
    if is_repeated(&beginning) || encoded { "(words that repeat the secret)".into() } else { text }
}

/// So much of a secret must not stand in a text.
const SECRET_BEGINNING: usize = 32;

/// Longer words in an answer are no words.
const LONGEST_WORD: usize = 60;

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
    use super::{is_temporary, wanted_scope, without_secret};
    use crate::imap::error::Answer;

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

    #[test]
    fn words_that_repeat_a_token_are_left_out_also_cut_or_in_base64() {
        let beginning = "ya29.a0AfB_byC-0123456789abcdefghijklmno";
        let token = format!("{beginning}pqrstuvwxyz0123456789");
        for said in [
            format!("Bad {beginning}"),
            "Unknown dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHlhMjkuYTBBZkJfYnlDLTAxMjM0NTY3ODlhYmNk".to_owned(),
        ] {
            assert_eq!(without_secret(&Answer::saying(&said), &token), "(words that repeat the secret)");
        }
        let said = "AUTHENTICATE failed. See https://help.example.com/mail/answer/123";
        assert_eq!(without_secret(&Answer::saying(said), &token), said);
    }

    #[test]
    fn the_scope_that_a_server_wants_is_read_from_its_challenge() {
        let challenge = "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=";
        assert_eq!(wanted_scope(challenge).as_deref(), Some("mail"));
        assert_eq!(wanted_scope("eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0="), None);
        assert_eq!(wanted_scope("no base64"), None);
    }
}
