"""What a person does before a gateway changes its plant: arms it, and says yes where a cell is run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.client import (
    ARMED_MINUTES,
    Arming,
    GalaxyRepositoryClient,
    Gate,
    GatewayClient,
    checks_all_arguments,
    path_given,
)
from mxgw_notebook.errors import GatewayError, NotArmedError
from mxgw_notebook.gateway.audit import Audit
from mxgw_notebook.gateway.audit_file import file_taken
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.cells import CELLS, Run, answer
from mxgw_notebook.gateway.connected import Connected
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.whole_table import WholeTable

# What is done to a tag or an alarm, by the word for its being done.
DEEDS = {"written": "write", "acknowledged": "acknowledge", "shelved": "shelve"}
# Tags with the values that they are to have; or names alone, of tags and alarms.
Wanted = Mapping[str, Any] | Sequence[str]


class Changes:
    """The way by which calls change a plant: through its gate, and no cell twice without a word."""

    def __init__(self, gate: Gate, audit: Audit) -> None:
        self.gate, self.audit = gate, audit
        self._changed: dict[Arming, set[str]] = {}  # by which cells, of armings that are not over
        self._agreed = 0  # the run to which the person said yes

    @contextmanager
    def of(self, wanted: Wanted, done: str) -> Iterator[None]:
        """Around a call that changes these; raises NotArmedError before anything is sent."""
        run = CELLS.run
        arming = self._let_through(run, wanted, done)
        try:
            yield
        except BaseException as error:
            # What was certainly not done leaves the cell to be mended, and run again.
            if not isinstance(error, GatewayError) or error.may_be_done:
                self._note(run, arming)
            raise
        self._note(run, arming)

    def check(self, wanted: Wanted, done: str) -> Arming:
        """The arming under which these may be changed now. Raises NotArmedError, which is on record."""
        try:
            return self.gate.check(list(wanted), done)
        except NotArmedError as error:
            self.audit.refuse(DEEDS[done], wanted, error)
            raise

    def _let_through(self, run: Run | None, wanted: Wanted, done: str) -> Arming:
        """The arming under which these may be changed now; a refusal is on record."""
        arming = self.check(wanted, done)
        try:
            if run is not None and run.cell in self._changed.get(arming, ()) and run.number != self._agreed:
                self._ask_again(run, list(wanted), done, arming)
        except NotArmedError as error:
            self.audit.refuse(DEEDS[done], wanted, error)
            raise
        return arming

    def _note(self, run: Run | None, arming: Arming) -> None:
        if run is not None:
            self._changed = {one: cells for one, cells in self._changed.items() if one.seconds_left != 0}
            self._changed.setdefault(arming, set()).add(run.cell)
            self._agreed = run.number  # what else this run changes belongs to it

    def _ask_again(self, run: Run, wanted: Sequence[str], done: str, arming: Arming) -> None:
        what = ", ".join(wanted[:3]) + (" ..." if len(wanted) > 3 else "") or "What it names"
        question = f"This cell has changed {self.gate.plant} before. {what}: to be {done} again? [y/N] "
        outcome = ask_person(question)
        if not outcome:
            self._agreed = run.number
            return
        raise NotArmedError(
            f"{what} was not {done}",
            f"this cell has changed {self.gate.plant} before, armed for {arming.reason!r}, and {outcome}",
            hint="To change it again, arm again: {arm}.",
        )

    def arm(self, reason: str, minutes: float | None, tags: str | Sequence[str]) -> Arming:
        """Arms the gate, as `confirm_arming` allows."""
        confirm_arming(self.gate.plant)
        return self.arm_unasked(reason, minutes, tags)

    def arm_unasked(
        self, reason: str, minutes: float | None = None, tags: str | Sequence[str] = ()
    ) -> Arming:
        """Arms the gate, on record; without `minutes` for as long as it is connected."""
        arming = self.gate.arm(reason, minutes=minutes, tags=tags)
        self.audit.note("arm", ", ".join(arming.tags) or "all tags", told=str(arming))
        return arming

    def disarm(self) -> None:
        """Closes the gate, on record where it was open."""
        if self.gate.arming is not None:
            self.audit.note("disarm", "all tags")
        self.gate.disarm()


def confirm_arming(plant: str) -> None:
    """Asks where a cell arms again, for Run All would else arm and write by itself.

    Raises NotArmedError where nobody says yes.
    """
    if CELLS.has_armed and (
        outcome := ask_person(f"This cell has armed a plant before. Arm {plant} again? [y/N] ")
    ):
        raise NotArmedError(
            f"{plant} was not armed",
            f"this cell has armed a plant before, and {outcome}",
            hint="Arm it from another cell.",
        )
    CELLS.note_arming()


def ask_person(question: str) -> str:
    """Empty where the person says yes, else in words why it is no."""
    said = answer(question)
    return "" if said else "nobody can be asked" if said is None else "it was declined"


@names_its_plant
@checks_all_arguments
class Changing(Connected):
    """A connection that changes its plant only while it is armed."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._audit = Audit(client.options, client.gate)
        self._changes = Changes(client.gate, self._audit)

    @property
    def arming(self) -> Arming | None:
        """Why, for how long and for which tags the plant may be changed; None while it is only read."""
        return self._changes.gate.arming

    def arm(self, reason: str, *, minutes: float = ARMED_MINUTES, tags: str | Sequence[str] = ()) -> Arming:
        """Allows writes and acknowledgements for some minutes, at most a day; then they are refused again.

        They are also refused after `disarm()`, after a disconnect, and when another gateway is connected. An
        earlier arming is replaced. A cell that has armed before asks you first.

        Args:
            reason: Why; the audit has it.
            tags: Globs such as `FIC*.SP`. Other tags, and alarms of other tags, stay read-only.

        Raises:
            ConfigurationError: There is no reason, or the time is not valid.
            NotArmedError: The cell has armed before, and you did not say yes.
        """
        self._check()
        return self._changes.arm(reason, minutes, tags)

    @contextmanager
    def armed(
        self, reason: str, *, minutes: float = ARMED_MINUTES, tags: str | Sequence[str] = ()
    ) -> Iterator[Arming]:
        """Arms as `arm` does while the block runs. Afterwards it is as before."""
        self._check()
        with self._changes.gate.kept():
            arming = self._changes.arm(reason, minutes, tags)
            try:
                yield arming
            finally:  # also where the block fails
                self._audit.note("disarm", "what a block had armed", why=arming.reason)

    def disarm(self) -> None:
        """Ends all arming: nothing here changes the plant until you arm again. A second call does nothing."""
        self._changes.disarm()

    def audit_trail(self, file: str | Path | None = None) -> pd.DataFrame:
        """Everything done or tried at the plant from here, one row each, in the order of its beginning.

        Columns: `time` (UTC, this computer's clock), `deed` (write, acknowledge, arm, disarm, plan,
        rehearse), `plant`, `what` (the tag or alarm), `value`, `why` (of the arming), `outcome` (`done`,
        `refused`: certainly not done, `unknown`, or `under way`), `told` (in words), `operator`, `key` (its
        id, never the key), `host`, `process`, `notebook` (if it is known), `number`. The newest 100,000 are
        kept; `attrs["dropped"]` counts the others. With `file`, further deeds are also appended to that
        file of JSON lines: one line at the beginning, and one with the outcome.

        Raises:
            ConfigurationError: The file cannot be written, or another process writes to it.
        """
        if file is not None:
            self._check()
            self._audit.write_to(file_taken(path_given(file, "Name one, e.g. audit.jsonl.")))
        trail = self._audit.frame()
        whole = WholeTable(trail)
        whole.attrs = dict(trail.attrs)
        return whole
