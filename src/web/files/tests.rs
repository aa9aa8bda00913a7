//! How files are handed out.

use super::disposition::Disposition::{Attachment, Inline};
use super::hand_out::answer;
use crate::application::{Danger, Withheld};
use crate::store::FileContent;
use crate::web::fault::Fault;
use axum::http::HeaderMap;

fn file(mime: &str, content: &[u8]) -> FileContent {
    FileContent {
        name: "Lebenslauf.pdf".to_owned(),
        mime: mime.to_owned(),
        danger: None,
        withheld: None,
        content: Some(content.to_vec()),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap().to_str().unwrap()
}

#[test]
fn a_preview_is_shown_in_a_sandbox_with_the_type_that_was_sniffed() {
    for mime in ["image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "application/pdf"] {
        let answer = answer(file(mime, b"x"), Inline).unwrap();
        let headers = answer.headers();
        assert!(header(headers, "content-type").starts_with(mime));
        assert!(header(headers, "content-disposition").starts_with("inline; "));
        let policy = header(headers, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert_eq!(policy.contains(" sandbox;"), mime != "application/pdf", "{mime}");
    }
}

#[test]
fn what_may_run_is_a_download_only() {
    for mime in ["text/html", "image/svg+xml", "application/x-msdownload"] {
        assert!(matches!(answer(file(mime, b"x"), Inline), Err(Fault::NotFound)), "{mime}");
        let answer = answer(file(mime, b"x"), Attachment).unwrap();
        assert!(header(answer.headers(), "content-disposition").starts_with("attachment; "));
        assert!(header(answer.headers(), "content-security-policy").contains(" sandbox;"));
    }
    for &danger in Danger::ALL {
        let dangerous = FileContent { danger: Some(danger), ..file("application/pdf", b"x") };
        assert!(matches!(answer(dangerous, Inline), Err(Fault::NotFound)), "{danger:?}");
    }
}

#[test]
fn what_is_not_kept_cannot_be_handed_out() {
    let withheld =
        || FileContent { withheld: Some(Withheld::TooLargeToScan), content: None, ..file("application/pdf", b"") };
    assert!(matches!(answer(withheld(), Attachment), Err(Fault::NotFound)));
    assert!(matches!(answer(withheld(), Inline), Err(Fault::NotFound)));
}

#[test]
fn text_says_how_it_is_written_and_a_strange_type_does_not_break_the_answer() {
    let content_type = |mime: &str, content: &[u8]| {
        header(answer(file(mime, content), Attachment).unwrap().headers(), "content-type").to_owned()
    };
    assert_eq!(content_type("text/plain", "Grüße".as_bytes()), "text/plain; charset=utf-8");
    assert_eq!(content_type("text/plain", b"Gr\xfc\xdfe"), "text/plain; charset=windows-1252");
    assert_eq!(content_type("a\r\nb", b"x"), "application/octet-stream");
}
