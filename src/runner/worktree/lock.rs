//! One work tree of a repository is made at a time: git reads what it knows of all of them
//! while it makes one, and fails over one that is being made beside it. The lock is on the
//! repository's own folder, so that no file is needed, and other daemons know it as well.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use tokio::time::{Instant, sleep};

use super::error::Error;

/// How long others may take that make one, each of which writes all files of a commit.
const LIMIT: Duration = Duration::from_mins(15);
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until nobody else makes a work tree of the repository with this folder. Dropping
/// the file lets the next one.
pub(super) async fn take(common: &Path) -> Result<File, Error> {
    let unusable = |error: std::io::Error| Error::Folder {
        path: common.to_owned(),
        detail: error.to_string(),
    };
    let folder = File::open(common).map_err(unusable)?;
    let until = Instant::now() + LIMIT;
    loop {
        match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(folder),
            Err(Errno::WOULDBLOCK | Errno::INTR) if Instant::now() < until => sleep(PAUSE).await,
            Err(Errno::WOULDBLOCK | Errno::INTR) => {
                return Err(Error::Slow {
                    verb: "worktree add for another slice".to_owned(),
                    path: common.to_owned(),
                    limit: LIMIT,
                });
            }
            Err(error) => return Err(unusable(error.into())),
        }
    }
}
