//! HTML as a flat list of well-nested nodes.
//!
//! A sink on html5ever's tokenizer: one pass, no tree, no recursion. Depth and number of nodes are bounded and the
//! nesting is put right here, so that whatever works on the outline (or parses what is written from it) takes a time
//! that grows with its length only, whatever the sender sent.

use super::elements::{LEAVING_DRAWINGS, UNSHOWN, VOID};
use super::node::Node;
use super::tame::tame;
use super::visibility::Visibility;
use super::writing::{write, write_end};
use crate::application::EmailAddress;
use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::borrow::Cow;
use std::cell::RefCell;

/// Most nodes of a page that are looked at.
const MAX_NODES: usize = 400_000;
/// Most letters of text and attributes that are kept.
const MAX_LETTERS: usize = 4 << 20;
/// Deepest nesting that is kept; elements further inside lose their tags, not their text.
const MAX_DEPTH: usize = 200;
/// Longest attribute value that is kept: longer ones are embedded pictures.
const MAX_VALUE: usize = 4 * 1024;

/// A page's nodes, in order and well nested.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    pub(crate) nodes: Vec<Node>,
    /// The page went on behind the bounds.
    pub(crate) is_cut: bool,
}

impl Outline {
    /// Reads a page or a piece of one.
    pub(crate) fn read(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(tame(html).as_ref()));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let state = tokenizer.sink.state.into_inner();
        Self { is_cut: state.is_cut, nodes: state.finish() }
    }

    /// Writes what shows of the nodes from `start` on as HTML, inside the elements that are open there and each as
    /// `written_as` has it; and says whether something had to be left out.
    ///
    /// The page ends where its text reaches `most_text` bytes; markup does not count, as the cleaning takes most of it out.
    pub(crate) fn write_from<'a>(
        &'a self,
        start: usize,
        most_text: usize,
        written_as: impl Fn(&'a Node) -> Cow<'a, Node>,
    ) -> (String, bool) {
        let mut visibility = Visibility::default();
        let mut around: Vec<&Node> = Vec::new();
        for node in self.nodes.iter().take(start) {
            visibility.shows(node);
            match node {
                Node::Start { void: false, .. } => around.push(node),
                Node::End { .. } => drop(around.pop()),
                _ => {}
            }
        }
        let mut html = String::new();
        let mut text = 0;
        let mut open: Vec<&str> = Vec::new();
        let behind = self.nodes.iter().skip(start).filter(|node| visibility.shows(node));
        for node in around.into_iter().chain(behind) {
            if text >= most_text {
                break;
            }
            match node {
                Node::Start { name, void: false, .. } => open.push(name),
                Node::End { .. } => drop(open.pop()),
                _ => {}
            }
            text += write(&written_as(node), &mut html, most_text - text);
        }
        open.into_iter().rev().for_each(|name| write_end(name, &mut html));
        (html, text >= most_text)
    }
}

#[derive(Default)]
struct Sink {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    nodes: Vec<Node>,
    open: Vec<LocalName>,
    letters: usize,
    is_cut: bool,
    /// How many elements of content that is never shown are open.
    unshown: Vec<LocalName>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let raw = raw_kind(&tag);
                state.start(tag);
                if let Some(kind) = raw {
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::TagToken(tag) => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the tokenizer must read what stands in this element.
fn raw_kind(tag: &Tag) -> Option<RawKind> {
    let name: &str = &tag.name;
    match name {
        "script" => Some(ScriptData),
        "title" | "textarea" => Some(Rcdata),
        _ => UNSHOWN.iter().any(|&(unshown, raw)| raw && unshown == name).then_some(Rawtext),
    }
}

impl State {
    /// No more can be kept; asked only where something would be.
    fn is_full(&mut self) -> bool {
        let full = self.nodes.len() >= MAX_NODES || self.letters >= MAX_LETTERS;
        self.is_cut |= full;
        full
    }

    fn text(&mut self, text: &StrTendril) {
        if !self.unshown.is_empty() || self.is_full() {
            return;
        }
        self.letters += text.len();
        if let Some(Node::Text(before)) = self.nodes.last_mut() {
            before.push_tendril(text);
        } else {
            self.nodes.push(Node::Text(text.clone()));
        }
    }

    fn start(&mut self, tag: Tag) {
        let name = tag.name;
        if name.contains('@') && EmailAddress::parse(&name).is_ok() {
            // `Name <a@b>` that a gateway took over from a plain text without escaping it.
            return self.text(&format!("<{name}>").into());
        }
        let void = VOID.contains(&&*name);
        if !self.unshown.is_empty() && LEAVING_DRAWINGS.contains(&&*name) {
            while self.unshown.pop_if(|unshown| matches!(&**unshown, "svg" | "math")).is_some() {}
        }
        if UNSHOWN.iter().any(|(unshown, _)| *unshown == &*name) {
            if !tag.self_closing && self.unshown.len() < MAX_DEPTH {
                self.unshown.push(name);
            }
            return;
        }
        if !self.unshown.is_empty() || self.is_full() || !is_plain_name(&name) {
            return;
        }
        if !void {
            self.close_implied(&name);
        }
        if void || self.open.len() < MAX_DEPTH {
            let mut attributes = tag.attrs;
            attributes.retain(|attribute| attribute.value.len() <= MAX_VALUE && is_plain_name(&attribute.name.local));
            self.letters +=
                attributes.iter().map(|attribute| attribute.name.local.len() + attribute.value.len()).sum::<usize>();
            self.nodes.push(Node::Start { name: name.clone(), attributes, void });
            if !void {
                self.open.push(name);
            }
        }
    }

    /// `li`, `p`, `tr`, `td` and the like end where the next of them begins (HTML, optional tags).
    fn close_implied(&mut self, name: &str) {
        let innermost = self.open.last().map(|open| &**open);
        let implied = match name {
            "li" => innermost == Some("li"),
            "p" | "div" | "table" | "ul" | "ol" | "blockquote" | "hr" => innermost == Some("p"),
            "td" | "th" => return self.close_back_to(&["td", "th"], &["tr", "table"]),
            "tr" => return self.close_back_to(&["tr"], &["table"]),
            "dt" | "dd" => matches!(innermost, Some("dt" | "dd")),
            "option" => innermost == Some("option"),
            _ => false,
        };
        if implied {
            self.pop();
        }
    }

    /// Closes the innermost of the `wanted` elements with what stands open in it, unless one of `bounds` is further in.
    fn close_back_to(&mut self, wanted: &[&str], bounds: &[&str]) {
        let nearest = self.open.iter().rposition(|open| wanted.contains(&&**open) || bounds.contains(&&**open));
        if let Some(at) = nearest.filter(|&at| self.open.get(at).is_some_and(|open| wanted.contains(&&**open))) {
            while self.open.len() > at {
                self.pop();
            }
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(unshown) = self.unshown.last() {
            if &**unshown == name {
                self.unshown.pop();
            }
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| &**open == name) else {
            if name == "p" || name == "br" {
                self.nodes.push(Node::Start { name: LocalName::from("br"), attributes: Vec::new(), void: true });
            }
            return;
        };
        // A stray end tag must not close the table around its cell.
        let across_table =
            self.open.iter().skip(at + 1).any(|open| &**open == "table") && name != "body" && name != "html";
        if !across_table {
            while self.open.len() > at {
                self.pop();
            }
        }
    }

    fn pop(&mut self) {
        if let Some(name) = self.open.pop() {
            self.nodes.push(Node::End { name });
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.pop();
        }
        self.nodes
    }
}

/// Names that may be written again as they are; Office's `o:p` is one.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b':' | b'_'))
}
