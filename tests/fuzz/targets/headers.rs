//! Any bytes as the values of the fields that are decoded: encoded words in subject and sender, parameters of types and
//! dispositions. Empty lines in the input part one value from the next.

#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut values = parted_by_empty_lines(input).into_iter();
    let mut next = || values.next().unwrap_or_default();
    let mail = [
        b"Subject: ",
        next(),
        b"\nFrom: ",
        next(),
        b"\nDate: ",
        next(),
        b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: ",
        next(),
        b"\nContent-Disposition: ",
        next(),
        b"\n\nInhalt\n--b--\n",
    ];
    reading::read_and_check(&mail.concat());
});

fn parted_by_empty_lines(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut values = Vec::new();
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\n\n") {
        values.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    values.push(rest);
    values
}
