//! A large office: whom it has, what its numbers look like, and which applications are asked for.

use chrono::{DateTime, Utc};
use reply_import::application::{EmailAddress, ReferenceNumber, ReferenceShape};

pub const SHAPE: &str = "{6-8}";
pub const OFFICE: &str = "office";

/// How much each tenant has.
pub struct Tenant {
    pub name: &'static str,
    pub applications: usize,
    pub entries: usize,
}

pub const TENANTS: [Tenant; 2] = [
    Tenant { name: OFFICE, applications: 90_000, entries: 270_000 },
    Tenant { name: "branch", applications: 10_000, entries: 30_000 },
];

/// Which application of the office has 200 entries with 500 files, and one that has a usual number of them.
pub const LARGE: usize = 45_000;
pub const SMALL: usize = 45_001;

/// Users of departments; each application has one who is responsible for it.
pub const DEPARTMENTS: usize = 200;

pub const PERSONALMANAGER: &str = "ruth@office.example";
pub const FACHBEREICH: &str = "department7@office.example";

/// The number of an application: not in the order in which they came.
pub fn number(n: usize) -> String {
    format!("{}", 100_000 + n * 48_271 % 900_000)
}

pub fn read_number(number: &str) -> ReferenceNumber {
    ReferenceShape::parse(SHAPE).unwrap().read_whole(number).unwrap()
}

pub fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub fn now() -> DateTime<Utc> {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}
