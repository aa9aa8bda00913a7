//! IBM852, the set of DOS in Central Europe, which neither browsers nor the libraries know.

/// The letters from byte 128 on.
const UPPER: &str = concat!(
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č",
    "áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐",
    "└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀",
    "ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
);

/// The label, in small letters, means this set.
pub(super) fn is_label(label: &str) -> bool {
    ["cp852", "ibm852", "852", "cp-852", "ibm-852", "cspcp852"].contains(&label)
}

/// Decodes all bytes; each stands for a letter.
pub(super) fn decode(bytes: &[u8]) -> String {
    let upper: Vec<char> = UPPER.chars().collect();
    let letter = |byte: u8| match byte.checked_sub(128) {
        None => char::from(byte),
        Some(place) => upper.get(usize::from(place)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(|&byte| letter(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::{UPPER, decode};

    #[test]
    fn every_byte_is_a_letter() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(decode(b"vysv\xd8d\x9fen\xa1 \xe7koly"), "vysvědčení školy");
        assert_eq!(decode(b"\x80\xff"), "Ç\u{a0}");
    }
}
