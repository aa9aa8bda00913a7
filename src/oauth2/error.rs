//! Why there is no token, named by what the caller should do about it.

/// A token that could not be had. The text holds no secret and nothing that an authorization server said but its codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Only a person can help: a secret that ran out, a scope that was not granted, a reply that lacks something. Trying
    /// again changes nothing.
    #[error("{wanted}: {why}")]
    Refused {
        /// `Cannot get a token from login.example.test`.
        wanted: String,
        /// The reason and what to do.
        why: String,
    },
    /// The authorization server, a program or a file cannot be used now: try again later.
    #[error("{wanted}: {why}")]
    Away {
        /// `Cannot get a token from login.example.test`.
        wanted: String,
        /// The reason.
        why: String,
    },
}

/// A reason without what was wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    Refused(String),
    Away(String),
}

impl Why {
    pub(super) fn when(self, wanted: &str) -> TokenError {
        let wanted = wanted.to_owned();
        match self {
            Self::Refused(why) => TokenError::Refused { wanted, why },
            Self::Away(why) => TokenError::Away { wanted, why },
        }
    }
}

/// A fault of a file or a program, which a person may put right at any moment without telling the service.
impl From<anyhow::Error> for Why {
    fn from(error: anyhow::Error) -> Self {
        Self::Refused(format!("{error:#}"))
    }
}
