"""A stand-in for the earlier implementation's client, to drive our `aurad` with.

It takes one epoch from p1 to complete, and a few slices and a review of their own, sending only
what the earlier client sent and reading only what it read. Every answer is decoded strictly: each
field the earlier client knew must be there with its JSON type, whatever else is there is ignored.
Signals are asynchronous, so it asks until the expected answer comes, for a bounded time.

Left out: whatever nothing fixes, such as the wording of refusals, the order inside a set, the role
after p1, or how many constraint violations an epoch with refusals counts beyond the two reminders;
and the modes subprocess and tmux, which depend on what a daemon's operator allows.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.common import RawValue, SearchAttributeKey
from temporalio.exceptions import TemporalError
from temporalio.service import RPCError, RPCStatusCode

from earlier_wire import (
    AURA_DOMAIN,
    AURA_EPOCH_ID,
    AURA_LAST_EVENT_TYPE,
    AURA_PHASE,
    AURA_ROLE,
    AURA_STATUS,
    DOMAINS,
    TRANSITIONS,
    EpochInput,
    EpochResult,
    EpochState,
    PhaseAdvanceSignal,
    PhaseId,
    QueryStateResult,
    ReviewAxis,
    ReviewCycleRecord,
    ReviewCycleSignal,
    ReviewInput,
    ReviewPhaseResult,
    ReviewVoteSignal,
    RoleId,
    SessionRegisterSignal,
    SeverityLevel,
    SliceCompleteSignal,
    SliceExecutionConfig,
    SliceInput,
    SliceMode,
    SliceProgressSignal,
    SliceResult,
    SliceStartSignal,
    Transition,
    TransitionRecord,
    VoteType,
)

Handle = WorkflowHandle[Any, Any]

PATIENCE = 60.0
PAUSE = 0.05
QUERY_TIMEOUT = timedelta(seconds=5)
TASK_TIMEOUT = timedelta(seconds=5)
SAME_TIME = timedelta(seconds=1)
ALL_ACCEPT = dict.fromkeys(ReviewAxis, VoteType.ACCEPT)
# What a query meets before the first workflow task is done, or while the worker is busy.
NOT_YET = {
    RPCStatusCode.CANCELLED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.UNAVAILABLE,
}


class CheckFailed(Exception):
    def __init__(self, name: str, expected: object, actual: object) -> None:
        super().__init__(f"{name}\n  expected: {expected}\n  actual:   {actual}")


class Checks:
    """Counts the checks that were executed; `until` is one check however often it asked."""

    def __init__(self) -> None:
        self.count = 0
        self.latest = "none"

    def begin(self, name: str) -> None:
        self.count += 1
        self.latest = name

    def equal(self, name: str, expected: object, actual: object) -> None:
        self.begin(name)
        if actual != expected:
            raise CheckFailed(name, expected, actual)

    def holds(self, name: str, expected: str, actual: object, condition: bool) -> None:
        self.begin(name)
        if not condition:
            raise CheckFailed(name, expected, actual)

    async def until(
        self,
        name: str,
        ask: Callable[[], Awaitable[Any]],
        expected: object,
        view: Callable[[Any], object],
    ) -> Any:
        self.begin(name)
        deadline = time.monotonic() + PATIENCE
        seen: object = "no answer"
        while True:
            try:
                answer = await ask()
                seen = view(answer)
                if seen == expected:
                    return answer
            except RPCError as error:
                if error.status not in NOT_YET:
                    raise
                seen = error
            if time.monotonic() > deadline:
                raise CheckFailed(name, expected, seen)
            await asyncio.sleep(PAUSE)


# Strict decoding.


def decode(hint: Any, value: Any, where: str) -> Any:
    """The value as the type says, or CheckFailed with the path of what is not as it says."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is UnionType:
        (inner,) = (arg for arg in args if arg is not type(None))
        return None if value is None else decode(inner, value, where)
    if origin in (list, set):
        expect_type(list, value, where)
        items = [decode(args[0], item, f"{where}[{i}]") for i, item in enumerate(value)]
        if origin is list:
            return items
        if len(set(items)) != len(items):
            raise CheckFailed(where, "an array without repetitions", value)
        return set(items)
    if origin is dict:
        expect_type(dict, value, where)
        return {
            decode(args[0], key, f"{where} (key)"): decode(args[1], item, f"{where}.{key}")
            for key, item in value.items()
        }
    if is_dataclass(hint):
        expect_type(dict, value, where)
        hints = get_type_hints(hint)
        missing = [f.name for f in fields(hint) if f.name not in value]
        if missing:
            raise CheckFailed(where, f"the keys {missing}", sorted(value))
        return hint(
            **{
                f.name: decode(hints[f.name], value[f.name], f"{where}.{f.name}")
                for f in fields(hint)
            }
        )
    if hint is datetime:
        return decode_time(value, where)
    if issubclass(hint, StrEnum):
        expect_type(str, value, where)
        if value not in list(hint):
            raise CheckFailed(where, f"one of {[str(member) for member in hint]}", value)
        return hint(value)
    expect_type(hint, value, where)
    return value


