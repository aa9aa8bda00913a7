//! An entry of the tables.

/// A text: its key, in German, in English. `{name}` in it is filled in by the page.
pub(in crate::web) type Word = (&'static str, &'static str, &'static str);
