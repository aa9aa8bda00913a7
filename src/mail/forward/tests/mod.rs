//! A forward for every program and language, put together from what the programs print.

use super::{Found, Surroundings, find};
use crate::application::{EmailAddress, ReferenceShape};
use crate::mail::{Limits, ReadingRules};
use std::collections::HashSet;

mod cases;
mod programs;
mod unlabelled;

/// The rules that the tests read under.
fn rules() -> ReadingRules {
    ReadingRules {
        shapes: vec![ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: vec!["firma.example".to_owned()],
        staff_addresses: HashSet::from([EmailAddress::parse("chef@zuhause.example").unwrap()]),
        own_addresses: Vec::new(),
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    }
}

fn found_in(text: &str) -> Option<Found> {
    let rules = rules();
    let surroundings =
        Surroundings { rules: &rules, forwarder_name: Some("Ruth Muster"), subject: "WG: Stelle", landmarks: &[] };
    find(text, &surroundings)
}
