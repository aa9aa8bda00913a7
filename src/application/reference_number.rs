//! Reference numbers of applications and the shapes they come in.

use std::fmt;

/// An application's reference number in its shape's own form, such as `2024-00123`.
///
/// Comes into being by reading a text against a [`ReferenceShape`] only, or from the store, which holds nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReferenceNumber(String);

impl ReferenceNumber {
    /// The number as the store holds it: it was read against a shape before it was stored.
    #[must_use]
    pub(crate) fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The number as it is printed and stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReferenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a tenant's reference numbers look: literal text with `{n}` or `{n-m}` for so many digits (`BEW-{5-7}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceShape;

/// The text is no shape; says what is wrong with it and how a shape is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ShapeError(pub String);

impl ReferenceShape {
    /// Reads a shape.
    ///
    /// # Errors
    ///
    /// [`ShapeError`] if ...
    pub fn parse(_text: &str) -> Result<Self, ShapeError> {
        unimplemented!()
    }

    /// Reads a number that must fill the whole text.
    #[must_use]
    pub fn read_whole(&self, _text: &str) -> Option<ReferenceNumber> {
        unimplemented!()
    }
}
