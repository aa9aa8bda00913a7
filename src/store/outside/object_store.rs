//! The object store of a database.

use crate::objects::Objects;

/// The object store, and whether new contents go there.
#[derive(Clone)]
pub(in crate::store) struct Outside {
    pub(super) objects: Objects,
    pub(super) takes_new: bool,
}
