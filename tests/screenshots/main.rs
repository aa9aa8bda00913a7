//! Makes the README's pictures anew (`make screenshots`): the demonstration's pages in a real browser, in both languages, on
//! a desktop and on a telephone.
//!
//! People, mails and their times are fixed, so that a picture changes when its page does.

#![expect(unreachable_pub, reason = "a program exports nothing")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be done ends the program")]
#![expect(clippy::print_stdout, reason = "it says what it made")]

#[path = "../harness/browser/mod.rs"]
mod browser;
#[path = "../demo/company.rs"]
mod company;
#[path = "../demo/files.rs"]
mod files;
#[path = "../harness/mod.rs"]
mod harness;
#[path = "../demo/png.rs"]
mod png;
#[path = "../demo/post_office.rs"]
mod post_office;
#[allow(dead_code, reason = "the demonstration also says what should come of each mail")]
#[path = "../demo/samples/mod.rs"]
mod samples;

mod reduce;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::browser::{Browser, Session};
use crate::company::Company;
use crate::harness::wait_for;
use crate::reduce::{is_blank, reduced};

/// Where the pictures are, with the file that says what they are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pictures");

/// No picture is larger, in bytes.
const LARGEST: usize = 100_000;

/// The Monday on which the first mails arrive, 2026-11-23 at midnight in Berlin, after the epoch.
const MONDAY: Duration = Duration::from_hours(498_719);

/// When they arrive each day, in minutes.
const TIMES: [u32; 4] = [8 * 60 + 41, 10 * 60 + 56, 13 * 60 + 12, 16 * 60 + 27];

/// Longer than anything takes, even on a busy machine.
const SOON: Duration = Duration::from_mins(1);

/// Who looks, in which language.
const READERS: [(&str, &str); 2] = [("petra.personal", "de"), ("rita.recruiter", "en")];

/// On what, and how large its window is.
const DEVICES: [(&str, u32, u32); 2] = [("desktop", 1280, 860), ("phone", 375, 780)];

fn main() {
    let mut company = Company::start();
    let arrival = |number: u32| {
        let (day, time) = (number / 4, TIMES[usize::try_from(number % 4).unwrap()]);
        SystemTime::UNIX_EPOCH + MONDAY + Duration::from_mins(1) * (day * 24 * 60 + time)
    };
    for sample in samples::samples(arrival) {
        company.dovecot.deliver_at(company::IMPORT_USER, &sample.mail, sample.arrival);
    }
    for command in [&["migrate"][..], &["directory", "import", "directory.jsonl"], &["once"]] {
        company.service.succeed(command);
    }
    let database = company.service.join("demo.db");
    settle_times(&database);
    company.run();

    let browser = Browser::start(company.port());
    fs::create_dir_all(FOLDER).unwrap();
    for (user, language) in READERS {
        let session = browser.session();
        session.open_page(&company.sign_in_link(user, "/applications"));
        session.click("main button");
        session.wait_for("ul.applications");
        for (device, width, height) in DEVICES {
            session.size(width, height);
            Album { company: &company, session: &session, name: format!("{language}-{device}") }.fill();
        }
    }
}

/// As if each mail had been imported when it arrived: what was recorded a moment ago is later in each run.
fn settle_times(database: &Path) {
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let settle = "UPDATE mails SET recorded_at = received_at, processed_at = received_at;
        UPDATE history_entries SET created_at = (SELECT received_at FROM mails WHERE mails.id = mail_id)";
    connection.batch_execute(settle).unwrap();
}

/// The pictures of one reader on one device.
struct Album<'a> {
    company: &'a Company,
    session: &'a Session,
    name: String,
}

impl Album<'_> {
    fn fill(&self) {
        let session = self.session;
        self.open("/applications");
        self.take("applications");
        session.click("ul.applications a[href$='/1']");
        session.wait_for("ol.entries");
        self.take("history");
        self.open_magnifier();
        self.take("magnifier");

        for tab in ["files", "documents"] {
            self.open(&format!("/applications/1/{tab}"));
            // What the tabs differ by is below the fold of a telephone.
            if self.name.ends_with("phone") {
                session.script("document.querySelector('nav.tabs').scrollIntoView()");
            }
            self.take(tab);
        }
        self.open("/mails");
        session.wait_for("ul.waiting");
        self.take("inbox");
        session.script(
            "[...document.querySelectorAll('ul.waiting > li')].find(line => line.textContent.includes('417101'))
                .querySelector('a').click()",
        );
        session.wait_for(".decide");
        self.take("waiting");
    }

    fn open(&self, path: &str) {
        self.session.open_page(&format!("{}{path}", self.company.url()));
    }

    /// Opens the entry of the mail with pictures, where it stands.
    fn open_magnifier(&self) {
        let session = self.session;
        let entry = "const entry = [...document.querySelectorAll('ol.entries > li')]
            .find(entry => entry.querySelector('h3').textContent.includes('Arbeitsproben'));";
        session.script(&format!("{entry} entry.querySelector('a.magnifier').click()"));
        session.wait_for("iframe.content");
        let is_loaded = "return location.href != 'about:blank' && document.readyState == 'complete'
            && document.images.length > 0 && [...document.images].every(picture => picture.complete)";
        wait_for("the pictures in the mail", SOON, || {
            session.in_frame("iframe.content", |frame| (frame.script(is_loaded) == true).then_some(()))
        });
        session.script(&format!("{entry} entry.scrollIntoView(); scrollBy(0, -16)"));
        // Frames that run nothing are drawn by a process of their own, in its own time.
        let edges = session.script("const frame = document.querySelector('iframe.content').getBoundingClientRect();
            return [frame.left + 2, frame.top + 2, frame.right - 2, Math.min(frame.bottom, innerHeight) - 2].map(Math.round)");
        let edge = |number: usize| usize::try_from(edges[number].as_u64().unwrap()).unwrap();
        let mut before = Vec::new();
        wait_for("the mail to be drawn", SOON, || {
            let picture = session.picture();
            let is_drawn = !is_blank(&picture, edge(0)..edge(2), edge(1)..edge(3));
            let is_calm = std::mem::replace(&mut before, picture.clone()) == picture;
            (is_drawn && is_calm).then_some(())
        });
    }

    /// Keeps the window as it is.
    fn take(&self, page: &str) {
        assert_eq!(self.session.overhang(), 0, "{page} is wider than the window");
        let picture = reduced(&self.session.picture()).png();
        let file = PathBuf::from(FOLDER).join(format!("{page}-{}.png", self.name));
        assert!(picture.len() <= LARGEST, "{} has {} bytes", file.display(), picture.len());
        let is_new = fs::read(&file).is_ok_and(|before| before != picture) || !file.exists();
        fs::write(&file, &picture).unwrap();
        println!("{page}-{}.png: {} kB{}", self.name, picture.len() / 1000, if is_new { "" } else { ", as before" });
    }
}
