//! The admin endpoint without a server: what it answers meanwhile, what it refuses, and
//! that nobody can hold it up.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::programs::{AURAD, Shell};
use crate::support::daemon::Daemon;
use crate::support::dead_ends::Refused;
use crate::support::http::{self, Answer};
use crate::support::sandbox::Sandbox;

const LIMIT: Duration = Duration::from_secs(30);

/// A daemon that waits for its server, and where its endpoint is.
fn waiting(sandbox: &Sandbox, refused: &Refused) -> (Daemon, String) {
    let daemon = Daemon::start(sandbox, AURAD, |command| {
        command.args(["--admin", "127.0.0.1:0", "--address", &refused.address()])
    });
    let line = daemon.wait_for_line("admin endpoint at http://", LIMIT);
    let (_, address) = line.rsplit_once("http://").unwrap();
    (daemon, address.to_owned())
}

fn get(address: &str, path: &str) -> Answer {
    http::get(address, path).expect("it answers")
}

#[test]
fn it_answers_before_there_is_a_server() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let (_daemon, address) = waiting(&sandbox, &refused);
    assert_eq!(get(&address, "/livez").body, "ok\n");
    let ready = get(&address, "/readyz");
    assert_eq!(ready.status, 503);
    assert!(
        ready
            .body
            .starts_with("[-]daemon failed: starting\n[-]connection failed: "),
        "{}",
        ready.body
    );
    assert!(ready.body.ends_with("\nreadyz check failed\n"));
    let json = get(&address, "/readyz?format=json");
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(json["ready"], false);
    for what in [
        "connection",
        "pollers",
        "audit_trail",
        "search_attributes",
        "engine",
    ] {
        assert!(json["checks"][what]["state"].is_string(), "{json}");
    }
    let version: serde_json::Value = serde_json::from_str(&get(&address, "/version").body).unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    let metrics = get(&address, "/metrics");
    assert!(metrics.head.contains("text/plain; version=0.0.4"));
    assert!(
        metrics.body.contains("\naura_ready 0\n"),
        "{}",
        metrics.body
    );
}

#[test]
fn it_is_only_read_and_knows_what_is_there() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let (_daemon, address) = waiting(&sandbox, &refused);
    let head = http::ask(&address, "HEAD", "/livez").unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert!(head.head.contains("content-length: 3"), "{}", head.head);
    for path in ["/", "/healthz", "/metrics/", "/debug/pprof"] {
        assert_eq!(get(&address, path).status, 404, "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "BREW"] {
        let answer = http::ask(&address, method, "/metrics").unwrap();
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.head.contains("allow: get, head"), "{}", answer.head);
    }
    // A body that never comes is not waited for.
    let begun = Instant::now();
    let request =
        format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9000000\r\n\r\n");
    assert_eq!(
        http::send(&address, request.as_bytes()).unwrap().status,
        200
    );
    assert!(begun.elapsed() < LIMIT);
}

#[test]
fn what_is_too_big_is_refused_and_what_is_no_http_ends() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let (mut daemon, address) = waiting(&sandbox, &refused);
    let big = "x".repeat(1_000_000);
    for request in [
        format!("GET /{big} HTTP/1.1\r\nHost: h\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\nHost: h\r\nCookie: {big}\r\n\r\n"),
        format!(
            "GET /livez HTTP/1.1\r\nHost: h\r\n{}\r\n",
            "A: b\r\n".repeat(1_000)
        ),
        "\u{1}\u{2}\u{3}\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ] {
        // A connection that is closed meanwhile is an answer, too.
        if let Ok(answer) = http::send(&address, request.as_bytes()) {
            let refused = (400..=431).contains(&answer.status) || answer.status == 505;
            assert!(refused, "{answer:?}");
        }
    }
    assert_eq!(get(&address, "/livez").status, 200);
    assert_eq!(daemon.exit_status(), None);
}

#[test]
fn those_who_say_nothing_hold_nobody_up() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let (_daemon, address) = waiting(&sandbox, &refused);
    let mut silent: Vec<TcpStream> = Vec::new();
    for turn in 0..200 {
        let mut stream = TcpStream::connect(&address).expect("it accepts");
        // Some have begun to say something.
        if turn % 2 == 0 {
            stream
                .write_all(b"GET /metrics HTTP/1.1\r\n")
                .expect("it reads");
        }
        silent.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(get(&address, "/livez").status, 200);
    }
    // And none of them is kept.
    for mut stream in silent {
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        let in_time = ended.as_ref().err().map(std::io::Error::kind);
        assert!(
            !matches!(
                in_time,
                Some(std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
            ),
            "{ended:?}"
        );
    }
}

#[test]
fn a_port_that_somebody_has_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Shell::new()
        .aurad(["--admin", &address, "--connect-timeout", "1ms"])
        .code(1);
    let told = format!(
        "the admin endpoint cannot listen on {address}, so aurad did not start: another process \
         listens there. --admin names another address (port 0 takes a free one), or none"
    );
    assert!(output.stderr.contains(&told), "{output}");
}

#[test]
fn there_is_none_unless_it_is_asked_for() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let daemon = Daemon::start(&sandbox, AURAD, |command| {
        command.args(["--address", &refused.address()])
    });
    daemon.wait_for_line("trying again in", LIMIT);
    let logs = daemon.logs();
    assert!(!logs.iter().any(|line| line.contains("admin")), "{logs:?}");
}
