//! The server of a scenario: Temporal's own, or the embedded engine. Which of them is the
//! crate's [`TARGET`](crate::TARGET); what a scenario does with it is the same.

use std::sync::OnceLock;
use std::time::Duration;

use crate::TARGET;
use crate::support::binary;
use crate::support::engine::EngineServer;
use crate::support::output::Output;
use crate::support::sandbox::Sandbox;
use crate::support::server::{ServerOptions, TemporalServer, temporal};
use crate::support::wait::eventually;

/// What Temporal's command line says where a server is not there, or goes meanwhile.
const GONE: [&str; 5] = [
    "failed reaching server",
    "navailable",
    "connection re",
    "EOF",
    "deadline exceeded",
];

/// A server that was killed is back by then.
const AGAIN_LIMIT: Duration = Duration::from_mins(1);

/// What a test crate runs its scenarios on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "each test crate has one of them")]
pub enum Target {
    /// Temporal's development server.
    Temporal,
    /// `aurad --embedded`.
    Embedded,
}

/// How a server of a test's own differs from the usual one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// After how many events it suggests a new run, in digits.
    pub suggest_continue_as_new: Option<&'static str>,
    /// Tasks are handed out as fast as they come, where usually it is twenty a second. The
    /// engine always does.
    pub unthrottled: bool,
}

/// A running server; it ends on drop, and with the test process.
pub enum Server {
    Temporal(Box<TemporalServer>),
    Embedded(Box<EngineServer>),
    /// One at this address that others kill and start: the engine in a test's own daemon, or
    /// a server that is a fault's business.
    At(String),
}

impl Server {
    /// The server that all tests of this process share; started when first asked for.
    /// `None` means that there can be none here: the test has been reported as skipped and
    /// should return.
    #[track_caller]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Server> = OnceLock::new();

        binary::locate_or_skip()?;
        Some(SHARED.get_or_init(|| {
            Self::start(Options::default()).expect("Temporal's program has been found")
        }))
    }

    /// A server of the test's own. `None` as in [`Self::shared`]: scenarios look at what
    /// happened through Temporal's command line, on either server.
    #[track_caller]
    pub fn start(options: Options) -> Option<Self> {
        binary::locate_or_skip()?;
        match TARGET {
            Target::Temporal => {
                let mut dynamic_config = Vec::new();
                if let Some(events) = options.suggest_continue_as_new {
                    dynamic_config.push(("limit.historyCount.suggestContinueAsNew", events));
                }
                if options.unthrottled {
                    dynamic_config.push(("history.transferProcessorMaxPollRPS", "1000"));
                }
                let server = TemporalServer::start(ServerOptions {
                    dynamic_config,
                    ..ServerOptions::default()
                })?;
                Some(Self::Temporal(Box::new(server)))
            }
            Target::Embedded => {
                let events = options.suggest_continue_as_new;
                let env = events.map(|events| ("AURA_SUGGEST_CONTINUE_AS_NEW", events));
                let server = EngineServer::start(env!("CARGO_BIN_EXE_aurad"), env.as_slice());
                Some(Self::Embedded(Box::new(server)))
            }
        }
    }

    /// One that comes and goes there, by the doing of whoever has its process.
    pub fn at(address: &str) -> Self {
        Self::At(address.to_owned())
    }

    /// A server of the test's own that keeps what it acknowledged in a file, so that it can be
    /// killed. `None` as in [`Self::shared`].
    #[track_caller]
    pub fn start_lasting(folder: &Sandbox) -> Option<Self> {
        if TARGET == Target::Embedded {
            return Self::start(Options::default());
        }
        let options = ServerOptions {
            database: Some(folder.path().join("temporal.db")),
            ..ServerOptions::default()
        };
        Some(Self::Temporal(Box::new(TemporalServer::start(options)?)))
    }

    /// Host and port of its frontend.
    pub fn address(&self) -> String {
        match self {
            Self::Temporal(server) => server.address(),
            Self::Embedded(server) => server.address(),
            Self::At(address) => address.clone(),
        }
    }

    /// Runs Temporal's own command line against this server.
    #[must_use = "a command whose result nobody looks at tests nothing"]
    #[track_caller]
    pub fn cli<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        let program = binary::locate_or_skip().expect("there is a server, so there is this");
        let args: Vec<String> = args
            .into_iter()
            .map(|arg| arg.as_ref().to_owned())
            .collect();
        let ask = || temporal(&program, &self.address(), &args);
        match self {
            Self::Temporal(_) | Self::Embedded(_) => ask(),
            // It may go at any moment; nothing that is asked here does harm when repeated.
            Self::At(_) => eventually("the server is there", AGAIN_LIMIT, || {
                let answer = ask();
                let is_gone = GONE.iter().any(|gone| answer.stderr.contains(gone));
                (answer.code == 0 || !is_gone).then_some(answer)
            }),
        }
    }

    /// SIGKILL: it loses what it has not written.
    pub fn kill_hard(&mut self) {
        match self {
            Self::Temporal(server) => server.kill_hard(),
            Self::Embedded(server) => {
                server.daemon().kill();
            }
            Self::At(_) => self.is_no_process(),
        }
    }

    /// SIGSTOP; from then on it keeps its ports and connections and answers nothing.
    pub fn pause(&mut self) {
        match self {
            Self::Temporal(server) => server.pause(),
            Self::Embedded(server) => server.daemon().pause(),
            Self::At(_) => self.is_no_process(),
        }
    }

    /// SIGCONT: ends a [`Self::pause`].
    pub fn resume(&mut self) {
        match self {
            Self::Temporal(server) => server.resume(),
            Self::Embedded(server) => server.daemon().resume(),
            Self::At(_) => self.is_no_process(),
        }
    }

    /// Starts it again on the same port, after killing it if it still runs; returns when it
    /// answers.
    #[track_caller]
    pub fn restart(&mut self) {
        match self {
            Self::Temporal(server) => server.restart(),
            Self::Embedded(server) => server.restart(),
            Self::At(_) => self.is_no_process(),
        }
    }

    fn is_no_process(&self) -> ! {
        panic!("whoever has the process of {} does that", self.address())
    }
}
