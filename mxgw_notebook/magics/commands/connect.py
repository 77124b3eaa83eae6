"""%mxgw connect

Why: DECISIONS.md, "A key is never typed into a notebook".
"""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Sequence
from typing import Any

from mxgw_notebook.client import Secret
from mxgw_notebook.errors import ConfigurationError, PermissionDeniedError
from mxgw_notebook.gateway import Gateway, SavedGalaxy, connect
from mxgw_notebook.magics.command import Arguments, Command
from mxgw_notebook.words import counted


def configure(parser: argparse.ArgumentParser) -> None:
    """What can be said of a gateway; never the key itself, a notebook would keep it."""
    parser.add_argument(
        "endpoint",
        nargs="*",
        help="a plant of mxgw.toml, host:port, demo for a simulated plant on this computer, "
        "recording:FOLDER to replay a recording, or a saved galaxy FILE.parquet",
    )
    configure_way(parser)
    parser.add_argument("--speed", type=float, help="recording or demo: how many times as fast")
    parser.add_argument("--from", dest="start", metavar="TIME", help="recording only: start time")
    parser.add_argument("--until", dest="end", metavar="TIME", help="recording only: end time")
    parser.add_argument(
        "--paused", action="store_true", help="recording only: wait for gateway.replay.play()"
    )
    parser.add_argument(
        "--scenario", metavar="NAME", help="demo only: the story that happens in the plant, e.g. shift"
    )
    parser.add_argument("--seed", type=int, help="demo only: the simulated plant's seed")
    parser.add_argument(
        "--unkind",
        action="store_true",
        help="demo only: a gateway that keeps its contract and no more: commands refused, late or without "
        "a reply, unknown kinds of events and alarms, odd times, failures without words",
    )


def configure_way(parser: argparse.ArgumentParser) -> None:
    """How it is reached, and where the key comes from."""
    parser.add_argument("--key-env", metavar="NAME", help="environment variable that has the API key")
    parser.add_argument("--ask-key", action="store_true", help="ask for the API key, without showing it")
    parser.add_argument("--plaintext", action="store_true", help="no TLS: the key is sent unencrypted")
    parser.add_argument("--ca-file", metavar="PEM", help="certificates to trust instead of the system's")
    parser.add_argument(
        "--server-name-override", metavar="NAME", help="name the certificate is checked against"
    )


def run(arguments: Arguments) -> None:
    """Connects, and says to what."""
    gateway = connect(endpoint_of(arguments.endpoint), **settings_of(arguments))
    gateway.completing.warm()
    print(greeting(gateway))  # noqa: T201  a command's answer


def endpoint_of(words: Sequence[str]) -> str | None:
    """What was named; `recording: FOLDER` may be written with a blank."""
    if len(words) > 1 and not words[0].endswith(":"):
        hint = "A gateway is one word, host:port; a folder with blanks stands in quotes."
        raise ConfigurationError(f"unrecognized arguments: {' '.join(words[1:])}", hint=hint)
    return "".join(words) or None


def settings_of(arguments: Arguments) -> dict[str, Any]:
    """The settings that were given."""
    settings = settings_of_way(arguments)
    for name in ("scenario", "seed", "speed", "start", "end"):
        if getattr(arguments, name) is not None:
            settings[name] = getattr(arguments, name)
    for name in ("unkind", "paused"):
        if getattr(arguments, name):
            settings[name] = True
    return settings


def settings_of_way(arguments: Arguments) -> dict[str, Any]:
    """Those of how it is reached."""
    # Only what was said: settings that are given keep `connect demo` from joining a plant that runs already.
    settings: dict[str, Any] = {"plaintext": True} if arguments.plaintext else {}
    for name in ("ca_file", "server_name_override"):
        if getattr(arguments, name) is not None:
            settings[name] = getattr(arguments, name)
    if arguments.ask_key:
        settings["api_key"] = Secret(getpass.getpass("API key: "))
    elif arguments.key_env:
        settings["api_key"] = key_in(arguments.key_env)
    return settings


def key_in(variable: str) -> str:
    """The API key in an environment variable."""
    # Keys begin so. One that was typed here stands in the notebook already; the error does not repeat it.
    if variable.startswith("mxgw_"):
        hint = "Put the key into an environment variable, and give that one's name."
        raise ConfigurationError("--key-env takes the name of a variable, not the key", hint=hint)
    if variable not in os.environ:
        raise ConfigurationError(
            f"The environment variable {variable} is not set",
            hint="Set it before Jupyter starts, or use --ask-key.",
        )
    return Secret(os.environ[variable])


def greeting(gateway: Gateway) -> str:
    """One line: where, what kind of plant, how large, and whether it can be changed."""
    if isinstance(gateway, SavedGalaxy):
        return f"Opened {gateway.endpoint}: a saved galaxy with {counted(gateway.object_count(), 'object')}."
    if gateway.replay is not None:
        first, last = (f"{time:%Y-%m-%d %H:%M:%S}" for time in gateway.replay.span)
        how = f"{gateway.replay.speed:g} times as fast" if gateway.replay.playing else "paused"
        return f"Replay of {gateway.replay.source}, {first} to {last} UTC: {how}; read-only."
    plant = "a simulated plant" if gateway.simulated else f"a {gateway.kind} plant"
    place = gateway.endpoint if gateway.plant == gateway.endpoint else f"{gateway.plant} ({gateway.endpoint})"
    may_write = "armed: writes go out" if gateway.arming else "read-only until %mxgw arm"
    if gateway.options.read_only:
        may_write = "read-only"
    try:
        size = f" with {counted(gateway.object_count(), 'object')}; {may_write}"
    # A key for reading and writing alone is a good key: all but the galaxy works.
    except PermissionDeniedError:
        size = f"; the key cannot read its galaxy (metadata:read); {may_write}"
    return f"Connected to {place}: {plant}{size}."


COMMAND = Command(
    name="connect",
    summary="Connect to a gateway, or to a simulated plant.",
    example="%mxgw connect demo\n  %mxgw connect demo --scenario shift --speed 120\n"
    "  %mxgw connect plant.example:5001 --key-env MXGATEWAY_API_KEY\n"
    "  %mxgw connect recording:recordings --speed 60 --from -1h",
    run=run,
    configure=configure,
    completes=("endpoint", ""),
    dashed="start",
)
