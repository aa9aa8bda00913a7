//! A visitor who follows the links that the demonstration shows.

use ureq::Agent;
use ureq::http::Response;

/// What stands on the page that each link leads to, in the order of the links.
const PAGES: [&str; 5] = ["Jörg Müßiggang", "Jörg Müßiggang", "Applications", "Hélène Exemple", ""];

/// What is not as it should be, if anything.
pub fn what_is_wrong_with(shown: &str) -> Option<String> {
    let links: Vec<&str> = shown.split_whitespace().filter(|word| word.contains("/sign-in/")).collect();
    if links.len() != PAGES.len() {
        return Some(format!("{} links are shown", links.len()));
    }
    links.into_iter().zip(PAGES).find_map(|(link, wanted)| visit(link, wanted).err())
}

fn visit(link: &str, wanted: &str) -> Result<(), String> {
    let agent: Agent = Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let failed = |error: ureq::Error| format!("{link}: {error}");
    let offered = agent.get(link).call().map_err(failed)?.status();
    let entered = agent.post(link).send_empty().map_err(failed)?;
    let (place, cookie) = (header(&entered, "location"), header(&entered, "set-cookie"));
    if offered != 200 || entered.status() != 303 {
        return Err(format!("{link}: {offered}, then {}", entered.status()));
    }
    let cookie = cookie.split(';').next().unwrap_or_default();
    let site = link.split("/sign-in/").next().unwrap_or_default();
    let mut page = agent.get(format!("{site}{place}")).header("Cookie", cookie).call().map_err(failed)?;
    // The administrators' page may lead on.
    let text = page.body_mut().read_to_string().map_err(failed)?;
    let is_there = page.status() == 200 || (wanted.is_empty() && page.status() == 303);
    if is_there && text.contains(wanted) {
        Ok(())
    } else {
        Err(format!("{link}: {} at {place}: {text}", page.status()))
    }
}

fn header(response: &Response<ureq::Body>, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
