//! The elements with which mail programs mark the start of a forward or quotation.

use super::elements::LANDMARKS;
use super::visibility::attribute;
use html5ever::Attribute;

/// The element bears such a mark, or is Outlook's rule above the quoted mail.
pub(super) fn begins_quotation(name: &str, attributes: &[Attribute]) -> bool {
    is_landmark(attributes) || (name == "hr" && attribute(attributes, "tabindex") == Some("-1"))
}

fn is_landmark(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let (key, value) = (&*attribute.name.local, &*attribute.value);
        let mut wanted = LANDMARKS.iter().filter(|(landmark, _)| *landmark == key).map(|&(_, wanted)| wanted);
        match key {
            "type" => value.eq_ignore_ascii_case("cite"),
            // Both have a colour.
            "style" if value.contains('#') => {
                let value = value.to_ascii_lowercase().replace("; ", ";").replace(": ", ":");
                wanted.any(|wanted| value.contains(wanted))
            }
            "style" => false,
            "name" => wanted.any(|wanted| value.eq_ignore_ascii_case(wanted)),
            _ => wanted.any(|wanted| value.split_ascii_whitespace().any(|word| is_called(word, wanted))),
        }
    })
}

/// Re-forwarding puts `x_` before ids and classes.
fn is_called(word: &str, wanted: &str) -> bool {
    let parts = word.len().checked_sub(wanted.len()).and_then(|at| word.split_at_checked(at));
    parts.is_some_and(|(before, name)| {
        name.eq_ignore_ascii_case(wanted) && before.as_bytes().chunks(2).all(|mark| mark.eq_ignore_ascii_case(b"x_"))
    })
}
