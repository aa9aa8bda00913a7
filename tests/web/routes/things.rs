//! What there is to be asked for: of each kind one of one's own, one of somebody else's, and so on.

use super::people::Person;
use crate::house::House;
use crate::mails::forward;

/// The ids that every route with an id is asked for.
pub const EVERYWHERE: [&str; 6] = ["own", "not responsible", "other tenant", "blocked", "unknown", "no number"];

/// Where a person is responsible, where not, at the other office, and blocked.
const APPLICATIONS: [(&str, &str); 4] =
    [("own", "482137"), ("not responsible", "482138"), ("other tenant", "999111"), ("blocked", "482139")];

pub struct Things<'a>(&'a House);

impl<'a> Things<'a> {
    /// A mail for each application, and one at each office that waits.
    pub fn brought_to(house: &'a House) -> Self {
        let olga = "Olga Anders <olga@example.test>";
        for number in ["482137", "482138", "482139", "482999"] {
            house.take("import", forward(&format!("{number} Unterlagen")).pdf("Lebenslauf.pdf").bytes());
        }
        for number in ["999111", "999999"] {
            house.take("import2", forward(&format!("{number} Unterlagen")).from(olga).pdf("Lebenslauf.pdf").bytes());
        }
        house.execute("UPDATE applications SET blocked_since = created_at WHERE number = '482139'");
        Self(house)
    }

    /// The reference number of an application of this kind.
    pub fn number(of: &str) -> &'static str {
        APPLICATIONS.iter().find(|(kind, _)| *kind == of).unwrap_or_else(|| panic!("{of}: which is that?")).1
    }

    /// The path with what the table wants in the place of its id.
    pub fn addresses(&self, person: &mut Person<'_>, path: &str, of: &str) -> Vec<String> {
        let values = match (path.split('/').nth(1).unwrap(), of) {
            (_, "-") => vec![String::new()],
            ("assets", name) => vec![name.to_owned()],
            ("sign-in", "good") => vec![person.link()],
            ("sign-in", _) => vec!["A".repeat(43), "short".to_owned()],
            (area, of) => self.ids(area, of),
        };
        let fill = |value: &String| {
            ["{id}", "{token}", "{name}"].iter().fold(path.to_owned(), |path, name| path.replace(name, value))
        };
        values.iter().map(fill).collect()
    }

    /// The numbers of what is of this kind.
    pub fn ids(&self, area: &str, of: &str) -> Vec<String> {
        let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        match of {
            "unknown" => values(&["987654321", "0", "-1", "9223372036854775807"]),
            "no number" => values(&["x", "1x", "1.0", "%20", "0x1", "99999999999999999999", "%C3%A4", "1%00"]),
            "waiting" => vec![self.waiting(area, "482999")],
            "waiting at the other" => vec![self.waiting(area, "999999")],
            of => vec![self.of_application(area, Self::number(of))],
        }
    }

    fn waiting(&self, area: &str, number: &str) -> String {
        let wanted = if area == "files" { "files.id" } else { "mails.id" };
        let id = self.0.id(&format!(
            "SELECT MIN({wanted}) AS id FROM mails JOIN files ON files.mail_id = mails.id \
             WHERE mails.claimed_number = '{number}' AND mails.outcome = 'unassigned'"
        ));
        id.to_string()
    }

    fn of_application(&self, area: &str, number: &str) -> String {
        let wanted = match area {
            "applications" => "applications.id",
            "entries" => "history_entries.id",
            "mails" => "history_entries.mail_id",
            "files" => "files.id",
            _ => panic!("{area}: what is one of them?"),
        };
        let id = self.0.id(&format!(
            "SELECT MIN({wanted}) AS id FROM history_entries JOIN files ON files.mail_id = history_entries.mail_id \
             JOIN applications ON applications.id = history_entries.application_id WHERE applications.number = '{number}'"
        ));
        id.to_string()
    }

    /// What the form of a path holds.
    pub fn form(path: &str, of: &str) -> Vec<(&'static str, &'static str)> {
        match path {
            "/sign-in" if of == "no address" => vec![("address", "ruth")],
            "/sign-in" => vec![("address", "nobody@example.test")],
            "/files/{id}/kind" => vec![("kind", "cv"), ("application", "1")],
            "/mails/{id}/assign" => vec![("number", "482000")],
            _ => vec![],
        }
    }
}
