//! Commands that say much, and reviewers that say nothing of use.

use super::{configure, start_in_p9, until};
use crate::support::wait::eventually;
use crate::world::World;

/// 200 MB.
const LOUD: &str = r#"
import sys
line = b"x" * 999 + b"\n"
print("the first line", flush=True)
for _ in range(200_000):
    sys.stdout.buffer.write(line)
print("the last line")
"#;

#[test]
fn what_a_command_says_has_bounds() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("loud", LOUD, "log_limit = \"1MB\"")], "");
    let daemon = world.ready_daemon();
    start_in_p9(&world);
    let before = peak(daemon.pid());
    let _ = world
        .say("slice start --slice-id s --runner loud --prompt x --wait")
        .ok();
    let slice = until(&world, "s", "succeeded");
    let output = slice["output"].as_str().expect("a text");
    assert!(output.contains("the last line"), "{output}");
    assert!(output.len() <= 1024, "{} bytes", output.len());
    let log = slice["log"].as_str().expect("a path");
    let logged = std::fs::metadata(log).expect("the log is there").len();
    assert!((900_000..2_000_000).contains(&logged), "{logged} bytes");
    let grown = peak(daemon.pid()) - before;
    assert!(grown < 50_000, "the daemon grew by {grown} kB");
}

/// The most memory that a process has had, in kB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it lives");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number
        .and_then(|number| number.parse().ok())
        .expect("a number")
}

/// Says something else each time that it is asked.
const USELESS: &str = r#"
import os, sys
print("I think that it is fine")
sys.exit(0 if os.environ["AURA_AXIS"] == "elegance" else 7)
"#;

#[test]
fn a_reviewer_that_does_not_vote_is_asked_twice_and_then_left_to_people() {
    let Some(world) = World::shared() else { return };
    let review = "[review]\ncorrectness = \"useless\"\nelegance = \"useless\"";
    let script = format!("open('asked', 'a').write('x')\n{USELESS}");
    configure(&world, &[("useless", &script, "")], review);
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let rows = world.audit_rows_with("vote_missed", 2);
    for row in rows.iter().filter(|row| row.event_type == "vote_missed") {
        let details = row.details();
        let why = details["why"].as_str().expect("a reason");
        let expected = if details["axis"] == "elegance" {
            "its last line is no answer"
        } else {
            "exit status 7"
        };
        assert!(why.contains(expected), "{details}");
        assert_eq!(details["reviewer_id"], "runner:useless");
    }
    let asked = std::fs::read_to_string(super::file(&world, "asked")).expect("they were asked");
    assert_eq!(asked, "xxxx", "twice for each axis");
    let shown = world.say("review show").ok();
    assert!(shown.stdout.contains("exit status 7"), "{shown}");
    world.accept();
    world.advance_through(&["p5"]);
    eventually("nothing runs", super::LIMIT, || {
        super::processes_of(&world).is_empty().then_some(())
    });
}
