//! The demonstration as something that goes on in the background: started, found again, stopped.
//!
//! A record names the keeper's process and the folder in which all of it lies. The keeper has a session of its own;
//! whatever it starts belongs to it. The record lies where no build and no `cargo clean` comes, with a copy of this program
//! beside it, which stops the demonstration though nothing can be built at the moment.

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use comfy_table::Table;

use crate::harness::folder::PLACE;
use crate::harness::waiting::{poll, wait_for};
use crate::keeper::{GO_ON, READY};
use crate::record::Record;

/// How the folders of demonstrations are named.
const FOLDERS: &str = "ri-demo-";

/// How long all of it may take to end by itself.
const ENDING: Duration = Duration::from_secs(30);

/// How long the whole demonstration may take, on a busy machine.
const DEMONSTRATION: Duration = Duration::from_mins(5);

/// Starts the keeper in a session of its own, without whatever else is open here: who waits for the end of our output
/// must not wait for the keeper's.
const ALONE: &str = "for open in /proc/$$/fd/*; do number=${open##*/}; \
    if [ \"$number\" -gt 2 ]; then eval \"exec $number>&-\"; fi; done; exec setsid \"$@\"";

/// What stopping came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It ran, and does not any more.
    Now,
    /// Nothing ran.
    Before,
    /// It runs, and we may not stop it.
    NotOurs,
}

/// A demonstration by its name.
pub struct Background {
    record: Record,
}

impl Background {
    /// The one of this name, of this working copy.
    pub fn named(name: &str) -> Self {
        Self { record: Record::named(name) }
    }

    /// The program that stops it and shows its mailboxes, while there is anything of it.
    pub fn program(&self) -> PathBuf {
        self.record.program()
    }

    /// Where it lies, if it was started and not stopped.
    pub fn folder(&self) -> Option<PathBuf> {
        Some(self.record.read()?.1)
    }

    /// Starts it, prints what it shows, and gives that; `None` if it failed.
    pub fn start(&self) -> Option<String> {
        self.record.prepare();
        let folder = tempfile::Builder::new().prefix(FOLDERS).tempdir_in("/tmp").unwrap().keep();
        // Servers that run as other users pass through it.
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        let log = folder.join("log");
        let mut keeper = Self::start_keeper(&folder, &log);
        self.record.write(keeper.id(), &folder);
        let mut shown = Vec::new();
        let is_ready = wait_for("the end of the demonstration", DEMONSTRATION, || {
            let has_ended = keeper.try_wait().unwrap().is_some();
            let is_ready = folder.join(READY).exists();
            show_the_rest(&log, &mut shown);
            (is_ready || has_ended).then_some(is_ready)
        });
        if !is_ready {
            self.stop();
            return None;
        }
        writeln!(keeper.stdin.take().unwrap(), "{GO_ON}").unwrap();
        Some(String::from_utf8(shown).unwrap())
    }

    fn start_keeper(folder: &Path, log: &Path) -> Child {
        let (output, errors) = (File::create(log).unwrap(), File::options().append(true).open(log).unwrap());
        let mut command = Command::new("bash");
        command.args(["-c", ALONE, "keeper"]).arg(std::env::current_exe().unwrap()).arg("keep").arg(folder);
        if let Some(width) = Table::new().width() {
            command.env("DEMO_WIDTH", width.to_string());
        }
        command.env(PLACE, folder).current_dir("/").stdin(Stdio::piped()).stdout(output).stderr(errors);
        command.spawn().unwrap()
    }

    /// Ends all of it and removes its folder.
    pub fn stop(&self) -> Stopped {
        let Some((keeper, folder)) = self.record.read() else {
            self.record.remove();
            return Stopped::Before;
        };
        let was_running = is_keeper(keeper, &folder);
        if was_running {
            if !send("TERM", keeper) {
                return Stopped::NotOurs;
            }
            let ended = poll(ENDING, || processes_of(keeper).is_empty().then_some(()));
            if ended.is_none() {
                for process in processes_of(keeper) {
                    send("KILL", process);
                }
            }
        }
        let is_a_demos = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(FOLDERS));
        assert!(is_a_demos, "{} is no folder of ours", folder.display());
        // What was killed a moment ago may still have written something.
        let removed = poll(ENDING, || {
            let _ = fs::remove_dir_all(&folder);
            (!folder.exists()).then_some(())
        });
        if removed.is_none() {
            return Stopped::NotOurs;
        }
        self.record.remove();
        if was_running { Stopped::Now } else { Stopped::Before }
    }
}

/// Prints what stands in the file beyond what was shown.
fn show_the_rest(log: &Path, shown: &mut Vec<u8>) {
    let mut file = File::open(log).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(shown.len().try_into().unwrap())).unwrap();
    let mut fresh = Vec::new();
    file.read_to_end(&mut fresh).unwrap();
    // Whole lines only.
    let whole = fresh.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    fresh.truncate(whole);
    // Whoever stops reading does not stop the demonstration.
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(&fresh).and_then(|()| output.flush());
    shown.append(&mut fresh);
}

/// Whether this process is still the keeper, and not another one that got its number later.
fn is_keeper(process: u32, folder: &Path) -> bool {
    let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).split('\0').any(|word| Path::new(word) == folder)
}

/// All processes of the keeper's session, itself included.
fn processes_of(session: u32) -> Vec<u32> {
    let numbers = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|process| session_of(*process) == Some(session)).collect()
}

/// The sixth field of proc(5)'s `stat`, counted from behind the name, which may hold anything. A dead one has none.
fn session_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(2)?.parse().ok()
}

fn send(signal: &str, process: u32) -> bool {
    let mut kill = Command::new("/bin/sh");
    kill.args(["-c", "kill -s \"$0\" \"$1\"", signal, &process.to_string()]).stderr(Stdio::null());
    kill.status().unwrap().success()
}
