//! Who listens on a port: a program's name and process id, as far as this user may see them.
//! Linux only; elsewhere the message does without.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::socket_table::{self, LISTEN, Row};

/// As `temporal (pid 123)`; for a process that belongs to somebody else, its user.
pub(super) fn of(address: SocketAddr) -> Option<String> {
    let rows = socket_table::read().ok()?;
    let row = rows.iter().find(|row| holds(row, address))?;
    process(row.inode).or_else(|| Some(format!("a process of the user with uid {}", row.uid)))
}

fn holds(row: &Row, address: SocketAddr) -> bool {
    let ip = row.local.ip();
    row.state == LISTEN
        && row.local.port() == address.port()
        && (ip == address.ip() || ip.is_unspecified())
}

fn process(inode: u64) -> Option<String> {
    let socket = format!("socket:[{inode}]");
    fs::read_dir("/proc")
        .ok()?
        .filter_map(Result::ok)
        .find_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            has_open(&entry.path(), &socket).then(|| {
                match fs::read_to_string(entry.path().join("comm")) {
                    Ok(name) => format!("{} (pid {pid})", name.trim_end()),
                    Err(_) => format!("pid {pid}"),
                }
            })
        })
}

fn has_open(process: &Path, socket: &str) -> bool {
    fs::read_dir(process.join("fd")).is_ok_and(|descriptors| {
        descriptors.filter_map(Result::ok).any(|entry| {
            fs::read_link(entry.path()).is_ok_and(|target| target == Path::new(socket))
        })
    })
}
