//! Foreign words made fit for a log: what servers and databases say of a mail or a row may quote it.

/// What stands for something left out.
const LEFT_OUT: char = '…';

/// Quotation marks that open, each with the one that closes.
const QUOTATION_MARKS: [(char, char); 5] = [('"', '"'), ('»', '«'), ('«', '»'), ('„', '“'), ('“', '”')];

/// The text without e-mail addresses and without what stands in quotation marks, unless `may_stay` says so of it: it is
/// given what stands before the mark, and what stands between the marks. What is quoted may hold marks itself: from the
/// first that does not stay to the last mark everything is left out.
#[must_use]
pub fn masked(text: &str, may_stay: impl Fn(&str, &str) -> bool) -> String {
    let without = without_quoted(text, may_stay);
    without.split_inclusive(char::is_whitespace).map(without_address).collect()
}

fn without_quoted(text: &str, may_stay: impl Fn(&str, &str) -> bool) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, open, close, behind)) = next_mark(rest) {
        kept.push_str(before);
        kept.push(open);
        if let Some((inside, after)) = behind.split_once(close).filter(|(inside, _)| may_stay(&kept, inside)) {
            kept.push_str(inside);
            kept.push(close);
            rest = after;
        } else {
            kept.push(LEFT_OUT);
            // Cut off before its end, all of the rest is quoted.
            if let Some((_, after)) = behind.rsplit_once(close) {
                kept.push(close);
                kept.push_str(after);
            }
            return kept;
        }
    }
    kept.push_str(rest);
    kept
}

/// What stands before the next opening mark, the mark and the one that closes it, and what stands behind.
fn next_mark(text: &str) -> Option<(&str, char, char, &str)> {
    let (at, open) = text.char_indices().find(|(_, c)| QUOTATION_MARKS.iter().any(|(open, _)| open == c))?;
    let close = QUOTATION_MARKS.iter().find(|(mark, _)| *mark == open).map(|(_, close)| *close)?;
    let (before, behind) = text.split_at_checked(at)?;
    Some((before, open, close, behind.strip_prefix(open)?))
}

fn without_address(word: &str) -> String {
    let bare = word.trim_end();
    let is_address = bare.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if is_address { word.replacen(bare, "…@…", 1) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn addresses_and_what_is_quoted_are_left_out() {
        for (text, kept) in [
            ("Quota exceeded (mailbox for user is full)", "Quota exceeded (mailbox for user is full)"),
            ("<erika@example.org>: unknown user, see mailto:help@example.org now", "…@… unknown user, see …@… now"),
            ("cannot move \"482137 Zeugnis\" away", "cannot move \"…\" away"),
            ("cannot move \"482137 \"Zeugnis\" von Erika\" away", "cannot move \"…\" away"),
            ("ungültige Eingabesyntax für Typ bigint: »Erika«", "ungültige Eingabesyntax für Typ bigint: »…«"),
            ("cut off in \"the midd", "cut off in \"…"),
            ("at @ and a@ and @b", "at @ and a@ and @b"),
            ("", ""),
        ] {
            assert_eq!(masked(text, |_, _| false), kept);
        }
    }

    #[test]
    fn what_may_stay_stays() {
        let text = "relation \"mails\" does not exist; got \"Erika\"";
        let kept = masked(text, |before, inside| before.starts_with("relation") && inside == "mails");
        assert_eq!(kept, "relation \"mails\" does not exist; got \"…\"");
    }
}
