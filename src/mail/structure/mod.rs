//! The MIME structure of a mail (RFC 2046): which parts it has, where their bytes lie, who stands in whom.
//!
//! One pass over the lines, no recursion, nothing decoded. `mail-parser` is not used for this: measured on 0.11.9, deep
//! nesting overflows the stack, a missing closing boundary leaves the last file undecoded, and every part is decoded
//! whether it is wanted or not. Attached mails are leaves here; whoever wants to look into one scans it anew.

pub(crate) mod header;
pub(crate) mod opening;
pub(crate) mod parameters;
#[cfg(test)]
mod tests;

pub(crate) use header::Header;
pub(crate) use parameters::Parameterised;

use super::{Limits, Unreadable};
use memchr::memmem::Finder;

/// One part: a leaf with content or a multipart with children.
pub(crate) struct Part<'a> {
    /// The part's own fields.
    pub(crate) header: Header<'a>,
    /// The media type in small letters, `text/plain` where none is declared.
    pub(crate) media_type: String,
    /// The declared type with its parameters.
    pub(crate) content_type: Parameterised,
    /// The content as it travelled, without the line end that belongs to the boundary behind it.
    pub(crate) body: &'a [u8],
    /// The multipart this part stands in.
    pub(crate) parent: Option<usize>,
    /// The boundary behind the content was found, or none is needed.
    pub(crate) closed: bool,
    /// Its boundary is not the one declared but the first line that looks like one.
    pub(crate) guessed: bool,
}

/// All parts of one mail; the first is the mail itself, children come behind their parents.
pub(crate) struct Structure<'a> {
    pub(crate) parts: Vec<Part<'a>>,
    /// Reading was stopped at a bound.
    pub(crate) stopped: Option<Unreadable>,
}

impl<'a> Structure<'a> {
    /// Finds the parts of a mail or of any other MIME entity.
    pub(crate) fn scan(bytes: &'a [u8], limits: &Limits) -> Self {
        let structure = Scanner::of(bytes, limits, false).run();
        let is_lone = structure.parts.len() == 1 && structure.stopped.is_none();
        if is_lone && structure.parts.first().is_some_and(|root| declared_boundary(&root.content_type).is_some()) {
            // The declared boundary never came: it may be written otherwise than where it stands.
            return Scanner::of(bytes, limits, true).run();
        }
        structure
    }

    /// The children of a multipart, in order.
    pub(crate) fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.parts.len()];
        for (index, part) in self.parts.iter().enumerate() {
            if let Some(siblings) = part.parent.and_then(|parent| children.get_mut(parent)) {
                siblings.push(index);
            }
        }
        children
    }
}

/// A multipart whose closing boundary has not been seen.
struct Open {
    part: usize,
    boundary: Vec<u8>,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    limits: Limits,
    parts: Vec<Part<'a>>,
    open: Vec<Open>,
    /// The leaf being read and the offset at which its body starts.
    leaf: Option<(usize, usize)>,
    stopped: Option<Unreadable>,
    /// Finds the lines that begin like a boundary.
    hyphens: Finder<'static>,
    /// The boundary that the mail itself declares is not to be gone by.
    mistrusted: bool,
}

impl<'a> Scanner<'a> {
    fn of(bytes: &'a [u8], limits: &Limits, mistrusted: bool) -> Self {
        Self {
            bytes,
            limits: *limits,
            parts: Vec::new(),
            open: Vec::new(),
            leaf: None,
            stopped: None,
            hyphens: Finder::new(b"\n--"),
            mistrusted,
        }
    }

