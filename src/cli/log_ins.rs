//! How log-ins stand, for `status` and `check`.

use crate::oauth2::{self, Prospects, Urgency};
use crate::settings::Server;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How the log-in to a server stands.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LoginStatus {
    /// `none`, `password` or `token`.
    by: &'static str,
    /// When the access token of the last log-in ends, as far as it is known.
    token_ends_at: Option<DateTime<Utc>>,
    /// How tokens are had, and what a person must renew; for log-ins by tokens.
    tokens: Option<Prospects>,
}

impl LoginStatus {
    pub(super) fn of(server: &Server, token_ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let Some(login) = &server.login else { return Self { by: "none", token_ends_at: None, tokens: None } };
        match login.oauth2() {
            None => Self { by: "password", token_ends_at: None, tokens: None },
            Some(oauth2) => {
                let tokens = Some(oauth2::prospects(oauth2, now));
                Self { by: "token", token_ends_at, tokens }
            }
        }
    }

    /// What a person must renew soon or now, or why that cannot be told.
    pub(super) fn doubt(&self) -> Option<(Urgency, String)> {
        let tokens = self.tokens.as_ref()?;
        if let Some(fault) = &tokens.fault {
            return Some((Urgency::Now, fault.clone()));
        }
        let renewal = tokens.renew.as_ref().filter(|renewal| renewal.urgency > Urgency::Ok)?;
        Some((renewal.urgency, format!("{renewal}; renew it")))
    }
}

impl std::fmt::Display for LoginStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(tokens) = &self.tokens else { return f.write_str(self.by) };
        f.write_str(tokens.by)?;
        if let Some(ends_at) = self.token_ends_at {
            write!(f, ", token until {}", ends_at.format("%Y-%m-%d %H:%M:%S"))?;
        }
        if let Some(renewal) = &tokens.renew {
            write!(f, ", {renewal}")?;
        }
        if let Some(fault) = &tokens.fault {
            write!(f, ", {fault}")?;
        }
        Ok(())
    }
}
