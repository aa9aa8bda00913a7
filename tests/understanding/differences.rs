//! What was expected of a mail against what was understood, field by field.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// All differences, as sentences; none where everything that is checked is right.
pub(crate) fn between(expected: &Value, found: &Value) -> Vec<String> {
    if !one_of(expected, "verdict", &found["verdict"], Value::clone) {
        return vec![format!("verdict {}, expected {}", found["verdict"], expected["verdict"])];
    }
    if found["verdict"] != expected["verdict"] {
        // Another right verdict: then nothing else is asked for.
        return Vec::new();
    }
    let mut differences = Vec::new();
    for key in ["reference", "subject_rest", "forwarder"] {
        if expected.get(key).is_some() && !one_of(expected, key, &found[key], tidy_value) {
            differences.push(format!("{key}: {}, expected {}", found[key], expected[key]));
        }
    }
    if let Some(original) = expected.get("original") {
        differences.extend(in_original(expected, original, &found["original"]));
    }
    differences.extend(in_texts(expected, found));
    if let Some(attachments) = expected.get("attachments") {
        differences.extend(in_attachments(list(attachments), list(&found["attachments"])));
    }
    let names: Vec<&Value> = list(&found["attachments"]).iter().map(|file| &file["name"]).collect();
    let listed = list(&expected["ignored_parts"]).iter().filter(|name| names.contains(name));
    differences.extend(listed.map(|name| format!("ignored part came out: {name}")));
    differences
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The value is the expected one or one of those that `KEY_also_ok` lists.
fn one_of(expected: &Value, key: &str, found: &Value, tidied: fn(&Value) -> Value) -> bool {
    let also = list(&expected[format!("{key}_also_ok")]);
    std::iter::once(&expected[key]).chain(also).any(|right| tidied(right) == tidied(found))
}

/// NFC, every run of white space one blank.
fn tidy(text: &str) -> String {
    let text: String = text.replace('\u{200b}', "").nfc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tidy_value(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| Value::from(tidy(text)))
}

fn in_original(expected: &Value, right: &Value, found: &Value) -> Vec<String> {
    if right.is_null() != found.is_null() {
        return vec![format!("original: {found}, expected {right}")];
    }
    if right.is_null() {
        return Vec::new();
    }
    let text = |value: &Value| Value::from(tidy(value.as_str().unwrap_or_default()));
    let mut differences = Vec::new();
    for key in ["from_name", "from_address", "subject"] {
        let also = list(&expected[format!("original_{key}_also_ok")]);
        if !std::iter::once(&right[key]).chain(also).any(|right| text(right) == text(&found[key])) {
            differences.push(format!("original.{key}: {}, expected {}", found[key], right[key]));
        }
    }
    let also = list(&expected["original_date_also_ok"]);
    if !std::iter::once(&right["date"]).chain(also).any(|right| instant(right) == instant(&found["date"])) {
        differences.push(format!("original.date: {}, expected {}", found["date"], right["date"]));
    }
    differences
}

fn instant(value: &Value) -> Option<DateTime<FixedOffset>> {
    value.as_str().map(|text| DateTime::parse_from_rfc3339(text).unwrap())
}

fn in_texts(expected: &Value, found: &Value) -> Vec<String> {
    let text = |key: &str| tidy(found[key].as_str().unwrap_or_default());
    let pieces = |key: &str| list(&expected[key]).iter().map(|piece| piece.as_str().unwrap()).collect::<Vec<_>>();
    let also_right = pieces("text_contains_also_ok").into_iter().any(|piece| text("text").contains(&tidy(piece)));
    let mut differences = Vec::new();
    for piece in pieces("text_contains") {
        if !text("text").contains(&tidy(piece)) && !also_right {
            differences.push(format!("text lacks {piece:?}"));
        }
    }
    for piece in pieces("text_excludes") {
        if text("text").contains(&tidy(piece)) {
            differences.push(format!("text has {piece:?}"));
        }
    }
    for piece in pieces("html_excludes") {
        if found["html"].as_str().unwrap_or_default().contains(piece) {
            differences.push(format!("html has {piece:?}"));
        }
    }
    for piece in pieces("html_contains") {
        if !found["html"].as_str().unwrap_or_default().contains(piece) {
            differences.push(format!("html lacks {piece:?}"));
        }
    }
    for piece in pieces("findings_contain") {
        let mut said = list(&found["findings"]).iter().filter_map(|finding| finding["says"].as_str());
        if !said.any(|says| says.contains(piece)) {
            differences.push(format!("no finding says {piece:?}"));
        }
    }
    for piece in pieces("note_contains") {
        if !text("note").contains(&tidy(piece)) {
            differences.push(format!("note lacks {piece:?}"));
        }
    }
    differences
}

fn in_attachments(right: &[Value], found: &[Value]) -> Vec<String> {
    let mut left: Vec<&Value> = found.iter().collect();
    let mut differences = Vec::new();
    for right in right {
        match left.iter().position(|file| fits(right, file)) {
            Some(at) => drop(left.remove(at)),
            None => differences.push(format!("attachment not found: {right} (have {found:?})")),
        }
    }
    if !left.is_empty() {
        differences
            .push(format!("attachments too many: {:?}", left.iter().map(|file| &file["name"]).collect::<Vec<_>>()));
    }
    differences
}

fn fits(right: &Value, file: &Value) -> bool {
    let name = file["name"].as_str().unwrap_or_default();
    let size = file["size"].as_u64().unwrap();
    let text = |key: &str| right[key].as_str();
    let same = |key: &str| right.get(key).is_none_or(Value::is_null) || one_of(right, key, &file[key], Value::clone);
    same("name")
        && same("kind")
        && same("mime")
        && same("sha256")
        && same("size")
        && same("damaged")
        && right.get("danger").is_none_or(|danger| *danger == file["danger"])
        && right.get("name_any").is_none_or(|names| list(names).iter().any(|right| right == name))
        && name.starts_with(text("name_starts").unwrap_or_default())
        && name.ends_with(text("name_ends").unwrap_or_default())
        && right["name_max_bytes"].as_u64().is_none_or(|most| u64::try_from(name.len()).unwrap() <= most)
        && text("mime_not").is_none_or(|wrong| file["mime"] != wrong)
        && right["size_min"].as_u64().is_none_or(|least| size >= least)
        && right["size_max"].as_u64().is_none_or(|most| size <= most)
}
