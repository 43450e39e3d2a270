"""A worker in another language, and a client beside it: a workflow with an activity, a timer, a
child, a signal and a query, driven step by step and ended.

Left out: everything that the suite's own scenarios look at. This one shows that another SDK, which
nobody here wrote a service for, finds what it expects. What it saw is printed as one line of JSON.
"""

import argparse
import asyncio
import json
import os
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker


@activity.defn(name="py-greet")
async def greet(name: str) -> str:
    if activity.info().attempt == 1:
        raise ApplicationError("not at once", type="Shy")
    return f"hello, {name}"


@workflow.defn(name="py-child")
class Child:
    @workflow.run
    async def run(self, number: int) -> int:
        await asyncio.sleep(0.01)
        return number * 2


@workflow.defn(name="py-flow")
class Flow:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.stage = "begun"

    @workflow.run
    async def run(self, name: str) -> dict:
        greeting = await workflow.execute_activity(
            greet,
            name,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=1)),
        )
        await asyncio.sleep(0.01)
        doubled = await workflow.execute_child_workflow(
            Child.run, 21, id=f"{workflow.info().workflow_id}-child"
        )
        self.stage = "listening"
        await workflow.wait_condition(lambda: "end" in self.words)
        return {"greeting": greeting, "doubled": doubled, "words": self.words}

    @workflow.signal(name="tell")
    def tell(self, word: str) -> None:
        self.words.append(word)

    @workflow.query(name="stage")
    def stage_now(self) -> str:
        return self.stage

    @workflow.query(name="words")
    def words_now(self) -> list[str]:
        return self.words

    @workflow.update(name="shout")
    def shout(self, word: str) -> str:
        self.words.append(word.upper())
        return word.upper()


async def main() -> None:
    options = argparse.ArgumentParser()
    for option in ("address", "task-queue", "workflow-id"):
        options.add_argument(f"--{option}", required=True)
    given = options.parse_args()
    client = await Client.connect(given.address, identity="python")
    worker = Worker(
        client,
        task_queue=given.task_queue,
        workflows=[Flow, Child],
        activities=[greet],
        build_id="python",
    )
    seen: dict[str, object] = {}
    async with worker:
        handle = await client.start_workflow(
            Flow.run, "python", id=given.workflow_id, task_queue=given.task_queue
        )
        # The answer to a query is the only thing that tells from outside how far it is.
        while await handle.query(Flow.stage_now) != "listening":
            await asyncio.sleep(0.02)
        seen["stage"] = await handle.query(Flow.stage_now)
        await handle.signal(Flow.tell, "word")
        # It sees what was signalled before, so that the update finds no task under way.
        seen["words"] = await handle.query(Flow.words_now)
        seen["shouted"] = await handle.execute_update(Flow.shout, "loud", id="u1")
        await handle.signal(Flow.tell, "end")
        seen["result"] = await handle.result()
        described = await handle.describe()
        seen["completed"] = described.status == WorkflowExecutionStatus.COMPLETED
    print(json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main())
    # The SDK's native threads may crash an interpreter that is being taken down, now and then.
    sys.stdout.flush()
    os._exit(0)
