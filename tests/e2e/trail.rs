//! Ways to break the audit trail under a running daemon, and to mend it again. What that
//! means for epochs is the tests' business.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rustix::fs::{CWD, RenameFlags, renameat_with};

/// What is wrong with a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing can be made in its folder.
    UnwritableFolder,
    /// A file is where its folder was.
    FileForFolder,
    /// A folder is where its file was.
    FolderForFile,
    /// Its file was replaced by one that is no database.
    Garbage,
    /// Another process holds its lock.
    Locked,
}

/// All that can be wrong with one.
pub const FAULTS: [Fault; 5] = [
    Fault::Locked,
    Fault::Garbage,
    Fault::FileForFolder,
    Fault::FolderForFile,
    Fault::UnwritableFolder,
];

/// A trail that is broken until it is mended.
#[must_use = "it is mended by hand"]
pub struct Broken {
    fault: Fault,
    db: PathBuf,
    lock: Option<Connection>,
}

impl Fault {
    /// Breaks the trail in this file, which must be there.
    #[track_caller]
    pub fn inflict(self, db: &Path) -> Broken {
        let mut lock = None;
        match self {
            Self::UnwritableFolder => {
                make_unwritable(&aside(folder(db)));
                swap(folder(db));
            }
            Self::FileForFolder => {
                fs::write(aside(folder(db)), "in the way").expect("a file can be written");
                swap(folder(db));
            }
            Self::FolderForFile => {
                fs::create_dir(aside(db)).expect("a folder can be made");
                put_aside(&beside(db));
                swap(db);
            }
            Self::Garbage => {
                let garbage = "no database".repeat(1_000);
                fs::write(aside(db), garbage).expect("a file can be written");
                put_aside(&beside(db));
                swap(db);
            }
            Self::Locked => {
                let other = Connection::open(db).expect("the trail opens");
                other
                    .execute_batch("BEGIN EXCLUSIVE")
                    .expect("nobody else holds it");
                lock = Some(other);
            }
        }
        Broken {
            fault: self,
            db: db.to_owned(),
            lock,
        }
    }
}

impl Broken {
    /// Mends it: what was written before the fault is there again.
    #[track_caller]
    pub fn mend(self) {
        let Self { fault, db, lock } = self;
        let moved = match fault {
            Fault::UnwritableFolder | Fault::FileForFolder => folder(&db),
            Fault::FolderForFile | Fault::Garbage => {
                for path in beside(&db) {
                    // A log that was made beside what was in the way is not this file's.
                    let _ = fs::remove_file(&path);
                    if aside(&path).exists() {
                        fs::rename(aside(&path), &path).expect("our own files can be moved");
                    }
                }
                &db
            }
            Fault::Locked => return drop(lock),
        };
        swap(moved);
        let in_the_way = aside(moved);
        let cleared = if in_the_way.is_dir() && !in_the_way.is_symlink() {
            fs::remove_dir(in_the_way)
        } else {
            fs::remove_file(in_the_way)
        };
        cleared.expect("what was put in the way can be taken away");
    }
}

fn folder(db: &Path) -> &Path {
    db.parent().expect("the trail is in a folder")
}

/// The database's log, and the log's index.
fn beside(db: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|suffix| with(db, suffix))
}

fn aside(path: &Path) -> PathBuf {
    with(path, ".aside")
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn put_aside(paths: &[PathBuf]) {
    for path in paths.iter().filter(|path| path.exists()) {
        fs::rename(path, aside(path)).expect("our own files can be moved");
    }
}

/// Exchanges what is there with what is aside, in one moment: a write that found nothing
/// there would make a new file.
fn swap(path: &Path) {
    renameat_with(CWD, path, CWD, aside(path), RenameFlags::EXCHANGE)
        .expect("our own files can be exchanged");
}

/// A folder in which this user can make nothing. Root can, whatever its permissions are,
/// but in a file system of the kernel's not even root.
fn make_unwritable(folder: &Path) {
    fs::create_dir(folder).expect("a folder can be made");
    let closed = fs::Permissions::from_mode(0o555);
    fs::set_permissions(folder, closed).expect("our own folder can be closed");
    let probe = folder.join("probe");
    if fs::write(&probe, "").is_ok() {
        fs::remove_dir_all(folder).expect("our own folder can be removed");
        symlink("/proc", folder).expect("a link can be made");
        assert!(
            fs::write(&probe, "").is_err(),
            "nobody makes files in /proc"
        );
    }
}
