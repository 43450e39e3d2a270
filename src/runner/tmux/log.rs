//! The log of a window: a small program at the end of a pipe from tmux, which writes what
//! the pane shows into a file, up to a limit, and says at the end what the daemon wants to
//! know of it. It goes on reading whatever happens, because a pipe that isn't read would
//! hold the command up.
//!
//! The file has what the terminal was sent, so that `cat` shows it in colour; the text
//! for the daemon is without all that.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::escapes::Text;
use crate::runner::capture::{Captured, Excerpt, Log};
use crate::runner::place::Place;
use crate::runner::{Error, files};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// What is known of a log that is complete.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    /// Both ends of the text, or all.
    output: String,
    /// How many bytes the terminal was sent.
    bytes: u64,
    /// Why the file has less than it should.
    problem: Option<String>,
}

/// Writes what comes into the log of a place until it ends, but no more than `limit`
/// bytes of it.
pub(super) fn write(from: impl Read, place: &Place, limit: u64) -> Result<(), Error> {
    let (mut log, unopened) = match Log::create(&place.log(), limit) {
        Ok(log) => (Some(log), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let (output, bytes, broken) = excerpt(from, |chunk| {
        if let Some(log) = &mut log {
            log.add(chunk);
        }
    });
    let end = End {
        output,
        bytes,
        problem: unopened
            .or_else(|| log.and_then(|log| log.problem()))
            .or(broken),
    };
    files::replace_json(&end_path(place), &end)
}

/// Whether all that was shown is in the log.
pub(super) fn is_complete(place: &Place) -> bool {
    end_path(place).exists()
}

/// What a window has shown, once its log is complete.
pub(super) fn read(place: &Place) -> Result<Option<Captured>, Error> {
    let path = end_path(place);
    let end: Option<End> =
        files::read_json(&path).map_err(|error| Error::records(&path, &error))?;
    Ok(end.map(|end| Captured {
        output: end.output,
        bytes: end.bytes,
        log_problem: end.problem,
    }))
}

/// What a window has shown, as far as there is a log of it: its writer may still be at
/// work, or was killed.
pub(super) fn read_so_far(place: &Place) -> Captured {
    match File::open(place.log()) {
        Ok(file) => {
            let (output, bytes, log_problem) = excerpt(file, |_| {});
            Captured {
                output,
                bytes,
                log_problem,
            }
        }
        Err(error) => Captured {
            output: String::new(),
            bytes: 0,
            log_problem: (error.kind() != ErrorKind::NotFound)
                .then(|| Error::records(&place.log(), &error).to_string()),
        },
    }
}

/// Makes sure that no earlier log is taken for a later one's.
pub(super) fn clear(place: &Place) -> Result<(), Error> {
    files::remove(&end_path(place))
}

/// Both ends of the text in a stream, how many bytes it had, and why there were no more.
fn excerpt(mut from: impl Read, mut also: impl FnMut(&[u8])) -> (String, u64, Option<String>) {
    let mut excerpt = Excerpt::default();
    let mut text = Text::default();
    let mut bytes = 0;
    let mut broken = None;
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => {
                bytes += count as u64;
                also(&chunk[..count]);
                excerpt.add(&text.of(&chunk[..count]));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                broken = Some(format!("the output could not be read to its end: {error}"));
                break;
            }
        }
    }
    (excerpt.render(), bytes, broken)
}

fn end_path(place: &Place) -> PathBuf {
    place.directory().join("log.end.json")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn all_is_read_and_counted_and_the_file_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        place.prepare().unwrap();
        assert!(read(&place).unwrap().is_none());
        assert_eq!(read_so_far(&place).bytes, 0);

        let shown = "\x1b[31mline\x1b[m\r\n".repeat(100_000);
        write(shown.as_bytes(), &place, 1000).unwrap();

        let log = fs::read(place.log()).unwrap();
        assert_eq!(log[..1000], shown.as_bytes()[..1000]);
        assert!(log.len() < 1100, "{}", log.len());
        let captured = read(&place).unwrap().expect("it is complete");
        assert_eq!(captured.bytes, shown.len() as u64);
        assert_eq!(captured.log_problem, None);
        assert!(captured.output.starts_with("line\nline\n"));
        assert!(captured.output.ends_with("line\nline\n"));
        assert!(captured.output.contains("bytes left out"));

        clear(&place).unwrap();
        assert!(read(&place).unwrap().is_none());
        assert!(read_so_far(&place).output.starts_with("line\nline\n"));
    }

    #[test]
    fn a_log_that_cannot_be_written_is_a_problem_that_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        fs::create_dir_all(place.log()).unwrap();
        write(&b"text\r\n"[..], &place, 1000).unwrap();
        let captured = read(&place).unwrap().expect("it is complete");
        assert_eq!((captured.output.as_str(), captured.bytes), ("text\n", 6));
        assert!(captured.log_problem.is_some());
    }
}
