//! What there is to erase.

use crate::application::id::{ApplicationId, CandidateId, MailId, TenantId};
use crate::application::{EmailAddress, ReferenceNumber};
use crate::store::retention::Standing;

/// What is to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// An application with all its mails, and mail that waits and claims its number. If the candidate has no other
    /// application, the candidate too.
    Application(ApplicationId),
    /// A candidate with all applications, and mail that waits and comes from one of their addresses.
    Candidate(CandidateId),
    /// Mail that waits and claims this number, which no application of the tenant has (any more).
    Number(TenantId, ReferenceNumber),
    /// Mail that waits and comes from this address, which no candidate of the tenant has.
    Address(TenantId, EmailAddress),
    /// An application whose time is over, as long as it stands as it did when that was found; the candidate too, if they
    /// have no other. Mail that waits has a time of its own.
    Due(ApplicationId, Standing),
    /// These mails and their repeats, except those that stand in a history.
    Mails(Vec<MailId>),
}
