"""Pens that are calculated from tags: their values, their quality, and what they do in a gap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.tags.calculated import CalculatedPen
from mxgw_notebook.live import Gap, Subscription, parse_formula
from tests.conftest import Eventually

SECOND = 1_000_000_000
GOOD, UNCERTAIN, BAD = 192, 64, 0
A, B = "FIC101.SP", "Tank001.Temperature"


class Tags:
    """Two tags, what came of them, and the gaps of their stream."""

    def __init__(self) -> None:
        self.a, self.b = Subscription("T.A"), Subscription("T.B")
        self.gaps: list[Gap] = []
        self.now = 1000 * SECOND

    def pen(self, expression: str) -> CalculatedPen:
        inputs = [self.a, self.b] if "T.B" in expression else [self.a]
        return CalculatedPen("p", parse_formula(expression), inputs, lambda: self.gaps, lambda: self.now)


def put(tag: Subscription, second: float, value: float, quality: int = GOOD) -> None:
    tag.history.add(int(second * SECOND), value, quality)


def rows(pen: CalculatedPen) -> list[tuple[float, float, int]]:
    kept = pen.look().subscription.history.all()
    return list(
        zip((kept.time_ns / SECOND).tolist(), kept.number.tolist(), kept.quality.tolist(), strict=True)
    )


def advised(gateway: Gateway) -> set[str]:
    return {found.tag for found in gateway._hub.subscriptions}


@pytest.fixture
def tags() -> Tags:
    return Tags()


def test_it_has_a_value_whenever_one_of_its_tags_changes_in_the_order_of_time(tags: Tags) -> None:
    pen = tags.pen("T.A - T.B")
    put(tags.a, 1, 10)
    put(tags.a, 3, 20)
    assert rows(pen) == []  # of B nothing is known
    put(tags.b, 2, 1)
    put(tags.b, 4, 2)
    put(tags.a, 4, 30)
    assert rows(pen) == [(3, 19, GOOD), (4, 28, GOOD)]


def test_its_quality_is_the_worst_and_what_cannot_be_calculated_is_bad(tags: Tags) -> None:
    pen = tags.pen("T.A / T.B")
    put(tags.a, 1, 10)
    put(tags.b, 1, 2, UNCERTAIN)
    put(tags.b, 2, 0)
    put(tags.a, 3, np.nan, BAD)
    (first, second, third) = rows(pen)
    assert first == (1, 5, UNCERTAIN)
    assert np.isnan(second[1])
    assert second[2] == BAD
    assert np.isnan(third[1])
    assert third[2] == BAD


def test_into_an_outage_nothing_is_calculated_and_behind_it_the_tags_go_on(tags: Tags) -> None:
    pen = tags.pen("T.A - T.B")
    put(tags.a, 1, 10)
    put(tags.b, 1, 1)
    outage = Gap(2 * SECOND)
    tags.gaps.append(outage)
    assert len(rows(pen)) == 1
    outage.end_ns = 10 * SECOND
    put(tags.a, 5, 20)  # changed while nobody heard; B did not, and is not sent again
    assert rows(pen)[1:] == [(10, 19, GOOD)]
    put(tags.b, 11, 2)
    assert rows(pen)[2:] == [(11, 18, GOOD)]


def test_after_lost_events_each_tag_is_waited_for(tags: Tags) -> None:
    pen = tags.pen("T.A - T.B")
    put(tags.a, 1, 10)
    put(tags.b, 1, 1)
    tags.gaps.append(Gap(2 * SECOND, 3 * SECOND, "dropped"))
    put(tags.a, 5, 20)
    assert len(rows(pen)) == 1
    put(tags.b, 6, 5)
    assert rows(pen)[1:] == [(6, 15, GOOD)]


def test_a_comparison_is_a_state(tags: Tags) -> None:
    pen = tags.pen("T.A > 5")
    put(tags.a, 1, 10)
    entry = pen.look()
    entry.states.learn(entry.subscription.history.all())
    assert entry.pen.words == ("False", "True")


# ------------------------------------------------------------------ at a plant


def test_a_pen_is_in_the_trend_and_in_the_tables(gateway: Gateway, eventually: Eventually) -> None:
    levels = gateway.watch("Tank001.Level", "Tank002.Level")
    levels.pen("diff", "Tank001.Level - Tank002.Level", units="%")
    assert [pen["tag"] for pen in levels.trend().tags] == ["Tank001.Level", "Tank002.Level", "diff"]
    eventually(lambda: "diff" in levels.wide())
    wide = levels.wide().dropna()
    np.testing.assert_allclose(wide["diff"], wide["Tank001.Level"] - wide["Tank002.Level"])
    assert levels.units["diff"] == "%"
    assert "diff" in levels.frame()["tag"].tolist()
    assert "diff" in levels.frame(start="-1min")["tag"].tolist()
    assert "diff" in levels.health()["tag"].tolist()
    assert "diff" in levels.snapshot().data
    assert levels.tags == ["Tank001.Level", "Tank002.Level"]


def test_it_may_be_of_tags_that_are_not_shown_and_goes_with_what_it_advised(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch("Tank001.Level")
    levels.pen("sum", f"{A} + {B}")
    eventually(lambda: "sum" in levels.frame()["tag"].tolist())
    gateway.write(A, 41.0)
    eventually(lambda: levels.wide()["sum"].max() > 41.0)
    before = advised(gateway)
    levels.remove("sum")
    assert "sum" not in levels.frame()["tag"].tolist()
    assert before - advised(gateway) == {A, B}
    levels.pen("sum", f"{A} + {B}")
    levels.stop()
    assert not {A, B} & advised(gateway)
    with pytest.raises(GatewayError, match="has stopped"):
        levels.pen("more", f"{A} + 1")


def test_what_cannot_be_a_pen_is_told_in_one_line(gateway: Gateway) -> None:
    levels = gateway.watch("Tank001.Level")
    with pytest.raises(ConfigurationError, match="Put blanks around -"):
        levels.pen("diff", "Tank001.Level-Tank002.Level")
    with pytest.raises(ConfigurationError, match=r"No tag in '1 [+] 1'"):
        levels.pen("two", "1 + 1")
    with pytest.raises(ConfigurationError, match="is watched already"):
        levels.pen("Tank001.Level", "Tank001.Level + 1")
    with pytest.raises(ConfigurationError, match="needs a name"):
        levels.pen(" ", "Tank001.Level + 1")
    with pytest.raises(TagError, match="invalid reference"):
        levels.pen("diff", "Tank001.Level - Nope.Nope")
    assert [pen["tag"] for pen in levels.trend().tags] == ["Tank001.Level"]


def test_pens_are_kept_in_a_watch_list(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eventually: Eventually
) -> None:
    monkeypatch.chdir(tmp_path)
    levels = gateway.watch("Tank001.Level")
    levels.pen("diff", "Tank001.Level - Tank002.Level", units="%")
    levels.pen("gone", "Tank001.Level + 1")
    levels.remove("gone")
    levels.save("feed.toml")
    line = '  { name = "diff", expression = "Tank001.Level - Tank002.Level", units = "%" },'
    assert f"pens = [\n{line}\n]\n" in (tmp_path / "feed.toml").read_text("utf-8")
    again = gateway.watch("@feed")
    eventually(lambda: "diff" in again.frame()["tag"].tolist())
    (tmp_path / "bad.toml").write_text('tags = ["Tank001.Level"]\npens = [{ name = "x" }]', "utf-8")
    with pytest.raises(ConfigurationError, match="pens is not a list of"):
        gateway.watch("@bad")
    (tmp_path / "bad.toml").write_text(
        'tags = ["Tank001.Level"]\npens = [{ name = "x", expression = "1 +" }]', "utf-8"
    )
    before = advised(gateway)
    with pytest.raises(ConfigurationError, match="stands where"):
        gateway.watch("@bad")
    assert advised(gateway) == before
