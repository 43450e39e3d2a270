//! Hooks in an epoch that runs: sessions come and go, agents are told where it is, and what
//! the protocol forbids is said, or blocked where that was asked for.

use std::time::Duration;

use serde_json::Value;

use crate::support::output::Output;
use crate::support::wait::eventually;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
/// What an agent is told where the server has not answered within two seconds.
const UNKNOWN: &str = "the epoch's state is not known";

/// An agent's event in this world, by somebody with this role; again where a loaded machine
/// takes longer than an event may.
#[track_caller]
fn event(world: &World, who: &[(&str, &str)], words: &str, said: &str) -> Output {
    let mut cli = world.cli().env("AURA_EPOCH_ID", &world.epoch);
    for (name, value) in who {
        cli = cli.env(name, value);
    }
    let words = format!("hook {words} --agent claude-code");
    eventually("the event is answered in time", LIMIT, || {
        let answer = cli.run_with_stdin(words.split(' '), said);
        let is_known = [&answer.stdout, &answer.stderr]
            .iter()
            .all(|text| !text.contains(UNKNOWN));
        is_known.then_some(answer)
    })
}

fn answer(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).expect("an agent gets JSON")
}

fn context(output: &Output) -> String {
    let text = answer(output)["hookSpecificOutput"]["additionalContext"].clone();
    text.as_str()
        .expect("the agent is told something")
        .to_owned()
}

const SAID: &str = r#"{"session_id":"s1","model":"m","cwd":"/"}"#;

#[test]
fn a_session_comes_is_told_where_it_is_and_goes() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let who = [("AURA_ROLE", "reviewer"), ("AURA_AXIS", "elegance")];
    let begun = event(&world, &who, "session-start", SAID).ok();
    let told = context(&begun);
    assert!(told.contains("is in p4 Review"), "{told}");
    assert!(
        told.contains("Your role is reviewer: it is your turn"),
        "{told}"
    );
    assert!(told.contains("signal vote"), "{told}");
    let sessions = world.say("session list --format json").ok().json();
    let one = &sessions[0];
    assert_eq!(one["session_id"], "s1", "{sessions}");
    assert_eq!(one["model_harness"], "claude-code", "{sessions}");
    assert_eq!(one["role"], "reviewer", "{sessions}");

    let worker = event(&world, &[], "user-prompt-submit", SAID).ok();
    let told = context(&worker);
    assert!(
        told.contains("Your role is worker: it is not your turn"),
        "{told}"
    );

    let ended = event(&world, &who, "session-end", SAID).ok();
    assert_eq!(ended.stdout.trim(), "{}", "{ended}");
    // The end was sent; what is asked after it knows of it.
    assert_eq!(world.state()["active_session_count"], 0);
}

#[test]
fn a_session_whose_beginning_was_missed_is_announced_later() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let _ = event(&world, &[], "user-prompt-submit", SAID).ok();
    assert_eq!(world.state()["active_session_count"], 1);
    let _ = event(&world, &[], "stop", SAID).ok();
    assert_eq!(world.state()["active_session_count"], 1);
}

#[test]
fn a_reviewer_is_kept_until_it_has_voted() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let who = [("AURA_ROLE", "reviewer"), ("AURA_AXIS", "elegance")];
    let said = event(&world, &who, "stop", SAID).ok();
    let warning = answer(&said)["systemMessage"].to_string();
    assert!(
        warning.contains("p4 waits for your vote on elegance"),
        "{said}"
    );

    let kept = event(&world, &who, "stop --enforce", SAID).code(2);
    assert_eq!(kept.stdout.trim(), "{}", "{kept}");
    let lines: Vec<&str> = kept.stderr.lines().collect();
    assert_eq!(
        lines[0], "aura: p4 waits for your vote on elegance",
        "{kept}"
    );
    assert_eq!(lines[2], "  impact: stop is blocked", "{kept}");
    let again = r#"{"session_id":"s1","stop_hook_active":true}"#;
    let _ = event(&world, &who, "stop --enforce", again).ok();

    let _ = world.vote("elegance", "revise").ok();
    let freed = event(&world, &who, "stop --enforce", SAID).ok();
    assert_eq!(freed.stdout.trim(), "{}", "{freed}");
}

#[test]
fn tools_are_blocked_by_the_constraints_and_only_in_an_epoch_that_runs() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p3");
    let commit = r#"{"session_id":"s1","tool_name":"Bash","tool_input":{"command":"git commit"}}"#;
    let edit = r#"{"session_id":"s1","tool_name":"Edit"}"#;
    let supervisor = [("AURA_ROLE", "supervisor")];
    let no = event(&world, &[], "pre-tool-use --enforce", commit).code(2);
    assert!(no.stderr.contains("C-agent-commit"), "{no}");
    let no = event(&world, &supervisor, "pre-tool-use --enforce", edit).code(2);
    assert!(no.stderr.contains("C-supervisor-no-impl"), "{no}");
    let _ = event(&world, &[], "pre-tool-use --enforce", edit).ok();

    let _ = world.say("epoch cancel").ok();
    let over = event(&world, &[], "pre-tool-use --enforce", commit).ok();
    assert!(answer(&over)["hookSpecificOutput"].is_null(), "{over}");
    let gone = world.beside("no-such-epoch");
    let none = event(&gone, &[], "stop --enforce --on-unreachable block", SAID).ok();
    let warning = answer(&none)["systemMessage"].to_string();
    assert!(warning.contains("is not there, or has ended"), "{none}");
}

#[test]
fn samples_show_what_would_be_answered_and_tell_nobody() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let shown = world
        .say("hook test --agent gemini --enforce --format json")
        .ok();
    let answers = shown.json();
    let codes: Vec<(String, u64)> = answers
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|one| {
            let event = one["event"].as_str().expect("it has a name").to_owned();
            (event, one["exit_code"].as_u64().expect("it has a code"))
        })
        .collect();
    let codes: Vec<(&str, u64)> = codes.iter().map(|(e, code)| (e.as_str(), *code)).collect();
    assert_eq!(
        codes,
        [
            ("session-start", 0),
            ("session-end", 0),
            ("user-prompt-submit", 0),
            ("pre-tool-use", 0),
            ("pre-tool-use", 2),
            ("pre-tool-use", 2),
            ("stop", 0),
        ]
    );
    assert_eq!(world.state()["active_session_count"], 0);
}
