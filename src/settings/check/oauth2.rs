//! Log-ins: exactly one way of proving them, and for OAuth 2 exactly one way to a token.

use super::checker::Checker;
use crate::settings::{
    Grant, Login, LoginBy, Mailbox, OAuth2, Secret, Smtp, TokenEndpoint, TokenSource, leads_to_this_machine, written,
};
use chrono::NaiveDate;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where systemd's `StateDirectory=` of our unit is, for commands that are run by hand.
const STATE_FOLDER: &str = "/var/lib/reply-import";

/// Microsoft's refresh tokens last so long if they are not used.
const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_hours(90 * 24);

/// A token that does not tell its own end is believed to last so long.
const TOKEN_LIFETIME: Duration = Duration::from_mins(5);

/// What somebody wrote about a log-in.
pub(super) struct WrittenLogin {
    pub(super) password_file: Option<PathBuf>,
    pub(super) password_command: Option<Vec<String>>,
    pub(super) oauth2: Option<written::OAuth2>,
}

impl Checker<'_> {
    /// `None` if nothing was written, or after a fault.
    pub(super) fn login(&mut self, key: &str, login: WrittenLogin) -> Option<LoginBy> {
        match (login.oauth2, login.password_file.is_some() || login.password_command.is_some()) {
            (Some(_), true) => {
                self.fault(format!("{key}oauth2"), "Give either a password or `oauth2`");
                None
            }
            (Some(oauth2), false) => self.oauth2(&format!("{key}oauth2"), oauth2).map(LoginBy::Token),
            (None, _) => {
                self.secret(key, "password", login.password_file, login.password_command).map(LoginBy::Password)
            }
        }
    }

    /// The secret whose keys are `{what}_file` and `{what}_command`.
    pub(super) fn secret(
        &mut self,
        key: &str,
        what: &str,
        file: Option<PathBuf>,
        command: Option<Vec<String>>,
    ) -> Option<Secret> {
        match (file, command) {
            (Some(_), Some(_)) => {
                self.fault(format!("{key}{what}_command"), format!("Give either `{what}_file` or `{what}_command`"));
                None
            }
            (Some(file), None) => Some(Secret::File(self.secret_file(&format!("{key}{what}_file"), &file))),
            (None, Some(words)) if words.is_empty() => {
                self.fault(format!("{key}{what}_command"), "Write the program and its arguments as a list");
                None
            }
            (None, Some(words)) => Some(Secret::Command(words)),
            (None, None) => None,
        }
    }

    fn oauth2(&mut self, key: &str, oauth2: written::OAuth2) -> Option<OAuth2> {
        let mechanism = oauth2.mechanism;
        let source = if oauth2.token_command.is_some() {
            self.token_command(key, oauth2)
        } else {
            self.endpoint(key, oauth2).map(TokenSource::Endpoint)
        };
        Some(OAuth2 { mechanism, source: source? })
    }

    fn token_command(&mut self, key: &str, oauth2: written::OAuth2) -> Option<TokenSource> {
        let others = [
            ("token_endpoint", oauth2.token_endpoint.is_some()),
            ("ca_file", oauth2.ca_file.is_some()),
            ("client_id", oauth2.client_id.is_some()),
            ("client_secret_file", oauth2.client_secret_file.is_some()),
            ("client_secret_command", oauth2.client_secret_command.is_some()),
            ("certificate_file", oauth2.certificate_file.is_some()),
            ("key_file", oauth2.key_file.is_some()),
            ("refresh_token_file", oauth2.refresh_token_file.is_some()),
        ];
        for (other, _) in others.iter().filter(|(_, is_set)| *is_set) {
            self.fault(format!("{key}.{other}"), "With `token_command` the program alone gets the token");
        }
        let command = self.secret(&format!("{key}."), "token", None, oauth2.token_command)?;
        Some(TokenSource::Command { command, lifetime: oauth2.token_lifetime.unwrap_or(TOKEN_LIFETIME) })
    }

    fn endpoint(&mut self, key: &str, oauth2: written::OAuth2) -> Option<TokenEndpoint> {
        if oauth2.token_lifetime.is_some() {
            self.fault(format!("{key}.token_lifetime"), "Only with `token_command`: a token endpoint tells it");
        }
        let url = self.endpoint_url(&format!("{key}.token_endpoint"), oauth2.token_endpoint);
        if oauth2.client_id.is_none() {
            self.fault(
                format!("{key}.client_id"),
                "This key is missing: the name under which the authorization server knows the program",
            );
        }
        let ca_file = oauth2.ca_file.map(|path| self.places.beside(&path));
        self.file(&format!("{key}.ca_file"), ca_file.as_deref());
        let client_secret =
            self.secret(&format!("{key}."), "client_secret", oauth2.client_secret_file, oauth2.client_secret_command);
        let expires = self.day(&format!("{key}.client_secret_expires"), oauth2.client_secret_expires);
        if expires.is_some() && client_secret.is_none() {
            self.fault(format!("{key}.client_secret_expires"), "There is no client secret");
        }
        let scopes = oauth2.scope.names();
        let grant = match (oauth2.refresh_token_file, oauth2.certificate_file, oauth2.key_file, client_secret) {
            (Some(seed), None, None, client_secret) => {
                let state = self.state_file(&seed, oauth2.refresh_token_state);
                let lifetime = oauth2.refresh_token_lifetime.unwrap_or(REFRESH_TOKEN_LIFETIME);
                let seed = self.secret_file(&format!("{key}.refresh_token_file"), &seed);
                Some(Grant::RefreshToken { seed, state, lifetime, client_secret })
            }
            (None, Some(certificate), Some(key_file), None) => Some(Grant::ClientCertificate {
                certificate: self.secret_file(&format!("{key}.certificate_file"), &certificate),
                key: self.secret_file(&format!("{key}.key_file"), &key_file),
                algorithm: oauth2.assertion,
            }),
            (None, None, None, Some(secret)) => Some(Grant::ClientSecret(secret)),
            (None, Some(_), None, None) => {
                self.fault(format!("{key}.key_file"), "A `certificate_file` needs its `key_file`");
                None
            }
            (None, None, Some(_), None) => {
                self.fault(format!("{key}.certificate_file"), "A `key_file` needs its `certificate_file`");
                None
            }
            _ => {
                let text = "Give one way to a token: `client_secret_file` (or `client_secret_command`), \
                            `certificate_file` with `key_file`, `refresh_token_file`, or `token_command`";
                self.fault(key, text);
                None
            }
        };
        if scopes.is_empty() && grant.as_ref().is_some_and(|grant| !matches!(grant, Grant::RefreshToken { .. })) {
            let text = "This key is missing, for example \"https://outlook.office365.com/.default\"";
            self.fault(format!("{key}.scope"), text);
        }
        Some(TokenEndpoint {
            url: url?,
            ca_file,
            client_id: oauth2.client_id?,
            scopes,
            grant: grant?,
            client_secret_expires: expires,
        })
    }

    /// Client secrets and refresh tokens go there: only over TLS, or to this machine.
    pub(super) fn endpoint_url(&mut self, key: &str, written: Option<String>) -> Option<String> {
        let Some(written) = written else {
            self.fault(key, "This key is missing: the address of the authorization server's token endpoint");
            return None;
        };
        let url = ::oauth2::url::Url::parse(&written).ok();
        match url.as_ref().map(::oauth2::url::Url::scheme) {
            Some("https") => Some(written),
            Some("http") if leads_to_this_machine(&written) => Some(written),
            Some("http") => {
                self.fault(key, "Without TLS secrets would be readable on the way; write an `https` address");
                None
            }
            _ => {
                self.fault(key, format!("`{written}` is no address; write `https://HOST/PATH`"));
                None
            }
        }
    }

    fn day(&mut self, key: &str, written: Option<String>) -> Option<NaiveDate> {
        let written = written?;
        let day = NaiveDate::parse_from_str(&written, "%Y-%m-%d").ok();
        if day.is_none() {
            self.fault(key, format!("`{written}` is no day; write for example \"2027-01-31\""));
        }
        day
    }

    /// Where the newest refresh token is kept. It must be the same place however a command is started, so that the
    /// service and a person at the terminal do not use up each other's token.
    fn state_file(&self, seed: &Path, written: Option<PathBuf>) -> PathBuf {
        if let Some(written) = written {
            return self.places.beside(&written);
        }
        let mut name = seed.file_name().unwrap_or_default().to_owned();
        name.push(".newest");
        let database = self.database_url.strip_prefix("sqlite:").and_then(|path| Path::new(path).parent());
        let system = Path::new(STATE_FOLDER);
        let folder = database.or(self.places.state).or(system.is_dir().then_some(system));
        folder.map_or_else(|| self.places.beside(Path::new(&name)), |folder| folder.join(&name))
    }

    /// The newest token is kept for one token that a person put there: of two that share the place each would overwrite the
    /// other's successor, and one that is kept in two places would be used up behind the back of either.
    pub(super) fn refresh_tokens_are_kept_apart(&mut self, mailboxes: &[Arc<Mailbox>], smtp: Option<&Smtp>) {
        let of_mailboxes = mailboxes.iter().map(|mailbox| ("mailbox", mailbox.server.login.as_ref()));
        let of_smtp = smtp.iter().map(|smtp| ("smtp", smtp.server.login.as_ref()));
        let mut kept: Vec<(&Path, &Path)> = Vec::new();
        for (place, login) in of_mailboxes.chain(of_smtp) {
            let Some((seed, state)) = login.and_then(Login::oauth2).and_then(refresh_token) else { continue };
            let key = format!("{place}.oauth2.refresh_token_state");
            if kept.iter().any(|(other, at)| *at == state && *other != seed) {
                let text = format!("Two refresh tokens cannot be kept in {}; name a file for each", state.display());
                self.fault(key, text);
            } else if kept.iter().any(|(other, at)| *other == seed && *at != state) {
                let text = format!(
                    "The newest token for {} is kept in another file elsewhere; name the same one",
                    seed.display()
                );
                self.fault(key, text);
            }
            kept.push((seed, state));
        }
    }
}

/// Where a refresh token comes from, and where the newest one is kept.
fn refresh_token(oauth2: &OAuth2) -> Option<(&Path, &Path)> {
    match &oauth2.source {
        TokenSource::Endpoint(TokenEndpoint { grant: Grant::RefreshToken { seed, state, .. }, .. }) => {
            Some((seed, state))
        }
        _ => None,
    }
}
