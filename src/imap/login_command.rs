//! The command that logs in, chosen by what the server offers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;

use super::capabilities::Capabilities;
use super::command::Command;
use super::error::Mend;
use super::options::{ConnectOptions, Proof, TokenMechanism};
use super::quoting::quoted;

/// The command for these options; an error says what a person must put right, and why.
pub(super) fn login_command(
    capabilities: &Capabilities,
    options: &ConnectOptions,
    purpose: &str,
) -> Result<Command, (Mend, &'static str)> {
    let (username, secret) = (options.username.as_str(), options.proof.secret().expose_secret());
    let forbidden = |c: char| matches!(c, '\0' | '\r' | '\n' | '\u{1}');
    if username.contains(forbidden) || secret.contains(forbidden) {
        return Err((Mend::Login, "user name, password or token holds a line end, a NUL or a control-A"));
    }
    let command = match options.proof {
        Proof::Password(_) => by_password(capabilities, username, secret, purpose),
        Proof::Token { mechanism, .. } => offered(capabilities, mechanism).map(|mechanism| match mechanism {
            TokenMechanism::XOAuth2 => xoauth2(capabilities, username, secret, purpose),
            TokenMechanism::OAuthBearer => oauthbearer(capabilities, options, secret, purpose),
        }),
    };
    command.map_err(|not_offered| (Mend::Settings, not_offered))
}

/// By a password.
fn by_password(
    capabilities: &Capabilities,
    username: &str,
    password: &str,
    purpose: &str,
) -> Result<Command, &'static str> {
    if username.is_ascii() && password.is_ascii() && !capabilities.offers("LOGINDISABLED") {
        let arguments = format!("{} {}", quoted(username), quoted(password));
        return Ok(Command::new("LOGIN", &arguments, purpose));
    }
    if !capabilities.offers("AUTH=PLAIN") {
        return Err("the server offers no way of logging in that can carry this user name and password (AUTH=PLAIN)");
    }
    Ok(authenticate(capabilities, "PLAIN", &format!("\0{username}\0{password}"), None, purpose))
}

/// The mechanism that was asked for, or the one that the server offers.
fn offered(capabilities: &Capabilities, wanted: Option<TokenMechanism>) -> Result<TokenMechanism, &'static str> {
    let offers = |mechanism: TokenMechanism| {
        capabilities.offers(match mechanism {
            TokenMechanism::XOAuth2 => "AUTH=XOAUTH2",
            TokenMechanism::OAuthBearer => "AUTH=OAUTHBEARER",
        })
    };
    let found = match wanted {
        Some(wanted) => Some(wanted).filter(|wanted| offers(*wanted)),
        None => [TokenMechanism::XOAuth2, TokenMechanism::OAuthBearer].into_iter().find(|known| offers(*known)),
    };
    found.ok_or(match wanted {
        Some(TokenMechanism::XOAuth2) => "the server does not offer AUTH=XOAUTH2",
        Some(TokenMechanism::OAuthBearer) => "the server does not offer AUTH=OAUTHBEARER",
        None => "the server takes no tokens: it offers neither AUTH=XOAUTH2 nor AUTH=OAUTHBEARER",
    })
}

/// Google's and Microsoft's way. A refusal comes as a challenge that an empty line answers.
fn xoauth2(capabilities: &Capabilities, username: &str, token: &str, purpose: &str) -> Command {
    let response = format!("user={username}\u{1}auth=Bearer {token}\u{1}\u{1}");
    authenticate(capabilities, "XOAUTH2", &response, Some(""), purpose)
}

/// RFC 7628, section 3.1. A refusal comes as a challenge that a single control-A answers (section 3.2.3).
fn oauthbearer(capabilities: &Capabilities, options: &ConnectOptions, token: &str, purpose: &str) -> Command {
    // A saslname (RFC 5801, section 4).
    let username = options.username.replace('=', "=3D").replace(',', "=2C");
    let (host, port) = (&options.host, options.port);
    let response = format!("n,a={username},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}");
    authenticate(capabilities, "OAUTHBEARER", &response, Some("AQ=="), purpose)
}

/// AUTHENTICATE with the response at once (SASL-IR, RFC 4959), or when the server asks for it. `after_refusal` is sent as
/// it is if the server asks once more.
fn authenticate(
    capabilities: &Capabilities,
    mechanism: &str,
    response: &str,
    after_refusal: Option<&str>,
    purpose: &str,
) -> Command {
    let response = STANDARD.encode(response);
    let last = after_refusal.map(str::to_owned);
    if capabilities.offers("SASL-IR") {
        let command = Command::new("AUTHENTICATE", &format!("{mechanism} {response}"), purpose);
        return Command { continuations: last.into_iter().collect(), ..command };
    }
    let continuations = std::iter::once(response).chain(last).collect();
    Command { continuations, ..Command::new("AUTHENTICATE", mechanism, purpose) }
}

#[cfg(test)]
mod tests {
    use super::{by_password, login_command};
    use crate::imap::capabilities::Capabilities;
    use crate::imap::{ConnectOptions, Deadlines, Mend, Proof, Tls, TokenMechanism};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use chrono::DateTime;

