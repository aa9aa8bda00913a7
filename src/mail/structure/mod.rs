//! The MIME structure of a mail (RFC 2046): which parts it has, where their bytes lie, who stands in whom.
//!
//! One pass over the lines, no recursion, nothing decoded. `mail-parser` is not used for this: measured on 0.11.9, deep
//! nesting overflows the stack, a missing closing boundary leaves the last file undecoded, and every part is decoded
//! whether it is wanted or not. Attached mails are leaves here; whoever wants to look into one scans it anew.

pub(crate) mod header;
pub(crate) mod opening;
pub(crate) mod parameters;

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
        Scanner {
            bytes,
            limits: *limits,
            parts: Vec::new(),
            open: Vec::new(),
            leaf: None,
            stopped: None,
            hyphens: Finder::new(b"\n--"),
        }
        .run()
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
}

impl<'a> Scanner<'a> {
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
        let header::Bounded { header, body, too_large } = Header::parse_within(bytes, self.limits.header_size);
        let body_offset = self.bytes.len() - body.len();
        let content_type =
            Parameterised::parse(&header.raw("Content-Type").unwrap_or_default(), self.limits.parameter_pieces);
        let in_digest =
            parent.and_then(|parent| self.parts.get(parent)).is_some_and(|part| part.media_type == "multipart/digest");
        let media_type = media_type(&content_type.word, in_digest);
        let index = self.parts.len();
        let mut guessed = false;
        if media_type.starts_with("multipart/") {
            let declared = declared_boundary(&content_type);
            guessed = declared.is_none();
            if let Some(boundary) = declared.or_else(|| boundary_in(body)) {
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
fn media_type(declared: &str, in_digest: bool) -> String {
    match declared.split_once('/') {
        Some((kind, detail)) if !kind.trim().is_empty() && !detail.trim().is_empty() => {
            format!("{}/{}", kind.trim(), detail.trim())
        }
        _ if in_digest && declared.is_empty() => "message/rfc822".to_owned(),
        _ => "text/plain".to_owned(),
    }
}

fn declared_boundary(content_type: &Parameterised) -> Option<Vec<u8>> {
    content_type.plain("boundary").filter(|boundary| !boundary.is_empty()).map(String::into_bytes)
}

/// Where no boundary is declared: the first line that looks like one.
fn boundary_in(body: &[u8]) -> Option<Vec<u8>> {
    let line = body.split(|&byte| byte == b'\n').take(100).find(|line| line.len() > 4 && line.starts_with(b"--"))?;
    Some(line.strip_prefix(b"--")?.trim_ascii_end().to_vec())
}

#[cfg(test)]
mod tests {
    use super::{Structure, Unreadable};
    use crate::mail::Limits;

    fn leaves(mail: &str) -> Vec<String> {
        let structure = Structure::scan(mail.as_bytes(), &Limits::default());
        let leaves = structure.parts.iter().filter(|part| !part.media_type.starts_with("multipart/"));
        leaves.map(|part| String::from_utf8_lossy(part.body).into_owned()).collect()
    }

    #[test]
    fn parts_lose_only_the_line_end_of_their_boundary() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\nVorwort\n--b\n\neins\n\n--b\n\nzwei\n--b--\nNachwort";
        assert_eq!(leaves(mail), ["eins\n", "zwei"]);
    }

    #[test]
    fn a_boundary_that_begins_like_another_is_another() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n\
                    --bb\n\ninnen\n--bb--\n--b\n\naussen\n--b--\n";
        assert_eq!(leaves(mail), ["innen", "aussen"]);
    }

    #[test]
    fn a_missing_end_loses_nothing_and_is_told() {
        let structure =
            Structure::scan(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\neins", &Limits::default());
        let part = structure.parts.last().unwrap();
        assert_eq!((part.body, part.closed), (&b"eins"[..], false));
    }

    #[test]
    fn an_inner_multipart_never_closed_ends_with_the_outer_boundary() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n\
                    --c\n\ninnen\n--b\n\naussen\n--b--\n";
        assert_eq!(leaves(mail), ["innen", "aussen"]);
    }

    #[test]
    fn a_boundary_that_never_comes_leaves_text() {
        assert_eq!(leaves("Content-Type: multipart/mixed; boundary=b\n\nNur Text."), ["Nur Text."]);
    }

    #[test]
    fn a_missing_boundary_is_guessed() {
        assert_eq!(leaves("Content-Type: multipart/mixed\n\n--xyz\n\neins\n--xyz--\n"), ["eins"]);
    }

    #[test]
    fn bounds_stop_the_reading() {
        let stopped = |mail: &str, limits: Limits| Structure::scan(mail.as_bytes(), &limits).stopped;
        let many = |parts: usize| format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\n\n".repeat(parts));
        let level = |number: usize| format!("Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n");
        let deep = |levels: usize| (0..levels).map(level).collect::<Vec<_>>().concat();
        let long = |octets: usize| format!("Subject: {}\n\nText", "x".repeat(octets));
        let pieces = |count: usize| format!("Content-Type: text/plain{}\n\nText", "; x*0=y".repeat(count));
        let limits = Limits { depth: 5, parts: 10, header_size: 200, parameter_pieces: 7, ..Limits::default() };
        for (within, beyond, why) in [
            (many(9), many(10), Unreadable::TooManyParts),
            (deep(5), deep(6), Unreadable::TooNested),
            (long(180), long(200), Unreadable::HeaderTooLarge),
            (pieces(7), pieces(8), Unreadable::TooManyParameters),
        ] {
            assert_eq!((stopped(&within, limits), stopped(&beyond, limits)), (None, Some(why)));
            assert_eq!(stopped(&beyond, Limits::default()), None, "{why:?} is not fixed");
        }
    }
}
