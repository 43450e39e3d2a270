//! An epoch as Temporal's own command line shows it: what the server has recorded, for
//! tests that must know more than `aura-msg` tells.

use std::time::Duration;

use serde_json::Value;

use crate::server::{Options, Server};
use crate::support::output::Output;
use crate::support::wait::eventually;

/// A worker that was killed with a task may be missed for two task timeouts.
const ANSWER_LIMIT: Duration = Duration::from_mins(1);
/// With so many messages a short run has come to its end.
const POKES: usize = 40;

/// A workflow on a server.
#[derive(Clone, Copy)]
pub struct Workflow<'a> {
    pub server: &'a Server,
    pub id: &'a str,
}

impl<'a> Workflow<'a> {
    pub fn new(server: &'a Server, id: &'a str) -> Self {
        Self { server, id }
    }

    /// What `temporal workflow VERB` says of it.
    #[track_caller]
    fn ask(&self, verb: &str, args: &[&str]) -> Output {
        let fixed = ["workflow", verb, "--workflow-id", self.id];
        self.server.cli(fixed.iter().chain(args))
    }

    /// Starts it as another client than `aura-msg` would.
    #[track_caller]
    pub fn start(&self, kind: &str, queue: &str, input: &Value, args: &[&str]) {
        let input = input.to_string();
        let fixed = ["--type", kind, "--task-queue", queue, "--input", &input];
        let _ = self.ask("start", &[&fixed, args].concat()).ok();
    }

    /// Sends a signal, which the server has when this returns. It turns signals away while
    /// a run is about to end, and says so.
    #[track_caller]
    pub fn signal(&self, name: &str, content: &Value) {
        let content = content.to_string();
        eventually(&format!("{name} is sent"), ANSWER_LIMIT, || {
            let sent = self.ask("signal", &["--name", name, "--input", &content]);
            (sent.code == 0).then_some(())
        });
    }

    /// A query's answer, as soon as a worker gives one.
    #[track_caller]
    pub fn query(&self, name: &str, argument: &Value) -> Value {
        let argument = argument.to_string();
        let mut args = vec!["--type", name, "--output", "json"];
        if argument != "null" {
            args.extend(["--input", &argument]);
        }
        eventually(&format!("an answer to {name}"), ANSWER_LIMIT, || {
            let answer = self.ask("query", &args);
            (answer.code == 0).then(|| answer.json()["queryResult"][0].clone())
        })
    }

    /// What is known of its latest run.
    #[track_caller]
    pub fn describe(&self) -> Value {
        self.ask("describe", &["--output", "json"]).ok().json()
    }

    /// Something, if there is such a workflow.
    #[track_caller]
    pub fn is_known(&self) -> Option<()> {
        (self.ask("describe", &[]).code == 0).then_some(())
    }

    /// How its latest run is doing, in the server's word: Running, Completed and so on.
    #[track_caller]
    pub fn status(&self) -> String {
        let status = &self.describe()["workflowExecutionInfo"]["status"];
        let word = status.as_str().expect("a workflow has a status");
        word.trim_start_matches("WORKFLOW_EXECUTION_STATUS_")
            .to_owned()
    }

    /// Something, if nothing is to be done for it at the moment.
    #[track_caller]
    pub fn is_idle(&self) -> Option<()> {
        self.describe()["pendingWorkflowTask"]
            .is_null()
            .then_some(())
    }

    /// Its latest run.
    #[track_caller]
    pub fn run_id(&self) -> String {
        let run = &self.describe()["workflowExecutionInfo"]["execution"]["runId"];
        run.as_str().expect("a workflow has a run").to_owned()
    }

    /// Waits until a run other than this one is its latest.
    #[track_caller]
    pub fn wait_run_after(&self, run: &str, limit: Duration) {
        let what = format!("{} goes on in a new run", self.id);
        eventually(&what, limit, || (self.run_id() != run).then_some(()));
    }

    /// Waits until its latest run has this status.
    #[track_caller]
    pub fn wait_status(&self, wanted: &str, limit: Duration) {
        let what = format!("{} is {wanted}", self.id);
        eventually(&what, limit, || (self.status() == wanted).then_some(()));
    }

    /// The recorded events of its latest run, or of the run that is named.
    #[track_caller]
    pub fn history(&self, run: Option<&str>) -> Vec<Value> {
        let mut args = vec!["--output", "json"];
        args.extend(run.iter().flat_map(|run| ["--run-id", run]));
        let shown = self.ask("show", &args).ok().json();
        shown["events"]
            .as_array()
            .expect("a history is a list of events")
            .clone()
    }

    /// All its runs, each with its recorded events.
    #[track_caller]
    pub fn runs(&self) -> Vec<(String, Vec<Value>)> {
        let first = &self.describe()["workflowExecutionInfo"]["firstRunId"];
        let mut next = first.as_str().map(str::to_owned);
        let mut runs = Vec::new();
        while let Some(run) = next {
            let history = self.history(Some(&run));
            let end = history.last().expect("a run has events");
            let follower =
                &end["workflowExecutionContinuedAsNewEventAttributes"]["newExecutionRunId"];
            next = follower.as_str().map(str::to_owned);
            runs.push((run, history));
        }
        runs
    }

    /// Pokes it until a new run has begun.
    #[track_caller]
    pub fn wait_new_run(&self, mut poke: impl FnMut(usize)) {
        let before = self.run_id();
        for n in 0..POKES {
            poke(n);
            if self.run_id() != before {
                return;
            }
        }
        // It ends with a timer.
        self.wait_run_after(&before, ANSWER_LIMIT);
    }

    /// How many recorded events of its latest run are of this type.
    #[track_caller]
    pub fn count(&self, kind: &str) -> usize {
        count(&self.history(None), kind)
    }

    /// Ends it by force.
    #[track_caller]
    pub fn terminate(&self) {
        let _ = self.ask("terminate", &["--reason", "a test"]).ok();
    }
}

/// So many events a run has there when a new one is suggested: those of a few messages.
pub const SHORT_RUN: &str = "40";

/// A server that suggests a new run so early.
#[track_caller]
pub fn server_of_short_runs() -> Option<Server> {
    Server::start(Options {
        suggest_continue_as_new: Some(SHORT_RUN),
        ..Options::default()
    })
}

/// How many of these events are of this type, in the server's word without its prefix.
pub fn count(events: &[Value], kind: &str) -> usize {
    events.iter().filter(|event| is(event, kind)).count()
}

/// Whether an event is of this type.
pub fn is(event: &Value, kind: &str) -> bool {
    let name = event["eventType"].as_str().unwrap_or_default();
    name.strip_prefix("EVENT_TYPE_") == Some(kind)
}
