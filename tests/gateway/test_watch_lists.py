"""Watch lists: files that outlive the kernel, ours and Object Viewer's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY, Eventually
from tests.widgets.doubles import comm_of

LEVELS = ["Tank001.Level", "Tank002.Level"]
FEED = """\
# A watch list of mxgw_notebook: %mxgw watch @feed
tags = [
  "FIC101.PV",
  "Tank00?.Level",
  "Pump001.Speed",
]
without = [
  "Tank003.Level",
]
window = "600s"
buffered = "500ms"
table = true
"""
VIEWER = """<?xml version="1.0"?>
<WatchWindows xmlns="http://example.com/ObjectViewer/1.0" version="3.1">
  <WatchWindow name="Feed" type="ObjectViewer.Windows.Watch">
    <Item reference="Tank001.Level" format="0.00"/>
    <Item><Object>FIC101</Object><Attribute>PV</Attribute></Item>
    <Item><AttributeReference> Pump001.Speed </AttributeReference></Item>
    <Item reference="Tank001.Level"/>
  </WatchWindow>
</WatchWindows>
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_watched_is_saved_and_watched_again(gateway: Gateway, folder: Path) -> None:
    first = gateway.watch("FIC101.PV", "Tank00?.Level", buffered="500ms")
    first.show_table()
    first.add("Pump001.Speed")
    first.remove("Tank003.Level")
    first.trend().window_seconds = 600
    assert first.save(folder / "feed.toml") == folder / "feed.toml"
    assert (folder / "feed.toml").read_text("utf-8") == FEED
    again = gateway.watch("@feed")
    assert sorted(again.tags) == sorted(first.tags)
    assert "Tank003.Level" not in again.tags
    assert again.trend().window_seconds == 600
    again.save("feed.toml")
    assert (folder / "feed.toml").read_text("utf-8") == FEED


@pytest.mark.usefixtures("page")
def test_the_span_that_a_page_chose_is_saved(gateway: Gateway, folder: Path) -> None:
    levels = gateway.watch(LEVELS)
    comm_of(levels.trend()).say({"kind": "view", "text": "newest", "from_ms": 0, "to_ms": 300_000})
    levels.save("feed.toml")
    assert 'window = "300s"' in (folder / "feed.toml").read_text("utf-8")
    comm_of(levels.trend()).say({"kind": "view", "text": "newest", "from_ms": 0, "to_ms": 120_000})
    levels.save("feed.toml")
    assert "window" not in (folder / "feed.toml").read_text("utf-8")


def test_scales_by_hand_are_saved_and_drawn(gateway: Gateway, folder: Path) -> None:
    levels = gateway.watch("Tank001.Level", "FIC101.PV")
    levels.scale("Tank001.Level", 0, 100)
    levels.scale("m3/h", low=0.5, log=True)
    levels.save("feed.toml")
    lines = '{ units = "%", low = 0.0, high = 100.0 },\n  { units = "m3/h", low = 0.5, log = true },'
    assert f"scales = [\n  {lines}\n]\n" in (folder / "feed.toml").read_text("utf-8")
    again = gateway.watch("@feed")
    again.scale("Tank001.Level")
    again.save("again.toml")
    assert '"m3/h"' in (folder / "again.toml").read_text("utf-8")
    assert '"%"' not in (folder / "again.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("of", "low", "high", "log"),
    [("Nope.Nope", 0, 1, False), ("%", 1, 1, False), ("%", float("nan"), 1, False), ("%", 0, 1, True)],
)
def test_an_axis_that_cannot_be_is_refused(
    gateway: Gateway, of: str, low: float, high: float, log: bool
) -> None:
    levels = gateway.watch("Tank001.Level")
    with pytest.raises(ConfigurationError, match=r"is not a tag of this watch|No axis goes|not nan"):
        levels.scale(of, low, high, log=log)


