//! The From of a mail, read so strictly that no two programs can read it differently (RFC 5322, section 3.6.2).

use super::NotProven;
use super::scanner::{Malformed, Scanner};
use crate::application::EmailAddress;
use crate::mail::encoding::encoded_word;
use crate::mail::structure::Header;

/// Signs that people read as `@`.
const AT_SIGNS: [char; 3] = ['@', '\u{ff20}', '\u{fe6b}'];

/// The one address of the one From.
pub(super) fn read(header: &Header<'_>) -> Result<EmailAddress, NotProven> {
    let mut fields = header.in_order().filter(|(name, _)| name.eq_ignore_ascii_case(b"From"));
    let (Some((_, value)), None) = (fields.next(), fields.next()) else { return Err(NotProven::NotOneFrom) };
    // A name in another character set is honest; for telling where the address stands any letter will do.
    let lossy = String::from_utf8_lossy(value).into_owned();
    let text = super::scanner::unfolded(lossy.as_bytes()).ok_or(NotProven::OddFrom)?;
    let mailbox = mailbox(&text)?;
    let address = plain_address(&mailbox.address).ok_or(NotProven::OddFrom)?;
    let shown = encoded_word::decode(mailbox.name.as_bytes());
    if shows_another(&shown, &address) { Err(NotProven::NameShowsAddress) } else { Ok(address) }
}

fn shows_another(name: &str, address: &EmailAddress) -> bool {
    let words = name.split(|letter: char| letter.is_whitespace() || "<>()[]{}\"',;:|".contains(letter));
    let mut words = words.filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let is_address = word.contains(AT_SIGNS) && !is_of_a_name(word, words.clone());
        if is_address && word.to_lowercase() != address.as_str() {
            return true;
        }
    }
    false
}

/// As in `Anna @ Muster GmbH & Co. KG` and `Team @Work`: nothing stands directly before the sign, and nothing behind it
/// could be read as a domain: the next word has no dot, a later one has none but at its end.
fn is_of_a_name<'a>(word: &'a str, later: impl Iterator<Item = &'a str>) -> bool {
    let is_plain = |word: &str| word.chars().all(|letter| letter.is_alphanumeric() || "-&+/".contains(letter));
    let Some(behind) = word.strip_prefix(AT_SIGNS) else { return false };
    let mut words = std::iter::once(behind).filter(|word| !word.is_empty()).chain(later);
    let abbreviated = |word: &str| word.strip_suffix('.').is_some_and(|short| !short.is_empty() && is_plain(short));
    words.next().is_none_or(is_plain) && words.all(|word| is_plain(word) || abbreviated(word))
}

struct Mailbox {
    /// Display name and comments, quotation marks taken off, encoded words as they are.
    name: String,
    address: String,
}

/// `name <address>`, or an address alone; comments anywhere outside the address.
fn mailbox(text: &str) -> Result<Mailbox, NotProven> {
    let odd = |_: Malformed| NotProven::OddFrom;
    let mut scanner = Scanner::new(text);
    let mut words: Vec<String> = Vec::new();
    let mut comments = scanner.blanks().map_err(odd)?;
    loop {
        match scanner.peek() {
            None => break,
            Some('<') => {
                scanner.takes('<');
                let address = scanner.run(|letter| !"<>()\",;:\\".contains(letter));
                if !scanner.takes('>') {
                    return Err(NotProven::OddFrom);
                }
                comments.push_str(&scanner.blanks().map_err(odd)?);
                return match scanner.peek() {
                    None => Ok(Mailbox { name: format!("{} {comments}", words.join(" ")), address }),
                    Some(',' | ';') => Err(NotProven::NotOneFrom),
                    Some(_) => Err(NotProven::OddFrom),
                };
            }
            Some(',' | ';' | ':') => return Err(NotProven::NotOneFrom),
            Some('"') => words.push(scanner.quoted().map_err(odd)?),
            Some(_) => {
                let word = scanner.run(|letter| !letter.is_whitespace() && !"<>()\",;:\\".contains(letter));
                if word.is_empty() {
                    return Err(NotProven::OddFrom);
                }
                words.push(word);
            }
        }
        comments.push_str(&scanner.blanks().map_err(odd)?);
    }
    match <[String; 1]>::try_from(words) {
        Ok([address]) => Ok(Mailbox { name: comments, address }),
        Err(words) if words.is_empty() => Err(NotProven::NotOneFrom),
        Err(_) => Err(NotProven::OddFrom),
    }
}

/// An address of plain ASCII words and dots; encoded, quoted and international ones are no ground for a proof.
fn plain_address(text: &str) -> Option<EmailAddress> {
    let (local, domain) = text.split_once('@')?;
    let words = |part: &str, more: &str| {
        part.split('.')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c)))
    };
    let fits = words(local, "!#$%&'*+-/=?^_`{|}~") && words(domain, "-") && !text.contains("=?");
    fits.then(|| EmailAddress::parse(text).ok())?
}
