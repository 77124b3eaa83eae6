"""Making plans: values for tags, and why some may go beyond what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.client import (
    Allowed,
    GalaxyRepositoryClient,
    GatewayClient,
    Secret,
    Signature,
    checks_all_arguments,
    reason_given,
    shown,
    values_by_tag,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import readings_frame
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel, RepositorySource
from mxgw_notebook.gateway.plans.applying import PlanServices
from mxgw_notebook.gateway.plans.facts import READ_SECONDS, Asking
from mxgw_notebook.gateway.plans.kept_values import KeptValues
from mxgw_notebook.gateway.plans.line import Line
from mxgw_notebook.gateway.plans.plan import Plan
from mxgw_notebook.gateway.plans.rehearsal import played, present_state, staged
from mxgw_notebook.gateway.plans.table_writes import TableWrites
from mxgw_notebook.gateway.plans.value_file import read_values
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.signing import signers_given
from mxgw_notebook.gateway.tags import Tags
from mxgw_notebook.widgets import ValueWrites

# A step beyond this share of the range needs an override.
LARGEST_STEP = 0.5
# Of an embedded gateway. The password of each is demo- and the name.
STAGE_USERS = ("operator", "supervisor")


@names_its_plant
@checks_all_arguments
class Planning(Tags):
    """What a gateway does with plans of writes."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._asking = Asking(self._hub, model, galaxy)

    def plan(
        self,
        values: Any,
        *,
        override: Mapping[str, str] | None = None,
        largest_step: float = LARGEST_STEP,
        dry_run: bool = False,
        user: str | None = None,
        verifier: str | None = None,
    ) -> Plan:
        """Checks writes before they are made: present value, new value, and reasons against the write.

        Nothing is written. `apply()` of the returned plan asks once, and then writes all lines or none. A
        line needs an override in these cases: the value is beyond a limit or range that the plant knows, for
        the tag or for the value that it controls (FIC101.PV for FIC101.SP); the quality is bad now; an
        array's length differs; or the step is large.

        Args:
            values: As for `write`: a mapping, a table with the columns `tag` and `value`, or pairs.
            override: Reasons by tag.
            largest_step: The largest step of a number, as a share of its range. If no range is known, of its
                present value.
            dry_run: Only to be looked at: the displayed plan has no button.
            user: Who signs secured writes; the password is asked for when the plan is applied.
            verifier: The second person, who verifies verified writes.

        Raises:
            ConfigurationError: There are no tags and values, or an override is for another tag or has no
                reason.
            GatewayError: The gateway did not answer.
        """
        self._check()
        # Copied: an array that is changed after it was looked at is not what is written.
        wanted = {tag: deepcopy(value) for tag, value in values_by_tag(values).items()}
        reasons = {tag: reason_given(reason, "An override") for tag, reason in (override or {}).items()}
        if strangers := [tag for tag in reasons if tag not in wanted]:
            raise ConfigurationError(
                f"An override is given for {strangers[0]}, which is not to be written",
                hint="Name a tag of it.",
            )
        if not 0 < largest_step < float("inf"):
            message = f"largest_step {shown(largest_step)} is not a share of the range"
            raise ConfigurationError(message, hint="0.5 is half of the range.")
        signers = signers_given(user, verifier)
        people = sum(map(bool, signers))
        facts = self.runner.run(self._asking.facts(list(wanted)))
        lines = [
            Line(tag, facts[tag], value, reasons.get(tag, ""), largest_step, people)
            for tag, value in wanted.items()
        ]
        return Plan(self._plan_services(), lines, dry_run=dry_run, signers=signers)

    def values(
        self,
        *tags: Any,
        template: str | None = None,
        attribute: str | Sequence[str] | None = None,
        file: str | Path | None = None,
    ) -> KeptValues:
        """The present values of tags, or those of a file: to keep, to compare, and to restore.

        Args:
            tags: As in `read`.
            template: As in `read`: all objects of it, for example `$PID`.
            attribute: As in `read`: the attribute, or attributes, of these objects.
            file: A file that `save` wrote, instead of tags.

        Raises:
            ConfigurationError: Both tags and a file, neither of them, or a file without values.
            TagError: Every tag failed.
        """
        self._check()
        if file is None:
            found = self._present_values(self._meant(tags, template, attribute, "read"))
            failures = dict(zip(found["tag"], found["failure"], strict=True))
            if all(failures.values()):
                raise self._tag_error(failures)
            return KeptValues(found, self.plant, self._present_values, self.plan)
        if tags or template is not None or attribute is not None:
            raise ConfigurationError(
                "Tags are given together with a file", hint="Give one of them; the file has its tags."
            )
        return KeptValues(read_values(file), self.plant, self._present_values, self.plan)

    def _present_values(self, tags: Sequence[str]) -> pd.DataFrame:
        """What tags hold, each value an object as it is."""
        readings = self.runner.run(self._hub.read(tags, timeout=READ_SECONDS))
        return readings_frame(readings, whole=True)

    def _rehearse(self, lines: Sequence[Line], seconds: float) -> pd.DataFrame:
        """Has other lines of the same played at an embedded gateway, which is gone afterwards."""
        present = self.runner.run(present_state(self._model, self._asking, lines))
        with staged(self.runner, present, seconds) as (client, galaxy):
            stage = RehearsalStage(self.runner, client, galaxy, GalaxyModel(RepositorySource(galaxy)))
            try:
                return played(stage.plan, self.plant, lines, seconds)
            finally:
                self.runner.run(stage._plant.close())

    def _table_writes(self) -> ValueWrites:
        return TableWrites(self._plan_services(), self._plan_text)

    async def _plan_text(self, tag: str, text: str) -> Plan:
        """The plan of one value as it was typed, on the gateway's loop."""
        self._check()
        facts = await self._asking.facts([tag])
        return Plan(self._plan_services(), [Line(tag, facts[tag], text, "", LARGEST_STEP)])

    def _plan_services(self) -> PlanServices:
        return PlanServices(
            plant=self.plant,
            runner=self.runner,
            changes=self._changes,
            asking=self._asking,
            rehearse=self._rehearse,
            sign=self._signature,
            write=lambda values, timeout, signature: self._write_all(
                dict(values), timeout, Allowed(), signature
            ),
        )


class RehearsalStage(Planning):
    """Where plans are rehearsed: the embedded gateway's own users sign, and nobody is asked."""

    def _signature(self, signers: tuple[str, str]) -> Signature | None:
        names = [own if one else "" for one, own in zip(signers, STAGE_USERS, strict=True)]
        secrets = [Secret(f"demo-{one}" if one else "") for one in names]
        return Signature(names[0], secrets[0], names[1], secrets[1]) if names[0] else None
