//! Files that a command is told to read, `-` for standard input: bounded, and away from
//! the thread that listens for an interrupt, since a pipe may keep a reader waiting.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::input;

/// What stands for standard input.
pub(super) const STDIN: &str = "-";

/// A text that somebody named a file of.
pub(super) struct Source {
    /// The flag or key that names it.
    pub(super) name: String,
    /// The file; none is standard input.
    path: Option<PathBuf>,
}

impl Source {
    /// The file that a flag names.
    pub(super) fn of_flag(flag: &str, text: &str) -> Self {
        Self {
            name: flag.to_owned(),
            path: (text != STDIN).then(|| text.into()),
        }
    }

    /// A file, whatever it is called.
    pub(super) fn of_path(name: &str, path: PathBuf) -> Self {
        Self {
            name: name.to_owned(),
            path: Some(path),
        }
    }

    /// Where relative paths in it begin: its folder, or the current one.
    pub(super) fn base(&self) -> PathBuf {
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.map(Path::to_owned).unwrap_or_default()
    }

    /// How people call it.
    pub(super) fn title(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "standard input".to_owned(),
        }
    }

    /// Reads it; `fix` says what to do about one that has more than `max` bytes.
    pub(super) async fn read(&self, max: usize, fix: &str) -> Result<String, Failure> {
        let path = self.path.clone();
        let reading = tokio::task::spawn_blocking(move || read(path.as_deref(), max));
        let bytes = reading
            .await
            .map_err(Failure::internal)?
            .map_err(|error| self.unreadable(&error))?;
        if bytes.len() > max {
            return Err(Failure::invalid(
                "too_long",
                format!("{} is too long", self.subject()),
                format!("it has more than {max} bytes, which is the limit"),
                fix,
            ));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => Err(Failure::invalid(
                "not_text",
                format!("{} is no text", self.subject()),
                format!(
                    "byte {} of it is not UTF-8",
                    error.utf8_error().valid_up_to() + 1
                ),
                "give it as UTF-8",
            )),
        }
    }

    /// Flag and file, for messages.
    fn subject(&self) -> String {
        format!("{} '{}'", self.name, input::cut(&self.title()))
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        Failure::invalid(
            "unreadable_file",
            format!("{} cannot be read", self.subject()),
            error.to_string(),
            format!("name a file that can be read, or {STDIN} for standard input"),
        )
    }
}

/// Replaces a file, or makes it: all of the text or nothing, and nothing is left beside it.
/// The text is never to be read by more people than `permissions` say, if they are given.
pub(super) fn replace(path: &Path, text: &str, permissions: Option<Permissions>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let mut file = File::create_new(&new)?;
    permissions
        .map_or(Ok(()), |permissions| file.set_permissions(permissions))
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&new, path))
        .inspect_err(|_| drop(fs::remove_file(&new)))
}

/// At most one byte more than `max`.
fn read(path: Option<&Path>, max: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    match path {
        Some(path) => File::open(path)?.take(limit).read_to_end(&mut bytes)?,
        None => io::stdin().lock().take(limit).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}
