//! Runs the scenarios: each on every target, all of them at once, since most of their time
//! is waiting for a server's timers. Each scenario is a test of its own; the first test
//! that runs starts all that the command line selects, and the others find theirs under way.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;
use std::{env, fs};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::compare;
use crate::scene::{Record, Scene, Side};
use crate::target::{self, Target};
use crate::{normalise, scenarios};

/// The longest scenario waits for some ten seconds of a server's timers.
const LIMIT: Duration = Duration::from_mins(1);

/// Scenarios under way at once on one target: more make a small machine so slow that
/// timers of one second fire early.
const AT_ONCE: usize = 16;

/// How often a scenario is played, if a target that may lose a task does.
const TURNS: usize = 3;

/// Where records are kept for people to read.
const RECORDS: &str = "AURA_ENGINE_RECORDS";

/// A scenario: what it is called, and what it does.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Family and name.
    pub name: &'static str,
    /// The steps.
    pub play: for<'a> fn(&'a Scene) -> BoxFuture<'a, ()>,
}

/// Declares the scenarios of a family: a test for each, and the list of all.
#[macro_export]
macro_rules! scenarios {
    ($family:literal: $($name:ident),+ $(,)?) => {
        /// The scenarios of this family.
        pub const ALL: &[$crate::suite::Scenario] = &[$($crate::suite::Scenario {
            name: concat!($family, "::", stringify!($name)),
            play: |scene| Box::pin($name(scene)),
        }),+];

        mod tests {
            $(#[test]
            fn $name() {
                $crate::suite::verdict(concat!($family, "::", stringify!($name)));
            })+
        }
    };
}

type Outcome = Result<Record, String>;
type Pending = [mpsc::Receiver<Outcome>; 2];

/// Waits for a scenario's end on all targets, and fails the test if they differ.
#[track_caller]
pub fn verdict(name: &'static str) {
    let Some(targets) = target::targets() else {
        return;
    };
    let pending = under_way(targets, name);
    let outcomes = pending.map(|outcome| outcome.recv().expect("a scenario has an outcome"));
    let mut records = Vec::new();
    for (target, outcome) in targets.iter().zip(outcomes) {
        match outcome {
            Ok(record) => {
                keep(name, target, &record);
                records.push(record);
            }
            Err(why) => panic!("{name} on {}: {why}", target.name),
        }
    }
    let [first, second] = records.as_slice() else {
        unreachable!("there is a record for each target")
    };
    let names = [targets[0].name, targets[1].name];
    if let Some(difference) = compare::difference(name, names, [first, second]) {
        panic!("{name} differs:\n{difference}");
    }
}

/// The scenario's outcomes to come. Starts it, and all others that were asked for.
fn under_way(targets: &'static [Target; 2], name: &'static str) -> Pending {
    static PENDING: LazyLock<Mutex<HashMap<&'static str, Pending>>> = LazyLock::new(Mutex::default);
    static SELECTED: OnceLock<()> = OnceLock::new();

    let lock = || PENDING.lock().unwrap_or_else(PoisonError::into_inner);
    SELECTED.get_or_init(|| {
        // As the test runner selects. Where it selects otherwise, a scenario starts later.
        let filters: Vec<String> = env::args()
            .skip(1)
            .filter(|arg| !arg.starts_with('-'))
            .collect();
        let asked = |scenario: &&Scenario| {
            filters.is_empty() || filters.iter().any(|filter| matches(scenario.name, filter))
        };
        for scenario in scenarios::all().iter().filter(asked) {
            lock().insert(scenario.name, start(targets, *scenario));
        }
    });
    if let Some(pending) = lock().remove(name) {
        return pending;
    }
    let scenario = scenarios::all()
        .into_iter()
        .find(|known| known.name == name);
    start(targets, scenario.expect("its family is listed"))
}

/// A test is called `scenarios::FAMILY::tests::NAME`.
fn matches(scenario: &str, filter: &str) -> bool {
    let test = format!("scenarios::{}", scenario.replace("::", "::tests::"));
    test.contains(filter)
}

fn start(targets: &'static [Target; 2], scenario: Scenario) -> Pending {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be built")
    });
    static SIDES: OnceLock<[Arc<Side>; 2]> = OnceLock::new();

    let sides = SIDES.get_or_init(|| {
        [0, 1].map(|index| Arc::new(RUNTIME.block_on(Side::connect(&targets[index], AT_ONCE))))
    });
    [0, 1].map(|index| {
        let (sender, receiver) = mpsc::channel();
        let side = Arc::clone(&sides[index]);
        RUNTIME.spawn(async move {
            // Nobody asks for the outcome of a scenario whose test was not selected.
            let _ = sender.send(play(side, scenario).await);
        });
        receiver
    })
}

async fn play(side: Arc<Side>, scenario: Scenario) -> Outcome {
    let mut turn = 1;
    loop {
        let outcome = play_once(&side, scenario).await;
        let text = match &outcome {
            Ok(record) => record.text(),
            Err(why) => why.clone(),
        };
        // That is not what the scenario is about, and nothing that it could compare.
        let lost = side.target.loses_tasks && compare::lost_a_task(scenario.name, &text);
        if turn == TURNS || !lost {
            return outcome;
        }
        turn += 1;
    }
}

async fn play_once(side: &Arc<Side>, scenario: Scenario) -> Outcome {
    let turns: &Semaphore = &side.turns;
    let _turn = turns.acquire().await.map_err(|error| error.to_string())?;
    let scene = Scene::new(Arc::clone(side), scenario.name);
    let playing = std::panic::AssertUnwindSafe((scenario.play)(&scene)).catch_unwind();
    let played = tokio::time::timeout(LIMIT, playing).await;
    let failure = match played {
        Ok(Ok(())) => None,
        Ok(Err(panic)) => Some(normalise::panic_text(&*panic)),
        Err(_) => Some(format!("not at its end after {LIMIT:?}")),
    };
    let record = scene.finish(compare::is_loose(scenario.name)).await;
    match failure {
        None => Ok(record),
        Some(why) => Err(format!("{why}\n{}", record.lines().join("\n"))),
    }
}

fn keep(name: &str, target: &Target, record: &Record) {
    let Some(folder) = env::var_os(RECORDS) else {
        return;
    };
    let file = format!("{}.{}.txt", name.replace("::", "."), target.mark);
    let path = Path::new(&folder).join(file);
    fs::create_dir_all(&folder).expect("records can be kept where they should be");
    fs::write(path, record.text()).expect("records can be kept where they should be");
}
