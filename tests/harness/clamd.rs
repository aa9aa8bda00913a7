//! A clamd of a test's own, with two signatures of its own: nothing is downloaded.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::account::Account;
use super::folder::Folder;
use super::installed::program;
use super::ports::Port;
use super::process::{NotReady, Program, ServerProcess, Signal};

/// Whatever holds these words, packed or not, is infected with [`MARKER_FOUND`].
pub const MARKER: &str = "reply-import-test-of-a-virus";

/// What clamd calls it; it appends the last word to every signature that is not its makers'.
pub const MARKER_FOUND: &str = "ReplyImport.Test.Marker.UNOFFICIAL";

/// The file whose very bytes are infected with [`FILE_FOUND`], found by its digest.
pub const INFECTED_FILE: &[u8] = b"reply-import test: this very file is known by its digest\n";

/// What clamd calls it.
pub const FILE_FOUND: &str = "ReplyImport.Test.File.UNOFFICIAL";

/// MD5 of [`INFECTED_FILE`], the only digest besides SHA that clamd's simple list takes.
const INFECTED_FILE_MD5: &str = "a4932d573ee289d2cd38edf4e8172fe4";

/// Larger contents it refuses.
pub const STREAM_MAX_LENGTH: usize = 1 << 20;

/// A running clamd.
pub struct Clamd {
    // Ended before its folder is removed.
    process: Option<ServerProcess>,
    folder: Folder,
    account: Account,
    port: Port,
}

impl Clamd {
    /// Starts one, as `nobody` where the tests run as root.
    pub fn start() -> Self {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            let (folder, account, port) = (Folder::create(), Account::for_servers(), Port::claim());
            account.own(folder.path());
            folder.make("room", &account);
            let signatures = folder.make("db", &account);
            let marker = hex::encode(MARKER);
            std::fs::write(signatures.join("test.ndb"), format!("ReplyImport.Test.Marker:0:*:{marker}\n")).unwrap();
            let file = format!("{INFECTED_FILE_MD5}:{}:ReplyImport.Test.File\n", INFECTED_FILE.len());
            std::fs::write(signatures.join("test.hdb"), file).unwrap();
            folder.write("clamd.conf", configuration(folder.path(), port.number()));
            let mut clamd = Self { process: None, folder, account, port };
            if clamd.launch().is_ok() {
                return clamd;
            }
        }
        panic!("five times in a row somebody else took clamd's port");
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("clamd.sock")
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Ends it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.signal(Signal::Cont);
            process.kill();
        }
    }

    /// Starts it again after [`Clamd::stop`], at the same places.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "clamd runs already");
        self.launch().expect("the port is claimed and clamd held it before");
    }

    /// From now on it takes connections and does nothing, until [`Clamd::go_on`].
    pub fn hang(&self) {
        self.process.as_ref().unwrap().signal(Signal::Stop);
    }

    /// Ends [`Clamd::hang`].
    pub fn go_on(&self) {
        self.process.as_ref().unwrap().signal(Signal::Cont);
    }

    /// From now on it can take no content, until [`Clamd::give_room`]: the folder for them is gone.
    pub fn take_room(&self) {
        std::fs::remove_dir_all(self.folder.join("room")).unwrap();
    }

    /// Ends [`Clamd::take_room`].
    pub fn give_room(&self) {
        self.folder.make("room", &self.account);
    }

    /// Forgets the signature of this list (`ndb` knows the marker, `hdb` the file), as after a mistaken one was taken back.
    pub fn forget(&mut self, list: &str) {
        self.stop();
        std::fs::remove_file(self.folder.join(format!("db/test.{list}"))).unwrap();
        self.start_again();
    }

    /// How many contents it was shown, by its own log.
    pub fn shown(&self) -> usize {
        let log = std::fs::read_to_string(self.folder.join("clamd.log")).unwrap();
        log.lines().filter(|line| line.contains("instream(")).count()
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        // One that was killed leaves its socket, which must not be taken for the new one's.
        let _ = std::fs::remove_file(self.socket());
        let mut process = Program::new(program("clamd", "clamav-daemon"), self.folder.join("printed"))
            .argument("-c")
            .argument(self.folder.join("clamd.conf"))
            .in_folder(self.folder.path())
            .run_as(self.account.clone())
            .start()
            .also_logs_to(self.folder.join("clamd.log"));
        let (port, socket) = (self.port(), self.socket());
        process.wait_until_ready(|| answers(port) && socket.exists())?;
        self.process = Some(process);
        Ok(())
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    connection.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut answer = Vec::new();
    connection.write_all(b"zPING\0").is_ok() && connection.read_to_end(&mut answer).is_ok() && answer == b"PONG\0"
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "DatabaseDirectory {folder}/db\nLocalSocket {folder}/clamd.sock\nLocalSocketMode 666\nTCPSocket {port}\n\
         TCPAddr 127.0.0.1\nForeground yes\nLogFile {folder}/clamd.log\nLogTime no\nLogClean yes\n\
         TemporaryDirectory {folder}/room\nPidFile {folder}/clamd.pid\nStreamMaxLength {STREAM_MAX_LENGTH}\nSelfCheck 0\n\
         MaxThreads 4\n"
    )
}

/// A zip archive of one file, packed.
pub fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec(content, 6);
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    // Version 2.0, no flags, deflated, no date; then sizes, the name's length and no extra field.
    let mut head = [20, 0, 0, 0, 8, 0, 0, 0, 0, 0].to_vec();
    head.extend(crc32(content).to_le_bytes());
    head.extend([size(&packed), size(content)].concat());
    head.extend(&size(name.as_bytes())[..2]);
    head.extend([0, 0]);
    let mut archive = [b"PK\x03\x04".as_slice(), &head, name.as_bytes(), &packed].concat();
    let directory = archive.len();
    archive.extend([b"PK\x01\x02\x14\x00".as_slice(), &head, &[0; 14], name.as_bytes()].concat());
    let length = archive.len() - directory;
    archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    archive.extend(u32::try_from(length).unwrap().to_le_bytes());
    archive.extend(u32::try_from(directory).unwrap().to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fn crc32(content: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !content.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
