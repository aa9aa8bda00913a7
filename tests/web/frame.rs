//! What is around every page, seen where there is nothing.

use crate::browser::Browser;
use crate::house::house;

const NOWHERE: &str = "/there-is-no-such-page";

#[test]
fn a_page_can_be_used_by_anybody_and_asks_for_nothing_from_elsewhere() {
    let house = house();
    let browser = Browser::start(house.port());
    let session = browser.session();
    session.open_page(&house.at(NOWHERE));
    assert_eq!((session.count("h1"), session.count("main"), session.count("header")), (1, 1, 1));
    for (width, height) in [(1280, 900), (360, 740)] {
        session.size(width, height);
        for is_dark in [false, true] {
            session.dark(is_dark);
            assert_eq!(session.serious_findings(), [""; 0], "{width} px, dark: {is_dark}");
            assert_eq!(session.overhang(), 0, "{width} px");
        }
    }
    // Chromium itself says of such a page only that it is not there.
    let complaints = session.console().into_iter().filter(|line| !line.contains("404"));
    assert_eq!(complaints.collect::<Vec<_>>(), [""; 0]);
    let requests = browser.requests().all();
    assert!(requests.iter().any(|request| request.target == house.at(NOWHERE)), "{requests:?}");
    assert_eq!(browser.requests().strangers(), []);
}
