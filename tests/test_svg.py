"""Still drawings: what a plant says stays text in them, and scales give round numbers."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from mxgw_notebook.svg import (
    PALETTE,
    WIDTH,
    Scale,
    Svg,
    across,
    bar,
    drawing,
    element,
    grid_line,
    path,
    upright,
    words_at,
)

HOSTILE = "</text></svg><script>alert('1')</script><img src=x onerror=\"alert(2)\"> & more"
SVG = "{http://www.w3.org/2000/svg}"


def parsed(*body: Svg, label: str = "") -> ElementTree.Element:
    """The drawing as an XML parser sees it, which refuses what is not well formed."""
    return ElementTree.fromstring(drawing(100, label, body))


def test_hostile_words_stay_words_in_texts_titles_and_attributes() -> None:
    body = [words_at(1, 2, "short", "end", title=HOSTILE), words_at(1, 2, HOSTILE, "start")]
    body.append(bar(0, 0, 1, 1, HOSTILE, title=HOSTILE))
    root = parsed(*body, label=HOSTILE)
    assert {part.tag for part in root.iter()} == {f"{SVG}{name}" for name in ("svg", "text", "title", "rect")}
    assert root.get("aria-label") == HOSTILE
    assert [text.text for text in root.iter(f"{SVG}text")] == ["short", HOSTILE]
    assert [title.text for title in root.iter(f"{SVG}title")] == [HOSTILE, HOSTILE]
    assert root[2].get("fill") == HOSTILE


@pytest.mark.parametrize("forbidden", ["\x00", "\x1b", "\x0b", "\ufffe", "\ud800"])
def test_a_character_that_no_xml_may_have_is_replaced(forbidden: str) -> None:
    root = parsed(words_at(0, 0, f"Tank{forbidden}1", "start"), label=f"of{forbidden}")
    assert (root[0].text, root.get("aria-label")) == ("Tank\ufffd1", "of\ufffd")


def test_characters_of_every_language_and_spaces_are_kept() -> None:
    words = "Kessel   Öl 水位 \U0001f525\tzu"
    text = parsed(words_at(0, 0, words, "start"))[0]
    assert text.text == words
    assert text.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_a_title_that_says_the_same_as_its_words_is_left_out() -> None:
    assert "<title>" not in words_at(0, 0, "Tank1", "start", title="Tank1")


def test_numbers_are_rounded_to_a_tenth_and_what_is_none_is_left_out() -> None:
    assert element("rect", {"x": 1 / 3, "y": 2, "fill": None}) == '<rect x="0.3" y="2.0"/>'
    assert bar(0, 1, 2.55, 3, PALETTE[0], opacity=0.16) == (
        '<rect x="0.0" y="1.0" width="2.5" height="3.0" fill="#0a84c6" fill-opacity="0.16"/>'
    )


def test_lines_go_across_and_upright() -> None:
    assert across(5, 1, 9) == "M1.0 5.0H9.0"
    assert upright(5, 1, 9) == "M5.0 1.0V9.0"
    assert path(across(5, 1, 9), "red", width=1.2, dashes="5 4") == (
        '<path d="M1.0 5.0H9.0" fill="none" stroke="red" stroke-width="1.2" stroke-dasharray="5 4"/>'
    )
    assert 'stroke="currentColor" stroke-opacity="0.12"' in grid_line(upright(5, 1, 9))


def test_a_drawing_is_as_wide_as_there_is_room_and_says_what_it_is() -> None:
    root = ElementTree.fromstring(drawing(240, "Alarms", []))
    assert root.get("viewBox") == f"0 0 {WIDTH} 240"
    assert (root.get("role"), root.get("aria-label")) == ("img", "Alarms")
    assert root.get("style") == f"max-width:{WIDTH}px;width:100%"


def test_a_scale_goes_from_end_to_end_also_upwards() -> None:
    scale = Scale(10, 20, 200, 100)
    assert [scale.at(value) for value in (10, 15, 20)] == [200, 150, 100]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10.8, [0, 5, 10]),
        (0, 108, [0, 50, 100]),
        (-0.25, 0.31, [-0.2, 0, 0.2]),
        (0, 4e-15, [0, 1e-15, 2e-15, 3e-15, 4e-15]),
        (1e6, 1e6 + 4, [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4]),
    ],
)
def test_ticks_are_round_numbers_within_the_scale(low: float, high: float, ticks: list[float]) -> None:
    assert Scale(low, high, 0, 1).ticks(5) == ticks
