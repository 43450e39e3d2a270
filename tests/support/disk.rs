//! A disk of a test's own that can be full or may only be read: a file system in memory, in
//! a namespace of its own, which takes no privileges where the system lets its users have
//! namespaces; where it does not, the tests say that they were skipped. It deliberately knows
//! nothing of what lies on it.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{
    binary::say,
    guard::{self, Guarded},
    lines::Lines,
};

const SMALL: &str = "6m";
const LIMIT: Duration = Duration::from_secs(30);
/// Takes the room that nothing else has.
const FILLER: &str = "filler";

/// A small disk, there for as long as its keeper lives.
pub struct Disk {
    keeper: Guarded,
    folder: PathBuf,
}

impl Disk {
    /// Puts one where this folder is, if the system lets us.
    pub fn mount(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).expect("a folder can be made");
        let (said, complaints) = (Lines::default(), Lines::default());
        let script = format!(
            "mount -t tmpfs -o size={SMALL} none \"$0\" && echo mounted && exec sleep infinity"
        );
        let mut command = guard::command("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .arg(folder);
        let keeper = Guarded::spawn(&mut command, &said, &complaints).expect("there is a shell");
        if said.wait_for(0, "mounted", LIMIT).is_err() {
            say(&format!(
                "SKIPPED: a disk of the test's own needs user namespaces: {}",
                complaints.all().join("; ")
            ));
            return None;
        }
        let folder = folder.to_owned();
        Some(Self { keeper, folder })
    }

    /// Changes how it is mounted.
    pub fn remount(&self, how: &str) {
        let inside = self.inside();
        let (program, args) = inside.split_first().expect("a program has a name");
        let status = Command::new(program)
            .args(args)
            .args(["mount", "-o", &format!("remount,{how}")])
            .arg(&self.folder)
            .status();
        assert!(status.expect("there is a mount").success(), "remount {how}");
    }

    /// The words in front of a command that make it see this disk.
    pub fn inside(&self) -> Vec<String> {
        let target = self.keeper.pid().to_string();
        [
            "/usr/bin/nsenter",
            "--preserve-credentials",
            "--user",
            "--mount",
            "--target",
            &target,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let filler = File::create(self.seen(&self.folder.join(FILLER)));
        let mut filler = filler.expect("a file can be made");
        for bytes in [64 * 1024, 1] {
            let some = vec![0; bytes];
            let end = loop {
                if let Err(error) = filler.write_all(&some) {
                    break error.kind();
                }
            };
            assert_eq!(end, ErrorKind::StorageFull);
        }
    }

    /// Gives the room back that [`Self::fill`] took.
    pub fn empty(&self) {
        fs::remove_file(self.seen(&self.folder.join(FILLER))).expect("our own file can go");
    }

    /// A copy, in this folder, of a database on it that nobody writes to: `SQLite` itself
    /// would look for the file where the path leads to on this side.
    pub fn copy(&self, file: &Path, folder: &Path) -> PathBuf {
        let copy = folder.join("copy.db");
        for suffix in ["", "-wal"] {
            let beside = |path: &Path| {
                let mut name = path.as_os_str().to_owned();
                name.push(suffix);
                PathBuf::from(name)
            };
            let _ = fs::remove_file(beside(&copy));
            match fs::copy(self.seen(&beside(file)), beside(&copy)) {
                Err(error) if suffix.is_empty() => panic!("{}: {error}", file.display()),
                // There is no log where nobody has the database open.
                _ => {}
            }
        }
        copy
    }

    /// The path by which a file on it is to be found from outside.
    fn seen(&self, file: &Path) -> PathBuf {
        let root = format!("/proc/{}/root", self.keeper.pid());
        Path::new(&root).join(file.strip_prefix("/").expect("it is absolute"))
    }
}
