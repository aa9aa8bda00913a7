//! What came before it was asked for.

use std::collections::BTreeSet;

use super::open_folder::{Mode, OpenFolder};
use super::uid::Uid;

/// Answers to what was not asked yet.
#[derive(Debug)]
pub(super) struct Ahead {
    /// The last command that had been sent when they came.
    pub(super) sent: u64,
    pub(super) place: String,
    pub(super) mode: Mode,
    pub(super) opened: Option<OpenFolder>,
    pub(super) unseen: Option<BTreeSet<Uid>>,
}
