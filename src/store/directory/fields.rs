//! The named fields of one line, whichever format it came in. Faults name the field and what was wanted in it, never its
//! value: that may be a person's name or address.

use super::line::bad_line;
use crate::application::EmailAddress;
use crate::store::StoreError;
use crate::store::time::plausible;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::{Map, Value};
use std::str::FromStr;
use strum::VariantArray;

/// What separates the items of a list in one cell.
const LIST: char = ';';

/// The longest name by which the recruiting system tells things apart, in characters: PostgreSQL indexes no long ones.
const LONGEST_KEY: usize = 200;

/// What is one of several words, such as a role.
pub(super) trait OneOf: FromStr + VariantArray + Copy + Into<&'static str> {}

impl<T: FromStr + VariantArray + Copy + Into<&'static str>> OneOf for T {}

/// The fields of one line. Each is taken out once; what remains in the end is unknown.
pub(super) struct Fields {
    line: usize,
    values: Map<String, Value>,
}

impl Fields {
    pub(super) fn new(line: usize, values: Map<String, Value>) -> Self {
        Self { line, values }
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> Result<String, StoreError> {
        self.optional_text(name)?.ok_or_else(|| self.fault(name, "a text was wanted"))
    }

    /// A text that must be there and by which the recruiting system tells things apart.
    pub(super) fn key(&mut self, name: &str) -> Result<String, StoreError> {
        let key = self.text(name)?;
        if key.chars().count() > LONGEST_KEY {
            return Err(self.fault(name, &format!("at most {LONGEST_KEY} characters were wanted")));
        }
        Ok(key)
    }

    /// A text that may be missing or empty.
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => self.clean(name, &text).map(Some),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.fault(name, "a text was wanted")),
        }
    }

    /// The value of one of several words, such as a role; `None` if the field is missing.
    pub(super) fn one_of<T: OneOf>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        let Some(word) = self.optional_text(name)? else { return Ok(None) };
        word.parse().map(Some).map_err(|_| self.missing::<T>(name))
    }

    /// The fault of a word that must be there and is none of those.
    pub(super) fn missing<T: OneOf>(&self, name: &str) -> StoreError {
        let words: Vec<String> = T::VARIANTS.iter().map(|&value| format!("`{}`", value.into())).collect();
        let list = words.split_last().map(|(last, others)| format!("{} and {last}", others.join(", ")));
        self.fault(name, &format!("one of {} was wanted", list.unwrap_or_default()))
    }

    /// Yes or no; `None` if the field is missing.
    pub(super) fn yes_or_no(&mut self, name: &str) -> Result<Option<bool>, StoreError> {
        if let Some(Value::Bool(value)) = self.values.get(name) {
            let value = *value;
            self.values.remove(name);
            return Ok(Some(value));
        }
        let Some(word) = self.optional_text(name)? else { return Ok(None) };
        match word.to_lowercase().as_str() {
            "true" | "yes" | "ja" | "1" => Ok(Some(true)),
            "false" | "no" | "nein" | "0" => Ok(Some(false)),
            _ => Err(self.fault(name, "one of `true` and `false` was wanted")),
        }
    }

    /// An address that must be there.
    pub(super) fn address(&mut self, name: &str) -> Result<EmailAddress, StoreError> {
        let text = self.text(name)?;
        EmailAddress::parse(&text).map_err(|_| self.fault(name, "an e-mail address (name@domain) was wanted"))
    }

    /// A list of addresses, each once, in order; empty if the field is missing.
    pub(super) fn addresses(&mut self, name: &str) -> Result<Vec<EmailAddress>, StoreError> {
        let texts: Vec<String> = match self.take(name) {
            None => Vec::new(),
            Some(Value::String(text)) => {
                text.split(LIST).filter(|item| !item.trim().is_empty()).map(str::to_owned).collect()
            }
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| self.fault(name, "a list of e-mail addresses was wanted"))?,
            Some(_) => return Err(self.fault(name, "a list of e-mail addresses was wanted")),
        };
        let mut addresses = Vec::new();
        for (position, text) in texts.iter().enumerate() {
            let address = EmailAddress::parse(text).map_err(|_| {
                self.fault(name, &format!("an e-mail address (name@domain) was wanted as item {}", position + 1))
            })?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Ok(addresses)
    }

    /// A day (`2024-05-31`) or an instant (`2024-05-31T12:00:00+02:00`); without a zone it is UTC. A year that no database
    /// can hold is none.
    pub(super) fn instant(&mut self, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        let day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let instant = || DateTime::parse_from_rfc3339(&text).ok().map(|instant| instant.to_utc());
        let without_zone = || text.parse::<NaiveDateTime>().ok().map(|instant| instant.and_utc());
        day()
            .or_else(instant)
            .or_else(without_zone)
            .filter(|instant| plausible(instant).is_some())
            .map(Some)
            .ok_or_else(|| self.fault(name, "a day (2024-05-31) or an instant (2024-05-31T12:00:00+02:00) was wanted"))
    }

    /// Nothing may remain: a misspelt name would otherwise be dropped without a word.
    pub(super) fn end(self, known: &str) -> Result<(), StoreError> {
        match self.values.keys().next() {
            None => Ok(()),
            Some(name) => Err(bad_line(
                self.line,
                format!("`{}` is no field of such a line; its fields are {known}", name.escape_debug()),
            )),
        }
    }

    /// The value, unless it is missing, null or a blank cell.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        })
    }

    fn clean(&self, name: &str, text: &str) -> Result<String, StoreError> {
        if text.chars().any(char::is_control) {
            return Err(self.fault(name, "a text on one line, without control characters, was wanted"));
        }
        Ok(text.trim().to_owned())
    }

    fn fault(&self, name: &str, wanted: &str) -> StoreError {
        bad_line(self.line, format!("`{name}`: {wanted}"))
    }
}
