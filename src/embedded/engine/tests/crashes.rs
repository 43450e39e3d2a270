//! The engine is killed at every transaction of some scenarios, in every way, and must come
//! to the same end: what was acknowledged is there, once, and no run waits for ever.
//!
//! A scenario is what clients do, in order. Each repeats what it was not told of, under the
//! same request id. Workers answer what there is after each step; what their workflows do
//! is in `programs`, and depends on nothing but the history.

mod player;
mod programs;
mod scenarios;

use player::{Outcome, Player};
use scenarios::{Scenario, scenarios};

use super::world::{Cut, How};

fn play(scenario: &Scenario, in_process: bool, cut: Option<Cut>) -> (Outcome, usize) {
    let mut player = Player::new(in_process, cut);
    for step in &scenario.steps {
        player.step(step);
    }
    player.finish();
    (player.outcome(), player.world.transactions)
}

#[test]
fn scenarios_end_as_they_are_meant_to() {
    for scenario in scenarios() {
        let (outcome, transactions) = play(&scenario, false, None);
        let expected = scenario.outcome.iter();
        let expected: Outcome = expected
            .map(|(id, how)| ((*id).to_owned(), (*how).to_owned()))
            .collect();
        assert_eq!(outcome, expected, "{}", scenario.name);
        assert!(transactions > 5, "{} does little", scenario.name);
    }
}

fn killed_everywhere(how: How) {
    for scenario in scenarios() {
        for in_process in [false, true] {
            let (expected, transactions) = play(&scenario, in_process, None);
            for at in 0..transactions {
                let cut = Cut { at, how };
                let (outcome, _) = play(&scenario, in_process, Some(cut));
                let name = scenario.name;
                assert_eq!(
                    outcome, expected,
                    "{name}, {cut:?}, in process: {in_process}"
                );
            }
        }
    }
}

#[test]
fn nothing_is_lost_that_was_killed_before_its_commit() {
    killed_everywhere(How::Lost);
}

#[test]
fn nothing_is_done_twice_that_was_killed_after_its_commit() {
    killed_everywhere(How::Unheard);
}

#[test]
fn a_task_that_was_given_out_before_its_commit_is_nobodys_after_a_kill() {
    killed_everywhere(How::Told);
}
