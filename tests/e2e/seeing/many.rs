//! Sixty epochs at once, in phases and gate states of all kinds: each is found by what it
//! shows, and told as it is. Most of them have not come far, since a server has its pace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{LIMIT, shown};
use crate::raw::Raw;
use crate::server::{Options, Server};
use crate::support::wait::eventually;
use crate::world::{AXES, World};

/// Where some of the epochs are taken, and how they are told there.
struct Place {
    name: &'static str,
    count: usize,
    /// As far as this phase, the straight way.
    phase: usize,
    /// What is sent then.
    more: fn() -> Vec<(&'static str, Value)>,
    status: &'static str,
    role: &'static str,
    /// Who acts next, and the beginning of what is to be done.
    next: (&'static str, &'static str),
}

const PLACES: [Place; 15] = [
    place("new", 12, 1, "epoch", ("epoch", "move on, once this is so")),
    place("elicit", 10, 2, "architect", ("architect", "move on")),
    place("propose", 8, 3, "architect", ("architect", "move on")),
    place(
        "review",
        4,
        4,
        "reviewer",
        ("reviewer", "vote on correctness, "),
    ),
    Place {
        more: || vec![vote("elegance", "REVISE")],
        ..place(
            "revise",
            3,
            4,
            "reviewer",
            ("architect", "go back, and revise: elegance"),
        )
    },
    Place {
        more: || AXES.map(|axis| vote(axis, "ACCEPT")).to_vec(),
        ..place(
            "accepted",
            3,
            4,
            "reviewer",
            ("architect", "move on: all three"),
        )
    },
    place(
        "uat",
        2,
        5,
        "architect",
        ("architect", "let the user decide"),
    ),
    place(
        "plan",
        2,
        8,
        "supervisor",
        ("supervisor", "declare the slices"),
    ),
    place("work", 2, 9, "worker", ("supervisor", "declare the slices")),
    Place {
        more: || vec![("start_slice", slice())],
        ..place(
            "failed",
            2,
            9,
            "worker",
            ("supervisor", "run again or give up: s"),
        )
    },
    Place {
        more: || vec![("record_finding", blocker())],
        ..place(
            "blocked",
            2,
            10,
            "reviewer",
            ("reviewer", "vote on correctness, "),
        )
    },
    place("landing", 1, 12, "supervisor", ("supervisor", "move on")),
    Place {
        status: "complete",
        ..place(
            "complete",
            1,
            13,
            "supervisor",
            ("", "nothing: it is complete"),
        )
    },
    Place {
        status: "cancelled",
        ..place(
            "cancelled",
            4,
            3,
            "architect",
            ("", "nothing: it was cancelled"),
        )
    },
    Place {
        status: "terminated",
        ..place(
            "terminated",
            4,
            2,
            "architect",
            ("", "nothing: it was terminated in p2"),
        )
    },
];

const fn place(
    name: &'static str,
    count: usize,
    phase: usize,
    role: &'static str,
    next: (&'static str, &'static str),
) -> Place {
    Place {
        name,
        count,
        phase,
        more: Vec::new,
        status: "running",
        role,
        next,
    }
}

fn vote(axis: &str, vote: &str) -> (&'static str, Value) {
    let json = json!({ "axis": axis, "vote": vote, "reviewer_id": "ann" });
    ("submit_vote", json)
}

/// A slice that fails at once: nobody has allowed its command.
fn slice() -> Value {
    json!({ "slice_id": "s", "config": { "mode": "subprocess", "command": "true" } })
}

fn blocker() -> Value {
    json!({ "finding_id": "b", "severity": "BLOCKER", "summary": "leaks" })
}

impl Place {
    fn phase(&self) -> String {
        match self.phase {
            13 => "complete".to_owned(),
            number => format!("p{number}"),
        }
    }

    fn is_open(&self) -> bool {
        self.status == "running"
    }

    /// Everything that is sent to an epoch here, in its order.
    fn messages(&self) -> Vec<(&'static str, Value)> {
        let mut messages = Vec::new();
        for number in 2..=self.phase {
            if matches!(number, 5 | 11) {
                messages.extend(AXES.map(|axis| vote(axis, "ACCEPT")));
            }
            let to = if number == 13 {
                "complete".to_owned()
            } else {
                format!("p{number}")
            };
            let json = json!({ "to_phase": to, "triggered_by": "test", "condition_met": "met" });
            messages.push(("advance_phase", json));
        }
        messages.extend((self.more)());
        messages
    }

    /// Takes an epoch here, without waiting for it to arrive.
    fn send(&self, world: &World, raw: &Raw) {
        let _ = world.start();
        for (name, json) in self.messages() {
            raw.tell(&world.epoch, name, &json);
        }
        match self.status {
            "cancelled" => drop(world.say("epoch cancel").ok()),
            "terminated" => {
                // What was sent would be lost with it.
                eventually("it is where it was sent", LIMIT, || {
                    (world.state()["current_phase"] == self.phase()).then_some(())
                });
                let _ = world.say("epoch terminate").ok();
            }
            _ => {}
        }
    }
}

/// All of these epochs, by id, with their place.
fn epochs(world: &World) -> BTreeMap<String, &'static Place> {
    let places = PLACES.iter().flat_map(|place| {
        let ids = 0..place.count;
        ids.map(move |number| (format!("{}-{}-{number}", world.epoch, place.name), place))
    });
    places.collect()
}

