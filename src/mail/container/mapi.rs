//! MAPI properties as they stand in winmail.dat ([MS-OXTNEF], section 2.1.3.5).

use crate::mail::encoding::charset;

/// The properties that are looked at.
pub(super) const DISPLAY_NAME: u16 = 0x3001;
pub(super) const ATTACHED_OBJECT: u16 = 0x3701;
pub(super) const ATTACH_FILENAME: u16 = 0x3704;
pub(super) const ATTACH_LONG_FILENAME: u16 = 0x3707;
pub(super) const ATTACH_MIME_TAG: u16 = 0x370e;
pub(super) const ATTACH_CONTENT_ID: u16 = 0x3712;
pub(super) const BODY: u16 = 0x1000;
pub(super) const BODY_HTML: u16 = 0x1013;
pub(super) const RICH_TEXT: u16 = 0x1009;

/// One property with its first value.
pub(super) struct Property<'a> {
    pub(super) id: u16,
    unicode: bool,
    /// An object, whose value begins with the identifier of its interface.
    pub(super) is_object: bool,
    pub(super) value: &'a [u8],
}

impl Property<'_> {
    /// The value as text; strings that are not Unicode are in the container's code page.
    pub(super) fn text(&self, code_page: Option<&str>) -> String {
        let label = if self.unicode { Some("utf-16le") } else { code_page };
        charset::decode(self.value, label).trim_end_matches('\0').to_owned()
    }
}

/// Reads all properties; `None` where they are damaged.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Property<'_>>> {
    let mut reader = Reader { rest: bytes };
    let count = reader.u32()?;
    let mut properties = Vec::new();
    for _ in 0..count {
        let (kind, id) = (reader.u16()?, reader.u16()?);
        if id >= 0x8000 {
            reader.skip_name()?;
        }
        let multiple = kind & 0x1000 != 0;
        let base = kind & 0x0fff;
        let values = if multiple || is_variable(base) { reader.u32()? } else { 1 };
        for number in 0..values {
            let value = match fixed_size(base) {
                Some(size) => reader.take(size)?,
                None if is_variable(base) => {
                    let length = usize::try_from(reader.u32()?).ok()?;
                    let value = reader.take(length)?;
                    reader.take(length.wrapping_neg() % 4)?;
                    value
                }
                None => return None,
            };
            if number == 0 {
                properties.push(Property { id, unicode: base == 0x1f, is_object: base == 0x0d, value });
            }
        }
    }
    Some(properties)
}

/// Octets that a value of fixed size takes, filled up to four.
fn fixed_size(kind: u16) -> Option<usize> {
    match kind {
        0x02 | 0x03 | 0x04 | 0x0a | 0x0b => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}

/// Objects, strings and bytes have their length before them.
fn is_variable(kind: u16) -> bool {
    matches!(kind, 0x0d | 0x1e | 0x1f | 0x102)
}

/// Takes numbers (least octet first) and octets off the front.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// A named property has a set's identifier and a number or a text.
    fn skip_name(&mut self) -> Option<()> {
        self.take(16)?;
        if self.u32()? == 0 {
            self.take(4)?;
        } else {
            let length = usize::try_from(self.u32()?).ok()?;
            self.take(length)?;
            self.take(length.wrapping_neg() % 4)?;
        }
        Some(())
    }
}
