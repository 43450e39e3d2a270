//! `aura-msg mcp` without a server to talk to: it greets and lists its tools all the same,
//! says in each call what is wrong, and survives whatever is written to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use aura::cli::schema_of;
use serde_json::{Value, json};

use crate::programs::{AURA_MSG, Shell, Told};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::mcp::{Agent, call, code, greeting};
use crate::support::sandbox::Sandbox;

/// What a loaded machine may add to the time that a call was given.
const GENEROUS: Duration = Duration::from_secs(10);

fn command(sandbox: &Sandbox, address: &str) -> Command {
    let mut command = sandbox.command(AURA_MSG);
    command
        .arg("mcp")
        .env("TEMPORAL_ADDRESS", address)
        .env("AURA_EPOCH_ID", "an-epoch");
    command
}

#[test]
fn a_server_that_is_down_is_told_by_the_calls_alone() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let mut agent = Agent::start(&mut command(&sandbox, &refused.address()));
    for (tool, arguments) in [
        ("state", json!({})),
        ("next_step", json!({ "epoch_id": "e" })),
        ("vote", json!({ "axis": "elegance", "vote": "revise" })),
        ("wait", json!({ "until": "p5" })),
    ] {
        let told = agent.call(tool, &arguments);
        assert_eq!(code(&told), "unreachable", "{told}");
        let text = told["content"][0]["text"].as_str().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let what = format!(
            "connection error: cannot reach the Temporal server at {}",
            refused.address()
        );
        assert_eq!((lines.len(), lines[0]), (5, &what[..]), "{text}");
    }
    let (status, _, stderr) = agent.close();
    assert_eq!(status.code(), Some(0));
    assert!(stderr.is_empty(), "{stderr:?}");
}

#[test]
fn a_server_that_never_answers_costs_each_call_its_limit() {
    let (sandbox, hole) = (Sandbox::new(), BlackHole::open());
    let mut mcp = command(&sandbox, &hole.address());
    let mut agent = Agent::start(mcp.arg("--timeout=400ms"));
    let begin = Instant::now();
    let params = json!({ "name": "state", "arguments": {} });
    let ids: Vec<u32> = (0..5).map(|_| agent.ask("tools/call", &params)).collect();
    for id in ids {
        let told = agent.answer(id);
        assert_eq!(code(&told["result"]), "unreachable", "{told}");
    }
    assert!(begin.elapsed() < GENEROUS);
    assert!(hole.visits() > 0, "nobody came");
    // What is still waited for keeps nobody from ending.
    let patient = json!({ "name": "wait", "arguments": { "timeout": "2s" } });
    let id = agent.ask("tools/call", &patient);
    let (status, stdout, _) = agent.close();
    assert_eq!(status.code(), Some(0));
    let answered = stdout
        .iter()
        .any(|line| line.contains(&format!("\"id\":{id},")));
    assert!(answered, "{stdout:?}");
}

#[test]
fn all_that_was_asked_before_the_end_is_answered() {
    let refused = Refused::reserve();
    let shell = Shell::at(&refused.address());
    let said = greeting() + &call(1, "state", &json!({})) + &call(2, "next_step", &json!({}));
    let output = shell.aura_msg_reading(["mcp"], &said).ok();
    let answers: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a message"))
        .collect();
    let mut ids: Vec<u64> = answers
        .iter()
        .map(|answer| answer["id"].as_u64().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [0, 1, 2], "{output}");
    assert!(output.stderr.is_empty(), "{output}");
}

#[test]
fn without_a_word_it_ends_without_a_word() {
    let output = Shell::new().aura_msg_reading(["mcp"], "").ok();
    assert!(
        output.stdout.is_empty() && output.stderr.is_empty(),
        "{output}"
    );
}

#[test]
fn nonsense_does_not_end_it() {
    let (sandbox, refused) = (Sandbox::new(), Refused::reserve());
    let mut agent = Agent::start(&mut command(&sandbox, &refused.address()));
    for line in [
        "nonsense\n",
        "\n",
        "{}\n",
        "[]\n",
        "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":78,\"method\":\"no/such\",\"params\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":9}}\n",
    ] {
        agent.say(line);
    }
    let told = agent.call("vote", &json!({ "axis": 1, "vote": true }));
    assert_eq!(code(&told), "usage", "{told}");
    let text = told["content"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("validation error: vote is no string: true\n"),
        "{text}"
    );
    let (status, _, _) = agent.close();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn without_an_epoch_it_says_how_to_name_one() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(AURA_MSG);
    let mut agent = Agent::start(command.arg("mcp"));
    let told = agent.call("state", &json!({}));
    assert_eq!(code(&told), "usage", "{told}");
    let fix = &told["_meta"]["aura/error"]["fix"];
    assert_eq!(fix, "add --epoch-id ID, or set AURA_EPOCH_ID", "{told}");
}

#[test]
fn settings_that_are_wrong_end_it_as_they_end_a_command() {
    let output = Shell::at("here").aura_msg(["mcp"]).code(4);
    assert_eq!(Told::in_text(&output).category, "configuration error");
}

/// The page's table: tool, command, and what it does to the epoch.
fn told_of_tools() -> BTreeMap<String, (String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mcp.md");
    let page = fs::read_to_string(page).expect("it is there");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| {
        let cells: Vec<String> = row
            .trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim_matches([' ', '`']).to_owned())
            .collect();
        let [tool, command, _, does] = &cells[..] else {
            panic!("not four cells: {row}")
        };
        (tool.clone(), (command.clone(), does.clone()))
    });
    cells.collect()
}

#[test]
fn the_page_about_tools_tells_of_those_that_there_are() {
    let sandbox = Sandbox::new();
    let mut agent = Agent::start(&mut command(&sandbox, "127.0.0.1:1"));
    let id = agent.ask("tools/list", &json!({}));
    let listed = agent.answer(id);
    let mut told = told_of_tools();
    for tool in listed["result"]["tools"].as_array().expect("it is a list") {
        let name = tool["name"].as_str().unwrap();
        let (command, does) = told
            .remove(name)
            .unwrap_or_else(|| panic!("docs/mcp.md lacks {name}"));
        let hints = &tool["annotations"];
        let hint = |name: &str| hints[name].as_bool().expect("it is said");
        let done = match (hint("readOnlyHint"), hint("destructiveHint")) {
            (true, false) => "reads",
            (false, true) => "changes",
            (false, false) => "adds",
            (true, true) => panic!("{name} contradicts itself"),
        };
        assert_eq!(does, done, "{name}");
        assert_eq!(
            Some(&tool["outputSchema"]),
            schema_of(&command, false).as_ref(),
            "{name}"
        );
    }
    assert!(told.is_empty(), "there is no {told:?}");
}
