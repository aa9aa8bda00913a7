//! Quoted strings (RFC 3501, section 4.3).

/// `text` as a quoted string. The caller has seen to it that it holds no CR, LF or NUL.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Undoes the escapes that the parser leaves in a quoted string. A backslash before another letter stays: then the
/// string was a literal.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&next @ ('"' | '\\'))) => {
                plain.push(next);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{quoted, unescaped};

    #[test]
    fn what_is_quoted_comes_back() {
        for text in ["", "Archiv", r#"Quo"te"#, r"a\b", r#"\"\\"#, "Über uns"] {
            let wire = quoted(text);
            let inner = wire.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            assert_eq!(unescaped(inner), text);
        }
        assert_eq!(quoted(r#"Quo"te"#), r#""Quo\"te""#);
        assert_eq!(unescaped(r"a\b"), r"a\b");
    }
}
