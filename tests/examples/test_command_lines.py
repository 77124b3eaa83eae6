"""The documented command lines of the gateway's own client, with the test's endpoint and ids put in."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from mxgw_notebook.simulator.server import ServedGateway
from tests.cli.terminal import NOTHING_SET
from tests.conftest import KEY

DOCUMENTED = r"""
mxgw-py version --json
mxgw-py open-session --endpoint localhost:5000 --plaintext --json
mxgw-py register --session-id <id> --client-name python-client --json
mxgw-py add-item --session-id <id> --server-handle 1 --item Object.Attribute --json
mxgw-py advise --session-id <id> --server-handle 1 --item-handle 2 --json
mxgw-py stream-events --session-id <id> --max-events 1 --json
mxgw-py stream-alarms --session-id <id> --max-messages 1 --json
mxgw-py acknowledge-alarm --session-id <id> --alarm-reference "\\Galaxy\Area001.Pump001.PumpFault" --json
mxgw-py write --session-id <id> --server-handle 1 --item-handle 2 --type int32 --value 123 --json
"""
SMOKE = (
    "mxgw-py smoke --endpoint mxgateway.example.local:5001 --tls --ca-file C:\\certs\\mxgateway-ca.pem"
    " --server-name-override mxgateway.example.local --api-key-env MXGATEWAY_API_KEY"
    " --item Object.Attribute --json"
)
LIVE = (
    "mxgw-py smoke --endpoint $env:MXGATEWAY_ENDPOINT --plaintext --api-key-env MXGATEWAY_API_KEY"
    " --item $env:MXGATEWAY_TEST_ITEM --json"
)

README = Path(__file__).parents[2] / "README.md"


async def ran(line: str, **variables: str) -> tuple[int, dict[str, Any]]:
    """The exit code of a line, and its one answer or error."""
    code, (answer,) = await ran_lines(line, **variables)
    return code, answer


async def ran_lines(line: str, **variables: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of a line, and its JSON, from wherever it went."""
    name, *words = shlex.split(line)
    assert name == "mxgw-py"
    inherited = {name: value for name, value in os.environ.items() if name not in NOTHING_SET}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mxgw_notebook",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**inherited, **variables},
    )
    out, errors = await process.communicate()
    return process.returncode or 0, [json.loads(answer) for answer in (out + errors).splitlines()]


async def test_the_documented_lines_run_in_their_order(documented: ServedGateway) -> None:
    settings = {
        "MXGATEWAY_ENDPOINT": documented.endpoint,
        "MXGATEWAY_API_KEY": KEY,
        "MXGATEWAY_PLAINTEXT": "1",
    }
    answers: dict[str, dict[str, Any]] = {}
    for line in DOCUMENTED.strip().splitlines():
        identifier = answers.get("open-session", {}).get("sessionId", "")
        told = line.replace("<id>", identifier).replace("localhost:5000", documented.endpoint)
        command = line.split()[1]
        code, answers[command] = await ran(told, **settings)
        # The plant has no such alarm; that is what the gateway answers then.
        assert code == (6 if command == "acknowledge-alarm" else 0), answers[command]
    assert answers["register"]["register"] == {"serverHandle": 1}
    assert answers["add-item"]["addItem"] == {"itemHandle": 2}
    assert answers["stream-events"]["value"]["int32Value"] == 7
    assert answers["stream-alarms"]["activeAlarm"]["alarmFullReference"]
    assert answers["acknowledge-alarm"]["error"]["code"] == "NOT_FOUND"
    assert documented.plant.objects["Object"].attributes["Attribute"].value == 123


async def test_the_documented_acknowledge_takes_an_alarm_that_is_active(documented: ServedGateway) -> None:
    settings = {"MXGATEWAY_API_KEY": KEY, "MXGATEWAY_ENDPOINT": documented.endpoint}
    _, active = await ran("mxgw-py stream-alarms --max-messages 1 --plaintext --json", **settings)
    reference = active["activeAlarm"]["alarmFullReference"]
    line = next(line for line in DOCUMENTED.splitlines() if "acknowledge-alarm" in line)
    told = line.replace(r"\\Galaxy\Area001.Pump001.PumpFault", reference).replace("<id>", "session-1")
    code, reply = await ran(f"{told} --plaintext", **settings)
    assert (code, reply["protocolStatus"]["code"]) == (0, "PROTOCOL_STATUS_CODE_OK")


async def test_the_documented_smoke_runs_over_tls(documented_tls: ServedGateway) -> None:
    port = documented_tls.endpoint.rpartition(":")[2]
    told = (
        SMOKE.replace("mxgateway.example.local:5001", f"127.0.0.1:{port}")
        .replace("mxgateway.example.local", "localhost")
        .replace("C:\\certs\\mxgateway-ca.pem", str(documented_tls.ca_file).replace("\\", "\\\\"))
    )
    code, done = await ran(told, MXGATEWAY_API_KEY=KEY)
    assert (code, done["closed"]) == (0, True)
    assert done["events"][0]["value"]["int32Value"] == 7


async def test_the_documented_live_check_takes_its_settings_from_the_environment(
    documented: ServedGateway,
) -> None:
    told = LIVE.replace("$env:MXGATEWAY_ENDPOINT", documented.endpoint)
    code, done = await ran(
        told.replace("$env:MXGATEWAY_TEST_ITEM", "Object.Attribute"), MXGATEWAY_API_KEY=KEY
    )
    assert (code, done["closed"]) == (0, True)
    assert not documented.sessions.ready()


async def test_the_lines_of_the_readme_run_in_their_order(documented: ServedGateway) -> None:
    section = README.read_text(encoding="utf-8").partition("## From the command line")[2]
    lines = [line.partition("#")[0] for line in section.split("```")[3].strip().splitlines()]
    settings = {
        "MXGATEWAY_ENDPOINT": documented.endpoint,
        "MXGATEWAY_API_KEY": KEY,
        "MXGATEWAY_PLAINTEXT": "1",
    }
    identifier = ""
    for line in lines:
        code, answers = await ran_lines(f"{line.replace('<id>', identifier)} --json", **settings)
        assert code == 0, line
        if "open-session" in line:
            identifier = answers[0]["sessionId"]
    assert len(lines) == 7
    assert not documented.sessions.ready()
