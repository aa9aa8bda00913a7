//! Width and height of pictures, read from their heads. Nothing is decoded.

/// Width and height in pixels, where the format is one of the common ones.
pub(super) fn dimensions(content: &[u8]) -> Option<(u32, u32)> {
    match content {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some((big_4(content, 16)?, big_4(content, 20)?)),
        [b'G', b'I', b'F', b'8', ..] => Some((little_2(content, 6)?, little_2(content, 8)?)),
        [0xff, 0xd8, ..] => jpeg(content),
        [b'B', b'M', ..] => bmp(content),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(content),
        [b'I', b'I', 42, 0, ..] => tiff(content, little_2, little_4),
        [b'M', b'M', 0, 42, ..] => tiff(content, big_2, big_4),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => heif(content),
        _ => None,
    }
}

/// Segments with their length, up to the one that starts a frame.
fn jpeg(content: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        match (content.get(at)?, content.get(at + 1)?) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) => {
                return Some((big_2(content, at + 7)?, big_2(content, at + 5)?));
            }
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, _) => at += 2 + usize::try_from(big_2(content, at + 2)?.max(2)).ok()?,
            _ => return None,
        }
    }
}

/// The oldest head has 12 octets and sides of two; a height below nought stands the lines the other way round.
fn bmp(content: &[u8]) -> Option<(u32, u32)> {
    if little_4(content, 14)? == 12 {
        return Some((little_2(content, 18)?, little_2(content, 20)?));
    }
    let side = |at| Some(little_4(content, at)?.cast_signed().unsigned_abs());
    Some((side(18)?, side(22)?))
}

/// The first chunk is lossy, lossless or a head of its own (RFC 9649, sections 2.5 to 2.7).
fn webp(content: &[u8]) -> Option<(u32, u32)> {
    match content.get(12..16)? {
        b"VP8 " => Some((little_2(content, 26)? & 0x3fff, little_2(content, 28)? & 0x3fff)),
        b"VP8L" => {
            let sides = little_4(content, 21)?;
            Some(((sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some(((little_4(content, 24)? & 0xff_ffff) + 1, (little_4(content, 26)? >> 8) + 1)),
        _ => None,
    }
}

/// The first directory (TIFF 6.0, section 2): entries of twelve octets, tag 256 the width and 257 the height.
fn tiff(content: &[u8], two: Number, four: Number) -> Option<(u32, u32)> {
    let directory = usize::try_from(four(content, 4)?).ok()?;
    let count = usize::try_from(two(content, directory)?).ok()?;
    let side = |tag: u32| {
        let mut entries = (0..count).filter_map(|entry| directory.checked_add(2 + entry * 12));
        let at = entries.find(|&at| two(content, at) == Some(tag))?;
        if two(content, at + 2)? == 3 { two(content, at + 8) } else { four(content, at + 8) }
    };
    Some((side(256)?, side(257)?))
}

/// The largest of the sizes that the picture's properties name (ISO 23008-12, section 6.5.3): others are of previews
/// and tiles.
fn heif(content: &[u8]) -> Option<(u32, u32)> {
    let places = memchr::memmem::find_iter(content, b"ispe");
    let sizes = places.filter_map(|at| Some((big_4(content, at + 8)?, big_4(content, at + 12)?)));
    sizes.max_by_key(|&(width, height)| u64::from(width) * u64::from(height))
}

/// Reads a number at a place.
type Number = fn(&[u8], usize) -> Option<u32>;

fn big_2(content: &[u8], at: usize) -> Option<u32> {
    octets(content, at).map(u16::from_be_bytes).map(u32::from)
}

fn little_2(content: &[u8], at: usize) -> Option<u32> {
    octets(content, at).map(u16::from_le_bytes).map(u32::from)
}

fn big_4(content: &[u8], at: usize) -> Option<u32> {
    octets(content, at).map(u32::from_be_bytes)
}

fn little_4(content: &[u8], at: usize) -> Option<u32> {
    octets(content, at).map(u32::from_le_bytes)
}

fn octets<const COUNT: usize>(content: &[u8], at: usize) -> Option<[u8; COUNT]> {
    content.get(at..at.checked_add(COUNT)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::dimensions;

    #[test]
    fn sizes_are_read_in_every_format() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 0, 0, 120, 0, 0, 0, 36]].concat();
        let webp = |chunk: &[u8]| [b"RIFF\0\0\0\0WEBP".as_slice(), chunk].concat();
        let ispe = |width: u32, height: u32| {
            [b"\0\0\0\x14ispe\0\0\0\0".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
        };
        let heic = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(), &ispe(160, 120), &ispe(4032, 3024)].concat();
        let bmp = [b"BM".as_slice(), &[0; 12], &[40, 0, 0, 0], &800u32.to_le_bytes(), &(-600i32).to_le_bytes()];
        let entry = |tag: u16, side: u16| [tag.to_le_bytes(), [3, 0], [1, 0], [0, 0], side.to_le_bytes(), [0, 0]];
        let tiff = [b"II*\0\x08\0\0\0\x02\0".as_slice(), &entry(256, 800).concat(), &entry(257, 600).concat()];
        for (content, size) in [
            (png.as_slice(), (120, 36)),
            (b"GIF89a\x01\x00\x02\x00", (1, 2)),
            (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x01\x90\x02\x58", (600, 400)),
            (&webp(b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x20\x03\x58\x02"), (800, 600)),
            (&webp(&[b"VP8L\0\0\0\0\x2f".as_slice(), &(0x31f_u32 | 0x257 << 14).to_le_bytes()].concat()), (800, 600)),
            (&webp(b"VP8X\x0a\0\0\0\0\0\0\0\x1f\x03\0\x57\x02\0"), (800, 600)),
            (&heic, (4032, 3024)),
            (&bmp.concat(), (800, 600)),
            (&tiff.concat(), (800, 600)),
        ] {
            assert_eq!(dimensions(content), Some(size), "{content:?}");
            for end in 0..content.len() - 1 {
                let _ = dimensions(&content[..end]);
            }
        }
        assert_eq!(dimensions(b"\xff\xd8\xff"), None);
        assert_eq!(dimensions(b"%PDF-1.4"), None);
    }
}
