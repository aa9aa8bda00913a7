//! A mail with its personal words replaced and its structure kept, so that it may be shown to whoever is to find out why it
//! was read wrongly.
//!
//! Kept are parts, boundaries, encodings, character sets, HTML tags, dates, punctuation, the words that the reading of mail
//! goes by, and the beginning of each file by which its type is told. Every other word becomes another of the same length
//! and case, the same one wherever it stands; so do numbers of three digits and more, years from 2000 on aside.

mod entity;
mod header;
mod html;
mod mask;
mod words;

use mask::Mask;

/// The mail, scrubbed. Another `key` gives other words: with a random one nobody can try out which word became which.
pub fn scrub(bytes: &[u8], key: u64) -> Vec<u8> {
    entity::scrub(bytes, &Mask::new(key), 0)
}

#[cfg(test)]
mod tests;
