//! The list of epochs: by phase, role and status, open ones or all, and no more than wanted.
//! Other tests have epochs on the same server.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{LIMIT, ready};
use crate::support::wait::eventually;
use crate::world::World;

/// All that a filter lists, by id.
#[track_caller]
fn listed(world: &World, filter: &str) -> BTreeMap<String, Value> {
    let line = format!("epoch list --limit 100000 --format jsonl {filter}");
    let list = world.say(&line).ok();
    assert_eq!(list.stderr, "");
    list.stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"))
        .map(|item| (item["epoch_id"].as_str().unwrap().to_owned(), item))
        .collect()
}

#[test]
fn epochs_are_listed_by_what_they_show() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let named = |name: &str| world.beside(&format!("{}-{name}", world.epoch));
    let (new, plan, review) = (named("new"), named("plan"), named("review"));
    let (gone, killed) = (named("gone"), named("killed"));
    let _ = new.start();
    plan.start_in("p3");
    review.start_in("p4");
    gone.start_in("p2");
    let _ = gone.say("epoch cancel").ok();
    killed.start_in("p2");
    let _ = killed.say("epoch terminate").ok();
    let all = [&new, &plan, &review, &gone, &killed];

    for (filter, wanted) in [
        ("", &[&new, &plan, &review][..]),
        ("--all", &all),
        ("--phase propose", &[&plan]),
        ("--role reviewer", &[&review]),
        ("--phase p4 --role reviewer --status running", &[&review]),
        ("--phase p4 --role architect", &[]),
        ("--status cancelled", &[&gone]),
        ("--status terminated --phase p2", &[&killed]),
        ("--status complete", &[]),
    ] {
        let wanted: Vec<&str> = wanted.iter().map(|world| world.epoch.as_str()).collect();
        eventually(
            &format!("epoch list {filter} has {wanted:?}"),
            LIMIT,
            || {
                let found = listed(&world, filter);
                let is_right = all.iter().all(|one| {
                    found.contains_key(&one.epoch) == wanted.contains(&one.epoch.as_str())
                });
                is_right.then_some(())
            },
        );
    }
    let found = listed(&world, "--all");
    let of = |one: &World, key: &str| found[&one.epoch][key].as_str().map(str::to_owned);
    assert_eq!(of(&review, "status").as_deref(), Some("running"));
    assert_eq!(of(&review, "current_phase").as_deref(), Some("p4"));
    assert_eq!(of(&review, "domain").as_deref(), Some("plan"));
    assert_eq!(of(&review, "closed_at"), None);
    assert!(of(&review, "started_at").is_some());
    assert_eq!(of(&gone, "status").as_deref(), Some("cancelled"));
    assert_eq!(of(&killed, "status").as_deref(), Some("terminated"));
    assert!(of(&killed, "closed_at").is_some());

    let some = world.say("epoch list --all --limit 2 --format json").ok();
    assert_eq!(some.json().as_array().map(Vec::len), Some(2), "{some}");
    assert!(
        some.stderr.starts_with("there are more than these 2"),
        "{some}"
    );
    let table = world.say("epoch list --limit 100000").ok().stdout;
    assert!(table.starts_with("EPOCH "), "{table}");
    let row = table.lines().find(|line| line.starts_with(&review.epoch));
    let cells: Vec<&str> = row.expect("it is listed").split_whitespace().collect();
    assert_eq!(cells[1..4], ["running", "p4", "reviewer"]);
}
