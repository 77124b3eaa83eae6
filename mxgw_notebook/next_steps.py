"""What to try next, as one does it where one is: in Python, in a notebook's magics, or on a command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum


class Place(Enum):
    """From where an error is told."""

    PYTHON = "a call in Python"
    MAGICS = "%mxgw"
    COMMAND_LINE = "mxgw-py"


# By the name in braces that a hint has for it; a place without its own words takes those of Python.
STEPS: Mapping[str, Mapping[Place, str]] = {
    "connect": {
        Place.PYTHON: "mxgw_notebook.connect('host:port'), or connect('demo')",
        Place.MAGICS: "%mxgw connect host:port, or %mxgw connect demo",
        Place.COMMAND_LINE: "--endpoint host:port",
    },
    "start a plant": {
        Place.PYTHON: "mxgw_notebook.connect('demo')",
        Place.MAGICS: "%mxgw connect demo",
    },
    "replay": {
        Place.PYTHON: "mxgw_notebook.connect('recording:FOLDER')",
        Place.MAGICS: "%mxgw connect recording:FOLDER",
    },
    "choose": {
        Place.PYTHON: "mxgw_notebook.use('plant')",
        Place.MAGICS: "%mxgw connections PLANT",
    },
    "arm": {
        Place.PYTHON: "gateway.arm('why'), or connect(..., writable='why') in a script",
        Place.MAGICS: '%mxgw arm --reason "why" [--for 10m] [--tags FIC*.SP]',
        Place.COMMAND_LINE: '--write "why"',
    },
    "apply the plan": {
        Place.PYTHON: "plan.apply(), or plan.apply(yes=True) in a script",
        Place.COMMAND_LINE: '--write "why" --yes',
    },
    "say yes": {
        Place.PYTHON: "plan.apply(yes=True)",
        Place.MAGICS: "--yes",
        Place.COMMAND_LINE: "--yes",
    },
    "override": {
        Place.PYTHON: "plan(..., override={tag: 'why'})",
        Place.MAGICS: '--override "why"',
        Place.COMMAND_LINE: '--override "TAG=why"',
    },
    "sign": {
        Place.PYTHON: "write(tag, value, user='name', verifier='other'), or write_secured of a Session",
        Place.MAGICS: "--user name, --verifier other",
        Place.COMMAND_LINE: "mxgw-py write-secured",
    },
    "name a gateway": {
        Place.PYTHON: "Give host:port, or set MXGATEWAY_ENDPOINT",
        Place.MAGICS: "Give host:port or demo, or set MXGATEWAY_ENDPOINT",
        Place.COMMAND_LINE: "Give --endpoint host:port, or set MXGATEWAY_ENDPOINT",
    },
    "give a key": {
        Place.PYTHON: "api_key=..., or MXGATEWAY_API_KEY where connect has none",
        Place.MAGICS: "MXGATEWAY_API_KEY, or --key-env with the name of its variable, or --ask-key",
        Place.COMMAND_LINE: "MXGATEWAY_API_KEY, or --api-key-env with the name of its variable",
    },
    "say the type": {
        Place.PYTHON: "data_type='Double' (Boolean, Integer, String, Time)",
        Place.MAGICS: "--type Double (Boolean, Integer, String, Time)",
        Place.COMMAND_LINE: "--type double (bool, int32, string, timestamp)",
    },
    "ask the session": {
        Place.PYTHON: "get_session_state()",
        Place.MAGICS: "%mxgw status",
        Place.COMMAND_LINE: "mxgw-py session-state",
    },
    "trust a certificate": {
        Place.PYTHON: "ca_file='gateway.pem'",
        Place.MAGICS: "--ca-file gateway.pem",
        Place.COMMAND_LINE: "--ca-file gateway.pem",
    },
    "name the certificate": {
        Place.PYTHON: "server_name_override='...'",
        Place.MAGICS: "--server-name-override ...",
        Place.COMMAND_LINE: "--server-name-override ...",
    },
    "turn TLS off": {
        Place.PYTHON: "plaintext=True",
        Place.MAGICS: "--plaintext",
        Place.COMMAND_LINE: "--plaintext",
    },
    "see active alarms": {
        Place.PYTHON: "gateway.alarms(), or query_active_alarms() of GatewayClient",
        Place.MAGICS: "%mxgw alarms",
        Place.COMMAND_LINE: "mxgw-py query-active-alarms",
    },
    "find": {
        Place.PYTHON: "gateway.find('*Pump*.Speed'), or discover_hierarchy() of GalaxyRepositoryClient",
        Place.MAGICS: "%mxgw find *Pump*.Speed",
        Place.COMMAND_LINE: "mxgw-py galaxy-discover --tag-name-glob '*Pump*'",
    },
    "objects": {
        Place.PYTHON: "gateway.objects()",
        Place.MAGICS: "%mxgw objects",
        Place.COMMAND_LINE: "mxgw-py galaxy-discover",
    },
    "alarms": {Place.PYTHON: "gateway.alarms()", Place.MAGICS: "%mxgw alarms"},
    "say writable": {Place.PYTHON: "writable", Place.COMMAND_LINE: "--write"},
    "save a galaxy": {
        Place.PYTHON: "gateway.snapshot('plant.parquet')",
        Place.COMMAND_LINE: "mxgw-py snapshot plant.parquet",
        Place.MAGICS: "%mxgw snapshot plant.parquet",
    },
}
NAMED = re.compile("{(" + "|".join(STEPS) + ")}")


def as_done_in(place: Place, hint: str) -> str:
    """The hint with each step it names in braces as it is done there; other braces stay."""

    def said(found: re.Match[str]) -> str:
        ways = STEPS[found[1]]
        return ways.get(place, ways[Place.PYTHON])

    return NAMED.sub(said, hint)
