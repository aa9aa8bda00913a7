//! Foreign HTML made safe for showing: by `ammonia`, with what a mail needs and nothing that runs, sends or loads.

use super::node::Node;
use super::outline::Outline;
use super::visibility::attribute;
use ammonia::Builder;
use html5ever::{Attribute, LocalName, Namespace, QualName};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Longest cleaned HTML that is kept, in bytes.
const MAX_BYTES: usize = 2 << 20;

/// Stands where a picture on somebody's server was: nothing is loaded from there, and who shows the mail can say so.
/// No mail has a picture of this name that is kept.
pub(crate) const REMOTE_PICTURE: &str = "cid:remote-picture.invalid";

/// Clean HTML.
pub(crate) struct Cleaned {
    pub(crate) html: String,
    /// The page was longer than is kept.
    pub(crate) is_cut: bool,
}

/// Cleans what shows of an outline from node `start` on: no scripts, styles, colours, forms, frames, no remote pictures.
///
/// Pictures stay only where `keep(content_id)` says so, named `cid:...`, and [`REMOTE_PICTURE`] stands for each that would
/// have to be loaded; links keep `http`, `https`, `mailto` and
/// `tel` and open without a referrer.
pub(crate) fn clean(outline: &Outline, start: usize, keep: &dyn Fn(&str) -> bool) -> Cleaned {
    let (html, is_cut) = outline.write_from(start, MAX_BYTES, |node| without_foreign_picture(node, keep));
    let cleaned = by_builder(&html);
    if cleaned.len() <= MAX_BYTES {
        Cleaned { html: cleaned, is_cut }
    } else {
        Cleaned { html: cut(&cleaned), is_cut: true }
    }
}

/// A picture that may not be shown becomes one without an address, or an element that the cleaning takes out.
fn without_foreign_picture<'a>(node: &'a Node, keep: &dyn Fn(&str) -> bool) -> Cow<'a, Node> {
    let Node::Start { name, attributes, .. } = node else { return Cow::Borrowed(node) };
    let is_kept = |value: &str| value != REMOTE_PICTURE && content_id(value).is_some_and(|id| keep(&id));
    if &**name != "img" || attribute(attributes, "src").is_some_and(is_kept) {
        return Cow::Borrowed(node);
    }
    let (name, attributes) = if attribute(attributes, "src").is_some_and(is_remote) {
        let text = attributes.iter().find(|attribute| &*attribute.name.local == "alt").cloned();
        let source = QualName::new(None, Namespace::default(), LocalName::from("src"));
        ("img", text.into_iter().chain([Attribute { name: source, value: REMOTE_PICTURE.into() }]).collect())
    } else {
        ("wbr", Vec::new())
    };
    Cow::Owned(Node::Start { name: LocalName::from(name), attributes, void: true })
}

/// The address of a picture on a server.
fn is_remote(source: &str) -> bool {
    let start = source.trim_start().get(..8).unwrap_or(source).to_ascii_lowercase();
    ["http:", "https:", "//"].iter().any(|scheme| start.trim_start().starts_with(scheme))
}

/// The content ids of the pictures that a page shows.
pub(crate) fn shown_pictures(outline: &Outline) -> HashSet<String> {
    let sources = outline.nodes.iter().filter_map(|node| match node {
        Node::Start { name, attributes, .. } if matches!(&**name, "img" | "v:imagedata" | "table" | "td" | "body") => {
            attributes.iter().find(|attribute| matches!(&*attribute.name.local, "src" | "background"))
        }
        _ => None,
    });
    sources.filter_map(|source| content_id(&source.value)).collect()
}

/// The id in `cid:...`, percent signs undone.
fn content_id(source: &str) -> Option<String> {
    let (scheme, id) = source.trim().split_once(':')?;
    scheme
        .eq_ignore_ascii_case("cid")
        .then(|| percent_encoding::percent_decode_str(id.trim()).decode_utf8_lossy().into_owned())
}

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["font", "center", "u", "big", "small"])
        // `bdo` turns letters round, `details` hides what stands in it.
        .rm_tags(["map", "area", "wbr", "bdo", "details", "summary"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        // No colour: on the ground it is made for it can be read, on another it may hide the text.
        .add_tag_attributes("font", ["size"])
        .attribute_filter(|element, attribute, value| {
            // Only pictures inside the mail: any other address would tell the sender when the mail is read.
            let loads = matches!(attribute, "src" | "background" | "cite" | "longdesc" | "poster");
            let inside = value.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"));
            let link_to_part = element == "a" && inside;
            (!link_to_part && (!loads || inside)).then_some(Cow::Borrowed(value))
        })
        .set_tag_attribute_values(HashMap::new());
    builder
}

/// Cleans; written at once, as `to_string` copies what was written.
fn by_builder(html: &str) -> String {
    let mut cleaned = Vec::with_capacity(html.len());
    // Nothing fails that is written to memory.
    let _ = BUILDER.clean(html).write_to(&mut cleaned);
    String::from_utf8(cleaned).unwrap_or_default()
}

/// Cuts what is too long and cleans again, so that nothing stays open.
fn cut(html: &str) -> String {
    let mut end = MAX_BYTES;
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let shorter = Outline::read(html.get(..end).unwrap_or_default()).write_from(0, MAX_BYTES, Cow::Borrowed).0;
    by_builder(&shorter)
}

/// Plain text as HTML: paragraphs of a mail without HTML among those that have it.
pub(crate) fn from_plain(text: &str) -> String {
    let mut html = String::from("<div>");
    for line in text.split('\n') {
        super::writing::escape_text(line, &mut html);
        html.push_str("<br>");
    }
    html.push_str("</div>");
    html
}
