//! Who reads the answer, and in which language.

use super::signed_in::SignedIn;
use crate::application::Language;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// Whoever reads a page.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// The language of the page: the user's, or the browser's before somebody is known.
    pub(super) language: Language,
    /// The clock of the times on it.
    pub(super) clock: chrono_tz::Tz,
    /// The user, if signed in.
    pub(super) signed_in: Option<SignedIn>,
}

impl Reader {
    /// Somebody who is not known yet.
    pub(super) fn unknown(headers: &HeaderMap) -> Self {
        Self { language: language(headers), clock: chrono_tz::Europe::Berlin, signed_in: None }
    }
}

impl SignedIn {
    /// The person as a reader of pages.
    pub(super) fn reader(&self) -> Reader {
        Reader { language: self.language, clock: self.clock, signed_in: Some(self.clone()) }
    }
}

/// German, unless the browser likes English better.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let weight = |wanted: &str| {
        let weights = accepted.split(',').filter_map(|range| {
            let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let is_it = tag.trim().split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(wanted));
            is_it.then(|| quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0))
        });
        weights.fold(0.0, f32::max)
    };
    if weight("en") > weight("de") { Language::En } else { Language::De }
}

#[cfg(test)]
mod tests {
    use super::language;
    use crate::application::Language;
    use axum::http::header::ACCEPT_LANGUAGE;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn the_page_is_german_unless_the_browser_likes_english_better() {
        let cases = [
            ("", Language::De),
            ("de", Language::De),
            ("en-GB,en;q=0.9", Language::En),
            ("de-AT,de;q=0.9,en;q=0.8", Language::De),
            ("en,de;q=0.5", Language::En),
            ("fr;q=1, EN;q=0.4", Language::En),
            ("en;q=wrong", Language::En),
        ];
        for (accepted, wanted) in cases {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted))]);
            assert_eq!(language(&headers), wanted, "{accepted}");
        }
        assert_eq!(language(&HeaderMap::new()), Language::De);
    }
}
