//! The keys of `oauth2` in a [[mailbox]] and in [smtp].

use crate::settings::units::optional_duration;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct OAuth2 {
    pub(in crate::settings) token_endpoint: Option<String>,
    pub(in crate::settings) ca_file: Option<PathBuf>,
    pub(in crate::settings) client_id: Option<String>,
    #[serde(default)]
    pub(in crate::settings) scope: Scope,
    pub(in crate::settings) client_secret_file: Option<PathBuf>,
    pub(in crate::settings) client_secret_command: Option<Vec<String>>,
    pub(in crate::settings) client_secret_expires: Option<String>,
    pub(in crate::settings) certificate_file: Option<PathBuf>,
    pub(in crate::settings) key_file: Option<PathBuf>,
    #[serde(default)]
    pub(in crate::settings) assertion: AssertionAlgorithm,
    pub(in crate::settings) refresh_token_file: Option<PathBuf>,
    pub(in crate::settings) refresh_token_state: Option<PathBuf>,
    #[serde(default, deserialize_with = "optional_duration")]
    pub(in crate::settings) refresh_token_lifetime: Option<Duration>,
    pub(in crate::settings) token_command: Option<Vec<String>>,
    #[serde(default, deserialize_with = "optional_duration")]
    pub(in crate::settings) token_lifetime: Option<Duration>,
    #[serde(default)]
    pub(in crate::settings) mechanism: Mechanism,
}

/// One scope or several with blanks between them, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
pub(in crate::settings) enum Scope {
    Text(String),
    List(Vec<String>),
}

impl Default for Scope {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Scope {
    pub(in crate::settings) fn names(self) -> Vec<String> {
        let texts = match self {
            Self::Text(text) => vec![text],
            Self::List(list) => list,
        };
        texts.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect()
    }
}

/// How a token is shown to a mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mechanism {
    /// What the server offers: XOAUTH2, else OAUTHBEARER.
    #[default]
    Auto,
    /// Google's and Microsoft's own way.
    XOAuth2,
    /// RFC 7628.
    OAuthBearer,
}

/// How the request for a token is signed where a certificate stands for the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum AssertionAlgorithm {
    /// RSASSA-PSS with SHA-256, as Microsoft asks for it.
    #[default]
    PS256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, which every server knows.
    RS256,
}
