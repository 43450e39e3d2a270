//! The admin endpoint: what those who look after the daemon ask it over HTTP.
//!
//! | path | what is answered |
//! |---|---|
//! | `/livez` | that the process answers; nothing outside it is asked |
//! | `/readyz` | each dependency with its state; 503 unless work is taken and all that is needed works |
//! | `/metrics` | all metrics, the SDK's and ours, as Prometheus reads them |
//! | `/version` | which aurad this is |
//!
//! No answer asks anything of a server or a disk: tasks in the background do, again and
//! again, and the answer is what they have found.

mod answer;
mod counts;
mod health;
mod meter;
mod page;
mod probe;
mod process;
mod serve;

use std::net::SocketAddr;
use std::sync::Arc;

use temporalio_common::telemetry::TelemetryOptions;
use temporalio_common::telemetry::metrics::TemporalMeter;

use health::Health;
pub(super) use probe::Watched;

/// The endpoint, if there is one, and what it tells.
pub(super) struct Admin {
    pub(super) health: Arc<Health>,
    is_open: bool,
}

impl Admin {
    /// Takes the port, if there is to be an endpoint, and answers from now on until the
    /// process ends.
    pub(super) fn open(address: Option<SocketAddr>) -> Result<Self, String> {
        let health = Arc::new(Health::default());
        if let Some(address) = address {
            let listener = serve::bind(address)?;
            let bound = listener.local_addr().unwrap_or(address);
            tracing::info!("admin endpoint at http://{bound}");
            page::begin();
            let asked = answer::Asked::new(Arc::clone(&health));
            // It ends with the runtime.
            tokio::spawn(serve::serve(listener, Arc::new(asked)));
        }
        Ok(Self {
            health,
            is_open: address.is_some(),
        })
    }

    /// What the SDK is told to record its metrics with: nothing, if nobody may ask.
    pub(super) fn telemetry(&self) -> TelemetryOptions {
        if self.is_open {
            meter::options()
        } else {
            TelemetryOptions::default()
        }
    }

    /// The same for a connection.
    pub(super) fn meter(&self) -> Option<TemporalMeter> {
        self.is_open.then(meter::of_connection).flatten()
    }

    /// Looks after what work depends on, if anybody may ask.
    pub(super) fn watch(&self, watched: Watched) {
        if self.is_open {
            tokio::spawn(counts::keep(watched.client.clone()));
            probe::watch(&self.health, watched);
        }
    }
}
