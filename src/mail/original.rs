//! Which mail inside a fetched one is the candidate's, and what its text and HTML are.
//!
//! In this order: a redirected mail is the candidate's itself; an attached mail goes before a block in the text; the
//! text goes before the HTML. Mails and blocks whose sender is one of the tenant's own people are passed over. A block
//! of the same sender that may be newer than the attached mail follows it: the candidate's reply, to which an older mail
//! is attached. One of another sender makes it uncertain which is the reply.

use super::dates::{self, DateRules};
use super::forward::{self, Surroundings};
use super::message::{BodyPiece, Head, Item, Message};
use super::reply_identity::normal;
use super::text::clean;
use super::text::outline::Outline;
use super::text::page::Page;
use super::{Original, ReadingRules};
use chrono::{DateTime, FixedOffset};
use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

/// What a mail says, once the candidate's part of it is known.
#[derive(Default)]
pub(crate) struct Content {
    pub(crate) original: Option<Original>,
    /// What made the original, for whoever asks; the outermost first.
    pub(crate) found_by: Vec<String>,
    pub(crate) note: String,
    pub(crate) text: String,
    /// The pages that belong to the text, each from a node of its outline on.
    pub(crate) pages: Vec<(Rc<Outline>, usize)>,
}

/// Chooses the candidate's mail; without any, the mail itself is taken.
pub(crate) fn choose(message: &Message, rules: &ReadingRules, subject_rest: &str) -> Content {
    let by_outsider = message.head.from.address.as_ref().is_some_and(|address| !rules.is_staff(address));
    if message.head.resent_from.is_some() && by_outsider {
        let found_by = vec!["the mail was redirected (Resent-From): it is the candidate's itself".to_owned()];
        let original = original_of(&message.head, rules);
        // The one who redirected it put the number before the candidate's own subject.
        let subject = original.subject.as_ref().map(|_| subject_rest.to_owned());
        return Content { found_by, ..whole(message, Some(Original { subject, ..original })) };
    }
    find(message, rules, subject_rest).unwrap_or_else(|| {
        let found_by = vec!["nothing in the mail is a forward: the mail itself is taken".to_owned()];
        Content { found_by, ..whole(message, None) }
    })
}

/// The sent date of a mail's header.
pub(crate) fn sent_at(head: &Head, rules: &ReadingRules) -> Option<DateTime<FixedOffset>> {
    dates::read(head.date.as_deref()?, DateRules { zone: rules.timezone, languages: &[] })
}

/// The candidate's mail attached to this one or standing in its text.
fn find(message: &Message, rules: &ReadingRules, subject_rest: &str) -> Option<Content> {
    match (attached(message, rules), in_text(message, rules, subject_rest)) {
        (Some(attached), Some(block)) if !is_known(&block, &attached) => {
            if !is_by_the_same(&block, &attached) {
                return Some(beside_another(attached));
            }
            let found_by = "a block in the text may be newer, and its text follows the original's".to_owned();
            let (note, block) = (block.note.clone(), Content { found_by: vec![found_by], ..block });
            Some(Content { note, ..followed_by(attached, block) })
        }
        (attached, block) => attached.or(block),
    }
}

/// Somebody else's block stays in the note. It may be the reply, and the attached mail something that came with it.
fn beside_another(mut attached: Content) -> Content {
    if let Some(original) = &mut attached.original {
        original.message_id = None;
        original.beside_another = true;
    }
    attached
        .found_by
        .push("a block of another sender in the text may be newer: this is taken for no repeat".to_owned());
    attached
}

/// Whether both are of one sender: by the address, and by the name where one has none.
fn is_by_the_same(block: &Content, attached: &Content) -> bool {
    let (Some(block), Some(attached)) = (&block.original, &attached.original) else { return false };
    match (&block.from_address, &attached.from_address) {
        (Some(block), Some(attached)) => block == attached,
        _ => {
            block.from_name.is_some() && block.from_name.as_deref().map(name) == attached.from_name.as_deref().map(name)
        }
    }
}

