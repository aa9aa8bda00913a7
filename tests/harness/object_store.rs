//! A server that speaks S3, from the index of Python packages (moto), with one bucket; what lies in it is in its memory.

use std::net::{Ipv4Addr, TcpStream};

use super::account::Account;
use super::folder::Folder;
use super::ports::Port;
use super::process::{NotReady, Program, ServerProcess};
use super::unpacked::Unpacked;

/// The bucket.
pub const BUCKET: &str = "files";

/// Without a key nothing is handed out; whose it is, is not looked at.
const ANYBODY: &str =
    "AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/// A running server.
pub struct ObjectStore {
    // Ended before its folder is removed.
    process: ServerProcess,
    _folder: Folder,
    port: Port,
}

impl ObjectStore {
    /// Starts one with an empty bucket.
    pub fn start() -> Self {
        let python = Unpacked::find("moto", "python3-venv").join("bin/python");
        for _ in 0..5 {
            let (folder, port) = (Folder::create(), Port::claim());
            let mut program = Program::new(&python, folder.join("printed"))
                .arguments(&format!("-m moto.server -H 127.0.0.1 -p {}", port.number()))
                .in_folder(folder.path());
            if let Some(account) = Account::who_called_sudo() {
                // Python compiles into where it lies, and who installed it there is to be able to remove it.
                program = program.run_as(account);
            }
            let mut process = program.start();
            let number = port.number();
            let ready: Result<(), NotReady> =
                process.wait_until_ready(|| TcpStream::connect((Ipv4Addr::LOCALHOST, number)).is_ok());
            if ready.is_ok() {
                let store = Self { process, _folder: folder, port };
                ureq::put(store.url("")).send_empty().unwrap();
                return store;
            }
        }
        panic!("five times in a row somebody else took the object store's port");
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The names of all contents, in their order: of all objects but the mark.
    pub fn names(&self) -> Vec<String> {
        self.all_names().into_iter().filter(|name| !name.ends_with("/reply-import.id")).collect()
    }

    /// The names of all objects, in their order.
    pub fn all_names(&self) -> Vec<String> {
        let list = self.get("?list-type=2").call().unwrap().body_mut().read_to_string().unwrap();
        let names = list.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap().to_owned());
        names.collect()
    }

    /// What is in an object.
    pub fn content(&self, name: &str) -> Vec<u8> {
        self.get(&format!("/{name}")).call().unwrap().body_mut().read_to_vec().unwrap()
    }

    /// The objects that hold this word.
    pub fn with(&self, word: &str) -> Vec<String> {
        let holds = |name: &String| self.content(name).windows(word.len()).any(|part| part == word.as_bytes());
        self.names().into_iter().filter(holds).collect()
    }

    /// Removes an object behind the program's back.
    pub fn lose(&self, name: &str) {
        ureq::delete(self.url(&format!("/{name}"))).header("Authorization", ANYBODY).call().unwrap();
    }

    fn get(&self, rest: &str) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        ureq::get(self.url(rest)).header("Authorization", ANYBODY)
    }

    fn url(&self, rest: &str) -> String {
        format!("http://127.0.0.1:{}/{BUCKET}{rest}", self.port())
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.process.is_running()
    }
}
