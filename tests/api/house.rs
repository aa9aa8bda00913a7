//! A tenant with one imported mail and one that waits, and the program that answers programs.

use crate::harness::ports::Port;
use crate::harness::service::Running;
use crate::harness::{Service, wait_for};
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};
use serde_json::Value;
use std::net::TcpStream;
use std::time::Duration;

const DIRECTORY: &str = r#"{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "name": "Ruth Muster", "role": "personalmanager"}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": []}
"#;

/// The content of the only file.
pub const PDF: &str = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF";

/// The built program, serving.
pub struct House {
    pub service: Service,
    /// Of the tenant with the mails.
    pub token: String,
    /// Of another tenant.
    pub foreign: String,
    port: Port,
    _running: Running,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub mime: String,
    pub disposition: String,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl House {
    pub fn open() -> Self {
        let port = Port::claim();
        let service = Service::new("");
        service.write("imap-password", "geheim\n");
        service.set_settings(&format!(
            "[database]\nurl = \"sqlite:test.db\"\n\
             [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\n\
             [[tenant]]\nname = \"other\"\nreference_shapes = [\"{{6-7}}\"]\n\
             [[mailbox]]\ntenant = \"muster\"\naddress = \"import@example.test\"\nhost = \"127.0.0.1\"\n\
             password_file = \"imap-password\"\n\
             [web]\nlisten = \"127.0.0.1:{}\"\nsign_in = \"proxy_header\"\n\
             trusted_proxies = [\"127.0.0.1\"]\n",
            port.number()
        ));
        let directory = service.write("directory.jsonl", DIRECTORY);
        service.succeed(&["directory", "import", directory.to_str().unwrap()]);
        for (name, number) in [("first", "482137"), ("second", "482999")] {
            let file = service.write(&format!("{name}.eml"), mail(name, number));
            service.succeed(&["import", file.to_str().unwrap(), "--mailbox", "import@example.test"]);
        }
        let add =
            |tenant: &str| service.succeed(&["token", "add", "--tenant", tenant, "--name", "test"]).trim().to_owned();
        let (token, foreign) = (add("muster"), add("other"));
        let running = service.start(&["web"]);
        wait_for("the program to listen", Duration::from_mins(1), || {
            TcpStream::connect(("127.0.0.1", port.number())).ok()
        });
        Self { service, token, foreign, port, _running: running }
    }

    pub fn add_token(&self, tenant: &str, name: &str) -> String {
        self.service.succeed(&["token", "add", "--tenant", tenant, "--name", name]).trim().to_owned()
    }

    pub fn description(&self) -> Value {
        self.ask("get", "/api/v1/openapi.json", None, None).json()
    }

    /// The path with what is there.
    pub fn filled(path: &str) -> String {
        let id = if path.contains("/candidates/") { "K1" } else { "1" };
        path.replace("{number}", "482137").replace("{id}", id).replace("{address}", "nora@example.test")
    }

    /// Changes the database behind the program's back.
    pub fn execute(&self, sql: &str) {
        let file = self.service.join("test.db");
        SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(sql).unwrap();
    }

    pub fn ask(&self, method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Answer {
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
        let agent = config.new_agent();
        let mut request = ureq::http::Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(format!("http://127.0.0.1:{}{path}", self.port.number()));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut answer = match body {
            Some(body) => agent.run(request.body(body.to_owned()).unwrap()).unwrap(),
            None => agent.run(request.body(()).unwrap()).unwrap(),
        };
        let header =
            |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let (mime, disposition) = (header("content-type"), header("content-disposition"));
        Answer {
            status: answer.status().as_u16(),
            mime,
            disposition,
            text: answer.body_mut().read_to_string().unwrap(),
        }
    }
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
