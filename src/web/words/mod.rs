//! The texts of the pages, in the users' languages: one table per part of the pages.

mod applications;
mod files;
mod frame;
mod inbox;
mod left_out;
mod originals;
mod sign_in;
mod states;
mod word;

pub(super) use left_out::left_out;
pub(super) use word::Word;

use crate::application::Language;

/// All tables.
pub(super) const TABLES: &[&[Word]] =
    &[frame::WORDS, sign_in::WORDS, applications::WORDS, files::WORDS, originals::WORDS, inbox::WORDS, states::WORDS];

/// The text with this key.
pub(super) fn text(key: &str, language: Language) -> Option<&'static str> {
    let (_, german, english) = TABLES.iter().flat_map(|table| table.iter()).find(|(known, ..)| *known == key)?;
    Some(in_language(language, german, english))
}

/// One of two texts.
pub(super) fn in_language<'a>(language: Language, german: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::De => german,
        Language::En => english,
    }
}
