//! Files that candidates send: real ones, with pages and pictures.

use std::io::Write;

use crate::png::Picture;

/// One page of a PDF.
pub struct Page<'a> {
    pub title: &'a str,
    pub lines: &'a [&'a str],
    pub picture: Option<Picture>,
}

/// A page without a picture.
pub fn page<'a>(title: &'a str, lines: &'a [&'a str]) -> Page<'a> {
    Page { title, lines, picture: None }
}

/// A PDF of these pages.
pub fn pdf(pages: &[Page]) -> Vec<u8> {
    // Catalogue, list of pages, two fonts, then three objects for each page: itself, its drawing, its picture.
    let font = |name| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 5 + 3 * page)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes(),
        font("Helvetica").into_bytes(),
        font("Helvetica-Bold").into_bytes(),
    ];
    for page in pages {
        let number = objects.len() + 1;
        let (drawing, picture) = (number + 1, number + 2);
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {drawing} 0 R \
                 /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /P {picture} 0 R >> >> >>"
            )
            .into_bytes(),
        );
        objects.push(stream("", &drawing_of(page)));
        objects.push(page.picture.as_ref().map_or_else(|| b"null".to_vec(), object_of));
    }
    let (mut pdf, mut table) = (b"%PDF-1.4\n".to_vec(), Vec::new());
    for (object, number) in objects.iter().zip(1..) {
        writeln!(table, "{:010} 00000 n ", pdf.len()).unwrap();
        pdf.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let (start, count) = (pdf.len(), objects.len() + 1);
    write!(pdf, "xref\n0 {count}\n0000000000 65535 f \n").unwrap();
    pdf.extend(table);
    write!(pdf, "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    pdf
}

fn drawing_of(page: &Page) -> Vec<u8> {
    let mut drawing = Vec::new();
    let mut write = |font: &str, size: u16, height: usize, text: &str| {
        drawing.extend(format!("BT /{font} {size} Tf 72 {height} Td (").as_bytes());
        // The letters of Western Europe have the same numbers in the font's encoding.
        drawing.extend(text.chars().filter(|c| !"()\\".contains(*c)).map(|c| u8::try_from(u32::from(c)).unwrap()));
        drawing.extend(b") Tj ET\n");
    };
    write("F2", 22, 750, page.title);
    for (line, number) in page.lines.iter().zip(0..) {
        write("F1", 12, 710 - 20 * number, line);
    }
    if let Some(picture) = &page.picture {
        let height = 451 * picture.height / picture.width;
        writeln!(drawing, "q 451 0 0 {height} 72 120 cm /P Do Q").unwrap();
    }
    drawing
}

fn object_of(picture: &Picture) -> Vec<u8> {
    let Picture { width, height, colours, .. } = picture;
    let keys = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /Filter /FlateDecode \
         /ColorSpace [/Indexed /DeviceRGB {} <{}>]",
        colours.len() - 1,
        hex::encode(colours.concat()),
    );
    stream(&keys, &picture.compressed())
}

fn stream(keys: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {keys} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A garden under a sky: hills, and a bed of flowers. Each `seed` gives another one.
pub fn garden(seed: u32) -> Picture {
    const SKY: u8 = 8;
    const HILLS: [[u8; 3]; 3] = [[143, 176, 120], [104, 150, 86], [70, 118, 62]];
    const FLOWERS: [[u8; 3]; 4] = [[214, 72, 84], [236, 186, 66], [240, 236, 226], [142, 96, 178]];
    let (width, height) = (480, 320);
    let sky = (0..SKY).map(|band| [120 + 14 * band, 176 + 8 * band, 222 + 3 * band]);
    let plain: Vec<[u8; 3]> = sky.chain(HILLS).chain(FLOWERS).collect();
    // Each colour twice, the second one a little lighter: grain, as photographs have it.
    let lighter = plain.iter().map(|colour| colour.map(|part| part + 5));
    let colours: Vec<[u8; 3]> = plain.iter().copied().chain(lighter).collect();
    let colour = |x: i32, y: i32| {
        let ridge = |hill: i32| {
            let (hill, x) = (f64::from(hill), f64::from(x));
            let wave = (x / (90.0 - 15.0 * hill) + f64::from(seed) + hill).sin();
            150.0 + 45.0 * hill + 18.0 * wave
        };
        let hill = (0..3).rev().find(|hill| f64::from(y) > ridge(*hill));
        let Some(hill) = hill else { return u8::try_from(y / 24).unwrap().min(SKY - 1) };
        // Flowers stand in the nearest field, in rows of which every second one is shifted.
        let (row, x) = (y / 11, x + y / 11 % 2 * 7);
        let chance = chance(x / 14, row, seed);
        let is_flower = hill == 2 && chance % 8 < 5 && (x % 14 - 7).pow(2) + (y % 11 - 5).pow(2) < 14;
        SKY + if is_flower { 3 + u8::try_from(chance / 8 % 4).unwrap() } else { u8::try_from(hill).unwrap() }
    };
    let light =
        |x, y| if chance(x, y, seed + 1).is_multiple_of(3) { u8::try_from(colours.len() / 2).unwrap() } else { 0 };
    let points = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels = points.map(|(x, y)| colour(x, y) + light(x, y)).collect();
    Picture { width: width.try_into().unwrap(), height: height.try_into().unwrap(), pixels, colours }
}

/// A number that looks like chance and is the same each time.
fn chance(x: i32, y: i32, seed: u32) -> u32 {
    let mut number = x.unsigned_abs().wrapping_mul(0x9E37_79B1) ^ y.unsigned_abs().wrapping_mul(0x85EB_CA77) ^ seed;
    for _ in 0..2 {
        number = (number ^ (number >> 15)).wrapping_mul(0x2C1B_3C6D);
    }
    number >> 8
}
