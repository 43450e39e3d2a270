//! The lives of daemons and epochs: how a daemon finds its server, stops, dies and goes
//! on; how an epoch is ended before its time, and begun again.

mod cancelling;
mod connecting;
mod going_on;
mod restarting;
mod stopping;
mod terminating;

use std::time::Duration;

/// What a daemon does by itself comes within this time, however loaded the machine is.
const LIMIT: Duration = Duration::from_mins(1);
