//! The examples of the specification, and rich text as Outlook writes it.

use super::packing::unpack;
use super::{Content, read};

/// [MS-OXRTFCP], sections 3.1.1 and 3.1.2.
#[test]
fn the_examples_of_the_specification_are_unpacked() {
    let simple = hex::decode(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
    );
    assert_eq!(unpack(&simple.unwrap()).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    let crossing = hex::decode("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0").unwrap();
    assert_eq!(unpack(&crossing).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

/// Rich text that is not packed.
fn content(rtf: &str) -> Option<Content> {
    let size = u32::try_from(rtf.len()).unwrap();
    let head = [(size + 12).to_le_bytes(), size.to_le_bytes(), *b"MELA", [0; 4]].concat();
    read(&[head.as_slice(), rtf.as_bytes()].concat())
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

#[test]
fn the_text_comes_out_without_its_formatting() {
    let rtf = "{\\rtf1\\ansi\\ansicpg1252\\fromtext {\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0\\green0\\blue0;}\r\n\
               {\\*\\generator Riched20;}\\pard\\plain\\f0\\fs20 Guten Tag, Frau M\\'fcller\\par\r\n\\b anbei\\b0  das \
               \\{Zeugnis\\}\\tab f\\u252 ?r 5 \\u8364 \\'80.\\line \\ldblquote Gru\\'df\\rdblquote\\par}";
    assert_eq!(content(rtf), Some(text("Guten Tag, Frau Müller\nanbei das {Zeugnis}\tfür 5 €.\n“Gruß”\n")));
}

#[test]
fn letters_of_two_octets_and_of_two_units_are_whole() {
    assert_eq!(content("{\\rtf1\\ansi\\ansicpg932 \\'93\\'fa\\'96\\'7b}"), Some(text("日本")));
    assert_eq!(content("{\\rtf1\\uc1\\u-10179?\\u-8694?!}"), Some(text("\u{1f60a}!")));
    assert_eq!(content("{\\rtf1{\\uc2\\u252 xy}z}"), Some(text("üz")));
}

#[test]
fn html_wrapped_in_rich_text_comes_out_whole() {
    let rtf = "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n\
               {\\*\\htmltag19 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Gr\\'fc\\'dfe {\\*\\htmltag84 <b>}\\htmlrtf {\\b \
               \\htmlrtf0 an\\htmlrtf }\\htmlrtf0 {\\*\\htmltag92 </b>}{\\*\\mhtmltag84 <b>}{\\*\\htmltag84 &amp;}\\htmlrtf \
               &\\htmlrtf0  alle\\htmlrtf \\par}\\htmlrtf0 {\\*\\htmltag72 </p>}{\\*\\htmltag27 </html>}}";
    let html = "<html><p>Grüße <b>an</b>&amp; alle</p></html>";
    assert_eq!(content(rtf), Some(Content::Html(html.to_owned())));
}

#[test]
fn what_is_damaged_or_empty_is_none_and_ends_soon() {
    assert_eq!(content("{\\rtf1\\ansi{\\pict 0102}}"), None);
    assert_eq!(content("no rich text"), None);
    assert_eq!(read(b"short"), None);
    assert_eq!(content(&format!("{{\\rtf1 a{}", "{".repeat(100_000))), Some(text("a")));
    assert_eq!(content("{\\rtf1 a\\bin999999 b}"), Some(text("a")));
}

#[test]
fn what_would_unpack_to_very_much_is_cut() {
    let run = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let head = [[0xff; 4], [0xff, 0xff, 0xff, 0xff], *b"LZFu", [0; 4]].concat();
    let packed = [head, run.repeat(200_000)].concat();
    assert!(unpack(&packed).unwrap().len() <= 16 << 20);
}
