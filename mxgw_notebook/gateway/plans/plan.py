"""Writes that are looked at before they are made: what is, what is to be, and what speaks against it."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from mxgw_notebook.client import ItemHandle, Signature, Written, checks_all_arguments, seconds_given
from mxgw_notebook.errors import GatewayError, OutcomeUnknownError, PlanError
from mxgw_notebook.frames import gives_tables
from mxgw_notebook.gateway.cells import answer, in_page
from mxgw_notebook.gateway.plans.applying import PlanServices, check_unchanged, read_back, write
from mxgw_notebook.gateway.plans.line import Line, LineVerdict, same
from mxgw_notebook.gateway.plans.tables import AS_WANTED, NOT_READ_BACK, outcomes_of, table_of
from mxgw_notebook.next_steps import Place, as_done_in
from mxgw_notebook.svg import as_written
from mxgw_notebook.words import counted

if TYPE_CHECKING:
    from mxgw_notebook.gateway.plans.panel import PlanPanel

APPLY_SECONDS, REHEARSAL_SECONDS = 10.0, 120.0
MOST_REHEARSAL_SECONDS = 3600.0
GOING = (LineVerdict.WRITE, LineVerdict.OVERRIDDEN)
NEXT = "Apply it: {apply the plan}."


@checks_all_arguments
@gives_tables
class Plan:
    """Writes that belong together. It shows as a table, in a notebook with a button; so does `frame()`."""

    def __init__(
        self,
        services: PlanServices,
        lines: Sequence[Line],
        *,
        dry_run: bool = False,
        signers: tuple[str, str] = ("", ""),
    ) -> None:
        self.lines = list(lines)
        self._services, self._dry_run, self._signers = services, dry_run, signers
        self._applied: pd.DataFrame | None = None
        self._sent: list[Line] = []
        self.panel: PlanPanel | None = None

    def __repr__(self) -> str:
        told = f"{self.summary}\n{self.frame()!r}"
        return told if self._applied is not None else f"{told}\n{as_done_in(Place.PYTHON, NEXT)}"

    @property
    def plant(self) -> str:
        """The plant that the plan changes."""
        return self._services.plant

    @property
    def summary(self) -> str:
        """What the plan will do, or has done, in one line."""
        going = counted(len(self._going), "write")
        if self._applied is not None:
            good = int((self._applied["verdict"] == AS_WANTED).sum())
            return f"{going} to {self.plant}: {good} as wanted."
        stopped = [line for line in self.lines if line.verdict in (LineVerdict.ASKS, LineVerdict.REFUSED)]
        against = f"; {counted(len(stopped), 'line')} cannot be applied" if stopped else ""
        return f"A plan of {going} to {self.plant}{against}."

    @property
    def _going(self) -> list[Line]:
        return [line for line in self.lines if line.verdict in GOING]

    # -------------------------------------------------------------- as tables

    def frame(self) -> pd.DataFrame:
        """One row per tag, in the given order.

        Columns: `plant`, `tag`, `now`, `quality`, `new`, `change` (NaN if one is not a number), `units`,
        `type`, `security`, `bounds` (the limits and ranges that the plant knows, also those of the value that
        a setpoint controls), `verdict` (`write`, `nothing to do`, `override`, `needs an override`,
        `refused`), `reason`.
        """
        return table_of(self.plant, self.lines)

    def outcomes(self) -> pd.DataFrame:
        """The results, one row per tag that was written.

        Columns: `plant`, `tag`, `was`, `wanted`, `is` (read back), `outcome` (completed, refused or unknown),
        `verdict` (`as wanted`, `differs`, `not written` or `unknown`), `reason`.

        Raises:
            PlanError: The plan was not applied.
        """
        if self._applied is None:
            raise PlanError("The plan was not applied, so nothing came of it", hint=NEXT)
        return self._applied

    # -------------------------------------------------------------- doing it

    def rehearse(self, *, seconds: float = REHEARSAL_SECONDS) -> pd.DataFrame:
        """Applies the same plan at an embedded gateway with this galaxy and its values, and undoes it.

        From the plant it only reads; the plant need not be armed. A rehearsal tests the procedure: types,
        security, order and outcomes. It does not test the physics: in the rehearsal each tag simply keeps the
        written value. Both are printed.

        One row per tag, with the columns of `outcomes` and `undone`: the result of undoing it. A tag that the
        galaxy does not list has the verdict `not rehearsed`. `attrs["told"]` is the printed text.

        Args:
            seconds: Time limit for each step: start of that gateway, writes, and undo.

        Raises:
            PlanError: A line cannot be applied, or that gateway could not be started.
            GatewayError: The plant's gateway did not answer.
        """
        seconds = seconds_given(seconds, most=MOST_REHEARSAL_SECONDS)
        self._check_lines()
        going = self._going
        audit = self._services.changes.audit
        with audit.doing("rehearse", ", ".join(line.tag for line in going)) as entry:
            frame = self._services.rehearse(going, seconds)
            entry.told = str(frame.attrs["told"])
        print(frame.attrs["told"], flush=True)  # noqa: T201  what was proven, and what was not
        return frame

    def apply(self, *, yes: bool = False, timeout: float = APPLY_SECONDS) -> pd.DataFrame | None:
        """Asks once, writes, waits for every outcome and reads back; returns `outcomes()`.

        In a notebook it asks with a button below the plan, returns nothing, and shows the outcomes there. On
        a terminal it asks in the terminal. With `yes` it does not ask, as in a script. A plan is applied
        once.

        Args:
            yes: Apply without a question.
            timeout: Seconds for all writes together; reading back takes at most two more.

        Raises:
            PlanError: A line cannot be applied, something has changed since the plan was made, it was applied
                before, or nobody said yes. Nothing was sent.
            NotArmedError: The plant is not armed.
        """
        try:
            self._check()
        except PlanError as error:
            self._services.changes.audit.refuse("plan", [", ".join(line.tag for line in self.lines)], error)
            raise
        wanted = {line.tag: line.new for line in self._going}
        if not yes and in_page() and not self._is_signed:
            self.show()
            return None
        if yes:
            with self._services.changes.of(wanted, "written"):
                return self._services.runner.run(self.carry_out(timeout, self._sign()))
        self._services.changes.check(wanted, "written")
        said = answer(f"{self.summary}\n{self.frame()!r}\nWrite to {self.plant}? [y/N] ")
        if not said:
            reason = "it was declined" if said is False else "nobody can be asked"
            hint = "" if said is False else "Where it is decided: {say yes}."
            raise PlanError(f"The plan was not applied: {reason}", hint=hint)
        return self._services.runner.run(self.carry_out(timeout, self._sign()))

    @property
    def _is_signed(self) -> bool:
        return any(line.is_signed for line in self._going)

    def _sign(self) -> Signature | None:
        """Asks for the passwords, where a line takes a signature: on this thread, no other can."""
        return self._services.sign(self._signers) if self._is_signed else None

    def undo(self, *, override: Mapping[str, str] | None = None) -> Plan:
        """The plan that restores the former values; lines that were certainly not written are left out.

        Overrides of this plan are repeated for undoing. A step of any size may be taken back if nobody has
        written the tag since. A former value that was itself beyond a limit needs its own `override`.

        Raises:
            PlanError: The plan was not applied, or nothing of it was written.
        """
        outcomes = self.outcomes()
        untouched = set(outcomes.loc[outcomes["outcome"] == "refused", "tag"])
        sent = [line for line in self._sent if line.tag not in untouched]
        if not sent:
            raise PlanError("Nothing of the plan was written, so there is nothing to undo", hint="")
        reasons = {line.tag: f"undo: {line.override}" for line in sent if line.override}
        back = self._services.runner.run(self._services.asking.facts([line.tag for line in sent]))
        lines = [
            replace(
                line,
                facts=back[line.tag],
                asked=line.facts.value,
                override={**reasons, **(override or {})}.get(line.tag, ""),
                largest_step=math.inf if same(back[line.tag].value, line.new) else line.largest_step,
            )
            for line in sent
        ]
        return Plan(self._services, lines, signers=self._signers)

    def offer(self, *, yes: bool = False) -> Plan | pd.DataFrame | None:
        """Returns itself if a page shows it with its button, or for a dry run; else the result of `apply`."""
        if self._dry_run or (in_page() and not yes):
            return self
        return self.apply(yes=yes)

    async def carry_out(
        self, timeout: float = APPLY_SECONDS, signature: Signature | None = None
    ) -> pd.DataFrame:
        """Applies without a question, on the gateway's loop, for the button. Raises the same as `apply`."""
        if self._is_signed and signature is None:
            message = "The plan was not applied: it is signed, and a button cannot ask for passwords"
            raise PlanError(message, hint="plan.apply() asks for them.")
        going, audit = self._going, self._services.changes.audit
        overrides = "; ".join(f"{line.tag}: {line.reason}" for line in going if line.override)
        with audit.doing("plan", ", ".join(line.tag for line in going), overrides or None) as entry:
            self._check()
            self._services.changes.gate.check([line.tag for line in going], "written")
            applied = await self._write(going, timeout, signature)
            entry.told = self.summary
        return applied

    async def _write(self, going: list[Line], timeout: float, signature: Signature | None) -> pd.DataFrame:
        self._sent = going  # before anything is waited for: a second click finds the plan taken
        try:
            await check_unchanged(self._services, self.lines)
        except BaseException:
            self._sent = []
            raise
        try:
            written = await write(self._services, going, timeout, signature)
        except BaseException as error:
            self._note_failure(going, error)
            raise
        # Also where reading back is interrupted: what was written is not to be forgotten.
        self._applied = outcomes_of(self.plant, going, written, {line.tag: NOT_READ_BACK for line in going})
        back = await read_back(self._services, going, written)
        self._applied = outcomes_of(self.plant, going, written, back)
        return self._applied

    def _note_failure(self, going: Sequence[Line], error: BaseException) -> None:
        """What ended the writing: nothing was sent, and the plan may be applied yet, or nobody knows."""
        if isinstance(error, GatewayError) and not error.may_be_done:
            self._sent = []
            return
        known = error if isinstance(error, GatewayError) else OutcomeUnknownError(INTERRUPTED)
        written = [Written(line.tag, ItemHandle(0)).failed(known) for line in going]
        self._applied = outcomes_of(self.plant, going, written, {line.tag: NOT_READ_BACK for line in going})

    def _check(self) -> None:
        if self._sent:
            raise PlanError(
                "The plan was applied already", hint="Make another; plan.undo() makes one that undoes."
            )
        self._check_lines()

    def _check_lines(self) -> None:
        for wrong, hint in (
            (LineVerdict.REFUSED, "Make the plan without it."),
            (LineVerdict.ASKS, "Where it is meant: {override}."),
        ):
            if found := [line for line in self.lines if line.verdict is wrong]:
                more = f", and {len(found) - 1} more" if len(found) > 1 else ""
                raise PlanError(
                    f"The plan cannot be applied: {found[0].tag}: {found[0].reason}{more}", hint=hint
                )
        if not self._going:
            raise PlanError("The plan has nothing to write: every tag has its value already", hint="")

    # -------------------------------------------------------------- in a notebook

    def show(self) -> None:
        """Displays the plan, with a button if it can be applied."""
        from IPython.display import display

        if not in_page():
            print(self)  # noqa: T201  where there is no page
            return
        if self.panel is None:
            from mxgw_notebook.gateway.plans.panel import PlanPanel

            may_apply = not self._dry_run and not self._is_signed
            self.panel = PlanPanel(self, self._services.runner, may_apply=may_apply)
        # A saved notebook keeps no widget: it shows the table as it was.
        bundle: Any = self.panel.widget._repr_mimebundle_()
        display({**bundle, "text/html": self.as_html()}, raw=True)

    def _ipython_display_(self) -> None:
        self.show()

    def as_html(self) -> str:
        """The table, or after applying the outcomes, as HTML; the plant's texts are escaped."""
        table = self.frame() if self._applied is None else self._applied
        # What is decided by comes first, and the plant stands above it: little else is seen on a narrow page.
        first = [name for name in SHOWN_FIRST if name in table]
        shown = table[[*first, *(name for name in table if name not in (*first, "plant"))]]
        told = f"<p><b>{html.escape(self.summary)}</b></p>"
        # Squeezed between the others, the bounds would make each row tall.
        whole: Any = {"bounds": on_one_line} if "bounds" in shown else None
        return as_written(f"{told}{shown.to_html(index=False, escape=True, formatters=whole)}")


SHOWN_FIRST = ("tag", "now", "was", "new", "wanted", "is", "units", "verdict", "reason")
INTERRUPTED = "interrupted: the values may have been written"


def on_one_line(words: str) -> str:
    """The words with spaces at which no page breaks them."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
