//! Pages: templates with the words of the reader's language.

use super::reader::Reader;
use super::{assets, words};
use crate::application::{DocumentKind, Language};
use anyhow::{Context, Result};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value, context};

/// All templates, by the names they refer to each other with.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("shell.html", include_str!("templates/shell.html")),
    ("fault.html", include_str!("templates/fault.html")),
    ("pages.html", include_str!("templates/pages.html")),
    ("sign_in/ask.html", include_str!("templates/sign_in/ask.html")),
    ("sign_in/elsewhere.html", include_str!("templates/sign_in/elsewhere.html")),
    ("sign_in/enter.html", include_str!("templates/sign_in/enter.html")),
    ("sign_in/sent.html", include_str!("templates/sign_in/sent.html")),
    ("sign_in/stale.html", include_str!("templates/sign_in/stale.html")),
    ("applications/list.html", include_str!("templates/applications/list.html")),
    ("applications/profile.html", include_str!("templates/applications/profile.html")),
    ("applications/history.html", include_str!("templates/applications/history.html")),
    ("applications/files.html", include_str!("templates/applications/files.html")),
    ("originals/original.html", include_str!("templates/originals/original.html")),
    ("originals/content.html", include_str!("templates/originals/content.html")),
    ("inbox/list.html", include_str!("templates/inbox/list.html")),
    ("inbox/one.html", include_str!("templates/inbox/one.html")),
    ("files/line.html", include_str!("templates/files/line.html")),
    ("files/marks.html", include_str!("templates/files/marks.html")),
    ("states/states.html", include_str!("templates/states/states.html")),
];

/// The parsed templates.
#[derive(Debug)]
pub(super) struct Pages {
    environment: Environment<'static>,
}

impl Pages {
    /// Parses the templates, which are part of the program.
    pub(super) fn new() -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_function("t", text);
        environment.add_function("asset", asset);
        environment.add_filter("day", day);
        environment.add_filter("moment", moment);
        environment.add_filter("size", size);
        environment.add_filter("kind", kind);
        environment.add_filter("left_out", left_out);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).with_context(|| format!("The template {name} is wrong"))?;
        }
        Ok(Self { environment })
    }

    /// Fills a template for a reader.
    pub(super) fn render(&self, reader: &Reader, template: &str, values: Value) -> Result<Response> {
        let person = reader.signed_in.as_ref().map(|person| {
            context! {
                name => person.name.clone(),
                tenant => person.tenant.clone(),
                csrf => person.csrf.clone(),
                sees_applications => person.viewer.sees_content(),
                sees_states => person.viewer.sees_states(),
                sees_inbox => person.viewer.may_decide(),
                sees_whole_tenant => person.viewer.sees_whole_tenant(),
                waiting => person.waiting,
            }
        });
        let frame = context! { language => reader.language.as_str(), clock => reader.clock.name(), person };
        let page =
            self.environment.get_template(template).and_then(|found| found.render(context! { ..values, ..frame }));
        let page = page.with_context(|| format!("The template {template} cannot be filled"))?;
        Ok(Html(page).into_response())
    }
}

fn language(state: &State) -> Language {
    let word = state.lookup("language");
    word.and_then(|word| word.as_str()?.parse().ok()).unwrap_or_default()
}

/// `t("key", name=value)`: a text in the reader's language, with values put in for `{name}`.
#[expect(clippy::needless_pass_by_value, reason = "minijinja gives it so")]
fn text(state: &State, key: &str, values: Kwargs) -> Result<String, Error> {
    let found = words::text(key, language(state));
    let found = found.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no text {key}")))?;
    let mut text = found.to_owned();
    for name in values.args() {
        let value: Value = values.get(name)?;
        text = text.replace(&format!("{{{name}}}"), &value.to_string());
    }
    Ok(text)
}

fn asset(name: &str) -> Result<String, Error> {
    assets::address(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no asset {name}")))
}

/// A time in UTC as the reader's clock shows it.
fn at(state: &State, time: &str, german: &str, english: &str) -> Result<String, Error> {
    let wrong = |_| Error::new(ErrorKind::InvalidOperation, format!("{time} is no time"));
    let time = DateTime::parse_from_rfc3339(time).map_err(wrong)?.with_timezone(&Utc);
    let clock = state.lookup("clock").and_then(|name| name.as_str()?.parse().ok()).unwrap_or(chrono_tz::UTC);
    let format = words::in_language(language(state), german, english);
    Ok(time.with_timezone(&clock).format(format).to_string())
}

/// The day of a time.
fn day(state: &State, time: &str) -> Result<String, Error> {
    at(state, time, "%d.%m.%Y", "%-d %b %Y")
}

/// A time to the minute.
fn moment(state: &State, time: &str) -> Result<String, Error> {
    at(state, time, "%d.%m.%Y, %H:%M Uhr", "%-d %b %Y, %H:%M")
}

/// A number of octets.
fn size(state: &State, octets: u64) -> String {
    let shown = bytesize::ByteSize(octets).display().si_short().to_string();
    let shown = shown.replace('B', " B").replace('k', " kB").replace('M', " MB").replace('G', " GB");
    words::in_language(language(state), &shown.replace('.', ","), &shown).to_owned()
}

/// The name of a document kind, from its word.
fn kind(state: &State, word: &str) -> Result<&'static str, Error> {
    let kind: Result<DocumentKind, _> = word.parse();
    let kind = kind.map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("there is no kind {word}")))?;
    Ok(words::in_language(language(state), kind.german(), kind.english()))
}

/// Why a part of a mail was left out, from the recorded reason.
fn left_out(state: &State, why: &str) -> String {
    words::left_out(why, language(state)).into_owned()
}
