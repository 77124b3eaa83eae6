"""A dossier is one page that has all its data, asks no other machine, and says what nobody knows."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.analysis import Dossier
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.history import clock_span_ns, open_recording
from tests.analysis.quality_frames import after, frame_of
from tests.conftest import Eventually
from tests.history.conftest import LEVEL, SPEED

ADDRESS = re.compile(r'(?:src|href)\s*=\s*["\']([^"\']*)', re.IGNORECASE)
INERT = '<script>alert("x")</script><img src="http://elsewhere/x.png">'


def made(gaps: tuple[object, ...] = ()) -> Dossier:
    samples = frame_of(
        ("A.Level", 0, 1.0, "good"), ("A.Level", 40, 2.0, "bad"), (INERT, 10, 3.0, "good"), gaps=gaps
    )
    notes = pd.DataFrame({"time": [after(3)], "text": [INERT], "by": ["me"]})
    return Dossier(INERT, after(0), after(100), samples, {"Notes": notes, "Deploys": None}, {"plant": INERT})


def data_in(page: str, name: str) -> pd.DataFrame:
    found = re.search(rf'download="{name}\.csv" href="data:text/csv;base64,([^"]*)"', page)
    assert found
    return pd.read_csv(io.BytesIO(base64.b64decode(found[1])))


def test_texts_of_the_plant_are_inert_and_no_other_machine_is_asked() -> None:
    page = made().to_html()
    assert "<script" not in page
    assert "<img" not in page
    assert ADDRESS.findall(page.replace("src=&quot;", ""))
    assert all(address.startswith("data:") for address in ADDRESS.findall(page.replace("src=&quot;", "")))
    assert "@import" not in page
    assert "url(" not in page


def test_its_data_are_in_the_page() -> None:
    dossier = made()
    pd.testing.assert_series_equal(data_in(dossier.to_html(), "samples")["value"], dossier.samples["value"])
    assert data_in(dossier.to_html(), "notes")["text"].tolist() == [INERT]


def test_what_is_not_covered_and_what_nobody_recorded_is_said() -> None:
    dossier = made(gaps=((50, 70, "outage"),))
    assert dossier.uncovered().set_index("tag")["share"].round(6).to_dict() == {"A.Level": 0.2, INERT: 0.3}
    page = dossier.to_html()
    assert "Unknown: nobody recorded it." in page
    assert "All of it is covered" not in page
    assert "not good" in page
    assert "unknown" in page


def test_a_page_is_saved_by_its_ending(tmp_path: Path) -> None:
    assert made().save(tmp_path / "one.html").read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(ConfigurationError, match=r"one\.txt is no \.html and no \.ipynb"):
        made().save(tmp_path / "one.txt")


def test_a_time_of_the_day_is_the_newest_that_is_over() -> None:
    now = pd.Timestamp("2026-05-04 02:00", tz="UTC").value
    start, end = clock_span_ns("03:05", "03:40", now)
    assert pd.Timestamp(start) == pd.Timestamp("2026-05-03 03:05")
    assert pd.Timestamp(end) == pd.Timestamp("2026-05-03 03:40")
    assert clock_span_ns("23:50", "00:10:30", now)[0] == pd.Timestamp("2026-05-03 23:50").value


def test_a_gateway_and_its_recording_give_a_dossier(
    gateway: Gateway, folder: Path, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = gateway.watch(LEVEL, SPEED)
    recorder = watch.record(folder)
    eventually(lambda: recorder.acknowledged > 10)
    gateway.note("valve stuck")
    with pytest.raises(ConfigurationError, match="Say when the dossier begins"):
        gateway.dossier(None)
    live = gateway.dossier("-1min", tags=[LEVEL])
    assert set(live.samples["tag"]) == {LEVEL}
    notes = live.tables["Notes"]
    assert notes is not None
    assert notes["text"].tolist() == ["valve stuck"]
    assert gateway.endpoint in live.to_html()
    monkeypatch.chdir(folder)
    watch.save("feed.toml")
    assert {LEVEL, SPEED} <= set(gateway.dossier("-1min", tags="@feed").samples["tag"])
    watch.stop()
    recorded = open_recording(folder).dossier(tags=SPEED)
    assert set(recorded.samples["tag"]) == {SPEED}
    assert str(folder) in recorded.to_html()
    with pytest.raises(ConfigurationError, match="No deploy was seen"):
        # By its beginning: the plant may have deployed meanwhile.
        open_recording(folder).impact(deploy=open_recording(folder).span[0])
