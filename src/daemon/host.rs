//! This host as a place for commands: its name, its queue, its processes. What runs there is
//! the activities' business.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use tokio::sync::watch;
use uuid::Uuid;

use crate::activities::{CommandHost, Jobs};
use crate::config::aurad::{HOST_QUEUE_FILE, Settings};
use crate::connection::host_name;
use crate::runner::{Host, Hunted};

/// What tells machines apart that share a home, where the system has it.
const MACHINE_ID: &str = "/etc/machine-id";

/// The host that these settings describe. Whatever an earlier daemon left running there that
/// nobody may take over is ended.
pub(super) async fn open(
    settings: &Settings,
    address: String,
    stopping: watch::Receiver<bool>,
) -> Result<CommandHost, String> {
    let directory = settings.state_dir();
    let fail = |error: io::Error| {
        format!(
            "the state directory {} ({}) cannot be used: {error}",
            directory.display(),
            settings.state_dir.source
        )
    };
    let launcher = std::env::current_exe().map_err(fail)?;
    let runs = Host::new(directory.join("runs"), launcher);
    if directory.is_dir() {
        report(&runs.hunt().await);
    }
    let name = host_name();
    let queue = if settings.runners.is_empty() && !settings.allow_shell.value {
        String::new()
    } else {
        let shared = settings.task_queues.value.first();
        let shared = shared.map_or("", String::as_str);
        let id = Uuid::new_v4().simple().to_string();
        let new = format!("{shared}-host-{name}-{}", &id[..8]);
        queue(directory, &name, &new).map_err(fail)?
    };
    Ok(CommandHost {
        queue,
        name,
        namespace: settings.namespace.value.clone(),
        address,
        runs,
        worktrees: directory.join("worktrees"),
        runners: settings.runners.clone(),
        review: settings.review.clone(),
        allow_shell: settings.allow_shell.value,
        host_timeout: settings.host_timeout.value,
        stopping,
        jobs: Arc::new(Jobs::new(
            usize::try_from(settings.max_commands.value).unwrap_or(usize::MAX),
        )),
    })
}

/// What earlier daemons have left: none of it keeps this one from starting.
fn report(hunted: &Hunted) {
    for key in &hunted.ended {
        tracing::warn!(
            key,
            "a command of an earlier daemon still ran, and was ended"
        );
    }
    for key in &hunted.left {
        tracing::info!(key, "a command of an earlier daemon goes on in its window");
    }
    for error in &hunted.problems {
        tracing::error!(%error, "what earlier daemons have left could not all be looked at");
    }
}

/// The queue of this machine and state directory: the one that it got first, whatever the
/// machine and the shared queues are called by now, since commands wait on it.
fn queue(directory: &Path, name: &str, new: &str) -> io::Result<String> {
    let machine = fs::read_to_string(MACHINE_ID).unwrap_or_default();
    let machine = Some(machine.trim()).filter(|id| !id.is_empty());
    let path = directory.join(format!("{HOST_QUEUE_FILE}{}", machine.unwrap_or(name)));
    match fs::read_to_string(&path) {
        Ok(queue) if !queue.trim().is_empty() => return Ok(queue.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    make(directory)?;
    let mut file = tempfile(directory)?;
    io::Write::write_all(&mut file.1, new.as_bytes())?;
    file.1.sync_all()?;
    // Two daemons that start at once: the one that comes second takes the first one's.
    let linked = fs::hard_link(&file.0, &path);
    fs::remove_file(&file.0)?;
    match linked {
        Ok(()) => Ok(new.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(fs::read_to_string(&path)?.trim().to_owned())
        }
        Err(error) => Err(error),
    }
}

/// A file of this process's own.
fn tempfile(directory: &Path) -> io::Result<(PathBuf, fs::File)> {
    let path = directory.join(format!("new-{}", Uuid::new_v4().simple()));
    fs::File::create_new(&path).map(|file| (path, file))
}

/// Makes the directory for this user alone, unless it is there.
fn make(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}
