//! From a mailbox's settings to a logged-in session.

use crate::imap::{ConnectOptions, Deadlines, ImapError, Proof, Session, Tls as ImapTls, TokenMechanism};
use crate::oauth2::{self, AccessToken, TokenError};
use crate::settings::{LoginBy, Mailbox, Mechanism, OAuth2, Tls};
use crate::store::StoreError;
use anyhow::{Context, Result};
use chrono::Utc;

/// Connects to a mailbox's server and logs in. A token that was fetched earlier and is not taken is replaced by a fresh one.
///
/// # Errors
///
/// The password cannot be read, there is no token, or what [`Session::connect`] says.
pub async fn connect(mailbox: &Mailbox) -> Result<Session> {
    let login = mailbox.server.login.clone().context("The mailbox has no log-in")?;
    let oauth2 = match login.by {
        LoginBy::Password(secret) => {
            let password = tokio::task::spawn_blocking(move || secret.read()).await??;
            return Ok(Session::connect(&options(mailbox, login.username, Proof::Password(password))).await?);
        }
        LoginBy::Token(oauth2) => oauth2,
    };
    let asked_at = Utc::now();
    let token = oauth2::token(&oauth2).await?;
    let connecting = async |token: &AccessToken| {
        Session::connect(&options(mailbox, login.username.clone(), proof(&oauth2, token))).await
    };
    match connecting(&token).await {
        Err(ImapError::TokenRefused { .. }) if token.obtained_at() < asked_at => {
            let fresh = oauth2::token_instead_of(&oauth2, &token).await?;
            Ok(connecting(&fresh).await?)
        }
        connected => Ok(connected?),
    }
}

/// Whether work on a session ended only because its log-in did: a new log-in is all that is needed.
pub fn login_ran_out(session: &Session, error: &anyhow::Error) -> bool {
    error.downcast_ref::<ImapError>().is_some_and(|error| session.login_ran_out(error, Utc::now()))
}

/// Whether a person must put right what keeps the service from a mailbox: trying again does not help.
pub fn needs_a_person(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ImapError::WrongSettings { .. } | ImapError::TokenRefused { .. }))
        || matches!(error.downcast_ref(), Some(TokenError::Refused { .. }))
        || matches!(error.downcast_ref(), Some(StoreError::WrongSettings { .. } | StoreError::ProgramTooOld { .. }))
}

fn proof(oauth2: &OAuth2, token: &AccessToken) -> Proof {
    let mechanism = match oauth2.mechanism {
        Mechanism::Auto => None,
        Mechanism::XOAuth2 => Some(TokenMechanism::XOAuth2),
        Mechanism::OAuthBearer => Some(TokenMechanism::OAuthBearer),
    };
    Proof::Token { secret: token.secret().clone(), mechanism, ends_at: token.ends_at() }
}

fn options(mailbox: &Mailbox, username: String, proof: Proof) -> ConnectOptions {
    let server = &mailbox.server;
    ConnectOptions {
        host: server.host.clone(),
        port: server.port,
        tls: match server.tls {
            Tls::Implicit => ImapTls::Implicit,
            Tls::StartTls => ImapTls::StartTls,
            Tls::None => ImapTls::None,
        },
        ca_file: server.ca_file.clone(),
        username,
        proof,
        deadlines: Deadlines::default(),
    }
}

/// Whether the server only refused something, and the connection goes on.
pub(super) fn is_refusal(session: &Session, error: &anyhow::Error) -> bool {
    session.is_usable() && matches!(error.downcast_ref(), Some(ImapError::Refused { .. }))
}

#[cfg(test)]
mod tests {
    use super::{StoreError, needs_a_person};

    #[test]
    fn a_right_that_the_database_does_not_give_needs_a_person_and_a_database_that_is_away_does_not() {
        let (wanted, cause) = ("Cannot look up a mail", "permission denied for table mails".to_owned());
        assert!(needs_a_person(&StoreError::WrongSettings { wanted, cause: cause.clone() }.into()));
        assert!(!needs_a_person(&StoreError::Unavailable { wanted, cause }.into()));
    }
}
