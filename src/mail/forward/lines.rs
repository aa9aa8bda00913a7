//! A text as lines with their quotation depth.

use super::folding::is_blank;
use super::label::{self, LabelLine};
use crate::mail::byte_lines::lines;

/// One line of a text.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// The line without its quotation marks.
    pub(super) content: &'a str,
    /// How many quotation marks (`>`, `| `) stood before it.
    pub(super) depth: usize,
    /// The line as a label with its value, if it is one. Read once: blocks are looked for from every line on.
    pub(super) label: Option<LabelLine<'a>>,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.content.chars().all(is_blank)
    }
}

/// Splits a text into its lines.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    lines(text).map(line).collect()
}

fn line(text: &str) -> Line<'_> {
    let mut content = text.trim_start_matches(is_blank);
    let mut depth = 0;
    while let Some(behind) = behind_mark(content) {
        depth += 1;
        content = behind.trim_start_matches(' ');
    }
    let content = if depth == 0 { text } else { content };
    Line { content, depth, label: label::read(content) }
}

/// Takes up to `levels` quotation marks off a line, and one blank behind each.
pub(super) fn unquote(line: &str, levels: usize) -> &str {
    let mut rest = line;
    for _ in 0..levels {
        let Some(behind) = behind_mark(rest.trim_start_matches(is_blank)) else { break };
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    rest
}

/// What is behind a quotation mark: `>`, or `|` with a blank behind it.
fn behind_mark(text: &str) -> Option<&str> {
    text.strip_prefix('>')
        .or_else(|| text.strip_prefix('|').filter(|behind| behind.is_empty() || behind.starts_with(' ')))
}
