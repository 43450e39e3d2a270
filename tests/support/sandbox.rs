//! A private corner for one test: its own home and XDG folders, an environment
//! that holds nothing but them and PATH (a guarded command also gets what its
//! shell exports: PWD and the like), and names nobody else uses, so that tests
//! share a server without sharing state. It deliberately sets nothing that aura
//! itself reads (addresses, queues): tests say those themselves.

use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

use super::guard;

// The XDG folders are deliberately not where HOME would put them by default,
// so that a program which looks in only one of the two places is found out.
const FOLDERS: [(&str, &str); 7] = [
    ("HOME", "home"),
    ("TMPDIR", "tmp"),
    ("XDG_CACHE_HOME", "xdg/cache"),
    ("XDG_CONFIG_HOME", "xdg/config"),
    ("XDG_DATA_HOME", "xdg/data"),
    ("XDG_RUNTIME_DIR", "xdg/run"),
    ("XDG_STATE_HOME", "xdg/state"),
];

/// A temporary folder and unique names; the folder is removed on drop.
pub struct Sandbox {
    root: TempDir,
    task_queue: String,
}

impl Sandbox {
    /// An empty sandbox.
    pub fn new() -> Self {
        let root = TempDir::with_prefix("aura-e2e-").expect("a temporary folder can be made");
        for (_, folder) in FOLDERS.iter().chain([&("", "work")]) {
            fs::create_dir_all(root.path().join(folder)).expect("folders can be made in it");
        }
        // The XDG specification wants the runtime folder closed to others.
        fs::set_permissions(
            root.path().join("xdg/run"),
            fs::Permissions::from_mode(0o700),
        )
        .expect("our own folder can be closed to others");
        Self {
            root,
            task_queue: unique("queue"),
        }
    }

    /// The folder that holds everything else.
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// The value of one of the sandbox's folder variables, such as `HOME`.
    pub fn folder(&self, variable: &str) -> PathBuf {
        let known = FOLDERS.iter().find(|(name, _)| *name == variable);
        let (_, folder) = known.unwrap_or_else(|| panic!("the sandbox has no {variable}"));
        self.root.path().join(folder)
    }

    /// Writes aura's configuration file to where it is looked for first.
    pub fn write_config(&self, toml: &str) -> PathBuf {
        self.write("xdg/config/aura/config.toml", toml)
    }

    /// Writes a file below the sandbox's root, with the folders it needs.
    pub fn write(&self, path: impl AsRef<Path>, content: &str) -> PathBuf {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies below the root"))
            .expect("folders can be made in the sandbox");
        fs::write(&path, content).expect("files can be written in the sandbox");
        path
    }

    /// This sandbox's task queue.
    pub fn task_queue(&self) -> &str {
        &self.task_queue
    }

    /// An epoch id that was never used before.
    #[expect(
        clippy::unused_self,
        reason = "ids belong to a sandbox in the reader's mind"
    )]
    pub fn epoch_id(&self) -> String {
        unique("epoch")
    }

    /// A command sealed into the sandbox. Nothing outlives the test process by
    /// its doing, so it is for short commands; see [`Self::guarded`].
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.seal(Command::new(program))
    }

    /// A command sealed into the sandbox that ends with the test process.
    pub fn guarded(&self, program: impl AsRef<OsStr>) -> Command {
        self.seal(guard::command(program))
    }

    fn seal(&self, mut command: Command) -> Command {
        let folders = FOLDERS.map(|(name, folder)| (name, self.root.path().join(folder)));
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .envs(folders)
            .current_dir(self.root.path().join("work"));
        command
    }
}

fn unique(kind: &str) -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(1);

    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("e2e-{kind}-{}-{number}", process::id())
}
