//! Text made from an outline: lines as a reader sees them, and for each line the node it begins with.

use super::elements::{LINES, PARAGRAPHS};
use super::landmark::begins_quotation;
use super::node::Node;
use super::outline::Outline;
use super::visibility::{Visibility, attribute, declarations};
use crate::application::EmailAddress;
use html5ever::Attribute;

/// The text of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlainText {
    /// Lines end with `\n`; no-break blanks have become ordinary ones.
    pub(crate) text: String,
    /// For each line the number of the first node behind which it was begun.
    pub(crate) line_nodes: Vec<usize>,
    /// The lines at which a mail program marks the start of a forward or quotation.
    pub(crate) landmarks: Vec<usize>,
}

/// Makes the text of an outline.
pub(crate) fn make(outline: &Outline) -> PlainText {
    let mut writer = Writer::default();
    writer.made.line_nodes.push(0);
    let mut visibility = Visibility::default();
    for (number, node) in outline.nodes.iter().enumerate() {
        let shown = visibility.shows(node);
        match node {
            Node::Text(text) if shown => writer.text(text, number),
            Node::Text(_) => {}
            Node::Start { name, attributes, void } => {
                if shown {
                    writer.lay_out(name, attributes, number);
                }
                if !void {
                    writer.open(name, attributes, shown);
                }
            }
            Node::End { name } => writer.end(name, shown, number),
        }
    }
    let made = &mut writer.made;
    made.text.truncate(made.text.trim_end().len());
    made.line_nodes.truncate(made.text.matches('\n').count() + 1);
    writer.made
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of where the writer stands, in any combination")]
struct Writer {
    made: PlainText,
    /// Whether each open element is preformatted, or a paragraph that asks for an empty line.
    open: Vec<Layout>,
    preformatted: usize,
    /// A blank is due before the next letter.
    blank: bool,
    /// An empty line is due before the next letter.
    empty_line: bool,
    /// The line holds something.
    filled: bool,
    /// The text holds something that can be seen.
    lettered: bool,
    /// The line goes on into the cell behind a label: what begins a paragraph there begins no line.
    joined: bool,
    /// The row has a label's cell.
    label_row: bool,
    /// Nothing stands behind a row with a label's cell yet.
    below_label_row: bool,
    /// Where the text of the open link begins, and the address it leads to.
    mail_link: Option<(usize, EmailAddress)>,
}

#[derive(Clone, Copy, Default)]
struct Layout {
    preformatted: bool,
    spaced: bool,
    /// How many cells, terms and descriptions have begun directly in it.
    cells: usize,
}

impl Writer {
    fn text(&mut self, text: &str, node: usize) {
        let mut rest = text;
        while !rest.is_empty() {
            let Some((words, behind)) = rest.split_at_checked(end_of_words(rest)) else { return };
            if !words.is_empty() {
                self.push(words, node);
            }
            let mut behind = behind.chars();
            match behind.next() {
                Some('\n') if self.preformatted > 0 => self.break_line(node),
                Some('\r' | '\0') if self.preformatted > 0 => {}
                Some('\u{a0}') if self.preformatted == 0 => self.fixed_blank(node),
                Some('\0') | None => {}
                Some(blank) if self.preformatted > 0 => self.push(blank.encode_utf8(&mut [0; 4]), node),
                Some(_) => self.blank |= self.filled,
            }
            rest = behind.as_str();
        }
    }

    /// Words, or a blank that counts.
    fn push(&mut self, words: &str, node: usize) {
        self.joined = false;
        self.below_label_row = false;
        if !self.filled {
            if self.empty_line && self.lettered && !self.made.text.ends_with("\n\n") {
                self.break_line(node);
            }
            self.empty_line = false;
            self.filled = true;
            if let Some(first) = self.made.line_nodes.last_mut() {
                *first = node;
            }
        }
        if std::mem::take(&mut self.blank) {
            self.made.text.push(' ');
        }
        self.lettered |= !words.starts_with(char::is_whitespace);
        self.made.text.push_str(words);
    }

    /// A no-break blank alone makes an empty line (Outlook's `<p>&nbsp;</p>`), among letters it is a blank.
    fn fixed_blank(&mut self, node: usize) {
        if self.filled {
            self.blank = true;
        } else {
            self.empty_line = true;
            if let Some(first) = self.made.line_nodes.last_mut() {
                *first = node;
            }
        }
    }

    /// What an element does to the lines before its content.
    fn lay_out(&mut self, name: &str, attributes: &[Attribute], node: usize) {
        match name {
            "br" => self.break_line(node + 1),
            "hr" => self.end_line(node + 1),
            "td" | "th" | "dt" | "dd" => self.start_cell(name, node),
            "tr" if !self.joined => self.start_row(node),
            "a" => self.start_link(attributes),
            _ if self.joined => {}
            _ if LINES.contains(&name) => self.end_line(node),
            _ => {}
        }
        if begins_quotation(name, attributes) {
            self.made.landmarks.push(self.made.line_nodes.len() - 1);
        }
    }

    fn open(&mut self, name: &str, attributes: &[Attribute], shown: bool) {
        let msonormal = |class: &str| class.as_bytes().windows(9).any(|word| word.eq_ignore_ascii_case(b"msonormal"));
        let outlook = attribute(attributes, "class").is_some_and(msonormal);
        let in_cell = self.open.last().is_some_and(|layout| layout.preformatted);
        let layout = Layout {
            preformatted: (name == "pre" || keeps_lines(attributes)) && !in_cell,
            spaced: shown && PARAGRAPHS.contains(&name) && !outlook,
            cells: 0,
        };
        self.preformatted += usize::from(layout.preformatted);
        self.empty_line |= layout.spaced && !self.joined && !self.below_label_row;
        self.open.push(layout);
    }

    /// A cell is set off by a blank. Behind a cell that ends in a colon it goes on in that one's line even if both hold
    /// paragraphs, or the values of a block of labels would stand in lines of their own.
    fn start_cell(&mut self, name: &str, node: usize) {
        let first = self.open.last_mut().is_none_or(|row| {
            row.cells += 1;
            row.cells == 1
        });
        let line = self.made.text.strip_suffix('\n').unwrap_or(&self.made.text);
        if !first && name != "dt" && line.ends_with([':', '：']) {
            if self.made.text.ends_with('\n') {
                self.made.text.pop();
                self.made.line_nodes.pop();
                self.filled = true;
            }
            self.joined = self.filled;
            self.label_row |= self.joined;
            self.empty_line &= !self.joined;
        }
        match name {
            "dt" => self.start_row(node),
            "dd" if !self.joined => self.end_line(node),
            _ => self.blank |= self.filled,
        }
    }

    /// Rows of labels have no empty line between them, or their block would fall apart.
    fn start_row(&mut self, node: usize) {
        self.end_line(node);
        self.below_label_row = std::mem::take(&mut self.label_row);
        self.empty_line &= !self.below_label_row;
    }

    fn start_link(&mut self, attributes: &[Attribute]) {
        let address = attribute(attributes, "href").and_then(|target| {
            let (scheme, address) = target.trim().split_once(':')?;
            let address = address.split('?').next().filter(|_| scheme.eq_ignore_ascii_case("mailto"))?;
            EmailAddress::parse(&percent_encoding::percent_decode_str(address).decode_utf8().ok()?).ok()
        });
        self.mail_link = address.map(|address| (self.made.text.len(), address));
    }

    /// A link that shows a name only is followed by the address it leads to, as mail programs write it.
    fn end_link(&mut self, node: usize) {
        let Some((start, address)) = self.mail_link.take() else { return };
        let shown = self.made.text.get(start..).unwrap_or_default();
        if self.filled && !shown.contains('@') && shown.contains(char::is_alphanumeric) {
            self.blank = true;
            self.push(&format!("<{}>", address.as_str()), node);
        }
    }

    fn end(&mut self, name: &str, shown: bool, node: usize) {
        let layout = self.open.pop().unwrap_or_default();
        self.preformatted -= usize::from(layout.preformatted);
        if name == "a" {
            self.end_link(node);
        }
        if shown && LINES.contains(&name) {
            self.end_line(node + 1);
            self.empty_line |= layout.spaced;
        }
    }

    /// Ends the line if it holds something.
    fn end_line(&mut self, node: usize) {
        if self.filled {
            self.break_line(node);
        }
    }

    fn break_line(&mut self, node: usize) {
        self.made.text.push('\n');
        self.made.line_nodes.push(node);
        self.blank = false;
        self.filled = false;
        self.joined = false;
    }
}

/// Where the words at the start of a text end: behind the last that only single blanks part from the one before. They
/// are written as they stand, however the element sets blanks.
fn end_of_words(text: &str) -> usize {
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        // No other blank than the ordinary one begins with one of these.
        let of_letter = byte > b' ' && byte != 0x7f && byte != 0xc2 && !(0xe1..=0xe3).contains(&byte);
        if !of_letter && (byte != b' ' || before == b' ') {
            let letter = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            if letter.is_whitespace() || letter == '\0' {
                return at - usize::from(before == b' ' && at > 0);
            }
        }
        before = byte;
    }
    text.len() - usize::from(before == b' ' && !text.is_empty())
}

/// The line ends of the element's text are meant, as in `pre`.
fn keeps_lines(attributes: &[Attribute]) -> bool {
    declarations(attributes).any(|(property, value)| {
        property.eq_ignore_ascii_case("white-space")
            && ["pre", "pre-wrap", "pre-line", "break-spaces"].iter().any(|kept| value.eq_ignore_ascii_case(kept))
    })
}
