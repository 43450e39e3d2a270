//! The processes of this host, as `/proc` shows them. What belongs together is `group`'s.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;

/// A process, at the moment of looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Process {
    /// Its id.
    pub(super) pid: i32,
    /// The id of its process group.
    pub(super) group: i32,
    /// The id of its session.
    pub(super) session: i32,
    /// When it started, in clock ticks since the host did.
    pub(super) started: u64,
    /// It has ended, and waits for its parent to notice.
    pub(super) dead: bool,
}

/// All of them that can be seen.
pub(super) fn all() -> Result<Vec<Process>, Error> {
    let proc = Path::new("/proc");
    let entries = fs::read_dir(proc).map_err(|error| unsupported(proc, &error))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(one)
        .collect())
}

/// One of them; none if it is gone.
pub(super) fn one(pid: i32) -> Option<Process> {
    parse(&fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// If this line was in its environment when it started. What cannot be read says no.
pub(super) fn has_variable(pid: i32, line: &[u8]) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == line))
}

/// Which start of which host this is.
pub(super) fn boot_id() -> Result<String, Error> {
    let path = Path::new("/proc/sys/kernel/random/boot_id");
    let text = fs::read_to_string(path).map_err(|error| unsupported(path, &error))?;
    Ok(text.trim().to_owned())
}

/// Where process ids mean what they mean here: two containers on a host share its boot id.
pub(super) fn namespace() -> Result<String, Error> {
    let path = Path::new("/proc/self/ns/pid");
    let target = fs::read_link(path).map_err(|error| unsupported(path, &error))?;
    Ok(target.to_string_lossy().into_owned())
}

fn unsupported(path: &Path, error: &std::io::Error) -> Error {
    Error::Unsupported {
        path: PathBuf::from(path),
        detail: error.to_string(),
    }
}

/// Reads a `stat` line: id, name in parentheses (which may hold anything, parentheses and
/// newlines too), state, parent, group, session, and as the 22nd field the start.
fn parse(line: &[u8]) -> Option<Process> {
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let open = line.iter().position(|byte| *byte == b'(')?;
    let pid = str::from_utf8(&line[..open]).ok()?.trim().parse().ok()?;
    let rest = str::from_utf8(&line[close + 1..]).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let _parent = fields.next()?;
    let group = fields.next()?.parse().ok()?;
    let session = fields.next()?.parse().ok()?;
    let started = fields.nth(15)?.parse().ok()?;
    Some(Process {
        pid,
        group,
        session,
        started,
        dead: matches!(state, "Z" | "X" | "x"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_is_read_whatever_the_program_calls_itself() {
        let line = b"4711 (a) R 1 (\n\xff) Z 1 4710 4709 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 \
                     98765 1 2 3\n";
        assert_eq!(
            parse(line),
            Some(Process {
                pid: 4711,
                group: 4710,
                session: 4709,
                started: 98765,
                dead: true,
            })
        );
        assert_eq!(parse(b"4711 (a) R 1"), None);
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn this_process_is_among_them_with_its_environment() {
        let me = i32::try_from(std::process::id()).unwrap();
        let found = one(me).expect("it lives");
        assert!(!found.dead && found.started > 0);
        assert!(all().unwrap().contains(&found));
        let path = format!("PATH={}", std::env::var("PATH").unwrap());
        assert!(has_variable(me, path.as_bytes()));
        assert!(!has_variable(me, b"PATH="));
    }
}
