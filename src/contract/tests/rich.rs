//! An epoch that has seen nearly everything, reached through the rules by signals as
//! they arrive: what conversions and snapshots are tested with.

use crate::contract::signal::EpochSignal;
use crate::protocol::effect::Effect;
use crate::protocol::id::EpochId;
use crate::protocol::refusal::{Refusal, RefusalCode};
use crate::protocol::state::Settings;
use crate::protocol::{Epoch, Start, Timestamp};

/// An epoch and the clock that its messages arrive by.
pub(super) struct Driver {
    pub(super) epoch: Epoch,
    pub(super) effects: Vec<Effect>,
    micros: i64,
}

impl Driver {
    pub(super) fn start() -> Self {
        let start = Start {
            epoch_id: EpochId::parse_new("rich-1").unwrap(),
            description: "Make \"it\" so.\nAll of it.".to_owned(),
            rules_version: 1,
            settings: Settings {
                max_rounds: Some(3),
                parallel_slices: 2,
                fail_fast: false,
                review_deadline_s: Some(3_600),
            },
        };
        let (epoch, effects) = Epoch::start(super::NEW_YEAR, start).unwrap();
        Self {
            epoch,
            effects,
            micros: super::NEW_YEAR.as_micros(),
        }
    }

    /// Sends a signal; each arrives a second and a bit after the one before.
    pub(super) fn send(&mut self, signal: EpochSignal, json: &str) -> Result<(), Refusal> {
        self.micros += 1_000_250;
        let at = Timestamp::from_micros(self.micros);
        let result = self.epoch.apply(at, signal.decode(json.as_bytes()));
        let effects = result.as_ref().unwrap_or_else(|refused| &refused.effects);
        self.effects.extend(effects.iter().cloned());
        result.map(|_| ()).map_err(|refused| refused.refusal)
    }

    fn must(&mut self, signal: EpochSignal, json: &str) {
        self.send(signal, json)
            .unwrap_or_else(|refusal| panic!("{json}: {refusal}"));
    }

    fn refused(&mut self, signal: EpochSignal, json: &str, code: RefusalCode) {
        assert_eq!(self.send(signal, json).unwrap_err().code, code, "{json}");
    }

    fn advance(&mut self, to: &str) {
        let json = format!(
            r#"{{"to_phase":"{to}","triggered_by":"alice","condition_met":"so it is","request_id":"to-{to}","actor":"alice"}}"#
        );
        self.must(EpochSignal::AdvancePhase, &json);
    }

    fn vote(&mut self, axis: &str, vote: &str, comment: &str) {
        let json = format!(
            r#"{{"axis":"{axis}","vote":"{vote}","reviewer_id":"bob","comment":{comment}}}"#
        );
        self.must(EpochSignal::SubmitVote, &json);
    }
}

/// In p10, its second review phase: votes, findings, slices, sessions, rounds, outcomes,
/// refusals and a last error are all there.
pub(super) fn rich() -> Driver {
    let mut driver = Driver::start();
    plan(&mut driver);
    work(&mut driver);
    review(&mut driver);
    driver
}

/// p1 to p8, over two rounds of plan review.
fn plan(driver: &mut Driver) {
    use EpochSignal::{AdvancePhase, EndSession, RegisterSession, SessionHeartbeat, SubmitVote};
    for (session, role) in [("s-1", "architect"), ("s-2", "worker"), ("s-3", "")] {
        let json = format!(
            r#"{{"epoch_id":"rich-1","session_id":"{session}","role":"{role}","model":"m"}}"#
        );
        driver.must(RegisterSession, &json);
    }
    driver.must(EndSession, r#"{"session_id":"s-2","reason":"done"}"#);
    driver.must(SessionHeartbeat, r#"{"session_id":"s-1"}"#);
    for phase in ["p2", "p3"] {
        driver.advance(phase);
    }
    let early = r#"{"axis":"elegance","vote":"ACCEPT","reviewer_id":"bob","request_id":"early"}"#;
    driver.must(SubmitVote, early);
    driver.must(
        AdvancePhase,
        r#"{"to_phase":"p4","triggered_by":"alice","condition_met":""}"#,
    );
    driver.vote("elegance", "REVISE", r#""too long""#);
    let blocked =
        r#"{"to_phase":"p5","triggered_by":"alice","condition_met":"","request_id":"no"}"#;
    driver.refused(AdvancePhase, blocked, RefusalCode::ConsensusMissing);
    driver.must(
        AdvancePhase,
        r#"{"to_phase":"p3","triggered_by":"","condition_met":"back"}"#,
    );
    driver.advance("p4");
    for axis in ["correctness", "test_quality", "elegance"] {
        driver.vote(axis, "ACCEPT", "null");
    }
    for phase in ["p5", "p6", "p7", "p8"] {
        driver.advance(phase);
    }
}

/// p8 and p9: three slices, of which one fails and is given up.
fn work(driver: &mut Driver) {
    use EpochSignal::{PlanSlices, SliceFinished, SliceProgress, WaiveSlice};
    driver.must(
        PlanSlices,
        r#"{"slices":[
            {"slice_id":"a","leaf_task_ids":["t1","t2"],"config":{"mode":"subprocess","command":"make","runner":"claude","prompt":"do it"},"phase_spec":"the parser"},
            {"slice_id":"b","dependencies":["a"],"config":{"mode":"mock","command":""}},
            {"slice_id":"c","config":{"mode":"tmux","command":"","timeout_seconds":60,"heartbeat_interval":5}}
        ],"fail_fast":false}"#,
    );
    driver.advance("p9");
    let progress =
        r#"{"slice_id":"a","leaf_task_id":"t1","stage_name":"execute","completed":true}"#;
    driver.must(SliceProgress, progress);
    let succeeded = |id: &str| {
        format!(
            r#"{{"slice_id":"{id}","attempt":1,"result":{{"slice_id":"{id}","success":true,"output":"ok"}}}}"#
        )
    };
    driver.must(SliceFinished, &succeeded("a"));
    driver.must(
        SliceFinished,
        r#"{"slice_id":"c","attempt":1,"result":{"slice_id":"c","success":false,"output":"2 failed","error":"exit status 1"}}"#,
    );
    driver.must(WaiveSlice, r#"{"slice_id":"c","reason":"not needed"}"#);
    driver.must(SliceFinished, &succeeded("b"));
    driver.advance("p10");
}

/// p10, as far as a vote, three findings, and tries that are refused.
fn review(driver: &mut Driver) {
    use EpochSignal::{AdvancePhase, RecordFinding, ResolveFinding, SubmitVote};
    for (id, severity, slice) in [
        ("f1", "BLOCKER", r#""a""#),
        ("f2", "IMPORTANT", "null"),
        ("f3", "BLOCKER", "null"),
    ] {
        let json = format!(
            r#"{{"finding_id":"{id}","severity":"{severity}","summary":"it is wrong","slice_id":{slice},"reported_by":"bob"}}"#
        );
        driver.must(RecordFinding, &json);
    }
    let fixed = r#"{"finding_id":"f3","resolution":"fixed","resolved_by":"alice"}"#;
    driver.must(ResolveFinding, fixed);
    driver.vote("correctness", "ACCEPT", r#""good""#);
    let garbage =
        r#"{"axis":"A","vote":"ACCEPT","reviewer_id":"","request_id":"bad","actor":"eve"}"#;
    driver.refused(SubmitVote, garbage, RefusalCode::Malformed);
    let early = r#"{"to_phase":"p11","triggered_by":"alice","condition_met":"","actor":"alice"}"#;
    driver.refused(AdvancePhase, early, RefusalCode::ConsensusMissing);
}
