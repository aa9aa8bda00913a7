//! Asking over and over, and the times it took.

use crate::served::{Served, Who};
use std::time::{Duration, Instant};

/// Answers that are not counted: the first ones find nothing warm.
const WARMING: usize = 10;
/// Requests of the one who waits for each answer, and of each of those who ask at once.
const BY_ONE: usize = 200;
const BY_EACH: usize = 50;
const AT_ONCE: usize = 8;

/// What is asked for.
pub struct Line {
    pub what: &'static str,
    pub who: Who,
    pub path: String,
}

/// What came of it: times in words, and the size of an answer in kilobytes.
pub struct Measured {
    pub one: String,
    pub eight: String,
    pub kilobytes: f64,
}

pub fn measured(served: &Served, line: &Line) -> Measured {
    let client = || Client::of(served, line);
    let bytes = client().ask(WARMING).1;
    let one = client().ask(BY_ONE).0;
    let eight = std::thread::scope(|scope| {
        let clients: Vec<Client> = (0..AT_ONCE).map(|_| client()).collect();
        let each = clients.into_iter().map(|client| scope.spawn(move || client.ask(BY_EACH).0));
        let each: Vec<_> = each.collect();
        each.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Measured { one: words(one), eight: words(eight), kilobytes: f64::from(u32::try_from(bytes).unwrap()) / 1000.0 }
}

fn words(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    format!("{:.1}, {:.1}", at(50), at(95))
}

/// One connection that is kept open.
struct Client<'a> {
    agent: ureq::Agent,
    line: &'a Line,
    url: String,
}

impl<'a> Client<'a> {
    fn of(served: &Served, line: &'a Line) -> Self {
        let agent = ureq::Agent::config_builder().proxy(None).max_redirects(0).build().new_agent();
        Self { agent, line, url: served.at(&line.path) }
    }

    /// The time from each request to the last octet of its answer, and the octets of one.
    fn ask(&self, times: usize) -> (Vec<Duration>, usize) {
        let mut bytes = 0;
        let took = (0..times).map(|_| {
            let (header, value) = self.line.who.header();
            let began = Instant::now();
            let mut answer = self.agent.get(&self.url).header(header, value).call().unwrap();
            let text = answer.body_mut().read_to_vec().unwrap();
            let took = began.elapsed();
            assert_eq!(answer.status().as_u16(), 200, "{}", self.line.what);
            bytes = text.len();
            took
        });
        (took.collect(), bytes)
    }
}
