//! What can make a run stop before its command ends by itself: the caller's wish, or a
//! later run of the same key.

use tokio::sync::watch;

use super::turns::Turn;
use super::{Reason, Stop};

/// Both, as one thing to wait for. It holds the key's turn.
#[derive(Debug)]
pub(super) struct Interrupt {
    stop: watch::Receiver<Option<Stop>>,
    turn: Turn,
}

impl Interrupt {
    /// Of a run with this turn.
    pub(super) fn new(stop: watch::Receiver<Option<Stop>>, turn: Turn) -> Self {
        Self { stop, turn }
    }

    /// Waits for a reason to stop. It can be waited for again, and gives one again.
    pub(super) async fn asked(&mut self) -> Reason {
        tokio::select! {
            biased;
            reason = stopped(&mut self.stop) => reason,
            () = self.turn.superseded() => Reason::Superseded,
        }
    }

    /// What the run is for; none if it is an end.
    pub(super) fn run(&self) -> Option<&str> {
        self.turn.run()
    }

    /// If who came last asks for something else than this run does.
    pub(super) fn is_in_the_way(&self) -> bool {
        self.turn.is_in_the_way()
    }

    /// If nobody else in this process works on the key.
    pub(super) fn is_alone(&self) -> bool {
        self.turn.is_alone()
    }
}

async fn stopped(stop: &mut watch::Receiver<Option<Stop>>) -> Reason {
    // A copy, as what is borrowed must not be held across anything.
    let stop = stop.wait_for(Option::is_some).await.map(|stop| *stop);
    match stop {
        Ok(Some(stop)) => stop.into(),
        // Who could have asked is gone, so nobody will.
        Ok(None) | Err(_) => std::future::pending().await,
    }
}
