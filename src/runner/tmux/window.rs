//! One command in a window: begun, watched to its end, ended. What is decided from how it
//! ended is its caller's business.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use rustix::param::clock_ticks_per_second;
use rustix::process::Signal;
use rustix::time::{ClockId, clock_gettime};
use tokio::time::{Instant, sleep};

use super::client::{Client, Window};
use super::files::{self, Status};
use super::names::{session_name, window_name};
use super::{LOG_FLAG, WINDOW_FLAG, log};
use crate::failpoint;
use crate::runner::capture::Captured;
use crate::runner::group::Identity;
use crate::runner::launch::Order;
use crate::runner::place::Place;
use crate::runner::record::Record;
use crate::runner::{Error, How, HowEnded, Job, files as whole, processes};

/// How long a launcher may take until it has begun.
const BEGINNING: Duration = Duration::from_secs(30);

/// How long the end of a log may take after the end of its command.
const WRITING: Duration = Duration::from_secs(15);

/// Between two looks at files that will be there in a moment, and that may take hours.
const SHORT: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_millis(200);

/// Opens a window, and lets the command begin in it. When this returns it has been
/// recorded; if it fails, nothing has begun, and nothing will.
pub(super) async fn begin(
    client: &Client,
    launcher: &Path,
    place: &Place,
    job: &Job,
) -> Result<Record, Error> {
    place.clear()?;
    files::clear(place)?;
    log::clear(place)?;
    whole::replace(&place.request(), &job.input)?;
    let id = uuid::Uuid::new_v4().to_string();
    files::put_order(place, &id, &Order::of(job))?;
    failpoint::hit("window.ordered");
    let begun = begin_in_window(client, launcher, place, job, &id).await;
    if begun.is_err() {
        files::take_back(place)?;
    }
    begun
}

async fn begin_in_window(
    client: &Client,
    launcher: &Path,
    place: &Place,
    job: &Job,
    id: &str,
) -> Result<Record, Error> {
    let How::Tmux { session, window } = &job.how else {
        return Err(Error::Invalid {
            what: "it is to run in no window".to_owned(),
        });
    };
    let directory = place.directory().as_os_str();
    let limit = job.log_limit.to_string();
    let words = [
        launcher.as_os_str(),
        WINDOW_FLAG.as_ref(),
        directory,
        id.as_ref(),
    ];
    let writer = [
        launcher.as_os_str(),
        LOG_FLAG.as_ref(),
        directory,
        id.as_ref(),
        limit.as_ref(),
    ];
    let opened = client
        .open(
            &session_name(session),
            &window_name(window),
            &job.directory.clone().unwrap_or_else(|| place.work()),
            &words.map(OsStr::to_owned),
        )
        .await?;
    let begun = async {
        failpoint::hit("window.opened");
        client.copy(&opened, &writer).await?;
        files::let_go(place, id)?;
        failpoint::hit("window.let_go");
        begun(client, &opened, launcher, place, job).await
    };
    let begun = begun.await;
    if begun.is_err() {
        client.close(&opened).await;
    }
    begun
}

/// Waits until the launcher has made the record.
async fn begun(
    client: &Client,
    opened: &Window,
    launcher: &Path,
    place: &Place,
    job: &Job,
) -> Result<Record, Error> {
    let until = Instant::now() + BEGINNING;
    let mut look = Instant::now() + LONG;
    loop {
        if let Some(record) = Record::read(place)? {
            return Ok(record);
        }
        let is_late = Instant::now() >= until;
        if is_late || (Instant::now() >= look && !client.has(opened).await?) {
            files::take_back(place)?;
            // It may have begun, and even ended, in this very moment.
            return Record::read(place)?.ok_or_else(|| Error::Launcher {
                launcher: launcher.to_owned(),
                program: job.argv.first().cloned().unwrap_or_default(),
                detail: if is_late {
                    format!("it did not begin within {} s", BEGINNING.as_secs())
                } else {
                    "its window closed at once".to_owned()
                },
            });
        }
        if Instant::now() >= look {
            look = Instant::now() + LONG;
        }
        sleep(SHORT).await;
    }
}

/// Waits until a command that was begun, perhaps by an earlier daemon, has ended by itself.
pub(super) async fn own_end(place: &Place, record: &Record) -> Result<HowEnded, Error> {
    loop {
        // The launcher is looked for first: what it says it says before it ends.
        let lives = lives(&record.identity)?;
        match files::status(place)? {
            Some(Status::Exited(code)) => return Ok(HowEnded::Exited(code)),
            Some(Status::Signalled(signal)) => return Ok(HowEnded::Signalled(signal)),
            Some(Status::NotStarted(error)) => return Err(error),
            Some(Status::Closed) => return Ok(HowEnded::Signalled(Signal::HUP.as_raw())),
            None if lives => sleep(LONG).await,
            // Only SIGKILL ends it without a word.
            None => return Ok(HowEnded::Signalled(Signal::KILL.as_raw())),
        }
    }
}

/// What the window has shown, when its command has ended.
pub(super) async fn shown(place: &Place) -> Result<Captured, Error> {
    let until = Instant::now() + WRITING;
    loop {
        if let Some(captured) = log::read(place)? {
            return Ok(captured);
        }
        if Instant::now() >= until {
            let mut captured = log::read_so_far(place);
            captured.log_problem.get_or_insert_with(|| {
                "the writer of the log was ended before the end of it".to_owned()
            });
            return Ok(captured);
        }
        sleep(SHORT).await;
    }
}

/// Whether the launcher that leads a group is there.
fn lives(identity: &Identity) -> Result<bool, Error> {
    let leader = processes::one(identity.group);
    let same = leader.is_some_and(|leader| leader.started == identity.started && !leader.dead);
    Ok(same && identity.is_of_this_host()?)
}

/// How long ago a command was begun, by the clock that also runs while the host sleeps.
pub(super) fn age(identity: &Identity) -> Duration {
    let now = clock_gettime(ClockId::Boottime);
    let now = Duration::new(
        u64::try_from(now.tv_sec).unwrap_or_default(),
        u32::try_from(now.tv_nsec).unwrap_or_default(),
    );
    let ticks = clock_ticks_per_second().max(1);
    let seconds = identity.started / ticks;
    let rest =
        Duration::from_secs(identity.started % ticks) / u32::try_from(ticks).unwrap_or(u32::MAX);
    now.saturating_sub(Duration::from_secs(seconds) + rest)
}
