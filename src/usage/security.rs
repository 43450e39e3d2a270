//! The flags of a connection's security, which both programs have.

use std::path::PathBuf;

use clap::Args;

use crate::config::AccessFlags;

/// How the connection is secured.
#[derive(Debug, Args)]
#[command(next_help_heading = "Security of the connection")]
pub struct SecurityArgs {
    #[arg(
        long,
        value_name = "NAME",
        help = "Profile of temporal.toml\n[env: TEMPORAL_PROFILE] [default: default]"
    )]
    profile: Option<String>,

    #[arg(long, help = "Use TLS [env: TEMPORAL_TLS]")]
    tls: bool,

    #[arg(
        long,
        value_name = "FILE",
        help = "CA of the server's certificate, PEM\n[env: TEMPORAL_TLS_SERVER_CA_CERT_PATH]"
    )]
    tls_ca_path: Option<PathBuf>,

    #[arg(
        long,
        value_name = "FILE",
        help = "Client certificate, PEM\n[env: TEMPORAL_TLS_CLIENT_CERT_PATH]"
    )]
    tls_cert_path: Option<PathBuf>,

    #[arg(
        long,
        value_name = "FILE",
        help = "Its private key, PEM\n[env: TEMPORAL_TLS_CLIENT_KEY_PATH]"
    )]
    tls_key_path: Option<PathBuf>,

    #[arg(
        long,
        value_name = "NAME",
        help = "Name in the server's certificate\n[env: TEMPORAL_TLS_SERVER_NAME]"
    )]
    tls_server_name: Option<String>,

    #[arg(
        long,
        value_name = "FILE",
        help = "File with the API key; TEMPORAL_API_KEY has the key itself\n\
                [env: TEMPORAL_API_KEY_FILE]"
    )]
    api_key_file: Option<PathBuf>,
}

impl From<SecurityArgs> for AccessFlags {
    fn from(args: SecurityArgs) -> Self {
        let SecurityArgs {
            profile,
            tls,
            tls_ca_path,
            tls_cert_path,
            tls_key_path,
            tls_server_name,
            api_key_file,
        } = args;
        Self {
            profile,
            tls,
            tls_ca_path,
            tls_cert_path,
            tls_key_path,
            tls_server_name,
            api_key_file,
        }
    }
}
