"""What followed a deploy: tags and alarms that behave otherwise than before, of what it changed and around.

Why: DECISIONS.md, "Only what a deploy touched is called broken".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.behaviour import Side, compared_sides, sides_of
from mxgw_notebook.analysis.galaxy import Snapshot, diff
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table, moment_ns, stretch

VERDICTS = ("broken", "changed", "not known", "as before")
RELATIONS = ("deployed", "contained", "area")
WEIGHTS = {"deployed": 1.0, "contained": 0.6, "area": 0.3}
COLUMNS = ("tag", "object", "relation", "verdict", "finding", "score", "reason")
# tag, object, relation, verdict, finding, score, reason
Row = tuple[str, str, str, str, str, float, str]


@checks_arguments
@gives_table
def deploy_impact(
    samples: pd.DataFrame,
    before: Snapshot,
    after: Snapshot,
    *,
    deployed: Any,
    until: Any = None,
    window: str = "30min",
    alarms: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How the plant behaved after a deploy compared with before, the worst first.

    There is one row per tag with samples, per changed attribute without samples, and per alarm. Columns:
    `tag` (the reference of an alarm), `object`, `relation` (deployed; contained: inside a deployed object, or
    around one; area: in the same area), `verdict` (broken, changed, not known, as before), `finding` (the
    strongest evidence), `score` (float64, to compare rows), `reason` (in words).

    Only objects with the relation deployed or contained can be broken. The verdict is "not known" if a tag
    has no values on one side, or gaps cover more than half of it. `attrs["changes"]` counts what the deploy
    changed. If the galaxies do not differ (only a limit was deployed, for example), all objects have the
    relation `area`.

    Args:
        samples: Long, as from `Gateway.history` and `Recording.frame`; uses the gaps in `attrs["gaps"]`.
        before: The galaxy before the deploy.
        after: The galaxy after it.
        deployed: When; in UTC if it has no time zone.
        until: The end of the known values. Default: the time of the newest sample.
        window: The length of time that is compared on each side.
        alarms: Transitions, as from `Recording.alarms`; None if there are none.

    Raises:
        ConfigurationError: A column is missing, or a time is not valid.
    """
    check_columns(
        samples, ("tag", "timestamp", "value", "quality"), "No samples", "gateway.history has them."
    )
    changes, at = diff(before, after), moment_ns(deployed)
    related = relations(changes, before, after)
    span = span_around(at, stretch(window).as_unit("ns").value, samples, until)
    rows = list(tag_rows(samples, changes, related, before, after, span))
    found = ranked([*rows, *alarm_rows(alarms, related, span)])
    found.attrs = {
        "changes": len(changes),
        "deployed": str(pd.Timestamp(at, tz="UTC")),
        "alarms": "not known" if alarms is None else "known",
    }
    return found


def span_around(at: int, length: int, samples: pd.DataFrame, until: Any) -> tuple[int, int, int]:
    """From when the time before begins, the deploy, and to when that after it is known."""
    newest = samples["timestamp"].max()
    # A sample says that somebody listened until then, also by a clock that is ahead of the recorder's.
    heard = at if pd.isna(newest) else newest.as_unit("ns").value
    last = heard if until is None else max(heard, moment_ns(until))
    return at - length, at, max(at, min(at + length, last))


def ranked(rows: list[Row]) -> pd.DataFrame:
    """The rows as a table, the worst first."""
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = dict.fromkeys(("tag", "object", "finding", "reason"), "str")
    found = found.astype({"score": "float64", **texts})
    found["verdict"] = pd.Categorical(found["verdict"], VERDICTS, ordered=True)
    found["relation"] = pd.Categorical(found["relation"], RELATIONS, ordered=True)
    order = ["verdict", "score", "relation", "tag"]
    return found.sort_values(order, ascending=[True, False, True, True], ignore_index=True)


def relations(changes: pd.DataFrame, before: Snapshot, after: Snapshot) -> dict[str, str]:
    """How near each object is to what was deployed; those that are not near are left out."""
    deployed = set(changes["object"])
    tables = [table.objects.astype({"parent": "object", "area": "object"}) for table in (before, after)]
    objects = pd.concat(tables).drop_duplicates("tag_name", keep="last")
    places = set(objects["area"].dropna())
    if not deployed:
        # Limits and scripts are in no galaxy: of such a deploy nobody knows where it was.
        return dict.fromkeys(objects["tag_name"], "area")
    own = objects["tag_name"].isin(deployed)
    areas = set(objects.loc[own, "area"].dropna())
    holders = set(objects.loc[own, "parent"].dropna()) - places
    inner = objects["parent"].isin(deployed - places) | objects["tag_name"].isin(holders)
    found = dict.fromkeys(objects.loc[objects["area"].isin(areas), "tag_name"], "area")
    found |= dict.fromkeys(objects.loc[inner, "tag_name"], "contained")
    return found | dict.fromkeys(deployed, "deployed")


