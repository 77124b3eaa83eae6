"""What may have begun a flood: its first alarms, and the tags that left their own baseline first.

A flood is announced by many, and begun by one. Two things speak for a suspect: that its area raised more in
the ten minutes after it than in those before, so that what begins a burst stands before what is in the midst
of it, and no area is suspect for being noisy all the time; and that it seldom came besides. An alarm of which
more than ten came by itself is a flood alone; three raises of it, the mark of chatter (second-hand: EEMUA
191, 3rd edition), count as much as one other alarm. Nothing of this proves anything: a suspect is where to
look first.

How often it is right, by the embedded gateway, where other equipment trips and sticks all the time: in the
scenario pump-trip, a quarter of an hour into the plant's life, the feedwater pump stood among the first five
in 10 of 10 seeds, and was the first in 6 of them; samples of every tag of the plant beside the alarms change
nothing in that. In chattering the switch stood first in 5 of 5 seeds; in shift, whose first hour has both,
the switch was the first and the pump the second in 4 of 4. In startup, which no single thing begins, one of
the empty reactors stood among the first five in 5 of 5. The other scenarios have no flood of their own.

Why: DECISIONS.md, "Suspects are ranked by what follows them, not by their time alone".
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_floods import alarm_floods
from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_window import (
    Moment,
    ReviewWindow,
    checked_count,
    moments,
    review_window,
    span_ns,
)
from mxgw_notebook.analysis.departures import EVIDENCE, LEAD, departures
from mxgw_notebook.analysis.held import check_long
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table, moment_ns
from mxgw_notebook.words import figures

Times = NDArray[np.int64]
COLUMNS = ["tag", "area", "at", "how", "score", "why"]
TYPES = {"tag": "str", "area": "str", "how": "str", "score": "float64", "why": "str"}
FLOOD = 10  # more than so many within the time are one
PIECE = 3  # raises that are one piece of chatter: EEMUA 191's mark


@checks_arguments
@gives_table
def flood_suspects(
    episodes: pd.DataFrame,
    samples: pd.DataFrame | None = None,
    galaxy: pd.DataFrame | None = None,
    *,
    flood: Moment = None,
    before: str = "10min",
    most: int = 20,
) -> pd.DataFrame:
    """One row per possible cause of a flood, the most likely first.

    Columns: `tag`, `area`, `at`, `how`, `score`, `why`. `how` is "alarm", "chatter" (one alarm that makes a
    flood alone) or "departure" (a value that left its baseline). `at` (UTC) is the time of the raise or
    departure. `score` sorts the rows and has no unit; `why` explains it in words. Each tag has its most
    likely raise, each object its most likely departure.

    With `samples`, departures around the most likely alarm are searched: a value more than six spreads from
    the median of the tag's own ten minutes before. A spread is 1.4826 times the median deviation. A tag that
    had one constant value departs with the first other value. Only good quality counts. The table is empty if
    the log has no flood.

    Args:
        episodes: The table from `alarm_episodes`.
        samples: Values of tags in the long form, for departures. Default: alarms alone.
        galaxy: The objects, as from `gateway.objects()` (`tag_name`, `area`): gives areas to tags of objects
            without alarms.
        flood: A moment within the flood. Default: the flood with the most alarms.
        before: The length of the baseline, and of the times that are compared.
        most: How many rows.

    Raises:
        ConfigurationError: There is no flood at the given moment, or a table lacks columns.
    """
    checked_count(most, "most")
    chosen = flood_of(episodes, flood)
    if chosen is None:
        return suspects_of([])
    width = span_ns(before)
    bursts = Bursts(episodes, width)
    found = scored(raises_in(episodes, chosen[0] - width, chosen[1]), bursts)
    found = likeliest_of_tags(pd.concat([found, floods_alone(episodes, chosen, width)], ignore_index=True))
    if samples is not None and len(found):
        anchor = int(stamps(found["at"])[0]) - LEAD
        gone = departures(own_values(samples, episodes), anchor, width)
        areas = areas_of(episodes, galaxy)
        gone["area"] = pd.Series([areas.get(object_of(tag), "") for tag in gone["tag"]], dtype="str")
        found = pd.concat([found, likeliest_of_objects(scored(gone, bursts))], ignore_index=True)
    return found.sort_values("score", ascending=False, kind="stable", ignore_index=True).head(most)


def floods_alone(episodes: pd.DataFrame, flood: tuple[int, int], width: int) -> pd.DataFrame:
    """The alarms that are a flood by themselves: of which more than ten came within the time."""
    raised, window = stamps(episodes["raised"]), review_window(episodes)
    order = np.argsort(raised, kind="stable")[np.count_nonzero(raised == UNKNOWN) :]
    found = []
    for places in episodes.iloc[order].groupby("reference", sort=False).indices.values():
        at = raised[order[places]]
        after, before = own_raises(at, width, window) if len(at) > FLOOD else (at * 0, at * 0)
        more = np.where((at >= flood[0] - width) & (at <= flood[1]) & (after > FLOOD), after - before, 0)
        first = int(more.argmax())
        if more[first] > 0:
            usual = figures(before[first], 3)
            said = f"raised {after[first]:,} times itself in the time after, {usual} in that before"
            found.append(
                (
                    *named(episodes.iloc[order[places[0]]]),
                    at[first],
                    "chatter",
                    float(more[first]) / PIECE,
                    said,
                )
            )
    return suspects_of(found)


def named(row: Any) -> tuple[str, str]:
    """The tag of an occurrence's alarm, or what else it is called, and its area."""
    return str(row["tag"] or row["reference"]), str(row["area"])


