//! A visitor who follows the links that the demonstration shows.

use ureq::Agent;
use ureq::http::Response;

/// To which kind of page each link leads in the end, and what stands there, in the order of the links.
const PAGES: [(&str, &str); 5] = [
    ("/entries/", "Jörg Müßiggang"),
    ("/entries/", "Jörg Müßiggang"),
    ("/applications", "class=\"applications\""),
    ("/entries/", "Hélène Exemple"),
    ("/states", "class=\"counts"),
];

/// So many times a page may lead on to another.
const STEPS: usize = 3;

/// What is not as it should be, if anything.
pub fn what_is_wrong_with(shown: &str) -> Option<String> {
    let links: Vec<&str> = shown.split_whitespace().filter(|word| word.contains("/sign-in/")).collect();
    if links.len() != PAGES.len() {
        return Some(format!("{} links are shown", links.len()));
    }
    links.into_iter().zip(PAGES).find_map(|(link, wanted)| visit(link, wanted).err())
}

fn visit(link: &str, (route, wanted): (&str, &str)) -> Result<(), String> {
    let agent: Agent = Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let failed = |error: ureq::Error| format!("{link}: {error}");
    let offered = agent.get(link).call().map_err(failed)?.status();
    let entered = agent.post(link).send_empty().map_err(failed)?;
    let (mut place, cookie) = (header(&entered, "location"), header(&entered, "set-cookie"));
    if offered != 200 || entered.status() != 303 {
        return Err(format!("{link}: {offered}, then {}", entered.status()));
    }
    let cookie = cookie.split(';').next().unwrap_or_default();
    let site = link.split("/sign-in/").next().unwrap_or_default();
    for _ in 0..STEPS {
        let mut page = agent.get(format!("{site}{place}")).header("Cookie", cookie).call().map_err(failed)?;
        if page.status() == 303 {
            place = header(&page, "location");
            continue;
        }
        let text = page.body_mut().read_to_string().map_err(failed)?;
        let is_there = page.status() == 200 && place.starts_with(route) && text.contains(wanted);
        return if is_there { Ok(()) } else { Err(format!("{link}: {} at {place}: {text}", page.status())) };
    }
    Err(format!("{link}: leads on and on, at last to {place}"))
}

fn header(response: &Response<ureq::Body>, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
