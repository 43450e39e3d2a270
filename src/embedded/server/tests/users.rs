//! Another user of the same machine. Needs root, who alone can be somebody else.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::geteuid;

use super::*;

/// Nobody's, on every Linux.
const OTHER: u32 = 65_534;

/// Connects and says something; the first words of the answer, if there is one.
const SPEAK: &str = r#"
trap '' PIPE
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET / HTTP/1.1\r\n\r\n' >&3 2>/dev/null
head -c 12 <&3 2>/dev/null
exit 0
"#;

fn root(test: &str) -> bool {
    if geteuid().is_root() {
        return true;
    }
    assert_ne!(
        env::var("CI").as_deref(),
        Ok("true"),
        "{test} must run as root where CI=true"
    );
    eprintln!("SKIPPED: {test} needs root, to connect as another user");
    false
}

async fn heard_by(uid: u32, server: &Server) -> String {
    let port = server.address.port().to_string();
    let mut command = Command::new("bash");
    command
        .args(["-c", SPEAK, "bash", &port])
        .current_dir("/")
        .uid(uid)
        .gid(uid);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn allowing(access: Access) -> Server {
    let options = Options {
        access,
        ..Options::default()
    };
    Server::with(echo(), options)
}

#[tokio::test]
async fn another_user_is_refused() {
    if !root("another_user_is_refused") {
        return;
    }
    let server = Server::start(echo());
    assert_eq!(heard_by(OTHER, &server).await, "");
    assert_eq!(heard_by(geteuid().as_raw(), &server).await, "HTTP/1.1 400");
    assert_eq!(heard_by(OTHER, &server).await, "");
    server.stop().await;
}

#[tokio::test]
async fn another_user_may_be_allowed() {
    if !root("another_user_may_be_allowed") {
        return;
    }
    for access in [Access::Users(BTreeSet::from([OTHER])), Access::Everybody] {
        let server = allowing(access);
        for uid in [OTHER, geteuid().as_raw()] {
            assert_eq!(heard_by(uid, &server).await, "HTTP/1.1 400");
        }
        server.stop().await;
    }
    let server = allowing(Access::Users(BTreeSet::from([OTHER - 1])));
    assert_eq!(heard_by(OTHER, &server).await, "");
    server.stop().await;
}
