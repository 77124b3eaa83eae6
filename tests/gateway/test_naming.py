"""Tags as people have them: globs, Series, tables, an attribute of a template; names that nothing has."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.tags.naming import find_tags_of_template

NINE = [f"Tank00{number}.Level" for number in range(1, 10)]


def test_a_glob_reads_the_tags_that_it_matches(gateway: Gateway) -> None:
    assert gateway.read("tank00*.level", "Pump001.Speed")["tag"].tolist() == [*NINE, "Pump001.Speed"]


def test_a_glob_is_watched(gateway: Gateway) -> None:
    watch = gateway.watch("Tank00?.Level")
    assert watch.tags == NINE
    watch.add(gateway.find("Tank01?.Level"))
    assert len(watch.tags) > len(NINE)
    watch.stop()


def test_tables_and_series_of_tags_are_taken(gateway: Gateway) -> None:
    found = gateway.find("Tank00?.Level")
    for given in (found, found["tag"], gateway.read(found), [found["tag"].iloc[0], *found["tag"].iloc[1:]]):
        assert gateway.read(given)["tag"].tolist() == NINE
    watch = gateway.watch(found)
    assert sorted(gateway.read(watch.frame())["tag"]) == NINE
    watch.stop()


def test_an_attribute_of_a_template_is_read_and_watched(gateway: Gateway) -> None:
    tanks = gateway.objects(template="$Tank")["tag_name"].tolist()
    levels = gateway.read(template="$Tank", attribute="Level")["tag"]
    assert levels.tolist() == [f"{tank}.Level" for tank in tanks]
    assert len(gateway.read(template="$Tank", attribute=["Level", "Temperature"])) == 2 * len(tanks)
    watch = gateway.watch("Pump001.Speed", template="$Tank", attribute="Level")
    assert len(watch.tags) == len(tanks) + 1
    watch.stop()


def test_the_number_is_said_before_it_is_large(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    gateway.read("Tank00?.Level")
    gateway.read(gateway.find("*.PV").head(5)["tag"].tolist() * 30)
    assert capsys.readouterr().out == ""
    table = gateway.find("Tank0*.*").head(150)
    gateway.read(table)
    assert capsys.readouterr().out == "150 tags will be read.\n"


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda gateway: gateway.read("Tnak*.Level"), r"No tag matches Tnak\*\.Level"),
        (lambda gateway: gateway.read(gateway.objects()), "A table of objects lists no tags"),
        (lambda gateway: gateway.watch(template="$Tank"), "belong together"),
        (lambda gateway: gateway.read(template="$Tank", attribute="Levle"), "Did you mean Level"),
        (lambda gateway: gateway.read(template="$Tnak", attribute="Level"), r"Did you mean \$Tank"),
        (lambda gateway: gateway.objects(template="$Tnak"), r"Did you mean \$Tank"),
        (lambda gateway: gateway.find("level", template="$Tnak"), r"Did you mean \$Tank"),
        (lambda gateway: gateway.objects(area="Utilitis"), "no area Utilitis. Did you mean Utilities"),
        (lambda gateway: gateway.attributes(data_type="Doubel"), "Did you mean Double"),
        (lambda gateway: gateway.attributes(security="Operat3"), "Did you mean Operate"),
        (lambda gateway: gateway.objects(category="Aera"), "Did you mean Area"),
        (lambda gateway: gateway.find(), "No pattern given"),
    ],
)
def test_what_nothing_has_is_told(gateway: Gateway, ask: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        ask(gateway)


def test_what_a_galaxy_only_happens_not_to_have_is_an_empty_table(gateway: Gateway) -> None:
    assert len(gateway.attributes(data_type="InternationalizedString", path="Utilities/*")) == 0
    assert len(gateway.objects(path="Nowhere/*")) == 0


def test_a_filter_finds_without_a_pattern(gateway: Gateway) -> None:
    assert set(gateway.find(area="Utilities")["area"]) == {"Utilities"}


async def test_objects_of_one_template_may_spell_an_attribute_in_two_ways() -> None:
    class TwoSpellings:
        async def attributes(self, _: None, *, template: str) -> pd.DataFrame:
            del template
            tags = ["T1.Level", "T2.LEVEL", "T2.PV"]
            return pd.DataFrame({"tag": tags, "attribute": ["Level", "LEVEL", "PV"]})

    model: Any = TwoSpellings()
    assert await find_tags_of_template(model, "$Tank", "level") == ["T1.Level", "T2.LEVEL"]