def expect_type(expected: type, value: Any, where: str) -> None:
    # Not isinstance: in Python a bool is an int, in JSON it is not.
    if type(value) is not expected:
        raise CheckFailed(where, f"a JSON value read as {expected.__name__}", repr(value))


def decode_time(value: Any, where: str) -> datetime:
    expect_type(str, value, where)
    try:
        time_read = datetime.fromisoformat(value)
    except ValueError as error:
        raise CheckFailed(where, "an ISO-8601 time", repr(value)) from error
    if time_read.utcoffset() != timedelta(0):
        raise CheckFailed(where, "a time in UTC", repr(value))
    if time_read.isoformat() != value:
        raise CheckFailed(where, time_read.isoformat(), value)
    return time_read


def decode_payload(hint: Any, raw: RawValue, where: str) -> Any:
    encoding = raw.payload.metadata.get("encoding")
    if encoding != b"json/plain":
        raise CheckFailed(f"{where} (encoding)", b"json/plain", encoding)
    return decode(hint, json.loads(raw.payload.data), where)


async def ask(handle: Handle, query: str, hint: Any) -> Any:
    try:
        raw = await handle.query(query, result_type=RawValue, rpc_timeout=QUERY_TIMEOUT)
    except WorkflowQueryFailedError as error:
        raise CheckFailed(f"query {query}", "an answer", error) from error
    return decode_payload(hint, raw, query)


async def result_of(handle: Handle, hint: Any, name: str) -> Any:
    try:
        raw = await asyncio.wait_for(handle.result(), PATIENCE)
    except TimeoutError as error:
        raise CheckFailed(name, "the workflow has closed", "it is still open") from error
    except WorkflowFailureError as error:
        raise CheckFailed(name, "a result", error.cause) from error
    return decode_payload(hint, raw, name)


# One epoch.


@dataclass
class Step:
    """A transition record as far as it can be foreseen: no time, and no refusal's wording."""

    from_phase: PhaseId
    to_phase: PhaseId
    triggered_by: str
    condition_met: str
    success: bool = True

    @classmethod
    def of(cls, record: TransitionRecord) -> "Step":
        step = cls(
            record.from_phase,
            record.to_phase,
            record.triggered_by,
            record.condition_met,
            record.success,
        )
        if step.success or not step.condition_met.startswith("FAILED: "):
            return step
        return replace(step, condition_met="FAILED: ")


@dataclass
class Expected:
    phase: PhaseId = PhaseId.P1
    completed: set[PhaseId] = field(default_factory=set)
    votes: dict[ReviewAxis, VoteType] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    refused_last: bool = False
    severity_groups: dict[SeverityLevel, set[str]] = field(default_factory=dict)
    sessions: list[SessionRegisterSignal] = field(default_factory=list)
    progress: list[SliceProgressSignal] = field(default_factory=list)

    def available(self) -> list[Transition]:
        transitions = TRANSITIONS[self.phase]
        if self.phase not in (PhaseId.P4, PhaseId.P10) or self.votes == ALL_ACCEPT:
            return transitions
        return transitions[1:]


