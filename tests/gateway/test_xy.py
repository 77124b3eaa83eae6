"""`Watch.xy`: one tag over another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.tags.xy_points import MOST_POINTS, join_points
from mxgw_notebook.live import Gap
from mxgw_notebook.widgets import XYPoints
from tests.conftest import Eventually
from tests.widgets.doubles import comm_of

SECOND = 10**9
GOOD, UNCERTAIN, BAD = 192, 64, 0
PV, LEVEL = "FIC101.PV", "Tank001.Level"


def samples(*rows: tuple[float, float] | tuple[float, float, int]) -> Samples:
    """Samples as second, value and, when it is not good, quality."""
    return Samples(
        np.array([int(row[0] * SECOND) for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64),
        np.array([row[2] if len(row) > 2 else GOOD for row in rows], np.uint8),
    )


def points(made: XYPoints) -> list[tuple[float, float, float, int]]:
    """Each point as second, x, y, and the place of its piece."""
    pieces = np.unique(made.piece, return_inverse=True)[1]
    return list(
        zip((made.time_ms / 1000).tolist(), made.x.tolist(), made.y.tolist(), pieces.tolist(), strict=True)
    )


def joined(x: Samples, y: Samples, *gaps: Gap, start: float = 0, end: float = 100) -> XYPoints:
    return join_points(x, y, gaps, int(start * SECOND), int(end * SECOND))


def test_a_point_has_what_the_other_tag_held_when_one_changed() -> None:
    made = joined(samples((1, 10), (3, 11)), samples((2, 5), (3, 6), (4, 7)))
    assert points(made) == [(2, 10, 5, 0), (3, 11, 6, 0), (4, 11, 7, 0)]


def test_what_held_when_the_window_began_is_its_first_point() -> None:
    made = joined(samples((1, 10)), samples((2, 5), (8, 6)), start=5)
    assert points(made) == [(5, 10, 5, 0), (8, 10, 6, 0)]


def test_bad_quality_and_no_number_have_no_point_and_break_the_track() -> None:
    made = joined(samples((1, 10), (2, 11, BAD), (3, 12), (4, np.nan), (5, 13, UNCERTAIN)), samples((1, 5)))
    assert points(made) == [(1, 10, 5, 0), (3, 12, 5, 1), (5, 13, 5, 2)]
    assert made.quality.tolist() == [GOOD, GOOD, UNCERTAIN]


def test_over_an_outage_the_track_is_not_joined_and_the_other_value_goes_on_behind_it() -> None:
    outage = Gap(3 * SECOND, 6 * SECOND, "outage")
    made = joined(samples((1, 10), (5, 11), (7, 12)), samples((1, 5)), outage)
    assert points(made) == [(1, 10, 5, 0), (7, 12, 5, 1)]


def test_behind_lost_events_a_value_is_not_known_before_the_next() -> None:
    lost = Gap(3 * SECOND, 4 * SECOND, "dropped")
    made = joined(samples((1, 10), (7, 12)), samples((1, 5), (9, 6)), lost)
    assert points(made) == [(1, 10, 5, 0), (9, 12, 6, 1)]


def test_many_points_are_thinned_to_those_that_reach_furthest() -> None:
    seconds = np.arange(1, 20_001)
    x = samples(*((second / 1000, float(np.sin(second))) for second in seconds))
    x.number[7000] = 50.0
    made = joined(x, samples((0.5, 1)))
    assert len(made.time_ms) <= MOST_POINTS
    assert made.x.max() == 50.0
    assert made.left_out + len(made.time_ms) == 19_501  # from the first value of the other on


def test_nothing_seen_is_no_point() -> None:
    assert points(joined(samples(), samples((1, 1)))) == []
    assert points(joined(samples(), samples())) == []


def test_the_frame_is_what_is_drawn_and_the_picture_names_both(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(PV, LEVEL)
    shape = levels.xy(LEVEL, PV)
    eventually(lambda: len(shape.frame()) > 3)
    levels.stop()
    frame = shape.frame()
    assert frame.columns.tolist() == ["timestamp", "x", "y", "quality", "piece"]
    assert frame.attrs["tags"] == {"x": LEVEL, "y": PV}
    assert frame.attrs["units"] == {"x": "%", "y": "m3/h"}
    wide = levels.wide()
    both = wide[[LEVEL, PV]].dropna()
    assert frame["x"].tolist() == both[LEVEL].tolist()
    assert frame["y"].tolist() == both[PV].tolist()
    assert str(frame["timestamp"].dtype) == "datetime64[ns, UTC]"
    picture = str(shape.snapshot().data)
    assert picture.count("<circle") == len(frame) + 1  # the newest is marked
    for words in ("Tank001.Level (%)", "FIC101.PV (m3/h)", "stopped"):
        assert words in picture
    assert f"<XY of FIC101.PV over Tank001.Level: {len(frame)} points, stopped" in repr(shape)


@pytest.mark.usefixtures("page")
def test_it_shows_the_window_of_the_trend_calculated_pens_and_booleans(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(PV, LEVEL)
    levels.pen("diff", f"{PV} - {LEVEL}")
    levels.pen("high", f"{LEVEL} > 10")
    shape = levels.xy("diff", "high")
    eventually(lambda: len(shape.frame()) > 3)
    assert set(shape.frame()["y"]) <= {0.0, 1.0}
    first = shape.frame()["timestamp"].iloc[0]
    window = {"from_ms": 0.0, "to_ms": first.value / 1e6 + 1.0}
    comm_of(levels.trend()).say({"kind": "view", "text": "held", **window})
    assert (shape.frame()["timestamp"] <= first + pd.Timedelta("1ms")).all()
    levels.stop()


def test_a_tag_of_texts_and_one_that_is_not_watched_are_one_line(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(PV, "FIC101.Mode")
    eventually(lambda: len(levels.frame()) > 1)
    with pytest.raises(ConfigurationError, match=r"^The values of FIC101.Mode are texts"):
        levels.xy(PV, "FIC101.Mode")
    with pytest.raises(ConfigurationError, match=r"'Nope.Nope' is no tag of this watch"):
        levels.xy("Nope.Nope", PV)


@pytest.mark.usefixtures("page")
def test_a_page_asks_for_it_below_the_trend_and_takes_it_away(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(PV, LEVEL, "FIC101.Mode")
    eventually(lambda: len(levels.frame()) > 3)
    panel, page = levels.views.panel, comm_of(levels.trend())
    page.say({"kind": "opened"})
    page.say({"kind": "xy", "text": f"{LEVEL}\n{PV}"})
    eventually(lambda: len(panel.children) == 2)
    assert f"{PV} over {LEVEL}" in panel.snapshot_html()
    page.say({"kind": "xy", "text": f"{LEVEL}\nFIC101.Mode"})
    eventually(lambda: any("are texts" in str(sent.content.get("text")) for sent in page.custom()))
    assert len(panel.children) == 2
    comm_of(panel.children[1]).say({"kind": "close"})
    eventually(lambda: len(panel.children) == 1)
    assert "over" not in levels.views.of_list(levels.watched.asked).text("feed")


@pytest.mark.usefixtures("page")
def test_a_page_lays_an_earlier_period_on_and_takes_it_away(gateway: Gateway, eventually: Eventually) -> None:
    levels = gateway.watch(PV)
    page = comm_of(levels.trend())
    page.say({"kind": "opened"})
    page.say({"kind": "lay", "text": "24h"})
    eventually(lambda: levels.views.lines.shift_ns == 86_400 * SECOND)
    assert 'overlay = "24h"' in levels.views.of_list(levels.watched.asked).text("feed")
    page.say({"kind": "lay", "text": "no time"})
    eventually(lambda: any(sent.content["kind"] == "notice" for sent in page.custom()))
    page.say({"kind": "lay", "text": ""})
    eventually(lambda: levels.views.lines.shift_ns == 0)


def test_a_watch_list_keeps_it_and_shows_it_below_the_trend(
    gateway: Gateway, tmp_path: Path, eventually: Eventually
) -> None:
    levels = gateway.watch(PV, LEVEL)
    levels.xy(LEVEL, PV)
    file = levels.save(tmp_path / "feed.toml")
    assert f'xy = [\n  {{ x = "{LEVEL}", y = "{PV}" }},\n]\n' in file.read_text("utf-8")
    again = gateway.watch(f"@{file}")
    eventually(lambda: len(again.frame()) > 3)
    assert f"{PV} over {LEVEL}" in again.snapshot().data
    again.stop()
    file.write_text('tags = ["A.B"]\nxy = [{ x = "A.B" }]\n', "utf-8")
    with pytest.raises(ConfigurationError, match="xy is not a list of"):
        gateway.watch(f"@{file}")
