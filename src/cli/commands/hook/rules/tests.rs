//! The table of the documentation, cell by cell; and what must never be forbidden.

use serde_json::json;

use super::*;
use crate::protocol::id::EpochId;
use crate::protocol::state::{Settings, State};
use crate::protocol::{Epoch, Start, Timestamp};

const PAGE: &str = include_str!("../../../../../docs/hooks.md");

/// A state in a phase, in which slice `s` runs and nobody has voted.
fn state(phase: PhaseId) -> QueryStateResult {
    let start = Start {
        epoch_id: EpochId::parse_new("e").unwrap(),
        description: String::new(),
        rules_version: State::NEWEST_RULES,
        settings: Settings::default(),
    };
    let at = Timestamp::from_micros(1_767_225_600_000_000);
    let mut state = QueryStateResult::from(&Epoch::start(at, start).unwrap().0);
    state.current_phase = phase;
    state.current_role = phase.spec().map_or(RoleId::Supervisor, |spec| spec.acts);
    let slice = json!({
        "slice_id": "s", "state": "running", "attempt": 1, "dependencies": [],
        "leaf_task_ids": ["one", "two"], "config": { "mode": "mock", "command": "" },
        "phase_spec": "", "stopping": false, "output": null, "error": null, "reason": null,
        "changed_at": "2026-01-01T00:00:00+00:00",
    });
    let more = state.more.as_mut().unwrap();
    more.slices = vec![serde_json::from_value(slice).unwrap()];
    state
}

fn known(state: &QueryStateResult) -> Known<'_> {
    Known {
        state,
        done: BTreeSet::from(["one".to_owned()]),
    }
}

fn caller(role: RoleId) -> Caller {
    Caller {
        role: Some(role),
        axis: Some(ReviewAxis::Elegance),
        slice_id: Some("s".to_owned()),
    }
}

/// What is heard of an event, for the column "what" of the table.
fn heard(what: &str) -> Heard {
    let tool = |tool: &str| Heard {
        tool: Some(tool.to_owned()),
        ..Heard::default()
    };
    match what {
        "" => Heard::default(),
        "changes a file" => tool("Edit"),
        "asks the user" => tool("AskUserQuestion"),
        "`git commit`" => Heard {
            command: Some("git add . && git commit -m x".to_owned()),
            ..tool("Bash")
        },
        "anything else" => Heard {
            command: Some("cargo test".to_owned()),
            ..tool("Bash")
        },
        other => panic!("the table has a use that no test knows: {other}"),
    }
}

const AGENT: Agent = Agent::ClaudeCode;

#[test]
fn the_table_of_the_documentation_holds() {
    let rows: Vec<Vec<&str>> = PAGE
        .lines()
        .skip_while(|line| !line.starts_with("| event |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let mut seen = BTreeSet::new();
    for row in rows {
        let [event, what, role, cells @ ..] = row.as_slice() else {
            panic!("a row has cells: {row:?}");
        };
        assert_eq!(cells.len(), 12, "{row:?}");
        let event = Event::from_word(event.trim_matches('`')).unwrap();
        let roles = match *role {
            "any" => RoleId::ALL.to_vec(),
            role => vec![RoleId::from_word(role).unwrap()],
        };
        for (role, (cell, spec)) in roles
            .iter()
            .flat_map(|role| cells.iter().zip(PhaseId::specs()).map(move |at| (role, at)))
        {
            let state = state(spec.id);
            let found = forbidden(AGENT, event, &caller(*role), &heard(what), &known(&state));
            let place = format!("{event}, {what}, {role}, {}: {found:?}", spec.id);
            match *cell {
                "✗" => assert!(found.is_some(), "{place}"),
                "" => assert_eq!(found, None, "{place}"),
                other => panic!("{other} at {place}"),
            }
            seen.insert((event, what.to_owned(), *role));
        }
    }
    // Five events, one of them with four uses, for five roles each.
    assert_eq!(seen.len(), (4 + 4) * RoleId::ALL.len());
}

#[test]
fn what_is_done_may_be_stopped() {
    let mut voted = state(PhaseId::P10);
    let vote = crate::protocol::vote::VoteType::Revise;
    voted.votes.insert(ReviewAxis::Elegance, vote);
    let reviewer = caller(RoleId::Reviewer);
    let stop = |caller: &Caller, known: &Known<'_>| {
        forbidden(AGENT, Event::Stop, caller, &Heard::default(), known)
    };
    assert_eq!(stop(&reviewer, &known(&voted)), None);

    let working = state(PhaseId::P9);
    let worker = caller(RoleId::Worker);
    let mut finished = known(&working);
    finished.done.insert("two".to_owned());
    assert!(stop(&worker, &known(&working)).is_some());
    assert_eq!(stop(&worker, &finished), None);
    let mut ended = working.clone();
    ended.more.as_mut().unwrap().slices[0].state = SliceState::Failed;
    assert_eq!(stop(&worker, &known(&ended)), None);
}

#[test]
fn who_is_not_known_is_kept_from_nothing() {
    for spec in PhaseId::specs() {
        let state = state(spec.id);
        for role in RoleId::ALL {
            let stranger = Caller {
                role: Some(*role),
                ..Caller::default()
            };
            let at_home = matches!(role, RoleId::Architect | RoleId::Supervisor);
            for caller in [Caller::default(), stranger] {
                let found = forbidden(
                    AGENT,
                    Event::Stop,
                    &caller,
                    &Heard::default(),
                    &known(&state),
                );
                assert!(found.is_none() || at_home, "{caller:?} in {}", spec.id);
            }
        }
    }
}

#[test]
fn nothing_is_forbidden_twice_or_where_nothing_runs() {
    for phase in PhaseId::ALL {
        let mut state = state(*phase);
        for role in RoleId::ALL {
            let again = Heard {
                was_stopped_before: true,
                ..Heard::default()
            };
            let found = forbidden(AGENT, Event::Stop, &caller(*role), &again, &known(&state));
            assert_eq!(found, None, "{phase} {role}");
        }
        let uses = ["changes a file", "asks the user", "`git commit`"];
        for status in [
            EpochStatus::Complete,
            EpochStatus::Cancelling,
            EpochStatus::Cancelled,
        ] {
            state.more.as_mut().unwrap().status = status;
            for role in RoleId::ALL {
                for what in uses {
                    let event = Event::PreToolUse;
                    let heard = heard(what);
                    let found = forbidden(AGENT, event, &caller(*role), &heard, &known(&state));
                    assert_eq!(found, None, "{phase} {role} {what} {status}");
                }
            }
        }
    }
}

#[test]
fn each_agents_tools_are_known_by_its_own_names() {
    let supervisor = caller(RoleId::Supervisor);
    let state = state(PhaseId::P9);
    for (agent, edit, shell, ask) in [
        (Agent::ClaudeCode, "Write", "Bash", "AskUserQuestion"),
        (Agent::Codex, "apply_patch", "shell", "request_user_input"),
        (Agent::Gemini, "replace", "run_shell_command", "ask_user"),
    ] {
        for tool in [edit, shell, ask] {
            let heard = Heard {
                tool: Some(tool.to_owned()),
                command: Some("git commit".to_owned()),
                ..Heard::default()
            };
            let found = forbidden(
                agent,
                Event::PreToolUse,
                &supervisor,
                &heard,
                &known(&state),
            );
            assert!(found.is_some(), "{agent} {tool}");
            let other = Agent::ALL.iter().find(|other| other.tool(tool).is_none());
            if let Some(other) = other {
                assert!(!concerns(*other, Event::PreToolUse, &supervisor, &heard));
            }
        }
    }
}
