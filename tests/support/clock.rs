//! A clock on the wall that jumps, for one process: Debian's `libfaketime` between it and the
//! system, told by a file by how much to lie. Stopwatches go on as they are, as they do when
//! somebody sets a machine's clock. It deliberately knows nothing of what is run under it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
};

use super::binary::say;

const LIBRARY: &str = "faketime/libfaketimeMT.so.1";
/// Where libraries are, with or without a folder for the machine's kind in between.
const PLACES: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// The clock of the processes that have its variables.
pub struct FalseClock {
    library: PathBuf,
    file: PathBuf,
}

impl FalseClock {
    /// One that is right, with its file in this folder. `None` after reporting that the
    /// calling test is skipped; on a build server that is a failure.
    #[track_caller]
    pub fn right(folder: &Path) -> Option<Self> {
        let Some(library) = library() else {
            let current = thread::current();
            let test = current.name().unwrap_or("a test");
            let line = format!("{test} needs {LIBRARY}, which Debian's package faketime has");
            assert!(env::var("CI").as_deref() != Ok("true"), "{line}");
            say(&format!("SKIPPED: {line}"));
            return None;
        };
        let file = folder.join("clock");
        let clock = Self { library, file };
        clock.jump("+0");
        Some(clock)
    }

    /// From now on the clock is wrong by this much, as in `+1h` or `-30m`.
    pub fn jump(&self, by: &str) {
        // Whoever reads it has all of it, before or after.
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{by}\n")).expect("a file can be written");
        fs::rename(new, &self.file).expect("our own file can be moved");
    }

    /// What a process has in its environment whose clock this is.
    pub fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("LD_PRELOAD", plain(&self.library)),
            ("FAKETIME_TIMESTAMP_FILE", plain(&self.file)),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("NO_FAKE_STAT", "1"),
        ]
    }
}

fn plain(path: &Path) -> &str {
    path.to_str().expect("paths of tests are plain")
}

fn library() -> Option<PathBuf> {
    let below = |place: &str| {
        let folders = fs::read_dir(place).into_iter().flatten().flatten();
        folders.map(|folder| folder.path().join(LIBRARY))
    };
    PLACES
        .iter()
        .flat_map(|place| below(place).chain([Path::new(place).join(LIBRARY)]))
        .find(|library| library.is_file())
}
