"""Notes of a plant: on every trend, in tables, dossiers and recordings, and inert whatever they say."""

from __future__ import annotations

import getpass
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.notes import Note, note_fact
from mxgw_notebook.history import open_recording
from mxgw_notebook.history.facts import fact_table, facts_in
from tests.conftest import Eventually
from tests.widgets.doubles import comm_of

LEVEL, SPEED = "Tank001.Level", "Pump001.Speed"
HOSTILE = "\x1b[2J<script>alert(1)</script>\n\u202e =1+1 $Tank"
INERT = "\\x1b[2J<script>alert(1)</script> \\u202e =1+1 $Tank"


def test_notes_are_listed_by_time_with_what_they_are_of_and_by_whom(gateway: Gateway) -> None:
    gateway.note("later", tags=[LEVEL, SPEED, LEVEL])
    gateway.note("earlier", at="-5min")
    gateway.note("once", at="2026-05-04 06:00", tags=LEVEL)
    found = gateway.notes()
    assert list(found.columns) == ["time", "text", "tags", "who", "plant"]
    assert found["text"].tolist() == ["once", "earlier", "later"]
    assert found["tags"].tolist() == [LEVEL, "", f"{LEVEL}, {SPEED}"]
    assert set(found["who"]) == {getpass.getuser()}
    assert set(found["plant"]) == {gateway.plant}
    assert found["time"][0] == pd.Timestamp("2026-05-04 06:00", tz="UTC")
    assert found["time"][2] - found["time"][1] == pytest.approx(pd.Timedelta("5min"), abs=pd.Timedelta("5s"))


def test_the_newest_notes_are_kept_and_the_others_counted(gateway: Gateway) -> None:
    assert gateway.notes().attrs["dropped"] == 0
    for number in range(10_002):
        gateway.note(f"note {number}")
    found = gateway.notes()
    assert len(found) == 10_000
    assert found["text"].iloc[[0, -1]].tolist() == ["note 2", "note 10001"]
    assert found.attrs["dropped"] == 2


def test_what_is_no_note_is_refused_in_one_line(gateway: Gateway) -> None:
    for text, said in (("", "without a text"), (" \n", "without a text"), ("x" * 1001, "at most 1,000")):
        with pytest.raises(ConfigurationError, match=said):
            gateway.note(text)
    with pytest.raises(ConfigurationError, match="not a time"):
        gateway.note("seen", at="soon")
    with pytest.raises(ConfigurationError, match="201 tags"):
        gateway.note("seen", tags=[f"A{number}.B" for number in range(201)])
    assert gateway.notes().empty


def test_a_hostile_text_is_inert_wherever_it_stands(
    gateway: Gateway, tmp_path: Path, eventually: Eventually
) -> None:
    trend = gateway.watch(LEVEL).trend()
    gateway.note(HOSTILE)
    eventually(lambda: "&lt;script&gt;" in trend.snapshot_svg())
    assert gateway.notes()["text"].tolist() == [INERT]
    assert "\x1b" not in repr(gateway.notes())
    page = gateway.dossier("-1min").to_html()
    assert "&lt;script&gt;" in page
    assert "<script" not in page + trend.snapshot_svg()
    gateway.save(gateway.notes(), tmp_path / "notes.csv")
    assert INERT in (tmp_path / "notes.csv").read_text("utf-8")


@pytest.mark.usefixtures("page")
def test_a_note_stands_on_every_trend_and_in_its_picture(gateway: Gateway, eventually: Eventually) -> None:
    levels, speeds = gateway.watch(LEVEL), gateway.watch(SPEED)
    pages = [comm_of(watch.trend()) for watch in (levels, speeds)]
    gateway.note("valve stuck")

    def told(page: int) -> list[str]:
        sent = [entry.content["noted"] for entry in pages[page].custom() if entry.content.get("noted")]
        return [text for _, text, _ in sent[-1]] if sent else []

    eventually(lambda: told(0) == told(1) == ["valve stuck"])
    eventually(lambda: "valve stuck" in levels.trend().snapshot_svg())


@pytest.mark.usefixtures("page")
def test_a_page_notes_of_the_tags_that_it_shows_and_hears_why_it_cannot(
    gateway: Gateway, eventually: Eventually
) -> None:
    levels = gateway.watch(LEVEL, SPEED)
    page = comm_of(levels.trend())
    page.say({"kind": "note", "text": " seen\x07 ", "from_ms": 1_750_000_000_000})
    eventually(lambda: len(gateway.notes()))
    row = gateway.notes().loc[0]
    assert (row["text"], row["tags"]) == ("seen\\x07", f"{LEVEL}, {SPEED}")
    assert row["time"] == pd.Timestamp(1_750_000_000, unit="s", tz="UTC")
    for ms in (0, -5, 1e308, "x"):
        page.say({"kind": "note", "text": "of not a time", "from_ms": ms})
    refused = "No note can be kept of that time"
    eventually(lambda: any(refused in str(entry.content.get("text")) for entry in page.custom()))
    assert len(gateway.notes()) == 1


def test_notes_are_recorded_and_a_recording_in_use_gives_its_own(
    gateway: Gateway, tmp_path: Path, eventually: Eventually
) -> None:
    levels = gateway.watch(LEVEL)
    recorder = levels.record(tmp_path)
    eventually(lambda: recorder.acknowledged > 3)
    gateway.note("valve stuck", tags=LEVEL)
    recorder.note("by the recorder", "somebody")
    recording = open_recording(tmp_path)
    eventually(lambda: len(recording.notes()) == 2)
    last = recording.notes()["time"].max()
    eventually(lambda: (recording.span[1] or last) > last)
    levels.stop()
    found = recording.notes().set_index("text")
    assert found["tags"].to_dict() == {"valve stuck": LEVEL, "by the recorder": ""}
    assert recording.sql("select tags from notes where text = 'valve stuck'")["tags"].tolist() == [LEVEL]
    assert "valve stuck" in recording.dossier().to_html()
    gateway.remember(recording)
    assert gateway.notes()["text"].tolist() == ["valve stuck", "by the recorder"]
    assert gateway.sql("select \"by\" from notes where text like 'by%'")["by"].tolist() == ["somebody"]


def test_notes_of_a_recording_without_tags_are_read() -> None:
    note = Note(1_750_000_000_000_000_000, "seen", "A.B", "me")
    old = fact_table("notes", [{**note_fact(note), "run": "one"}]).drop_columns(["tags"])
    (fact,) = facts_in("notes", old)
    assert (fact["text"], fact["tags"]) == ("seen", None)
