//! The flags about what the daemon tells of its work: its log, and its spans.

use clap::Args;

/// What is told, and to whom.
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    #[arg(
        long,
        value_name = "FORM",
        help = "Form of the log: text, json, journald or auto, which is\n\
                journald where standard error is the journal, else text\n\
                [env: AURAD_LOG_FORMAT] [default: auto]"
    )]
    pub(super) log_format: Option<String>,

    #[arg(
        long,
        value_name = "URL",
        help = "Collector that spans are sent to, by OTLP over gRPC\n\
                [env: OTEL_EXPORTER_OTLP_ENDPOINT] [default: none]"
    )]
    pub(super) otlp_endpoint: Option<String>,
}
