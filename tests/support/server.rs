//! A real Temporal development server. Tests that only need *a* server share
//! one per test process; tests that stop, freeze or restart it start their own.
//! It deliberately offers no client: tests talk to it with the programs under
//! test, or with Temporal's own command line through [`TemporalServer::cli`].

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use super::{
    binary,
    guard::Guarded,
    lines::Lines,
    output::{Output, run_limited},
    start_dev::{self, Ports},
};

pub use super::start_dev::ServerOptions;

const CLI_LIMIT: Duration = Duration::from_secs(30);

/// A running server; it is killed on drop, and when the test process ends in
/// whatever way.
pub struct TemporalServer {
    binary: PathBuf,
    options: ServerOptions,
    ports: Ports,
    process: Guarded,
    log: Lines,
}

impl TemporalServer {
    /// The server that all tests of this process share, in memory; started when
    /// first asked for. `None` means that there can be none here: the test has
    /// been reported as skipped and should return.
    #[track_caller]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Result<TemporalServer, String>> = OnceLock::new();

        let binary = binary::locate_or_skip()?;
        let shared = SHARED.get_or_init(|| Self::launch(binary, ServerOptions::default()));
        match shared {
            Ok(server) => Some(server),
            Err(why) => panic!("{why}"),
        }
    }

    /// A server of the test's own. `None` as in [`Self::shared`].
    #[track_caller]
    pub fn start(options: ServerOptions) -> Option<Self> {
        match Self::launch(binary::locate_or_skip()?, options) {
            Ok(server) => Some(server),
            Err(why) => panic!("{why}"),
        }
    }

    /// Host and port of its frontend.
    pub fn address(&self) -> String {
        format!("{}:{}", Ipv4Addr::LOCALHOST, self.ports.grpc)
    }

    /// Runs Temporal's own command line against this server.
    #[must_use = "a command whose result nobody looks at tests nothing"]
    #[track_caller]
    pub fn cli<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        temporal(&self.binary, &self.address(), args)
    }

    /// Everything it has printed since its last start.
    pub fn logs(&self) -> Vec<String> {
        self.log.all()
    }

    /// SIGKILL: it loses what it has not written.
    pub fn kill_hard(&mut self) {
        self.process.kill();
    }

    /// SIGSTOP; from then on it keeps its ports and connections and answers nothing.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// SIGCONT: ends a [`Self::pause`].
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// Starts it again with the same options, ports and database, after killing
    /// it if it still runs; returns when it answers.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill_hard();
        match start_dev::start(&self.binary, &self.options, || self.ports) {
            Ok(started) => (self.process, self.log) = (started.process, started.log),
            Err(why) => panic!("{why}"),
        }
    }

    fn launch(binary: PathBuf, options: ServerOptions) -> Result<Self, String> {
        let started = start_dev::start(&binary, &options, Ports::free)?;
        let start_dev::Started {
            ports,
            process,
            log,
        } = started;
        Ok(Self {
            binary,
            options,
            ports,
            process,
            log,
        })
    }
}

/// Runs Temporal's command line against a server of this address.
#[track_caller]
pub fn temporal<S: AsRef<str>>(
    program: &Path,
    address: &str,
    args: impl IntoIterator<Item = S>,
) -> Output {
    let mut command = Command::new(program);
    for arg in args {
        command.arg(arg.as_ref());
    }
    command.args(["--address", address, "--disable-config-file"]);
    match run_limited(start_dev::bare(&mut command), "", CLI_LIMIT) {
        Ok(output) => output,
        Err(error) => panic!("{} can't be run: {error}", program.display()),
    }
}
