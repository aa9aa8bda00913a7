//! One HTML body: its outline and the text made from it.

use super::outline::Outline;
use super::plain::{self, PlainText};
use std::rc::Rc;

/// An HTML body, read once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) outline: Rc<Outline>,
    pub(crate) plain: PlainText,
}

impl Page {
    /// Reads HTML.
    pub(crate) fn read(html: &str) -> Self {
        let outline = Outline::read(html);
        let plain = plain::make(&outline);
        Self { outline: Rc::new(outline), plain }
    }

    /// Puts another page below this one.
    pub(crate) fn append(&mut self, below: Self) {
        let nodes = self.outline.nodes.len();
        let lines = self.plain.line_nodes.len();
        let (outline, below_outline) = (Rc::make_mut(&mut self.outline), Rc::unwrap_or_clone(below.outline));
        outline.nodes.extend(below_outline.nodes);
        outline.is_cut |= below_outline.is_cut;
        self.plain.text.push('\n');
        self.plain.text.push_str(&below.plain.text);
        self.plain.line_nodes.extend(below.plain.line_nodes.into_iter().map(|node| node + nodes));
        self.plain.landmarks.extend(below.plain.landmarks.into_iter().map(|line| line + lines));
    }

    /// The node at which a line of the text begins.
    pub(crate) fn node_of_line(&self, line: usize) -> usize {
        self.plain.line_nodes.get(line).copied().unwrap_or(self.outline.nodes.len())
    }
}
