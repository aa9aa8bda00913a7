//! HTML: tags and styles stay, what is read and what leads elsewhere does not.

use super::mask::Mask;

/// Attributes that say how a thing looks, or by which mail programs are told apart.
const KEPT: [&str; 22] = [
    "class",
    "id",
    "style",
    "dir",
    "lang",
    "type",
    "align",
    "valign",
    "width",
    "height",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "bgcolor",
    "face",
    "size",
    "http-equiv",
    "charset",
    "rel",
    "colspan",
    "rowspan",
];

/// HTML with its words masked.
pub(super) fn scrub(html: &str, mask: &Mask) -> String {
    let mut scrubbed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at_checked(start).unwrap_or((rest, ""));
        scrubbed.push_str(&mask.text(text));
        let is_style = tag.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("<style"));
        let is_comment = tag.starts_with("<!--");
        let end = match (is_comment, is_style) {
            (true, _) => tag.find("-->").map(|end| end + 3),
            (_, true) => tag.find("</"),
            _ => end_of_tag(tag),
        };
        let (tag, behind) = tag.split_at_checked(end.unwrap_or(tag.len())).unwrap_or((tag, ""));
        match (is_comment, is_style) {
            (true, _) => scrubbed.push_str(&mask.text(tag)),
            (_, true) => scrubbed.push_str(tag),
            _ => scrub_tag(tag, mask, &mut scrubbed),
        }
        rest = behind;
    }
    scrubbed.push_str(&mask.text(rest));
    scrubbed
}

/// Behind the `>` that stands in no quotation marks.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    // A quotation mark that is never closed.
    tag.find('>').map(|at| at + 1)
}

/// Names stay, and the values of the attributes that are kept.
fn scrub_tag(tag: &str, mask: &Mask, scrubbed: &mut String) {
    let mut rest = tag;
    while let Some(equals) = rest.find('=') {
        let (before, value) = rest.split_at_checked(equals + 1).unwrap_or((rest, ""));
        scrubbed.push_str(before);
        let name = before.trim_end_matches('=').trim_end().rsplit(|c: char| c.is_whitespace() || c == '<').next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let is_kept = KEPT.contains(&name.as_str()) || name.starts_with("xmlns");
        let length = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..).and_then(|inner| inner.find(quote)).map(|end| end + 2),
            _ => value.find(|c: char| c.is_whitespace() || c == '>'),
        };
        let (value, behind) = value.split_at_checked(length.unwrap_or(value.len())).unwrap_or((value, ""));
        if is_kept {
            scrubbed.push_str(value);
        } else {
            scrubbed.push_str(&mask.text(value));
        }
        rest = behind;
    }
    scrubbed.push_str(rest);
}
