"""A recording's page of what its last deploy did: ranked, with trends, and inert."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import Dossier
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import write_galaxy
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.history import Recording, galaxy_file, open_recording
from mxgw_notebook.history.folder import prepare
from tests.history.journaled import BEGIN, PLANT, begin, place, rows
from tests.history.test_dossier import ADDRESS

SECOND, WINDOW = 1_000_000_000, 300
DEPLOYED = BEGIN + WINDOW * SECOND
HOSTILE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>fetch('//elsewhere')</script>"
STOPPED, RANGED, STEADY = f"{HOSTILE}.Level", f"{SCRIPT}.Level", "Tank003.Level"
RENAMED = {"Tank001": HOSTILE, "Tank002": SCRIPT}


def values_of(tag: str) -> tuple[list[int], list[float]]:
    """A value a second, before the deploy and after it; one tag stops with it, one has other values."""
    seconds = np.arange(1, WINDOW if tag == STOPPED else 2 * WINDOW)
    values = 50 + np.sin(seconds) + np.where((seconds > WINDOW) & (tag == RANGED), 400.0, 0.0)
    return (BEGIN + seconds * SECOND).tolist(), values.tolist()


def put_galaxies(folder: Path, gateway: Gateway) -> None:
    """The plant's galaxy with two other names, as it was, and after a deploy that changed these two."""
    galaxy = gateway.galaxy()
    objects, attributes = galaxy.objects.copy(), galaxy.attributes.copy()
    objects["tag_name"] = objects["tag_name"].replace(RENAMED)
    is_level = attributes["tag"].isin([f"{name}.Level" for name in RENAMED])
    for stamp, is_historized in ((BEGIN - SECOND, True), (DEPLOYED, False)):
        objects.attrs = {**galaxy.objects.attrs, "deployed": pd.Timestamp(stamp, tz="UTC").isoformat()}
        attributes.loc[is_level, "is_historized"] = is_historized
        write_galaxy(galaxy_file(folder, PLANT, stamp), objects, attributes)


@pytest.fixture
def recording(folder: Path, gateway: Gateway) -> Recording:
    prepare(folder, PLANT)
    journal = begin(place(folder, "run"), "run", BEGIN, STOPPED, RANGED, STEADY)
    for tag in (STEADY, RANGED, STOPPED):
        journal.append(rows(tag, *values_of(tag)))
    journal.append(None, [{"table": "alive", "until_ns": DEPLOYED + WINDOW * SECOND}])
    journal.close()
    put_galaxies(folder, gateway)
    return open_recording(folder)


def test_a_page_of_a_recorded_deploy_is_ranked_and_has_the_trend_of_each_finding(
    recording: Recording,
) -> None:
    found = recording.impact(window=f"{WINDOW}s")
    assert found["tag"].tolist() == [STOPPED, RANGED, STEADY]
    assert found["score"].is_monotonic_decreasing
    page = recording.impact_page(window=f"{WINDOW}s").to_html()
    trends = re.findall(r'aria-label="Trend of ([^"]*)"', page)
    assert trends == [escape(STOPPED), escape(RANGED)], "what is as before has none"
    said = [page.index(f"<b>{escape(tag)}</b>") for tag in (STOPPED, RANGED)]
    assert said == sorted(said)
    assert ">deploy</text>" in page


def test_a_notebook_of_a_deploy_and_a_dossier_have_its_line_too(recording: Recording, tmp_path: Path) -> None:
    path = recording.impact_page(window=f"{WINDOW}s").save(tmp_path / "impact.ipynb")
    cells = {"".join(cell["source"]): cell for cell in json.loads(path.read_text("utf-8"))["cells"]}
    shown = "".join(cells["dossier.trend()"]["outputs"][0]["data"]["text/html"])
    pictures = [base64.b64decode(one).decode() for one in re.findall(r"base64,([^\"]*)", shown)]
    assert [picture.count(">deploy</text>") for picture in pictures] == [1, 1, 1]
    dossier = recording.dossier()
    assert dossier.to_html().count(">deploy</text>") == 3
    assert Dossier.from_bytes(dossier.to_bytes()).trend(STEADY).svgs[STEADY].count(">deploy</text>") == 1
    before = recording.dossier(end=pd.Timestamp(DEPLOYED - SECOND, tz="UTC"))
    assert ">deploy</text>" not in before.to_html()


def test_a_page_asks_no_other_machine_and_hostile_names_do_nothing(
    recording: Recording, tmp_path: Path
) -> None:
    path = recording.impact_page(window=f"{WINDOW}s").save(tmp_path / "impact.html")
    page = Path(path).read_text("utf-8")
    addresses = ADDRESS.findall(page)
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert HOSTILE not in page
    assert SCRIPT not in page
    assert escape(HOSTILE) in page


def test_a_recording_that_saw_no_deploy_has_no_page(recording: Recording) -> None:
    with pytest.raises(ConfigurationError, match="No deploy was seen by then"):
        recording.impact_page(pd.Timestamp(BEGIN, tz="UTC"))
