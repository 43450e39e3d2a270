//! What a command writes: read as fast as it comes, kept in a file up to a limit and in
//! memory at both ends, and counted.
//!
//! A thread of its own reads, so that a slow disk holds up this command and nothing else.
//! It never stops reading before the end, whatever happens to the file: a command is not
//! held up by its own log.

mod excerpt;
mod log;

use std::io::{self, PipeReader, PipeWriter, Read as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::oneshot;

pub use excerpt::OUTPUT_LIMIT;

pub(super) use excerpt::Excerpt;
pub(super) use log::Log;

use super::Error;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;
/// More than a pipe holds.
const PIPE: usize = 1024 * 1024;
/// What the reading thread needs: its buffer is on the heap.
const STACK: usize = 128 * 1024;

/// What a command wrote.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Captured {
    /// Both ends of it, or all.
    pub(super) output: String,
    /// How many bytes it was.
    pub(super) bytes: u64,
    /// Why the file has less than it should.
    pub(super) log_problem: Option<String>,
}

/// A capture that goes on.
#[derive(Debug)]
pub(super) struct Capture {
    result: oneshot::Receiver<Captured>,
    /// Closing it ends the reading once nothing more is there.
    stop: PipeWriter,
}

impl Capture {
    /// Begins to read into a new file.
    pub(super) fn start(source: PipeReader, log: &Path, limit: u64) -> Result<Self, Error> {
        let log = Log::create(log, limit)?;
        let fail = |error: io::Error| Error::Spawn {
            program: "the reader of a command's output".to_owned(),
            detail: error.to_string(),
        };
        let (stopped, stop) = io::pipe().map_err(fail)?;
        let (answer, result) = oneshot::channel();
        thread::Builder::new()
            .name("aura-capture".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                // Nobody waits any more if the run was dropped.
                let _ = answer.send(read_all(source, &stopped, log));
            })
            .map_err(fail)?;
        Ok(Self { result, stop })
    }

    /// Everything, once the last writer has closed its end. Who was let go with the pipe
    /// open is waited for no longer than this; what it wrote until then is in.
    pub(super) async fn finish(mut self, patience: Duration) -> Captured {
        if let Ok(result) = tokio::time::timeout(patience, &mut self.result).await {
            return result.unwrap_or_else(|_| broken());
        }
        drop(self.stop);
        self.result.await.unwrap_or_else(|_| broken())
    }
}

/// The thread panicked. That is a bug of ours, and no reason to lose the command's result.
fn broken() -> Captured {
    Captured {
        output: String::new(),
        bytes: 0,
        log_problem: Some("the reader of the output broke off; please report this".to_owned()),
    }
}

fn read_all(mut source: PipeReader, stopped: &PipeReader, mut log: Log) -> Captured {
    let mut chunk = vec![0; CHUNK];
    let mut excerpt = Excerpt::default();
    let mut problem = None;
    // What may still be read after the stop: somebody may write for ever.
    let mut rest = None;
    loop {
        match wait(&source, stopped, rest.is_some()) {
            Next::Read => {}
            Next::Stop => {
                rest = Some(PIPE);
                continue;
            }
            Next::Nothing => break,
        }
        match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => {
                excerpt.add(&chunk[..count]);
                log.add(&chunk[..count]);
                rest = rest.map(|rest: usize| rest.saturating_sub(count));
                if rest == Some(0) {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                problem = Some(format!("the output could not be read to its end: {error}"));
                break;
            }
        }
    }
    Captured {
        bytes: excerpt.bytes(),
        output: excerpt.render(),
        log_problem: log.problem().or(problem),
    }
}

/// What to do next.
enum Next {
    /// There is something to read, or the end.
    Read,
    /// The stop came.
    Stop,
    /// The stop has come, and nothing is there.
    Nothing,
}

fn wait(source: &PipeReader, stopped: &PipeReader, has_stopped: bool) -> Next {
    let at_once = Timespec::default();
    loop {
        let mut both = [
            PollFd::new(source, PollFlags::IN),
            PollFd::new(stopped, PollFlags::IN),
        ];
        let (waited_for, limit) = if has_stopped {
            (&mut both[..1], Some(&at_once))
        } else {
            (&mut both[..], None)
        };
        match poll(waited_for, limit) {
            Err(Errno::INTR) => {}
            Ok(0) => return Next::Nothing,
            Ok(_) if !has_stopped && !both[1].revents().is_empty() => return Next::Stop,
            // If it failed, reading says what is wrong.
            Ok(_) | Err(_) => return Next::Read,
        }
    }
}

#[cfg(test)]
mod tests;
