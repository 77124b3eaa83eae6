"""The fault switches: what can be made to go wrong, with which settings, and what is wrong now.

A *standing* fault lasts until it is cleared, or until it happened `times` times where it can be counted; the
others happen once, at the moment they are set. In text a fault is `name` or `name:key=value,key=value`.
Several globs are joined by a plus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

Setting = str | int | float
Settings = dict[str, Setting]
UNKIND: tuple[str, ...] = (
    "wordless",
    "refuse-command:command=ping+get_session_state+get_worker_info,code=any",
    "refuse:rpc=TestConnection+GetLastDeployTime,code=UNIMPLEMENTED",
    "delay-command:command=register+add_item*+un_advise*,seconds=0.05",
    "lose-reply:command=write*+un_advise*+remove_item*+unsubscribe*,code=any,every=5",
    "unknown-enums:enums=MxStatus*+MxDataType+AlarmConditionState+AlarmProviderMode+SessionState,every=7",
    "unknown-values:every=13",
    "unknown-fields",
    "strangers:every=4",
    "odd-times:every=7",
    "bursts:seconds=0.05,same=1.0",
    "compress",
)


@dataclass(frozen=True, slots=True)
class Switch:
    """What a fault does, and its settings' defaults.

    `rpc` is a glob of rpcs, `command` one of Invoke's kinds. `times` of 0 is without end; `every` of 3 is
    every third time.
    """

    about: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_once: bool = False


_CODES = (
    "UNAVAILABLE", "RESOURCE_EXHAUSTED", "UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED", "INTERNAL",
    "ABORTED", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT",
)  # fmt: skip
# The times of `odd-times`: .NET's and FILETIME's first moment, Excel's zero, an end of time, and a clock that
# is ahead.
ODD_TIMES = ("year-1", "1601", "1899", "9999", "ahead")
BEYOND = "beyond"  # what no calendar reaches: asked for alone
# What a gateway answers to a command that its contract numbers otherwise; the code `any` is each in turn.
REFUSALS = ("PERMISSION_DENIED", "UNIMPLEMENTED", "INVALID_ARGUMENT", "INTERNAL")
# What becomes of a reply that is lost; the code `any` is each in turn. The last two come, but cannot be
# understood: their protocol code, or their kind of command, is one of a later contract.
LATER_CODE, LATER_KIND = "LATER_CODE", "LATER_KIND"
LOSSES = ("UNAVAILABLE", LATER_CODE, "INTERNAL", LATER_KIND)
SWITCHES: dict[str, Switch] = {
    "refuse": Switch(
        "calls end with a gRPC status", {"code": "UNAVAILABLE", "rpc": "*", "times": 0}, {"code": _CODES}
    ),
    "delay": Switch("the call is done; its reply comes late", {"seconds": 2.0, "rpc": "*", "times": 0}),
    "refuse-command": Switch(
        "commands of the chosen kinds end with a gRPC status",
        {"command": "ping", "code": "PERMISSION_DENIED", "times": 0},
        {"code": (*_CODES, "any")},
    ),
    "delay-command": Switch(
        "commands of the chosen kinds are done; their replies come late (real seconds)",
        {"command": "*", "seconds": 2.0, "times": 0},
    ),
    "lose-reply": Switch(
        "commands are done; their replies are lost or come from a later contract",
        {"command": "write*", "code": "UNAVAILABLE", "every": 1, "times": 0},
        {"code": (*_CODES, LATER_CODE, LATER_KIND, "any")},
    ),
    "garbled": Switch("the call is done; its reply is not a message", {"rpc": "Invoke", "times": 0}),
    "slow-stream": Switch("each message of a stream comes late", {"seconds": 0.5, "rpc": "*"}),
    "silent": Switch("the connection stays, but no values come: the platform behind the gateway is dead"),
    "late": Switch("tags (a glob) that are not advised answer ReadBulk late", {"tag": "*", "seconds": 10.0}),
    "expire-token": Switch("page tokens belong to an earlier deploy", {"times": 1}),
    "unknown-enums": Switch(
        "enumerations (a glob of their names) have numbers of a later contract",
        {"enums": "*", "every": 1, "rpc": "*"},
    ),
    "unknown-values": Switch("values and arrays have a kind of a later contract", {"every": 1, "rpc": "*"}),
    "unknown-fields": Switch("messages have fields of a later contract", {"rpc": "*"}),
    "unknown-arms": Switch("events and alarm messages have a body of a later contract", {"rpc": "Stream*"}),
    "strangers": Switch(
        "extra events and alarm messages of a later contract come: unknown family, body or transition",
        {"every": 3},
    ),
    "wordless": Switch("statuses, replies and failed entries have numbers but no words", {"rpc": "*"}),
    "odd-times": Switch(
        "times (a glob of fields) are those that mean never at plants, or one hour ahead",
        {"time": "any", "fields": "*", "every": 1, "rpc": "*"},
        {"time": (*ODD_TIMES, BEYOND, "any")},
    ),
    "bursts": Switch(
        "events come together (real seconds); source times are whole multiples of `same`",
        {"seconds": 0.5, "same": 1.0},
    ),
    "compress": Switch(
        "messages are compressed", {"algorithm": "gzip", "rpc": "*"}, {"algorithm": ("gzip", "deflate")}
    ),
    "status": Switch(
        "statuses say this; category: kept, unset or a name in lower case; detail -1: kept",
        {"success": -1, "category": "kept", "detail": -1, "rpc": "*"},
    ),
    "protocol-status": Switch(
        "replies have a protocol status and nothing else",
        {"code": "WORKER_UNAVAILABLE", "rpc": "Invoke", "times": 1},
    ),
    "clock-skew": Switch("the gateway's clock is ahead of all other clocks", {"seconds": 3600.0}),
    "wrong-certificate": Switch(
        "the certificate has an unknown issuer, another name, or has expired",
        {"kind": "issuer"},
        {"kind": ("issuer", "name", "expired")},
    ),
    "no-database": Switch("the galaxy's database cannot be reached"),
    "degraded": Switch(
        "alarms come from sub-attributes (SUBTAG), with less detail than usual",
        {"reason": "The alarm manager does not answer.", "acknowledge": "works"},
        {"acknowledge": ("works", "fails")},
    ),
    "drop": Switch("connections break; sessions stay open", {"seconds": 0.0}, at_once=True),
    "restart": Switch(
        "the gateway restarts: same port and key, all sessions lost",
        {"seconds": 0.0},
        at_once=True,
    ),
    "kill-worker": Switch("the workers of all sessions die; the sessions are FAULTED", at_once=True),
    "overflow": Switch("the event queues of all sessions overflow", at_once=True),
    "evict-replay": Switch("the events kept for replay are gone: a replay gap", at_once=True),
}


def parse(text: str) -> tuple[str, Settings]:
    """A fault and its settings from `name:key=value,key=value`. Raises ValueError."""
    name, _, rest = text.partition(":")
    pairs = [part.partition("=") for part in rest.split(",") if part]
    if any(not equals for _, equals, _ in pairs):
        raise ValueError(f"A fault is name:key=value,key=value, not {text!r}.")
    return name.strip(), {key.strip(): value.strip() for key, _, value in pairs}


def settled(name: str, given: Mapping[str, Setting]) -> Settings:
    """All settings of a fault, converted; defaults where none is given. Raises ValueError."""
    switch = SWITCHES.get(name)
    if switch is None:
        raise ValueError(f"There is no fault {name!r}. There are: {', '.join(SWITCHES)}.")
    if unknown := set(given) - set(switch.settings):
        has = ", ".join(switch.settings) or "none"
        raise ValueError(f"The fault {name!r} has no setting {', '.join(sorted(unknown))}; it has: {has}.")
    made = {key: type(usual)(given.get(key, usual)) for key, usual in switch.settings.items()}
    for key, allowed in switch.choices.items():
        if made[key] not in allowed:
            raise ValueError(f"{key} of the fault {name!r} is one of {', '.join(allowed)}, not {made[key]}.")
    return made


def matches(name: str, globs: Setting) -> bool:
    """Whether a name is one of `glob+glob`."""
    return any(fnmatchcase(name, glob) for glob in str(globs).split("+"))


class Faults:
    """What is wrong now, by name, each with its settings. `happened` counts how often each did."""

    def __init__(self) -> None:
        self.standing: dict[str, Settings] = {}
        self.happened: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self.standing)

    def set(self, name: str, settings: Settings) -> None:
        """Begins a standing fault, or gives it other settings."""
        self.standing[name] = settings

    def clear(self, *names: str) -> list[str]:
        """Ends faults, all of them when none is named. Answers which there were."""
        gone = [name for name in (names or tuple(self.standing)) if name in self.standing]
        for name in gone:
            del self.standing[name]
        return gone

    def find(self, name: str, rpc: str = "", command: str = "") -> Settings | None:
        """The settings of a fault that stands for an rpc or a kind of command, and has its turn now.

        Each find counts: as one time of `times`, and in `happened`.
        """
        settings = self.standing.get(name)
        if settings is None or not matches(rpc, settings.get("rpc", "*")):
            return None
        if not matches(command, settings.get("command", "*")):
            return None
        self._asked[name] += 1
        if self._asked[name] % int(settings.get("every", 1)):
            return None
        self.happened[name] += 1
        self._count_down(name, settings)
        return settings

    def _count_down(self, name: str, settings: Settings) -> None:
        """One time less of `times`; after the last one the fault stands no more."""
        left = int(settings.get("times", 0))
        if left == 1:
            del self.standing[name]
        elif left:
            settings["times"] = left - 1

    def seconds(self, name: str, rpc: str = "") -> float:
        """How long a fault makes wait; 0 where it does not stand."""
        settings = self.find(name, rpc)
        return float(settings["seconds"]) if settings else 0.0


def listing() -> str:
    """Every fault with its settings, a line each."""
    lines = []
    for name, switch in SWITCHES.items():
        settings = ",".join(f"{key}={value}" for key, value in switch.settings.items() if key != "reason")
        lines.append(f"{name}{':' if settings else ''}{settings}  {switch.about}")
    return "\n".join(lines)


def unkind_faults() -> tuple[tuple[str, Settings], ...]:
    """The same, as options take them."""
    return tuple(parse(text) for text in UNKIND)
