//! The keys of [retention], and of `retention` in a [[tenant]].

use crate::retention::CountedFrom;
use serde::Deserialize;

/// Periods as they are typed; what is not typed is as for all tenants, or never.
#[derive(Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Retention {
    pub(in crate::settings) unassigned: Option<String>,
    pub(in crate::settings) set_aside: Option<String>,
    pub(in crate::settings) automatic: Option<String>,
    pub(in crate::settings) repeated: Option<String>,
    pub(in crate::settings) after_rejection: Option<String>,
    pub(in crate::settings) after_withdrawal: Option<String>,
    pub(in crate::settings) after_hiring: Option<String>,
    pub(in crate::settings) counted_from: Option<CountedFrom>,
    pub(in crate::settings) block_after: Option<String>,
}
