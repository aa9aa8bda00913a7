//! How an office has its mail read.

use reply_import::application::{EmailAddress, ReferenceShape};
use reply_import::mail::{Limits, ReadingRules};
use std::collections::HashSet;

pub fn rules() -> ReadingRules {
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
