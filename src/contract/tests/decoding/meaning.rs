//! What each signal's full payload says to the rules: every field arrives where it is
//! meant to.

use super::super::signals::SAMPLES;
use crate::protocol::Word;

#[test]
fn every_field_arrives() {
    let line = |sample: &super::Sample| {
        let event = sample.signal.decode(sample.json.as_bytes()).event;
        format!("{}: {event:?}", sample.signal.word())
    };
    insta::assert_snapshot!(
        SAMPLES.iter().map(line).collect::<Vec<_>>().join("\n"),
        @r#"
        advance_phase: AdvancePhase(Advance { to: P2, triggered_by: "alice", condition_met: "so", override_reason: Some("phone") })
        submit_vote: SubmitVote(VoteCast { axis: Elegance, vote: Revise, reviewer_id: "bob", comment: Some("no"), phase: Some(P10), round: Some(2) })
        slice_progress: ReportProgress(Progress { slice_id: "s1", leaf_task_id: "t1", stage_name: "execute", completed: true })
        register_session: RegisterSession(RegisterSession(Registration { epoch_id: "e", session_id: "s", role: Some(Worker), model_harness: "h", model: "m" }))
        session_heartbeat: HeartbeatSession(SessionNote { session_id: "s-1", reason: "done" })
        end_session: EndSession(SessionNote { session_id: "s-1", reason: "done" })
        record_finding: RecordFinding(NewFinding { finding_id: "f1", severity: Minor, summary: "it", slice_id: Some("s1"), reported_by: "bob" })
        resolve_finding: ResolveFinding(FindingResolved { finding_id: "f1", resolution: "fixed", resolved_by: "alice" })
        start_slice: StartSlice(SliceRequest { slice_id: "s1", dependencies: ["s0"], leaf_task_ids: ["t1"], config: ExecutionConfig { mode: Mock, command: "make", timeout_seconds: 60, heartbeat_interval: 5, runner: Some("claude"), prompt: Some("do") }, phase_spec: "it" })
        plan_slices: PlanSlices(SlicePlan { slices: [SliceRequest { slice_id: "s1", dependencies: ["s0"], leaf_task_ids: ["t1"], config: ExecutionConfig { mode: Mock, command: "make", timeout_seconds: 60, heartbeat_interval: 30, runner: None, prompt: None }, phase_spec: "" }], fail_fast: Some(true) })
        cancel_slice: CancelSlice(SliceOrder { slice_id: "s1", reason: "not needed" })
        waive_slice: WaiveSlice(SliceOrder { slice_id: "s1", reason: "not needed" })
        retry_slice: RetrySlice(SliceOrder { slice_id: "s1", reason: "not needed" })
        slice_finished: FinishSlice(SliceReport { slice_id: "s1", attempt: 2, outcome: SliceOutcome { success: false, output: "o", error: Some("e"), code: None, log: None, worktree: None, host: None } })
        review_finished: FinishReview(ReviewReport { phase: P4, round: 2, success: true, reason: Consensus })
        vote_missed: MissVote(MissedVote { phase: P10, round: 2, axis: Elegance, reviewer_id: "runner:r", why: "it crashed" })
        "#
    );
}
