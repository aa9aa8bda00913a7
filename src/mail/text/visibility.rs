//! Which pieces of a page its sender hides, so that text and kept HTML show what a mail program shows and not more.
//!
//! The styles are taken out of the kept HTML: what they hid would otherwise appear there. Colours and places are not
//! looked at; what is white on white or outside of the window is shown.

use super::node::Node;
use html5ever::Attribute;

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
    fn with(self, attributes: &[Attribute]) -> Self {
        let mut element = self;
        element.hidden |=
            attributes.iter().any(|attribute| &*attribute.name.local == "hidden" && &*attribute.value != "until-found");
        let (mut of_no_height, mut overflow_hidden) = (false, false);
        for (property, value) in declarations(attributes) {
            let is = |names: &[&str]| names.iter().any(|name| property.eq_ignore_ascii_case(name));
            let says = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
            element.hidden |= is(&["display"]) && says(&["none"])
                || is(&["visibility"]) && says(&["hidden", "collapse"])
                || is(&["opacity"]) && is_nought(value);
            if is(&["font-size"]) {
                element.without_size = is_nought(value);
            }
            of_no_height |= is(&["height", "max-height", "width", "max-width"]) && is_nought(value);
            overflow_hidden |= is(&["overflow"]) && says(&["hidden"]);
        }
        element.hidden |= of_no_height && overflow_hidden;
        element
    }
}

/// The properties of an element's `style` with their values, in letters of either size.
pub(super) fn declarations(attributes: &[Attribute]) -> impl Iterator<Item = (&str, &str)> {
    let style = attribute(attributes, "style").unwrap_or_default();
    style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        Some((property.trim(), value.split('!').next().unwrap_or_default().trim()))
    })
}

/// The value of an element's attribute; the tokenizer gives none twice.
pub(super) fn attribute<'a>(attributes: &'a [Attribute], wanted: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value)
}

/// Nought with or without a unit.
fn is_nought(value: &str) -> bool {
    let number = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '%');
    number.trim().parse::<f32>() == Ok(0.0)
}
