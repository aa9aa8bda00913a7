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
mod rules;
mod series;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let rules = rules::rules();
    office::measure(&rules, &is_wanted);
    series::measure(&rules, &is_wanted);
}
