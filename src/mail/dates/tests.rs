//! Dates as mail programs print them, and what is no date.

use super::{DateRules, read};
use crate::mail::forward::languages::Language;

fn printed(text: &str, languages: &[Language]) -> Option<String> {
    let rules = DateRules { zone: chrono_tz::Europe::Berlin, languages };
    read(text, rules).map(|date| date.to_rfc3339())
}

/// 13 March 2024, 09:12, Berlin, as the programs of the world print it.
const MINUTES: [&str; 38] = [
    "keskiviikko 13. maaliskuuta 2024 9.12",
    "Mittwoch, den 13. März 2024, 9.12 Uhr",
    "Mittwoch, 13. März 2024 09:12",
    "Wednesday, March 13, 2024 9:12 AM",
    "13 March 2024 09:12",
    "mercredi 13 mars 2024 09:12",
    "miércoles, 13 de marzo de 2024 9:12",
    "mercoledì 13 marzo 2024 09:12",
    "woensdag 13 maart 2024 09:12",
    "środa, 13 marca 2024 09:12",
    "Mittwoch, 13. März 2024 um 09:12",
    "Wednesday, 13 March 2024 at 09:12",
    "Mi., 13. März 2024 um 09:12 Uhr",
    "Wed, Mar 13, 2024 at 9:12\u{202f}AM",
    "Wed, Mar 13, 2024 at 9:12 a.m.",
    "mer. 13 mars 2024 à 09:12",
    "mié, 13 mar 2024 a las 9:12",
    "mer 13 mar 2024 alle ore 09:12",
    "wo 13 mrt 2024 om 09:12",
    "śr., 13 mar 2024 o 09:12",
    "2024-03-13 09:12",
    "13.03.2024 09:12",
    "13.03.24  09:12  (GMT+01:00)",
    "Mittwoch, März 13, 2024 09:12 CET",
    "13.03.2024 09:12 CET",
    "03/13/2024 9:12 AM CET",
    "13/03/2024, 09:12",
    "13-03-2024 09:12",
    "středa 13. března 2024 9:12",
    "st 13. 3. 2024 v 9:12",
    "2024. március 13., szerda 9:12",
    "miercuri, 13 martie 2024 09:12",
    "13. ožujka 2024. 09:12",
    "onsdag den 13. marts 2024 kl. 09.12",
    "keskiviikko 13. maaliskuuta 2024 klo 9.12",
    "13 Mart 2024 Çarşamba 09:12",
    "среда, 13 марта 2024 г. 9:12",
    "2024年3月13日 9:12",
];

/// The same with seconds.
const SECONDS: [&str; 14] = [
    "13. März 2024 um 09:12:08 MEZ",
    "March 13, 2024 at 9:12:08 AM GMT+1",
    "13 mars 2024 à 09:12:08 UTC+1",
    "Wed, 13 Mar 2024 09:12:08 +0100",
    "Wed, 13 Mar 2024 09:12:08 +0100 (CET)",
    "2024-03-13T09:12:08+0100",
    "2024-03-13T08:12:08Z",
    "Mittwoch, 13. März 2024 um 09:12:08 MEZ",
    "Mittwoch, 13. März 2024, 09:12:08 +0100",
    "13.03.2024 09:12:08",
    "Wed, 13 Mar 2024 03:12:08 EST",
    "13 Mar 24 08:12:08 GMT",
    "Mo, 13 Mrz 2024 09:12:08 MEZ",
    "13 березня 2024 р. 09:12:08",
];

#[test]
fn every_printed_form_gives_the_same_instant() {
    let utc = |text: &str| {
        let rules = DateRules { zone: chrono_tz::Europe::Berlin, languages: &[] };
        read(text, rules).map(|date| date.to_utc().to_rfc3339())
    };
    for text in MINUTES {
        assert_eq!(utc(text).as_deref(), Some("2024-03-13T08:12:00+00:00"), "{text}");
    }
    for text in SECONDS {
        assert_eq!(utc(text).as_deref(), Some("2024-03-13T08:12:08+00:00"), "{text}");
    }
}

