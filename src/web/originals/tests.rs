//! What the magnifier shows, and what it lets through.

use super::Opened;
use super::showable::showable;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::mail::{IgnoredPart, REMOTE_PICTURE};
use crate::store::{OriginalView, ShownPicture};

/// A mail in which everything says `text`.
pub(in crate::web) fn original(text: &str, html: Option<&str>) -> OriginalView {
    OriginalView {
        mail: MailId(5),
        tenant: "muster".to_owned(),
        entry: Some(HistoryEntryId(9)),
        application: Some(ApplicationId(7)),
        subject: text.to_owned(),
        forwarder_name: Some(text.to_owned()),
        forwarder_address: Some(text.to_owned()),
        sent_at: Some("2026-11-02T07:00:00Z".parse().unwrap()),
        received_at: "2026-11-02T07:01:00Z".parse().unwrap(),
        from_name: Some(text.to_owned()),
        from_address: Some(text.to_owned()),
        original_date: None,
        original_subject: Some(text.to_owned()),
        original_message_id: Some(text.to_owned()),
        note: text.to_owned(),
        text: text.to_owned(),
        html: html.map(str::to_owned),
        pictures: Vec::new(),
        ignored_parts: vec![IgnoredPart { name: text.to_owned(), why: text.to_owned() }],
        files: Vec::new(),
    }
}

fn picture(content_id: &str, mime: &str, size: usize) -> ShownPicture {
    ShownPicture { content_id: content_id.to_owned(), mime: mime.to_owned(), content: vec![b'x'; size] }
}

#[test]
fn the_mails_own_pictures_are_put_in_and_no_others() {
    let html = format!(
        "<p><img alt=Foto src=\"cid:foto%40x\"><img src=\"cid:gone@x\"><img src=\"cid:drawing@x\">\
         <img alt=Logo src=\"{REMOTE_PICTURE}\"><img src=\"https://track.example/p.gif\"></p>"
    );
    let pictures = [picture("foto@x", "image/png", 3), picture("drawing@x", "image/svg+xml", 3)];
    let shown = showable(&html, &pictures);
    assert!(shown.html.contains("src=\"data:image/png;base64,eHh4\""), "{}", shown.html);
    assert_eq!(shown.html.matches("src=").count(), 1, "{}", shown.html);
    assert_eq!((shown.remote_pictures, shown.left_out), (2, 2), "{}", shown.html);
    assert!(shown.html.contains("alt=\"Logo\"") && !shown.html.contains("track"), "{}", shown.html);
}

#[test]
fn a_picture_that_is_shown_a_thousand_times_does_not_fill_the_page() {
    let html = "<img src=\"cid:a\">".repeat(1_000);
    let shown = showable(&html, &[picture("a", "image/png", 1 << 20)]);
    assert!(shown.html.len() < (16 << 20) + 64 * 1_024, "{}", shown.html.len());
    assert_eq!(shown.left_out, 1_000 - shown.html.matches("data:").count());
}

#[test]
fn what_the_database_holds_is_cleaned_again() {
    let html = "<script>a()</script><p onclick=a() style='position:fixed' id=x>b</p><form action=/x><input name=a></form>\
                <meta http-equiv=refresh content='0;url=//x'><base href=//x><iframe src=//x></iframe><object data=//x>\
                </object><embed src=//x><svg><script>c()</script></svg><a href='javascript:d()' target=_top>e</a>\
                <link rel=stylesheet href=//x><style>@import '//x'</style><img srcset='//x 2x' src='data:image/png;base64,x'>\
                <table background=//x><td background=cid:y>f</td></table><a href=https://ok.example/>g</a>";
    let shown = showable(html, &[]).html;
    for gone in [
        "script",
        "onclick",
        "style",
        "<form",
        "<input",
        "meta",
        "base",
        "iframe",
        "object",
        "embed",
        "svg",
        "javascript",
        "_top",
        "link",
        "import",
        "srcset",
        "data:",
        "background",
        "//x",
        "id=",
    ] {
        assert!(!shown.contains(gone), "{gone} in {shown}");
    }
    assert!(shown.contains("href=\"https://ok.example/\"") && shown.contains("noreferrer"), "{shown}");
}

#[test]
fn the_magnifier_counts_what_stays_blocked() {
    let html = format!("<img src=\"{REMOTE_PICTURE}\"><img src=\"{REMOTE_PICTURE}\"><img src=\"cid:gone\">");
    let opened = Opened::new(original("Text", Some(&html)));
    assert_eq!((opened.has_html, opened.remote_pictures, opened.left_out_pictures), (true, 2, 1));
    let opened = Opened::new(original("Text", None));
    assert_eq!((opened.has_html, opened.remote_pictures, opened.left_out_pictures), (false, 0, 0));
}
