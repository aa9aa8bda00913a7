//! Where somebody wanted to go before signing in.

/// The longest place that is kept in mind: a search has 200 letters, each up to twelve characters long when it is escaped.
const LONGEST: usize = 3000;

/// A place of ours, path and query without a `#`; everything else becomes the first page, so that no link of ours leads
/// elsewhere.
pub(super) fn place_of_ours(next: &str) -> &str {
    let next = next.split('#').next().unwrap_or_default();
    let is_path = next.starts_with('/') && !next.starts_with("//") && next.len() <= LONGEST;
    // Browsers read `\` as `/`, and drop tabs and line ends.
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::place_of_ours;

    #[test]
    fn what_the_browser_alone_needs_is_left_out() {
        assert_eq!(place_of_ours("/entries/7#entry-7"), "/entries/7");
    }

    #[test]
    fn only_places_of_ours_are_led_to() {
        for ours in ["/", "/entries/7", "/applications?q=Erika&page=2", "/a//b", "/a?next=https://evil.example/"] {
            assert_eq!(place_of_ours(ours), ours);
        }
        let long = format!("/{}", "a".repeat(3000));
        for foreign in [
            "",
            "entries",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: session=x",
            "/ä",
            &long,
        ] {
            assert_eq!(place_of_ours(foreign), "/", "{foreign:?}");
        }
    }
}
