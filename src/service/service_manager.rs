//! systemd, if it started us.

use sd_notify::NotifyState;

/// Tells it; where there is none, nobody.
pub(super) fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "The service manager cannot be told");
    }
}
