//! Watching an epoch, and waiting for its end from its start.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{LIMIT, ready};
use crate::failures;
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::world::World;

/// Watches the world's epoch.
fn watch(world: &World, args: &[&str]) -> Daemon {
    let program = env!("CARGO_BIN_EXE_aura-msg");
    Daemon::start(&world.sandbox, program, |command| {
        command
            .args(["epoch", "watch"])
            .args(args)
            .env("TEMPORAL_ADDRESS", &world.address)
            .env("AURA_EPOCH_ID", &world.epoch)
    })
}

/// What was told so far, line by line.
fn told(watch: &Daemon) -> Vec<Value> {
    let lines = watch.stdout();
    let read = |line: &String| serde_json::from_str(line).expect("a line is JSON");
    lines.iter().map(read).collect()
}

#[track_caller]
fn wait_for_phase(watch: &Daemon, phase: &str) {
    eventually(&format!("{phase} is told"), LIMIT, || {
        let last = told(watch).pop()?;
        (last["current_phase"] == phase).then_some(())
    });
}

#[test]
fn each_change_is_told_once_until_the_end() {
    let Some((world, mut daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let mut watch = watch(&world, &["--format", "jsonl"]);
    wait_for_phase(&watch, "p1");
    world.advance_through(&["p2"]);
    wait_for_phase(&watch, "p2");
    // The daemon goes and comes; who watches is not told of it.
    daemon.restart();
    daemon.wait_ready();
    world.advance_through(&["p3"]);
    wait_for_phase(&watch, "p3");
    let _ = world.say("epoch terminate").ok();
    assert_eq!(watch.wait_exit(LIMIT).code(), Some(0));
    let told = told(&watch);
    let phases: Vec<&str> = told
        .iter()
        .map(|line| line["current_phase"].as_str().unwrap())
        .collect();
    assert_eq!(phases, ["p1", "p2", "p3", "p3"]);
    assert_eq!(told[3]["status"], "terminated");
    assert!(watch.logs().is_empty(), "{:?}", watch.logs());
}

/// A daemon with an engine inside is its server, too; here both go at once, with no word.
#[test]
fn a_watch_outlives_its_server() {
    let Some(world) = World::alone() else {
        return;
    };
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let mut watch = watch(&world, &["--format", "jsonl"]);
    wait_for_phase(&watch, "p1");
    daemon.kill();
    daemon.restart();
    daemon.wait_ready();
    world.advance_through(&["p2"]);
    wait_for_phase(&watch, "p2");
    let _ = world.say("epoch cancel").ok();
    assert_eq!(watch.wait_exit(LIMIT).code(), Some(0));
    assert!(watch.logs().is_empty(), "{:?}", watch.logs());
}

#[test]
fn a_watch_has_the_limit_that_is_typed_and_no_other() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let said = world.say("epoch watch --timeout 5s --format jsonl").code(5);
    assert_eq!(said.stdout.lines().count(), 1, "{said}");
    assert!(said.stderr.contains("wait_timeout"), "{said}");
    let _ = world.say("epoch cancel").ok();
    let said = world.say("epoch watch").ok();
    assert!(said.stdout.contains("Status:   cancelled"), "{said}");
}

/// tmux, with a server of this test's own, if there is one.
struct Terminal {
    socket: String,
}

impl Terminal {
    fn open(world: &World, line: &str) -> Option<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(1);

        // The one before it may still be ending.
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let socket = world.sandbox.path().join(format!("tmux-{number}"));
        let terminal = Self {
            socket: socket.display().to_string(),
        };
        Command::new("tmux").arg("-V").output().ok()?;
        let size = ["-x", "100", "-y", "40"];
        let shell = format!("trap : INT; {line}; echo ended with $?; exec cat");
        let new = [&["new-session", "-d"][..], &size, &["sh", "-c", &shell]].concat();
        let _ = terminal.tmux(&new);
        Some(terminal)
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-S", &self.socket, "-f", "/dev/null"])
            .args(args)
            .output()
            .expect("tmux can be run");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    fn wait_for(&self, text: &str) -> String {
        eventually(&format!("{text:?} is on the screen"), LIMIT, || {
            let screen = self.tmux(&["capture-pane", "-p"]);
            screen.contains(text).then_some(screen)
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

#[test]
fn a_terminal_is_drawn_again_and_left_as_it_was() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let line = format!(
        "TEMPORAL_ADDRESS={} {} epoch watch --epoch-id {}",
        world.address,
        env!("CARGO_BIN_EXE_aura-msg"),
        world.epoch
    );
    let Some(terminal) = Terminal::open(&world, &line) else {
        return;
    };
    terminal.wait_for("▶p1 ·p2");
    world.advance_through(&["p2"]);
    let screen = terminal.wait_for("✓p1 ▶p2");
    assert!(!screen.contains("▶p1"), "{screen}");
    assert_eq!(screen.matches("Epoch:  ").count(), 1, "{screen}");
    terminal.tmux(&["send-keys", "C-c"]);
    let screen = terminal.wait_for("ended with 130");
    let at = |text: &str| screen.find(text).expect("it is on the screen");
    assert!(at("▶p2") < at("ended with"), "{screen}");
    // The cursor is there, and what is typed is echoed.
    terminal.tmux(&["send-keys", "still here"]);
    terminal.wait_for("still here");
    assert_eq!(
        terminal.tmux(&["display-message", "-p", "#{cursor_flag} #{alternate_on}"]),
        "1 0\n"
    );
}

/// A shell's line that runs `aura-msg` about the world's epoch in a terminal.
fn typed(world: &World, words: &str) -> String {
    let (address, program) = (&world.address, env!("CARGO_BIN_EXE_aura-msg"));
    let epoch = &world.epoch;
    format!("TEMPORAL_ADDRESS={address} AURA_EPOCH_ID={epoch} {program} {words}")
}

#[test]
fn a_long_wait_shows_that_it_waits_and_takes_it_back() {
    const SIGN: &str = "waiting for the epoch to come there, ";
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let wait = typed(&world, "epoch wait --until p2 --timeout 1m");
    let Some(terminal) = Terminal::open(&world, &wait) else {
        return;
    };
    terminal.wait_for(SIGN);
    world.advance_through(&["p2"]);
    let screen = terminal.wait_for("ended with 0");
    assert!(!screen.contains(SIGN), "{screen}");
    assert!(screen.contains("p2"), "{screen}");
    drop(terminal);

    let wait = typed(&world, "epoch wait --until p3 --timeout 1m");
    let terminal = Terminal::open(&world, &wait).expect("there is tmux");
    terminal.wait_for(SIGN);
    terminal.tmux(&["send-keys", "C-c"]);
    let screen = terminal.wait_for("ended with 130");
    assert!(!screen.contains(SIGN), "{screen}");
    drop(terminal);

    // Programs are told nothing of it, in a terminal or not, and files are not, either.
    let file = world.sandbox.path().join("said");
    let wait = typed(&world, "epoch wait --until p3 --timeout 3s");
    for line in [
        format!("{wait} --format json"),
        format!("{wait} 2> {}", file.display()),
    ] {
        let terminal = Terminal::open(&world, &line).expect("there is tmux");
        eventually("the wait ends", LIMIT, || {
            let screen = terminal.tmux(&["capture-pane", "-p"]);
            assert!(!screen.contains(SIGN), "{screen}");
            screen.contains("ended with 5").then_some(())
        });
    }
    let said = fs::read_to_string(file).expect("something was said");
    assert!(said.starts_with("not confirmed: "), "{said}");
    let said = world.say("epoch wait --until p3 --timeout 3s").code(5);
    assert!(!said.stderr.contains(SIGN), "{said}");
}

#[test]
fn a_terminal_gets_colour_unless_it_wants_none() {
    const NOW: &str = "\x1b[1m\x1b[36m▶p1";
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let shown = |before: &str, words: &str| {
        let line = format!("{before} {}", typed(&world, words));
        let terminal = Terminal::open(&world, &line)?;
        terminal.wait_for("ended with 0");
        Some(terminal.tmux(&["capture-pane", "-p", "-e"]))
    };
    let Some(screen) = shown("", "epoch show") else {
        return;
    };
    assert!(screen.contains(NOW), "{screen:?}");
    for (before, words) in [
        ("NO_COLOR=1", "epoch show"),
        ("", "epoch show --color never"),
        ("", "epoch show --color always --format json"),
    ] {
        let screen = shown(before, words).expect("there is tmux");
        assert!(!screen.contains("\x1b["), "{before} {words}: {screen:?}");
    }
    assert!(!world.say("epoch show").ok().stdout.contains('\x1b'));
    let forced = world.say("epoch show --color always").ok();
    assert!(forced.stdout.contains(NOW), "{forced}");
}

#[test]
fn a_start_can_wait_for_the_end() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let said = failures::of(&world, 5, "epoch start --if-exists use --wait --timeout 5s");
    assert_eq!(said["code"], "wait_timeout", "{said}");
    let wait = "epoch start --if-exists use --wait --format json";
    thread::scope(|scope| {
        let waiting = scope.spawn(|| world.say(wait));
        world.advance_through(&["p2", "p3", "p4"]);
        world.accept();
        world.advance_through(&["p5", "p6", "p7", "p8", "p9", "p10"]);
        world.accept();
        world.advance_through(&["p11", "p12", "complete"]);
        let said = waiting.join().expect("the wait ends").ok().json();
        assert_eq!(
            (&said["existed"], &said["status"]),
            (&json!(true), &json!("complete")),
        );
        assert_eq!(said["successful_transition_count"], 12);
    });
    let other = world.beside(&format!("{}-2", world.epoch));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| other.say("epoch start --wait --format json").code(3));
        eventually("it runs", LIMIT, || {
            (other.say("epoch show").code == 0).then_some(())
        });
        let _ = other.say("epoch cancel").ok();
        let said = waiting.join().expect("the wait ends");
        let error: Value = serde_json::from_str(&said.stderr).expect("an error is JSON");
        let code = &error["error"]["code"];
        assert!(code == "cancelled" || code == "closed", "{said}");
    });
}
