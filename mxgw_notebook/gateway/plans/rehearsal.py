"""Rehearsing a plan: the same writes at an embedded gateway that has this galaxy and the present values."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import ClientOptions, GalaxyRepositoryClient, GatewayClient, Reading
from mxgw_notebook.errors import PlanError
from mxgw_notebook.frames import write_galaxy
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plans.facts import Asking
from mxgw_notebook.gateway.plans.line import Line
from mxgw_notebook.gateway.plans.tables import AS_WANTED
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.live import connect_clients
from mxgw_notebook.words import counted

if TYPE_CHECKING:
    from mxgw_notebook.gateway.plans.plan import Plan

# What a plant means by "never": at the stage, too, it is read as no time.
NEVER_SECONDS = -11_644_473_600.0
NOT_REHEARSED = "not rehearsed"
NOT_LISTED = "the galaxy does not list it, so neither its type nor its security is known"
REASON = "rehearsal"
# Beside the tags themselves, others of the same objects are read, so that they stand as they do at the plant.
MOST_READ = 2_000
PROVEN = "Proven is the procedure: types, security, order, outcomes"
NOT_PROVEN = "Not proven is the physics: what the plant itself makes of the values"


@dataclass(frozen=True, slots=True)
class PresentState:
    """The objects that a plan is about, and what their tags are now."""

    objects: pd.DataFrame
    attributes: pd.DataFrame
    values: dict[str, Reading]


async def present_state(model: GalaxyModel, asking: Asking, lines: Sequence[Line]) -> PresentState:
    """What the galaxy has of the objects of these lines, and the values of all their tags."""
    galaxy = await model.load()
    owners = {line.tag.partition(".")[0].casefold() for line in lines}
    objects = galaxy.objects[galaxy.objects["tag_name"].str.casefold().isin(owners)]
    # By the categories, which are few: a galaxy may have a million attributes.
    attributes = galaxy.attributes[galaxy.attributes["object"].isin(set(objects["tag_name"]))]
    tags = list(dict.fromkeys([*(line.tag for line in lines), *attributes["tag"]]))[:MOST_READ]
    return PresentState(objects, attributes, await asking.read(tags))


@contextmanager
def staged(
    runner: Runner, present: PresentState, seconds: float
) -> Iterator[tuple[GatewayClient, GalaxyRepositoryClient]]:
    """Clients of an embedded gateway that stands as the plant does. Whoever takes them closes them.

    Raises PlanError where there can be none.
    """
    from mxgw_notebook.simulator import (
        EmbeddedGateway,
        GatewayStartError,
    )  # a process: only where it is wanted

    with tempfile.TemporaryDirectory(prefix="mxgw-rehearsal-") as folder:
        galaxy = write_galaxy(Path(folder) / "plant.parquet", present.objects, present.attributes)
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(held(present.values)), "utf-8")
        try:
            embedded = EmbeddedGateway.start(timeout=seconds, galaxy=str(galaxy), values=str(values))
        except GatewayStartError as error:
            raise PlanError(f"The plan cannot be rehearsed: {error}", hint="") from None
        with embedded:
            options = ClientOptions(endpoint=embedded.endpoint, api_key=embedded.api_key, plaintext=True)
            client, galaxy_client = runner.run(connect_clients(options))
            client.gate.arm(REASON, minutes=None)  # of that gateway alone, which is gone with the block
            yield client, galaxy_client


def held(values: dict[str, Reading]) -> dict[str, Any]:
    """What was read, as the embedded gateway takes it; what could not be read is left to it."""
    known = {tag: one for tag, one in values.items() if not one.failure and one.value is not None}
    return {tag: {"value": plain(one.value), "quality": one.quality & 0xFF} for tag, one in known.items()}


def plain(value: Any) -> Any:
    """A value as JSON has it; a time as seconds since 1970 UTC, a missing one as a "never" there too."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in (value if value.dtype.kind == "M" else value.tolist())]
    if isinstance(value, np.datetime64):
        return (
            NEVER_SECONDS if np.isnat(value) else int(value.astype("datetime64[ns]").astype(np.int64)) / 1e9
        )
    return value.item() if isinstance(value, np.generic) else value


def played(plan: Callable[..., Plan], plant: str, lines: Sequence[Line], seconds: float) -> pd.DataFrame:
    """The outcomes of the lines at another gateway, which they are then undone at."""
    rehearsed = of_lines(plan, lines)
    absent = {line.tag for line in rehearsed.lines if line.facts.failure}
    if absent and not (left := [line for line in lines if line.tag not in absent]):
        raise PlanError(f"The plan cannot be rehearsed: {lines[0].tag}: {NOT_LISTED}", hint="")
    if absent:
        rehearsed = of_lines(plan, left)
    outcomes = done(rehearsed, seconds)
    undone = undoing(rehearsed, seconds)
    rows = pd.DataFrame({"tag": [line.tag for line in lines]}).merge(outcomes, on="tag", how="left")
    rows["plant"] = plant
    rows["undone"] = [undone.get(tag, "") for tag in rows["tag"]]
    missing = rows["tag"].isin(absent)
    rows.loc[missing, ["outcome", "verdict", "reason"]] = ["", NOT_REHEARSED, NOT_LISTED]
    frame = WholeTable(rows[[*outcomes.columns, "undone"]])
    frame.attrs = {"plant": plant, "told": told_of(frame)}
    return frame


def of_lines(plan: Callable[..., Plan], lines: Sequence[Line]) -> Plan:
    """The same lines at the other gateway, where nothing needs a reason: they were judged at the plant."""
    override = {line.tag: line.override or REASON for line in lines}
    people = max(line.signers for line in lines)
    return plan(
        {line.tag: line.asked for line in lines},
        override=override,
        user="who signs" if people else None,
        verifier="who verifies" if people > 1 else None,
    )


def done(plan: Plan, seconds: float) -> pd.DataFrame:
    """A plan's outcomes."""
    plan.apply(yes=True, timeout=seconds)
    return plan.outcomes()


def undoing(plan: Plan, seconds: float) -> dict[str, str]:
    """By tag what undoing gave; nothing where nothing was to be undone."""
    try:
        outcomes = done(plan.undo(), seconds)
    except PlanError:
        return {}
    return dict(zip(outcomes["tag"], outcomes["verdict"].astype("str"), strict=True))


def told_of(frame: pd.DataFrame) -> str:
    """What was proven by it, and what was not."""
    good = int((frame["verdict"] == AS_WANTED).sum())
    back = int((frame["undone"] == AS_WANTED).sum())
    count = f"{good} of {counted(len(frame), 'write')} as wanted, {back} undone"
    return f"Rehearsed on an embedded gateway: {count}. {PROVEN}. {NOT_PROVEN}."