#[test]
fn what_is_incomplete_or_impossible_is_unknown() {
    for text in [
        "",
        "neulich am Vormittag",
        "gestern um 09:12",
        "13. März 2024",
        "32. März 2024 09:12",
        "30.02.2024 09:12",
        "13.03.2024 25:12",
        "Wed, 13 Mar 2024 09:12:08 +9900",
        "Wed, 13 Mar 2024 09:12:08 +0160",
        "Wed, 13 Mar 2024 09:12:08 -1430",
        "13.03.2024 09:12 +99:2147483647",
        "13.03.2024 09:12 +01:71582848",
        "13.03.2024 09:12 GMT-01:60",
        "13.03.2024 09:12 GMT+99",
        "13. Foo 2024 09:12",
        "99999999999999999999:12",
    ] {
        assert_eq!(printed(text, &[]), None, "{text}");
    }
}

#[test]
fn slashes_are_day_first_unless_the_labels_are_english() {
    assert_eq!(printed("03/04/2024 09:12", &[]).as_deref(), Some("2024-04-03T09:12:00+02:00"));
    assert_eq!(printed("03/04/2024 09:12", &[Language::English]).as_deref(), Some("2024-03-04T09:12:00+01:00"));
}

#[test]
fn a_month_name_of_two_meanings_goes_by_the_labels() {
    assert_eq!(
        printed("5. listopada 2024. 09:12", &[Language::Croatian]).as_deref(),
        Some("2024-10-05T09:12:00+02:00")
    );
    assert_eq!(printed("5 listopada 2024 09:12", &[Language::Polish]).as_deref(), Some("2024-11-05T09:12:00+01:00"));
}

#[test]
fn a_weekday_that_looks_like_a_month_is_none() {
    assert_eq!(printed("mar 12 nov 2024 alle ore 09:12", &[]).as_deref(), Some("2024-11-12T09:12:00+01:00"));
}

#[test]
fn a_weekday_behind_the_day_is_no_month_where_the_year_leads() {
    for (text, right) in [
        ("2024. márc. 13., Sze, 9:12", "2024-03-13T09:12:00+01:00"),
        ("2024. jún. 12., Sze 9:12", "2024-06-12T09:12:00+02:00"),
        ("2024 m. kovo 13 d., trečiadienis 09:12", "2024-03-13T09:12:00+01:00"),
        ("2024. gada 13. marts 09:12", "2024-03-13T09:12:00+01:00"),
        ("trešd., 2024. g. 13. marts, plkst. 09:12", "2024-03-13T09:12:00+01:00"),
    ] {
        assert_eq!(printed(text, &[]).as_deref(), Some(right), "{text}");
    }
    assert_eq!(printed("2024. foo 13., Sze, 9:12", &[]), None);
}

#[test]
fn the_weekday_decides_between_months_of_one_name() {
    const OF_OD: [Language; 4] = [Language::English, Language::Polish, Language::Czech, Language::Croatian];
    for (text, right) in [
        ("sri, 9. lis 2024. u 09:12", "2024-10-09T09:12:00+02:00"),
        ("sub., 9 lis 2024 o 09:12", "2024-11-09T09:12:00+01:00"),
        ("sob., 9 lis 2024 o 09:12", "2024-11-09T09:12:00+01:00"),
        ("sri, 12. lip 2024. u 09:12", "2024-06-12T09:12:00+02:00"),
        ("pt., 12 lip 2024 o 09:12", "2024-07-12T09:12:00+02:00"),
        ("sri, 10. srp 2024. u 09:12", "2024-07-10T09:12:00+02:00"),
        ("st 14. srp 2024 v 9:12", "2024-08-14T09:12:00+02:00"),
        ("Sat, 9 lis 2024 09:12", "2024-11-09T09:12:00+01:00"),
        ("31. lip 2024 09:12", "2024-07-31T09:12:00+02:00"),
    ] {
        let right = (!text.starts_with("sub")).then_some(right);
        assert_eq!(printed(text, &OF_OD).as_deref(), right, "{text}");
        assert_eq!(printed(text, &[]).as_deref(), right, "{text}");
    }
    for undecided in ["9. lis 2024 09:12", "12 lip 2024 09:12", "čtvrtek 9. lis 2024 09:12", "5 čer 2024 09:12"] {
        assert_eq!(printed(undecided, &OF_OD), None, "{undecided}");
    }
}

