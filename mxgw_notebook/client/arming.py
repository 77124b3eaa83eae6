"""Whether a connection may change its plant: only while somebody has armed it, with a reason and for a time.

The gate is asked wherever tags or alarms are named. What takes a handle is MXAccess' own command, of a
session that its caller opened for it, and is not asked about.

Why: DECISIONS.md, "Calls by name need arming, calls by handle do not".
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from mxgw_notebook.client.arguments import shown, text_given, texts_given
from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError, NotArmedError
from mxgw_notebook.globs import folded, glob_regex

ARMED_MINUTES, MOST_MINUTES = 10.0, 24 * 60.0
BARRED_HINT = "Connect to a plant, or to the demo, for what is to be written."
REASON_HINT = "Say in a few words what is going to be changed, and why."
# Where an alarm's reference has a tag begin, or a part of one: Galaxy!Area.Tank001.Level.Hi
ALARM = "!"
PARTS = re.compile(r"(?<=[!.])")


@dataclass(frozen=True, slots=True)
class Arming:
    """Why a plant may be changed, from when (UTC, this computer's clock), for how long, and which tags.

    `seconds` is None if the arming lasts as long as the connection. `tags` are globs; an empty one means all
    tags.
    """

    reason: str
    tags: tuple[str, ...]
    seconds: float | None
    begun_ns: int
    _begun: float = field(repr=False)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the arming ends by itself; 0 if it has ended, None if it has no time limit."""
        if self.seconds is None:
            return None
        # By both clocks: the one stands still while a laptop sleeps, the other may be put back.
        gone = max(time.monotonic() - self._begun, (time.time_ns() - self.begun_ns) / 1e9)
        return max(0.0, self.seconds - gone)

    def covers(self, name: str) -> bool:
        """Whether the arming includes this tag, or the alarm of such a tag."""
        if not self.tags:
            return True
        wanted = re.compile("|".join(map(glob_regex, self.tags)), re.DOTALL)
        # A tag's own name alone from its begin: SP* is of objects named so, and not of every setpoint.
        begins = (at.start() for at in PARTS.finditer(name)) if ALARM in name else ()
        return any(wanted.fullmatch(folded(name), begin) for begin in (0, *begins))

    def __str__(self) -> str:
        left = self.seconds_left
        span = "while it is connected" if left is None else f"{left / 60:.0f} min left"
        only = f", {', '.join(self.tags)} alone" if self.tags else ""
        return f"{self.reason} ({span}{only})"


def reason_given(reason: str, of: str = "Arming") -> str:
    """The reason on one line. Raises ConfigurationError for none."""
    if not (given := " ".join(text_given(reason, "A reason", REASON_HINT).split())):
        raise ConfigurationError(f"{of} takes a reason", hint=REASON_HINT)
    return given


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block of code at whose end what it has armed ends; `outer` is the one around it, of any gate."""

    gate: Gate
    outer: Block | None


# The innermost block that this thread, or this task, is within: others may run at the same time.
WITHIN: ContextVar[Block | None] = ContextVar("the innermost block that arms", default=None)


@checks_all_arguments
class Gate:
    """Checks every change of one plant. It is closed until it is armed, and closes again by itself."""

    def __init__(self, plant: str) -> None:
        self.plant = plant
        self._lock = threading.Lock()
        # What was armed and not ended, the newest last, each with its block: one at most of each. A block
        # takes its own away wherever it stands, so that none that has ended comes back by another's end.
        self._standing: tuple[tuple[Block | None, Arming], ...] = ()
        self._barred = ""

    @property
    def arming(self) -> Arming | None:
        """The newest arming that is active now; None if the plant is only read."""
        arming = self._newest
        return None if arming is None or arming.seconds_left == 0 else arming

    @property
    def _newest(self) -> Arming | None:
        standing = self._standing
        return standing[-1][1] if standing else None

    def bar(self, why: str) -> None:
        """Closes the gate for ever: arming it is refused from now on."""
        self._barred = why
        self.disarm()

    def arm(
        self, reason: str, *, minutes: float | None = ARMED_MINUTES, tags: str | Sequence[str] = ()
    ) -> Arming:
        """Allows changes of the plant for some minutes, at most a day. Replaces an earlier arming.

        Args:
            reason: Why; the audit has it.
            minutes: None lasts as long as the connection, for programs that nobody watches.
            tags: Globs such as `FIC*.SP`. Default: all tags.

        Raises:
            ConfigurationError: No reason, a time that is not valid, or nothing can be changed there.
        """
        given = reason_given(reason)
        if self._barred:
            raise ConfigurationError(f"{self.plant} was not armed: {self._barred}", hint=BARRED_HINT)
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:  # NaN is not either
            hint = "Give more than 0, and at most a day's 1440."
            raise ConfigurationError(f"minutes {shown(minutes)} is not a time to be armed for", hint=hint)
        globs = tuple(texts_given(tags, "A tag's pattern", "Give a glob such as FIC*.SP."))
        seconds = None if minutes is None else minutes * 60.0
        arming = Arming(given, globs, seconds, time.time_ns(), time.monotonic())
        self._stand(self._block(), arming)
        return arming

    def disarm(self) -> None:
        """Ends arming, also in every `armed` block. Does nothing if the gate is not armed."""
        with self._lock:
            self._standing = ()

    @contextmanager
    def armed(
        self, reason: str, *, minutes: float | None = ARMED_MINUTES, tags: str | Sequence[str] = ()
    ) -> Iterator[Arming]:
        """Arms the gate while the block runs, at most for this time. Afterwards the gate is as before.

        Blocks may overlap, in threads or tasks. The newest block that has not ended counts for all of them.
        """
        with self.kept():
            yield self.arm(reason, minutes=minutes, tags=tags)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """When the block ends, its arming ends too. If somebody disarms meanwhile, it stays disarmed."""
        outer = WITHIN.get()
        block = Block(self, outer)
        WITHIN.set(block)
        try:
            yield
        finally:
            WITHIN.set(outer)  # not by a token, which is of one context: a cell each may enter and leave
            self._stand(block, None)

    def _block(self) -> Block | None:
        """The innermost block of this gate's own."""
        block = WITHIN.get()
        while block is not None and block.gate is not self:
            block = block.outer
        return block

    def _stand(self, block: Block | None, arming: Arming | None) -> None:
        """Takes a block's arming in place of its earlier one, or takes that away."""
        with self._lock:
            others = tuple(one for one in self._standing if one[0] is not block)
            self._standing = others if arming is None else (*others, (block, arming))

    def check(self, names: Iterable[str], done: str) -> Arming:
        """Returns the arming that allows to change these tags; `done` names the change, such as "written".

        Raises NotArmedError if there is none. Nothing has been sent then.
        """
        arming, wanted = self.arming, list(names)
        if self._barred:
            raise NotArmedError(said(wanted, done), self._barred, hint=BARRED_HINT)
        if arming is None:
            ended = self._newest
            over = "" if ended is None else f": the time of {ended.reason!r} is over"
            raise NotArmedError(said(wanted, done), f"{self.plant} is not armed{over}")
        if outside := [name for name in wanted if not arming.covers(name)]:
            raise NotArmedError(
                said(outside, done), f"{self.plant} is armed for {', '.join(arming.tags)} alone"
            )
        return arming


def said(names: Sequence[str], done: str) -> str:
    """What was not done: the first by name, and how many more."""
    if not names:
        return f"Nothing was {done}"
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    return f"{names[0]}{more} {'were' if more else 'was'} not {done}"
