//! What is left when a transfer encoding is taken off.

use std::borrow::Cow;

/// Bytes after their transfer encoding was taken off.
pub(crate) struct Decoded<'a> {
    /// The content; borrowed where there was nothing to take off.
    pub(crate) bytes: Cow<'a, [u8]>,
    /// Something did not fit the encoding, so that the content may be incomplete.
    pub(crate) damaged: bool,
}
