//! Ways to break the audit trail under a running daemon, and to mend it again. What that
//! means for epochs is the tests' business.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

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
                put_aside(&[folder(db)]);
                make_unwritable(folder(db));
            }
            Self::FileForFolder => {
                put_aside(&[folder(db)]);
                fs::write(folder(db), "in the way").expect("a file can be written");
            }
            Self::FolderForFile => {
                put_aside(&files(db));
                fs::create_dir(db).expect("a folder can be made");
            }
            Self::Garbage => {
                put_aside(&files(db));
                fs::write(db, "no database".repeat(1_000)).expect("a file can be written");
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
        let folder = folder(&db);
        let cleared = match fault {
            Fault::UnwritableFolder if folder.is_symlink() => fs::remove_file(folder),
            Fault::UnwritableFolder => fs::remove_dir(folder),
            Fault::FileForFolder => fs::remove_file(folder),
            Fault::FolderForFile => fs::remove_dir(&db),
            Fault::Garbage => fs::remove_file(&db),
            Fault::Locked => {
                drop(lock);
                Ok(())
            }
        };
        cleared.expect("what was put in the way can be taken away");
        match fault {
            Fault::UnwritableFolder | Fault::FileForFolder => put_back(&[folder]),
            Fault::FolderForFile | Fault::Garbage => {
                // A log that was made beside what was in the way is not this file's.
                for beside in &files(&db)[1..] {
                    let _ = fs::remove_file(beside);
                }
                put_back(&files(&db));
            }
            Fault::Locked => {}
        }
    }
}

fn folder(db: &Path) -> &Path {
    db.parent().expect("the trail is in a folder")
}

/// The database, its log, and its log's index.
fn files(db: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = db.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    })
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".aside");
    name.into()
}

fn put_aside(paths: &[impl AsRef<Path>]) {
    for path in paths.iter().map(AsRef::as_ref).filter(|path| path.exists()) {
        fs::rename(path, aside(path)).expect("our own files can be moved");
    }
}

fn put_back(paths: &[impl AsRef<Path>]) {
    for path in paths
        .iter()
        .map(AsRef::as_ref)
        .filter(|path| aside(path).exists())
    {
        fs::rename(aside(path), path).expect("our own files can be moved");
    }
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
