"""The benchmark of growth, small: each size does its whole job, and is drawn."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.benchmark import Round, Setting, load
from benchmarks.growth import GROWING
from benchmarks.page import page
from benchmarks.pictures import growth_drawing
from benchmarks.report import Report

pytestmark = pytest.mark.long

GROWTH = load("growth")


def test_what_grows_by_its_size_lies_on_the_dashed_line() -> None:
    seconds_of, megabytes_of = [(10, 1.0), (1000, 100.0)], [(10, 5.0), (1000, 5.0)]
    drawn = ElementTree.fromstring(growth_drawing("tags", seconds_of, megabytes_of))
    lines = [line.get("d") for line in drawn.iter() if line.tag.endswith("path") and line.get("stroke-width")]
    in_proportion, seconds, _, megabytes = lines
    assert seconds == in_proportion
    assert megabytes is not None
    assert len({place.split()[1] for place in megabytes[1:].split("L")}) == 1  # level


@pytest.mark.parametrize("growing", GROWING)
def test_a_small_size_does_its_whole_job(growing: str) -> None:
    measure, _ = GROWING[growing]
    figures = measure(Setting("nowhere:0", 20 if growing != "hours" else 1))
    assert figures["seconds"] > 0
    assert figures["added_mb"] >= 1


def test_the_page_draws_what_grows_and_names_one_that_takes_more_than_its_share() -> None:
    measured: Round = {
        variant.name: {"size": float(variant.size), "seconds": variant.size / 1000, "added_mb": 2.0}
        for variant in GROWTH.variants
        if not variant.name.startswith("hours")
    }
    measured = {**measured, "depth_5000": {"size": 5e3, "seconds": 5.0, "added_mb": 50.0}}
    written = page({"growth": Report.of(GROWTH, [measured])}, {"growth": GROWTH})
    assert "| growth | tags_time_exponent | 1 | 1 | 1 |" in written
    assert written.count("<svg") == len(GROWING) - 1
    assert "hours: not measured here" in written
    assert "More than in proportion grows depth: " in written
    assert written.count("More than in proportion") == 1