#[test]
fn ordinals_are_days() {
    for text in [
        "vendredi 1er mars 2024 10:00",
        "1º de março de 2024 10:00",
        "1.º de marzo de 2024 10:00",
        "March 1st, 2024 10:00",
    ] {
        assert_eq!(printed(text, &[]).as_deref(), Some("2024-03-01T10:00:00+01:00"), "{text}");
    }
    assert_eq!(printed("dl., 5 d’ag. 2024, 9:12", &[]).as_deref(), Some("2024-08-05T09:12:00+02:00"));
}

#[test]
fn a_time_with_points_has_seconds_and_a_zone() {
    for (text, right) in [
        ("13. marts 2024 kl. 09.12.08 GMT+3", "2024-03-13T09:12:08+03:00"),
        ("13. maaliskuuta 2024 klo 9.12.08 UTC+2", "2024-03-13T09:12:08+02:00"),
        ("13. maaliskuuta 2024 9.12.08", "2024-03-13T09:12:08+01:00"),
        ("13.3.24 9.12.08 Uhr", "2024-03-13T09:12:08+01:00"),
        ("13. marts 2024 kl. 09.12.", "2024-03-13T09:12:00+01:00"),
        ("kl. 09.12 13.03.2024", "2024-03-13T09:12:00+01:00"),
        ("kl. 09.12. 13.03.2024", "2024-03-13T09:12:00+01:00"),
    ] {
        assert_eq!(printed(text, &[]).as_deref(), Some(right), "{text}");
    }
}

#[test]
fn zones_of_other_continents_are_known_and_unknown_ones_are_no_local_time() {
    for (zone, offset) in [
        ("AEDT", "+11:00"),
        ("ACST", "+09:30"),
        ("NZDT", "+13:00"),
        ("HAE", "-04:00"),
        ("HNE", "-05:00"),
        ("HAP", "-07:00"),
        ("(WEZ)", "+00:00"),
        ("UTC", "+00:00"),
        ("gmt", "+00:00"),
        ("XST+0300", "+03:00"),
        ("CEDT", "+02:00"),
        ("ZE2", "+02:00"),
        ("ZW5", "-05:00"),
    ] {
        let right = format!("2024-03-13T09:12:08{offset}");
        assert_eq!(printed(&format!("13 March 2024 at 09:12:08 {zone}"), &[]), Some(right), "{zone}");
    }
    for zone in ["XST", "(XST)", "AM XST", "UHR QST", "ET", "ZE", "ZE5B", "ZE15"] {
        assert_eq!(printed(&format!("13 March 2024 at 9:12:08 {zone}"), &[]), None, "{zone}");
    }
    for no_zone in ["Uhr", "UHR", "WED", "MI", "Xst", "har", "est", "HRS", "h", "DONNERSTAG", "AM", "UUR", "HOURS"] {
        let right = "2024-03-13T09:12:08+01:00";
        assert_eq!(printed(&format!("13 March 2024 at 9:12:08 {no_zone}"), &[]).as_deref(), Some(right), "{no_zone}");
    }
    assert_eq!(printed("09:12 MEIN 13. MÄRZ 2024", &[]).as_deref(), Some("2024-03-13T09:12:00+01:00"));
}

#[test]
fn noon_and_midnight_are_told_apart() {
    assert_eq!(printed("March 13, 2024 12:05 AM", &[]).as_deref(), Some("2024-03-13T00:05:00+01:00"));
    for text in
        ["Τετ 13 Μαρ 2024 στις 9:12 μ.μ.", "13 Μαρ 2024 9:12 μμ", "13 March 2024 9:12 p. m.", "13.03.2024 9:12 p.m."]
    {
        assert_eq!(printed(text, &[]).as_deref(), Some("2024-03-13T21:12:00+01:00"), "{text}");
    }
    assert_eq!(printed("13 Μαρ 2024 9:12 π.μ.", &[]).as_deref(), Some("2024-03-13T09:12:00+01:00"));
    assert_eq!(printed("March 13, 2024 12:05 PM", &[]).as_deref(), Some("2024-03-13T12:05:00+01:00"));
}

#[test]
fn the_clock_of_the_tenant_knows_summer() {
    assert_eq!(printed("13.07.2024 09:12", &[]).as_deref(), Some("2024-07-13T09:12:00+02:00"));
    assert_eq!(printed("31.03.2024 02:30", &[]).as_deref(), Some("2024-03-31T03:30:00+02:00"));
}
