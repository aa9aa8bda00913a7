//! Pictures: whether they are decoration or something that somebody sent.

use super::dimensions::dimensions;

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
    use super::{is_photo, is_pixel};

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    #[test]
    fn pixels_signatures_and_photos_are_told_apart() {
        assert!(is_pixel(&png(1, 1)));
        assert!(!is_photo("grafik.png", &png(300, 90)));
        assert!(is_photo("grafik.png", &png(1200, 900)));
        assert!(is_photo("IMG_1234.png", &png(300, 90)));
    }
}
