//! Whether a mail's From is proven by the host that received it (RFC 8601).
//!
//! `results` reads what such a host wrote, by its grammar; `place` tells which of these fields a sender cannot have
//! written; `from_field` reads the From as strictly as a proof needs it; `rule` puts the three together. The DNS is not
//! asked and no signature is checked here: the tenant trusts its receiving host to have done that.

mod from_field;
mod place;
mod results;
mod rule;
mod scanner;

pub(crate) use rule::{Asked, prove};

use std::fmt;

/// Whom a tenant believes about the sender of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustedReceiver {
    /// Hosts that write their id into their `Authentication-Results` fields.
    Hosts {
        /// The ids (RFC 8601, section 2.5), in small letters.
        authserv_ids: Vec<String>,
        /// The names that these hosts write behind `by` in their `Received` fields, in small letters.
        receiving_hosts: Vec<String>,
        /// So many `Received` they write themselves above the one with which they take a mail in.
        inner_hops: usize,
        /// These hosts take out every such field that a mail brings along, so that one directly below their own
        /// `Received` counts too.
        strips_forged: bool,
    },
    /// Exchange Online, which writes no id.
    ExchangeOnline,
}

/// Whether the From of a mail is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderProof {
    /// The tenant asks for no proof.
    NotAsked,
    /// It is, by this.
    Proven(ProvenBy),
    /// It is not.
    Missing(NotProven),
}

/// What proved a From.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenBy {
    /// DMARC passed.
    Dmarc,
    /// DKIM passed for a domain that is aligned with the From.
    Dkim,
    /// SPF passed for a domain that is aligned with the From.
    Spf,
    /// Exchange Online took the mail from somebody inside the organisation.
    InsideTheOrganisation,
}

/// Why a From is not proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProven {
    /// There is no From, or several, or several addresses in it.
    NotOneFrom,
    /// The From is written in a way that programs read differently.
    OddFrom,
    /// The display name shows another address.
    NameShowsAddress,
    /// Somebody else redirected the mail; a proof of the From says nothing about them.
    Redirected,
    /// No `Received` field stands where the trusted host writes its own: what it wrote and what a sender wrote cannot be told apart.
    NoReceived,
    /// There is no result of the trusted host.
    NoResult,
    /// There is a result in the trusted host's name, at a place where a sender may have written it.
    WrongPlace,
    /// A result of the trusted host cannot be read.
    Unreadable,
    /// The results contradict each other, or repeat what only one can have said.
    Contradicting,
    /// The host says that DMARC did not pass.
    DmarcFailed,
    /// Nothing passed that belongs to the domain of the From.
    NothingAligned,
}

impl SenderProof {
    /// Nothing stands against taking the From for what it says.
    pub fn suffices(&self) -> bool {
        !matches!(self, Self::Missing(_))
    }
}

impl fmt::Display for SenderProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "not asked for",
            Self::Proven(by) => match by {
                ProvenBy::Dmarc => "the receiving host says: DMARC passed",
                ProvenBy::Dkim => "the receiving host says: DKIM passed for the domain of the From",
                ProvenBy::Spf => "the receiving host says: SPF passed for the domain of the From",
                ProvenBy::InsideTheOrganisation => "Exchange Online says: sent inside the organisation",
            },
            Self::Missing(why) => match why {
                NotProven::NotOneFrom => "there is not exactly one From with one address",
                NotProven::OddFrom => "the From is written in a way that programs read differently",
                NotProven::NameShowsAddress => "the display name of the From shows another address",
                NotProven::Redirected => "somebody redirected the mail, and nothing proves who",
                NotProven::NoReceived => {
                    "no Received field is of the trusted host (see `receiving_hosts`, `inner_hops`)"
                }
                NotProven::NoResult => "the trusted host wrote no Authentication-Results",
                NotProven::WrongPlace => {
                    "the trusted host's Authentication-Results stand where a sender may have written them"
                }
                NotProven::Unreadable => "an Authentication-Results field of the trusted host cannot be read",
                NotProven::Contradicting => "the results of the trusted host contradict or repeat each other",
                NotProven::DmarcFailed => "the receiving host says: DMARC did not pass",
                NotProven::NothingAligned => "neither DMARC nor, for the domain of the From, DKIM or SPF passed",
            },
        })
    }
}

#[cfg(test)]
mod tests;
