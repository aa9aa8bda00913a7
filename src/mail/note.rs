//! The forwarder's own words above a forward, without what their mail program put there.

use super::note_table::PROGRAM_LINES;

/// Takes out program lines, the signature behind its separator (RFC 3676, section 4.3) and surplus empty lines.
pub(crate) fn own_words(above: &str) -> String {
    let signature = |line: &str| matches!(line.trim_end_matches('\u{a0}'), "-- " | "--");
    let lines = above.split('\n').take_while(|line| !signature(line)).filter(|line| !is_by_program(line));
    let mut words = String::new();
    for line in lines.map(str::trim_end) {
        if !line.is_empty() || !(words.is_empty() || words.ends_with("\n\n")) {
            words.push_str(line);
            words.push('\n');
        }
    }
    words.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').to_owned()
}

fn is_by_program(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['<', '[', '*', '_']).to_lowercase();
    PROGRAM_LINES.iter().any(|known| line.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn only_the_persons_words_stay() {
        let above = "\n\nBitte zur Akte.\n\n\n\nDanke\n\nVon meinem iPhone gesendet\n\n-- \nRuth Muster\nPersonal\n";
        assert_eq!(own_words(above), "Bitte zur Akte.\n\nDanke");
        assert_eq!(own_words("Get Outlook for Android<https://aka.ms/x>\n"), "");
    }
}
