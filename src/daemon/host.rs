//! This host as a place for commands: its name, its queue, its processes. What runs there is
//! the activities' business.

use std::path::Path;
use std::{fs, io};

use tokio::sync::watch;
use uuid::Uuid;

use crate::activities::CommandHost;
use crate::config::aurad::Settings;
use crate::runner::{Host, Hunted};

/// The file with what tells this host's queue from those of others of its name.
const ID: &str = "host-id";

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
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    let queue = if settings.runners.is_empty() && !settings.allow_shell.value {
        String::new()
    } else {
        let id = id(directory).map_err(fail)?;
        let shared = settings.task_queues.value.first();
        format!("{}-host-{name}-{id}", shared.map_or("", String::as_str))
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

/// What the state directory is called by, for as long as it is there: the daemon that uses it
/// next finds what this one has left.
fn id(directory: &Path) -> io::Result<String> {
    let path = directory.join(ID);
    match fs::read_to_string(&path) {
        Ok(id) if !id.trim().is_empty() => return Ok(id.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    make(directory)?;
    let id = Uuid::new_v4().simple().to_string()[..8].to_owned();
    // Two daemons that start at once: the one that comes second takes the first one's.
    let new = directory.join(format!("{ID}.{id}"));
    fs::write(&new, &id)?;
    let linked = fs::hard_link(&new, &path);
    fs::remove_file(&new)?;
    match linked {
        Ok(()) => Ok(id),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let theirs = fs::read_to_string(&path)?;
            Ok(theirs.trim().to_owned())
        }
        Err(error) => Err(error),
    }
}

/// Makes the directory for this user alone, unless it is there.
fn make(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}
