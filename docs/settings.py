"""The page of every setting: variables of the environment, of a connection, of the simulated plant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path

import mxgw_notebook
from mxgw_notebook import ClientOptions
from mxgw_notebook.magics.settings import MxgwMagics
from mxgw_notebook.simulator import LIMITS, START_SETTINGS, flag_of
from mxgw_notebook.simulator.options import GatewayOptions

PACKAGE = Path(mxgw_notebook.__file__).parent
VARIABLES = {
    "MXGATEWAY_ENDPOINT": "`host:port` if no endpoint is given: `connect()`, `%mxgw connect`, `mxgw-py`.",
    "MXGATEWAY_API_KEY": "The API key if none is given. Set it before Jupyter starts.",
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
    "MXGATEWAY_SIMULATOR_API_KEY": "The key that `mxgw-py simulate` accepts; default: a random key, which is printed.",
}  # fmt: skip
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
        "# Settings\n\nA file `mxgw.toml` can name plants: [](../howto/plants.md).\n",
        "## Variables of the environment\n",
        table(("variable", "meaning"), ((f"`{name}`", about) for name, about in VARIABLES.items())),
        "## A connection\n\nKeywords of `connect(...)`, `GatewayClient.connect(...)` and `ClientOptions(...)`.\n",
        table(("setting", "default", "meaning"), options()),
        "## %mxgw\n\nSet by `%config MxgwMagics.NAME = VALUE`: [](../howto/jupyter.md).\n",
        table(("setting", "default", "meaning"), magics()),
        '## The simulated plant\n\nKeywords of `connect("demo", ...)` and `EmbeddedGateway.start(...)`,'
        " options of `mxgw-py simulate`.\n",
        table(("setting", "option", "default", "meaning"), plant()),
        "## Limits of the simulated gateway\n\n`--limit NAME=VALUE`, `limits=[...]`.\n",
        table(("limit", "default"), ((f"`{name}`", f"`{value}`") for name, value in limits())),
    ]
    return {"reference/settings.md": "\n".join(parts)}


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


def limits() -> Iterator[tuple[str, object]]:
    """The embedded gateway's limits."""
    yield from ((name, getattr(GatewayOptions(), name)) for name in LIMITS)


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        + "\n"
    )
