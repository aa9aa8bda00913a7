//! Nodes of an outline as HTML.

use super::node::Node;

/// What is written between two pieces: an element that the cleaning takes out again.
const SEAM: &str = "<wbr>";
/// Longest text that is written in one piece, in bytes. The serializer behind the cleaning looks for the next sign to be
/// escaped up to the end of a text, so that a long text of many such signs would take a time that grows with the square
/// of its length (500,000 of them: 10 s).
const PIECE: usize = 4 * 1024;

/// Attributes that the cleaning takes out wherever they stand, and of which pages are full: not written, they need not be
/// read again.
const NEVER_KEPT: [&str; 3] = ["style", "class", "id"];
/// Elements that a reader of HTML compares with those around them, attributes and all: they keep theirs.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Writes a node, text up to about `most_text` bytes; gives how many bytes of text were written.
pub(super) fn write(node: &Node, html: &mut String, most_text: usize) -> usize {
    let mut text_length = 0;
    match node {
        Node::Start { name, attributes, .. } => {
            html.push('<');
            html.push_str(name);
            let is_formatting = FORMATTING.contains(&&**name);
            for attribute in attributes {
                let key = &*attribute.name.local;
                if NEVER_KEPT.contains(&key) && !is_formatting {
                    continue;
                }
                html.push(' ');
                html.push_str(key);
                html.push_str("=\"");
                escape(
                    &attribute.value,
                    |rest| rest.bytes().position(|sign| matches!(sign, b'&' | b'<' | b'>' | b'"')),
                    html,
                );
                html.push('"');
            }
            html.push('>');
        }
        Node::End { name } => write_end(name, html),
        Node::Text(text) => {
            for (n, piece) in pieces(text).enumerate() {
                if n > 0 {
                    html.push_str(SEAM);
                }
                let before = html.len();
                escape_text(piece, html);
                text_length += html.len() - before;
                if text_length >= most_text {
                    break;
                }
            }
        }
    }
    text_length
}

pub(super) fn write_end(name: &str, html: &mut String) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

/// Text in pieces of at most [`PIECE`] bytes.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, left) = rest.split_at_checked(end)?;
        rest = left;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Writes text so that it stays text.
pub(super) fn escape_text(text: &str, html: &mut String) {
    escape(text, |rest| memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()), html);
}

fn escape(text: &str, next_sign: impl Fn(&str) -> Option<usize>, html: &mut String) {
    let mut rest = text;
    while let Some((before, behind)) = next_sign(rest).and_then(|at| rest.split_at_checked(at)) {
        html.push_str(before);
        let mut behind = behind.chars();
        html.push_str(match behind.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&quot;",
        });
        rest = behind.as_str();
    }
    html.push_str(rest);
}
