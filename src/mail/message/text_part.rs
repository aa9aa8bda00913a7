//! Text and HTML parts: which of them are the mail's body, and how they were read.

use super::body::{self, BodyPiece};
use super::{Item, Message};
use crate::application::document_kind::read_file_name;
use crate::mail::encoding::charset;
use crate::mail::structure::{Parameterised, Part};
use crate::mail::text::page::Page;

/// A text part is body unless it is marked as a file or has a file's name. The first text of a mail is body all the
/// same if only its type carries a name; so are the nameless pieces that Exchange calls `ATT00001.txt`.
pub(super) fn is_body(part: &Part<'_>, disposition: &Parameterised, name: Option<&str>, message: &Message) -> bool {
    let by_program = name.is_some_and(|name| name.starts_with("ATT") && read_file_name(name).ignored);
    let first =
        message.body.iter().all(|piece| piece.plain.is_none() && piece.page.is_none()) && message.items.is_empty();
    let named = name.is_some() && !(first && disposition.word.is_empty() && part.parent.is_some());
    by_program || (disposition.word != "attachment" && !named)
}

/// Reads a text part into the piece of the body that it is a form of, or into one of its own.
pub(super) fn add_text(part: &Part<'_>, content: &[u8], alternative: Option<usize>, message: &mut Message) {
    let index = alternative.unwrap_or_else(|| {
        message.body.push(BodyPiece::default());
        message.body.len() - 1
    });
    if part.media_type.contains("html") {
        let label = body::label(content, &part.content_type, true);
        let charset::Text { text, fallback } = body::html(content, label.as_deref());
        tell_charset(&part.content_type, label.as_deref(), fallback, "HTML", message);
        let page = Page::read(&text);
        if page.outline.is_cut {
            message.cut("the HTML is longer than is read: its end is missing");
        }
        let Some(piece) = message.body.get_mut(index) else { return };
        match &mut piece.page {
            Some(above) => above.append(page),
            None => piece.page = Some(page),
        }
        return;
    }
    let body::PlainText { text, files, is_cut, label, fallback } = body::plain_text(content, &part.content_type);
    tell_charset(&part.content_type, label.as_deref(), fallback, "text", message);
    if is_cut {
        message.cut("a text is longer than is read: its end is missing");
    }
    let Some(piece) = message.body.get_mut(index) else { return };
    match &mut piece.plain {
        Some(above) => {
            above.push('\n');
            above.push_str(&text);
        }
        None => piece.plain = Some(text),
    }
    message.items.extend(files.into_iter().map(Item::File));
}

fn tell_charset(
    declared: &Parameterised,
    label: Option<&str>,
    fallback: Option<&str>,
    what: &str,
    message: &mut Message,
) {
    if let Some(declared) = declared.plain("charset").filter(|set| label == Some("utf-8") && !set.is_empty())
        && !charset::is_utf_8(&declared)
    {
        return message.repaired(format!("the {what} declares `{declared}`, and is read as UTF-8"));
    }
    if let Some(read_as) = fallback {
        let declared =
            label.map_or_else(|| "declares no character set".to_owned(), |label| format!("declares `{label}`"));
        message.repaired(format!("the {what} {declared}, and is read as {read_as}"));
    }
}
