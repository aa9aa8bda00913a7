//! How fast mails are understood, on one core: those of an office in MB/s, and those made to hurt in a series of sizes.
//!
//! `make bench`; words behind `cargo bench --bench understanding --` choose what is measured.

#![expect(clippy::print_stdout, reason = "it measures for a person who looks")]
#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measuring")]
#![expect(unreachable_pub, reason = "a program exports nothing")]

mod clock;
#[path = "../../tests/hostile/kinds.rs"]
mod kinds;
mod office;
mod series;

use reply_import::application::{EmailAddress, ReferenceShape};
use reply_import::mail::{Limits, ReadingRules};
use std::collections::HashSet;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let rules = rules();
    office::measure(&rules, &is_wanted);
    series::measure(&rules, &is_wanted);
}

fn rules() -> ReadingRules {
    ReadingRules {
        shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: vec!["personal.example.com".to_owned()],
        staff_addresses: HashSet::new(),
        own_addresses: vec![EmailAddress::parse("import@jobs.example.com").unwrap()],
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    }
}
