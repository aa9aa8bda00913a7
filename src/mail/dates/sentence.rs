//! Where the time of day ends in a sentence that goes on with a name.

use super::{half, offset_of, zone_names};

/// How far the words at the start of a text still belong to the time of day before it: `AM`, `Uhr`, a zone.
pub(crate) fn rest_of_time(text: &str) -> usize {
    let mut rest = text;
    while let Some((piece, behind)) = piece_of_time(rest).and_then(|length| rest.split_at_checked(length)) {
        rest = behind;
        // Behind its comma stands the name.
        if piece.trim_end().ends_with(',') {
            break;
        }
    }
    text.len() - rest.len()
}

/// The length of the next word, or of the next two (`a. m.`), if they belong to the time.
fn piece_of_time(text: &str) -> Option<usize> {
    let mut pieces = text.split_inclusive(' ');
    let piece = pieces.next()?;
    let two = piece.len() + pieces.next().map_or(0, str::len);
    let belongs = piece.trim().is_empty() || is_of_time(piece);
    let in_two = matches!(piece.trim_end(), "a." | "p." | "π." | "μ.") && is_of_time(text.get(..two)?);
    if in_two { Some(two) } else { belongs.then_some(piece.len()) }
}

fn is_of_time(printed: &str) -> bool {
    let printed = printed.trim();
    let word: String =
        printed.chars().filter(|letter| !matches!(letter, ',' | '.' | '(' | ')') && !letter.is_whitespace()).collect();
    let small = word.to_lowercase();
    let sign = small.find(['+', '-', '−', '–']);
    if let Some((name, distance)) = sign.and_then(|sign| small.split_at_checked(sign)) {
        let is_number = distance.chars().skip(1).all(|letter| letter.is_ascii_digit() || letter == ':');
        return is_number
            && distance.ends_with(|letter: char| letter.is_ascii_digit())
            && (name.is_empty() || offset_of(name).is_some());
    }
    let says_nothing = zone_names::NO_ZONES.contains(&small.as_str()) && (word == small || small == "uhr");
    // Zones are printed in capitals; `Met` may begin a name.
    let is_zone = word == word.to_uppercase() && offset_of(&small).is_some();
    let is_only_zone = !zone_names::ALSO_NAMES.contains(&small.as_str()) || printed.ends_with([',', ')']);
    half(&small).is_some() || says_nothing || (is_zone && is_only_zone)
}

#[cfg(test)]
mod tests {
    use super::rest_of_time;

    #[test]
    fn the_time_ends_where_the_name_begins() {
        for (of_time, name) in [
            ("", "Erika"),
            (" ", "schrieb Erika"),
            (" AM ", "ART PROBST"),
            (" AM ", "CAT Personalservice"),
            (" AM PST ", "Erika"),
            (" ", "WEST Personal"),
            (" WEST, ", "Erika"),
            (" MEZ ", "schrieb Erika"),
            (" Uhr (MESZ) ", "schrieb Erika"),
            (" UTC+1, ", "CET Personal"),
            (" GMT +01:00, ", "Erika"),
            (" +0100, ", "Erika"),
            (" a. m. ", "Erika"),
            (" a.m., ", "PM Personal"),
            (" AM ", "A. M. Probst"),
            (" uur ", "schreef Erika"),
            (" ", "Met Erika"),
            (" ", "- Erika"),
        ] {
            assert_eq!(rest_of_time(&format!("{of_time}{name}")), of_time.len(), "{of_time}{name}");
        }
    }
}
