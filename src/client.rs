//! Typed calls to epochs, each with a deadline. A message is sent as a signal, which is
//! durable at once, and confirmed by a query, which is answered after the signal was
//! applied: so a vote that is cast while no worker is up is late, never lost.

mod ask;
mod audit;
mod call;
mod confirm;
mod deadline;
mod epoch;
mod error;
#[cfg(test)]
mod fake;
mod health;
mod list;
mod looks;
mod slices;
mod status;
mod survey;
mod terminate;
mod watch;

pub use audit::Chain;
pub use call::Client;
pub use confirm::{Confirmation, Delivery};
pub use deadline::Deadline;
pub use epoch::{IfExists, NewEpoch, Started};
pub use error::Error;
pub use health::{AttributeSeen, Clock, NamespaceSeen, Poller, ServerSeen, Tasks};
pub use list::{Listed, Standing, Wanted};
pub use survey::{Late, Left, Lefts, Open, OpenEpochs, Wedged};
