//! The log: to standard error, where journald picks it up.
//!
//! It is the program's own words only. Libraries log what they read – the HTML of a mail, whole commands and answers,
//! addresses – so that nothing of theirs is let through, at whatever level; what they fail at comes as an error. The text
//! of a panic may quote what was being read, too, and is let through only if it stands in the source as it is.

use crate::settings::LogFormat;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, fmt};

/// Where the program's own words come from.
const OWN: &str = "reply_import";

/// Starts the log. `REPLY_IMPORT_LOG` sets its level (`error`, `warn`, `info`, `debug`), `info` if it is not set or is none.
pub(super) fn start(format: LogFormat) {
    let wanted = std::env::var("REPLY_IMPORT_LOG").unwrap_or_default();
    let filter = filter(wanted.trim());
    let is_understood = wanted.trim().is_empty() || filter.is_some();
    let log = fmt()
        .with_env_filter(filter.unwrap_or_else(|| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .with_target(false);
    let is_journal = std::env::var_os("JOURNAL_STREAM").is_some();
    let has_started = match format {
        // Where journald listens it adds the time itself.
        LogFormat::Text if is_journal => {
            begin(log.without_time().with_ansi(false).map_event_format(WithPriority).finish())
        }
        LogFormat::Text => begin(log.with_ansi(std::io::stderr().is_terminal()).finish()),
        LogFormat::Json => {
            let log = log.json().flatten_event(true).with_current_span(false).with_span_list(false).with_ansi(false);
            if is_journal { begin(log.map_event_format(WithPriority).finish()) } else { begin(log.finish()) }
        }
    };
    if has_started {
        std::panic::set_hook(Box::new(tell_panic));
    }
    if !is_understood {
        tracing::warn!(
            wanted,
            "REPLY_IMPORT_LOG is no level: write error, warn, info or debug. The log is that of info"
        );
    }
}

/// What is wanted, if each word of it is a level, or a level for a part of the program (`reply_import::imap=debug`). Any other
/// word would be taken for the name of a part, and all else would fall silent.
fn filter(wanted: &str) -> Option<EnvFilter> {
    let level_of = |word: &str| word.rsplit('=').next().is_some_and(|level| level.parse::<LevelFilter>().is_ok());
    let is_level = !wanted.is_empty() && wanted.split(',').all(level_of);
    EnvFilter::builder().parse(wanted).ok().filter(|_| is_level)
}

/// What comes through the crate `log` is not listened to.
fn begin(log: impl Subscriber + Send + Sync + for<'a> LookupSpan<'a>) -> bool {
    let own = filter_fn(|from: &Metadata<'_>| is_own(from.target()));
    tracing::subscriber::set_global_default(log.with(own)).is_ok()
}

/// Begins each line with its level as syslog counts it, which journald takes off and keeps (sd-daemon(3)): hence
/// `journalctl -p warning`.
struct WithPriority<F>(F);

impl<S, N, F> FormatEvent<S, N> for WithPriority<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let priority = match *event.metadata().level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            Level::DEBUG | Level::TRACE => 7,
        };
        write!(writer, "<{priority}>")?;
        self.0.format_event(context, writer, event)
    }
}

fn is_own(target: &str) -> bool {
    target.split("::").next() == Some(OWN)
}

fn tell_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    // A text that was put together while the program ran is no constant.
    let why = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("its text may quote a mail: left out");
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!(place, why, "The program panicked\n{backtrace}");
    } else {
        tracing::error!(place, why, "The program panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::{filter, is_own};

    #[test]
    fn a_word_that_is_no_level_silences_nothing() {
        let read = |wanted: &str| filter(wanted).map(|filter| filter.to_string());
        for (wanted, level) in
            [("debug", "debug"), ("WARN", "warn"), ("info,reply_import::imap=debug", "reply_import::imap=debug,info")]
        {
            assert_eq!(read(wanted).as_deref(), Some(level), "{wanted}");
        }
        for wanted in ["", "warning", "verbose", "reply_import", "info,imap", "info debug"] {
            assert_eq!(read(wanted), None, "{wanted}");
        }
    }

    #[test]
    fn only_the_programs_own_words_are_let_through() {
        for (target, is) in [
            ("reply_import", true),
            ("reply_import::import::path", true),
            ("reply_imported", false),
            ("html5ever::tree_builder", false),
            ("log", false),
        ] {
            assert_eq!(is_own(target), is, "{target}");
        }
    }
}
