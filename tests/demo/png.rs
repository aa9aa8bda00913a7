//! Pictures of at most 256 colours, as PNG.

use miniz_oxide::deflate::compress_to_vec_zlib;

/// A picture: each pixel is the number of a colour.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub colours: Vec<[u8; 3]>,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// The pixels compressed, as PDF files hold them.
    pub fn compressed(&self) -> Vec<u8> {
        compress_to_vec_zlib(&self.pixels, 10)
    }

    /// As a PNG file.
    pub fn png(&self) -> Vec<u8> {
        let number = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
        // Eight bits a pixel, each the number of a colour; neither filters nor interlacing.
        let head = [&number(self.width)[..], &number(self.height), &[8, 3, 0, 0, 0]].concat();
        let lines = self.pixels.chunks(self.width).flat_map(|line| [&[0], line].concat()).collect::<Vec<u8>>();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        let parts: [(&[u8; 4], Vec<u8>); 4] = [
            (b"IHDR", head),
            (b"PLTE", self.colours.concat()),
            (b"IDAT", compress_to_vec_zlib(&lines, 10)),
            (b"IEND", Vec::new()),
        ];
        for (name, content) in parts {
            let named = [&name[..], &content].concat();
            png.extend(number(content.len()));
            png.extend(&named);
            png.extend(checksum(&named).to_be_bytes());
        }
        png
    }
}

/// CRC-32, bit by bit (PNG specification, annex D).
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        let one = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| one(sum))
    };
    !bytes.iter().fold(!0, step)
}
