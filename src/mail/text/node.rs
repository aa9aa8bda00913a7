//! The pieces of which an outline is made.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName};

/// One node of the flat list. Names and texts are the tokenizer's own: most of a page is not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// An element begins; its end follows as [`Node::End`] unless it is void.
    Start { name: LocalName, attributes: Vec<Attribute>, void: bool },
    /// The innermost open element ends.
    End { name: LocalName },
    /// Text, entities resolved.
    Text(StrTendril),
}
