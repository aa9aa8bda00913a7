//! The head of a mail embedded in winmail.dat, from its MAPI properties ([MS-OXPROPS], [MS-OXOMSG]).

use super::mapi::Property;
use crate::application::EmailAddress;
use crate::mail::address::Mailbox;
use crate::mail::message::{Head, message_id};
use crate::mail::structure::Header;
use chrono::{DateTime, Datelike};

const SUBJECT: u16 = 0x0037;
const SUBMIT_TIME: u16 = 0x0039;
const TRANSPORT_HEADERS: u16 = 0x007d;
const MESSAGE_ID: u16 = 0x1035;
/// Who wrote the mail goes before who sent it in the writer's name; each by name and by address.
const NAMES: [u16; 2] = [0x0042, 0x0c1a];
const ADDRESSES: [u16; 4] = [0x5d02, 0x0065, 0x5d01, 0x0c1f];

/// Seconds between the beginnings of the times of Windows (1601) and of Unix.
const WINDOWS_TO_UNIX: u64 = 11_644_473_600;
/// A Windows time counts tenths of microseconds.
const TICKS: u64 = 10_000_000;

/// The head; its fields as the mail travelled, where Outlook kept them.
pub(super) fn head(properties: &[Property<'_>], code_page: Option<&str>) -> Head {
    let of = |id: u16| properties.iter().find(|property| property.id == id);
    let text = |id: u16| of(id).map(|property| property.text(code_page)).filter(|text| !text.trim().is_empty());
    let travelled = text(TRANSPORT_HEADERS).map(|fields| Head::of(&Header::parse(fields.trim_start().as_bytes()).0));
    if let Some(head) = travelled.filter(|head| head.from.address.is_some()) {
        return head;
    }
    // Inside one organisation the address is a directory's path.
    let address = ADDRESSES.into_iter().filter_map(text).find_map(|address| EmailAddress::parse(&address).ok());
    Head {
        from: Mailbox { name: NAMES.into_iter().find_map(text), address },
        subject: text(SUBJECT),
        date: of(SUBMIT_TIME).and_then(|property| date(property.value)),
        message_id: text(MESSAGE_ID).as_deref().and_then(message_id),
        resent_from: None,
    }
}

fn date(value: &[u8]) -> Option<String> {
    let seconds = u64::from_le_bytes(value.get(..8)?.try_into().ok()?) / TICKS;
    let since_1970 = i64::try_from(seconds.checked_sub(WINDOWS_TO_UNIX)?).ok()?;
    // Later ones cannot be printed so.
    DateTime::from_timestamp(since_1970, 0).filter(|date| date.year() <= 9999).map(|date| date.to_rfc2822())
}

#[cfg(test)]
mod tests {
    use super::{TICKS, WINDOWS_TO_UNIX, date};

    #[test]
    fn a_date_that_nobody_lives_to_see_is_unknown() {
        let printed = |since_1970: u64| date(&((since_1970 + WINDOWS_TO_UNIX) * TICKS).to_le_bytes());
        assert_eq!(printed(253_402_300_799).as_deref(), Some("Fri, 31 Dec 9999 23:59:59 +0000"));
        assert_eq!(printed(253_402_300_800), None);
        assert_eq!(date(&[0xff; 8]), None);
        assert_eq!(date(&[0; 8]), None);
    }
}
