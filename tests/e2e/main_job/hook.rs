//! The session hook as it is installed today: a script that registers the session and
//! shows the state to the agent.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::ready;
use crate::support::output::{Output, run_limited};
use crate::world::World;

/// What agents run when a session begins, as the contract has it.
const SCRIPT: &str = r#"
[ -n "${AURA_EPOCH_ID:-}" ] || exit 0
aura-msg session register --epoch-id "$AURA_EPOCH_ID" --session-id "$1" \
    --role "${AURA_ROLE:-worker}" --model-harness "${AURA_MODEL_HARNESS:-claude-code}" \
    --model "${CLAUDE_MODEL:-unknown}" >/dev/null
aura-msg query state --epoch-id "$AURA_EPOCH_ID" --format text
"#;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn the_hook_registers_the_session_and_shows_the_state() {
    let Some((world, _daemon, _)) = ready() else {
        return;
    };
    world.start_in("p2");
    let epoch = ("AURA_EPOCH_ID", world.epoch.as_str());
    let shown = run(&world, "one", &[epoch]).ok().stdout;
    assert!(
        shown.starts_with("Phase: p2\nRole:  architect\nVotes: (none)\n"),
        "{shown}"
    );
    assert!(shown.contains("\nActive Sessions: 1\n"), "{shown}");
    // An agent that starts anew under its old id is the same session.
    let again = run(&world, "one", &[epoch]).ok().stdout;
    assert_eq!(again, shown);
    let named = [
        epoch,
        ("AURA_ROLE", "reviewer"),
        ("CLAUDE_MODEL", "m"),
        ("AURA_MODEL_HARNESS", "h"),
    ];
    let shown = run(&world, "two", &named).ok().stdout;
    assert!(shown.contains("\nActive Sessions: 2\n"), "{shown}");

    let rows = world.audit_rows_with("session_registered", 2);
    let registered: Vec<_> = rows
        .iter()
        .filter(|row| row.event_type == "session_registered")
        .collect();
    let said: Vec<_> = registered.iter().map(|row| row.details()).collect();
    let expected = [
        ("one", "worker", "claude-code", "unknown"),
        ("two", "reviewer", "h", "m"),
    ];
    let expected = expected.map(|(session_id, role, model_harness, model)| {
        serde_json::json!({
            "session_id": session_id, "role": role, "model_harness": model_harness, "model": model,
        })
    });
    assert_eq!(said, expected);
}

#[test]
fn the_hook_does_nothing_where_no_epoch_is_named() {
    let Some(world) = World::shared() else { return };
    for env in [&[][..], &[("AURA_EPOCH_ID", "")]] {
        let done = run(&world, "one", env).ok();
        assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
    }
}

#[test]
fn the_hook_says_why_when_the_epoch_does_not_exist() {
    let Some(world) = World::shared() else { return };
    let done = run(&world, "one", &[("AURA_EPOCH_ID", &world.epoch)]).code(3);
    assert_eq!(done.stdout, "");
    assert!(done.stderr.contains(&format!(
        "workflow error: no epoch or slice '{}'",
        world.epoch
    )));
}

/// Runs the hook with `aura-msg` on the path and this environment.
#[track_caller]
fn run(world: &World, session: &str, env: &[(&str, &str)]) -> Output {
    let script = world.sandbox.write("hook.sh", SCRIPT);
    let program = Path::new(env!("CARGO_BIN_EXE_aura-msg"));
    let bin = world.sandbox.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let link = bin.join("aura-msg");
    if !link.exists() {
        std::os::unix::fs::symlink(program, &link).unwrap();
    }
    let path = format!(
        "{}:{}",
        bin.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut command = world.sandbox.command("sh");
    command
        .arg(&script)
        .arg(session)
        .env("PATH", path)
        .env("TEMPORAL_ADDRESS", &world.address)
        .env("TEMPORAL_TASK_QUEUE", world.sandbox.task_queue())
        .envs(env.iter().copied());
    let output = run_limited(&mut command, "", LIMIT).unwrap();
    assert!(!output.timed_out, "{output}");
    output
}
