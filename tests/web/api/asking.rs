//! A tenant with one imported mail and one that waits, and programs that ask.

use crate::house::{House, Plan, plan};
use crate::visitor::{Page, Visitor};
use serde_json::Value;

/// The content of the only file.
pub const PDF: &str = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF";

/// The interface, and the house behind it.
pub struct Interface {
    pub house: House,
    /// Of the tenant with the mails.
    pub token: String,
    /// Of another tenant.
    pub foreign: String,
    program: Visitor,
}

impl Interface {
    /// On SQLite.
    pub fn open() -> Self {
        Self::open_in(plan())
    }

    /// With another database.
    pub fn open_in(plan: Plan<'_>) -> Self {
        let house = plan.without_mail_servers().open();
        for (name, number) in [("first", "482137"), ("second", "482999")] {
            house.take("import", mail(name, number));
        }
        let add = |tenant| add_token(&house, tenant, "test");
        let (token, foreign) = (add("muster"), add("other"));
        let program = house.visitor();
        Self { house, token, foreign, program }
    }

    pub fn add_token(&self, tenant: &str, name: &str) -> String {
        add_token(&self.house, tenant, name)
    }

    pub fn description(&self) -> Value {
        self.ask("get", "/api/v1/openapi.json", None, None).json()
    }

    /// The path with what is there.
    pub fn filled(path: &str) -> String {
        let id = if path.contains("/candidates/") { "K1" } else { "1" };
        path.replace("{number}", "482137").replace("{id}", id).replace("{address}", "nora@example.test")
    }

    pub fn ask(&self, method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Page {
        self.send(method, path, token, body.map(str::as_bytes))
    }

    /// The same with any bytes.
    pub fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<&[u8]>) -> Page {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
        self.program.clone().send(&method.to_uppercase(), path, &headers, body)
    }

    /// Asks with the tenant's token.
    pub fn get(&self, path: &str) -> Page {
        self.ask("get", &format!("/api/v1/{path}"), Some(&self.token), None)
    }
}

fn add_token(house: &House, tenant: &str, name: &str) -> String {
    house.service.succeed(&["token", "add", "--tenant", tenant, "--name", name]).trim().to_owned()
}

fn mail(name: &str, number: &str) -> String {
    format!(
        "From: Ruth Muster <ruth@example.test>\r\nTo: import@example.test\r\nSubject: {number} Unterlagen\r\n\
         Message-ID: <{name}@example.test>\r\nDate: Wed, 13 Mar 2024 10:02:11 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"limit\"\r\n\r\n--limit\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nBitte zur Akte.\r\n\r\n\
         Von: Erika Beispiel <erika@example.org>\r\nGesendet: Mittwoch, 13. Februar 2024 09:12\r\n\
         An: Ruth Muster <ruth@example.test>\r\nBetreff: Meine Unterlagen\r\n\r\nAnbei {name}.\r\n\
         --limit\r\nContent-Type: application/pdf; name=\"Lebenslauf.pdf\"\r\n\
         Content-Disposition: attachment; filename=\"Lebenslauf.pdf\"\r\n\r\n{PDF}\r\n--limit--\r\n"
    )
}
