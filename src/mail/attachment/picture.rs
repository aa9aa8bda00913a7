//! Pictures: how large they are, and whether they are decoration or something that somebody sent.

/// A picture at most so many pixels wide or high is there to count readers or to fill a gap.
const PIXEL: u32 = 4;
/// The shorter side from which on a picture in the text is a photo or scan rather than a signature's.
const PHOTO_SIDE: u32 = 400;
/// Bytes from which on it is one, where its size cannot be read.
const PHOTO_BYTES: usize = 100 * 1024;
/// Beginnings of the names that cameras and telephones give, in small letters.
const CAMERA_NAMES: [&str; 12] = [
    "img_",
    "img-",
    "dsc",
    "pxl_",
    "image0.",
    "image1.",
    "image2.",
    "whatsapp image",
    "foto",
    "photo",
    "scan",
    "mvimg_",
];

/// Width and height in pixels, where the format is one of the common ones.
pub(super) fn dimensions(content: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from(u16::from_be_bytes(content.get(at..at + 2)?.try_into().ok()?)));
    let little = |at: usize| Some(u32::from(u16::from_le_bytes(content.get(at..at + 2)?.try_into().ok()?)));
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        let side = |at: usize| Some(u32::from_be_bytes(content.get(at..at + 4)?.try_into().ok()?));
        return Some((side(16)?, side(20)?));
    }
    if content.starts_with(b"GIF8") {
        return Some((little(6)?, little(8)?));
    }
    if !content.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    // JPEG: segments with their length, up to the one that starts a frame.
    let mut at = 2;
    loop {
        match (content.get(at)?, content.get(at + 1)?) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) => return Some((big(at + 7)?, big(at + 5)?)),
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, _) => at += 2 + usize::try_from(big(at + 2)?.max(2)).ok()?,
            _ => return None,
        }
    }
}

/// The picture counts readers or fills a gap.
pub(super) fn is_pixel(content: &[u8]) -> bool {
    dimensions(content).is_some_and(|(width, height)| width <= PIXEL || height <= PIXEL)
}

/// A picture shown in the text was sent for its own sake: by its name a camera's, or by its size.
pub(super) fn is_photo(name: &str, content: &[u8]) -> bool {
    let name = name.to_lowercase();
    let large = dimensions(content).map(|(width, height)| width.min(height) >= PHOTO_SIDE);
    CAMERA_NAMES.iter().any(|start| name.starts_with(start)) || large.unwrap_or(content.len() >= PHOTO_BYTES)
}

#[cfg(test)]
mod tests {
    use super::{dimensions, is_photo, is_pixel};

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(dimensions(&png(120, 36)), Some((120, 36)));
        assert_eq!(dimensions(b"GIF89a\x01\x00\x02\x00"), Some((1, 2)));
        assert_eq!(dimensions(b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x01\x90\x02\x58"), Some((600, 400)));
        assert_eq!(dimensions(b"\xff\xd8\xff"), None);
    }

    #[test]
    fn pixels_signatures_and_photos_are_told_apart() {
        assert!(is_pixel(&png(1, 1)));
        assert!(!is_photo("grafik.png", &png(300, 90)));
        assert!(is_photo("grafik.png", &png(1200, 900)));
        assert!(is_photo("IMG_1234.png", &png(300, 90)));
    }
}