def retimed(
    records: list[TransitionRecord], by: list[TransitionRecord]
) -> list[TransitionRecord]:
    """The records with the others' times, where these are as good as equal.

    A worker that has lost its cache, as it has once the epoch is closed, replays the history; and
    what came in a task that was followed by another one at once then has the other task's time.
    """
    return [
        replace(record, timestamp=other.timestamp)
        if other is not None and abs(other.timestamp - record.timestamp) < SAME_TIME
        else record
        for record, other in zip_longest(records, by[: len(records)])
    ]


class EpochDriver:
    """Sends an epoch its signals and holds its answers against what must follow from them."""

    def __init__(self, client: Client, epoch_id: str, checks: Checks) -> None:
        self.handle = client.get_workflow_handle(epoch_id, result_type=RawValue)
        self.epoch_id = epoch_id
        self.checks = checks
        self.expected = Expected()

    async def advance(
        self, to_phase: PhaseId, triggered_by: str = "supervisor", condition_met: str | None = None
    ) -> None:
        expected = self.expected
        if condition_met is None:
            (condition_met,) = (
                t.condition for t in TRANSITIONS[expected.phase] if t.to_phase is to_phase
            )
        await self.send_advance(to_phase, triggered_by, condition_met)
        expected.steps.append(Step(expected.phase, to_phase, triggered_by, condition_met))
        expected.completed.add(expected.phase)
        expected.phase = to_phase
        expected.votes = {}
        expected.refused_last = False
        if to_phase is PhaseId.P10:
            expected.severity_groups = {severity: set() for severity in SeverityLevel}
        await self.verify(f"after the advance to {to_phase}")

    async def advance_refused(self, to_phase: PhaseId) -> None:
        expected = self.expected
        await self.send_advance(to_phase, "a hasty supervisor", "nothing really")
        expected.steps.append(
            Step(expected.phase, to_phase, "a hasty supervisor", "FAILED: ", success=False)
        )
        expected.refused_last = True
        await self.verify(f"after the refused advance {expected.phase} -> {to_phase}")

    async def send_advance(self, to_phase: PhaseId, triggered_by: str, condition_met: str) -> None:
        await self.handle.signal(
            "advance_phase", PhaseAdvanceSignal(to_phase, triggered_by, condition_met)
        )

    async def vote(self, votes: dict[ReviewAxis, VoteType]) -> None:
        for axis, vote in votes.items():
            await self.handle.signal(
                "submit_vote", ReviewVoteSignal(axis, vote, f"reviewer-{axis}")
            )
            self.expected.votes[axis] = vote
        sent = ", ".join(f"{axis} {vote}" for axis, vote in votes.items())
        await self.verify(f"in {self.expected.phase} after the votes {sent}")

    async def register_session(self, session: SessionRegisterSignal) -> None:
        await self.handle.signal("register_session", session)
        if session.session_id not in (s.session_id for s in self.expected.sessions):
            self.expected.sessions.append(session)

    async def report_progress(self, progress: SliceProgressSignal) -> None:
        await self.handle.signal("slice_progress", progress)
        self.expected.progress.append(progress)

    async def verify(self, when: str) -> None:
        """Asks until the last message shows, then compares everything with what must be."""
        checks, expected = self.checks, self.expected
        full = await checks.until(
            f"{when}: full_state shows the history and the votes",
            lambda: ask(self.handle, "full_state", QueryStateResult),
            (expected.steps, expected.votes),
            lambda full: ([Step.of(record) for record in full.transition_history], full.votes),
        )
        checks.equal(f"{when}: full_state.current_phase", expected.phase, full.current_phase)
        checks.equal(
            f"{when}: full_state.available_transitions",
            expected.available(),
            full.available_transitions,
        )
        checks.equal(
            f"{when}: full_state.active_session_count",
            len(expected.sessions),
            full.active_session_count,
        )
        if expected.refused_last:
            checks.holds(
                f"{when}: full_state.last_error", "an error", full.last_error, bool(full.last_error)
            )
            checks.equal(
                f"{when}: condition_met of the last record",
                f"FAILED: {full.last_error}",
                full.transition_history[-1].condition_met,
            )
        else:
            checks.equal(f"{when}: full_state.last_error", None, full.last_error)

        state = await ask(self.handle, "current_state", EpochState)
        checks.equal(
            f"{when}: current_state",
            EpochState(
                epoch_id=self.epoch_id,
                current_phase=expected.phase,
                completed_phases=expected.completed,
                review_votes=expected.votes,
                blocker_count=0,
                current_role=full.current_role,
                severity_groups=expected.severity_groups,
                transition_history=retimed(full.transition_history, state.transition_history),
                last_error=full.last_error,
            ),
            state,
        )
        available = await ask(self.handle, "available_transitions", list[Transition])
        checks.equal(f"{when}: available_transitions", expected.available(), available)
        await self.verify_search_attributes(when)

    async def verify_search_attributes(self, when: str) -> None:
        phase = self.expected.phase
        complete = phase is PhaseId.COMPLETE
        wanted = {
            AURA_EPOCH_ID: self.epoch_id,
            AURA_PHASE: str(phase),
            AURA_STATUS: "complete" if complete else "running",
            AURA_DOMAIN: "" if complete else str(DOMAINS[phase]),
        }
        await self.checks.until(
            f"{when}: search attributes",
            self.search_attributes,
            {key.name: value for key, value in wanted.items()},
            lambda attributes: {key.name: attributes.get(key) for key in wanted},
        )

    async def search_attributes(self) -> dict[SearchAttributeKey[Any], Any]:
        description = await self.handle.describe()
        return {pair.key: pair.value for pair in description.typed_search_attributes}

    async def verify_messages(self, when: str) -> None:
        """The sessions and the slice progress, in order of arrival."""
        await self.checks.until(
            f"{when}: active_sessions",
            lambda: ask(self.handle, "active_sessions", list[SessionRegisterSignal]),
            self.expected.sessions,
            lambda sessions: sessions,
        )
        # Slices report of their own accord, after what this client sends.
        sent = len(self.expected.progress)
        await self.checks.until(
            f"{when}: slice_progress_state",
            lambda: ask(self.handle, "slice_progress_state", list[SliceProgressSignal]),
            self.expected.progress,
            lambda progress: progress[:sent],
        )


