//! What every command that reports prints, as it would be read: exit code, standard output
//! and standard error, as text on terminals of 80 and 200 columns, and as JSON and JSONL.
//! The epoch is a fixed one, seen at a fixed moment, so each is a snapshot.

use insta::assert_snapshot;
use serde_json::json;

use super::epoch::scene::Scene;
use super::epoch::show::Seen;
use super::slice::leaves::Leaves;
use super::slice::lookup::Found;
use super::{Answer, constraint, epoch, finding, protocol, query, review, session, slice};
use crate::cli::output::{complaint, data};
use crate::cli::paint::Paint;
use crate::cli::table::tests::on_terminal;
use crate::client::Listed;
use crate::config::Format;
use crate::contract::query::{MoreState, QueryStateResult};
use crate::contract::signal::EpochSignal;
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// Everything that a command shows, in all forms.
fn all_forms(command: &str, answer: impl Fn(Format) -> Answer) -> String {
    let forms = [
        (format!("{command}, 80 columns"), 80, Format::Text),
        (format!("{command}, 200 columns"), 200, Format::Text),
        (format!("{command} --format json"), 80, Format::Json),
        (format!("{command} --format jsonl"), 80, Format::Jsonl),
    ];
    let forms = forms.map(|(title, columns, format)| {
        let (code, stdout, stderr) = on_terminal(columns, || streams(&answer(format), format));
        // What is not a table is prose, or a command that must stay whole.
        let is_table = command.contains(" list") || command.ends_with("history");
        let longest = stdout.lines().map(|line| line.chars().count()).max();
        assert!(
            format != Format::Text || !is_table || longest <= Some(columns),
            "wider than {columns} columns:\n{stdout}"
        );
        format!("$ aura-msg {title}\nexit code: {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    });
    forms.join("\n\n")
}

/// Exit code, standard output and standard error.
fn streams(answer: &Answer, format: Format) -> (u8, String, String) {
    match answer {
        Ok(report) => (
            0,
            data(report, format).into_owned(),
            report.notices.join("\n"),
        ),
        Err(failure) => {
            let told = failure.report.as_ref();
            let told = told.map(|report| data(report, format).into_owned());
            (
                failure.kind.exit_code(),
                told.unwrap_or_default(),
                complaint(failure, format, Paint::PLAIN),
            )
        }
    }
}

/// An epoch whose first slice has succeeded and whose second has failed, in p9.
fn at_work() -> Scene {
    let mut scene = Scene::new("Fix the login page.\nIt is slow.");
    scene.advance_through(&["p2", "p3", "p4"]);
    for axis in ["correctness", "test_quality", "elegance"] {
        assert!(scene.vote(axis, "ACCEPT"));
    }
    scene.advance_through(&["p5", "p6", "p7", "p8"]);
    let declared = |id: &str, after: &[&str], leaves: &[&str]| {
        json!({
            "slice_id": id, "dependencies": after, "leaf_task_ids": leaves,
            "phase_spec": format!("write the {id}"),
            "config": { "mode": "subprocess", "runner": "claude", "prompt": "do it" },
        })
    };
    let plan = json!({ "slices": [
        declared("parser", &[], &["lexer", "grammar"]),
        declared("docs-and-examples", &["parser"], &[]),
        declared("release", &["docs-and-examples"], &[]),
    ]});
    assert!(scene.send(EpochSignal::PlanSlices, &plan));
    scene.advance_through(&["p9"]);
    let ended = |id: &str, success: bool, error: Option<&str>| {
        json!({ "slice_id": id, "attempt": 1, "result": {
            "slice_id": id, "success": success, "output": "line one\nline two", "error": error,
            "code": error.map(|_| "exit_code"), "host": "box", "log": "/var/log/aura/docs.log",
        }})
    };
    assert!(scene.send(EpochSignal::SliceFinished, &ended("parser", true, None)));
    let error = "the command ended with exit code 1 after it had said a good deal about what it \
                 found, none of which was of any use to anybody, and then went on to say it again";
    let failed = ended("docs-and-examples", false, Some(error));
    assert!(scene.send(EpochSignal::SliceFinished, &failed));
    scene
}

/// The same in its code review, with everything that an epoch may have.
fn in_review() -> Scene {
    let mut scene = at_work();
    for slice in ["release", "docs-and-examples"] {
        let waived = json!({ "slice_id": slice, "reason": "not needed" });
        assert!(scene.send(EpochSignal::WaiveSlice, &waived));
    }
    scene.advance_through(&["p10"]);
    for (id, role) in [("s-1", "reviewer"), ("session-with-a-long-name", "")] {
        let session = json!({
            "epoch_id": "fix-login", "session_id": id, "role": role,
            "model_harness": "claude-code", "model": "opus",
        });
        assert!(scene.send(EpochSignal::RegisterSession, &session));
    }
    let summary = "the token of a user that has signed out is still taken for a whole hour, and \
                   whoever has it may do everything that the user may do\nPhase: complete";
    for (id, severity, summary) in [
        ("b-1", "BLOCKER", summary),
        ("m-1", "MINOR", "名前 is slow"),
    ] {
        let finding = json!({
            "finding_id": id, "severity": severity, "summary": summary, "reported_by": "bob",
            "slice_id": "parser",
        });
        assert!(scene.send(EpochSignal::RecordFinding, &finding));
    }
    let resolved = json!({ "finding_id": "m-1", "resolution": "faster", "resolved_by": "ann" });
    assert!(scene.send(EpochSignal::ResolveFinding, &resolved));
    assert!(scene.vote("correctness", "ACCEPT"));
    assert!(!scene.advance("p11"));
    scene
}

fn more(state: &QueryStateResult) -> &MoreState {
    state.more.as_ref().expect("it is one of ours")
}

#[test]
fn epoch_list() {
    let scene = in_review();
    let ago = |minutes: i64| {
        let now = scene.now().as_micros();
        Some(WireTime(Timestamp::from_micros(now - minutes * 60_000_000)))
    };
    let told = |text: &str| Some(text.to_owned());
    let open = Listed {
        epoch_id: "fix-login".to_owned(),
        run_id: "0198c0de-0000-7000-8000-000000000001".to_owned(),
        status: "running".to_owned(),
        phase: told("p4"),
        role: told("reviewer"),
        domain: told("plan"),
        last_event_type: told("vote_recorded"),
        started_at: ago(130),
        closed_at: None,
    };
    let epochs = [
        open.clone(),
        Listed {
            epoch_id: "move-the-whole-of-the-billing-to-another-database".to_owned(),
            phase: told("p9"),
            role: told("supervisor"),
            domain: told("impl"),
            last_event_type: told("constraint_checked"),
            started_at: ago(3),
            ..open.clone()
        },
        Listed {
            epoch_id: "killed".to_owned(),
            status: "terminated".to_owned(),
            phase: None,
            role: None,
            domain: None,
            last_event_type: None,
            closed_at: ago(0),
            ..open
        },
    ];
    let report = |_| epoch::list::report(&epochs, true, scene.now());
    assert_snapshot!(all_forms("epoch list --all --limit 3", report));
}

#[test]
fn epoch_list_empty() {
    let scene = Scene::new("");
    let report = |_| epoch::list::report(&[], false, scene.now());
    assert_snapshot!(all_forms("epoch list", report));
}

fn seen<'a>(scene: &Scene, state: &'a QueryStateResult) -> Seen<'a> {
    Seen {
        epoch_id: "fix-login",
        state,
        ending: None,
        now: scene.later(45),
    }
}

fn shown(scene: &Scene) -> String {
    let state = scene.state();
    let seen = seen(scene, &state);
    all_forms("epoch show", |_| seen.report(Paint::PLAIN))
}

#[test]
fn epoch_next() {
    let scene = in_review();
    let state = scene.state();
    let seen = seen(&scene, &state);
    let report = |_| epoch::next::command::report(&seen);
    assert_snapshot!(all_forms("epoch next", report));
}

/// `epoch watch` tells of each change what `epoch show` tells.
#[test]
fn epoch_show_at_work() {
    assert_snapshot!(shown(&at_work()));
}

#[test]
fn epoch_show_in_review() {
    assert_snapshot!(shown(&in_review()));
}

#[test]
fn epoch_history() {
    let state = in_review().state();
    assert_snapshot!(all_forms("epoch history", |_| epoch::history::report(
        &state
    )));
}

/// `epoch wait` tells the same.
#[test]
fn query_state() {
    let state = in_review().state();
    assert_snapshot!(all_forms("query state", |_| query::state::report(&state)));
}

#[test]
fn query_transitions() {
    let steps = in_review().state().available_transitions;
    let report = |_| query::transitions::report(&steps);
    assert_snapshot!(all_forms("query transitions", report));
}

#[test]
fn session_list() {
    let scene = in_review();
    let state = scene.state();
    let report = |_| session::list::report(&more(&state).sessions, &[], scene.later(28));
    assert_snapshot!(all_forms("session list", report));
}

#[test]
fn finding_list() {
    let scene = in_review();
    let state = scene.state();
    let report = |_| finding::list::report(&more(&state).findings, true, scene.now());
    assert_snapshot!(all_forms("finding list --all", report));
}

#[test]
fn review_show() {
    let state = in_review().state();
    let report = |format| review::show::report(more(&state), format, Paint::PLAIN);
    assert_snapshot!(all_forms("review show", report));
}

/// What was reported of the leaves of the slices.
fn leaves() -> Leaves {
    let report = |slice: &str, leaf: &str, completed| {
        let json = json!({
            "slice_id": slice, "leaf_task_id": leaf, "stage_name": "execute",
            "completed": completed,
        });
        serde_json::from_value(json).expect("it is a report")
    };
    vec![
        report("parser", "lexer", true),
        report("parser", "grammar", false),
        report("wild", "x", false),
    ]
    .into()
}

#[test]
fn slice_list() {
    let scene = at_work();
    let state = scene.state();
    let (more, leaves) = (more(&state), leaves());
    let report = |format| slice::list::report(&state, more, &leaves, format, scene.later(5));
    assert_snapshot!(all_forms("slice list", report));
}

#[test]
fn slice_show() {
    let scene = at_work();
    let state = scene.state();
    for (name, at) in [("succeeded", 0), ("failed", 1), ("blocked", 2)] {
        let found = Found {
            slice: more(&state).slices[at].clone(),
            own: None,
            silent: None,
        };
        let own = leaves().of(&found.slice);
        let report = |_| slice::show::report(&state, &found, &own, scene.later(5));
        assert_snapshot!(
            format!("slice_show_{name}"),
            all_forms("slice show", report)
        );
    }
}

#[test]
fn protocol_show() {
    assert_snapshot!(all_forms("protocol show", |_| protocol::show::report(None)));
}

#[test]
fn constraint_list() {
    assert_snapshot!(all_forms("constraint list", |_| constraint::list::report()));
}

#[test]
fn constraint_explain() {
    let report = |_| constraint::explain::report("C-worker-gates");
    assert_snapshot!(all_forms("constraint explain C-worker-gates", report));
    let report = |_| constraint::explain::report("C-worker-gate");
    let unknown = all_forms("constraint explain C-worker-gate", report);
    assert_snapshot!("constraint_explain_unknown", unknown);
}

#[test]
fn epoch_simulate() {
    let (script, wrong) = (
        include_str!("../../../examples/simulate/revise.toml"),
        "[[event]]\nadvance = \"p4\"\n",
    );
    let report = |_| epoch::simulate::report_of("revise.toml", script);
    assert_snapshot!(all_forms("epoch simulate --script revise.toml", report));
    let report = |_| epoch::simulate::report_of("wrong.toml", wrong);
    let unmet = all_forms("epoch simulate --script wrong.toml", report);
    assert_snapshot!("epoch_simulate_unmet", unmet);
}
