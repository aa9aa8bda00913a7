//! Reads the settings file and lays the environment over it.

use super::error::{WrongKey, suggestion};
use super::written::Written;
use super::{Settings, SettingsError, check};
use figment::Figment;
use figment::error::{Actual, Kind};
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Environment variables with this prefix override keys: `REPLY_IMPORT_DATABASE__URL` is `database.url`, and
/// `REPLY_IMPORT_MAILBOX__0__HOST` is `host` of the first mailbox.
pub const ENVIRONMENT_PREFIX: &str = "REPLY_IMPORT_";

/// Variables with the prefix that are no keys: they belong to the command line.
const NOT_KEYS: [&str; 2] = ["CONFIG", "LOG"];

/// Reads and checks the settings in `file`, with `environment` laid over them.
///
/// # Errors
///
/// [`SettingsError`] names each faulty key and what to write instead.
pub fn read(file: &Path, environment: impl IntoIterator<Item = (String, String)>) -> Result<Settings, SettingsError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let what_to_do = match error.kind() {
            ErrorKind::NotFound => "; `reply-import init` writes one to begin with",
            ErrorKind::PermissionDenied => {
                "; commands are run as the user of the service: `sudo -u reply-import reply-import …`"
            }
            _ => "",
        };
        SettingsError::at(file, "", format!("The file cannot be read ({error}){what_to_do}"))
    })?;
    let mut root: Dict = Figment::from(Toml::string(&text)).extract().map_err(|error| translate(file, error))?;
    let (mut credentials, mut state, mut is_by_hand) = (None, None, true);
    for (name, value) in environment {
        if name == "CREDENTIALS_DIRECTORY" {
            credentials = Some(PathBuf::from(value));
            continue;
        }
        if name == "STATE_DIRECTORY" {
            // Of several the first.
            state = value.split(':').next().map(PathBuf::from);
            continue;
        }
        if name == "INVOCATION_ID" {
            is_by_hand = false;
            continue;
        }
        let Some(path) = name.strip_prefix(ENVIRONMENT_PREFIX).filter(|path| !NOT_KEYS.contains(path)) else {
            continue;
        };
        let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        lay_over(&mut root, &path, &value).ok_or_else(|| {
            SettingsError::at(file, path.join("."), format!("There is no such key for {name} to set"))
        })?;
    }
    let written: Written =
        Figment::from(Serialized::defaults(root)).extract().map_err(|error| translate(file, error))?;
    let places =
        check::Places { credentials: credentials.as_deref(), state: state.as_deref(), settings: file, is_by_hand };
    check::check(places, written)
}

/// Sets the key at `path`; steps into lists by number. `None` where the path leads nowhere.
fn lay_over(table: &mut Dict, path: &[String], value: &str) -> Option<()> {
    let (key, rest) = path.split_first()?;
    if rest.is_empty() {
        let was_text = matches!(table.get(key), Some(Value::String(..)));
        let value = if was_text { Value::from(value) } else { value.parse().ok()? };
        table.insert(key.clone(), value);
        return Some(());
    }
    let entry = table.entry(key.clone()).or_insert_with(|| Value::from(Dict::new()));
    match entry {
        Value::Dict(_, inner) => lay_over(inner, rest, value),
        Value::Array(_, items) => {
            let (number, rest) = rest.split_first()?;
            match items.get_mut(number.parse::<usize>().ok()?)? {
                Value::Dict(_, inner) => lay_over(inner, rest, value),
                _ => None,
            }
        }
        _ => None,
    }
}

fn translate(file: &Path, error: figment::Error) -> SettingsError {
    let faults = error.into_iter().map(|error| {
        let key = error.path.join(".");
        match error.kind {
            Kind::UnknownField(name, known) => {
                WrongKey { key: within(&key, &name), text: format!("There is no such key{}", suggestion(&name, known)) }
            }
            Kind::MissingField(name) => {
                WrongKey { key: within(&key, &name), text: "This key is missing and has no default".to_owned() }
            }
            Kind::InvalidType(found, wanted) => {
                WrongKey { key, text: format!("Found {}, wanted {}", kind_of(&found), in_words(&wanted)) }
            }
            Kind::UnknownVariant(found, known) => {
                WrongKey { key, text: format!("`{found}` is not known; write one of {}", known.join(", ")) }
            }
            other => WrongKey { key, text: other.to_string() },
        }
    });
    SettingsError::new(file, faults.collect())
}

/// The name of a key; inside of lists the path holds it already.
fn within(path: &str, name: &str) -> String {
    match path.rsplit('.').next() {
        Some("") | None => name.to_owned(),
        Some(last) if last == name => path.to_owned(),
        Some(_) => format!("{path}.{name}"),
    }
}

/// The kind of a value, not the value: a secret may have been typed at the wrong key.
fn kind_of(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}

/// What is wanted, as a person writes it.
fn in_words(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" | "unsigned int" | "int" => "a whole number",
        "a boolean" | "bool" => "true or false",
        "a string" | "string" | "str" => "a text in quotes, as in \"…\"",
        "a sequence" | "seq" => "a list, such as [\"…\"]",
        "a map" | "map" => "a table",
        other if other.starts_with("struct ") || other.starts_with("tuple ") => "a table",
        other => other,
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
