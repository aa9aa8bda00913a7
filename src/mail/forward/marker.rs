//! Is this line one with which a mail program announces a forward?

use super::folding::{fold, is_blank};
use super::marker_table::{BETWEEN_DASHES, BETWEEN_DASHES_OPEN, ENDS, WHOLE_LINES};

/// How many lines may stand between a marker and the block it announces.
pub(super) const REACH: usize = 3;

/// The line announces a forward. By itself it proves nothing: disclaimers use lines of underscores too.
pub(super) fn is_marker(line: &str) -> bool {
    let folded = fold(line);
    let folded = folded.trim_matches('*');
    is_rule(folded)
        || between_dashes(folded).is_some_and(announces)
        || between_equals_signs(folded)
        || is_whole_line(folded)
}

/// The line is a marker of the kind that stands above a head and once more below it (Zoho).
pub(super) fn frames_heads(line: &str) -> bool {
    line.trim_start_matches(is_blank).starts_with('=') && between_equals_signs(&fold(line))
}

fn between_equals_signs(folded: &str) -> bool {
    between(folded, '=', "===").is_some_and(announces)
}

/// The line says that a forward ends here.
pub(super) fn is_end(line: &str) -> bool {
    // A text may be one line, and is not folded for nothing.
    let begins_with_a_dash = line.trim_start_matches(is_blank).starts_with(['-', '\u{2010}', '\u{2011}']);
    begins_with_a_dash && between_dashes(&fold(line)).is_some_and(|words| ENDS.iter().any(|end| words.starts_with(end)))
}

/// The line is the rest of the marker above it: older Notes wraps before the date.
pub(super) fn goes_on(above: &str, line: &str) -> bool {
    let (above, line) = (fold(above), fold(line));
    let open = between_dashes(&above)
        .is_some_and(|words| BETWEEN_DASHES_OPEN.iter().any(|opening| words.starts_with(opening)));
    open && !above.ends_with("--") && line.ends_with("---")
}

/// The marker at the end of `text`, where a program put it into the line of its first label; gives what is before it.
pub(super) fn before_trailing_marker(text: &str) -> &str {
    let end = text.trim_end();
    let Some(inner) = end.strip_suffix("---") else { return text };
    let inner = inner.trim_end_matches('-');
    let Some(dashes) = inner.rfind("---") else { return text };
    let words = inner.get(dashes + 3..).unwrap_or_default();
    if announces(&fold(words)) { inner.get(..dashes).unwrap_or_default().trim_end_matches('-') } else { text }
}

/// Outlook's line of 32 underscores, in any length that nobody types by hand.
fn is_rule(folded: &str) -> bool {
    folded.len() >= 20 && folded.chars().all(|letter| letter == '_')
}

/// What stands between dashes; those at the end may be in the next line (older Notes).
fn between_dashes(folded: &str) -> Option<&str> {
    between(folded, '-', "---")
}

fn between<'a>(folded: &'a str, sign: char, three: &str) -> Option<&'a str> {
    let behind = folded.strip_prefix(three)?.trim_start_matches(sign).trim_start();
    let words = behind.trim_end_matches(sign).trim_end();
    (!words.is_empty()).then_some(words)
}

fn announces(words: &str) -> bool {
    BETWEEN_DASHES.contains(&words) || BETWEEN_DASHES_OPEN.iter().any(|opening| words.starts_with(opening))
}

fn is_whole_line(folded: &str) -> bool {
    folded
        .strip_suffix(':')
        .is_some_and(|words| WHOLE_LINES.iter().any(|line| line.strip_suffix(':') == Some(words.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::{before_trailing_marker, is_marker};

    #[test]
    fn markers_of_all_programs_are_known() {
        for line in [
            "---------- Forwarded message ---------",
            "________________________________",
            "-----Ursprüngliche Nachricht-----",
            "\u{feff}Anfang der weitergeleiteten E\u{2011}Mail:",
            "Début du message réexpédié\u{a0}:",
            "--- Treść przekazanej wiadomości ---",
            "-------- İletilen İleti --------",
            "----- Weitergeleitet von Ruth Muster/PERS/Firma am 13.03.2024 10:01 -----",
            "---------------------- Weitergeleitet von Ruth Muster/PERS am",
            "-----Original-Nachricht-----",
            "*-------- Original Message --------*",
            "============ Forwarded message ============",
        ] {
            assert!(is_marker(line), "{line}");
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "---",
            "-----",
            "____",
            "--- Seite 2 ---",
            "Forwarded message",
            "Anfang:",
            "- - -",
            "==== Seite 2 ====",
            "====",
        ] {
            assert!(!is_marker(line), "{line}");
        }
    }

    #[test]
    fn a_marker_in_the_line_of_the_labels_is_cut_off() {
        assert_eq!(before_trailing_marker("Hallo ----- Weitergeleitete Nachricht ----- "), "Hallo ");
        assert_eq!(before_trailing_marker("Hallo --- neu ---"), "Hallo --- neu ---");
    }
}
