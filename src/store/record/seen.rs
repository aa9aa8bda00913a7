//! How a mail's record stood when it was looked up: whoever decides on that finds out whether a person decided since.

use crate::decision::DecidedBy;
use crate::store::error::Work;
use crate::store::time::read;
use crate::store::words::value;
use chrono::{DateTime, NaiveDateTime, Utc};

/// What changes in a mail's record with every decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsSeen {
    /// When its outcome was last decided.
    pub processed_at: DateTime<Utc>,
    /// Who decided so.
    pub decided_by: DecidedBy,
    /// Since when it is discarded.
    pub discarded_at: Option<DateTime<Utc>>,
}

/// The columns of an [`AsSeen`]: `processed_at`, `decided_by`, `discarded_at`.
pub(in crate::store) type SeenRow = (NaiveDateTime, String, Option<NaiveDateTime>);

impl AsSeen {
    /// Whether a person decided last: a run over all mails leaves it so.
    #[must_use]
    pub fn is_by_a_person(self) -> bool {
        self.decided_by == DecidedBy::Person || self.discarded_at.is_some()
    }

    pub(in crate::store) fn read((processed_at, decided_by, discarded_at): SeenRow) -> Work<Self> {
        Ok(Self {
            processed_at: read(processed_at),
            decided_by: value(&decided_by, "who decided")?,
            discarded_at: discarded_at.map(read),
        })
    }
}
