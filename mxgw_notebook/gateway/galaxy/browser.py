"""A galaxy that is looked around in: what a notebook holds after `gateway.browse()`.

Why: DECISIONS.md, "The tree presses the notebook's own button to make a cell".
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from mxgw_notebook.client import Reading, checks_all_arguments
from mxgw_notebook.errors import ConfigurationError, NotConnectedError
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.display import Shown, tell_plant
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags import UNITS, Watch, text
from mxgw_notebook.profiles import Profile
from mxgw_notebook.widgets import GalaxyPanel, GalaxyTree, Outcome, TreeSource
from mxgw_notebook.words import figures, quality_word

# More than this is no person's choice to read or watch with one click.
MOST_READ, MOST_WATCHED = 1_000, 50
READ_SECONDS = 5.0
# So many tags stand on one line of code.
SHORT = 3
# A name that means itself on a line of %mxgw: no blank, quote, sign of a variable, option or comment.
PLAIN_NAME = re.compile(r"\w[\w.#]*(\[\])?")


class SelectableTree(TreeSource, Protocol):
    """A tree whose nodes can be had as tables."""

    async def tables(self, keys: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The selected objects, and the attributes that are selected or theirs."""


@dataclass(frozen=True, slots=True)
class LiveValues:
    """What a plant can do with tags and a file cannot."""

    read: Callable[..., Awaitable[Sequence[Reading]]]
    watch: Callable[[Sequence[str]], Awaitable[Watch]]
    alarms: Callable[[], Awaitable[Sequence[str]]] | None = None  # the references of the active ones


@names_its_plant
@checks_all_arguments
class Browser:
    """The galaxy as a tree. In a notebook you expand, filter and select; see `selection`.

    `watches` has what was watched from it, the newest last. `tree` is its source of nodes, for code on the
    loop.
    """

    def __init__(
        self,
        runner: Runner,
        tree: SelectableTree,
        live: LiveValues | None,
        title: str,
        profile: Profile | None = None,
    ) -> None:
        self.runner = runner
        self.watches: list[Watch] = []
        self.tree = tree
        self._live, self._title, self._profile = live, title, profile
        self._keys: list[str] = []
        self._panel: GalaxyPanel | None = None
        self._shown = Shown()

    def __repr__(self) -> str:
        return f"<Browser of {self._title}: {len(self._keys)} selected>"

    @property
    def plant(self) -> str:
        """The name of the galaxy's plant."""
        return self._title

    @property
    def selection(self) -> pd.DataFrame:
        """The selected attributes, as from `Gateway.attributes`.

        A selected object means its attributes without their sub-attributes, a selected template means its
        objects.
        """
        return self._tables()[1]

    @property
    def objects(self) -> pd.DataFrame:
        """The selected objects, and those of selected templates, as from `Gateway.objects`."""
        return self._tables()[0]

    @property
    def widget(self) -> GalaxyPanel:
        """The tree, and below it the trend of the watched tags; the same widget each time."""
        if self._panel is None:
            tree = GalaxyTree(self.tree, self, self.runner, title=self._title, live=self._live is not None)
            tree.in_words = self.__repr__
            tell_plant(tree, self._profile)
            self._panel = GalaxyPanel(tree)
        return self._panel

    @blocking
    async def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return await self.tree.tables(self._keys)

    # ------------------------------------------------------------ what the tree asks for

    def select(self, keys: Sequence[str]) -> None:
        """Selects these nodes."""
        self._keys = list(keys)

    async def act(self, action: str) -> Outcome:
        """Does `copy`, `code`, `read` or `watch` with the tags of the selection."""
        keys = list(self._keys)
        _, attributes = await self.tree.tables(keys)
        tags = attributes["tag"].tolist()
        if not tags:
            return Outcome(notice="Nothing is selected that has tags.")
        if action == "copy":
            return Outcome(text="\n".join(tags), notice=f"{counted(tags)} copied.")
        if action == "code":
            return Outcome(text=code_of(tags), notice=f"{counted(tags)} put into a new cell.")
        if self._live is None:
            raise NotConnectedError("This is a saved galaxy: it has no live values", hint="")
        return await (self._read(tags) if action == "read" else self._watch(tags))

    async def _read(self, tags: Sequence[str]) -> Outcome:
        assert self._live is not None
        check_number(tags, MOST_READ, "read")
        # Those that have no units fail alone, and are shown without.
        asked = [*tags, *(f"{tag}.{UNITS}" for tag in tags)]
        found = await self._live.read(asked, timeout=READ_SECONDS)
        readings, units = found[: len(tags)], found[len(tags) :]
        failed = sum(bool(reading.failure) for reading in readings)
        notice = f"{counted(tags)} read" + (f", {failed} could not be." if failed else ".")
        values = [
            (one.tag, in_units(shown(one), one, unit), judged(one))
            for one, unit in zip(readings, units, strict=True)
        ]
        return Outcome(values=values, notice=notice)

    async def _watch(self, tags: Sequence[str]) -> Outcome:
        assert self._live is not None
        check_number(tags, MOST_WATCHED, "watch")
        watch = await self._live.watch(tags)
        self.watches.append(watch)
        if self._panel is not None:
            self._panel.show_trend(watch.views.panel)
        failed = f", {len(watch.failures)} could not be" if watch.failures else ""
        return Outcome(notice=f"{counted(watch.tags)} watched{failed}: in Python, the browser's watches[-1].")

    def _ipython_display_(self) -> None:
        self._shown.show(self.widget)


def code_of(tags: Sequence[str]) -> str:
    """A cell that reads tags; an odd name, which could be code on a line, stands in Python's quotes."""
    if not all(map(PLAIN_NAME.fullmatch, tags)):
        return f"import mxgw_notebook\n\nmxgw_notebook.current().read({list(tags)!a})"
    if len(tags) <= SHORT:
        return f"%mxgw read {' '.join(tags)}"
    return "\n".join(["%%mxgw read", *tags])


def check_number(tags: Sequence[str], most: int, verb: str) -> None:
    """Refuses what could only be a slip of the hand."""
    if len(tags) > most:
        message = f"{len(tags):,} tags are selected; at most {most:,} are {verb} from here"
        raise ConfigurationError(message, hint="Select fewer, or use the selection in Python.")


def in_units(told: str, reading: Reading, units: Reading) -> str:
    """A number with its engineering units, where they are known; anything else as it is."""
    is_number = isinstance(reading.value, int | float) and not isinstance(reading.value, bool)
    words = text(units)
    return f"{told} {words}" if is_number and words and not reading.failure else told


def shown(reading: Reading) -> str:
    """A value in a row's width."""
    if reading.failure:
        return reading.failure
    value: Any = reading.value
    return figures(value) if isinstance(value, float) else str(value)


def judged(reading: Reading) -> str:
    """good, uncertain, bad or failed."""
    return "failed" if reading.failure else quality_word(reading.quality)


def counted(tags: Sequence[str]) -> str:
    """How many, in words."""
    return f"{len(tags):,} tag{'' if len(tags) == 1 else 's'}"
