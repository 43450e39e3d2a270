//! Plans: declared whole or not at all, listed, and run in their order.

use serde_json::{Value, json};

use super::{cells, listed, plan, ready_in, states, wait_for_states};
use crate::failures;
use crate::support::output::Output;
use crate::temporal::Workflow;

const PLAN: &str = r#"
[[slice]]
id = "parser"
mode = "mock"
leaf = ["lexer", "grammar"]
about = "read the language"
timeout = "30m"

[[slice]]
id = "printer"
after = ["parser"]
mode = "mock"
runner = "claude"
prompt_file = "printer.md"

[[slice]]
id = "docs"
after = ["parser", "printer"]
mode = "mock"
"#;

/// Nothing of it may be touched on its way.
const PROMPT: &str = "Say \"it's done\";\n\t$(rm -rf /) `id` \\ %s \u{2400} \u{1} 🦀\n\n";

#[test]
fn a_plan_is_declared_listed_and_run_in_order() {
    let Some((world, _daemon, server)) = ready_in("p8") else {
        return;
    };
    assert_eq!(world.say("slice list").ok().stdout, "No slices\n");
    world.sandbox.write("plans/printer.md", PROMPT);
    let said = plan(&world, PLAN).ok().stdout;
    assert_eq!(
        said,
        "Signal delivered successfully\napplied: the epoch is in p8\n"
    );
    let table = world.say("slice list").ok().stdout;
    let rows = cells(&table);
    assert_eq!(
        rows[0],
        ["SLICE", "STATE", "RUNS", "LEAVES", "SINCE", "NOTE"]
    );
    let without_time: Vec<_> = rows[1..]
        .iter()
        .map(|row| [&row[..4], &row[5..]].concat().join("|"))
        .collect();
    assert_eq!(
        without_time,
        [
            "parser|waiting|0|0/2|waits for p9",
            "printer|waiting|0|-|waits for parser",
            "docs|waiting|0|-|waits for parser, printer",
        ]
    );
    let state = Workflow::new(server, &world.epoch).query("full_state", &Value::Null);
    assert_eq!(state["slices"][1]["config"]["prompt"], PROMPT);
    assert_eq!(state["slices"][0]["config"]["timeout_seconds"], 1_800);

    let _ = world
        .say("slice progress --slice-id parser --leaf lexer --stage build")
        .ok();
    let _ = world
        .say("slice progress --slice-id parser --leaf lexer --done")
        .ok();
    let _ = world
        .say("slice progress --slice-id parser --leaf grammar --stage build")
        .ok();
    let leaves = json!([
        { "leaf_task_id": "lexer", "stage": "execute", "completed": true },
        { "leaf_task_id": "grammar", "stage": "build", "completed": false },
    ]);
    let parser = &listed(&world)[0];
    assert_eq!(
        (
            &parser["leaves"],
            &parser["leaves_done"],
            &parser["leaves_total"]
        ),
        (&leaves, &json!(1), &json!(2))
    );

    world.advance_through(&["p9"]);
    wait_for_states(
        &world,
        "parser succeeded, printer succeeded, docs succeeded",
    );
    let shown = world.say("slice show --slice-id parser").ok().stdout;
    for line in [
        "Slice:    parser\n",
        "State:    succeeded, for ",
        "About:    read the language\n",
        "Mode:     mock, at most 1800s\n",
        "Leaves:   2/2 done\n  lexer: execute, done\n  grammar: execute, done\n",
        "Output, its end:\n  mock: nothing was run\n",
    ] {
        assert!(shown.contains(line), "no {line:?} in\n{shown}");
    }
    world.advance_through(&["p10"]);
}

#[test]
fn a_plan_that_the_rules_forbid_is_refused_whole() {
    let Some((world, _daemon, _)) = ready_in("p7") else {
        return;
    };
    let code = |output: &Output| failures::json(&output.clone().code(3))["code"].clone();
    let run = |text: &str| {
        let path = world.sandbox.write("plan.toml", text);
        let file = path.display().to_string();
        world.run(&["slice", "plan", "--format=json", "--file", &file])
    };
    let one = |id: &str, after: &str| {
        format!("[[slice]]\nid = '{id}'\nmode = 'mock'\nafter = [{after}]\n")
    };
    let fine = one("fine", "");
    assert_eq!(code(&run(&fine)), "wrong_phase");
    world.advance_through(&["p8"]);
    let cycle = [fine.clone(), one("hen", "'egg'"), one("egg", "'hen'")].concat();
    assert_eq!(code(&run(&cycle)), "dependency_cycle");
    let unknown = [fine.clone(), one("b", "'nobody'")].concat();
    assert_eq!(code(&run(&unknown)), "dependency_unknown");
    assert_eq!(states(&world), "");
    let _ = run(&fine).ok();
    assert_eq!(code(&run(&fine)), "slice_exists");
    assert_eq!(states(&world), "fine waiting");
    let said = failures::of(&world, 3, "slice retry --slice-id fine --request-id r");
    assert_eq!(said["code"], "wrong_phase");
}
