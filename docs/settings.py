"""The page of every setting: variables of the environment, of a connection, of the simulated plant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from enum import Enum
from pathlib import Path

import mxgw_notebook
from mxgw_notebook import ClientOptions
from mxgw_notebook.cli.simulate import PORT
from mxgw_notebook.magics.settings import MxgwMagics
from mxgw_notebook.simulator import LIMITS, START_SETTINGS, flag_of
from mxgw_notebook.simulator.options import GatewayOptions

PACKAGE = Path(mxgw_notebook.__file__).parent
VARIABLES = {
    "MXGATEWAY_ENDPOINT": "`host:port` if no endpoint is given: `connect()`, `%mxgw connect`, `mxgw-py`.",
    "MXGATEWAY_API_KEY": "The API key if none is given. Set it before Jupyter starts. `mxgw-py simulate` accepts this key;"
    " default there: a random key, which is printed.",
    "MXGATEWAY_PLAINTEXT": "`1`: `mxgw-py` uses no TLS. Python and `%mxgw` do not read it: use `plaintext=True` or `--plaintext`.",
    "MXGATEWAY_CA_FILE": "The PEM file that `mxgw-py` trusts instead of the system's roots.",
    "MXGATEWAY_PROTO_PATH": "A folder of the gateway's own `.proto` files, or a compiled descriptor set: the contract"
    " comes from there. See [](../howto/own-protos.md).",
    "MXGW_PLANTS": "The file with the plants' names, instead of `mxgw.toml`. See [](../howto/plants.md).",
    "MXGW_FLIGHTS": "The folder of the flight recorders, instead of the user's cache folder; `off`: no flight recorder.",
    "MXGW_SPOOL": "The folder in which files wait for a store (`--to s3://...`), instead of the user's cache folder.",
    "MXGW_COMPUTER": "What tells this computer from others that record to a shared folder, if they were copied while"
    " they ran; default: its present start.",
    "MXGATEWAY_DEMO_ENDPOINT": "Set by `mxgw-py demo`: the address of its simulated plant, for `connect(\"demo\")`.",
    "MXGATEWAY_DEMO_API_KEY": "Set by `mxgw-py demo`: that plant's key.",
    "MXGATEWAY_SIMULATOR_API_KEY": "The key that `python -m mxgw_notebook.simulator` accepts; default: a random key, which"
    " is printed. `mxgw-py simulate` does not read it.",
}  # fmt: skip
# Of a plant in mxgw.toml, by the last part of the variable's name.
OF_A_PLANT = {
    "endpoint": "the plant's `host:port`",
    "api_key": "its key",
    "ca_file": "the PEM file that is trusted for it",
    "server_name_override": "the name that its certificate is checked against",
}
ABOUT_LIMITS = {
    "sessions": "Sessions that can be open at the same time.",
    "pending_commands": "Commands of one session that can wait at the same time.",
    "message_bytes": "The largest message, in bytes.",
    "event_queue": "Events that can wait for a reader that is too slow.",
    "overflow": "What happens to that reader: `fault` ends the session, `disconnect` only the stream.",
    "replay_events": "The newest events that are kept for a replay.",
    "replay_age": "The age up to which they are kept, in seconds.",
    "lease": "Seconds after which a session that nobody uses is closed.",
    "grace": "Seconds after which a session is closed whose reader has left.",
    "sweep": "Seconds between two looks for such sessions.",
    "command_timeout": "Seconds that a command may take if the client names no time.",
    "galaxy_load": "Seconds that the first load of the galaxy takes.",
    "command_delay": "Seconds that each command takes longer.",
    "operation_delay": "Seconds from Suspend or Activate to their OperationComplete.",
    "read_timeout": "Seconds that ReadBulk waits for a value if the client names no time.",
    "alarm_queue": "Alarm messages that can wait for a reader that is too slow.",
    "deploy_queue": "Deploy messages that can wait for such a reader.",
    "most_lag": "Seconds that the plant may be late before it leaves a gap instead of catching up.",
}
VARIABLE = re.compile(r"[\"'](MXG(?:ATEWAY|W)_[A-Z_]+)[\"']")
FIELD = re.compile(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", re.MULTILINE)


def read_variables() -> Iterator[str]:
    """Every variable of the environment that the package's code names."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "_generated" not in path.parts:
            yield from re.findall(VARIABLE, path.read_text(encoding="utf-8"))


