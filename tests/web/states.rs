//! The administrators' page: how the service stands, and nothing of what mails say.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

use crate::browser::Browser;
use crate::harness::calm_zone_at;
use crate::house::house;
use crate::mails::forward;
use crate::pages::looks_good;

#[test]
fn administrators_see_how_the_service_stands_and_no_content() {
    let house = house();
    house.import(&forward("482137 Geheime Unterlagen").pdf("Lebenslauf.pdf"));
    house.import(&forward("482999 Keine Nummer von hier"));
    house.import_to("import2", &forward("999111 Von anderswo"));
    house.inbox("karl", 1);
    // What a server may say of a mail that it refuses.
    house.execute(
        "INSERT INTO outbox (tenant_id, occasion, address, language, facts, message_key, state, attempts, created_at, \
         due_at, failed_at, last_error) SELECT tenant_id, 'waiting_digest', 'karl@example.test', 'de', facts, \
         'made-up', 'failed', 1, created_at, due_at, created_at, \
         'The SMTP server answered 554: 5.7.1 Geheime Unterlagen (Erika Beispiel)' FROM outbox ORDER BY id LIMIT 1",
    );
    let browser = Browser::start(house.port());
    let session = browser.session();
    house.sign_in(&session, "adam");
    session.wait_for_address(&house.at("/states"));
    assert_eq!(session.text("h1"), "Systemstatus");
    assert_eq!(session.texts("header nav a"), ["Systemstatus"]);
    assert_eq!(session.attribute("header nav a", "aria-current").as_deref(), Some("page"));
    let text = session.page_text();
    for wanted in
        ["import@example.test", "In Ordnung.", "1 aufgegeben", "karl@example.test", "554 5.7.1", "nimmt sie nicht an"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    for unwanted in [
        "import2",
        "Erika",
        "erika@",
        "Beispiel",
        "Unterlagen",
        "Keine Nummer",
        "482",
        "Lagerist",
        "Lebenslauf",
        "999111",
    ] {
        assert!(!text.contains(unwanted), "{unwanted} in {text}");
    }
    let rows = session.texts(".counts tbody tr");
    let row = |word: &str| rows.iter().find(|row| row.starts_with(word)).unwrap_or_else(|| panic!("{rows:?}")).clone();
    assert_eq!(row("importiert").split_whitespace().skip(1).collect::<Vec<_>>(), ["1", "1", "1"], "today, week, all");
    assert_eq!(row("nicht zugeordnet").split_whitespace().skip(2).collect::<Vec<_>>(), ["1", "1", "1"]);
    looks_good(&session);
    // A mailbox that is not looked at any more, and one whose round failed.
    house.execute("UPDATE mailboxes SET address = 'former@example.test' WHERE address = 'import@example.test'");
    session.open_page(&house.at("/states"));
    assert!(session.page_text().contains("Steht nicht mehr in den Einstellungen"), "{}", session.page_text());
    looks_good(&session);

    for user in ["ruth", "rita", "karl", "vera"] {
        session.forget_cookies();
        house.sign_in(&session, user);
        session.wait_for_address(&house.at("/applications"));
        assert_eq!(session.count("header nav a[href='/states']"), 0, "{user}");
        session.open_page(&house.at("/states"));
        assert!(
            ["Kein Zugriff", "No access"].contains(&session.text("h1").as_str()),
            "{user}: {}",
            session.page_text()
        );
    }
    assert_eq!(browser.requests().strangers(), []);
}

/// What is counted by days here, and asked once a day, is so counted in one day.
#[test]
fn no_midnight_is_near_where_these_tests_are() {
    for hour in 0..24 {
        for month in [1, 7] {
            let now = Utc.with_ymd_and_hms(2026, month, 1, hour, 59, 59).unwrap();
            let soon = now + TimeDelta::hours(2);
            let day = |time: DateTime<Utc>| time.with_timezone(&calm_zone_at(now)).date_naive();
            assert_eq!(day(now), day(soon), "{now}");
        }
    }
}