async def drive_planning(epoch: EpochDriver) -> None:
    checks, handle = epoch.checks, epoch.handle
    await epoch.verify("at the start")
    state = await ask(handle, "current_state", EpochState)
    checks.equal("at the start: current_state.current_role", RoleId.EPOCH, state.current_role)
    attributes = await epoch.search_attributes()
    checks.equal("at the start: AuraRole", "epoch", attributes.get(AURA_ROLE))

    first = SessionRegisterSignal(epoch.epoch_id, "s-1", "supervisor", "claude-code", "model-a")
    await epoch.register_session(first)
    await epoch.register_session(replace(first, role="worker", model="model-b"))
    await epoch.register_session(
        SessionRegisterSignal(epoch.epoch_id, "s-2", "worker", "claude-code", "unknown")
    )
    await epoch.verify_messages("after three registrations of two sessions")

    await epoch.advance_refused(PhaseId.P5)
    await epoch.advance(PhaseId.P2)
    attributes = await epoch.search_attributes()
    last_event = attributes.get(AURA_LAST_EVENT_TYPE)
    checks.holds("in p2: AuraLastEventType", "an event type", last_event, bool(last_event))

    await epoch.vote({ReviewAxis.ELEGANCE: VoteType.REVISE})
    await epoch.advance(PhaseId.P3, triggered_by="", condition_met="")
    await epoch.advance(PhaseId.P4)

    await epoch.advance_refused(PhaseId.P5)
    await epoch.vote(
        {
            ReviewAxis.CORRECTNESS: VoteType.ACCEPT,
            ReviewAxis.TEST_QUALITY: VoteType.ACCEPT,
            ReviewAxis.ELEGANCE: VoteType.REVISE,
        }
    )
    await epoch.advance(PhaseId.P3)
    await epoch.advance(PhaseId.P4)
    await epoch.vote({ReviewAxis.ELEGANCE: VoteType.REVISE})
    await epoch.vote({ReviewAxis.ELEGANCE: VoteType.ACCEPT})
    await epoch.vote({axis: VoteType.ACCEPT for axis in ReviewAxis})
    await epoch.advance(PhaseId.P5)
    for phase in (PhaseId.P6, PhaseId.P7, PhaseId.P8, PhaseId.P9):
        await epoch.advance(phase)


