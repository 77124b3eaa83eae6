"""A trend as a drawing: what it names, marks and leaves out."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import numpy as np
import pytest

from mxgw_notebook.svg import PALETTE
from mxgw_notebook.widgets import AUTOMATIC, ChosenScale, TagSamples, Trend, TrendTag
from mxgw_notebook.widgets.earlier import shift_words
from mxgw_notebook.widgets.snapshot_marks import PLOT_TOP
from tests.conftest import Eventually
from tests.widgets.doubles import HandTicker, ListedTrend, comm_of


def test_the_drawing_names_tags_units_and_times(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [1_700_000_000_000, 1_700_000_060_000], [10, 20])
    source.put(1, [1_700_000_030_000], [3])
    drawing = Trend(source, ticker).snapshot_svg()
    assert drawing.startswith("<svg")
    for words in ("Pump001.Speed", "Tank001.Level", ">rpm<", ">m<", "2023-11-1", "quality good", "UTC"):
        assert words in drawing


def test_the_drawing_marks_poor_quality_and_outages(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 1000, 2000, 3000], [1, float("nan"), 2, 2], [192, 8, 88, 192])
    source.outages = [(2500.0, None)]
    drawing = Trend(source, ticker).snapshot_svg()
    for title in ("quality bad", "quality uncertain", "no connection"):
        assert f"<title>{title}</title>" in drawing


def test_poor_quality_is_shaded_along_its_own_line_alone(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 60_000], [1, 5], [8, 8])
    source.put(1, [0, 30_000, 60_000], [1, 2, 3], [192, 64, 192])
    drawing = Trend(source, ticker).snapshot_svg()
    shades = re.findall(r'd="([^"]*)"[^>]*stroke-width="18"[^>]*><title>quality (\w+)', drawing)
    assert [word for _, word in shades] == ["bad", "uncertain"]
    assert not re.search(r"<rect[^>]*><title>quality", drawing)
    bad, uncertain = (moves for moves, _ in shades)
    lines = re.findall(r'd="([^"]*)"[^>]*stroke-width="1.6"', drawing)
    assert any(line.startswith(bad) for line in lines)
    assert len(re.findall("H", uncertain)) == 1, "from its first sample to the next good one"


def test_the_drawings_legend_tells_since_when_a_value_holds(source: ListedTrend, ticker: HandTicker) -> None:
    began = time.time() * 1000 - 7_200_000
    source.put(0, [began], [10])
    source.put(1, [began + 7_190_000, began + 7_200_000], [3, 4])
    trend = Trend(source, ticker, window_seconds=60)
    said = f"10 rpm, quality good, at {datetime.fromtimestamp(began / 1000).astimezone():%H:%M:%S}"
    assert said in trend.snapshot_svg()
    trend.clear()
    assert said in trend.snapshot_svg()


def test_an_earlier_period_is_drawn_dashed_and_named(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [1_700_000_000_000, 1_700_000_060_000], [10, 20])
    source.put(1, [1_700_000_030_000], [3])
    plain = Trend(source, ticker).snapshot_svg()
    source.shift_ms = 86_400_000
    times = np.array([1_700_000_000_000.0, 1_700_000_055_000.0])
    source.before = [TagSamples(0, times, np.array([10.0, 90.0]), np.array([192, 64], np.uint8))]
    drawing = Trend(source, ticker).snapshot_svg()
    dashed = re.findall(r'd="([^"]*)"[^>]*stroke-dasharray="3 3"', drawing)
    assert len(dashed) == 1 + 2  # its line, and both in the legend
    assert drawing.count('stroke-dasharray="3 3"') - plain.count('stroke-dasharray="3 3"') == len(dashed)
    then = datetime.fromtimestamp(1_700_000_055 - 86_400).astimezone()
    said = f"Pump001.Speed, 24 h earlier   90 rpm, quality uncertain, at {then:%H:%M:%S on %Y-%m-%d}"
    assert said in drawing
    assert "Tank001.Level, 24 h earlier   nothing is known of that time" in drawing
    assert ">90<" not in plain
    assert ">90<" in drawing or ">80<" in drawing  # the axis makes room for it


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "0.5 s"),
        (90, "90 s"),
        (5400, "90 min"),
        (86_400, "24 h"),
        (604_800, "7 days"),
        (178_201, "2 days 1:30:01"),
    ],
)
def test_a_shift_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert shift_words(seconds * 1000) == f"{words} earlier"


def test_an_axis_by_hand_is_drawn_from_end_to_end(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 1000, 2000], [10, 20, 5000])
    drawing = Trend(source, ticker, scales={"rpm": ChosenScale(0, 40)}).snapshot_svg()
    assert [int(label) for label in re.findall(r">(\d+)</text>", drawing)][:5] == [0, 10, 20, 30, 40]
    heights = [float(y) for y in re.findall(r"[V ](\d+\.\d)H", drawing)]
    assert min(heights) == PLOT_TOP  # 5000 is drawn at the edge
    half = Trend(source, ticker, scales={"rpm": ChosenScale(low=6000)}).snapshot_svg()
    assert ">6000<" in half  # the other end gives way


def test_a_logarithmic_axis_has_powers_of_ten(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 1000, 2000, 3000], [0, 1, 10, 1000])
    drawing = Trend(source, ticker, scales={"rpm": ChosenScale(log=True)}).snapshot_svg()
    assert re.findall(r">(1|10|100|1000)</text>", drawing) == ["1", "10", "100", "1000"]
    source.kept.clear()
    source.put(0, [0, 1000], [-1, 0])
    assert ">10<" in Trend(source, ticker, scales={"rpm": ChosenScale(log=True)}).snapshot_svg()


def test_a_page_chooses_a_scale_and_gives_it_back(
    source: ListedTrend, ticker: HandTicker, eventually: Eventually
) -> None:
    scales: dict[str, ChosenScale] = {"m": ChosenScale(log=True)}
    trend = Trend(source, ticker, scales=scales)
    say = comm_of(trend).say
    say({"kind": "scale", "text": "rpm", "from_ms": -5, "to_ms": 5, "request": 1})
    say({"kind": "scale", "text": "m", "from_ms": 0, "to_ms": 5, "request": 1})  # no logarithm
    say({"kind": "scale", "text": "", "from_ms": 5, "to_ms": 1, "request": 1})  # upside down
    ticker.tick()
    assert scales == {"rpm": ChosenScale(-5, 5), "m": ChosenScale(log=True)}
    say({"kind": "scale", "text": "rpm", "request": 0})

    def is_automatic() -> bool:  # a widget keeps its distance between two looks
        ticker.tick()
        return scales["rpm"] == AUTOMATIC

    eventually(is_automatic)
    told = [sent.content["scales"] for sent in comm_of(trend).custom() if "scales" in sent.content]
    assert ["m", None, None, True] in told[0]
    assert ["rpm", -5, 5, False] in told[-1]


def test_the_drawing_escapes_what_the_plant_says(ticker: HandTicker) -> None:
    source = ListedTrend([TrendTag("<script>x</script>", units='"><img src=x>')])
    empty = Trend(source, ticker).snapshot_svg()
    source.put(0, [0, 1000], [1, 2])
    for drawing in (empty, Trend(source, ticker).snapshot_svg()):
        assert "<script" not in drawing
        assert "<img" not in drawing


def test_a_drawing_of_many_samples_stays_small(ticker: HandTicker) -> None:
    source = ListedTrend([TrendTag("Pump001.Speed")])
    times = np.arange(100_000.0)
    source.put(0, times.tolist(), np.sin(times / 100).tolist())
    assert len(Trend(source, ticker).snapshot_svg()) < 150_000


def test_a_notebook_without_its_kernel_shows_the_drawing(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 1000], [1, 2])
    bundle = Trend(source, ticker)._repr_mimebundle_()
    assert bundle is not None
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]
    assert bundle[0]["text/html"].startswith("<svg")


def drawn_line(svg: str, colour_of: int = 0) -> str:
    """The path of a tag's line."""
    [line] = re.findall(rf'd="([^"]*)"[^>]*stroke="{PALETTE[colour_of]}"[^>]*stroke-width="1.6"', svg)
    return str(line)