    fn options(username: &str, proof: Proof) -> ConnectOptions {
        ConnectOptions {
            host: "imap.example.test".into(),
            port: 993,
            tls: Tls::Implicit,
            ca_file: None,
            username: username.into(),
            proof,
            deadlines: Deadlines::default(),
        }
    }

    fn line(capabilities: &Capabilities, username: &str, password: &str) -> Result<String, (Mend, &'static str)> {
        let options = options(username, Proof::Password(password.into()));
        login_command(capabilities, &options, "log in").map(|command| command.line)
    }

    /// What is sent, one line after the other.
    fn by_token(
        capabilities: &Capabilities,
        username: &str,
        token: &str,
        mechanism: Option<TokenMechanism>,
    ) -> Result<Vec<String>, (Mend, &'static str)> {
        let proof = Proof::Token { secret: token.into(), mechanism, ends_at: DateTime::UNIX_EPOCH };
        let command = login_command(capabilities, &options(username, proof), "log in")?;
        Ok(std::iter::once(command.line).chain(command.continuations).collect())
    }

    fn plain(line: &str) -> String {
        String::from_utf8(STANDARD.decode(line.rsplit(' ').next().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn quotation_marks_and_backslashes_in_a_password_are_escaped() {
        assert_eq!(line(&["IMAP4rev1"].into(), "anna", r#"a"b\c d"#).unwrap(), r#"LOGIN "anna" "a\"b\\c d""#);
    }

    #[test]
    fn an_umlaut_goes_by_authenticate_plain() {
        let sent = line(&["IMAP4rev1", "AUTH=PLAIN", "SASL-IR"].into(), "anna", "geheimnißvoll").unwrap();
        assert_eq!(sent, "AUTHENTICATE PLAIN AGFubmEAZ2VoZWltbmnDn3ZvbGw=");
        let command = by_password(&["IMAP4rev1", "auth=plain"].into(), "anna", "ß", "log in").unwrap();
        assert_eq!(
            (command.line.as_str(), command.continuations.as_slice()),
            ("AUTHENTICATE PLAIN", ["AGFubmEAw58=".to_owned()].as_slice())
        );
        assert_eq!(line(&["IMAP4rev1"].into(), "anna", "ß").unwrap_err().0, Mend::Settings);
    }

    #[test]
    fn login_is_not_sent_where_the_server_forbids_it() {
        let sent = line(&["IMAP4rev1", "LOGINDISABLED", "AUTH=PLAIN", "SASL-IR"].into(), "anna", "geheim").unwrap();
        assert!(sent.starts_with("AUTHENTICATE PLAIN "));
        assert_eq!(line(&["IMAP4rev1", "LOGINDISABLED"].into(), "anna", "geheim").unwrap_err().0, Mend::Settings);
    }

    #[test]
    fn a_line_end_cannot_smuggle_a_second_command() {
        assert_eq!(line(&["IMAP4rev1"].into(), "anna", "x\r\nR9 DELETE INBOX").unwrap_err().0, Mend::Login);
        assert_eq!(line(&["IMAP4rev1", "AUTH=PLAIN"].into(), "anna\0berta", "ß").unwrap_err().0, Mend::Login);
    }

    #[test]
    fn a_token_goes_with_the_command_where_the_server_takes_it_so() {
        let offers: Capabilities = ["AUTH=XOAUTH2", "AUTH=OAUTHBEARER", "SASL-IR"].into();
        let sent = by_token(&offers, "anna", "geheim", None).unwrap();
        assert_eq!(plain(&sent[0]), "user=anna\u{1}auth=Bearer geheim\u{1}\u{1}");
        assert_eq!(&sent[1..], [""]);
        let sent = by_token(&offers, "a,b=c", "geheim", Some(TokenMechanism::OAuthBearer)).unwrap();
        let wanted = "n,a=a=2Cb=3Dc,\u{1}host=imap.example.test\u{1}port=993\u{1}auth=Bearer geheim\u{1}\u{1}";
        assert_eq!(plain(&sent[0]), wanted);
        assert_eq!(&sent[1..], ["AQ=="]);
    }

    #[test]
    fn a_token_waits_for_the_question_where_the_server_wants_it_so() {
        let sent = by_token(&["AUTH=OAUTHBEARER"].into(), "anna", "geheim", None).unwrap();
        assert_eq!((sent.len(), sent[0].as_str(), sent[2].as_str()), (3, "AUTHENTICATE OAUTHBEARER", "AQ=="));
    }

    #[test]
    fn a_mechanism_that_is_not_offered_is_not_tried() {
        assert_eq!(by_token(&["AUTH=PLAIN"].into(), "anna", "geheim", None).unwrap_err().0, Mend::Settings);
        let wanted = Some(TokenMechanism::XOAuth2);
        assert_eq!(by_token(&["AUTH=OAUTHBEARER"].into(), "anna", "geheim", wanted).unwrap_err().0, Mend::Settings);
        assert!(by_token(&["AUTH=XOAUTH2"].into(), "anna\u{1}auth=Bearer x", "geheim", None).is_err());
    }
}
