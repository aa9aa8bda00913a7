//! The tables of words keep to their own rules.

use super::{LONGEST_PHRASE, TABLES, TYPED_OFTEN, UNLISTED, VOCABULARY};
use crate::application::document_kind::vocabulary::FILLERS;
use std::collections::HashMap;

#[test]
fn the_tables_hold_folded_words_only() {
    let lines = VOCABULARY.iter().chain(UNLISTED).flat_map(|part| part.words.iter().chain(part.ends));
    for word in lines.flat_map(|line| line.split(' ')) {
        assert!(!word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()), "{word:?}");
    }
}

#[test]
fn phrases_have_at_least_two_words_and_no_fillers() {
    for phrase in TABLES.phrases.keys() {
        let words: Vec<_> = phrase.split(' ').collect();
        assert!((2..=LONGEST_PHRASE).contains(&words.len()), "{phrase:?}");
        for word in words {
            assert!(!word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()), "{phrase:?}");
            assert!(!FILLERS.iter().any(|line| line.split(' ').any(|filler| filler == word)), "{phrase:?}");
        }
    }
}

#[test]
fn no_word_and_no_phrase_has_two_topics() {
    let mut topics = HashMap::new();
    for part in VOCABULARY.iter().chain(UNLISTED) {
        let words = part.words.iter().chain(part.ends).flat_map(|line| line.split(' '));
        for entry in words.chain(part.phrases.iter().flat_map(|line| line.split(", "))) {
            assert_eq!(topics.insert(entry, part.topic), None, "{entry:?} stands twice");
        }
    }
}

#[test]
fn forgiven_words_stand_in_the_tables() {
    for word in TYPED_OFTEN.iter().flat_map(|line| line.split(' ')) {
        assert!(super::single(word).is_some(), "{word:?}");
    }
}