def own_raises(at: Times, width: int, window: ReviewWindow) -> tuple[Times, NDArray[Any]]:
    """How often one alarm was raised in the time after each of its raises, itself among them, and before."""
    here = np.arange(len(at))
    after = np.searchsorted(at, at + width, side="right") - here
    # Where the log begins within the time before, what came on average stands for it, as for areas.
    average = min(len(at) * width / max(window.end_ns - window.start_ns, width), len(at))
    known = at - width >= window.start_ns
    return after, np.where(known, here - np.searchsorted(at, at - width, side="left"), average)


def suspects_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """The table of some suspects."""
    columns: dict[str, Any] = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    return pd.DataFrame(columns | {"at": moments(columns["at"])}).astype(TYPES)


def likeliest_of_tags(found: pd.DataFrame) -> pd.DataFrame:
    """The likeliest row of each tag, the likeliest first."""
    ordered = found.sort_values("score", ascending=False, kind="stable")
    return ordered.drop_duplicates("tag", ignore_index=True)


class Bursts:
    """How many alarms more each area raised in a stretch of time after a moment than before it.

    Each alarm counts once: one that chatters is no burst.
    """

    def __init__(self, episodes: pd.DataFrame, width: int) -> None:
        raised = stamps(episodes["raised"])
        known = raised != UNKNOWN
        areas = episodes["area"].astype("str").to_numpy()
        order = np.argsort(raised, kind="stable")[
            np.count_nonzero(~known) :
        ]  # those of unknown time come first
        codes = pd.factorize(episodes["reference"])[0]
        chosen = {area: order[areas[order] == area] for area in np.unique(areas)}
        self._raised = {area: (raised[rows], codes[rows]) for area, rows in chosen.items()}
        window = review_window(episodes)
        self._begin, self._length, self._width = window.start_ns, window.end_ns - window.start_ns, width

    def after(self, area: str, at: int) -> float:
        """The difference at a moment, what comes at it counted as after."""
        if area not in self._raised:
            return 0.0
        raised, codes = self._raised[area]
        first, here, last = np.searchsorted(raised, [at - self._width, at, at + self._width])
        after = len(np.unique(codes[here:last]))
        if at - self._width >= self._begin:
            return float(after - len(np.unique(codes[first:here])))
        # The log begins within the time before: what the area raises on average stands for it.
        return after - min(len(raised) * self._width / max(self._length, self._width), len(np.unique(codes)))


