"""Values kept to compare with, and to restore: what setpoints were before somebody changed them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import checks_all_arguments, reason_given, shown
from mxgw_notebook.errors import ConfigurationError, PlanError
from mxgw_notebook.frames import gives_tables
from mxgw_notebook.gateway.plans.line import GOOD, number, numbers, same
from mxgw_notebook.gateway.plans.plan import Plan
from mxgw_notebook.gateway.plans.value_file import write_values
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.words import counted, visible

SAME, WITHIN, DIFFERS, UNKNOWN = "same", "within tolerance", "differs", "not known"
NAMED = 3


@checks_all_arguments
@gives_tables
class KeptValues:
    """Saved values of tags. `compare()` shows them beside the present values, `restore()` returns a plan."""

    def __init__(
        self,
        values: pd.DataFrame,
        plant: str,
        read: Callable[[list[str]], pd.DataFrame],
        plan: Callable[..., Plan],
    ) -> None:
        self._values, self.plant = values, plant
        self._read, self._plan = read, plan

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        saved = f", saved {self.saved}" if self.saved else ""
        return visible(f"<Values of {counted(len(self), 'tag')} of {self.kept_from}{saved}>")

    @property
    def kept_from(self) -> str:
        """The plant of these values."""
        return str(self._values.attrs.get("plant") or self.plant)

    @property
    def saved(self) -> str:
        """When they were saved, ISO 8601 in UTC; empty for values that are not in a file."""
        return str(self._values.attrs.get("saved", ""))

    def frame(self) -> pd.DataFrame:
        """One row per tag, in the given order.

        Columns: `tag`, `value`, `quality` (empty if it could not be read), `timestamp` (UTC),
        `quality_code`, `failure`.
        """
        frame = WholeTable(self._values.copy())
        frame.attrs = {"plant": self.kept_from}
        return frame

    def save(self, path: str | Path, *, replace: bool = False) -> Path:
        """Saves the values to a Parquet file, which `gateway.values(file=path)` opens. Returns the path.

        Raises:
            ConfigurationError: The file exists already (without `replace`), or cannot be written.
        """
        return write_values(path, self._values, self.kept_from, replace=replace)

    def compare(self, tolerance: float | Mapping[str, float] = 0.0) -> pd.DataFrame:
        """Reads each tag, and shows its kept value beside the present one.

        Columns: `plant`, `tag`, `was`, `now`, `change` (NaN if one is not a number), `tolerance`, `verdict`
        (`same`, `within tolerance`, `differs`, `not known`), `reason`. A value without good quality, kept or
        present, is never called the same.

        Args:
            tolerance: By how much numbers may differ, in the tag's units; for an array, each element. Or a
                mapping by tag; a tag that is not in it has 0.

        Raises:
            ConfigurationError: A tolerance is not valid.
            GatewayError: The gateway did not answer.
        """
        allowed = tolerances(self._values["tag"].tolist(), tolerance)
        now = self._read(self._values["tag"].tolist())
        rows = [
            self._row(was, is_now, allowed[str(was.tag)])
            for was, is_now in zip(self._values.itertuples(), now.itertuples(), strict=True)
        ]
        columns = ["plant", "tag", "was", "now", "change", "tolerance", "verdict", "reason"]
        frame = WholeTable(pd.DataFrame(rows, columns=columns).astype({"was": object, "now": object}))
        frame.attrs = {"plant": self.plant, "kept_from": self.kept_from}
        return frame

    def _row(self, was: Any, now: Any, allowed: float) -> tuple[Any, ...]:
        reason = doubt_of("kept", was) or doubt_of("read", now)
        verdict = UNKNOWN if reason else judged(was.value, now.value, allowed)
        before, after = number(was.value), number(now.value)
        change = after - before if before is not None and after is not None else np.nan
        return (self.plant, was.tag, was.value, now.value, change, allowed, verdict, reason)

    def restore(
        self,
        *,
        override: Mapping[str, str] | None = None,
        elsewhere: str = "",
        dry_run: bool = False,
        user: str | None = None,
        verifier: str | None = None,
    ) -> Plan:
        """The plan that writes the values back: show, apply and undo it as any other plan.

        Tags whose kept value was not of good quality are left out; a printed line says so.

        Args:
            override: Reasons by tag, as for `gateway.plan`.
            elsewhere: Why the values are to be written to another plant than their own.
            dry_run: The plan is only to be looked at.
            user: Who signs secured writes, as for `gateway.plan`.
            verifier: Who verifies.

        Raises:
            PlanError: The values are from another plant and there is no reason, or none of them can be
                written.
            GatewayError: The gateway did not answer.
        """
        if self.kept_from != self.plant:
            if not elsewhere:
                hint = 'If you want that: restore(elsewhere="why").'
                raise PlanError(f"These are values of {self.kept_from}, and this is {self.plant}", hint=hint)
            reason_given(elsewhere, "Writing to another plant")
        good = {one.tag: one.value for one in self._values.itertuples() if not doubt_of("kept", one)}
        left = [tag for tag in self._values["tag"] if tag not in good]
        if not good:
            raise PlanError("None of these values can be restored: none was good as it was kept", hint="")
        if left:
            more = ", ..." if len(left) > NAMED else ""
            told = f"{counted(len(left), 'tag')} left out, not good as kept: {', '.join(left[:NAMED])}{more}"
            print(visible(told), flush=True)  # noqa: T201  a plan is of what can be written
        return self._plan(good, override=override, dry_run=dry_run, user=user, verifier=verifier)


def doubt_of(done: str, row: Any) -> str:
    """Why a value is not known; empty where it is."""
    if row.failure:
        return f"not {done}: {row.failure}"
    return "" if row.quality == GOOD else f"{done} with quality {row.quality or 'not known'}"


def judged(was: Any, now: Any, allowed: float) -> str:
    """What there is to say of two values."""
    if same(was, now):
        return SAME
    before, after = numbers(was), numbers(now)
    if not before or np.shape(was) != np.shape(now) or len(before) != len(after):
        return DIFFERS
    near = all(same(one, two) or abs(two - one) <= allowed for one, two in zip(before, after, strict=True))
    return WITHIN if near else DIFFERS


def tolerances(tags: list[str], given: float | Mapping[str, float]) -> dict[str, float]:
    """The tolerance of each tag. Raises ConfigurationError for what is none."""
    by_tag = given if isinstance(given, Mapping) else dict.fromkeys(tags, given)
    for tag, one in by_tag.items():
        if tag not in tags:
            raise ConfigurationError(
                f"A tolerance is given for {tag}, which is not kept", hint="Leave it out."
            )
        if number(one) is None or not 0 <= one < float("inf"):
            raise ConfigurationError(
                f"tolerance {shown(one)} is not valid", hint="Give 0 or more, in its units."
            )
    return {tag: float(by_tag.get(tag, 0.0)) for tag in tags}
