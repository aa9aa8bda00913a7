//! Settings that are one of a few words.

use serde::Deserialize;

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte.
    #[default]
    Implicit,
    /// Plain at first, TLS before anything private is said.
    StartTls,
    /// No protection; only to a server on this machine.
    None,
}

/// Which files stand under Dokumente besides Dateien.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentsTab {
    /// None.
    #[default]
    None,
    /// Those whose name told no kind.
    Unrecognised,
    /// All.
    All,
}

/// For which applications a Fachbereich Plus may import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FachbereichPlusScope {
    /// Those they are responsible for.
    #[default]
    Responsible,
    /// All of the tenant.
    All,
}

/// What a notification may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyContent {
    /// Reference number and link only.
    #[default]
    Link,
    /// Candidate's name, post and subject too.
    Names,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::settings) enum SenderProof {
    #[default]
    None,
    AuthenticationResults,
}
