//! Reduces the colours of a browser's picture to those that it has most of: it is a third as large then.

use std::collections::HashMap;
use std::ops::Range;

use miniz_oxide::inflate::decompress_to_vec_zlib;

use crate::png::Picture;

type Colour = [u8; 3];

/// The picture with at most 256 colours. Reads what browsers write: eight bits for each of three or four channels, not
/// interlaced.
pub fn reduced(png: &[u8]) -> Picture {
    let (width, height, pixels) = read(png);
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for pixel in &pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<Colour> = counts.keys().copied().collect();
    // The same colours in the same order each time.
    colours.sort_by_key(|colour| (usize::MAX - counts[colour], *colour));
    let kept = colours[..colours.len().min(256)].to_vec();
    let number: HashMap<Colour, u8> = colours.into_iter().map(|colour| (colour, nearest(&kept, colour))).collect();
    Picture { width, height, pixels: pixels.iter().map(|pixel| number[pixel]).collect(), colours: kept }
}

/// Whether a part of a browser's picture has one colour only.
pub fn is_blank(png: &[u8], columns: Range<usize>, lines: Range<usize>) -> bool {
    let (width, _, pixels) = read(png);
    let mut part = lines.flat_map(|line| &pixels[line * width + columns.start..line * width + columns.end]);
    let first = part.next();
    part.all(|pixel| Some(pixel) == first)
}

fn nearest(kept: &[Colour], wanted: Colour) -> u8 {
    let distance = |colour: &Colour| {
        colour.iter().zip(wanted).map(|(one, other)| i32::from(*one).abs_diff(i32::from(other)).pow(2)).sum::<u32>()
    };
    let (number, _) = kept.iter().enumerate().min_by_key(|(_, colour)| distance(colour)).unwrap();
    u8::try_from(number).unwrap()
}

fn read(png: &[u8]) -> (usize, usize, Vec<Colour>) {
    let number = |at: usize| usize::try_from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap())).unwrap();
    let (width, height) = (number(16), number(20));
    let channels = match png[24..29] {
        [8, 2, 0, 0, 0] => 3,
        [8, 6, 0, 0, 0] => 4,
        ref other => panic!("another kind of PNG: {other:?}"),
    };
    let (mut at, mut compressed) = (8, Vec::new());
    while at < png.len() {
        let length = number(at);
        if &png[at + 4..at + 8] == b"IDAT" {
            compressed.extend(&png[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    let bytes = decompress_to_vec_zlib(&compressed).unwrap();
    let mut before = vec![0; width * channels];
    let mut pixels = Vec::with_capacity(width * height);
    for line in bytes.chunks(width * channels + 1) {
        let line = unfiltered(line[0], &line[1..], &before, channels);
        pixels.extend(line.chunks(channels).map(|pixel| [pixel[0], pixel[1], pixel[2]]));
        before = line;
    }
    (width, height, pixels)
}

/// One line as it was before its filter (PNG specification, section 9).
fn unfiltered(filter: u8, line: &[u8], above: &[u8], channels: usize) -> Vec<u8> {
    let mut plain: Vec<u8> = Vec::with_capacity(line.len());
    for (at, byte) in line.iter().enumerate() {
        let (left, up) = (at.checked_sub(channels).map_or(0, |at| plain[at]), above[at]);
        let corner = at.checked_sub(channels).map_or(0, |at| above[at]);
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => u8::midpoint(left, up),
            4 => likely(left, up, corner),
            other => panic!("there is no filter {other}"),
        };
        plain.push(byte.wrapping_add(guess));
    }
    plain
}

/// Paeth's guess: whichever is nearest to left + up - corner.
fn likely(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i32::from);
    let distance = |one: i32| (a + b - c - one).abs();
    if distance(a) <= distance(b) && distance(a) <= distance(c) {
        left
    } else if distance(b) <= distance(c) {
        up
    } else {
        corner
    }
}
