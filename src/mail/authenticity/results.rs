//! The grammar of `Authentication-Results` (RFC 8601, section 2.2).
//!
//! Stricter than needed nowhere where honest hosts differ: a semicolon may end the field, and properties without a type
//! (`action=none`, as Exchange Online writes) are borne and mean nothing.

use super::scanner::{Malformed, Scanner};

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Results {
    /// Who wrote it, in small letters; `None` where the field begins with a method, as Exchange Online's do.
    pub(super) id: Option<String>,
    /// What they say; nothing readable stands in a field that breaks the grammar anywhere.
    pub(super) methods: Result<Vec<MethodResult>, Malformed>,
}

/// What became of one method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MethodResult {
    /// Its name, such as `dmarc`, in small letters.
    pub(super) method: String,
    /// The result, such as `pass`, in small letters.
    pub(super) result: String,
    /// The properties: `type.name` in small letters, and the value as it stands.
    properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The only value of this property; `None` also where there are several.
    pub(super) fn single(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }

    /// Whether the property stands there at all.
    pub(super) fn names(&self, name: &str) -> bool {
        self.properties.iter().any(|(known, _)| known == name)
    }

    pub(super) fn passed(&self) -> bool {
        self.result == "pass"
    }
}

/// Reads the unfolded field.
///
/// # Errors
///
/// [`Malformed`] if not even the id can be read.
pub(super) fn read(text: &str) -> Result<Results, Malformed> {
    let mut scanner = Scanner::new(text);
    scanner.blanks()?;
    let start = scanner.clone();
    let id = if scanner.peek() == Some('"') {
        scanner.quoted()?
    } else {
        scanner.run(|letter| !letter.is_whitespace() && !"\"();=,".contains(letter))
    };
    if id.is_empty() {
        return Err(Malformed);
    }
    scanner.blanks()?;
    if scanner.peek() == Some('=') {
        return Ok(Results { id: None, methods: methods(start) });
    }
    Ok(Results { id: Some(id.to_lowercase()), methods: behind_id(scanner) })
}

fn behind_id(mut scanner: Scanner<'_>) -> Result<Vec<MethodResult>, Malformed> {
    let version = scanner.run(|letter| letter.is_ascii_digit());
    if !matches!(version.as_str(), "" | "1") {
        return Err(Malformed);
    }
    scanner.blanks()?;
    match scanner.peek() {
        None => Ok(Vec::new()),
        Some(';') => {
            scanner.takes(';');
            methods(scanner)
        }
        Some(_) => Err(Malformed),
    }
}

/// The results up to the end, with semicolons between them.
fn methods(mut scanner: Scanner<'_>) -> Result<Vec<MethodResult>, Malformed> {
    let mut methods = Vec::new();
    loop {
        scanner.blanks()?;
        if scanner.peek().is_some_and(|letter| letter != ';') {
            methods.extend(method(&mut scanner)?);
        }
        if scanner.peek().is_none() {
            return Ok(methods);
        }
        if !scanner.takes(';') {
            return Err(Malformed);
        }
    }
}

/// One result; nothing for `none`, and for a version of a method that is not known.
fn method(scanner: &mut Scanner<'_>) -> Result<Option<MethodResult>, Malformed> {
    let method = keyword(scanner)?;
    scanner.blanks()?;
    if method == "none" && matches!(scanner.peek(), None | Some(';')) {
        return Ok(None);
    }
    let mut version = String::new();
    if scanner.takes('/') {
        scanner.blanks()?;
        version = scanner.run(|letter| letter.is_ascii_digit());
        scanner.blanks()?;
        if version.is_empty() {
            return Err(Malformed);
        }
    }
    if !scanner.takes('=') {
        return Err(Malformed);
    }
    scanner.blanks()?;
    let result = keyword(scanner)?;
    if !matches!(scanner.peek(), None | Some(' ' | '\t' | '(' | ';')) {
        return Err(Malformed);
    }
    let mut properties = Vec::new();
    loop {
        scanner.blanks()?;
        if matches!(scanner.peek(), None | Some(';')) {
            break;
        }
        properties.push(property(scanner)?);
    }
    Ok(matches!(version.as_str(), "" | "1").then_some(MethodResult { method, result, properties }))
}

/// `type.name=value`, or `reason=value`.
fn property(scanner: &mut Scanner<'_>) -> Result<(String, String), Malformed> {
    let mut name = keyword(scanner)?;
    scanner.blanks()?;
    if scanner.takes('.') {
        scanner.blanks()?;
        name.push('.');
        name.push_str(&keyword(scanner)?);
        scanner.blanks()?;
    }
    if !scanner.takes('=') {
        return Err(Malformed);
    }
    scanner.blanks()?;
    let quoted = if scanner.peek() == Some('"') { scanner.quoted()? } else { String::new() };
    let bare = scanner.run(|letter| !letter.is_whitespace() && !"\"();".contains(letter));
    if !(quoted.is_empty() || bare.is_empty() || bare.starts_with('@')) {
        return Err(Malformed);
    }
    Ok((name, quoted + &bare))
}

fn keyword(scanner: &mut Scanner<'_>) -> Result<String, Malformed> {
    let word = scanner.run(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    if word.is_empty() { Err(Malformed) } else { Ok(word.to_ascii_lowercase()) }
}