    fn run(mut self) -> Structure<'a> {
        let mut offset = self.begin_part(0, None);
        while self.stopped.is_none() && offset < self.bytes.len() {
            let rest = self.bytes.get(offset..).unwrap_or_default();
            if !rest.starts_with(b"--") {
                // Only lines that begin with hyphens can be boundaries; the others are passed over in one go.
                offset += self.hyphens.find(rest).map_or(rest.len(), |at| at + 1);
                continue;
            }
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let line = rest.get(..length).unwrap_or_default();
            offset = match self.boundary(line) {
                Some((level, closing)) => self.cross(offset, offset + length, level, closing),
                None => offset + length,
            };
        }
        self.end_leaf(self.bytes.len(), self.open.is_empty());
        self.read_childless_as_text();
        Structure { parts: self.parts, stopped: self.stopped }
    }

    /// Reads a part's header at `offset`; gives the offset of its body.
    fn begin_part(&mut self, offset: usize, parent: Option<usize>) -> usize {
        let bytes = self.bytes.get(offset..).unwrap_or_default();
        let header::Bounded { header, body, too_large } =
            Header::parse_until(bytes, self.limits.header_size, |line| self.boundary(line).is_some());
        let body_offset = self.bytes.len() - body.len();
        let content_type =
            Parameterised::parse(&header.raw("Content-Type").unwrap_or_default(), self.limits.parameter_pieces);
        let in_digest =
            parent.and_then(|parent| self.parts.get(parent)).is_some_and(|part| part.media_type == "multipart/digest");
        let media_type = media_type(&content_type, in_digest);
        let index = self.parts.len();
        let mut guessed = false;
        if media_type.starts_with("multipart/") {
            let declared = declared_boundary(&content_type).filter(|_| !(index == 0 && self.mistrusted));
            guessed = declared.is_none();
            if let Some(boundary) = declared
                .or_else(|| boundary_in(body, true))
                .or_else(|| boundary_in(body, false).filter(|_| !self.mistrusted))
            {
                self.open.push(Open { part: index, boundary });
            }
            self.leaf = None;
        } else {
            self.leaf = Some((index, body_offset));
        }
        let too_many_parameters = content_type.too_many;
        self.parts.push(Part { header, media_type, content_type, body, parent, closed: true, guessed });
        self.stopped = if self.parts.len() > self.limits.parts {
            Some(Unreadable::TooManyParts)
        } else if self.open.len() > self.limits.depth {
            Some(Unreadable::TooNested)
        } else if too_large {
            Some(Unreadable::HeaderTooLarge)
        } else if too_many_parameters {
            Some(Unreadable::TooManyParameters)
        } else {
            None
        };
        body_offset
    }

    /// Which open multipart this line is a boundary of, and whether it closes it. The whole line must be the boundary:
    /// one boundary may begin like another.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let text = line.strip_prefix(b"--")?.trim_ascii_end();
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            match text.strip_prefix(open.boundary.as_slice())?.trim_ascii_start() {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }

    /// Ends what stands before a boundary line and begins what stands behind it. Multiparts further inside that were
    /// never closed end here too.
    fn cross(&mut self, line_start: usize, line_end: usize, level: usize, closing: bool) -> usize {
        let crossed_all = self.open.len() == level + 1;
        self.end_leaf(self.without_line_end(line_start), crossed_all);
        self.open.truncate(level + 1);
        if closing {
            self.open.pop();
            return line_end;
        }
        let parent = self.open.last().map(|open| open.part);
        self.begin_part(line_end, parent)
    }

    /// The line end before a boundary belongs to the boundary (RFC 2046, section 5.1.1).
    fn without_line_end(&self, offset: usize) -> usize {
        let before = self.bytes.get(..offset).unwrap_or_default();
        let before = before.strip_suffix(b"\n").map_or(before, |line| line.strip_suffix(b"\r").unwrap_or(line));
        before.len()
    }

    fn end_leaf(&mut self, end: usize, closed: bool) {
        let Some((index, start)) = self.leaf.take() else { return };
        let body = self.bytes.get(start..end.max(start)).unwrap_or_default();
        if let Some(part) = self.parts.get_mut(index) {
            part.body = body;
            part.closed = closed;
        }
    }

    /// A multipart whose boundary never came is read as text rather than lost.
    fn read_childless_as_text(&mut self) {
        let mut with_children = vec![false; self.parts.len()];
        for parent in self.parts.iter().filter_map(|part| part.parent) {
            if let Some(flag) = with_children.get_mut(parent) {
                *flag = true;
            }
        }
        for (part, has_children) in self.parts.iter_mut().zip(with_children) {
            if part.media_type.starts_with("multipart/") && !has_children {
                "text/plain".clone_into(&mut part.media_type);
            }
        }
    }
}

/// The media type to go by; nonsense is text (RFC 2045, section 5.2).
///
/// Whoever declares a boundary means a multipart, whatever is left of its type.
fn media_type(content_type: &Parameterised, in_digest: bool) -> String {
    let declared = content_type.word.as_str();
    match declared.split_once('/') {
        Some((kind, detail)) if !kind.trim().is_empty() && !detail.trim().is_empty() => {
            format!("{}/{}", kind.trim(), detail.trim())
        }
        _ if declared_boundary(content_type).is_some() => "multipart/mixed".to_owned(),
        _ if in_digest && declared.is_empty() => "message/rfc822".to_owned(),
        _ => "text/plain".to_owned(),
    }
}

fn declared_boundary(content_type: &Parameterised) -> Option<Vec<u8>> {
    content_type.plain("boundary").filter(|boundary| !boundary.is_empty()).map(String::into_bytes)
}

/// Where no boundary is declared: the first line that looks like one. Where the declared one never came, a part's header
/// must stand behind it: a text may have lines of hyphens.
fn boundary_in(body: &[u8], before_header: bool) -> Option<Vec<u8>> {
    let mut lines = body.split(|&byte| byte == b'\n').take(100).peekable();
    while let Some(line) = lines.next() {
        let behind = lines.peek().copied().unwrap_or_default().trim_ascii_end();
        let opens = !before_header || behind.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"Content-"));
        if line.trim_ascii_end().len() > if before_header { 2 } else { 4 } && line.starts_with(b"--") && opens {
            return Some(line.strip_prefix(b"--")?.trim_ascii_end().to_vec());
        }
    }
    None
}
