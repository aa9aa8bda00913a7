//! Those who ask: one of each role, somebody who did not sign in, and somebody who may no longer.

use crate::house::House;
use crate::visitor::{Page, Visitor};

/// The column of the table, and the user.
const PEOPLE: [(&str, Option<&str>); 7] = [
    ("nobody", None),
    ("PM", Some("ruth")),
    ("Recr", Some("rita")),
    ("Plus", Some("karl")),
    ("Fach", Some("vera")),
    ("Admin", Some("adam")),
    ("inactive", Some("lea")),
];

pub struct Person<'a> {
    pub column: &'static str,
    pub visitor: Visitor,
    /// Headers and body of what they are answered where nothing is.
    nowhere: Option<(Vec<String>, String)>,
    /// Not used yet.
    link: Option<String>,
    user: Option<&'static str>,
    house: &'a House,
    address: String,
}

/// All of them, signed in; then Lea is deactivated.
pub fn people(house: &House) -> Vec<Person<'_>> {
    let person = |(number, (column, user)): (usize, (&'static str, Option<&'static str>))| {
        // Each from a place of their own, since tries to sign in are counted by it.
        let address = format!("203.0.113.{number}");
        let mut visitor = house.visitor().with("X-Forwarded-For", &address);
        if let Some(user) = user {
            house.enter(&mut visitor, user);
        }
        Person { column, visitor, nowhere: None, link: None, user, house, address }
    };
    let people = PEOPLE.into_iter().enumerate().map(person).collect();
    house.feed(
        "{\"kind\": \"user\", \"tenant\": \"muster\", \"address\": \"lea@example.test\", \"name\": \"Lea Weg\", \
         \"role\": \"personalmanager\", \"active\": false}\n",
    );
    people
}

impl Person<'_> {
    /// Sends a form with the mark that their pages have, or without.
    pub fn send(&mut self, address: &str, fields: &[(&str, &str)], is_ours: bool) -> Page {
        if address.starts_with("/sign-in") {
            // Whoever signs in has no mark yet; a browser says where the form came from.
            let origin = if is_ours { self.house.at("") } else { "https://elsewhere.example".to_owned() };
            return self.visitor.post_with(address, fields, &[("origin", &origin)]);
        }
        let marked = self.visitor.get("/there-is-no-such-page").body.contains("name=\"csrf\"");
        let mark = (is_ours && marked).then(|| self.visitor.csrf("/there-is-no-such-page"));
        let mark: Vec<(&str, &str)> = mark.iter().map(|mark| ("csrf", mark.as_str())).collect();
        self.visitor.post(address, &[&mark, fields].concat())
    }

    /// Headers and body of what they see where nothing is.
    pub fn nowhere(&mut self) -> (Vec<String>, &String) {
        let (headers, body) = self.nowhere.get_or_insert_with(|| {
            let told = self.visitor.get("/applications/987654321");
            (told.lasting_headers(), told.body)
        });
        (headers.clone(), body)
    }

    /// What makes the link by which this person signs in, or, where they cannot, somebody else: the same until it is used.
    pub fn link(&mut self) -> String {
        let user = match self.user {
            None => "olga",
            Some("lea") => "both",
            Some(user) => user,
        };
        let link = self.link.get_or_insert_with(|| {
            let mut elsewhere = self.house.visitor().with("X-Forwarded-For", &self.address);
            self.house.link_for(&mut elsewhere, user, "/")
        });
        link.trim_start_matches("/sign-in/").to_owned()
    }
}
