//! Containers as Outlook writes them, whole and damaged.

use super::{ATTACH_BEGIN, ATTACH_DATA, ATTACH_PROPERTIES, ATTACH_TITLE, MESSAGE_PROPERTIES, SIGNATURE, read};

fn attribute(id: u32, data: &[u8]) -> Vec<u8> {
    let sum = data.iter().fold(0u16, |sum, &octet| sum.wrapping_add(u16::from(octet)));
    let length = u32::try_from(data.len()).unwrap();
    [&[2], &id.to_le_bytes()[..], &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
}

fn long_name(name: &str) -> Vec<u8> {
    let mut value: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u32::try_from(value.len()).unwrap();
    value.resize(value.len().next_multiple_of(4), 0);
    [&1u32.to_le_bytes()[..], &[0x1f, 0, 0x07, 0x37], &1u32.to_le_bytes(), &length.to_le_bytes(), &value].concat()
}

fn container() -> Vec<u8> {
    [
        SIGNATURE.to_le_bytes().to_vec(),
        vec![1, 0],
        attribute(ATTACH_BEGIN, &[0; 14]),
        attribute(ATTACH_TITLE, b"LEBENS~1.PDF\0"),
        attribute(ATTACH_DATA, b"%PDF-1.4"),
        attribute(ATTACH_PROPERTIES, &long_name("Lebenslauf Müller.pdf")),
        attribute(ATTACH_BEGIN, &[0; 14]),
        attribute(ATTACH_TITLE, b"zwei.txt\0"),
        attribute(ATTACH_DATA, b"zwei"),
    ]
    .concat()
}

#[test]
fn files_come_out_under_their_long_names() {
    let files = read(&container()).unwrap().files;
    let names: Vec<_> = files.iter().map(|file| file.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Lebenslauf Müller.pdf", "zwei.txt"]);
    assert_eq!(files[0].content, b"%PDF-1.4");
}

fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap();
    let mut padded = value.to_vec();
    padded.resize(value.len().next_multiple_of(4), 0);
    [&kind.to_le_bytes()[..], &id.to_le_bytes(), &1u32.to_le_bytes(), &length.to_le_bytes(), &padded].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_mail_embedded_in_the_container_is_a_mail_of_its_own() {
    // 2024-03-13 08:12 UTC in tenths of microseconds since 1601.
    let submitted = [&0x40u16.to_le_bytes()[..], &0x0039u16.to_le_bytes(), &133_547_911_200_000_000u64.to_le_bytes()];
    let properties = [
        4u32.to_le_bytes().to_vec(),
        property(0x1f, 0x0042, &wide("Erika Beispiel")),
        property(0x1f, 0x0065, &wide("erika@example.org")),
        submitted.concat(),
        property(0x1f, 0x1000, &wide("Guten Tag")),
    ];
    let inner =
        [SIGNATURE.to_le_bytes().to_vec(), vec![1, 0], attribute(MESSAGE_PROPERTIES, &properties.concat())].concat();
    let object = property(0x0d, 0x3701, &[&[0; 16][..], &inner].concat());
    let outer = [
        SIGNATURE.to_le_bytes().to_vec(),
        vec![1, 0],
        attribute(ATTACH_BEGIN, &[0; 14]),
        attribute(ATTACH_PROPERTIES, &[&1u32.to_le_bytes()[..], &object].concat()),
    ];
    let unpacked = read(&outer.concat()).unwrap();
    let mail = unpacked.mails.first().unwrap();
    assert_eq!(
        mail.head.from.address.as_ref().map(crate::application::EmailAddress::as_str),
        Some("erika@example.org")
    );
    assert_eq!(mail.head.date.as_deref(), Some("Wed, 13 Mar 2024 08:12:00 +0000"));
    assert_eq!((mail.text.as_deref(), unpacked.text, unpacked.files.len()), (Some("Guten Tag"), None, 0));
}

#[test]
fn a_container_cut_anywhere_inside_an_attribute_is_damaged() {
    let whole = container();
    assert!(read(&whole[..whole.len() - 1]).is_none());
    for end in 0..whole.len() {
        let _ = read(&whole[..end]);
    }
}

#[test]
fn a_flipped_bit_is_damage_of_its_file_alone() {
    let mut bytes = container();
    let at = bytes.windows(4).position(|window| window == b"%PDF").unwrap();
    bytes[at] ^= 1;
    let unpacked = read(&bytes).unwrap();
    let damaged: Vec<_> = unpacked.files.iter().map(|file| (file.name.as_deref().unwrap(), file.damaged)).collect();
    assert_eq!(damaged, [("Lebenslauf Müller.pdf", true), ("zwei.txt", false)]);
    assert!(!unpacked.damaged);
}

#[test]
fn a_text_that_is_rich_text_alone_is_read() {
    let rich = b"{\\rtf1\\ansi\\ansicpg1252 Sch\\'f6ne Gr\\'fc\\'dfe\\par}";
    let size = u32::try_from(rich.len()).unwrap();
    let mut value = [&(size + 12).to_le_bytes()[..], &size.to_le_bytes(), b"MELA", &[0; 4], rich].concat();
    let length = u32::try_from(value.len()).unwrap();
    value.resize(value.len().next_multiple_of(4), 0);
    let head = [&1u32.to_le_bytes()[..], &[2, 1, 0x09, 0x10], &1u32.to_le_bytes(), &length.to_le_bytes()].concat();
    let property = [head, value].concat();
    let bytes = [SIGNATURE.to_le_bytes().to_vec(), vec![1, 0], attribute(MESSAGE_PROPERTIES, &property)].concat();
    let unpacked = read(&bytes).unwrap();
    assert_eq!((unpacked.text.as_deref(), unpacked.from_rich_text), (Some("Schöne Grüße\n"), true));
}