async def drive_slices(client: Client, task_queue: str, epoch: EpochDriver) -> None:
    await epoch.report_progress(SliceProgressSignal("s1", "leaf-1", "types", False))
    await epoch.report_progress(SliceProgressSignal("s1", "leaf-1", "types", True))
    await epoch.report_progress(SliceProgressSignal("s2", "leaf-1", "tests", True))
    await epoch.verify_messages("in p9 after three slice_progress signals")

    checks = epoch.checks
    mock = SliceStartSignal("mock", epoch.epoch_id, SliceExecutionConfig(SliceMode.MOCK, "true"))
    # Together with the start: the earlier worker counts on it at its first task.
    handle = await start_slice(
        client, task_queue, epoch, "mock", start_signal="start_slice", start_signal_args=[mock]
    )
    result = await result_of(handle, SliceResult, "result of the mock slice")
    checks.equal("mock slice: slice_id, success", ("mock", True), (result.slice_id, result.success))
    checks.holds("mock slice: error", "none", result.error, not result.error)
    count = await ask(handle, "review_cycle_count", int)
    checks.equal("mock slice, closed: review_cycle_count", 0, count)

    handle = await start_slice(client, task_queue, epoch, "by-hand")
    cycles = [ReviewCycleRecord(1, "names"), ReviewCycleRecord(2, "")]
    await handle.signal("review_cycle", ReviewCycleSignal(1, "names"))
    await handle.signal("review_cycle", ReviewCycleSignal(2))
    await checks.until(
        "slice by hand: review_cycles",
        lambda: ask(handle, "review_cycles", list[ReviewCycleRecord]),
        cycles,
        lambda records: records,
    )
    count = await ask(handle, "review_cycle_count", int)
    checks.equal("slice by hand: review_cycle_count", 2, count)
    await handle.signal("complete_slice", SliceCompleteSignal("by-hand", True, output="done"))
    result = await result_of(handle, SliceResult, "result of the slice by hand")
    checks.equal(
        "slice by hand: slice_id, success, output",
        ("by-hand", True, "done"),
        (result.slice_id, result.success, result.output),
    )
    checks.holds("slice by hand: error", "none", result.error, not result.error)
    records = await ask(handle, "review_cycles", list[ReviewCycleRecord])
    checks.equal("slice by hand, closed: review_cycles", cycles, records)

    handle = await start_slice(client, task_queue, epoch, "failing")
    await handle.signal("complete_slice", SliceCompleteSignal("failing", False, error="tests fail"))
    result = await result_of(handle, SliceResult, "result of the failing slice")
    checks.equal(
        "failing slice: slice_id, success, error",
        ("failing", False, "tests fail"),
        (result.slice_id, result.success, result.error),
    )


async def start_slice(
    client: Client, task_queue: str, epoch: EpochDriver, slice_id: str, **start_signal: Any
) -> Handle:
    workflow_id = f"{epoch.epoch_id}-slice-{slice_id}"
    await client.start_workflow(
        "SliceWorkflow",
        SliceInput(epoch.epoch_id, slice_id, "the slice's specification", epoch.epoch_id),
        id=workflow_id,
        task_queue=task_queue,
        task_timeout=TASK_TIMEOUT,
        **start_signal,
    )
    return client.get_workflow_handle(workflow_id, result_type=RawValue)


async def drive_review(client: Client, task_queue: str, epoch_id: str, checks: Checks) -> None:
    """A review started directly, for an epoch that isn't there, so that it is nobody's child."""
    workflow_id = f"{epoch_id}-review-p4"
    await client.start_workflow(
        "ReviewPhaseWorkflow",
        ReviewInput(epoch_id, "p4"),
        id=workflow_id,
        task_queue=task_queue,
        task_timeout=TASK_TIMEOUT,
    )
    handle = client.get_workflow_handle(workflow_id, result_type=RawValue)
    for axis, vote in ALL_ACCEPT.items():
        await handle.signal("submit_vote", ReviewVoteSignal(axis, vote, f"reviewer-{axis}"))
    result = await result_of(handle, ReviewPhaseResult, "result of the review")
    checks.equal("review: result", ReviewPhaseResult("p4", True, ALL_ACCEPT), result)


