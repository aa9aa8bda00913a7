//! How far work has come, told to whoever must know whether it still goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Grows as long as anything is done: over a connection by every byte that comes in, and by what those count who work on what
/// came. Standing still, it tells a step that hangs from one that only takes long. A clone counts the same.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Something was done; how much of it is the caller's to say, in whatever unit.
    pub fn add(&self, done: u64) {
        self.0.fetch_add(done, Ordering::Relaxed);
    }

    /// A number that differs from an earlier one if anything was done meanwhile.
    #[must_use]
    pub fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
