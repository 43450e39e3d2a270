//! Steering by what `epoch show` says: it is typed as it stands, and leads to the end.

use serde_json::Value;

use super::{LIMIT, ready, shown};
use crate::support::wait::eventually;
use crate::world::World;

/// What is to be filled in or chosen, and with what.
const CHOSEN: [(&str, &str); 3] = [
    ("ACCEPT|REVISE", "ACCEPT"),
    ("NAME", "ann"),
    ("TEXT", "'as people do'"),
];

/// The commands that can be typed now.
#[track_caller]
fn commands(shown: &Value) -> Vec<String> {
    let commands = shown["next"]["commands"].as_array();
    let commands = commands.expect("commands are a list");
    let text = |command: &Value| command.as_str().expect("a command is a text").to_owned();
    commands.iter().map(text).collect()
}

/// Types a command, as a shell takes it.
#[track_caller]
fn type_in(world: &World, command: &str) {
    let mut line = command.to_owned();
    for (blank, filled) in CHOSEN {
        line = line.replace(blank, filled);
    }
    let words = words(&line);
    let (program, args) = words.split_first().expect("a command has words");
    assert_eq!(program, "aura-msg");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let _ = world.cli().run(&args).ok();
}

/// Words with quotes of one kind.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (n, part) in line.split('\'').enumerate() {
        if n % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn what_is_said_to_come_next_leads_from_request_to_landing() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    let mut typed = Vec::new();
    let mut troubled = false;
    for _ in 0..60 {
        let shown = shown(&world);
        let phase = shown["current_phase"].as_str().expect("it is somewhere");
        if phase == "complete" {
            break;
        }
        if phase == "p10" && !troubled {
            troubled = true;
            let add = "finding add --finding-id leak --severity blocker --summary leaks";
            let _ = world.say(add).ok();
            continue;
        }
        // One could declare slices, and one could go back.
        let commands = commands(&shown);
        let next = commands.iter().find(|command| !command.contains(" plan "));
        let next = next.unwrap_or_else(|| panic!("nothing can be typed: {shown}"));
        typed.push(
            next.split(' ')
                .skip(1)
                .take(2)
                .collect::<Vec<_>>()
                .join(" "),
        );
        type_in(&world, next);
    }
    let shown = shown(&world);
    assert_eq!(shown["status"], "complete", "{typed:?}");
    assert_eq!(shown["next"]["who"], Value::Null);
    let count = |what: &str| typed.iter().filter(|typed| *typed == what).count();
    assert_eq!(count("phase advance"), 12, "{typed:?}");
    assert_eq!(count("signal vote"), 6, "{typed:?}");
    assert_eq!(count("finding resolve"), 1, "{typed:?}");
    assert_eq!(shown["transition_count"], 12, "nothing was refused");
    let text = world.say("epoch show").ok().stdout;
    assert!(text.contains("✓p11 ✓p12\n"), "{text}");
    assert!(
        text.ends_with("Next:     nothing: it is complete\n"),
        "{text}"
    );
}

#[test]
fn a_failed_slice_is_run_again_or_given_up() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    world.start_in("p9");
    let bad = "slice start --slice-id bad --runner nobody --wait";
    let _ = world.say(bad).code(3);
    let said = shown(&world);
    assert_eq!(said["next"]["who"], "supervisor", "{said}");
    let commands = commands(&said);
    let is = |n: usize, what: &str| commands[n].starts_with(&format!("aura-msg slice {what} "));
    assert!(
        commands.len() == 2 && is(0, "retry") && is(1, "waive"),
        "{commands:?}"
    );
    type_in(&world, &commands[0]);
    eventually("it has failed once more", LIMIT, || {
        let slice = &shown(&world)["slices"][0];
        (slice["attempt"] == 2 && slice["state"] == "failed").then_some(())
    });
    type_in(&world, &commands[1]);
    let said = shown(&world);
    assert!(
        self::commands(&said)[0].contains("--to-phase p10"),
        "{said}"
    );
    let text = world.say("epoch show").ok().stdout;
    assert!(text.contains("\nSlices:   1 of 1 settled\n"), "{text}");
}

#[test]
fn one_that_was_terminated_waits_for_nobody() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    world.start_in("p3");
    let _ = world.say("epoch terminate --reason enough").ok();
    let shown = shown(&world);
    assert_eq!(shown["status"], "terminated");
    assert_eq!(shown["next"]["what"], "nothing: it was terminated in p3");
    assert!(commands(&shown).is_empty());
    let _ = world.beside("nobody-knows-it").say("epoch show").code(3);
}
