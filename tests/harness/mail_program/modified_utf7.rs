//! Folder names on the wire (RFC 3501, section 5.1.3).

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

/// Encodes a name, with its `/` left as they are.
pub fn encoded(name: &str) -> String {
    let mut wire = String::new();
    let mut beyond = String::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut wire, &mut beyond);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            beyond.push(c);
        }
    }
    close(&mut wire, &mut beyond);
    wire
}

/// Writes the letters beyond ASCII that were gathered.
fn close(wire: &mut String, beyond: &mut String) {
    if beyond.is_empty() {
        return;
    }
    let bytes = beyond.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    // IMAP takes a comma for base64's slash, since that may be a separator.
    let letters = GeneralPurpose::new(&base64::alphabet::IMAP_MUTF7, NO_PAD).encode(bytes);
    wire.extend(["&", &letters, "-"]);
    beyond.clear();
}
