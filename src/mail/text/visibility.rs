//! Which pieces of a page its sender hides, so that text and kept HTML show what a mail program shows and not more.
//!
//! The styles are taken out of the kept HTML: what they hid would otherwise appear there. Colours and places are not
//! looked at; what is white on white or outside of the window is shown.

use super::outline::Node;

/// Follows the nodes of an outline and tells which of them show.
#[derive(Default)]
pub(super) struct Visibility {
    open: Vec<Element>,
}

#[derive(Clone, Copy, Default)]
struct Element {
    hidden: bool,
    /// Text of no size; an element inside may set another size, as newsletters do in every cell.
    without_size: bool,
}

impl Visibility {
    /// Takes the next node; whether it shows.
    pub(super) fn shows(&mut self, node: &Node) -> bool {
        let around = self.open.last().copied().unwrap_or_default();
        match node {
            Node::Start { attributes, void, .. } => {
                let element = around.with(attributes);
                if !void {
                    self.open.push(element);
                }
                !element.hidden
            }
            Node::End { .. } => {
                self.open.pop();
                !around.hidden
            }
            Node::Text(_) => !around.hidden && !around.without_size,
        }
    }
}

impl Element {
    /// An element with these attributes inside this one.
    fn with(self, attributes: &[(String, String)]) -> Self {
        let mut element = self;
        element.hidden |= attributes.iter().any(|(key, value)| key == "hidden" && value != "until-found");
        let (mut of_no_height, mut overflow_hidden) = (false, false);
        for (property, value) in declarations(attributes) {
            match (property.as_str(), value.as_str()) {
                ("display", "none") | ("visibility", "hidden" | "collapse") => element.hidden = true,
                ("opacity", value) => element.hidden |= is_nought(value),
                ("font-size", value) => element.without_size = is_nought(value),
                ("height" | "max-height" | "width" | "max-width", value) => of_no_height |= is_nought(value),
                ("overflow", "hidden") => overflow_hidden = true,
                _ => {}
            }
        }
        element.hidden |= of_no_height && overflow_hidden;
        element
    }
}

/// The properties of an element's `style` with their values, in small letters.
pub(super) fn declarations(attributes: &[(String, String)]) -> impl Iterator<Item = (String, String)> {
    let style = attributes.iter().find(|(key, _)| key == "style").map_or("", |(_, value)| value.as_str());
    style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.to_ascii_lowercase();
        let value = value.split('!').next().unwrap_or_default().trim();
        Some((property.trim().to_ascii_lowercase(), value.to_owned()))
    })
}

/// Nought with or without a unit.
fn is_nought(value: &str) -> bool {
    let number = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '%');
    number.trim().parse::<f32>() == Ok(0.0)
}
