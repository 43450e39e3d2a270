//! Every command that prints JSON, run once in each of its forms: what it prints is held to
//! its schema by whatever runs it (`support/schema.rs`), and no command is left out.

use std::collections::BTreeSet;

use super::ready;
use crate::world::World;

/// Commands that make and use everything there is to see, in an order in which all succeed.
const LINES: [&str; 36] = [
    "epoch start",
    "session register --session-id s --role worker",
    "session list",
    "session end --session-id s",
    "query transitions",
    "finding add --finding-id f --severity blocker --summary bad",
    "finding list --all",
    "finding resolve --finding-id f --resolution mended",
    "phase advance --to-phase p2",
    "phase advance --to-phase p3",
    "phase advance --to-phase p4",
    "signal vote --axis elegance --vote accept",
    "signal vote --axis correctness --vote accept --no-wait",
    "signal vote --axis test_quality --vote accept --comment fine",
    "review show",
    "phase advance --to-phase p5",
    "phase advance --to-phase p6",
    "phase advance --to-phase p7",
    "phase advance --to-phase p8",
    "slice start --slice-id a --mode mock --leaf one",
    "slice plan --file plan.toml",
    "slice cancel --slice-id c",
    "slice waive --slice-id c --reason enough",
    "slice progress --slice-id a --leaf one",
    "phase advance --to-phase p9",
    "slice start --slice-id d --mode mock --after a --wait",
    "slice retry --slice-id a --wait",
    "slice list",
    "slice show --slice-id a",
    "epoch wait --until p9",
    "query state",
    "epoch show",
    "epoch next",
    "epoch history",
    "epoch list --all",
    "epoch cancel",
];

/// Those that need no epoch, or one of their own.
const OTHERS: [&str; 5] = [
    "protocol show",
    "protocol check right.json",
    "constraint list",
    "constraint explain C-worker-gates",
    "epoch simulate --script script.toml",
];

/// Those that other tests run on what they need, which is more than an epoch.
const ELSEWHERE: [&str; 12] = [
    "slice attach",
    "signal complete",
    "doctor",
    "audit list",
    "audit export",
    "audit verify",
    "config show",
    "config path",
    "config init",
    "hook install",
    "hook uninstall",
    "hook test",
];

#[test]
fn every_output_is_as_its_schema_says() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    world.sandbox.write(
        "work/plan.toml",
        "[[slice]]\nid = \"b\"\nmode = \"mock\"\nafter = [\"a\"]\n\n\
         [[slice]]\nid = \"c\"\nmode = \"mock\"\n",
    );
    let right = "{\"titles\": [\"PROPOSAL-1: sign in\"]}";
    world.sandbox.write("work/right.json", right);
    world
        .sandbox
        .write("work/script.toml", "[[event]]\nadvance = \"p2\"\n");
    let mut seen: BTreeSet<String> = ELSEWHERE.map(str::to_owned).into();
    let mut run = |world: &World, line: &str, format: &str| {
        let _ = world.say(&format!("{line} --format {format}")).ok();
        let words: Vec<&str> = line.split(' ').take(2).collect();
        seen.insert(words.join(" "));
    };
    for format in ["json", "jsonl"] {
        let world = world.beside(&format!("{}-{format}", world.epoch));
        for line in LINES {
            run(&world, line, format);
        }
        // It ends with the epoch, which has ended.
        run(&world, "epoch watch", format);
        for line in OTHERS {
            // One object and its drawings are all the forms that it has.
            if (line, format) != ("protocol show", "jsonl") {
                run(&world, line, format);
            }
        }
        let killed = world.beside(&format!("{}-killed", world.epoch));
        let _ = killed.start();
        run(&killed, "epoch terminate", format);
        // What fails is told in JSON, too.
        let _ = killed
            .say(&format!("phase advance --to-phase p2 --format {format}"))
            .code(3);
    }
    let known = aura::cli::with_json().filter(|command| *command != "error");
    let known: BTreeSet<String> = known.map(str::to_owned).collect();
    assert_eq!(
        known, seen,
        "left: the commands with a schema; right: those run"
    );
}
