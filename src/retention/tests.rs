//! When what is due, by the calendar.

use super::{ApplicationFacts, CountedFrom, Duty, Period, Reply, RetentionRules};
use crate::application::ApplicationState::{self, Hired, Open, Rejected, Withdrawn};
use crate::decision::ImportOutcome;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

const BERLIN: Tz = Tz::Europe__Berlin;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

fn rules() -> RetentionRules {
    RetentionRules {
        unassigned: Some(period("30d")),
        after_rejection: Some(period("180d")),
        after_withdrawal: Some(period("90d")),
        ..RetentionRules::default()
    }
}

fn application(state: ApplicationState, since: &str) -> ApplicationFacts {
    ApplicationFacts { state, state_since: time(since), replies: Vec::new(), is_held: false }
}

#[test]
fn a_period_ends_with_its_last_day_by_the_clock_on_the_wall() {
    for (length, clock, from, over) in [
        // The day of the event does not count.
        ("1d", BERLIN, "2026-03-02T09:00:00Z", "2026-03-03T23:00:00Z"),
        ("30d", BERLIN, "2026-01-01T09:00:00Z", "2026-01-31T23:00:00Z"),
        // Late in the evening here is the day before in Greenwich, and the day after further east.
        ("1d", BERLIN, "2026-03-02T23:30:00Z", "2026-03-04T23:00:00Z"),
        ("1d", Tz::Asia__Tokyo, "2026-03-02T15:30:00Z", "2026-03-04T15:00:00Z"),
        ("1d", Tz::America__New_York, "2026-03-02T04:30:00Z", "2026-03-03T05:00:00Z"),
        // Clocks go forward on 29 March and back on 25 October 2026.
        ("1d", BERLIN, "2026-03-28T11:00:00Z", "2026-03-29T22:00:00Z"),
        ("1d", BERLIN, "2026-10-24T11:00:00Z", "2026-10-25T23:00:00Z"),
        ("180d", BERLIN, "2026-01-10T11:00:00Z", "2026-07-09T22:00:00Z"),
        // The day after the last has no midnight: clocks went from 0:00 to 1:00 on 4 November 2018.
        ("1d", Tz::America__Sao_Paulo, "2018-11-02T15:00:00Z", "2018-11-04T03:00:00Z"),
        // Leap years.
        ("1d", BERLIN, "2028-02-28T11:00:00Z", "2028-02-29T23:00:00Z"),
        ("1d", BERLIN, "2027-02-27T11:00:00Z", "2027-02-28T23:00:00Z"),
        ("365d", BERLIN, "2027-12-31T11:00:00Z", "2028-12-30T23:00:00Z"),
        ("1 year", BERLIN, "2028-02-29T11:00:00Z", "2029-02-28T23:00:00Z"),
        // A month ends on the day of the same number, or on its last one.
        ("6 months", BERLIN, "2026-01-15T11:00:00Z", "2026-07-15T22:00:00Z"),
        ("1 month", BERLIN, "2026-01-31T11:00:00Z", "2026-02-28T23:00:00Z"),
        ("1 month", BERLIN, "2028-01-31T11:00:00Z", "2028-02-29T23:00:00Z"),
        ("6 months", BERLIN, "2026-08-31T11:00:00Z", "2027-02-28T23:00:00Z"),
        ("6w", BERLIN, "2026-01-01T09:00:00Z", "2026-02-12T23:00:00Z"),
        // An empty period is over at once.
        ("0d", BERLIN, "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
    ] {
        let end = period(length).over_at(time(from), clock);
        assert_eq!(end, time(over), "{length} from {from} in {clock}");
        assert!(period(length).began_by(end) >= time(from), "{length} from {from}: it would not be looked at");
    }
}

#[test]
fn what_is_no_period_is_said_so() {
    for text in ["", "30", "d", "30m", "-1d", "1.5d", "6 fortnights", "4000d", "11 years", "99999999999d", "４d"] {
        assert!(Period::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_due_of_an_application_follows_from_its_state() {
    let day = |n: i64| time("2026-01-10T11:00:00Z") + TimeDelta::days(n);
    let blocking = RetentionRules { block_after: Some(period("14d")), ..rules() };
    let at_once = RetentionRules { block_after: Some(period("0d")), ..rules() };
    for (rules, state, is_held, after, duty) in [
        (rules(), Rejected, false, 180, Duty::Keep),
        (rules(), Rejected, false, 181, Duty::Erase),
        (rules(), Rejected, true, 181, Duty::Block),
        (rules(), Rejected, true, 4000, Duty::Block),
        (rules(), Withdrawn, false, 90, Duty::Keep),
        (rules(), Withdrawn, false, 91, Duty::Erase),
        (rules(), Open, false, 4000, Duty::Keep),
        (rules(), Hired, false, 4000, Duty::Keep),
        (RetentionRules { after_hiring: Some(period("1 year")), ..rules() }, Hired, false, 366, Duty::Erase),
        (blocking, Rejected, false, 14, Duty::Keep),
        (blocking, Rejected, false, 15, Duty::Block),
        (blocking, Rejected, true, 15, Duty::Block),
        (blocking, Rejected, false, 181, Duty::Erase),
        (blocking, Open, false, 4000, Duty::Keep),
        (blocking, Hired, false, 4000, Duty::Keep),
        (at_once, Rejected, false, 0, Duty::Block),
        (RetentionRules::default(), Rejected, false, 4000, Duty::Keep),
    ] {
        let facts = ApplicationFacts { is_held, ..application(state, "2026-01-10T11:00:00Z") };
        assert_eq!(rules.duty(&facts, BERLIN, day(after)), duty, "{state:?}, held {is_held}, after {after} days");
    }
}

#[test]
fn a_state_that_is_open_again_ends_the_countdown_and_the_next_decision_begins_a_new_one() {
    let rejected = application(Rejected, "2026-01-10T11:00:00Z");
    let due = time("2026-07-10T11:00:00Z");
    assert_eq!(rules().duty(&rejected, BERLIN, due), Duty::Erase);
    assert_eq!(rules().duty(&application(Open, "2026-07-09T11:00:00Z"), BERLIN, due), Duty::Keep);
    assert_eq!(rules().duty(&application(Rejected, "2026-07-09T12:00:00Z"), BERLIN, due), Duty::Keep);
}

#[test]
fn the_last_contact_counts_where_the_tenant_chose_so() {
    let reply = |written: Option<&str>, received: &str| Reply { written: written.map(time), received: time(received) };
    let decided = "2026-01-10T11:00:00Z";
    let of_contact = RetentionRules { counted_from: CountedFrom::LastContact, ..rules() };
    for (replies, from) in [
        (vec![], decided),
        // A reply from before the decision changes nothing.
        (vec![reply(None, "2025-12-24T11:00:00Z")], decided),
        (vec![reply(None, "2026-02-01T11:00:00Z")], "2026-02-01T11:00:00Z"),
        // Forwarded late: the candidate's date counts.
        (vec![reply(Some("2026-01-20T11:00:00Z"), "2026-05-01T11:00:00Z")], "2026-01-20T11:00:00Z"),
        (vec![reply(Some("2025-01-20T11:00:00Z"), "2026-05-01T11:00:00Z")], decided),
        // Nobody writes after the mail came in.
        (vec![reply(Some("2099-01-01T00:00:00Z"), "2026-02-01T11:00:00Z")], "2026-02-01T11:00:00Z"),
        // The newest one counts.
        (vec![reply(None, "2026-03-01T11:00:00Z"), reply(None, "2026-02-01T11:00:00Z")], "2026-03-01T11:00:00Z"),
    ] {
        let facts = ApplicationFacts { replies, ..application(Rejected, decided) };
        let expected = period("180d").over_at(time(from), BERLIN);
        assert_eq!(of_contact.application_erased_at(&facts, BERLIN), Some(expected), "{facts:?}");
        let of_state = period("180d").over_at(time(decided), BERLIN);
        assert_eq!(rules().application_erased_at(&facts, BERLIN), Some(of_state), "{facts:?}");
    }
}

#[test]
fn a_reply_does_not_put_off_the_blocking() {
    let rules = RetentionRules { counted_from: CountedFrom::LastContact, block_after: Some(period("14d")), ..rules() };
    let late = Reply { written: None, received: time("2026-01-20T11:00:00Z") };
    let facts = ApplicationFacts { replies: vec![late], ..application(Rejected, "2026-01-10T11:00:00Z") };
    assert_eq!(rules.duty(&facts, BERLIN, time("2026-01-25T11:00:00Z")), Duty::Block);
}

#[test]
fn mail_that_belongs_to_no_application_goes_by_its_outcome() {
    let since = time("2026-01-01T09:00:00Z");
    let erased = |outcome| rules().mail_erased_at(outcome, since, BERLIN);
    assert_eq!(erased(ImportOutcome::Unassigned), Some(time("2026-01-31T23:00:00Z")));
    for outcome in [ImportOutcome::Imported, ImportOutcome::Repeated, ImportOutcome::Automatic, ImportOutcome::SetAside]
    {
        assert_eq!(erased(outcome), None, "{outcome}");
    }
    assert!(!rules().is_empty() && RetentionRules::default().is_empty());
    assert!(!RetentionRules { automatic: Some(period("1d")), ..RetentionRules::default() }.is_empty());
}
