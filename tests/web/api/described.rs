//! What the description promises, and whether an answer keeps it.

use super::chance::resolved;
use crate::visitor::Page;
use serde_json::{Value, json};

/// Each operation of the description: method and path.
pub fn operations(description: &Value) -> Vec<(String, String)> {
    let paths = description["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let path = path.clone();
        item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Fails unless status and body are what the description promises.
pub fn assert_described(description: &Value, (method, path): (&str, &str), answer: &Page) {
    described(description, (method, path), answer).unwrap_or_else(|fault| panic!("{method} {path}: {fault}"));
}

/// What is not as promised, if something is.
pub fn described(description: &Value, (method, path): (&str, &str), answer: &Page) -> Result<(), String> {
    let promised = &description["paths"][path][method]["responses"][answer.status.to_string()];
    let Some(content) = promised["content"].as_object() else {
        return Err(format!("{answer:?} is not in the description"));
    };
    let (mime, content) = content.iter().next().unwrap();
    if mime == "*/*" {
        return Ok(());
    }
    if answer.header("content-type") != mime {
        return Err(format!("{answer:?} is no {mime}"));
    }
    let told: Value = serde_json::from_str(&answer.body).map_err(|error| format!("{error}: {answer:?}"))?;
    faults(description, &content["schema"], &told).map_err(|faults| format!("{faults} in {told:#}"))?;
    let says_what = told["detail"].as_str().is_some_and(|detail| !detail.is_empty());
    let must_say = [400, 401, 413, 422, 429, 503].contains(&answer.status);
    if must_say && !says_what { Err(format!("{answer:?} does not say what is wrong")) } else { Ok(()) }
}

/// What is wrong with a value, by a schema of the description.
fn faults(description: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let mut whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema"});
    whole["components"] = description["components"].clone();
    whole["allOf"] = json!([schema]);
    let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
    let faults: Vec<String> = validator.iter_errors(value).map(|fault| fault.to_string()).collect();
    if faults.is_empty() { Ok(()) } else { Err(format!("{faults:?}")) }
}

/// Whether a text has the form of what an operation is sent; where it is read as a feed's, with the liberties of feeds: a
/// number for a text, a text for a list or a yes, a day for an instant, null or a blank for what may be left out.
pub fn may_be_taken(description: &Value, operation: &Value, body: &[u8]) -> bool {
    let Some(content) = operation["requestBody"]["content"].get("application/json") else { return true };
    let Ok(sent) = serde_json::from_slice::<Value>(body) else { return false };
    let schema = resolved(description, &content["schema"]);
    let required = |name: &String| schema["required"].as_array().unwrap().iter().any(|one| one == name);
    let Some(sent) = sent.as_object() else { return false };
    let has_all = schema["required"].as_array().unwrap().iter().all(|name| sent.contains_key(name.as_str().unwrap()));
    has_all
        && sent.iter().all(|(name, value)| {
            let Some(wanted) = schema["properties"].get(name) else { return false };
            let is_blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
            if is_blank {
                return !required(name);
            }
            let wanted = resolved(description, wanted);
            let is_text = value.is_string() || value.is_number();
            faults(description, wanted, value).is_ok()
                || match wanted["type"].as_str().unwrap() {
                    "string" if wanted["enum"].is_array() => false,
                    "string" | "boolean" => is_text,
                    "array" => value.is_string(),
                    other => panic!("{other}: how does a feed write it?"),
                }
        })
}
