//! A mail's stored HTML made ready for the frame: cleaned once more, its own pictures put into it, no other ones.

use crate::mail::REMOTE_PICTURE;
use crate::store::ShownPicture;
use ammonia::{Builder, UrlRelative};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// So many bytes of pictures are put into a page, however often it shows them.
const MOST_PICTURE_BYTES: usize = 16 << 20;

/// The types that are put into a page; drawings with scripts in them are none.
const PICTURE_TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/// HTML for the frame.
#[derive(Debug)]
pub(super) struct Showable {
    pub(super) html: String,
    /// Pictures on servers, which are not loaded.
    pub(super) remote_pictures: usize,
    /// Pictures of the mail that are not shown: not kept, too much, or of a strange type.
    pub(super) left_out: usize,
}

/// Pictures that were met while cleaning.
#[derive(Default)]
struct Met {
    bytes: usize,
    remote: usize,
    left_out: usize,
}

/// Makes stored HTML ready to be shown. It was cleaned when it was stored; what the database holds is not trusted more
/// than a mail.
pub(super) fn showable(html: &str, pictures: &[ShownPicture]) -> Showable {
    let pictures = pictures.iter().filter(|picture| PICTURE_TYPES.contains(&picture.mime.as_str()));
    let pictures: HashMap<String, String> = pictures
        .map(|picture| {
            let data = format!("data:{};base64,{}", picture.mime, STANDARD.encode(&picture.content));
            (picture.content_id.clone(), data)
        })
        .collect();
    let met = Arc::new(Mutex::new(Met::default()));
    let html = cleaner(pictures, met.clone()).clean(html).to_string();
    let met = met.lock().unwrap_or_else(PoisonError::into_inner);
    Showable { html, remote_pictures: met.remote, left_out: met.left_out }
}

fn cleaner(pictures: HashMap<String, String>, met: Arc<Mutex<Met>>) -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["font", "center", "u", "big", "small"])
        .rm_tags(["map", "area", "wbr", "bdo", "details", "summary"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .add_tag_attributes("font", ["size"])
        .attribute_filter(move |element, attribute, value| {
            if element == "img" && attribute == "src" {
                let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
                return met.picture(value, &pictures).map(Cow::Owned);
            }
            let loads = matches!(attribute, "src" | "background" | "cite" | "longdesc" | "poster");
            (!loads && !starts_with_cid(value)).then_some(Cow::Borrowed(value))
        });
    builder
}

impl Met {
    /// The picture as an address that holds it all, if it is one of the mail's.
    fn picture(&mut self, source: &str, pictures: &HashMap<String, String>) -> Option<String> {
        if source == REMOTE_PICTURE || !starts_with_cid(source) {
            self.remote += 1;
            return None;
        }
        let id = percent_decode_str(source.get(4..)?.trim()).decode_utf8_lossy();
        let data = pictures.get(id.as_ref()).filter(|data| self.bytes + data.len() <= MOST_PICTURE_BYTES);
        match data {
            Some(data) => self.bytes += data.len(),
            None => self.left_out += 1,
        }
        data.cloned()
    }
}

fn starts_with_cid(value: &str) -> bool {
    value.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}