def test_the_drawing_has_no_value_in_an_outage(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 10_000, 60_000], [1, 2, 3])
    trend = Trend(source, ticker)
    whole = drawn_line(trend.snapshot_svg())
    source.outages = [(20_000, 40_000)]
    assert (whole.count("M"), drawn_line(trend.snapshot_svg()).count("M")) == (1, 2)
    source.put(0, [30_000], [2.5])  # by a replay
    assert drawn_line(trend.snapshot_svg()).count("M") >= 1


def test_the_drawing_shows_what_is_on_view(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 3_600_000, 3_610_000], [1, 2, 3])
    source.put(1, [1000], [5])
    trend = Trend(source, ticker, window_seconds=60)
    assert "00:00:00" not in utc_times(trend.snapshot_svg())
    comm_of(trend).say({"kind": "view", "text": "all", "from_ms": 0, "to_ms": 3_610_000})
    assert "00:00:00" in utc_times(trend.snapshot_svg())
    comm_of(trend).say({"kind": "view", "text": "held", "from_ms": 3_600_000, "to_ms": 3_605_000})
    assert "01:00:05" in utc_times(trend.snapshot_svg())


def utc_times(svg: str) -> str:
    """The drawing's times of day, as if the machine were in UTC."""
    offset = datetime.fromtimestamp(0).astimezone().utcoffset() or timedelta()
    moved = [datetime.strptime(at, "%H:%M:%S") - offset for at in re.findall(r">(\d\d:\d\d:\d\d)<", svg)]
    return " ".join(f"{at:%H:%M:%S}" for at in moved)