async def drive_landing(epoch: EpochDriver) -> None:
    await epoch.advance(PhaseId.P10)
    await epoch.advance_refused(PhaseId.P11)
    await epoch.vote(ALL_ACCEPT)
    await epoch.advance(PhaseId.P11)
    await epoch.advance(PhaseId.P12)
    await epoch.advance(PhaseId.COMPLETE)

    checks, steps = epoch.checks, epoch.expected.steps
    result = await result_of(epoch.handle, EpochResult, "result of the epoch")
    checks.equal("result: epoch_id", epoch.epoch_id, result.epoch_id)
    checks.equal("result: final_phase", PhaseId.COMPLETE, result.final_phase)
    checks.equal("result: transition_count", len(steps), result.transition_count)
    checks.equal(
        "result: successful_transition_count",
        sum(step.success for step in steps),
        result.successful_transition_count,
    )
    checks.holds(
        "result: constraint_violations_total",
        "at least the two reminders",
        result.constraint_violations_total,
        result.constraint_violations_total >= 2,
    )


async def verify_closed(epoch: EpochDriver) -> None:
    """The run has closed: its result was read. Queries go on, signals are refused by the server."""
    await epoch.verify("after the close")
    await epoch.verify_messages("after the close")
    progress = await ask(epoch.handle, "slice_progress_state", list[SliceProgressSignal])
    reported = progress[len(epoch.expected.progress) :]
    epoch.checks.holds(
        "after the close: what the slices reported themselves",
        "only the stage `execute`",
        reported,
        all(report.stage_name == "execute" for report in reported),
    )
    late = {
        "advance_phase": PhaseAdvanceSignal(PhaseId.P1, "late", "late"),
        "submit_vote": ReviewVoteSignal(ReviewAxis.ELEGANCE, VoteType.REVISE, "late"),
        "slice_progress": SliceProgressSignal("s1", "leaf-1", "late", True),
        "register_session": SessionRegisterSignal(epoch.epoch_id, "late"),
    }
    for name, payload in late.items():
        try:
            await epoch.handle.signal(name, payload)
            status = None
        except RPCError as error:
            status = error.status
        epoch.checks.equal(f"after the close: signal {name}", RPCStatusCode.NOT_FOUND, status)


async def drive(client: Client, task_queue: str, epoch_id: str, checks: Checks) -> None:
    await client.start_workflow(
        "EpochWorkflow",
        EpochInput(epoch_id, "an epoch as the earlier client starts it"),
        id=epoch_id,
        task_queue=task_queue,
        task_timeout=TASK_TIMEOUT,
    )
    epoch = EpochDriver(client, epoch_id, checks)
    await drive_planning(epoch)
    await drive_slices(client, task_queue, epoch)
    await drive_review(client, task_queue, f"{epoch_id}-direct", checks)
    await drive_landing(epoch)
    await verify_closed(epoch)


async def main() -> int:
    parser = argparse.ArgumentParser(description="The earlier implementation's client, in short.")
    parser.add_argument("--address", default="localhost:7233")
    parser.add_argument("--namespace", default="default")
    parser.add_argument("--task-queue", default="aura")
    parser.add_argument("--epoch-id", required=True)
    args = parser.parse_args()

    client = await Client.connect(args.address, namespace=args.namespace)
    checks = Checks()
    try:
        await drive(client, args.task_queue, args.epoch_id, checks)
    except CheckFailed as failed:
        print(f"failed: {failed}", file=sys.stderr)
        return 1
    except TemporalError as error:
        print(f"failed: a call at or after the check: {checks.latest}", file=sys.stderr)
        print("  expected: the server takes it", file=sys.stderr)
        print(f"  actual:   {error!r}", file=sys.stderr)
        return 1
    print(f"ok: {checks.count} checks")
    return 0


if __name__ == "__main__":
    status = asyncio.run(main())
    sys.stdout.flush()
    # The SDK's own threads may crash an interpreter that is being torn down: leave without that.
    os._exit(status)
