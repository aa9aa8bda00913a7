//! What axe-core finds on a page: the rules of WCAG 2.2 that a program can look after.

use std::fmt::{Display, Formatter, Result};

use serde_json::Value;

/// See its head for its licence, MPL-2.0; unchanged.
pub(super) const AXE: &str = include_str!("../../web/axe.min.js");

/// Runs it; the last argument takes what it found.
pub(super) const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run({resultTypes: ['violations']}).then(found => done(found.violations), error => done(String(error)));";

/// One rule that a page breaks.
#[derive(Clone, Debug)]
pub struct Finding {
    /// axe's name of the rule, such as `color-contrast`.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// Where, as HTML, and what is wrong there.
    pub places: Vec<String>,
}

impl Finding {
    /// Keeps somebody from using the page.
    pub fn is_serious(&self) -> bool {
        ["serious", "critical"].contains(&self.impact.as_str())
    }

    pub(super) fn read(found: &Value) -> Vec<Self> {
        let list = found.as_array().unwrap_or_else(|| panic!("axe fails: {found}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let place = |node: &Value| format!("{}: {}", text(&node["html"]), text(&node["failureSummary"]));
        let finding = |found: &Value| Self {
            rule: text(&found["id"]),
            impact: text(&found["impact"]),
            places: found["nodes"].as_array().into_iter().flatten().map(place).collect(),
        };
        list.iter().map(finding).collect()
    }
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{} ({}): {}", self.rule, self.impact, self.places.join(" | "))
    }
}
