//! What somebody typed about how long data are kept, and what they are told.

use crate::retention::{CountedFrom, Period, RetentionRules};
use crate::settings::tests::{GOOD, fault, settings};

fn of_tenant(text: &str) -> RetentionRules {
    settings(text, &[]).unwrap().tenants[0].retention
}

fn with(lines: &str) -> String {
    format!("{GOOD}[retention]\n{lines}")
}

#[test]
fn nothing_is_erased_by_time_unless_somebody_wrote_so() {
    assert!(of_tenant(GOOD).is_empty());
}

#[test]
fn what_is_written_for_all_counts_for_each_tenant_unless_it_has_its_own() {
    let all = with(
        "unassigned = \"30d\"\nafter_rejection = \"180d\"\nafter_withdrawal = \"3 months\"\n\
         counted_from = \"last_contact\"\nblock_after = \"0d\"",
    );
    let rules = of_tenant(&all);
    assert_eq!((rules.unassigned, rules.after_rejection), (Some(Period::Days(30)), Some(Period::Days(180))));
    assert_eq!((rules.after_withdrawal, rules.after_hiring), (Some(Period::Months(3)), None));
    assert_eq!((rules.counted_from, rules.block_after), (CountedFrom::LastContact, Some(Period::Days(0))));
    let own = "[tenant.retention]\nafter_rejection = \"7 months\"\nunassigned = \"never\"\ncounted_from = \"state\"\n";
    let own = of_tenant(&all.replacen("[[mailbox]]", &format!("{own}[[mailbox]]"), 1));
    assert_eq!((own.unassigned, own.after_rejection), (None, Some(Period::Months(7))));
    assert_eq!((own.after_withdrawal, own.counted_from), (Some(Period::Months(3)), CountedFrom::State));
    let environment = [("REPLY_IMPORT_RETENTION__UNASSIGNED", "8w")];
    let overridden = settings(&all, &environment).unwrap().tenants[0].retention.unassigned;
    assert_eq!(overridden, Some(Period::Days(56)));
}

#[test]
fn a_period_in_which_somebody_may_still_need_the_data_is_refused() {
    for (line, told) in [
        ("after_rejection = \"59d\"", "retention.after_rejection`: Rejected people may raise claims for two months"),
        ("after_rejection = \"1 month\"", "at least \"60d\""),
        ("unassigned = \"6d\"", "retention.unassigned`: A person must have the time"),
        ("set_aside = \"1d\"", "retention.set_aside`: A person must have the time"),
        ("automatic = \"0d\"", "retention.automatic`: Write at least \"1d\""),
        ("after_rejection = \"4000d\"", "longer than ten years"),
        ("after_rejection = \"half a year\"", "is no period; write for example"),
        ("counted_from = \"birth\"", "write one of state, last_contact"),
        ("after_rejected = \"180d\"", "did you mean `after_rejection`?"),
        ("block_after = \"0d\"", "retention.block_after`: Only what will be erased is blocked"),
        ("after_rejection = \"180d\"\nblock_after = \"180d\"", "After 180 days everything is erased already"),
    ] {
        let text = fault(&with(line));
        assert!(text.contains(told), "{line}: {text}");
    }
    let text = fault(&with("after_rejection = \"30d\"\nblock_after = \"0d\""));
    assert!(!text.contains("block_after"), "one fault, and what follows from it is none: {text}");
    let text = fault(&with("block_after = \"0d\""));
    assert!(!text.contains("tenant.0."), "the tenant says nothing of it: {text}");
    for line in [
        "after_rejection = \"60d\"",
        "after_rejection = \"2 months\"",
        "after_rejection = \"never\"",
        "unassigned = \"7d\"",
    ] {
        settings(&with(line), &[]).unwrap();
    }
    let own = GOOD.replacen("[[mailbox]]", "[tenant.retention]\nafter_rejection = \"1d\"\n[[mailbox]]", 1);
    assert!(fault(&own).contains("`tenant.0.retention.after_rejection`"), "{}", fault(&own));
}
