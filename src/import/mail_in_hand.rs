//! A mail between the inbox and the record.

use crate::store::Place;
use chrono::{DateTime, Utc};

/// Of a mail that is too large only the beginning is fetched: enough to tell a person what it is, in octets.
pub const BEGINNING: u32 = 64 << 10;

/// A fetched mail, or one from a file, with what the path must know beside its bytes.
#[derive(Clone, Debug)]
pub struct MailInHand {
    /// Where it lies; `None` for a file from disk.
    pub place: Option<Place>,
    /// What was fetched of it.
    pub content: Content,
    /// Its size in octets as the server states it.
    pub size: u64,
    /// When the server received it.
    pub received_at: DateTime<Utc>,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
}

/// What was fetched of a mail.
#[derive(Clone, Debug)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// Its beginning: it is too large.
    Beginning(Vec<u8>),
    /// Nothing: the mail is there, and the server does not hand it over. It is tried again.
    Withheld,
    /// Nothing, as often as counts: it is not tried again.
    GivenUp,
}

impl Content {
    /// The bytes there are.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) | Self::Beginning(bytes) => bytes,
            Self::Withheld | Self::GivenUp => &[],
        }
    }

    /// The mail's size in octets, if it can be told from what there is.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Beginning(_) | Self::Withheld | Self::GivenUp => None,
        }
    }
}
