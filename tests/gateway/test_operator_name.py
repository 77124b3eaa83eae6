"""Where the system knows no user name, as in a container that runs under a number: everything works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

UNKNOWN = 54_321  # no passwd file has it
# The first works for root, and in a container; the second for everybody where the kernel allows it.
WAYS = (
    ("setpriv", f"--ruid={UNKNOWN}"),
    ("unshare", "--user", f"--map-user={UNKNOWN}"),
)
NAMES = ("LOGNAME", "USER", "LNAME", "USERNAME")  # where getpass looks first
LONGEST_SECONDS = 120.0

NAMELESS = """
import getpass, os
assert os.getuid() == {uid}, os.getuid()
try:
    getpass.getuser()
except (KeyError, OSError):
    print("nameless")
"""

SESSION = """
import json
import mxgw_notebook as mx
from mxgw_notebook.errors import GatewayError

gateway = mx.connect({endpoint!r}, api_key={key!r}, plaintext=True, writable="tests")
gateway.write("FIC101.SP", gateway.read("FIC101.SP")["value"].iloc[0])
review = gateway.alarms()
reference = review.frame()["reference"].iloc[0]
by_call = gateway.acknowledge(reference, comment="by call")
by_review = review.acknowledge(reference, comment="by review")
named = gateway.acknowledge(reference, operator="asmith", comment="named")
html = review.snapshot().data
review.report()
review.stop()
audit, actions = gateway.audit(), gateway.actions()
gateway.close()
print(json.dumps({{
    "acknowledged": [bool(frame["acknowledged"].all()) for frame in (by_call, by_review, named)],
    "audit": audit["operator"].tolist(),
    "actions": actions[["operator", "outcome"]].values.tolist(),
    "table": "<table" in html,
}}))
"""

MAGICS = """
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "mxgw_notebook")
for line in (
    "connect {endpoint} --plaintext", "arm --reason tests", "alarms", "acknowledge *", "disconnect"
):
    shell.run_line_magic("mxgw", line)
print('"done"')
"""


@pytest.fixture
def nameless() -> tuple[str, ...]:
    """What to put before a command that is to run as a user whom the system does not know."""
    for way in WAYS:
        if run((*way, sys.executable, "-c", NAMELESS.format(uid=UNKNOWN))).stdout == "nameless\n":
            return way
    pytest.skip("this system runs nothing as an unknown user")


def run(command: tuple[str, ...], **variables: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        command, env=known | variables, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )


def answer(command: tuple[str, ...], home: Path) -> Any:
    """What a script printed last, as JSON."""
    done = run(command, HOME=str(home), IPYTHONDIR=str(home), MXGATEWAY_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_without_a_name_everything_is_done_and_on_record(
    nameless: tuple[str, ...], own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    script = SESSION.format(endpoint=own_embedded.endpoint, key=KEY)
    told = answer((*nameless, sys.executable, "-c", script), tmp_path)
    assert told["acknowledged"] == [True, True, True]
    assert told["audit"] == ["", "", "asmith"]
    assert told["actions"] == [["", "completed"]]
    assert told["table"]


def test_without_a_name_the_magics_work(
    nameless: tuple[str, ...], own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    script = MAGICS.format(endpoint=own_embedded.endpoint)
    assert answer((*nameless, sys.executable, "-c", script), tmp_path) == "done"
