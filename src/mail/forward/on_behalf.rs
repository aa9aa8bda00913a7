//! One who writes for another: the mail is from the other.

/// Words between the one who pressed "send" and the one the mail is from.
const ON_BEHALF: [&str; 20] = [
    " im auftrag von ",
    " im namen von ",
    " on behalf of ",
    " de la part de ",
    " au nom de ",
    " en nombre de ",
    " per conto di ",
    " namens ",
    " w imieniu ",
    " em nome de ",
    " på vegne av ",
    " på vegne af ",
    " på uppdrag av ",
    " jménem ",
    " v mene ",
    " u ime ",
    " în numele ",
    " от имени ",
    " від імені ",
    " εκ μέρους ",
];

/// `A <a@x> im Auftrag von B <b@y>`: B is the sender.
pub(super) fn behind(value: &str) -> &str {
    let small = value.to_lowercase();
    if small.len() != value.len() {
        return value;
    }
    let in_pairs = value.matches('"').count().is_multiple_of(2);
    let behind = ON_BEHALF.iter().find_map(|words| {
        // Outlook parts the two with semicolons in some languages: `A; im Auftrag von; B`.
        let words = words.trim_end();
        let (mut seen, mut quoted) = (0, false);
        memchr::memmem::find_iter(small.as_bytes(), words.as_bytes()).find_map(|at| {
            quoted ^= value.get(seen..at)?.matches('"').count() % 2 == 1;
            seen = at;
            let behind = value.get(at + words.len()..)?;
            // Between quotation marks it is a name that somebody gave themselves.
            (!(quoted && in_pairs) && behind.starts_with([' ', ';'])).then_some(behind)
        })
    });
    behind.map_or(value, |behind| behind.trim_start_matches([';', ' ']))
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn the_mail_is_from_the_other() {
        for words in ["im Auftrag von", "On Behalf Of", "de la part de", "på vegne af", "jménem", "от имени"] {
            assert_eq!(behind(&format!("Karl {words} Erika")), "Erika", "{words}");
            assert_eq!(behind(&format!("Karl; {words}; Erika")), "Erika", "{words}");
        }
        assert_eq!(behind("Erika von Namensdorf"), "Erika von Namensdorf");
    }

    #[test]
    fn a_quoted_name_says_nothing_of_the_kind() {
        let forged = "\"X on behalf of Karl <karl@firma.example>, y\" <erika@example.org>";
        assert_eq!(behind(forged), forged);
        assert_eq!(behind(&format!("{forged} on behalf of Erika")), "Erika");
        assert_eq!(behind("\"Karl\" <karl@firma.example> on behalf of \"Erika\""), "\"Erika\"");
    }
}
