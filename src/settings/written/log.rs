//! The keys of [log].

use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Log {
    pub(in crate::settings) format: LogFormat,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Words and `field=value`, for people.
    #[default]
    Text,
    /// One JSON object, for programs.
    Json,
}

#[cfg(test)]
mod tests {
    use super::LogFormat;
    use crate::settings::tests::{GOOD, settings};

    #[test]
    fn the_log_is_text_unless_the_file_or_the_environment_wants_json() {
        let format = |more: &str, environment: &[(&str, &str)]| {
            settings(&format!("{GOOD}{more}"), environment).map(|settings| settings.log_format)
        };
        assert_eq!(format("", &[]).unwrap(), LogFormat::Text);
        assert_eq!(format("[log]\nformat = \"json\"\n", &[]).unwrap(), LogFormat::Json);
        let environment = [("REPLY_IMPORT_LOG__FORMAT", "json"), ("REPLY_IMPORT_LOG", "debug")];
        assert_eq!(format("[log]\nformat = \"text\"\n", &environment).unwrap(), LogFormat::Json);
        let said = format("[log]\nformat = \"xml\"\n", &[]).unwrap_err().to_string();
        assert!(said.contains("log.format") && said.contains("json"), "{said}");
    }
}
