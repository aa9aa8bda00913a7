//! The packing of rich text ([MS-OXRTFCP]): repetitions are references into a window of what was last written.

/// Longest rich text that is unpacked, in octets; of a longer one the beginning.
const MOST: usize = 16 << 20;
/// `LZFu` and `MELA`: packed or not.
const PACKED: u32 = 0x7546_5a4c;
const PLAIN: u32 = 0x414c_454d;
/// What the window holds before the first letter ([MS-OXRTFCP], section 2.1.3.1.2).
const START: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;

/// Undoes the packing. The checksum is not looked at: a text with a wrong letter is better than none.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(packed.get(at..at + 4)?.try_into().ok()?));
    let most = usize::try_from(number(4)?).unwrap_or(MOST).min(MOST);
    let behind = packed.get(16..)?;
    match number(8)? {
        PACKED => Some(inflate(behind, most)),
        PLAIN => Some(behind.get(..most).unwrap_or(behind).to_vec()),
        _ => None,
    }
}

/// Runs of eight tokens, each a letter or a place and length in the window, told apart by the bits of the octet before
/// them ([MS-OXRTFCP], section 2.2). Ends where the data, the text or the bound does.
fn inflate(mut packed: &[u8], most: usize) -> Vec<u8> {
    let mut inflated = Inflated::new(most);
    while let [control, rest @ ..] = packed {
        packed = rest;
        for bit in 0..8 {
            let behind = if control >> bit & 1 == 0 { inflated.letter(packed) } else { inflated.repeat(packed) };
            match behind {
                Some(behind) if inflated.text.len() < most => packed = behind,
                _ => return inflated.text,
            }
        }
    }
    inflated.text
}

struct Inflated {
    window: [u8; WINDOW],
    end: usize,
    text: Vec<u8>,
    most: usize,
}

impl Inflated {
    fn new(most: usize) -> Self {
        let mut window = [0; WINDOW];
        for (place, letter) in window.iter_mut().zip(START) {
            *place = *letter;
        }
        Self { window, end: START.len(), text: Vec::new(), most }
    }

    fn letter<'a>(&mut self, packed: &'a [u8]) -> Option<&'a [u8]> {
        let (letter, rest) = packed.split_first()?;
        self.push(*letter);
        Some(rest)
    }

    /// A place that is the window's end ends the text.
    fn repeat<'a>(&mut self, packed: &'a [u8]) -> Option<&'a [u8]> {
        let [high, low, rest @ ..] = packed else { return None };
        let token = usize::from(u16::from_be_bytes([*high, *low]));
        let (start, length) = (token >> 4, (token & 0xf) + 2);
        if start == self.end {
            return None;
        }
        for step in 0..length {
            let letter = self.window.get((start + step) % WINDOW).copied()?;
            self.push(letter);
        }
        Some(rest)
    }

    fn push(&mut self, letter: u8) {
        if let Some(place) = self.window.get_mut(self.end) {
            *place = letter;
        }
        self.end = (self.end + 1) % WINDOW;
        if self.text.len() < self.most {
            self.text.push(letter);
        }
    }
}
