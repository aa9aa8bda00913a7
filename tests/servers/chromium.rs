//! The browser shows pages, says what is wrong with them, and does nothing that is not written down.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use crate::browser::Browser;

/// A page with a picture from elsewhere, a script, an overlay, a missing label and a frame that may run nothing.
const PAGE: &str = r#"<!doctype html><html lang="de"><title>Probe</title><style>body { color: #999; background: #fff }
    @media (prefers-color-scheme: dark) { p { letter-spacing: 7px } }</style><main><h1>Guten Tag</h1>
    <p id="said">nichts</p><img src="http://elsewhere.test/pixel.gif"><input id="name"><a href="/next">Weiter</a>
    <iframe id="frame" sandbox src="/frame"></iframe></main>
    <script>document.getElementById('said').textContent = 'etwas'; fetch('https://elsewhere.test/x').catch(() => 0);</script>"#;
const FRAME: &str = "<p id=inner>innen</p><script>document.body.append('lief')</script><img src=//frame.test:81/a.png>";
const NEXT: &str = "<!doctype html><title>Weiter</title><meta name=viewport content='width=device-width'><p style='width: 500px'>angekommen</p>";

#[test]
fn a_session_reads_and_acts_and_nothing_else_is_asked_for() {
    let site = serve();
    let browser = Browser::start(site);
    let session = browser.session();
    session.open_page(&format!("http://127.0.0.1:{site}/"));
    assert_eq!((session.title().as_str(), session.text("#said").as_str()), ("Probe", "etwas"));
    let spacing = "return getComputedStyle(document.getElementById('said')).letterSpacing";
    assert_ne!(session.script(spacing), "7px");
    session.dark(true);
    assert_eq!(session.script(spacing), "7px");

    let rules = session.findings().into_iter().filter(super::browser::Finding::is_serious);
    let rules = rules.map(|finding| finding.rule).collect::<Vec<_>>();
    for rule in ["color-contrast", "image-alt", "label", "frame-title"] {
        assert!(rules.iter().any(|found| found == rule), "{rule} of {rules:?}");
    }

    let inside = session.in_frame("#frame", |frame| frame.text("body"));
    assert_eq!(inside, "innen");
    let console = session.console();
    assert!(console.iter().any(|line| line.contains("elsewhere.test")), "{console:?}");
    session.size(360, 740);
    session.fill("#name", "Erika");
    session.click_words("Weiter");
    session.wait_for_text("angekommen");
    assert!(session.address().ends_with("/next") && session.overhang() > 100, "{}", session.overhang());
    assert_eq!((session.count("p"), session.sees("h1")), (1, false));
    assert!(session.picture().starts_with(b"\x89PNG"));

    let strangers = browser.requests().strangers();
    let mut targets = strangers.iter().map(|request| request.target.as_str()).collect::<Vec<_>>();
    targets.sort_unstable();
    assert_eq!(targets, ["elsewhere.test:443", "http://elsewhere.test/pixel.gif", "http://frame.test:81/a.png"]);
    let own = browser.requests().take().into_iter().filter(|request| request.is_let_through);
    let own = own.map(|request| request.target).filter(|target| !target.ends_with("/favicon.ico")).collect::<Vec<_>>();
    assert_eq!(own, ["/", "/frame", "/next"].map(|path| format!("http://127.0.0.1:{site}{path}")));
}

/// A web site, as long as the test lasts.
fn serve() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let mut lines = BufReader::new(connection.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(first) = lines.next() else { continue };
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let path = first.split(' ').nth(1).unwrap_or_default();
            let body = match path {
                "/" => PAGE,
                "/frame" => FRAME,
                "/next" => NEXT,
                _ => "",
            };
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close";
            let _ = connection.write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        }
    });
    port
}
