"""An agent's side of `aura-msg mcp`, by the official client. It is started with an epoch in
p4 and a daemon that works, calls every tool, and counts what it has checked.

Usage: client.py AURA_MSG EPOCH_ID MODE, where MODE is how the client begins: `legacy` with
the handshake of 2025, `auto` as it likes best. The environment says where the server is.
"""

import json
import os
import sys

import anyio
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters

CHECKS = 0

READS = {"next_step", "state", "wait"}
ADDS = {"finding_add", "slice_progress", "session_register"}
CHANGES = {"vote", "advance", "finding_resolve", "slice_complete", "session_end"}


def check(is_so, *told):
    global CHECKS
    CHECKS += 1
    if not is_so:
        raise AssertionError(told)


def text_of(result):
    return "\n".join(part.text for part in result.content)


async def done(client, tool, **arguments):
    """A call that goes well; the client itself holds the answer to the tool's schema."""
    result = await client.call_tool(tool, arguments)
    check(not result.is_error, tool, arguments, text_of(result))
    check(json.loads(result.content[0].text) == result.structured_content, tool, result)
    return result.structured_content


async def refused(client, code, tool, **arguments):
    """A call that is refused, with its reasons, and is no error of the protocol."""
    result = await client.call_tool(tool, arguments)
    told = text_of(result)
    check(result.is_error, tool, arguments, told)
    check(result.structured_content is None, tool, told)
    lines = told.split("\n")
    starts = ["", "  why: ", "  impact: ", "  fix: ", "  code: "]
    check(len(lines) == len(starts), told)
    for line, start in zip(lines, starts):
        check(line.startswith(start) and len(line) > len(start), told)
    check(lines[4] == f"  code: {code}", told)
    error = result.meta["aura/error"]
    check(error["code"] == code, error)
    check(error["why"] in lines[1], error, told)
    return error


async def tools(client):
    listed = (await client.list_tools()).tools
    names = {tool.name for tool in listed}
    check(names == READS | ADDS | CHANGES, names)
    for tool in listed:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        check(tool.input_schema["type"] == "object", tool)
        check(tool.output_schema["type"] == "object", tool)
        check("epoch_id" in tool.input_schema["properties"], tool)
        for name, field in tool.input_schema["properties"].items():
            check(field.get("description"), tool.name, name)
        check("address" not in tool.input_schema["properties"], tool)
        check(tool.title and tool.description, tool)
        hints = tool.annotations
        check(hints.read_only_hint == (tool.name in READS), tool)
        check(hints.destructive_hint == (tool.name in CHANGES), tool)
        check(hints.open_world_hint is False, tool)
    by_name = {tool.name: tool for tool in listed}
    vote = by_name["vote"].input_schema
    check(vote["required"] == ["axis", "vote"], vote)
    check(vote["properties"]["vote"]["enum"] == ["ACCEPT", "REVISE"], vote)
    check(vote["properties"]["round"]["type"] == "integer", vote)
    done_flag = by_name["slice_progress"].input_schema["properties"]["done"]
    check(done_flag["type"] == "boolean", done_flag)
    for name in ("vote", "advance"):
        check("timeout" not in by_name[name].input_schema["properties"], name)
    check("timeout" in by_name["wait"].input_schema["properties"])


async def review(client):
    state = await done(client, "state")
    check(state["current_phase"] == "p4", state)
    step = await done(client, "next_step")
    check(step["who"] == "reviewer", step)
    check(any("signal vote" in line for line in step["commands"]), step)

    error = await refused(client, "consensus_missing", "advance", to_phase="p5")
    check("no vote on correctness, test_quality, elegance" in error["why"], error)
    check(error["category"] == "workflow error" and not error["retryable"], error)

    once = {"axis": "correctness", "vote": "accept", "request_id": "once", "round": 1}
    first = await done(client, "vote", **once, reviewer_id="ann", comment="-- fine\n- yes")
    check(first["status"] == "applied" and first["phase"] == "p4", first)
    again = await done(client, "vote", **once, reviewer_id="ann", comment="-- fine\n- yes")
    check(again == first, again)
    for axis in ("test_quality", "elegance"):
        await done(client, "vote", axis=axis, vote="ACCEPT")
    state = await done(client, "state", epoch_id=os.environ["AURA_EPOCH_ID"])
    check(state["votes"]["correctness"] == "ACCEPT" and len(state["votes"]) == 3, state)
    check(state["review_round"]["cast"]["correctness"]["comment"] == "-- fine\n- yes", state)


