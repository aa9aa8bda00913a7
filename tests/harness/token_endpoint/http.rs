//! As much of HTTP/1.1 as a token endpoint needs.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The first line.
    pub line: String,
    fields: HashMap<String, String>,
}

impl Request {
    /// A field of the form; empty if it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether a field is there.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }
}

/// An answer to be sent.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Response {
    pub(super) fn empty(status: u16) -> Self {
        Self { status, location: None, body: String::new() }
    }

    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, location: None, body: body.to_string() }
    }

    pub(super) fn refusal(error: &str, description: &str) -> Self {
        Self::json(400, &serde_json::json!({"error": error, "error_description": description}))
    }
}

/// `None` if the connection ends before the request does.
pub(super) fn read(connection: &mut impl Read) -> Option<Request> {
    let mut reader = BufReader::new(connection);
    let (mut request, mut length) = (Request::default(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if request.line.is_empty() {
            line.clone_into(&mut request.line);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.fields = oauth2::url::form_urlencoded::parse(&body).into_owned().collect();
    Some(request)
}

pub(super) fn write(connection: &mut impl Write, response: &Response) {
    let location = response.location.as_ref().map(|to| format!("Location: {to}\r\n")).unwrap_or_default();
    let (status, body) = (response.status, &response.body);
    let text = format!(
        "HTTP/1.1 {status} Test\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {}\r\n{location}\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    // Who asked may have gone.
    let _ = connection.write_all(text.as_bytes());
}
