//! Row numbers of the store, each of its own type so that one cannot be taken for another.

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A tenant.
    TenantId,
    /// A user of a tenant.
    UserId,
    /// An application of a tenant.
    ApplicationId,
    /// A candidate of a tenant.
    CandidateId,
    /// A mailbox, that is an import address.
    MailboxId,
    /// A mail that was seen, whatever came of it.
    MailId,
    /// A line of a candidate's history.
    HistoryEntryId,
    /// A file that came with a mail.
    FileId,
    /// A row of the outbox.
    NotificationId,
    /// A token for the interface of programs.
    ApiTokenId,
    /// Something that a webhook is told.
    DeliveryId,
}
