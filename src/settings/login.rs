//! Log-ins: a password, or a token that is asked for with OAuth 2.

use super::{AssertionAlgorithm, Mechanism, Secret};
use chrono::NaiveDate;
use std::path::PathBuf;
use std::time::Duration;

/// Who logs in, and with what.
#[derive(Clone, Debug)]
pub struct Login {
    /// The user name.
    pub username: String,
    /// What proves it.
    pub by: LoginBy,
}

/// What a log-in is proven by.
#[derive(Clone, Debug)]
pub enum LoginBy {
    /// A password.
    Password(Secret),
    /// An access token.
    Token(OAuth2),
}

impl Login {
    /// The way to a token, if the log-in is by one.
    pub fn oauth2(&self) -> Option<&OAuth2> {
        match &self.by {
            LoginBy::Token(oauth2) => Some(oauth2),
            LoginBy::Password(_) => None,
        }
    }
}

/// How access tokens are had, and how they are shown to the mail server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OAuth2 {
    /// How a token is shown to the server.
    pub mechanism: Mechanism,
    /// Where tokens come from.
    pub source: TokenSource,
}

/// Where access tokens come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TokenSource {
    /// An authorization server gives them (RFC 6749).
    Endpoint(TokenEndpoint),
    /// A program prints them.
    Command {
        /// Program and arguments, without a shell.
        command: Secret,
        /// How long a token lasts that does not tell its own end.
        lifetime: Duration,
    },
}

/// An authorization server, and as whom it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenEndpoint {
    /// The address of its token endpoint; `https`, or `http` to this machine.
    pub url: String,
    /// Certificates to trust instead of the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// The name under which the authorization server knows this program.
    pub client_id: String,
    /// What is asked for; may be empty with a refresh token, which has its scopes already.
    pub scopes: Vec<String>,
    /// What shows that we may.
    pub grant: Grant,
    /// The last day of the client's secret, if somebody wrote it down: no server tells it.
    pub client_secret_expires: Option<NaiveDate>,
}

/// What shows that we may have a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// The client's own rights, shown by its secret (RFC 6749, section 4.4).
    ClientSecret(Secret),
    /// The client's own rights, shown by a signature (RFC 7523).
    ClientCertificate {
        /// The certificate that the authorization server knows, as PEM.
        certificate: PathBuf,
        /// Its RSA key, as PEM without a passphrase.
        key: PathBuf,
        /// How is signed.
        algorithm: AssertionAlgorithm,
    },
    /// A person's rights, lent for a time that each use renews (RFC 6749, section 6).
    RefreshToken {
        /// The token that a person put there.
        seed: PathBuf,
        /// Where the newest one is kept that the server gave since.
        state: PathBuf,
        /// How long one lasts that is not used.
        lifetime: Duration,
        /// The client's secret, where the server wants one.
        client_secret: Option<Secret>,
    },
}

#[cfg(test)]
#[path = "login_tests.rs"]
mod tests;