/// The words of a name, whichever stands first: `Probst, Jonte`.
fn name(printed: &str) -> Vec<String> {
    let mut words: Vec<String> =
        printed.to_lowercase().replace(',', " ").split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// Whether a block in the text is the attached mail over again, or what that answers.
fn is_known(block: &Content, attached: &Content) -> bool {
    let date = |content: &Content| content.original.as_ref().and_then(|original| original.date);
    let (shown, whole) = (normal(&block.text), normal(&attached.text));
    let is_same = shown == whole || (!whole.is_empty() && shown.starts_with(&whole));
    is_same || date(block).zip(date(attached)).is_some_and(|(block, attached)| block <= attached)
}

/// The first attached mail from outside, or the one found inside a colleague's; the texts of further ones follow.
fn attached(message: &Message, rules: &ReadingRules) -> Option<Content> {
    let mails = message.items.iter().filter_map(|item| if let Item::Message(mail) = item { Some(mail) } else { None });
    let mut chosen: Option<Content> = None;
    for mail in mails {
        let by_staff = mail.head.from.address.as_ref().is_some_and(|address| rules.is_staff(address));
        let subject = mail.head.subject.as_deref().unwrap_or_default();
        let content =
            if by_staff { find(mail, rules, subject) } else { Some(whole(mail, Some(original_of(&mail.head, rules)))) };
        let Some(mut content) = content else { continue };
        let whose = match (by_staff, &chosen) {
            (true, _) => "a colleague's, and the original is inside",
            (false, None) => "from outside, and the original",
            (false, Some(_)) => "from outside, and its text follows the original's",
        };
        content.found_by.insert(0, format!("the attached mail `{subject}` is {whose}"));
        chosen = Some(match chosen {
            None => content,
            Some(chosen) => followed_by(chosen, content),
        });
    }
    chosen.map(|content| Content { note: View::of(message).text.into_owned(), ..content })
}

fn followed_by(mut chosen: Content, further: Content) -> Content {
    chosen.text.truncate(chosen.text.trim_end().len());
    chosen.text.push_str("\n\n");
    chosen.text.push_str(&further.text);
    chosen.pages.extend(further.pages);
    // The text is no longer that of the mail with this Message-ID.
    if let Some(original) = &mut chosen.original {
        original.message_id = None;
    }
    chosen.found_by.extend(further.found_by);
    chosen
}

fn original_of(head: &Head, rules: &ReadingRules) -> Original {
    Original {
        from_name: head.from.name.clone(),
        from_address: head.from.address.clone(),
        date: sent_at(head, rules),
        subject: head.subject.clone(),
        message_id: head.message_id.clone(),
        beside_another: false,
    }
}

/// A forward in the text; in the HTML where the text has none.
fn in_text(message: &Message, rules: &ReadingRules, subject_rest: &str) -> Option<Content> {
    let view = View::of(message);
    let forwarder_name = message.head.from.name.as_deref();
    let around = |landmarks| Surroundings { rules, forwarder_name, subject: subject_rest, landmarks };
    let in_page = view.page.as_ref().and_then(|page| forward::find(&page.plain.text, &around(&page.plain.landmarks)));
    let in_plain = forward::find(&view.text, &around(&[]));
    let start = in_page.as_ref().map(|found| found.body_line);
    let linked = in_page.as_ref().map(|found| found.original.clone());
    let place = if in_plain.is_some() { "the text" } else { "the HTML, read as text" };
    let found = in_plain.or(in_page)?;
    let found_by = vec![format!("{} at line {} of {place} is the original's head", found.what, found.head_line + 1)];
    let pages = view.page.iter().map(|page| {
        let start = start.map_or(0, |line| page.node_of_line(line));
        (Rc::clone(&page.outline), start)
    });
    let (text, pages) = (found.body, pages.collect());
    Some(Content { original: Some(with_address(found.original, linked)), found_by, note: found.note, text, pages })
}

/// The plain form may lack an address that stands behind a link in the HTML: it is the sender's if all else is alike.
fn with_address(original: Original, linked: Option<Original>) -> Original {
    let alike = |linked: &Original| {
        original.from_name.is_some() && linked.from_name == original.from_name && linked.date == original.date
    };
    let linked = linked.filter(alike);
    match linked {
        Some(linked) if original.from_address.is_none() => Original { from_address: linked.from_address, ..original },
        _ => original,
    }
}

/// The mail as a whole.
fn whole(message: &Message, original: Option<Original>) -> Content {
    let view = View::of(message);
    let pages = view.page.into_iter().map(|page| (Rc::clone(&page.outline), 0)).collect();
    Content { original, found_by: Vec::new(), note: String::new(), text: view.text.into_owned(), pages }
}

/// The content ids of all pictures that any page of the mail shows.
pub(crate) fn shown_pictures(message: &Message) -> HashSet<String> {
    let pieces = message.with_attached().into_iter().flat_map(|message| &message.body);
    pieces.filter_map(|piece| piece.page.as_ref()).flat_map(|page| clean::shown_pictures(&page.outline)).collect()
}

/// A mail's body as text and, if any piece has it, as one page.
struct View<'a> {
    text: Cow<'a, str>,
    page: Option<Cow<'a, Page>>,
}

impl<'a> View<'a> {
    fn of(message: &'a Message) -> Self {
        let pieces = &message.body;
        let page = match pieces.as_slice() {
            [piece] => piece.page.as_ref().map(Cow::Borrowed),
            pieces if pieces.iter().any(|piece| piece.page.is_some()) => Some(Cow::Owned(in_one(pieces))),
            _ => None,
        };
        let text = match pieces.as_slice() {
            [piece] => Cow::Borrowed(text_of(piece)),
            pieces => Cow::Owned(pieces.iter().map(text_of).collect::<Vec<_>>().join("\n")),
        };
        Self { text, page }
    }
}

/// The pages of all pieces as one; pieces that are plain text become pages.
fn in_one(pieces: &[BodyPiece]) -> Page {
    let mut whole = Page::default();
    for piece in pieces {
        let plain = || Page::read(&clean::from_plain(piece.plain.as_deref().unwrap_or_default()));
        whole.append(piece.page.clone().unwrap_or_else(plain));
    }
    whole
}

/// The plain form; where it is empty or itself HTML, the text of the HTML form.
fn text_of(piece: &BodyPiece) -> &str {
    let is_markup = |text: &str| text.starts_with('<') && text.ends_with('>') && text.contains("</");
    let says_nothing = |text: &str| text.is_empty() || (piece.page.is_some() && is_markup(text));
    let plain = piece.plain.as_deref().filter(|text| !says_nothing(text.trim()));
    plain.or_else(|| piece.page.as_ref().map(|page| page.plain.text.as_str())).unwrap_or_default()
}