async def waiting(client):
    """One waits while another moves the epoch on, over the same connection."""
    heard = []

    async def progress(done, _total, message):
        heard.append((done, message))

    there = {}

    async def wait():
        result = await client.call_tool(
            "wait", {"until": "uat", "timeout": "50s"}, progress_callback=progress
        )
        there["result"] = result

    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            while not heard:
                await anyio.sleep(0.05)
            await done(client, "advance", to_phase="p5", triggered_by="architect")
    result = there["result"]
    check(not result.is_error, text_of(result))
    check(result.structured_content["current_phase"] == "p5", result)
    check("waiting" in heard[0][1], heard)

    result = await client.call_tool("wait", {"until": "landing", "timeout": "2s"})
    code = result.meta["aura/error"]["code"]
    # On a loaded machine the last look may be the one that runs out of time.
    check(result.is_error and code in ("wait_timeout", "no_worker"), text_of(result))
    await refused(client, "usage", "wait", timeout="11m")
    await refused(client, "usage", "wait", timeout="soon")

    # A wait that is given up holds up nobody.
    with anyio.move_on_after(0.3):
        await client.call_tool("wait", {"until": "landing", "timeout": "5m"})
    await done(client, "next_step")


async def findings(client):
    finding = {"finding_id": "f-1", "severity": "MINOR", "summary": "a typo"}
    await done(client, "finding_add", **finding, reported_by="ann")
    await refused(client, "finding_exists", "finding_add", **finding)
    await done(client, "finding_resolve", finding_id="f-1", resolution="corrected")
    await refused(client, "finding_resolved", "finding_resolve", finding_id="f-1", resolution="x")
    await refused(client, "finding_unknown", "finding_resolve", finding_id="f-2", resolution="x")
    state = await done(client, "state")
    check(state["findings"][0]["resolution"] == "corrected", state)


async def sessions_and_slices(client):
    await done(client, "session_register", session_id="s-1", role="worker")
    check((await done(client, "state"))["active_session_count"] == 1)
    await done(client, "session_end", session_id="s-1", reason=None)
    check((await done(client, "state"))["active_session_count"] == 0)
    await refused(client, "session_unknown", "session_end", session_id="s-2")
    told = await done(client, "slice_progress", slice_id="early", leaf="leaf", done=True)
    check(told["status"] == "applied", told)
    await refused(client, "not_found", "slice_complete", slice_id="none", output="done")


async def garbage(client):
    await refused(client, "usage", "vote")
    await refused(client, "usage", "vote", axis="elegance", vote=["ACCEPT"])
    await refused(client, "usage", "vote", axis="elegance", vote={"a": 1})
    error = await refused(client, "usage", "vote", axis="elegance", vot="ACCEPT")
    check("did you mean vote?" in error["why"], error)
    await refused(client, "usage", "vote", axis="elegance", vote="ACCEPT", address="x:1")
    await refused(client, "invalid_number", "vote", axis="elegance", vote="ACCEPT", round="many")
    await refused(client, "unknown_axis", "vote", axis="--help", vote="ACCEPT")
    await refused(client, "unknown_vote", "vote", axis="elegance", vote="yes")
    await refused(client, "unknown_phase", "advance", to_phase="--address=x:1")
    await refused(client, "invalid_id", "state", epoch_id="")
    await refused(client, "not_found", "state", epoch_id="no-such-epoch")
    await refused(client, "usage", "slice_complete", slice_id="s")
    await refused(client, "too_long", "advance", to_phase="p6", condition="x" * 100_000)
    try:
        await client.call_tool("no_such_tool", {})
    except MCPError as error:
        check("no_such_tool" in str(error), error)
    else:
        check(False, "a tool that is not there was called")


async def main(program, mode):
    names = ("AURA_EPOCH_ID", "HOME", "TEMPORAL_ADDRESS", "TEMPORAL_TASK_QUEUE", "XDG_CONFIG_HOME")
    env = {name: os.environ[name] for name in names}
    server = StdioServerParameters(command=program, args=["mcp"], env=env)
    async with Client(server, mode=mode) as client:
        check(client.server_info.name == "aura-msg", client.server_info)
        check("next_step" in client.instructions, client.instructions)
        is_legacy = client.protocol_version < "2026"
        check(is_legacy == (mode == "legacy"), client.protocol_version)
        await tools(client)
        await garbage(client)
        await review(client)
        await waiting(client)
        await findings(client)
        await sessions_and_slices(client)
        version = client.protocol_version
    print(f"ok: {CHECKS} checks, protocol {version}")


if __name__ == "__main__":
    program, epoch, mode = sys.argv[1:]
    os.environ["AURA_EPOCH_ID"] = epoch
    anyio.run(main, program, mode)
