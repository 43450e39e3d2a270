//! How much is taken and kept: texts over their limits, and the last entries of each
//! list with a count of all.

use super::*;
use crate::protocol::event::{Progress, RegisterSession, SessionNote};
use crate::protocol::session::Registration;

const TEXT: usize = 4 * 1024;
const LONG: usize = 16 * 1024;

/// Each text field of each message: its name, its limit, and the event with such a text.
type TextField = (&'static str, usize, fn(String) -> Event);

fn slice_with(change: impl FnOnce(&mut SliceRequest)) -> Event {
    let mut request = request("a", &[]);
    change(&mut request);
    Event::StartSlice(request)
}

fn advance_with(change: impl FnOnce(&mut Advance)) -> Event {
    let mut asked = Advance {
        to: P2,
        triggered_by: String::new(),
        condition_met: String::new(),
        override_reason: None,
    };
    change(&mut asked);
    Event::AdvancePhase(asked)
}

fn vote_with(reviewer_id: String, comment: Option<String>) -> Event {
    Event::SubmitVote(VoteCast {
        axis: Elegance,
        vote: Accept,
        reviewer_id,
        comment,
        phase: None,
        round: None,
    })
}

fn progress_with(slice_id: String, leaf_task_id: String, stage_name: String) -> Event {
    Event::ReportProgress(Progress {
        slice_id,
        leaf_task_id,
        stage_name,
        completed: false,
    })
}

fn register_with(change: impl FnOnce(&mut Registration)) -> Event {
    let mut said = Registration {
        epoch_id: EPOCH.to_owned(),
        session_id: "s".to_owned(),
        role: None,
        model_harness: String::new(),
        model: String::new(),
    };
    change(&mut said);
    Event::RegisterSession(RegisterSession(said))
}

fn finding_with(change: impl FnOnce(&mut NewFinding)) -> Event {
    let mut new = NewFinding {
        finding_id: "f".to_owned(),
        severity: SeverityLevel::Minor,
        summary: String::new(),
        slice_id: None,
        reported_by: String::new(),
    };
    change(&mut new);
    Event::RecordFinding(new)
}

fn resolution_with(finding_id: &str, resolution: String, resolved_by: String) -> Event {
    let finding_id = finding_id.to_owned();
    Event::ResolveFinding(FindingResolved {
        finding_id,
        resolution,
        resolved_by,
    })
}

fn report_with(output: String, error: Option<String>) -> Event {
    outcome_with(|outcome| {
        outcome.output = output;
        outcome.error = error;
    })
}

fn outcome_with(change: impl FnOnce(&mut SliceOutcome)) -> Event {
    let mut outcome = SliceOutcome::succeeded(String::new());
    change(&mut outcome);
    Event::FinishSlice(SliceReport {
        slice_id: "known".to_owned(),
        attempt: 9,
        outcome,
    })
}

fn note(session_id: String, reason: String) -> SessionNote {
    SessionNote { session_id, reason }
}

fn about(slice_id: String, reason: String) -> SliceOrder {
    SliceOrder { slice_id, reason }
}

const FIELDS: &[TextField] = &[
    ("triggered_by", TEXT, |t| {
        advance_with(|a| a.triggered_by = t)
    }),
    ("condition_met", TEXT, |t| {
        advance_with(|a| a.condition_met = t)
    }),
    ("override", TEXT, |t| {
        advance_with(|a| a.override_reason = Some(t))
    }),
    ("reviewer_id", TEXT, |t| vote_with(t, None)),
    ("comment", LONG, |t| vote_with(String::new(), Some(t))),
    ("slice_id", TEXT, |t| {
        progress_with(t, String::new(), String::new())
    }),
    ("leaf_task_id", TEXT, |t| {
        progress_with(String::new(), t, String::new())
    }),
    ("stage_name", TEXT, |t| {
        progress_with(String::new(), String::new(), t)
    }),
    ("epoch_id", TEXT, |t| register_with(|r| r.epoch_id = t)),
    ("session_id", TEXT, |t| register_with(|r| r.session_id = t)),
    ("model_harness", TEXT, |t| {
        register_with(|r| r.model_harness = t)
    }),
    ("model", TEXT, |t| register_with(|r| r.model = t)),
    ("session_id", TEXT, |t| {
        Event::HeartbeatSession(note(t, String::new()))
    }),
    ("reason", TEXT, |t| {
        Event::HeartbeatSession(note("s".to_owned(), t))
    }),
    ("session_id", TEXT, |t| {
        Event::EndSession(note(t, String::new()))
    }),
    ("reason", TEXT, |t| {
        Event::EndSession(note("s".to_owned(), t))
    }),
    ("finding_id", TEXT, |t| finding_with(|f| f.finding_id = t)),
    ("summary", TEXT, |t| finding_with(|f| f.summary = t)),
    ("slice_id", TEXT, |t| finding_with(|f| f.slice_id = Some(t))),
    ("reported_by", TEXT, |t| finding_with(|f| f.reported_by = t)),
    ("finding_id", TEXT, |t| {
        resolution_with(&t, String::new(), String::new())
    }),
    ("resolution", TEXT, |t| {
        resolution_with("f", t, String::new())
    }),
    ("resolved_by", TEXT, |t| {
        resolution_with("f", String::new(), t)
    }),
    ("slice_id", TEXT, |t| slice_with(|r| r.slice_id = t)),
    ("dependencies", TEXT, |t| {
        slice_with(|r| r.dependencies = vec![t])
    }),
    ("leaf_task_ids", TEXT, |t| {
        slice_with(|r| r.leaf_task_ids = vec![String::new(), t])
    }),
    ("phase_spec", TEXT, |t| slice_with(|r| r.phase_spec = t)),
    ("command", TEXT, |t| slice_with(|r| r.config.command = t)),
    ("runner", TEXT, |t| {
        slice_with(|r| r.config.runner = Some(t))
    }),
    ("slice_id", TEXT, |t| {
        Event::CancelSlice(about(t, String::new()))
    }),
    ("reason", TEXT, |t| {
        Event::CancelSlice(about("known".to_owned(), t))
    }),
    ("slice_id", TEXT, |t| {
        Event::WaiveSlice(about(t, String::new()))
    }),
    ("reason", TEXT, |t| {
        Event::WaiveSlice(about("known".to_owned(), t))
    }),
    ("slice_id", TEXT, |t| {
        Event::RetrySlice(about(t, String::new()))
    }),
    ("reason", TEXT, |t| {
        Event::RetrySlice(about("known".to_owned(), t))
    }),
    ("output", LONG, |t| report_with(t, None)),
    ("error", LONG, |t| report_with(String::new(), Some(t))),
    ("code", TEXT, |t| outcome_with(|o| o.code = Some(t))),
    ("log", TEXT, |t| outcome_with(|o| o.log = Some(t))),
    ("worktree", TEXT, |t| outcome_with(|o| o.worktree = Some(t))),
    ("host", TEXT, |t| outcome_with(|o| o.host = Some(t))),
];

#[test]
fn a_text_over_its_limit_is_refused_with_its_length_and_without_the_text() {
    for (name, limit, event) in FIELDS {
        let mut scene = Scene::at(P9);
        scene.ok(plan(&["known"]));
        let refusal = scene.refused(event("x".repeat(limit + 1)));
        assert_eq!(refusal.code, RefusalCode::TooLong, "{name}: {refusal}");
        assert!(refusal.what.contains(name), "{name}: {refusal}");
        assert!(
            refusal.why.contains(&(limit + 1).to_string()),
            "{name}: {refusal}"
        );
        assert!(
            !format!("{:?}", scene.state()).contains("xxxxxxxxxx"),
            "{name}"
        );
    }
}

#[test]
fn a_text_at_its_limit_is_not_too_long() {
    for (name, limit, event) in FIELDS {
        let mut scene = Scene::at(P9);
        scene.ok(plan(&["known"]));
        // Bytes are counted, not characters.
        for text in ["x".repeat(*limit), "é".repeat(limit / 2)] {
            if let Err(refused) = scene.send(Message::internal(event(text))) {
                assert_ne!(refused.refusal.code, RefusalCode::TooLong, "{name}");
            }
        }
        let refusal = scene.refused(event("é".repeat(limit / 2 + 1)));
        assert_eq!(refusal.code, RefusalCode::TooLong, "{name}");
    }
}

#[test]
fn a_plan_is_refused_for_a_text_of_any_of_its_slices() {
    let mut slices = requests(&["a", "b"]);
    slices[1].phase_spec = "x".repeat(TEXT + 1);
    let plan = Event::PlanSlices(SlicePlan {
        slices,
        fail_fast: None,
    });
    let mut scene = Scene::at(P8);
    assert_eq!(scene.refused(plan).code, RefusalCode::TooLong);
    assert!(scene.state().slices.0.is_empty());
}

#[test]
fn an_over_long_message_keeps_its_outcome_like_any_other() {
    let mut scene = Scene::new();
    let message = identified("r1", "f", vote_with("x".repeat(TEXT + 1), None));
    let first = scene.send(message.clone()).unwrap_err();
    let after = scene.state().clone();
    assert_eq!(scene.send(message).unwrap_err().refusal, first.refusal);
    assert_eq!(*scene.state(), after);
}

#[test]
fn a_description_has_at_most_64_kib() {
    let start = |description: String| {
        let epoch_id = EpochId::parse(EPOCH).unwrap();
        let settings = Settings::default();
        Epoch::start(
            moment(0),
            Start {
                epoch_id,
                description,
                rules_version: 1,
                settings,
            },
        )
    };
    let (epoch, effects) = start("x".repeat(64 * 1024)).unwrap();
    assert_eq!(epoch.state().description.len(), 64 * 1024);
    assert_eq!(brief(&effects), ["publish", "epoch_started"]);
    start("\"\n".repeat(32 * 1024 - 2)).unwrap();
    let refusal = start("x".repeat(64 * 1024 + 1)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::TooLong);
    assert!(refusal.why.contains("65537"), "{refusal}");
}

#[test]
fn the_last_500_transition_records_are_kept() {
    let mut scene = Scene::at(P3);
    for _ in 0..300 {
        scene.ok(advance(P4));
        scene.ok(advance(P3));
    }
    let kept = &scene.state().transitions;
    assert_eq!((kept.iter().len(), kept.total()), (500, 602));
    assert_eq!(scene.state().successful_transitions, 602);
    assert_eq!(kept.last().unwrap().at, scene.now());
}

#[test]
fn the_last_1000_progress_records_are_kept_in_order() {
    let mut scene = Scene::at(P9);
    for n in 0..1_100 {
        scene.ok(progress_with(
            "slice-12".into(),
            format!("task-{n:05}"),
            "execute".into(),
        ));
    }
    let kept = &scene.state().progress;
    assert_eq!((kept.iter().len(), kept.total()), (1_000, 1_100));
    let tasks: Vec<&str> = kept.iter().map(|record| &*record.leaf_task_id).collect();
    assert_eq!((tasks[0], tasks[999]), ("task-00100", "task-01099"));
}

#[test]
fn the_last_512_outcomes_are_kept_even_if_half_of_them_are_refusals() {
    let mut scene = Scene::new();
    for n in 0..600 {
        let event = if n % 2 == 0 {
            vote(Elegance, Accept)
        } else {
            resolve("no such finding")
        };
        let id = format!("3f2b8c1e-7d44-4a55-9b0a-{n:012}");
        let _ = scene.send(identified(&id, "0123456789abcdef0123456789abcdef", event));
    }
    let kept = &scene.state().inbox.outcomes;
    assert_eq!((kept.iter().len(), kept.total()), (512, 600));
}