def flood_of(episodes: pd.DataFrame, flood: Moment) -> tuple[int, int] | None:
    """Begin and end of the flood at a moment, unless told of the one of most alarms; None without any."""
    floods = alarm_floods(episodes)
    start, end = stamps(floods["start"]), stamps(floods["end"])
    if flood is None:
        place = int(floods["alarms"].to_numpy().argmax()) if len(floods) else -1
    else:
        inside = np.flatnonzero((start <= moment_ns(flood)) & (moment_ns(flood) <= end))
        if not len(inside):
            hint = "alarm_floods(episodes) lists them."
            raise ConfigurationError(f"There is no flood at {flood}", hint=hint)
        place = int(inside[0])
    return (int(start[place]), int(end[place])) if place >= 0 else None


def raises_in(episodes: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """Each raise of the time, with how often its alarm was raised besides in the whole log."""
    raised = stamps(episodes["raised"])
    references, tags = episodes["reference"].astype("str"), episodes["tag"].astype("str")
    table = pd.DataFrame(
        {
            "tag": tags.where(tags != "", references),
            "area": episodes["area"].astype("str"),
            "at": raised,
            "how": "alarm",
            "besides": references.map(references.value_counts()) - 1,
        }
    )
    near: pd.DataFrame = table.loc[(raised >= start) & (raised <= end), EVIDENCE]
    return near.reset_index(drop=True)


def areas_of(episodes: pd.DataFrame, galaxy: pd.DataFrame | None) -> dict[str, str]:
    """The area of each object, by the alarms that it has, and by the galaxy."""
    named = dict(zip(map(object_of, episodes["tag"]), episodes["area"].astype("str"), strict=True))
    if galaxy is None:
        return named
    check_columns(
        galaxy, ("tag_name", "area"), "This is not a table of objects", "gateway.objects() gives it."
    )
    objects = map(object_of, galaxy["tag_name"])
    return {**dict(zip(objects, galaxy["area"].astype("str"), strict=True)), **named}


def object_of(tag: Any) -> str:
    """The object of a tag, in one case."""
    return str(tag).partition(".")[0].lower()


def own_values(samples: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """The samples without those of alarms' own attributes, as InAlarm: they only repeat the alarm."""
    check_long(samples)
    alarms = set(episodes["tag"].astype("str").str.lower())
    names = samples["tag"].astype("str")
    repeating = {
        name for name in names.unique() if name.lower() in alarms or name.lower().rpartition(".")[0] in alarms
    }
    # By name: a sample of InAlarm comes with the alarm, and would be its likeliest cause each time.
    kept = samples[~names.isin(list(repeating))]
    kept.attrs = samples.attrs
    return kept


def likeliest_of_objects(found: pd.DataFrame) -> pd.DataFrame:
    """The likeliest departure of each object: its values leave together, and are one piece of news."""
    kept = found[~found["tag"].map(object_of).duplicated()]
    # Values of a plant move for many reasons, an alarm is raised for one.
    return kept.assign(score=kept["score"] / 2)


def scored(found: pd.DataFrame, bursts: Bursts) -> pd.DataFrame:
    """The likeliest row of each tag with its score, the highest first; what begins nothing is left out."""
    more = [bursts.after(area, at) for area, at in zip(found["area"], found["at"].tolist(), strict=True)]
    score = np.array(more, np.float64) / (1 + found["besides"].to_numpy(dtype=np.float64))
    why = [
        f"{area or 'its area'} raised {extra:+.3g} different alarms in the time after against that before; "
        f"came {besides:,} times besides"
        for area, extra, besides in zip(found["area"], more, found["besides"], strict=True)
    ]
    found = found.assign(score=score, why=why, at=moments(found["at"]))
    found = found[score > 0].sort_values(["score", "at"], ascending=[False, True], kind="stable")
    return found.drop_duplicates("tag")[COLUMNS].reset_index(drop=True)