def test_a_template_is_saved_as_one_and_read(gateway: Gateway, folder: Path) -> None:
    gateway.watch(template="$Tank", attribute=["Level", "Temperature"]).save("tanks.toml")
    text = (folder / "tanks.toml").read_text("utf-8")
    assert 'template = "$Tank"\nattribute = [\n  "Level",\n  "Temperature",\n]\n' in text
    assert len(gateway.read("@tanks")) == len(gateway.watch("@tanks").tags) > 2


async def test_the_globs_of_a_list_are_asked_again_after_a_deploy(
    served: ServedGateway, folder: Path, eventually: Eventually
) -> None:
    (folder / "all.toml").write_text('tags = ["*.PV", "Tank001.Level"]', encoding="utf-8")
    gateway = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)
    feed = await asyncio.to_thread(gateway.watch, "@all")
    plain = await asyncio.to_thread(gateway.watch, "*.PV")
    await asyncio.to_thread(eventually, lambda: gateway._deploy_follower.status == "live")
    before = set(feed.tags)
    await served.advance(10)
    served.deploy()
    await asyncio.to_thread(eventually, lambda: set(feed.tags) > before)
    assert set(plain.tags) == before - {"Tank001.Level"}
    await asyncio.to_thread(feed.save, "all.toml")
    assert '"*.PV",\n  "Tank001.Level",\n]' in (folder / "all.toml").read_text("utf-8")
    await asyncio.to_thread(gateway.close)


def test_a_watch_list_of_object_viewer_is_watched(gateway: Gateway, folder: Path) -> None:
    (folder / "viewer.xml").write_text(VIEWER, encoding="utf-16")
    assert gateway.watch("@viewer.xml").tags == ["Tank001.Level", "FIC101.PV", "Pump001.Speed"]


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "Tank001.Level">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("feed.toml", "tags = [", "is not a watch list"),
        ("feed.toml", b"\xff\xfe", "is not a watch list"),
        ("feed.toml", "", "lists no tags"),
        ("feed.toml", 'tags = "Tank001.Level"', "tags is not a list of texts"),
        ("feed.toml", "tags = [1]", "tags is not a list of texts"),
        ("feed.toml", 'tag = ["Tank001.Level"]', "'tag' is not understood"),
        ("feed.toml", 'tags = ["Tank001.Level"]\nwindow = "soon"', "window is not a stretch of time"),
        ("feed.toml", 'tags = ["A.B"]\nscales = [{ units = "%", low = 2, high = 1 }]', "scales is not"),
        ("feed.toml", 'template = "$Tank"', "template and attribute belong together"),
        ("feed.xml", "<a>Tank001.Level", "cannot be read as XML"),
        ("feed.toml", f"a = {'[' * 5000}", "is not a watch list"),
        ("feed.xml", BOMB, "cannot be read as XML"),
        ("feed.xml", "<a version='1.0' type='A.B'/>", "has no reference such as Tank001.Level"),
        ("other.toml", "", "There is no watch list feed.toml"),
    ],
)
def test_a_file_that_is_no_watch_list_is_told_in_one_line(
    gateway: Gateway, folder: Path, name: str, content: str | bytes, words: str
) -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ConfigurationError, match=words) as told:
        gateway.watch("@feed.xml" if name.endswith("xml") else "@feed")
    assert "\n" not in str(told.value).partition("  ")[0]


def test_nothing_else_is_overwritten_and_a_list_stands_alone(gateway: Gateway, folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    levels = gateway.watch(LEVELS)
    with pytest.raises(ConfigurationError, match="is there, and no watch list"):
        levels.save("pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"A watch list is a \.toml file"):
        levels.save("feed.csv")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        levels.save(folder / "nowhere" / "feed.toml")
    with pytest.raises(ConfigurationError, match="has to stand alone"):
        gateway.watch("@feed", "Tank001.Level")
    assert (folder / "pyproject.toml").read_text("utf-8") == "[project]\n"
