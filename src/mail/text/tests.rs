//! From foreign HTML to text, to the cut at a line, and to clean HTML.

use super::clean::{clean, shown_pictures};
use super::page::Page;

fn text(html: &str) -> String {
    Page::read(html).plain.text
}

fn cleaned(html: &str) -> String {
    clean(&Page::read(html).outline, 0, &|id| id == "foto@x").html
}

#[test]
fn lines_end_where_a_reader_sees_them_end() {
    for (html, right) in [
        ("a<br>b<p>c</p><div>d</div>e", "a\nb\n\nc\n\nd\ne"),
        ("<ul><li>eins<li>zwei</ul>drei", "eins\nzwei\n\ndrei"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a   \n b&nbsp;c", "a b c"),
        ("<b>Von:</b>&nbsp;Erika", "Von: Erika"),
        ("a<hr>b", "a\nb"),
        ("Grö&szlig;e &lt;a@b.example&gt;", "Größe <a@b.example>"),
    ] {
        assert_eq!(text(html), right, "{html}");
    }
}

#[test]
fn a_table_of_labels_stays_together() {
    let html = "<table><tbody>\n<tr>\n<th>Betreff: </th>\n<td>Stelle</td>\n</tr>\n<tr><th>Von: </th><td>Erika</td></tr></table>";
    assert_eq!(text(html), "Betreff: Stelle\nVon: Erika");
}

#[test]
fn a_value_stands_behind_its_label_whatever_the_cells_hold() {
    for html in [
        "<table><tr><td><p>Von:</p></td><td><p>Erika</p></td></tr><tr><td><p>An:</p></td><td><p>Ruth</p></td></tr></table>",
        "<table><tr><td><b>Von:</b></td><td><div>Erika</div></td></tr><tr><td>An:</td><td><p>Ruth</p></td></tr></table>",
        "<table><tr><td><table><td>Von:</table><td><table><td>Erika</table><tr><td><p>An:<td><p>Ruth</table>",
        "<dl><dt>Von:<dd>Erika<dt>An:<dd>Ruth</dl>",
    ] {
        assert_eq!(text(html), "Von: Erika\nAn: Ruth", "{html}");
    }
    assert_eq!(text("<p>Anbei:</p><table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>"), "Anbei:\n\na\n\nb");
    assert_eq!(text("<dl><dt>Eins<dd>zwei</dl>"), "Eins\nzwei");
}

#[test]
fn a_link_that_shows_a_name_only_tells_its_address() {
    for (html, right) in [
        ("<a href='mailto:erika@example.org?subject=x'>Erika</a>, hier", "Erika <erika@example.org>, hier"),
        ("<a href='mailto:erika@example.org'>erika@example.org</a>", "erika@example.org"),
        ("<a href=' MAILTO: erika%40example.org'>Erika</a>", "Erika <erika@example.org>"),
        ("<a href='mailto:erika@example.org'><img src=x></a>", ""),
        ("<a href='https://example.org/a@b.example'>Erika</a>", "Erika"),
    ] {
        assert_eq!(text(html), right, "{html}");
    }
}

#[test]
fn an_address_in_brackets_that_nobody_escaped_is_text() {
    assert_eq!(text("Erika <Erika@example.org> <br>x"), "Erika <erika@example.org>\nx");
}

#[test]
fn what_is_never_shown_is_no_text() {
    let html = "<title>t</title><style>p{}</style><script>if(a<b)alert(1)</script>a<span style='display: none'>x</span>\
                <!-- c --><![if !supportLists]>b<![endif]>";
    assert_eq!(text(html), "ab");
}

#[test]
fn what_the_sender_hides_is_in_neither_form() {
    for hidden in [
        "<p style='DISPLAY : none !important'>x<b>x</b></p>",
        "<div hidden><br>x</div>",
        "<span style='visibility:hidden'>x</span>",
        "<span style='color:#fff;opacity: 0.0'>x</span>",
        "<span style='font-size:0px'>x</span>",
        "<div style='max-height:0;overflow:hidden'>x</div>",
        "<font color='#ffffff'></font>",
    ] {
        let page = format!("a{hidden}b");
        assert_eq!(text(&page), "ab", "{hidden}");
        assert!(!cleaned(&page).contains(['x', '#']), "{hidden}");
    }
    let cells =
        "<td style='font-size:0px'>x<div style='font-size:13px'>a</div></td><p style='opacity:0.9;width:0'>b</p>";
    assert_eq!(text(cells), "a\n\nb");
}

#[test]
fn lines_of_a_style_that_keeps_them_are_lines() {
    assert_eq!(text("<div style='white-space: pre-wrap'>a\n b</div>c\nd"), "a\n b\nc d");
}

#[test]
fn a_drawing_never_closed_does_not_swallow_the_page() {
    assert_eq!(text("<svg onload=a()><text>x</text><p>a</p>"), "a");
    assert_eq!(text("<svg><style>p{}</style><text>x</text></svg>a"), "a");
}

#[test]
fn a_page_is_cut_at_a_line_inside_its_open_elements() {
    let page = Page::read("<div>oben<p>Notiz</p><blockquote><b>Von:</b> x<br>unten <i>schräg</i></blockquote></div>");
    let line = page.plain.text.split('\n').position(|line| line.starts_with("unten")).unwrap();
    let html = clean(&page.outline, page.node_of_line(line), &|_| false).html;
    assert_eq!(html, "<div><blockquote>unten <i>schräg</i></blockquote></div>");
}

#[test]
fn nothing_that_runs_sends_or_loads_is_left() {
    let html = "<base href=http://x><link href=x><p onclick=a() style='background:url(http://x)'>a</p><form><input></form>\
                <iframe src=x></iframe><object></object><svg><a href='javascript:x'>s</a></svg><a href=' javascript:x'>b</a>\
                <img src=http://track.example/p.gif><img src='cid:foto@x'><img src='cid:logo@x'><img src=data:x>\
                <table background=http://track.example/b.gif><td>c</table><a href='https://ok.example/'>d</a>";
    let html = cleaned(html);
    for gone in [
        "onclick",
        "style",
        "<form",
        "<input",
        "iframe",
        "object",
        "svg",
        "javascript",
        "track",
        "logo",
        "data:",
        "base",
        "link ",
    ] {
        assert!(!html.contains(gone), "{gone} in {html}");
    }
    assert!(html.contains("cid:foto@x") && html.contains("https://ok.example/") && html.contains(">d</a>"), "{html}");
}

#[test]
fn a_picture_on_a_server_leaves_its_text_and_a_name_that_leads_nowhere() {
    let html = cleaned(
        "<img alt='Logo \"x' src=' HTTPS://track.example/p.gif' onerror=a()><img src=//track.example/q width=1>",
    );
    assert_eq!(html.matches(super::clean::REMOTE_PICTURE).count(), 2, "{html}");
    assert!(html.contains("Logo") && !html.contains("track") && !html.contains("onerror"), "{html}");
    assert_eq!(cleaned("<img src=data:x><img src=/p.gif><img src=cid:gone@x><img>"), "");
}

#[test]
fn markup_that_the_cleaning_takes_out_does_not_shorten_a_page() {
    let style = "mso-margin-top-alt:auto;".repeat(40);
    let page = format!("{}<p>Ende</p>", format!("<p style='{style}'>Absatz</p>").repeat(3_000));
    assert!(page.len() > 2 << 20);
    let html = cleaned(&page);
    assert_eq!(html.matches("Absatz").count(), 3_000);
    assert!(html.ends_with("<p>Ende</p>"), "{}", html.len());
}

#[test]
fn text_of_quotation_marks_is_not_cut_before_it_is_too_long() {
    let page = format!("<p>{}Ende</p>", "\"".repeat(1 << 20));
    assert!(cleaned(&page).ends_with("Ende</p>"));
}

#[test]
fn a_page_too_long_to_keep_ends_inside_its_elements_at_the_bound() {
    let page = Page::read(&format!("<div><b>{}</b></div>", "Absatz ".repeat(310_000)));
    let cleaned = clean(&page.outline, 0, &|_| false);
    assert!(cleaned.is_cut && !page.outline.is_cut);
    let html = cleaned.html;
    assert!(html.len() > (2 << 20) - 64 && html.len() < (2 << 20) + 64, "{}", html.len());
    assert!(html.starts_with("<div><b>Absatz ") && html.ends_with("</b></div>"), "{}", html.len());
}

#[test]
fn shown_pictures_are_known_by_their_id() {
    let page = Page::read("<img src='CID:a%40b'><img src='http://x'>");
    assert_eq!(shown_pictures(&page.outline).into_iter().collect::<Vec<_>>(), ["a@b"]);
}

#[test]
fn hostile_pages_end_soon() {
    let cells = format!("<table><tr><td>Von:{}{}", "<br>".repeat(20_000), "<td>".repeat(20_000));
    let attributes = format!("<a {}>", (0..20_000).map(|number| format!("a{number}=1 ")).collect::<Vec<_>>().concat());
    for html in [
        "<div>".repeat(20_000),
        "<b><p>".repeat(10_000),
        "<".repeat(100_000),
        "<table>".repeat(10_000),
        attributes,
        cells,
    ] {
        let page = Page::read(&html);
        let _ = clean(&page.outline, 0, &|_| true);
    }
}