def pages() -> Mapping[str, str]:
    """The page."""
    parts = [
        "# Settings\n\nTwo files have settings too, and pages of their own: `mxgw.toml` names plants"
        " ([](../howto/plants.md)), a watch list says what a watch shows ([](../howto/watch-lists.md)).\n",
        "## Variables of the environment\n",
        table(("variable", "meaning"), variables()),
        "The user's cache folder is `~/.cache/mxgw_notebook` (with `XDG_CACHE_HOME` another one), on macOS"
        " `~/Library/Caches/mxgw_notebook`, on Windows `%LOCALAPPDATA%\\mxgw_notebook`.\n",
        "## A connection\n\nKeywords of `connect(...)`, `GatewayClient.connect(...)` and `ClientOptions(...)`.\n",
        table(("setting", "default", "meaning"), options()),
        "## %mxgw\n\nSet by `%config MxgwMagics.NAME = VALUE`: [](../howto/jupyter.md).\n",
        table(("setting", "default", "meaning"), magics()),
        '## The simulated plant\n\nKeywords of `connect("demo", ...)` and `EmbeddedGateway.start(...)`,'
        f" options of `mxgw-py simulate`, whose `--port` is {PORT} by default.\n",
        table(("setting", "option", "default", "meaning"), plant()),
        "## Limits of the simulated gateway\n\n`--limit NAME=VALUE`, `limits=[...]`.\n",
        table(("limit", "default", "meaning"), limits()),
    ]
    return {"reference/settings.md": "\n".join(parts)}


def variables() -> Iterator[tuple[str, str]]:
    """Every variable, those of a plant with its name in them last."""
    yield from ((f"`{name}`", about) for name, about in VARIABLES.items())
    for field, about in OF_A_PLANT.items():
        plants = f"Of `plant-a` in `mxgw.toml`, each plant with its own name: {about}, instead of what the file says."
        yield f"`MXGW_PLANT_A_{field.upper()}`", plants


def options() -> Iterator[tuple[str, ...]]:
    """The fields of ClientOptions, as its docstring tells them."""
    about = {name: " ".join(text.split()) for name, text in FIELD.findall(ClientOptions.__doc__ or "")}
    meant = {name.strip(): text for name, text in about.items()}
    for field in fields(ClientOptions):
        usual = "" if field.default is MISSING else f"`{field.default!r}`"
        yield f"`{field.name}`", usual, meant[field.name]


def magics() -> Iterator[tuple[str, ...]]:
    """What `%config MxgwMagics` sets."""
    for name, trait in MxgwMagics.class_own_traits(config=True).items():
        yield f"`{name}`", f"`{trait.default_value!r}`", trait.help


def plant() -> Iterator[tuple[str, ...]]:
    """What can be said when the embedded gateway is started."""
    for name, say in START_SETTINGS.items():
        choices = f" One of {', '.join(f'`{one}`' for one in say.choices if one)}." if say.choices else ""
        yield f"`{name}`", f"`{flag_of(name)}`", f"`{say.usual!r}`", f"{say.about}{choices}"


def limits() -> Iterator[tuple[str, ...]]:
    """The embedded gateway's limits, as a person types them."""
    for name in LIMITS:
        value = getattr(GatewayOptions(), name)
        usual = value.name.partition("_")[0].lower() if isinstance(value, Enum) else value
        yield f"`{name}`", f"`{usual}`", ABOUT_LIMITS[name]


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        + "\n"
    )
