//! The log: to standard error, where journald picks it up.
//!
//! It is the program's own words only. Libraries log what they read – the HTML of a mail, whole commands and answers,
//! addresses – so that nothing of theirs is let through, at whatever level; what they fail at comes as an error. The text
//! of a panic may quote what was being read, too, and is let through only if it stands in the source as it is.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing::Metadata;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Where the program's own words come from.
const OWN: &str = "reply_import";

/// Starts the log. `REPLY_IMPORT_LOG` sets its level (`error`, `warn`, `info`, `debug`), `info` if it is not set.
pub(super) fn start() {
    let wanted = std::env::var("REPLY_IMPORT_LOG").unwrap_or_default();
    let mut filter = EnvFilter::builder().parse(&wanted).unwrap_or_default();
    if wanted.is_empty() || filter.to_string().is_empty() {
        filter = EnvFilter::new("info");
    }
    // Where journald listens it adds the time itself. What comes through the crate `log` is not listened to.
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let own = filter_fn(|from: &Metadata<'_>| is_own(from.target()));
    let started = if std::env::var_os("JOURNAL_STREAM").is_some() {
        tracing::subscriber::set_global_default(log.without_time().with_ansi(false).finish().with(own))
    } else {
        tracing::subscriber::set_global_default(log.with_ansi(std::io::stderr().is_terminal()).finish().with(own))
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(tell_panic));
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
    use super::is_own;

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
