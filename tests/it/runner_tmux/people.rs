//! What people do to a window: look, type, and close it.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use aura::runner::HowEnded;

use super::{Desk, LIMIT, await_gone};
use crate::support::wait::{eventually, within};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_attaches_sees_and_types() {
    let Some(desk) = Desk::new() else { return };
    let script = "echo look at me; echo > started; read -r line < /dev/tty; echo heard $line; \
                  cat; exit 3";
    let running = Desk::start(&desk.host(), &desk.job("a", script));
    desk.await_file("started");
    assert_eq!(desk.windows(), ["aura-e:slice-a"]);

    let words = desk.host().attach_command("aura-e", "slice-a");
    let seen = desk.path("seen");
    let mut person = Command::new("script")
        .args(["-q", "-f", "-e", "-c", &words.join(" ")])
        .arg(&seen)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("script runs");
    eventually("a client is there", LIMIT, || {
        let clients = desk.tmux(&["list-clients", "-F", "#{session_name}"]).stdout;
        (clients == b"aura-e\n").then_some(())
    });
    eventually("the person sees it", LIMIT, || {
        let seen = fs::read(&seen).unwrap_or_default();
        String::from_utf8_lossy(&seen)
            .contains("look at me")
            .then_some(())
    });
    let mut keys = person.stdin.take().unwrap();
    keys.write_all(b"hello\r").unwrap();

    let ended = running.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(3));
    assert!(
        ended.output.contains("heard hello\nprompt\n"),
        "{}",
        ended.output
    );
    drop(keys);
    let left = within(LIMIT, || person.try_wait().expect("it can be waited for"));
    assert!(
        left.is_some(),
        "the attached client goes with the last window"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_by_hand_ends_its_command() {
    let Some(desk) = Desk::new() else { return };
    for (key, trap) in [("a", ""), ("b", "trap '' HUP TERM; ")] {
        let mut job = desk.job(
            key,
            &format!("{trap}echo $$ > {key}; while :; do sleep 1; done"),
        );
        job.kill_after = Duration::from_millis(200);
        let running = Desk::start(&desk.host(), &job);
        let pid = desk.await_file(key);
        let killed = desk.tmux(&["kill-window", "-t", &format!("aura-e:slice-{key}")]);
        assert!(killed.status.success(), "{killed:?}");
        let ended = running.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Signalled(1));
        await_gone(&pid);
    }
}
