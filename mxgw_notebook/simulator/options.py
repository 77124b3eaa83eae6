"""Everything that can be set about an embedded gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Any

from mxgw_notebook.simulator.clock import Clock, SystemClock
from mxgw_notebook.simulator.faults import Settings
from mxgw_notebook.simulator.keys import Key, random_key
from mxgw_notebook.simulator.start_settings import START_SETTINGS, usual


class Overflow(Enum):
    """What happens when a subscriber reads too slowly."""

    FAULT_SESSION = "fault the whole session"
    DISCONNECT = "disconnect the subscriber"


@dataclass(frozen=True, kw_only=True)
class GatewayOptions:
    """How the gateway is run. The limits are the real gateway's; durations are seconds.

    `keys` are further keys beside `api_key`, which may do everything. `users` are the names and passwords of
    those who can sign writes. `faults` stand from the start, each a name and its settings. What a start can
    say as it is has its name, its usual value and its meaning from `StartSettings`, and is no more than named
    here.
    """

    seed: int = usual("seed")
    api_key: str = field(default_factory=random_key, repr=False)
    keys: tuple[Key, ...] = ()
    clock: Clock = field(default_factory=SystemClock)
    host: str = "127.0.0.1"
    port: int = usual("port")
    tls: bool = usual("tls")
    sessions: int = 64
    pending_commands: int = 128
    message_bytes: int = 16 * 1024 * 1024
    event_queue: int = 10_000
    overflow: Overflow = Overflow.FAULT_SESSION
    replay_events: int = 1_024
    replay_age: float = 300.0
    lease: float = 1_800.0
    grace: float = 30.0
    sweep: float = 30.0
    command_timeout: float = 30.0
    scenario: str = usual("scenario")
    objects: int = usual("objects")
    attributes_per_object: int = usual("attributes_per_object")
    rate: float = usual("rate")  # of the wall clock's seconds; 0: their own pace
    alarms: int = usual("alarms")
    galaxy: str = usual("galaxy")
    tape: str = usual("tape")  # with its deck as the clock
    values: str = usual("values")
    galaxy_load: float = 0.0  # how long the first load of the galaxy takes
    faults: tuple[tuple[str, Settings], ...] = ()
    command_delay: float = 0.0  # how long the worker takes for each command
    operation_delay: float = 0.1  # from Suspend or Activate to their OperationComplete
    read_timeout: float = 5.0  # of ReadBulk when the caller names none
    alarm_queue: int = 10_000
    deploy_queue: int = 100
    most_lag: float = 10.0  # how far the plant may lag before it leaves a gap instead of catching up
    users: dict[str, str] = field(
        default_factory=lambda: {name: f"demo-{name}" for name in ("operator", "supervisor", "engineer")},
        repr=False,
    )


# What `--limit name=value` sets: all that is neither said by a setting of its own nor made of something else.
LIMITS = tuple(
    option.name
    for option in fields(GatewayOptions)
    if option.name not in (*START_SETTINGS, "api_key", "clock", "host", "users")
)


def limited(options: GatewayOptions, limits: Iterable[str]) -> GatewayOptions:
    """The options with other limits, each `name=value`; overflow is fault or disconnect.

    Raises ValueError.
    """
    given: dict[str, Any] = {}
    for limit in limits:
        name, _, text = limit.partition("=")
        if name not in LIMITS:
            raise ValueError(f"There is no limit {name!r}. There are: {', '.join(LIMITS)}.")
        if name == "overflow":
            given[name] = Overflow.DISCONNECT if text == "disconnect" else Overflow.FAULT_SESSION
        else:
            given[name] = type(getattr(options, name))(text)
    return replace(options, **given)
