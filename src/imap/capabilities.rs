//! What a server says it can do.

use std::collections::BTreeSet;

use async_imap::imap_proto::{Capability, Response, ResponseCode};

use super::response_code::code_of;

/// The server's capabilities after login, by which the way of doing things is chosen beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities(BTreeSet<String>);

impl Capabilities {
    /// MOVE (RFC 6851): mails change their folder in one step.
    #[must_use]
    pub fn can_move(&self) -> bool {
        self.offers("MOVE")
    }

    /// UIDPLUS (RFC 4315): chosen mails can be expunged, and the server tells the new UIDs.
    #[must_use]
    pub fn has_uidplus(&self) -> bool {
        self.offers("UIDPLUS")
    }

    /// IDLE (RFC 2177): the server tells of new mail at once.
    #[must_use]
    pub fn can_idle(&self) -> bool {
        self.offers("IDLE")
    }

    /// Whether the server lists this capability; letters' case does not count.
    #[must_use]
    pub fn offers(&self, name: &str) -> bool {
        self.0.contains(&name.to_ascii_uppercase())
    }

    /// All names in capitals, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The list that a response carries: untagged, or as the code of a greeting or a tagged OK.
    pub(super) fn told_in(response: &Response<'_>) -> Option<Self> {
        match response {
            Response::Capabilities(list) => Some(Self::read(list)),
            other => match code_of(other) {
                Some(ResponseCode::Capabilities(list)) => Some(Self::read(list)),
                _ => None,
            },
        }
    }

    fn read(list: &[Capability<'_>]) -> Self {
        let name = |capability: &Capability<'_>| match capability {
            Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
            Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
            Capability::Atom(atom) => atom.to_ascii_uppercase(),
        };
        Self(list.iter().map(name).collect())
    }
}

#[cfg(test)]
impl<const N: usize> From<[&str; N]> for Capabilities {
    fn from(names: [&str; N]) -> Self {
        Self(names.into_iter().map(str::to_ascii_uppercase).collect())
    }
}
