//! Any bytes as a winmail.dat, as they are and with their checksums put right.
//!
//! Chance would find a right checksum once in 65,536 tries; without them nothing behind the first attribute is reached.

#![no_main]

mod reading;

/// Signature and key.
const HEAD: usize = 6;
/// Level, identifier and length.
const ATTRIBUTE_HEAD: usize = 9;

libfuzzer_sys::fuzz_target!(|container: &[u8]| {
    read_as_mail(container);
    read_as_mail(&with_right_checksums(container));
});

fn read_as_mail(container: &[u8]) {
    let head = b"From: recruiter@personal.example.com\nSubject: 2024-00123 Unterlagen\n\
        Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: binary\n\n";
    reading::read_and_check(&[head, container].concat());
}

fn with_right_checksums(container: &[u8]) -> Vec<u8> {
    let mut mended = container.to_vec();
    let signature = [0x78, 0x9f, 0x3e, 0x22];
    mended.iter_mut().zip(signature).for_each(|(octet, right)| *octet = right);
    let mut start = HEAD;
    while let Some(length) = mended.get(start + 5..start + ATTRIBUTE_HEAD) {
        let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
        let end = start + ATTRIBUTE_HEAD + length;
        let Some(data) = mended.get(start + ATTRIBUTE_HEAD..end) else { break };
        let sum = data.iter().fold(0u16, |sum, &octet| sum.wrapping_add(u16::from(octet)));
        let Some(checksum) = mended.get_mut(end..end + 2) else { break };
        checksum.copy_from_slice(&sum.to_le_bytes());
        start = end + 2;
    }
    mended
}
