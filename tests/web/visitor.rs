//! Somebody with a browser, or a program: keeps cookies, follows nothing by itself.

use serde_json::Value;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// Longer than any answer takes, even on a busy machine.
const ANSWER: Duration = Duration::from_mins(1);

/// A browser at one site.
#[derive(Clone)]
pub struct Visitor {
    agent: Agent,
    url: String,
    cookies: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Visitor {
    pub fn at(url: &str) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            // The server ends a connection on which it did not want the rest of a request; a browser then asks anew.
            .max_idle_connections(0)
            .timeout_global(Some(ANSWER));
        let agent = config.build().new_agent();
        Self { agent, url: url.to_owned(), cookies: Vec::new(), headers: Vec::new() }
    }

    /// Sends this header along from now on.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], None)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_with(path, fields, &[])
    }

    /// Sends a form with further headers, such as those by which browsers say where it comes from.
    pub fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let form = [&[("content-type", "application/x-www-form-urlencoded")], headers].concat();
        self.send("POST", path, &form, Some(fields.join("&").as_bytes()))
    }

    /// The mark of the forms on a page.
    pub fn csrf(&mut self, path: &str) -> String {
        let page = self.get(path);
        let behind = page.body.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("{page:?}")).1;
        behind.split('"').next().unwrap().to_owned()
    }

    /// What the browser keeps under this name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str())
    }

    /// Keeps another value.
    pub fn keep(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(kept, _)| kept != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Sends whatever is wanted.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Page {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let mut answer = match body {
            None => self.agent.run(request.body(()).unwrap()).unwrap(),
            Some(body) => self.agent.run(request.body(body).unwrap()).unwrap(),
        };
        let body = answer.body_mut().read_to_vec().unwrap();
        let page = Page {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        for cookie in page.all("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.keep(name, value);
        }
        page
    }
}

impl Page {
    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// All headers but the time, as lines.
    pub fn lasting_headers(&self) -> Vec<String> {
        let headers = self.headers.iter().filter(|(name, _)| *name != "date");
        headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    /// What a program is told.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Where it leads.
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location")
    }
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