def test_a_setpoint_is_drawn_by_its_own_history(source: ListedTrend, ticker: HandTicker) -> None:
    source.put(0, [0, 1000, 60_000], [1, 1, 2])
    source.levels = [(0, "SP 4", [(0.0, 3.0), (30_000.0, 4.0)])]
    svg = Trend(source, ticker).snapshot_svg()
    assert "SP 4" in svg
    [level] = re.findall(r'd="([^"]*)"[^>]*stroke-dasharray="7 4"', svg)
    assert level.count("H") == 2


def test_a_band_of_states_has_its_name_in_the_drawing(ticker: HandTicker) -> None:
    source = ListedTrend([TrendTag("Pump001.Running", words=("False", "True"))])
    source.put(0, [0, 60_000], [0, 1])
    assert Trend(source, ticker).snapshot_svg().count("Pump001.Running") >= 3


@pytest.mark.parametrize(
    ("zone", "told", "first"),
    [
        ("Asia/Tokyo", "local time, Asia/Tokyo (UTC+09:00)", "07:13:20"),
        ("America/New_York", "local time, America/New_York (UTC-05:00)", "17:13:20"),
        ("UTC", "local time, UTC+00:00", "22:13:20"),
        ("Moon/Base", "local time, UTC+00:00", "22:13:20"),
        ("../../etc/passwd", "local time, UTC+00:00", "22:13:20"),
    ],
)
def test_a_saved_drawing_has_the_zone_of_the_page_and_a_name_in_utc(
    source: ListedTrend, ticker: HandTicker, zone: str, told: str, first: str
) -> None:
    source.put(0, [1_700_000_000_000, 1_700_000_060_000], [10, 20])
    trend = Trend(source, ticker)
    comm_of(trend).say({"kind": "opened"})
    wish = {"kind": "save", "text": "svg", "from_ms": 1_700_000_000_000, "to_ms": 1_700_000_060_000}
    comm_of(trend).say({**wish, "zone": zone})
    ticker.tick()
    (sent,) = [sent for sent in comm_of(trend).custom() if sent.content["kind"] == "file"]
    assert sent.content["name"] == "trend-20231114-221420Z.svg"
    drawn = bytes(sent.buffers[0]).decode()
    assert told in drawn
    assert f">{first}<" in drawn
