"""Names, payloads and the transition table of the earlier implementation.

Shared by `earlier_worker.py` and `earlier_client.py`, so that both speak from one page. It holds
the facts that were on the wire before this crate and nothing added since: a field missing here is
one the earlier implementation neither sends nor reads. It decides nothing; the rules are the
worker's, the expectations the client's.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from temporalio.common import SearchAttributeKey


class WireEnum(StrEnum):
    """Shows itself as its value on the wire, so that a failed check can be read."""

    def __repr__(self) -> str:
        return self.value


class PhaseId(WireEnum):
    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"
    P5 = "p5"
    P6 = "p6"
    P7 = "p7"
    P8 = "p8"
    P9 = "p9"
    P10 = "p10"
    P11 = "p11"
    P12 = "p12"
    COMPLETE = "complete"


class Domain(WireEnum):
    USER = "user"
    PLAN = "plan"
    IMPL = "impl"


class RoleId(WireEnum):
    EPOCH = "epoch"
    ARCHITECT = "architect"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    WORKER = "worker"


class VoteType(WireEnum):
    ACCEPT = "ACCEPT"
    REVISE = "REVISE"


class ReviewAxis(WireEnum):
    CORRECTNESS = "correctness"
    TEST_QUALITY = "test_quality"
    ELEGANCE = "elegance"


class SeverityLevel(WireEnum):
    BLOCKER = "BLOCKER"
    IMPORTANT = "IMPORTANT"
    MINOR = "MINOR"


class EventType(WireEnum):
    PHASE_TRANSITION = "phase_transition"
    PHASE_ADVANCE = "phase_advance"
    VOTE_RECORDED = "vote_recorded"
    BLOCKER_RECORDED = "blocker_recorded"
    BLOCKER_RESOLVED = "blocker_resolved"
    CONSTRAINT_CHECK = "constraint_check"


class SliceMode(WireEnum):
    TMUX = "tmux"
    SUBPROCESS = "subprocess"
    MOCK = "mock"


@dataclass
class EpochInput:
    epoch_id: str
    request_description: str


@dataclass
class EpochResult:
    epoch_id: str
    final_phase: PhaseId
    transition_count: int
    successful_transition_count: int
    constraint_violations_total: int


@dataclass
class PhaseAdvanceSignal:
    to_phase: PhaseId
    triggered_by: str
    condition_met: str


@dataclass
class ReviewVoteSignal:
    axis: ReviewAxis
    vote: VoteType
    reviewer_id: str


@dataclass
class SessionRegisterSignal:
    epoch_id: str
    session_id: str
    role: str = ""
    model_harness: str = ""
    model: str = ""


@dataclass
class SliceProgressSignal:
    slice_id: str
    leaf_task_id: str
    stage_name: str
    completed: bool


@dataclass
class SliceInput:
    epoch_id: str
    slice_id: str
    phase_spec: str
    parent_workflow_id: str


@dataclass
class SliceResult:
    slice_id: str
    success: bool
    output: str = ""
    error: str | None = None


@dataclass
class SliceExecutionConfig:
    mode: SliceMode
    command: str
    timeout_seconds: int = 300
    heartbeat_interval: int = 30


@dataclass
class SliceStartSignal:
    slice_id: str
    epoch_id: str
    config: SliceExecutionConfig


@dataclass
class SliceCompleteSignal:
    slice_id: str
    success: bool
    output: str = ""
    error: str = ""


@dataclass
class ReviewCycleSignal:
    cycle_number: int
    reviewer_feedback: str = ""


@dataclass
class ReviewCycleRecord:
    cycle_number: int
    reviewer_feedback: str


@dataclass
class ReviewInput:
    epoch_id: str
    phase_id: str


@dataclass
class ReviewPhaseResult:
    phase_id: str
    success: bool
    vote_result: dict[ReviewAxis, VoteType] = field(default_factory=dict)


@dataclass
class TransitionRecord:
    from_phase: PhaseId
    to_phase: PhaseId
    timestamp: datetime
    triggered_by: str
    condition_met: str
    success: bool = True


@dataclass
class Transition:
    to_phase: PhaseId
    condition: str
    action: str | None = None


@dataclass
class EpochState:
    epoch_id: str
    current_phase: PhaseId = PhaseId.P1
    completed_phases: set[PhaseId] = field(default_factory=set)
    review_votes: dict[ReviewAxis, VoteType] = field(default_factory=dict)
    blocker_count: int = 0
    current_role: RoleId = RoleId.EPOCH
    severity_groups: dict[SeverityLevel, set[str]] = field(default_factory=dict)
    transition_history: list[TransitionRecord] = field(default_factory=list)
    last_error: str | None = None


@dataclass
class QueryStateResult:
    current_phase: PhaseId
    current_role: RoleId
    transition_history: list[TransitionRecord]
    votes: dict[ReviewAxis, VoteType]
    last_error: str | None
    available_transitions: list[Transition]
    active_session_count: int


@dataclass
class AuditEvent:
    epoch_id: str
    event_type: EventType
    phase: PhaseId
    role: RoleId
    payload: dict[str, Any]


@dataclass
class ConstraintViolation:
    constraint_id: str
    message: str
    context: dict[str, str] = field(default_factory=dict)


TRANSITIONS: dict[PhaseId, list[Transition]] = {
    PhaseId.P1: [
        Transition(PhaseId.P2, "classification confirmed, research and explore complete"),
    ],
    PhaseId.P2: [
        Transition(PhaseId.P3, "URD created with structured requirements"),
    ],
    PhaseId.P3: [
        Transition(PhaseId.P4, "proposal created"),
    ],
    PhaseId.P4: [
        Transition(PhaseId.P5, "all 3 reviewers vote ACCEPT"),
        Transition(
            PhaseId.P3,
            "any reviewer votes REVISE",
            "create PROPOSAL-{N+1}, mark current aura:superseded",
        ),
    ],
    PhaseId.P5: [
        Transition(PhaseId.P6, "user accepts plan"),
        Transition(PhaseId.P3, "user requests changes", "create PROPOSAL-{N+1}"),
    ],
    PhaseId.P6: [
        Transition(PhaseId.P7, "proposal ratified, IMPL_PLAN placeholder created"),
    ],
    PhaseId.P7: [
        Transition(PhaseId.P8, "handoff document stored at .git/.aura/handoff/"),
    ],
    PhaseId.P8: [
        Transition(
            PhaseId.P9,
            "all slices created with leaf tasks, assigned, and dependency-chained",
        ),
    ],
    PhaseId.P9: [
        Transition(PhaseId.P10, "all slices complete, quality gates pass"),
    ],
    PhaseId.P10: [
        Transition(PhaseId.P11, "all 3 reviewers ACCEPT, all BLOCKERs resolved"),
        Transition(
            PhaseId.P9,
            "any reviewer votes REVISE",
            "fix BLOCKERs in affected slices, then re-review",
        ),
    ],
    PhaseId.P11: [
        Transition(PhaseId.P12, "user accepts implementation"),
        Transition(PhaseId.P9, "user requests changes", "create fix tasks in affected slices"),
    ],
    PhaseId.P12: [
        Transition(
            PhaseId.COMPLETE,
            "git push succeeds, all tasks closed or dependency-resolved",
        ),
    ],
    PhaseId.COMPLETE: [],
}

DOMAINS: dict[PhaseId, Domain] = {
    PhaseId.P1: Domain.USER,
    PhaseId.P2: Domain.USER,
    PhaseId.P3: Domain.PLAN,
    PhaseId.P4: Domain.PLAN,
    PhaseId.P5: Domain.USER,
    PhaseId.P6: Domain.PLAN,
    PhaseId.P7: Domain.PLAN,
    PhaseId.P8: Domain.IMPL,
    PhaseId.P9: Domain.IMPL,
    PhaseId.P10: Domain.IMPL,
    PhaseId.P11: Domain.USER,
    PhaseId.P12: Domain.IMPL,
}

AURA_EPOCH_ID = SearchAttributeKey.for_text("AuraEpochId")
AURA_PHASE = SearchAttributeKey.for_keyword("AuraPhase")
AURA_ROLE = SearchAttributeKey.for_keyword("AuraRole")
AURA_STATUS = SearchAttributeKey.for_keyword("AuraStatus")
AURA_DOMAIN = SearchAttributeKey.for_keyword("AuraDomain")
AURA_LAST_EVENT_TYPE = SearchAttributeKey.for_keyword("AuraLastEventType")
