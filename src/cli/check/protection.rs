//! How the connection to a server is protected, and how long its certificate lasts.

use super::line::{Finding, Lines};
use crate::certificate::{self, DUE_DAYS, Seen, Speaks};
use crate::settings::{Server, Tls};
use anyhow::Result;

/// One that has ended is red, one that is due noted.
pub(super) async fn say_protection(about: &str, server: &Server, speaks: Speaks, lines: &mut Lines) -> Result<()> {
    if server.tls == Tls::None {
        return Ok(());
    }
    let about = format!("{about}, certificate of {}:{}", server.host, server.port);
    let server = server.clone();
    match tokio::task::spawn_blocking(move || certificate::look(&server, speaks)).await? {
        Ok(None) => Ok(()),
        Ok(Some(seen)) => lines.find(&about, &judged(&seen)),
        Err(error) => lines.fail(
            &about,
            &format!("{error:#}"),
            "are `host`, `port` and `tls` those of the server? Does a firewall let this machine through?",
        ),
    }
}

fn judged(seen: &Seen) -> Finding {
    let Seen { version, days_left } = seen;
    match *days_left {
        ..0 => Finding::red(
            format!("{version}, it has ended {}", ago(-(days_left + 1))),
            "whoever runs the server must put a new one in; until then the service does not connect, and mail waits there",
        ),
        0 => {
            Finding::noted(format!("{version}, it ends within a day: whoever runs the server should put a new one in"))
        }
        1..DUE_DAYS => Finding::noted(format!(
            "{version}, it ends in {}: whoever runs the server should put a new one in",
            days(*days_left)
        )),
        _ => Finding::green(format!("{version}, {} left", days(*days_left))),
    }
}

fn ago(days_ago: i32) -> String {
    if days_ago == 0 { "within the last day".to_owned() } else { format!("{} ago", days(days_ago)) }
}

fn days(number: i32) -> String {
    if number == 1 { "1 day".to_owned() } else { format!("{number} days") }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Seen, judged};

    #[test]
    fn a_certificate_that_ended_is_red_and_one_that_ends_within_two_weeks_is_noted() {
        let found = |days_left| judged(&Seen { version: "TLSv1.3".to_owned(), days_left });
        assert_eq!(found(90), Finding::green("TLSv1.3, 90 days left".to_owned()));
        assert_eq!(found(14), Finding::green("TLSv1.3, 14 days left".to_owned()));
        let soon = "whoever runs the server should put a new one in";
        assert_eq!(found(13), Finding::noted(format!("TLSv1.3, it ends in 13 days: {soon}")));
        assert_eq!(found(1), Finding::noted(format!("TLSv1.3, it ends in 1 day: {soon}")));
        assert_eq!(found(0), Finding::noted(format!("TLSv1.3, it ends within a day: {soon}")));
        let red = "whoever runs the server must put a new one in; until then the service does not connect, and mail waits there";
        assert_eq!(found(-1), Finding::red("TLSv1.3, it has ended within the last day".to_owned(), red));
        assert_eq!(found(-11), Finding::red("TLSv1.3, it has ended 10 days ago".to_owned(), red));
    }
}