def tag_rows(
    samples: pd.DataFrame,
    changes: pd.DataFrame,
    related: dict[str, str],
    before: Snapshot,
    after: Snapshot,
    span: tuple[int, int, int],
) -> Iterator[Row]:
    """One row a tag of an object that is near, and one a changed attribute nobody listened to."""
    attributes = changes[(changes["kind"] == "attribute") & (changes["attribute"] != "")]
    said = set(attributes["object"] + "." + attributes["attribute"])
    known = [set(one.attributes["tag"]) for one in (before, after)]
    gone = known[0] - known[1]
    seen: set[str] = set()
    gaps = samples.attrs.get("gaps")
    for name, part in samples.groupby(samples["tag"].astype("str"), sort=True):
        tag = str(name)
        place = object_of(tag, related)
        if place is None:
            continue
        seen.add(tag)
        yield judged(tag, place, related[place], tag in gone, *sides_of(part, gaps, span))
    for tag in sorted(said - seen):
        place = tag.partition(".")[0]
        yield (tag, place, related.get(place, "deployed"), "not known", "no values", 0.0,
               "the deploy changed it, and no values of it are known")  # fmt: skip


def object_of(tag: str, related: dict[str, str]) -> str | None:
    """The object that a tag belongs to, where it is near; names of objects have no dot."""
    place = tag.partition(".")[0]
    return place if place in related else None


def judged(tag: str, place: str, relation: str, gone: bool, was: Side, now: Side) -> Row:
    """One tag's row."""
    if gone and was.count:
        return (tag, place, relation, "broken", "gone", 100.0,
                "the galaxy has no such attribute since the deploy")  # fmt: skip
    verdict, finding, score, reason = compared_sides(was, now)
    if verdict == "broken" and relation == "area":
        verdict, reason = "changed", f"{reason}; nothing of this object was deployed"
    return tag, place, relation, verdict, finding, score * WEIGHTS[relation], reason


def alarm_rows(
    alarms: pd.DataFrame | None, related: dict[str, str], span: tuple[int, int, int]
) -> Iterator[Row]:
    """One row an alarm of a near object that was raised on either side."""
    if alarms is None or not len(alarms):
        return
    episodes = alarm_episodes(alarms)
    raised = episodes["raised"].astype("datetime64[ns, UTC]").astype("int64")
    inside = episodes["raised"].notna() & (raised < span[2])
    for name, part in episodes[inside].groupby(episodes.loc[inside, "reference"].astype("str"), sort=True):
        place = object_of(str(part["tag"].iloc[0]), related)
        times = raised[part.index]
        was, now = int(((times >= span[0]) & (times < span[1])).sum()), int((times >= span[1]).sum())
        # One that stood as the window began says of before as much as one that was raised in it.
        stood = part["cleared"].isna() | (
            part["cleared"].astype("datetime64[ns, UTC]") > pd.Timestamp(span[0], tz="UTC")
        )
        was += int(((times < span[0]) & stood).sum())
        if place is not None and was + now:
            yield alarm_row(str(name), place, related[place], was, now)


def alarm_row(reference: str, place: str, relation: str, was: int, now: int) -> Row:
    """One alarm's row, by how often it was raised."""
    if not was:
        verdict = "changed" if relation == "area" else "broken"
        score, finding = 50.0 + min(now, 30), "new alarm"
        reason = f"raised {times(now)} since the deploy, and not once in the time before"
    elif now >= 3 * was and now - was >= 3:
        verdict, score, finding = "changed", 20.0, "more often"
        reason = f"raised {times(now)} since the deploy, {times(was)} before"
    else:
        verdict, score, finding = "as before", 0.0, ""
        reason = f"raised {times(now)} since the deploy, {times(was)} before"
    return reference, place, relation, verdict, finding, score * WEIGHTS[relation], reason


def times(count: int) -> str:
    """How often, in words."""
    return "once" if count == 1 else f"{count} times"
