//! Reading a feed: JSON Lines, one object a line, or CSV, one file for each kind.

use super::fields::Fields;
use super::line::{ApplicationEntry, CandidateEntry, DirectoryEntry, DirectoryLine, UserEntry, bad_line};
use crate::application::{Language, Role};
use crate::store::StoreError;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::io::{BufRead, Read};

const USER: &str = "`tenant`, `address`, `addresses`, `name`, `role`, `language` and `active`";
const CANDIDATE: &str = "`tenant`, `id`, `name` and `addresses`";
const APPLICATION: &str = "`tenant`, `number`, `candidate`, `post`, `responsible`, `state` and `state_since`";

/// Reads a feed of one JSON object a line; blank lines are passed over.
///
/// # Errors
///
/// [`StoreError::BadLine`] at the first line at fault; [`StoreError::WrongSettings`] if the file cannot be read.
pub fn read_json_lines(mut feed: impl BufRead) -> Result<Vec<DirectoryLine>, StoreError> {
    let mut lines = Vec::new();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if feed.read_until(b'\n', &mut bytes).map_err(|error| unreadable(&error))? == 0 {
            break;
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| bad_line(number, "a text in UTF-8 was wanted"))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        // What serde says may quote the line; its place in the line says enough.
        let values: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            bad_line(number, format!("one JSON object was wanted (the fault is at character {})", error.column()))
        })?;
        lines.push(line(number, None, values)?);
    }
    Ok(lines)
}

/// Reads a feed of one kind with a line of column names at its head; columns are separated by commas, or by semicolons
/// where the head has no comma, and lists inside a cell by semicolons.
///
/// The kind is told by a column `kind` or else by the columns that only one kind has.
///
/// # Errors
///
/// [`StoreError::BadLine`] at the first line at fault; [`StoreError::WrongSettings`] if the file cannot be read.
pub fn read_csv(mut feed: impl Read) -> Result<Vec<DirectoryLine>, StoreError> {
    let mut bytes = Vec::new();
    feed.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let separator = if head.contains(&b',') || !head.contains(&b';') { b',' } else { b';' };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(bytes);
    let columns: Vec<String> =
        reader.headers().map_err(|error| bad_row(&error))?.iter().map(str::to_lowercase).collect();
    let mut named = HashSet::new();
    if let Some(twice) = columns.iter().find(|column| !named.insert(*column)) {
        return Err(bad_line(1, format!("column `{}` stands there twice", twice.escape_debug())));
    }
    let kind = kind_of_columns(&columns);
    let mut lines = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| bad_row(&error))?;
        let number = row.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        let cells = row.iter().map(|cell| Value::String(cell.to_owned()));
        lines.push(line(number, kind, columns.iter().cloned().zip(cells).collect())?);
    }
    Ok(lines)
}

/// Columns that only one kind has.
fn kind_of_columns(columns: &[String]) -> Option<&'static str> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    match () {
        () if has("kind") => None,
        () if has("number") => Some("application"),
        () if has("role") => Some("user"),
        () if has("id") => Some("candidate"),
        () => None,
    }
}

fn line(number: usize, kind: Option<&str>, values: Map<String, Value>) -> Result<DirectoryLine, StoreError> {
    let mut fields = Fields::new(number, values);
    let told = fields.optional_text("kind")?;
    let kind = told.as_deref().or(kind).unwrap_or_default();
    if !["user", "candidate", "application"].contains(&kind) {
        return Err(bad_line(number, "`kind`: one of `user`, `candidate` and `application` was wanted"));
    }
    let tenant = fields.text("tenant")?;
    let entry = match kind {
        "user" => DirectoryEntry::User(user(fields)?),
        "candidate" => DirectoryEntry::Candidate(candidate(fields)?),
        _ => DirectoryEntry::Application(application(fields)?),
    };
    Ok(DirectoryLine { number, tenant, entry })
}

fn user(mut fields: Fields) -> Result<UserEntry, StoreError> {
    let mut addresses = vec![fields.address("address")?];
    for address in fields.addresses("addresses")? {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let name = fields.text("name")?;
    let role = fields.one_of::<Role>("role")?.ok_or_else(|| fields.missing::<Role>("role"))?;
    let language = fields.one_of::<Language>("language")?.unwrap_or_default();
    let active = fields.yes_or_no("active")?.unwrap_or(true);
    fields.end(USER)?;
    Ok(UserEntry { addresses, name, role, language, active })
}

fn candidate(mut fields: Fields) -> Result<CandidateEntry, StoreError> {
    let entry =
        CandidateEntry { id: fields.key("id")?, name: fields.text("name")?, addresses: fields.addresses("addresses")? };
    fields.end(CANDIDATE)?;
    Ok(entry)
}

fn application(mut fields: Fields) -> Result<ApplicationEntry, StoreError> {
    let entry = ApplicationEntry {
        number: fields.key("number")?,
        candidate: fields.key("candidate")?,
        post: fields.optional_text("post")?.unwrap_or_default(),
        responsible: fields.addresses("responsible")?,
        state: fields.one_of("state")?.unwrap_or_default(),
        state_since: fields.instant("state_since")?,
    };
    fields.end(APPLICATION)?;
    Ok(entry)
}

fn unreadable(error: &std::io::Error) -> StoreError {
    StoreError::WrongSettings { wanted: "Cannot read the directory", cause: error.to_string() }
}

fn bad_row(error: &csv::Error) -> StoreError {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => bad_line(line, "a text in UTF-8 was wanted"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            bad_line(line, format!("{expected_len} columns were wanted, as in the head, not {len}"))
        }
        _ => bad_line(line, "a line of CSV was wanted"),
    }
}
