//! Very much mail at once: few people are told, in few mails, and nothing piles up in memory.

#![expect(clippy::print_stdout, reason = "a measurement is read by the person who runs it")]

use crate::harness::wait_for;
use crate::house::{House, builder};
use crate::mails::forward;
use std::fs;
use std::time::{Duration, Instant};

/// Longer than the flood takes, even on a busy machine.
const LONG: Duration = Duration::from_mins(15);

/// What the process may need more than after the first part of the flood, in KiB.
const GROWTH: u64 = 40 * 1024;

#[test]
fn a_flood_is_a_few_mails_to_each() {
    flood(1_000, 100);
}

#[test]
#[ignore = "takes minutes"]
fn a_large_flood_is_a_few_mails_to_each() {
    flood(10_000, 500);
}

/// So many automatic mails and so many forwards without a number, all from Ruth.
fn flood(automatic: usize, refused: usize) {
    let house = builder().mailbox("poll_interval = \"1s\"").build();
    house.service.set_settings(&format!("{}\n[notify]\ndigest_after = 5\n", house.settings()));
    let mut service = house.service.run();
    let (begin, part) = (Instant::now(), 10);
    arrive(&house, automatic / part, refused / part);
    processed(&house, automatic / part, refused / part);
    let before = most_memory(service.process_id());
    arrive(&house, automatic - automatic / part, refused - refused / part);
    processed(&house, automatic, refused);
    let office = house.notifications("office", 5);
    wait_for("the others to be held", LONG, || {
        (house.status()["outbox"]["pending"].as_u64() == Some(refused as u64 - 5)).then_some(())
    });
    println!("{automatic} automatic, {refused} refused: {:?}", begin.elapsed());
    assert_eq!(office.len(), 5, "singly");
    assert_eq!(house.notifications("ruth", 1).len(), 1, "one answer for the reason and the day");
    house.execute("UPDATE outbox SET due_at = created_at WHERE held");
    let office = house.notifications("office", 6);
    wait_for("all to be settled", LONG, || (house.status()["outbox"]["pending"] == 0).then_some(()));
    let after = most_memory(service.process_id());
    println!("most memory: {before} KiB after the first tenth, {after} KiB after all");
    assert!(after <= before + GROWTH, "{before} KiB, then {after} KiB");
    assert_eq!((office.len(), house.dovecot.messages("ruth", "INBOX").len()), (6, 1));
    let told = format!("{} ", refused - 5);
    assert!(office[5].contains("hier zusammengefasst") && office[5].contains(&told), "{}", office[5]);
    assert!(office[5].len() < 64 * 1024, "{} octets", office[5].len());
    service.terminate();
    assert_eq!(service.wait(LONG).unwrap().code, Some(0));
}

fn arrive(house: &House, automatic: usize, refused: usize) {
    for n in 0..automatic {
        let mail = forward(&format!("Abwesend {n}")).header("Auto-Submitted", "auto-replied");
        house.deliver(&mail);
    }
    for n in 0..refused {
        house.deliver(&forward(&format!("Unterlagen ohne Nummer ({n})")));
    }
}

fn processed(house: &House, automatic: usize, refused: usize) {
    wait_for("the mail to be processed", LONG, || {
        let outcomes = &house.status()["outcomes"];
        let number = |outcome: &str| outcomes[outcome].as_u64().unwrap_or_default();
        (number("automatic") == automatic as u64 && number("unassigned") == refused as u64).then_some(())
    });
}

/// The most memory that the process ever had, in KiB.
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    most.trim().trim_end_matches(" kB").parse().unwrap()
}
