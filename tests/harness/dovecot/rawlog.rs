//! What clients really sent, as Dovecot's raw logs have it. The login itself is not in them.

use std::fs;
use std::path::PathBuf;

use super::Dovecot;

impl Dovecot {
    /// The lines that clients of all users sent after their logins, in the order of time. The lines of mails they
    /// appended are among them.
    pub fn client_lines(&self) -> Vec<String> {
        let mut lines = self.raw_logs("in").iter().flat_map(|log| timed_lines(log)).collect::<Vec<_>>();
        lines.sort_by_key(|(time, _)| *time);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// The commands that clients sent, without their tags: `UID MOVE 1 Archive`.
    pub fn client_commands(&self) -> Vec<String> {
        let without_tag = |line: String| line.split_once(' ').map(|(_, command)| command.to_owned());
        self.client_lines().into_iter().filter_map(without_tag).collect()
    }

    fn raw_logs(&self, direction: &str) -> Vec<String> {
        let files = fs::read_dir(self.folder.join("raw")).unwrap().map(|entry| entry.unwrap().path());
        let mut wanted = files.filter(|path| path.extension().is_some_and(|end| end == direction)).collect::<Vec<_>>();
        wanted.sort();
        wanted.iter().map(read_log).collect()
    }
}

fn read_log(path: &PathBuf) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// Each line has the time before it, in seconds with six decimals; as microseconds here.
fn timed_lines(log: &str) -> Vec<(u64, String)> {
    log.lines().filter_map(timed_line).collect()
}

fn timed_line(line: &str) -> Option<(u64, String)> {
    let (time, text) = line.split_once(' ')?;
    let (seconds, micros) = time.split_once('.')?;
    Some((seconds.parse::<u64>().ok()? * 1_000_000 + micros.parse::<u64>().ok()?, text.to_owned()))
}
