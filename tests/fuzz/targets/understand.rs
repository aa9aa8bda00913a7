//! Any bytes as a mail.

#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|mail: &[u8]| reading::read_and_check(mail));
