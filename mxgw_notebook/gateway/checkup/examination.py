"""Every check, one after the other, as a table and as a text for a report of a mistake."""

from __future__ import annotations

import getpass
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from mxgw_notebook.client import ClientOptions, ClientSettings, hide
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.checkup.far_side import of_gateway
from mxgw_notebook.gateway.checkup.finding import Finding, Health, found
from mxgw_notebook.gateway.checkup.machine import checks
from mxgw_notebook.gateway.connection import DEMO, ENDPOINT_VARIABLE
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.plants import connected
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.live import loop_thread
from mxgw_notebook.profiles import default_key, profile_named
from mxgw_notebook.words import visible

MACHINE_SECONDS = 3.0
KEY_FORM = re.compile(r"mxgw_[A-Za-z0-9-]+_[^\s'\"]+")
NONE_NAMED = Finding(
    "gateway",
    Health.UNKNOWN,
    "none is connected, and no endpoint was given",
    "Connect, give an endpoint here, or set MXGATEWAY_ENDPOINT.",
)


def doctor(endpoint: str | None = None, **settings: Unpack[ClientSettings]) -> pd.DataFrame:
    """Checks this computer, the way to the gateway, and the key's rights; changes nothing at the plant.

    It works without a connection. With a frozen gateway it ends after some 15 seconds. It opens a session and
    closes it again. A check without a result is `not known`, never `good`.

    One row per check. Columns: `check`, `verdict` (`good`, `look at it`, `bad`, `not known`), `told` (in
    words), `remedy` (empty if nothing is to be done). `attrs["report"]` is the same as a text for a bug
    report, without keys, and without the names of host, user and folders.

    Args:
        endpoint: A plant of mxgw.toml, or `host:port`. Default: the connected gateway, else
            MXGATEWAY_ENDPOINT.
        **settings: As for `connect`: `api_key`, `plaintext`, `ca_file` ...

    Raises:
        ConfigurationError: Options contradict each other.
    """
    options = chosen(endpoint, hide(settings))
    findings = loop_thread().run(examine(options))
    frame = WholeTable(
        {
            "check": [one.check for one in findings],
            "verdict": [str(one.verdict) for one in findings],
            "told": [visible(one.told) for one in findings],
            "remedy": [visible(one.remedy) for one in findings],
        }
    )
    frame.attrs = {"report": report(findings, options)}
    return frame


def chosen(endpoint: str | None, settings: Any) -> ClientOptions | None:
    """Which gateway is looked at, and how it is reached; None for none."""
    gateway = connected()
    if endpoint is None and not settings and gateway is not None:
        return gateway.options
    if endpoint == DEMO:
        hint = "Connect to it, then call this without an endpoint."
        raise ConfigurationError("The demo can be checked only when it is connected", hint=hint)
    if not (named := endpoint or os.environ.get(ENDPOINT_VARIABLE, "")):
        return None
    if (profile := profile_named(named)) is not None:
        return profile.options(settings, getpass.getpass)
    settings.setdefault("api_key", default_key())
    return ClientOptions.chosen(named, None, settings)


async def examine(options: ClientOptions | None) -> list[Finding]:
    """Every finding, those of this machine first."""
    here = [await found(check, call, MACHINE_SECONDS) for check, call in checks().items()]
    return here + ([NONE_NAMED] if options is None else await of_gateway(options))


def report(findings: Sequence[Finding], options: ClientOptions | None) -> str:
    """The findings as a text that may be shown to anybody."""
    names = [name for one in findings for name in one.names]
    lines = [f"- {one.check}: {one.verdict}: {visible(one.told)}" for one in findings]
    return "\n".join(["mxgw_notebook doctor", *(without_names(line, options, names) for line in lines)])


def without_names(line: str, options: ClientOptions | None, names: Sequence[str] = ()) -> str:
    """A line without keys, and without what is called by a name that tells where it is from."""
    hidden = {str(Path.home()): "~", platform.node(): "<host>", operator_name(): "<user>"}
    hidden |= dict.fromkeys(names, "<gateway>")
    if options is not None:
        line = options.redacted(line)
        hidden |= names_of_gateway(options)
    line = KEY_FORM.sub("<api-key>", line)
    for name in sorted(hidden, key=len, reverse=True):  # the longest first: it may hold another
        if len(name) > 2:  # a shorter one stands in words by chance
            line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", hidden[name], line, flags=re.IGNORECASE)
    return line


def names_of_gateway(options: ClientOptions) -> dict[str, str]:
    """Every name of it, and of its plant, with what stands in its place."""
    named = {options.plant: "<plant>", options.server_name_override or "": "<gateway>"}
    if options.is_loopback:
        return named
    hosts = [target.rpartition(":")[0].strip("[]") for target in options.targets]
    return named | dict.fromkeys([*options.targets, *hosts], "<gateway>")
