"""The plant's model through the facade: objects, attributes, find."""

from __future__ import annotations

import asyncio

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import glob_matches, matches
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY


def test_all_objects_stand_in_the_galaxys_order(gateway: Gateway) -> None:
    objects = gateway.objects()
    assert len(objects) == gateway.object_count()
    assert objects["tag_name"].is_unique
    assert objects.attrs["endpoint"] == gateway.endpoint
    assert objects["path"].str.contains("/").any()


def test_objects_are_narrowed_by_every_filter_given(gateway: Gateway) -> None:
    pumps = gateway.objects("*pump*", template="$Pump", category="ApplicationObject")
    assert len(pumps) > 0
    assert 0 < len(gateway.objects("*00*", template="$Pump")) < len(gateway.objects("*00*"))
    assert pumps["template_chain"].str.contains("$Pump", regex=False).all()
    area = pumps["area"].iloc[0]
    assert set(gateway.objects(area=area)["area"]) == {area}
    assert set(gateway.objects(category="Area")["category"]) == {"Area"}


def test_attributes_are_narrowed_by_every_filter_given(gateway: Gateway) -> None:
    found = gateway.attributes("Tank001.*", historized=True, data_type="Double")
    assert len(found) > 0
    assert found["tag"].str.startswith("Tank001.").all()
    assert found["is_historized"].all()
    assert set(found["data_type"]) == {"Double"}
    assert gateway.attributes(alarm=True)["is_alarm"].all()
    assert not gateway.attributes(alarm=False)["is_alarm"].any()
    assert set(gateway.attributes(security="SecuredWrite")["security"]) == {"SecuredWrite"}
    assert set(gateway.attributes(template="Pump", area="*")["template"]) >= {"$Pump"}


def test_find_takes_globs_and_words_never_by_case(gateway: Gateway) -> None:
    tags = gateway.attributes()["tag"].tolist()
    assert gateway.find("*PUMP*.speed")["tag"].tolist() == glob_matches("*pump*.speed", tags)
    words = gateway.find("speed PUMP001")["tag"].tolist()
    assert set(words) >= {tag for tag in tags if "pump001" in tag.lower() and "speed" in tag.lower()}
    assert words[0] == "Pump001.Speed"


def test_nothing_found_has_the_same_columns(gateway: Gateway) -> None:
    assert gateway.find("nothing of that kind").columns.tolist() == gateway.attributes().columns.tolist()
    assert len(gateway.objects(path="nowhere/*")) == 0


@pytest.mark.parametrize("pattern", ["", "   "])
def test_an_empty_pattern_does_not_list_the_plant(gateway: Gateway, pattern: str) -> None:
    with pytest.raises(ConfigurationError, match="No pattern given"):
        gateway.find(pattern)


def test_what_a_cell_does_to_its_frame_changes_nothing_here(gateway: Gateway) -> None:
    objects = gateway.objects()
    objects["tag_name"] = "mine"
    del objects["area"]
    assert gateway.objects()["tag_name"].nunique() > 1
    assert "area" in gateway.objects()


async def test_a_deploy_is_seen_at_the_next_question(served: ServedGateway) -> None:
    gateway = await asyncio.to_thread(connect, served.endpoint, api_key=KEY, plaintext=True)
    before = await asyncio.to_thread(gateway.objects)
    await served.advance(10)
    served.deploy()
    after = await asyncio.to_thread(gateway.objects)
    assert after.attrs["deployed"] > before.attrs["deployed"]
    await asyncio.to_thread(gateway.close)


NAMES = st.text(st.sampled_from("aAbB.*?[1"), max_size=5)


@given(
    st.lists(st.one_of(st.none(), NAMES), max_size=8), NAMES.filter(lambda text: "*" in text or "?" in text)
)
def test_a_pattern_finds_what_the_glob_matches(names: list[str | None], pattern: str) -> None:
    found = matches(pd.Series(pd.Categorical(names)), pattern)
    assert found.tolist() == [name is not None and bool(glob_matches(pattern, [name])) for name in names]
