"""What can be said when an embedded gateway is started: one list for Python and for both command lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, get_args, get_type_hints

from mxgw_notebook.simulator.stories import SCENARIOS


@dataclass(frozen=True, slots=True)
class Say:
    """How a setting is said on a command line, where one with a `flag` may be given several times."""

    about: str
    usual: Any
    metavar: str | None = None
    choices: Sequence[str] = ()
    flag: str = ""


class StartSettings(TypedDict, total=False):
    """The settings of `EmbeddedGateway.start`, by keyword; all are optional."""

    port: Annotated[int, Say("0 takes a free one.", 0)]
    seed: Annotated[int, Say("The same seed gives the same plant.", 1)]
    speed: Annotated[float, Say("How many seconds of plant time pass in one second.", 1.0)]
    tls: Annotated[bool, Say("Serve TLS with a certificate made at start.", False)]
    scenario: Annotated[str, Say("The story that happens in the plant.", "", choices=tuple(SCENARIOS))]
    objects: Annotated[int, Say("How many objects to generate beside the plant.", 0)]
    attributes_per_object: Annotated[int, Say("How many attributes each generated object has.", 20)]
    rate: Annotated[float, Say("Events a second from their advised attributes.", 0.0)]
    alarms: Annotated[int, Say("How many standing alarms they have.", 0)]
    galaxy: Annotated[str, Say("A plant file (Parquet) instead of the plant.", "", "FILE")]
    tape: Annotated[str, Say("A tape, made from a recording, instead of the plant.", "", "FOLDER")]
    paused: Annotated[bool, Say("The tape waits at its beginning for the command to play.", False)]
    values: Annotated[str, Say("For a plant file: fixed values of its tags (JSON).", "", "FILE")]
    keys: Annotated[str, Say("Further keys with scopes and constraints (JSON).", "", "FILE")]
    faults: Annotated[Sequence[str], Say("A fault from the start.", (), "NAME:KEY=VALUE,...", flag="fault")]
    unkind: Annotated[
        bool, Say("Keep the contract and do no more: a set of faults that clients must tolerate.", False)
    ]
    limits: Annotated[Sequence[str], Say("Another value for a limit.", (), "NAME=VALUE", flag="limit")]


# By the setting's name.
START_SETTINGS: Mapping[str, Say] = {
    name: get_args(hint)[1] for name, hint in get_type_hints(StartSettings, include_extras=True).items()
}


# These are said as texts, of which options are made; the others are options of the same name.
MADE = ("speed", "paused", "keys", "faults", "unkind", "limits")


def usual(name: str) -> Any:
    """What a setting is unless told."""
    return START_SETTINGS[name].usual


def flag_of(name: str) -> str:
    """The option of a command line that says a setting."""
    return f"--{START_SETTINGS[name].flag or name.replace('_', '-')}"


def arguments_of(settings: Mapping[str, Any]) -> list[str]:
    """The arguments of a command line that say these settings. Raises TypeError for one that there is not."""
    if unknown := settings.keys() - START_SETTINGS.keys():
        raise TypeError(f"The embedded gateway takes no {' and no '.join(sorted(unknown))}.")
    said: list[str] = []
    for name, value in settings.items():
        say = START_SETTINGS[name]
        if isinstance(say.usual, bool):
            said += [flag_of(name)] if value else []
        elif say.flag:
            said += [f"{flag_of(name)}={one}" for one in value]
        elif value != "":
            said.append(f"{flag_of(name)}={value}")
    return said
