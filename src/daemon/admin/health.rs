//! What the daemon depends on, as it was found last, and what follows from it. It leaves
//! out the looking.

#![expect(
    unreachable_pub,
    reason = "the macro that makes words makes them for everybody"
)]

use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::protocol::Word;
use crate::protocol::words::words;

/// A connection that was not looked at for so long is not known to work.
const STALE: Duration = Duration::from_secs(10);

words! {
    /// What the daemon depends on.
    Dependency as "dependency" {
        /// The server, or the engine in this process, answers.
        Connection = "connection",
        /// The server hands this daemon work.
        Pollers = "pollers",
        /// The audit trail can be written.
        AuditTrail = "audit_trail",
        /// The namespace knows what epochs are searched by.
        SearchAttributes = "search_attributes",
        /// The engine in this process runs, if there is to be one.
        Engine = "engine",
    }
}

words! {
    /// How a dependency is.
    Condition as "condition" {
        /// It works.
        Ok = "ok",
        /// It does not, and work goes on without it.
        Degraded = "degraded",
        /// It does not, and work waits for it.
        Failed = "failed",
    }
}

words! {
    /// How far the daemon is.
    Stage as "stage" {
        /// It does not take work yet.
        Starting = "starting",
        /// It takes work.
        Running = "running",
        /// It takes no more work.
        Stopping = "stopping",
    }
}

/// What is known, shared by those who look and those who are asked.
#[derive(Debug)]
pub(in crate::daemon) struct Health(Mutex<State>);

#[derive(Debug)]
struct State {
    stage: Stage,
    checks: [Check; Dependency::ALL.len()],
}

#[derive(Clone, Debug)]
struct Check {
    condition: Condition,
    detail: String,
    /// When it was looked at last; none before the first time.
    at: Option<Instant>,
    /// Whether the log has it that it does not work.
    is_told: bool,
}

impl Default for Health {
    fn default() -> Self {
        let unknown = Check {
            condition: Condition::Failed,
            detail: "not known yet".to_owned(),
            at: None,
            is_told: false,
        };
        Self(Mutex::new(State {
            stage: Stage::Starting,
            checks: std::array::from_fn(|_| unknown.clone()),
        }))
    }
}

impl Health {
    /// Takes note of how a dependency was found. Once work is taken, a change is logged;
    /// before that, things are only coming to be.
    pub(super) fn found(&self, what: Dependency, condition: Condition, detail: impl Into<String>) {
        let detail = detail.into();
        let mut state = self.state();
        let is_running = state.stage == Stage::Running;
        let check = &mut state.checks[what as usize];
        let was_told = check.is_told && check.condition == condition;
        let is_back = check.is_told && condition == Condition::Ok;
        let is_worse = is_running && condition != Condition::Ok && !was_told;
        check.is_told = was_told || is_worse;
        check.condition = condition;
        check.detail.clone_from(&detail);
        check.at = Some(Instant::now());
        drop(state);
        if is_worse {
            tracing::warn!("{what}: {condition}: {detail}");
        } else if is_back {
            tracing::info!("{what}: ok again: {detail}");
        }
    }

    /// Work is taken.
    pub(in crate::daemon) fn running(&self) {
        self.state().stage = Stage::Running;
    }

    /// No more work is taken.
    pub(in crate::daemon) fn stopping(&self) {
        self.state().stage = Stage::Stopping;
    }

    /// How things are.
    pub(super) fn report(&self) -> Report {
        let state = self.state();
        let checks = Dependency::ALL.iter().map(|what| {
            let check = &state.checks[*what as usize];
            let age = check.at.map(|at| at.elapsed());
            match age.filter(|age| *what == Dependency::Connection && *age > STALE) {
                Some(age) => {
                    let detail = format!(
                        "not looked at for {} s: the daemon does not get to it",
                        age.as_secs()
                    );
                    (*what, Condition::Failed, detail)
                }
                None => (*what, check.condition, check.detail.clone()),
            }
        });
        Report {
            stage: state.stage,
            checks: checks.collect(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is whole between any two changes, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How things are at one moment.
#[derive(Debug)]
pub(super) struct Report {
    stage: Stage,
    checks: Vec<(Dependency, Condition, String)>,
}

impl Report {
    /// Whether work is taken, and nothing that it needs is missing.
    pub(super) fn is_ready(&self) -> bool {
        let fails = |(_, condition, _): &_| *condition == Condition::Failed;
        self.stage == Stage::Running && !self.checks.iter().any(fails)
    }

    /// Each dependency, and how it is.
    pub(super) fn checks(&self) -> impl Iterator<Item = (Dependency, Condition)> + '_ {
        self.checks
            .iter()
            .map(|(what, condition, _)| (*what, *condition))
    }

    /// For people, in the form that Kubernetes has for it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let stage = match self.stage {
            Stage::Running => Condition::Ok,
            Stage::Starting | Stage::Stopping => Condition::Failed,
        };
        line(&mut text, "daemon", stage, self.stage.word());
        for (what, condition, detail) in &self.checks {
            line(&mut text, what.word(), *condition, detail);
        }
        text.push_str(if self.is_ready() {
            "readyz check passed\n"
        } else {
            "readyz check failed\n"
        });
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let checks: serde_json::Map<_, _> = self
            .checks
            .iter()
            .map(|(what, condition, detail)| {
                let check = json!({ "state": condition.word(), "detail": detail });
                (what.word().to_owned(), check)
            })
            .collect();
        json!({
            "ready": self.is_ready(),
            "daemon": self.stage.word(),
            "checks": checks,
        })
    }
}

fn line(text: &mut String, what: &str, condition: Condition, detail: &str) {
    let mark = match condition {
        Condition::Ok => '+',
        Condition::Degraded => '!',
        Condition::Failed => '-',
    };
    // One line each, whatever an error has in it. Writing to a text does not fail.
    let detail = detail.replace(['\n', '\r'], " ");
    let _ = writeln!(text, "[{mark}]{what} {condition}: {detail}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Health {
        let health = Health::default();
        for what in Dependency::ALL {
            health.found(*what, Condition::Ok, "fine");
        }
        health.running();
        health
    }

    #[test]
    fn it_is_ready_once_it_runs_and_nothing_fails() {
        let health = Health::default();
        assert!(!health.report().is_ready());
        health.running();
        assert!(!health.report().is_ready(), "nothing is known yet");
        let health = healthy();
        assert!(health.report().is_ready());
        health.stopping();
        assert!(!health.report().is_ready());
    }

    #[test]
    fn what_is_degraded_is_shown_and_does_not_count() {
        let health = healthy();
        health.found(
            Dependency::SearchAttributes,
            Condition::Degraded,
            "missing:\nAuraPhase",
        );
        let report = health.report();
        assert!(report.is_ready());
        assert_eq!(
            report.text(),
            "[+]daemon ok: running\n[+]connection ok: fine\n[+]pollers ok: fine\n\
             [+]audit_trail ok: fine\n[!]search_attributes degraded: missing: AuraPhase\n\
             [+]engine ok: fine\nreadyz check passed\n"
        );
    }

    #[test]
    fn each_dependency_can_make_it_unready() {
        for what in Dependency::ALL {
            let health = healthy();
            health.found(*what, Condition::Failed, "gone");
            let report = health.report();
            assert!(!report.is_ready(), "{what}");
            let wrong = format!("[-]{what} failed: gone\n");
            assert!(report.text().contains(&wrong), "{}", report.text());
            let json = report.json();
            assert_eq!(json["ready"], false);
            assert_eq!(
                json["checks"][what.word()],
                json!({ "state": "failed", "detail": "gone" })
            );
        }
    }
}
