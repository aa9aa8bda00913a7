//! How a run of the service ends.

use tokio_util::sync::CancellationToken;

/// When a run of the service ends, and what is told of it.
#[derive(Clone, Debug)]
pub(crate) struct Until {
    /// Asks this run to finish what is in hand.
    pub stop: CancellationToken,
    /// The process is to end with it. If it is not, another run follows with other settings, of which the service manager
    /// is not told that it is an end.
    pub for_good: CancellationToken,
    /// Cancelled by the run when it has begun.
    pub began: CancellationToken,
}
