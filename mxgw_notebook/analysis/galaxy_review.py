"""What a galaxy's tables tell about how it was engineered: each function a question, its answer a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table

# What carries a limit: the names that System Platform gives limit and deviation alarms.
LIMIT_ALARMS = ("HiHi", "Hi", "Lo", "LoLo", "Major", "Minor")
LIMITS = ("Limit", "Tolerance", "Setpoint")


def check_objects(table: pd.DataFrame, *names: str) -> None:
    """Refuses what is no table of objects."""
    check_columns(table, names, "This is not a table of objects", "gateway.objects() gives one.")


def check_attributes(table: pd.DataFrame, *names: str) -> None:
    """Refuses what is no table of attributes."""
    check_columns(table, names, "This is not a table of attributes", "gateway.attributes() gives one.")


def check_readings(table: pd.DataFrame, *names: str) -> None:
    """Refuses what is no table of readings."""
    check_columns(table, names, "These are not readings", "gateway.read(tags) gives some.")


@checks_arguments
@gives_table
def template_usage(objects: pd.DataFrame) -> pd.DataFrame:
    """How much each template is used, the most used first.

    Columns: `template`, `objects` (made from this very template), `derived_objects` (from it or one derived
    from it), `depth` (templates above it), `areas` (in how many). Templates that only others derive from are
    listed too.
    """
    check_objects(objects, "template_chain", "area")
    found = (
        chain_steps(objects)
        .groupby("template")
        .agg(
            objects=("step", lambda steps: int((steps == 0).sum())),
            derived_objects=("step", "size"),
            depth=("depth", "max"),
            areas=("area", "nunique"),
        )
    )
    ordered = found.reset_index().sort_values(["objects", "derived_objects"], ascending=False, kind="stable")
    return ordered.reset_index(drop=True)


def chain_steps(objects: pd.DataFrame) -> pd.DataFrame:
    """One row an object and template of its chain: `template`, `area`, `step` from the object up, `depth`."""
    chains = objects["template_chain"].astype(object).str.split(" < ")
    long = pd.DataFrame({"template": chains, "area": objects["area"].astype(object)}).explode("template")
    long["step"] = long.groupby(level=0).cumcount()
    long["depth"] = long.groupby(level=0)["step"].transform("max") - long["step"]
    return long[long["template"].fillna("") != ""]


@checks_arguments
@gives_table
def naming_outliers(objects: pd.DataFrame, *, share: float = 0.8, least: int = 4) -> pd.DataFrame:
    """Objects whose names differ from those of the others of their template.

    A name's shape has 9 for each digit and its letters as they are: `Pump001` is `Pump999`. Where at least
    `share` of a template's objects (and `least` of them) have one shape, the others are listed. Columns:
    `tag_name`, `template`, `shape`, `usual`, `area`.
    """
    check_objects(objects, "tag_name", "template", "area")
    shapes = objects["tag_name"].astype(object).str.replace(r"\d", "9", regex=True)
    table = pd.DataFrame({"template": objects["template"].astype(object), "shape": shapes})
    table["usual"] = table["template"].map(usual_shapes(table, share, least))
    odd = table["usual"].notna() & (table["usual"] != table["shape"])
    named = objects.loc[odd, ["tag_name", "area"]].reset_index(drop=True)
    found = pd.concat([named[["tag_name"]], table[odd].reset_index(drop=True), named[["area"]]], axis=1)
    return found[["tag_name", "template", "shape", "usual", "area"]]


def usual_shapes(table: pd.DataFrame, share: float, least: int) -> pd.Series[Any]:
    """The shape that most objects of a template have, by template, where there is one."""
    counts = table.value_counts(["template", "shape"]).rename("count").reset_index()
    usual = counts.drop_duplicates("template").set_index("template")
    total = counts.groupby("template")["count"].sum().reindex(usual.index)
    return usual.loc[(usual["count"] >= share * total) & (total >= least), "shape"]


@checks_arguments
@gives_table
def alarms_without_limits(attributes: pd.DataFrame) -> pd.DataFrame:
    """Limit alarms that have no attribute for their limit, in the galaxy's order.

    Columns: `tag`, `object`, `area`, `template`. Whether an alarm is one of a limit is told by its name
    (HiHi, Hi, Lo, LoLo, Major, Minor); an alarm of a state (Tripped) needs none.
    """
    check_attributes(attributes, "is_alarm", "tag", "object", "area", "template")
    alarms = attributes[attributes["is_alarm"]]
    names = alarms["tag"].astype(object)
    limited = names.str.rpartition(".")[2].isin(LIMIT_ALARMS) if len(names) else names.astype(bool)
    known = set(attributes["tag"].astype(object))
    bare = [not any(f"{tag}.{limit}" in known for limit in LIMITS) for tag in names]
    return alarms.loc[limited & np.array(bare, bool), ["tag", "object", "area", "template"]].reset_index(
        drop=True
    )


@checks_arguments
@gives_table
def equal_priorities(readings: pd.DataFrame, *, least: int = 3) -> pd.DataFrame:
    """Objects whose alarms all have the same priority, so that none of them stands out.

    Args:
        readings: What `read` gives for the tags `*.Priority`.
        least: How many alarms an object must have for it to matter.

    Returns:
        One row per object with `object`, `priority` and `alarms` (how many), those with most alarms first. An
        object is left out if one of its priorities could not be read.
    """
    check_readings(readings, "tag", "value", "failure")
    good = readings[readings["failure"].astype("str") == ""]
    names = [str(tag).partition(".")[0] for tag in good["tag"]]
    numbers = pd.to_numeric(good["value"].astype("object"), errors="coerce").to_numpy(dtype=float)
    table = pd.DataFrame({"object": pd.Series(names, dtype="str"), "priority": numbers})
    unreadable = set(table.loc[table["priority"].isna(), "object"])
    unreadable |= {
        str(tag).partition(".")[0] for tag in readings["tag"][readings["failure"].astype("str") != ""]
    }
    table = table[~table["object"].isin(unreadable)]
    found = table.groupby("object")["priority"].agg(priority="first", different="nunique", alarms="size")
    found = found[(found["different"] == 1) & (found["alarms"] >= least)]
    ordered: pd.DataFrame = found.sort_values("alarms", ascending=False, kind="stable").reset_index()
    return ordered[["object", "priority", "alarms"]]


@checks_arguments
@gives_table
def unread_history(attributes: pd.DataFrame, used: Iterable[str]) -> pd.DataFrame:
    """Historized attributes that are not among the tags in use: storage that nobody looks at.

    `used` are tags, e.g. those of your trends, reports and displays; compared without case. The columns are
    those of `attributes`.
    """
    check_attributes(attributes, "is_historized", "tag")
    wanted = {tag.lower() for tag in used}
    history = attributes[attributes["is_historized"]]
    unread = ~history["tag"].astype(object).str.lower().isin(wanted)
    return history[unread].reset_index(drop=True)


@checks_arguments
@gives_table
def areas_by_size(objects: pd.DataFrame) -> pd.DataFrame:
    """What each area holds, the largest first: `area`, `objects`, `attributes`, `alarms`, `historized`.

    An area's own object counts; areas below it have rows of their own. Objects without an area are one row
    with an empty name, so the sum of the table is the whole galaxy.
    """
    check_objects(objects, "area", "attributes", "alarms", "historized")
    areas = objects["area"].astype("object").fillna("")
    grouped = objects.groupby(areas)
    sums = grouped[["attributes", "alarms", "historized"]].sum()
    sums.insert(0, "objects", grouped.size())
    ordered = sums.sort_values(["objects", "attributes"], ascending=False, kind="stable").reset_index()
    return ordered.assign(area=ordered["area"].astype("str"))


@checks_arguments
@gives_table
def attributes_by_type(attributes: pd.DataFrame) -> pd.DataFrame:
    """An inventory by data type, the most frequent first.

    Columns: `data_type`, `attributes`, `arrays`, `historized`, `alarms`, `writable` (everything but
    ViewOnly).
    """
    check_attributes(attributes, "data_type", "is_array", "is_historized", "is_alarm", "security")
    table = pd.DataFrame(
        {
            "data_type": attributes["data_type"].astype("str"),
            "arrays": attributes["is_array"],
            "historized": attributes["is_historized"],
            "alarms": attributes["is_alarm"],
            "writable": attributes["security"].astype("str") != "ViewOnly",
        }
    )
    grouped = table.groupby("data_type")
    found = grouped[["arrays", "historized", "alarms", "writable"]].sum()
    found.insert(0, "attributes", grouped.size())
    return found.sort_values("attributes", ascending=False, kind="stable").reset_index()
