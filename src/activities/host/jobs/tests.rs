//! Who waits for a command, and when it is ended.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::{End, Jobs};
use crate::runner::{Ended, HowEnded, Reason, Stop};

fn ended(how: HowEnded) -> Ended {
    Ended {
        how,
        output: String::new(),
        log: PathBuf::new(),
        bytes: 0,
        log_problem: None,
    }
}

/// Goes on until it is told to stop.
async fn endless(mut stop: watch::Receiver<Option<Stop>>) -> End {
    let told = stop.wait_for(Option::is_some).await.map(|told| *told);
    let reason = match told {
        Ok(Some(Stop::Shutdown)) => Reason::Shutdown,
        _ => Reason::Cancelled,
    };
    Ok((ended(HowEnded::Stopped(reason)), None))
}

fn how(end: End) -> HowEnded {
    end.unwrap().0.how
}

#[tokio::test]
async fn attempts_at_one_run_share_its_command() {
    let jobs = Arc::new(Jobs::new(1));
    let count = Arc::new(AtomicUsize::new(0));
    let begin = || {
        let count = Arc::clone(&count);
        move |stop| async move {
            count.fetch_add(1, Ordering::Relaxed);
            endless(stop).await
        }
    };
    let first = jobs.attend("k", "r1", begin());
    let mut second = jobs.attend("k", "r1", begin());
    // The first is given up, as after a machine's sleep; the second has come meanwhile.
    first.leave(Duration::ZERO);
    let mut third = jobs.attend("k", "r1", begin());
    third.stop(Stop::Shutdown);
    assert_eq!(how(third.end().await), HowEnded::Stopped(Reason::Shutdown));
    assert_eq!(how(second.end().await), HowEnded::Stopped(Reason::Shutdown));
    assert_eq!(count.load(Ordering::Relaxed), 1);
    drop((second, third));
    // Another run is another command, and so is the same one once it was told to stop.
    let mut other = jobs.attend("k", "r2", begin());
    other.stop(Stop::Cancel);
    assert_eq!(how(other.end().await), HowEnded::Stopped(Reason::Cancelled));
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_command_that_no_attempt_comes_for_is_ended() {
    let jobs = Arc::new(Jobs::new(1));
    let (tell, mut told) = watch::channel(false);
    let only = jobs.attend("k", "r1", move |stop| async move {
        let end = endless(stop).await;
        tell.send_replace(true);
        end
    });
    only.leave(Duration::ZERO);
    told.wait_for(|told| *told).await.unwrap();
}

#[test]
fn a_command_that_never_starts_is_given_up() {
    let jobs = Jobs::new(1);
    let tries = (1..100).take_while(|_| !jobs.gives_up("k")).count();
    assert_eq!(tries, 4);
    assert!(!jobs.gives_up("k"), "it counts anew");
    jobs.has_begun("k");
}
