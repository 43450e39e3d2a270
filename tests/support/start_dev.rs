//! How a development server is started: its ports, its settings, and how it is
//! told that it is ready. It deliberately has no opinion on how long a server
//! lives and who uses it; that is `server`.

use std::{
    env,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{
    guard::{self, Guarded},
    lines::Lines,
    ports, wait,
};

/// It takes well under a second on an idle machine.
const START_LIMIT: Duration = Duration::from_mins(1);

/// How often a start is repeated that lost the race for a port.
const ATTEMPTS: usize = 5;

/// Without the first, a search attribute is unknown for up to a minute after it
/// was registered; without the second, an id can be refused for a second after
/// its last start.
const DYNAMIC_CONFIG: [(&str, &str); 2] = [
    ("system.forceSearchAttributesCacheRefreshOnRead", "true"),
    ("history.workflowIdReuseMinimalInterval", "\"0s\""),
];

/// What a server of a test's own may have.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// Where it keeps its state; in memory without it.
    pub database: Option<PathBuf>,
    /// Dynamic configuration on top of what every server here gets: keys, and
    /// values in JSON. The last value of a key counts.
    pub dynamic_config: Vec<(&'static str, &'static str)>,
    /// Search attributes and their types. The server looks at them only when it
    /// creates its namespace, so they can't be added to an existing database.
    pub search_attributes: Vec<(&'static str, &'static str)>,
}

/// The ports it binds that can be chosen. Behind them it binds more, at random.
#[derive(Clone, Copy)]
pub struct Ports {
    /// The frontend that clients connect to.
    pub grpc: u16,
    http: u16,
    metrics: u16,
}

impl Ports {
    /// Three free ones.
    pub fn free() -> Self {
        Self {
            grpc: ports::free(),
            http: ports::free(),
            metrics: ports::free(),
        }
    }
}

/// A server that answers.
pub struct Started {
    /// Where it listens.
    pub ports: Ports,
    /// Its process.
    pub process: Guarded,
    /// What it prints.
    pub log: Lines,
}

/// Starts a server on the ports that `choose` gives. Every failure is tried
/// again with another choice, because a race for a port is lost in many words:
/// the servers behind the frontend pick ports of their own.
pub fn start(
    binary: &Path,
    options: &ServerOptions,
    choose: impl Fn() -> Ports,
) -> Result<Started, String> {
    let deadline = Instant::now() + START_LIMIT;
    let mut attempt = 1;
    loop {
        let started = start_once(binary, options, choose());
        if started.is_ok() || attempt == ATTEMPTS || Instant::now() >= deadline {
            return started;
        }
        attempt += 1;
    }
}

fn start_once(binary: &Path, options: &ServerOptions, ports: Ports) -> Result<Started, String> {
    let log = Lines::default();
    let mut command = command(binary, options, ports);
    let mut process = Guarded::spawn(bare(&mut command), &log, &log)
        .map_err(|error| format!("no shell to start the Temporal server with: {error}"))?;
    let ended = wait::within(START_LIMIT, || match process.exit_status() {
        Some(status) => Some(Some(status)),
        None => answers(ports).then_some(None),
    });
    let why = match ended {
        Some(None) => {
            return Ok(Started {
                ports,
                process,
                log,
            });
        }
        Some(Some(status)) => format!("ended with {status}"),
        None => format!("did not answer within {START_LIMIT:?}"),
    };
    log.wait_end(Duration::from_secs(1));
    Err(format!(
        "the Temporal server {why}:\n{}",
        log.tail(20).join("\n")
    ))
}

fn command(binary: &Path, options: &ServerOptions, ports: Ports) -> Command {
    let mut command = guard::command(binary);
    command.args(["server", "start-dev", "--headless", "--log-level", "error"]);
    command.args(["--ip", &Ipv4Addr::LOCALHOST.to_string()]);
    let Ports {
        grpc,
        http,
        metrics,
    } = ports;
    for (flag, port) in [
        ("--port", grpc),
        ("--http-port", http),
        ("--metrics-port", metrics),
    ] {
        command.args([flag, &port.to_string()]);
    }
    if let Some(database) = &options.database {
        command.arg("--db-filename").arg(database);
    }
    for (key, value) in DYNAMIC_CONFIG.iter().chain(&options.dynamic_config) {
        command.args(["--dynamic-config-value", &format!("{key}={value}")]);
    }
    for (name, kind) in &options.search_attributes {
        command.args(["--search-attribute", &format!("{name}={kind}")]);
    }
    command
}

/// No home folder: with one, Temporal reads its owner's settings, and leaves
/// files there.
pub fn bare(command: &mut Command) -> &mut Command {
    command
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
}

/// Whether the server can work, not merely listen: asked over HTTP for a
/// workflow that isn't there, only frontend, history and store together can say
/// so. Anything else is an answer of a server that is still starting.
fn answers(ports: Ports) -> bool {
    let ask = || -> io::Result<bool> {
        TcpStream::connect((Ipv4Addr::LOCALHOST, ports.grpc))?;
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, ports.http))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(
            b"GET /api/v1/namespaces/default/workflows/none HTTP/1.1\r\n\
              Host: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.contains("workflow not found"))
    };
    ask().unwrap_or(false)
}
