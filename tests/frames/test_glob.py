"""Our globs are the galaxy's."""

from __future__ import annotations

import sys
from itertools import product

import pandas as pd
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, Gate
from mxgw_notebook.errors import NotArmedError
from mxgw_notebook.frames import lower, matches
from mxgw_notebook.globs import folded, glob_matches, is_glob
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY

PIECES = ("*", "?", "[", "0", ".", "Pump", "tank", "??01")


@pytest.mark.parametrize(
    ("pattern", "names", "matched"),
    [
        ("pump00?", ["Pump001", "Pump0011", "XPump001"], ["Pump001"]),
        ("*", ["", "A"], ["", "A"]),
        ("Tank[01]", ["Tank0", "Tank[01]"], ["Tank[01]"]),
        ("A.B", ["A.B", "AxB"], ["A.B"]),
        (r"\\Galaxy\*", [r"\\Galaxy\Area.Pump", "Galaxy"], [r"\\Galaxy\Area.Pump"]),
        ("a*c", ["a\nc"], ["a\nc"]),
    ],
)
def test_only_star_and_question_mark_are_wild(pattern: str, names: list[str], matched: list[str]) -> None:
    assert glob_matches(pattern, names) == matched


async def test_a_glob_matches_what_the_galaxys_own_browse_lets_through(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        names = [found.tag_name for found in await client.discover_hierarchy(include_attributes=False)]
        matched = set[str]()
        for pattern in map("".join, product(PIECES, PIECES, ("", "*"))):
            found = await client.discover_hierarchy(tag_name_glob=pattern, include_attributes=False)
            assert glob_matches(pattern, names) == [one.tag_name for one in found], pattern
            matched.update(one.tag_name for one in found)
    assert matched == set(names)


def test_a_glob_matches_letters_whose_lower_case_is_longer_or_depends_on_their_place() -> None:
    assert glob_matches("?zmir.İ*", ["İzmir.İsi", "izmir.isi", "xxzmir.i"]) == ["İzmir.İsi", "izmir.isi"]
    assert glob_matches("ΤΑΣ*", ["ΤΑΣΗ.PV", "τας.PV"]) == ["ΤΑΣΗ.PV"]
    assert glob_matches("*ΤΑΣ", ["ΤΑΣ", "τασ"]) == ["ΤΑΣ", "τασ"]


def test_names_are_folded_alike_one_by_one_and_as_a_column() -> None:
    # Those that this Python knows to have two cases: of newer ones Arrow may know already.
    letters = [letter for letter in map(chr, range(sys.maxunicode)) if letter.lower() != letter]
    assert lower(letters).to_pylist() == [folded(letter) for letter in letters]


def test_an_arming_covers_such_letters_too() -> None:
    gate = Gate("plant")
    gate.arm("tests", tags=["?zmir.SP", "ΤΑΣ*"])
    gate.check(["İzmir.SP", "ΤΑΣΗ.SP", "Galaxy!Area.İZMİR.SP"], "written")
    with pytest.raises(NotArmedError):
        gate.check(["xİzmir.SP"], "written")


@pytest.mark.parametrize("text", ["İz*.?V", "izmi", "İZMİR"])
def test_a_search_finds_such_letters_too(text: str) -> None:
    names = pd.Series(["İzmir.PV", "Ankara.PV"])
    assert matches(names, text).tolist() == [True, False]


def test_a_glob_is_told_from_a_name() -> None:
    assert is_glob("*Pump")
    assert is_glob("Pump00?")
    assert not is_glob(r"\\Galaxy\Area[1].Pump")
