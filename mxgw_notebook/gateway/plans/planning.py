"""Making plans: values for tags, and why some may go beyond what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from mxgw_notebook.client import (
    Allowed,
    GalaxyRepositoryClient,
    GatewayClient,
    checks_all_arguments,
    reason_given,
    shown,
    values_by_tag,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plans.facts import Asking
from mxgw_notebook.gateway.plans.line import Line
from mxgw_notebook.gateway.plans.plan import Plan, PlanServices
from mxgw_notebook.gateway.tags import Tags

# A step beyond this share of the range needs an override.
LARGEST_STEP = 0.5


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
    ) -> Plan:
        """Looks at writes before they are made: what is, what is to be, and what speaks against it.

        Nothing is written; `apply()` of what is returned asks once and does it, all of it or nothing. A line
        needs an override where its value is beyond a limit or range that the plant knows of the tag, or of
        what it steers (FIC101.PV of FIC101.SP), where the quality is bad now, an array's length differs, or
        the step is large.

        Args:
            values: As of `write`: a mapping, a table with the columns `tag` and `value`, or pairs.
            override: Reasons by tag.
            largest_step: The share of the range, or where none is known of the present value, that a number
                may move by.
            dry_run: It is only to be looked at: displayed, it has no button.

        Raises:
            ConfigurationError: No tags and values, an override of another tag, or one without a reason.
            GatewayError: The gateway did not answer.
        """
        self._check()
        # Copied: an array that is changed after it was looked at is not what is written.
        wanted = {tag: deepcopy(value) for tag, value in values_by_tag(values).items()}
        reasons = {tag: reason_given(reason) for tag, reason in (override or {}).items()}
        if strangers := [tag for tag in reasons if tag not in wanted]:
            raise ConfigurationError(
                f"An override is given for {strangers[0]}, which is not to be written",
                hint="Name a tag of it.",
            )
        if not 0 < largest_step < float("inf"):
            message = f"largest_step {shown(largest_step)} is no share"
            raise ConfigurationError(message, hint="0.5 is half of the range.")
        facts = self.runner.run(self._asking.facts(list(wanted)))
        lines = [
            Line(tag, facts[tag], value, reasons.get(tag, ""), largest_step) for tag, value in wanted.items()
        ]
        return Plan(self._plan_services(), lines, dry_run=dry_run)

    def _plan_services(self) -> PlanServices:
        return PlanServices(
            plant=self.endpoint,
            runner=self.runner,
            changes=self._changes,
            asking=self._asking,
            write=lambda values, timeout: self._written(dict(values), timeout, Allowed()),
        )
