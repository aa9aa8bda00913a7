//! The manual pages and the shells' completions, made of what may be typed.

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;
use std::fs;
use std::path::{Path, PathBuf};

/// Write manual pages and the completions of bash, zsh and fish into a folder
///
/// The folder is made if it is not there. Whoever packages the program calls this.
#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// Where to: pages go into man1/, completions beside it
    folder: PathBuf,
}

impl Manual {
    pub(super) fn run(&self, command: &Command) -> Result<()> {
        let wanted = || format!("Cannot write into {}", self.folder.display());
        let pages = self.folder.join("man1");
        fs::create_dir_all(&pages).with_context(wanted)?;
        write(command, &self.folder, &pages).with_context(wanted)
    }
}

fn write(command: &Command, folder: &Path, pages: &Path) -> Result<()> {
    clap_mangen::generate_to(command.clone(), pages)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command.clone(), "reply-import", folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Manual;
    use clap::CommandFactory;
    use std::fs;

    #[test]
    fn each_command_that_the_help_shows_has_a_page_and_stands_in_the_completions() {
        let folder = tempfile::tempdir().unwrap();
        let command = crate::cli::CommandLine::command();
        Manual { folder: folder.path().to_owned() }.run(&command).unwrap();
        let completions = ["reply-import.bash", "_reply-import", "reply-import.fish"]
            .map(|name| fs::read_to_string(folder.path().join(name)).unwrap());
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        let names: Vec<&str> = shown.map(clap::Command::get_name).collect();
        assert!(names.len() > 20 && !names.contains(&"manual"), "{names:?}");
        for name in names {
            let page = fs::read_to_string(folder.path().join(format!("man1/reply-import-{name}.1"))).unwrap();
            assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
            assert!(completions.iter().all(|text| text.contains(name)), "{name}");
        }
        assert!(fs::read_to_string(folder.path().join("man1/reply-import.1")).unwrap().contains("SUBCOMMANDS"));
    }
}
