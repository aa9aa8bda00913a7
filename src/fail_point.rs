//! Named places at which tests kill the service, to show that it reaches the same end whatever dies.
//!
//! Compiled in with the feature `fail-points` only, which the tests of this crate switch on; in a release there is nothing
//! here. The variable `FAILPOINTS` says at which place and when: `recorded=2*off->return` kills the third time.

/// A place on the path of a mail behind which a crash leaves something half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailPoint {
    /// A batch was fetched, and nobody has looked into it.
    Fetched,
    /// A mail is being understood.
    Understanding,
    /// Contents lie in the object store, and no record knows them.
    ContentsPut,
    /// All of a batch is written, and the transaction is open.
    BeforeCommit,
    /// A batch is recorded, and nothing of it is filed away.
    Recorded,
    /// Mails lie in the archive folder and in the inbox (COPY).
    Copied,
    /// The same, and they are marked as deleted in the inbox (STORE).
    Marked,
    /// Mails were filed away, and the record does not know it.
    FiledAway,
    /// The SMTP server took a notification, and the outbox does not know it.
    Sent,
    /// A webhook took what it was told, and the record does not know it.
    WebhookTaken,
    /// An authorization server gave a token, and nothing of it is written down.
    TokenGiven,
    /// The newest refresh token is written down, and its access token is not used yet.
    TokenKept,
    /// A part of what is to be erased is erased, and the rest is not.
    Erasing,
    /// Erased mail is removed from the server, and the database does not know it.
    Removed,
    /// Contents are removed from the object store, and the database does not know it.
    ContentsRemoved,
    /// Not a place but a time: a round that gets nowhere for so many milliseconds hangs.
    StepAtMost,
}

/// Passes a place, if no test wants the process to die there.
#[cfg(not(feature = "fail-points"))]
#[inline]
pub(crate) fn reach(_point: FailPoint) {}

/// Passes a place, if no test wants the process to die there.
#[cfg(feature = "fail-points")]
pub(crate) fn reach(point: FailPoint) {
    read_once();
    fail::fail_point!(point.name(), |_| die());
}

/// The number that a test wants instead of the program's own: `step_at_most=return(2000)`.
#[cfg(not(feature = "fail-points"))]
#[inline]
pub(crate) fn number(_point: FailPoint) -> Option<u64> {
    None
}

/// The number that a test wants instead of the program's own: `step_at_most=return(2000)`.
#[cfg(feature = "fail-points")]
pub(crate) fn number(point: FailPoint) -> Option<u64> {
    read_once();
    fail::fail_point!(point.name(), |text: Option<String>| text?.parse().ok());
    None
}

#[cfg(feature = "fail-points")]
fn read_once() {
    static READ: std::sync::Once = std::sync::Once::new();
    // Never torn down: the points last as long as the process.
    READ.call_once(|| std::mem::forget(fail::FailScenario::setup()));
}

#[cfg(feature = "fail-points")]
impl FailPoint {
    fn name(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Understanding => "understanding",
            Self::ContentsPut => "contents_put",
            Self::BeforeCommit => "before_commit",
            Self::Recorded => "recorded",
            Self::Copied => "copied",
            Self::Marked => "marked",
            Self::FiledAway => "filed_away",
            Self::Sent => "sent",
            Self::WebhookTaken => "webhook_taken",
            Self::TokenGiven => "token_given",
            Self::TokenKept => "token_kept",
            Self::Erasing => "erasing",
            Self::Removed => "removed",
            Self::ContentsRemoved => "contents_removed",
            Self::StepAtMost => "step_at_most",
        }
    }
}

/// Ends the process as `kill -9` does: nothing is flushed, closed or rolled back.
#[cfg(feature = "fail-points")]
fn die() {
    use rustix::process::{Signal, getpid, kill_process};
    if kill_process(getpid(), Signal::KILL).is_err() {
        std::process::abort();
    }
}
