//! The daemon's spans: where they go, if anywhere. A collector that cannot be had is no
//! reason not to start.

use crate::config::aurad::Settings;
use crate::config::{ProcessEnv, otlp};
use crate::connection;
use crate::telemetry::trace::{Collector, Exporting};

const PROGRAM: &str = "aurad";

/// Sends spans from now on, if a collector is asked for.
pub(super) fn begin(settings: &Settings) -> Option<Exporting> {
    let otlp = match otlp::collector(&settings.otlp_endpoint, &ProcessEnv) {
        Ok(otlp) => otlp?,
        Err(why) => {
            tracing::warn!("{why}");
            return None;
        }
    };
    let collector = Collector {
        endpoint: otlp.endpoint,
        authority: otlp.authority,
        program: PROGRAM,
        instance: connection::identity(PROGRAM),
    };
    match collector.export() {
        Ok(exporting) => {
            tracing::info!("spans are sent to {}", collector.endpoint);
            Some(exporting)
        }
        Err(error) => {
            tracing::warn!("{error}");
            None
        }
    }
}
