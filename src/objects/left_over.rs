//! What a put into a folder leaves that was interrupted: a file beside the one that it was to become.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Removes such files of this one: its name, `#` and a number.
///
/// # Errors
///
/// The folder cannot be read or changed. That there is none is no error.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(());
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let is_left = entry.file_name().to_str().and_then(|other| other.strip_prefix(name)).is_some_and(|rest| {
            rest.strip_prefix('#').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if is_left {
            match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::remove;

    #[test]
    fn only_what_is_left_of_this_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.1", "a.1#1", "a.1#22", "a.12#1", "a.1#x"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        remove(&folder.path().join("a.1")).unwrap();
        remove(&folder.path().join("nowhere/a.1")).unwrap();
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["a.1", "a.1#x", "a.12#1"]);
    }
}
