//! The name in a sender's value, without what programs put around it.

/// The name without the same address at its end: `a@b <a@b>`, `Name <a@b<mailto:a@b>>`.
pub(super) fn without_repeats<'a>(name: &'a str, address: &str) -> &'a str {
    let mut name = name;
    loop {
        let closed = name.trim_end_matches([' ', '\'', '"', '*', '<', '>', '[', ']', '(', ')']);
        let start = closed.len().checked_sub(address.len());
        let Some((before, end)) = start.and_then(|start| closed.split_at_checked(start)) else { return name };
        if !end.eq_ignore_ascii_case(address) {
            return name;
        }
        let bare = before.strip_suffix("mailto:").unwrap_or(before);
        if bare.ends_with(|letter: char| letter.is_alphanumeric() || "._+-".contains(letter)) {
            return name;
        }
        name = bare.trim_end_matches([' ', '<', '[', '(']);
    }
}

/// Quotation marks of all kinds; which of them open and which close differs by language.
const DOUBLE: &[char] = &['"', '„', '“', '”', '«', '»'];
const SINGLE: &[char] = &['\'', '‘', '’', '‚'];

/// The name without the quotation marks of any kind around it. A mark whose fellow stands inside belongs to the name.
pub(super) fn name_text(name: &str) -> &str {
    let signs: &[char] = &['*', ' ', ',', ';'];
    let mut name = name.trim_matches(signs).trim_end_matches(['<', '[', '(']).trim_matches(signs);
    while let Some(inner) = [DOUBLE, SINGLE].into_iter().find_map(|marks| without_marks(name, marks)) {
        name = inner.trim_matches(signs);
    }
    name
}

/// The name without a mark at either end.
fn without_marks<'a>(name: &'a str, marks: &[char]) -> Option<&'a str> {
    match (name.strip_prefix(marks), name.strip_suffix(marks)) {
        (Some(behind), Some(_)) => Some(behind.strip_suffix(marks).unwrap_or_default()),
        (Some(rest), None) | (None, Some(rest)) => (!rest.contains(marks)).then_some(rest),
        (None, None) => None,
    }
}

/// `Name/OU/ORG@ORG` (Notes): the name is what stands before the first slash. Beside an address the path holds an `@`.
pub(super) fn without_notes_path(name: &str, has_address: bool) -> &str {
    let is_path = |path: &str| path.contains('@') || (path.contains('/') && !has_address);
    match name.split_once('/') {
        Some((person, path)) if is_path(path) && !person.contains('(') => person.trim_end(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sender::read;

    #[test]
    fn a_mark_in_a_name_stays_where_its_fellow_is() {
        for (value, name) in [
            ("Beispiel, Erika \"Rike\" <erika@example.org>", "Beispiel, Erika \"Rike\""),
            ("„Rike“ Beispiel <erika@example.org>", "„Rike“ Beispiel"),
            ("'\"Erika Beispiel\"' <erika@example.org>", "Erika Beispiel"),
            ("Erika Beispiel” <erika@example.org>", "Erika Beispiel"),
            ("Erika O’Beispiel <erika@example.org>", "Erika O’Beispiel"),
            ("Erika (they/them/theirs) <erika@example.org>", "Erika (they/them/theirs)"),
            ("Erika (they/them/theirs)", "Erika (they/them/theirs)"),
            ("Erika, B.A./M.A./LL.M. <erika@example.org>", "Erika, B.A./M.A./LL.M."),
            ("Erika/EXT/Firma@FIRMA <erika@example.org>", "Erika"),
        ] {
            assert_eq!(read(value).name.as_deref(), Some(name), "{value}");
        }
    }

    #[test]
    fn an_address_between_marks_is_no_name() {
        for name in ["« erika@example.org »", "„Erika@example.org“", "‘erika@example.org’", "'*erika@example.org*'"]
        {
            let sender = read(&format!("{name} <erika@example.org>"));
            assert_eq!(sender.name, None, "{name}");
            assert_eq!(sender.address.unwrap().as_str(), "erika@example.org", "{name}");
        }
    }
}
