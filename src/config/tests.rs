//! The configuration, tested from outside: made-up environments, temporary homes and
//! files in, settings and errors out. The process environment is never touched.

mod access;
mod address;
mod admin;
mod audit;
mod commands;
mod embedded;
mod environments;
mod examples;
mod file;
mod fuzz;
mod mistakes;
mod otlp;
mod places;
mod precedence;
mod reviews;
mod runners;
mod template;
mod values;
mod workers;
mod yaml;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Error, Row, aura_msg, aurad};

/// A user with a home of their own and nothing else.
struct User {
    home: TempDir,
    env: BTreeMap<&'static str, OsString>,
}

impl User {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let env = BTreeMap::from([("HOME", home.path().into())]);
        Self { home, env }
    }

    /// Sets a variable.
    fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.insert(name, value.into());
        self
    }

    /// Writes a file below the home.
    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes the file at its standard place.
    fn config(self, text: impl AsRef<[u8]>) -> Self {
        self.write(".config/aura/config.toml", text);
        self
    }

    /// A path below the home.
    fn home(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn aurad(&self) -> aurad::Settings {
        self.aurad_with(aurad::Flags::default()).unwrap()
    }

    fn aurad_with(&self, flags: aurad::Flags) -> Result<aurad::Settings, Error> {
        aurad::Settings::resolve(flags, &self.env)
    }

    fn aura_msg(&self) -> aura_msg::Settings {
        self.aura_msg_with(aura_msg::Flags::default()).unwrap()
    }

    fn aura_msg_with(&self, flags: aura_msg::Flags) -> Result<aura_msg::Settings, Error> {
        aura_msg::Settings::resolve(flags, &self.env)
    }

    /// What each program says is wrong; both read the same file, so both say the same.
    fn refusal(&self) -> Error {
        let refusal = self.aurad_with(aurad::Flags::default()).unwrap_err();
        assert_eq!(
            self.aura_msg_with(aura_msg::Flags::default()),
            Err(refusal.clone())
        );
        refusal
    }

    /// The parts of an error, with the home cut out of the paths.
    fn parts(&self, error: &Error) -> [String; 3] {
        [error.what(), error.why(), error.fix()].map(|part| self.strip(&part))
    }

    fn strip(&self, text: &str) -> String {
        text.replace(&self.home.path().display().to_string(), "~")
    }
}

/// A row of `describe`: value and source.
fn row(rows: &[Row], name: &str) -> (String, String) {
    let (_, value, source) = rows.iter().find(|(row, ..)| row == name).unwrap();
    (value.clone(), source.clone())
}

fn file_source(path: &Path) -> String {
    format!("file {}", path.display())
}

/// The parts of what is said of a file, with its path cut short.
fn refused(text: impl AsRef<[u8]>) -> [String; 3] {
    let user = User::new().config(text);
    user.parts(&user.refusal())
        .map(|part| part.replace("~/.config/aura/config.toml", "FILE"))
}
