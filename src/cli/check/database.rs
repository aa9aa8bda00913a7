//! Whether the database can be used, and goes on to be.

use super::line::{Finding, Lines};
use crate::cli::connect;
use crate::settings::Settings;
use crate::store::{DatabaseFacts, Store, StoreError};
use anyhow::{Error, Result};
use bytesize::ByteSize;

/// With less room than this the database is red, with less than ten times as much it is noted; in octets.
const LEAST_ROOM: u64 = 100_000_000;

/// Says how the database stands, and gives it if it can be used.
pub(super) fn check(settings: &Settings, lines: &mut Lines) -> Result<Option<Store>> {
    let (found, store) = match opened(settings) {
        Ok((store, facts)) => (judged(&facts), Some(store)),
        Err(error) => (Finding::red(format!("{error:#}"), what_to_do(settings, &error)), None),
    };
    lines.find("database", &found)?;
    Ok(store)
}

fn opened(settings: &Settings) -> Result<(Store, DatabaseFacts)> {
    let store = connect::store_to_read(settings)?;
    let facts = store.facts()?;
    // Whoever may log in may not for that reason read the tables.
    store.status()?;
    Ok((store, facts))
}

fn what_to_do(settings: &Settings, error: &Error) -> &'static str {
    if matches!(error.downcast_ref(), Some(StoreError::ProgramTooOld { .. })) {
        "install the newer program; one that still runs goes on until it is restarted"
    } else if settings.database_url.starts_with("sqlite:") {
        "is there its folder, may this user read and write both, and is the disk not full? `reply-import migrate` makes a file that \
         is missing, and brings an older one up to date"
    } else {
        "is the server up, has it connections left (a worker takes 8), and may this user log in and own all tables (`psql` with \
         the same address)? `reply-import migrate` brings it up to date. Mail waits in the inbox meanwhile"
    }
}

fn judged(facts: &DatabaseFacts) -> Finding {
    let DatabaseFacts { version, size, free } = facts;
    let says = format!("{version}, up to date, {}", ByteSize(*size));
    let Some(free) = *free else { return Finding::green(says) };
    let says = format!("{says}, {} free", ByteSize(free));
    if free < LEAST_ROOM {
        Finding::red(says, "make room on its disk: without any, mail stays in the inbox and waits")
    } else if free < 10 * LEAST_ROOM {
        Finding::noted(format!("{says}: little room"))
    } else {
        Finding::green(says)
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, judged};
    use crate::store::DatabaseFacts;

    #[test]
    fn room_is_red_below_a_tenth_of_a_gigabyte_and_noted_below_one() {
        let found = |free| judged(&DatabaseFacts { version: "SQLite 3.40.1".to_owned(), size: 4_000_000, free });
        let says = |free: &str| format!("SQLite 3.40.1, up to date, 3.8 MiB, {free} free");
        assert_eq!(found(Some(1_000_000_000)), Finding::green(says("953.7 MiB")));
        assert_eq!(found(Some(999_999_999)), Finding::noted(format!("{}: little room", says("953.7 MiB"))));
        assert_eq!(found(Some(100_000_000)), Finding::noted(format!("{}: little room", says("95.4 MiB"))));
        let red = "make room on its disk: without any, mail stays in the inbox and waits";
        assert_eq!(found(Some(99_999_999)), Finding::red(says("95.4 MiB"), red));
        assert_eq!(
            found(None),
            Finding::green("SQLite 3.40.1, up to date, 3.8 MiB".to_owned()),
            "of a server nobody knows"
        );
    }
}
