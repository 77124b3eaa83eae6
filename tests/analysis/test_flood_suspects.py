"""What may have begun a flood: the cause of one that is known stands among the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_episodes, flood_suspects
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.simulator.clock import START
from mxgw_notebook.simulator.plant import Site
from mxgw_notebook.simulator.plant.alarm_state import AnyAlarm, Transition
from mxgw_notebook.simulator.plant.layout import build
from mxgw_notebook.simulator.plant.plant import TICK
from mxgw_notebook.simulator.stories.mishaps import chattering, pump_trip
from tests.analysis.logs import BASE, at, log
from tests.analysis.quality_frames import without_gaps

MINUTE = 60
NOISE = [(k * 50, f"Noise{k % 3}", "raise", {"area": "North", "tag": f"Noise{k % 3}.Hi"}) for k in range(60)]
TRIP = (1500, "Pump.Tripped", "raise", {"area": "Steam", "tag": "Pump.Tripped"})
BURST = [
    (1520 + 20 * k, f"Drum{k}", "raise", {"area": "Steam", "tag": f"Drum{k}.Level.Lo"}) for k in range(14)
]


def flooded(*rows: Any) -> pd.DataFrame:
    ordered = sorted([*NOISE, *BURST, *rows], key=lambda row: row[0])
    return alarm_episodes(log(*ordered))


def test_what_a_burst_of_its_area_follows_stands_before_the_burst_and_before_noise() -> None:
    found = flood_suspects(flooded(TRIP))
    assert found["tag"].tolist()[:3] == ["Pump.Tripped", "Drum0.Level.Lo", "Drum1.Level.Lo"]
    assert found["at"].iloc[0] == at(1500)
    assert found["score"].is_monotonic_decreasing
    assert not found["tag"].str.startswith("Noise").iloc[:5].any()
    assert "Steam raised +15 different alarms" in found["why"].iloc[0]


def test_an_alarm_that_chatters_is_no_burst() -> None:
    chatter = [(1400 + k, "Switch", "raise", {"area": "North", "tag": "Switch.Dsc"}) for k in range(40)]
    found = flood_suspects(flooded(TRIP, *chatter))
    assert found["tag"].iloc[0] == "Pump.Tripped"
    # It is a flood by itself all the same, and stands among the first as what it is.
    assert found.loc[found["tag"] == "Switch.Dsc", "how"].tolist() == ["chatter"]
    assert "Switch.Dsc" in found["tag"].tolist()[:5]
    assert "raised 40 times itself" in str(found.set_index("tag").loc["Switch.Dsc", "why"])


def test_an_alarm_that_chatters_all_the_time_began_no_flood() -> None:
    always = [(12 * k, "Switch", "raise", {"area": "North", "tag": "Switch.Dsc"}) for k in range(400)]
    found = flood_suspects(flooded(TRIP, *always), flood=at(1600))
    assert found["tag"].iloc[0] == "Pump.Tripped"


def test_a_frame_that_is_none_of_samples_is_told_in_one_line() -> None:
    with pytest.raises(ConfigurationError, match="not a long frame of samples: it has no tag, timestamp"):
        flood_suspects(flooded(TRIP), pd.DataFrame({"value": [1.0]}))


def samples() -> pd.DataFrame:
    rows = [("Feed.Flow", second, 20 + second % 3 if second < 1470 else 2) for second in range(600, 2000, 10)]
    rows += [("Other.Flow", second, 20 + second % 3) for second in range(600, 2000, 10)]
    rows += [("Pump.Tripped", second, second >= 1500) for second in range(600, 2000, 10)]
    times = [BASE + pd.Timedelta(seconds=second) for _, second, _ in rows]
    values = [float(value) for _, _, value in rows]
    return without_gaps(
        pd.DataFrame(
            {"tag": [row[0] for row in rows], "timestamp": times, "value": values, "quality": "good"}
        )
    )


def test_a_tag_that_left_its_baseline_before_any_alarm_is_a_suspect_by_its_area() -> None:
    galaxy = pd.DataFrame({"tag_name": ["Feed", "Other"], "area": ["Steam", "North"]})
    found = flood_suspects(flooded(TRIP), samples(), galaxy)
    gone = found[found["how"] == "departure"]
    assert gone[["tag", "area"]].to_numpy().tolist() == [["Feed.Flow", "Steam"]]
    assert gone["at"].iloc[0] == at(1470)
    # Without the galaxy nobody knows the area of an object that has no alarm.
    assert (flood_suspects(flooded(TRIP), samples())["how"] == "alarm").all()


def test_without_a_flood_there_is_no_suspect_and_a_moment_outside_is_told() -> None:
    quiet = alarm_episodes(log((0, "A", "raise")))
    assert flood_suspects(quiet).empty
    assert flood_suspects(alarm_episodes(log())).empty
    with pytest.raises(ConfigurationError, match="There is no flood at"):
        flood_suspects(flooded(TRIP), flood=at(-5000))
    with pytest.raises(ConfigurationError, match="not a table of objects"):
        flood_suspects(flooded(TRIP), samples(), pd.DataFrame({"name": []}))


class Told:
    """The alarms of a plant that lives through a scenario, as a log."""

    def __init__(self, site: Site) -> None:
        self._plant = site.plant
        self._rows: list[tuple[Any, ...]] = []
        self._plant.board.listeners.append(self._note)

    def _note(self, alarm: AnyAlarm, transition: Transition) -> None:
        time = pd.Timestamp(self._plant.now, unit="s", tz="UTC")
        self._rows.append((time, alarm.reference, alarm.source_reference, alarm.area, transition.value))

    def log(self, seconds: float) -> pd.DataFrame:
        for _ in range(round(seconds / TICK)):
            self._plant.step()
        return pd.DataFrame(self._rows, columns=["time", "reference", "tag", "area", "transition"])


@pytest.mark.patient
@pytest.mark.parametrize(
    ("story", "cause", "seed"),
    [
        (pump_trip, "Pump921.Tripped", 1),
        (pump_trip, "Pump921.Tripped", 3),
        (chattering, "LSH152.PV.Dsc", 2),
    ],
)
def test_what_began_a_storys_flood_is_among_the_first_five_suspects(
    story: Callable[[Site, float], None], cause: str, seed: int
) -> None:
    site = build(seed, START.timestamp())
    told = Told(site)
    story(site, 15 * MINUTE)
    found = flood_suspects(alarm_episodes(told.log(27 * MINUTE)))
    assert cause in found["tag"].tolist()[:5]