/// Which of these epochs a filter lists.
#[track_caller]
fn listed(world: &World, filter: &str) -> BTreeMap<String, Value> {
    let list = world.say(&format!(
        "epoch list --limit 100000 --format jsonl {filter}"
    ));
    let list = list.ok().stdout;
    let items = list.lines().map(|line| serde_json::from_str(line).unwrap());
    items
        .map(|item: Value| (item["epoch_id"].as_str().unwrap().to_owned(), item))
        .filter(|(id, _)| id.starts_with(&world.epoch))
        .collect()
}

/// Waits until a filter lists exactly those that it should.
#[track_caller]
fn check(world: &World, filter: &str, is_meant: impl Fn(&Place) -> bool) {
    let epochs = epochs(world);
    let meant = epochs.iter().filter(|(_, place)| is_meant(place));
    let meant: BTreeSet<&String> = meant.map(|(id, _)| id).collect();
    let what = format!("epoch list {filter} has these {}", meant.len());
    eventually(&what, LIMIT, || {
        let found = listed(world, filter);
        (found.keys().collect::<BTreeSet<_>>() == meant).then_some(())
    });
}

#[test]
fn sixty_epochs_are_found_by_what_they_show_and_told_as_they_are() {
    // One of its own: it is kept busy, and others count the seconds of theirs.
    let options = Options {
        unthrottled: true,
        ..Options::default()
    };
    let Some(server) = Server::start(options) else {
        return;
    };
    let world = World::on(&server.address());
    let _daemon = world.ready_daemon();
    let epochs = epochs(&world);
    assert_eq!(epochs.len(), 60);
    let raw = Raw::connect(&world);
    let (all, next) = (Vec::from_iter(&epochs), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some((id, place)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    place.send(&world.beside(id), &raw);
                }
            });
        }
    });
    filters(&world);
    pages(&world);
    for place in &PLACES {
        let world = world.beside(&format!("{}-{}-0", world.epoch, place.name));
        told(&world, place);
    }
}

#[track_caller]
fn filters(world: &World) {
    check(world, "", Place::is_open);
    check(world, "--all", |_| true);
    for phase in 1..=12 {
        let filter = format!("--phase p{phase}");
        check(world, &filter, |place| {
            place.is_open() && place.phase == phase
        });
    }
    for role in ["epoch", "architect", "reviewer", "supervisor", "worker"] {
        let filter = format!("--role {role}");
        check(world, &filter, |place| {
            place.is_open() && place.role == role
        });
    }
    for status in ["running", "complete", "cancelled", "terminated", "failed"] {
        let filter = format!("--status {status}");
        check(world, &filter, |place| place.status == status);
    }
    check(world, "--phase p2 --status terminated", |place| {
        place.name == "terminated"
    });
    check(world, "--all --phase propose --role architect", |place| {
        place.phase == 3
    });
    let found = listed(world, "--all");
    for (id, place) in epochs(world) {
        let item = &found[&id];
        assert_eq!(item["status"], place.status, "{item}");
        assert_eq!(item["current_phase"], place.phase(), "{item}");
        assert_eq!(item["current_role"], place.role, "{item}");
        assert_eq!(item["closed_at"].is_null(), place.is_open(), "{item}");
    }
}

/// Fewer than there are, the latest first, and all.
#[track_caller]
fn pages(world: &World) {
    for limit in [1, 7, 59] {
        let list = world.say(&format!("epoch list --all --limit {limit} --format json"));
        let list = list.ok();
        let told = format!("there are more than these {limit}: ");
        assert!(list.stderr.starts_with(&told), "{list}");
        let json = list.json();
        let items = json.as_array().unwrap();
        assert_eq!(items.len(), limit);
        // Open ones come first.
        let moments: Vec<(bool, &str)> = items
            .iter()
            .map(|item| {
                let closed = item["closed_at"].as_str();
                let started = item["started_at"].as_str().unwrap();
                (closed.is_none(), closed.unwrap_or(started))
            })
            .collect();
        assert!(moments.is_sorted_by(|a, b| a >= b), "{moments:?}");
    }
    let table = world.say("epoch list --all --limit 60").ok();
    assert_eq!(table.stderr, "", "there are no more");
    assert_eq!(table.stdout.lines().count(), 61, "{table}");
}

/// One epoch, shown and told.
#[track_caller]
fn told(world: &World, place: &Place) {
    let next = |said: &Value| {
        let part = |key: &str| said["next"][key].as_str().unwrap_or_default().to_owned();
        part("who") == place.next.0 && part("what").starts_with(place.next.1)
    };
    let what = format!("{} is told as {:?}", place.name, place.next);
    let said = eventually(&what, LIMIT, || {
        Some(shown(world)).filter(|said| next(said))
    });
    assert_eq!(said["current_phase"], place.phase(), "{said}");
    assert_eq!(said["status"], place.status, "{said}");
    let has_commands = said["next"]["commands"] != json!([]);
    assert_eq!(has_commands, place.is_open(), "{said}");
    let text = world.say("epoch show").ok().stdout;
    assert!(text.contains(place.next.1), "{text}");
    let story = world.say("epoch history --format json").ok().json();
    let story = story.as_array().unwrap();
    assert_eq!(story[0]["event_type"], "epoch_started");
    let moves = story
        .iter()
        .filter(|item| item["event_type"] == "phase_transition");
    assert_eq!(moves.count(), place.phase - 1, "{story:?}");
}
