//! The form in which applications are searched: small letters without marks, whatever the database knows of letters.

use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, candidates};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Rows that are filled in at a time.
const ROWS: i64 = 1000;
/// Words of a search that count; who writes more has pasted something.
const WORDS: usize = 8;
/// Characters of such a word that count.
const LETTERS: usize = 80;

/// Fills in the searched form of the applications that lack it: new ones, changed ones, and those of an older version.
pub(in crate::store) fn fill(connection: &mut AnyConnection) -> Work<()> {
    loop {
        let rows: Vec<(i64, String, String, String)> = applications::table
            .inner_join(candidates::table)
            .filter(applications::sought.is_null())
            .order(applications::id)
            .limit(ROWS)
            .select((applications::id, applications::number, candidates::name, applications::post))
            .load(connection)?;
        let filled: Vec<(i64, String)> =
            rows.iter().map(|(id, number, name, post)| (*id, sought(number, name, post))).collect();
        if filled.is_empty() {
            return Ok(());
        }
        match connection {
            AnyConnection::Postgres(inner) => {
                let (ids, texts): (Vec<i64>, Vec<String>) = filled.into_iter().unzip();
                sql_query(
                    "UPDATE applications SET sought = filled.sought FROM unnest($1, $2) AS filled (id, sought) \
                     WHERE applications.id = filled.id",
                )
                .bind::<Array<BigInt>, _>(ids)
                .bind::<Array<Text>, _>(texts)
                .execute(inner)?;
            }
            AnyConnection::Sqlite(inner) => {
                for (id, text) in filled {
                    diesel::update(applications::table.find(id)).set(applications::sought.eq(text)).execute(inner)?;
                }
            }
        }
    }
}

/// The number first, the rest on lines of their own.
fn sought(number: &str, name: &str, post: &str) -> String {
    format!("{}\n{}\n{}", folded(number), folded(name), folded(post))
}

/// Small letters, without marks on them and without what compatibility characters add; blanks single.
fn folded(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let small = plain.to_lowercase().replace('ß', "ss");
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a word of a search is found. `\` stands before what is no wildcard.
pub(super) struct Pattern {
    /// It is anywhere: told soonest, and of hardly any application.
    pub(super) anywhere: String,
    /// It is the beginning of the number.
    pub(super) number: String,
    /// It is behind the number.
    pub(super) rest: String,
}

/// A pattern for each word of a search.
pub(super) fn patterns(text: &str) -> Vec<Pattern> {
    folded(text)
        .split(' ')
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(|word| {
            let word: String = word.chars().take(LETTERS).collect();
            let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").replace('\0', "\u{fffd}");
            Pattern { anywhere: format!("%{word}%"), number: format!("{word}%"), rest: format!("%\n%{word}%") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{folded, patterns, sought};

    #[test]
    fn letters_are_the_same_however_they_are_written() {
        for (text, is) in [
            ("Gießerei", "giesserei"),
            ("GIESSEREI", "giesserei"),
            ("Jürgen  Öztürk ", "jurgen ozturk"),
            ("JU\u{308}RGEN", "jurgen"),
            ("Żółć", "zołc"),
            ("ﬁn\nanz", "fin anz"),
            ("BEW-00123", "bew-00123"),
            (" \t", ""),
        ] {
            assert_eq!(folded(text), is, "{text}");
        }
        assert_eq!(sought("A-1", "Erika\nBeispiel", "Gießer"), "a-1\nerika beispiel\ngiesser");
    }

    #[test]
    fn what_is_a_wildcard_to_the_database_is_a_letter_to_who_searches() {
        let pattern = patterns("50%_\\").remove(0);
        assert_eq!(pattern.number, "50\\%\\_\\\\%");
        assert_eq!((pattern.anywhere, pattern.rest), ("%50\\%\\_\\\\%".to_owned(), "%\n%50\\%\\_\\\\%".to_owned()));
        assert_eq!(patterns(" Erika  Gieß ").len(), 2);
        assert_eq!(patterns(&"x ".repeat(100)).len(), 8);
        assert_eq!(patterns(&"x".repeat(1000))[0].number.len(), 81);
        assert!(patterns("  ").is_empty());
    }
}
