"""The galaxy over the wire: pages, filters, deploys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from mxgw_notebook.client import (
    BrowseFilters,
    GalaxyAttribute,
    GalaxyObject,
    GalaxyRepositoryClient,
    HierarchyFilters,
)
from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.errors import (
    ConfigurationError,
    LimitExceededError,
    NotFoundError,
)
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY


def names_in(batches: list[Any]) -> list[str]:
    """The tag names of a hierarchy loaded as columns."""
    return [found["tag_name"] for batch in batches for found in batch.column("objects")[0].as_py()]


@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_the_galaxys_database_answers(galaxy: GalaxyRepositoryClient) -> None:
    assert await galaxy.test_connection() is True


@pytest.mark.parametrize("page_size", [1, 7, 350, 5000])
async def test_pages_of_any_size_give_the_same_hierarchy(
    galaxy: GalaxyRepositoryClient, page_size: int
) -> None:
    filters: dict[str, Any] = {"tag_name_glob": "*Pump*"} if page_size == 1 else {}
    whole = await galaxy.discover_hierarchy(page_size=5000, **filters)
    assert await galaxy.discover_hierarchy(page_size=page_size, **filters) == whole
    columns = await galaxy.hierarchy_columns(page_size=page_size, **filters)
    assert names_in(columns) == [found.tag_name for found in whole]


async def test_columns_carry_what_messages_carry(galaxy: GalaxyRepositoryClient) -> None:
    (batch,) = await galaxy.hierarchy_columns(page_size=5000)
    (*_, message) = await galaxy.discover_hierarchy()
    row = batch.column("objects")[0].as_py()[-1]
    assert row["gobject_id"] == message.gobject_id
    assert row["template_chain"] == list(message.template_chain)
    assert [a["full_tag_reference"] for a in row["attributes"]] == [
        a.full_tag_reference for a in message.attributes
    ]


async def test_progress_is_told_after_each_page(galaxy: GalaxyRepositoryClient) -> None:
    told: list[tuple[int, int]] = []
    await galaxy.hierarchy_columns(page_size=100, progress=lambda done, total: told.append((done, total)))
    count = await galaxy.object_count()
    assert told[-1] == (count, count)
    assert [done for done, _ in told[:-1]] == list(range(100, count, 100))


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({"tag_name_glob": "pump00?"}, lambda o: o.tag_name.lower().startswith("pump00")),
        ({"category_ids": [13]}, lambda o: o.is_area),
        ({"template_chain_contains": ["Tank"]}, lambda o: any("Tank" in name for name in o.template_chain)),
        ({"alarm_bearing_only": True}, lambda o: any(a.is_alarm for a in o.attributes)),
        ({"historized_only": True}, lambda o: any(a.is_historized for a in o.attributes)),
        ({"root_tag_name": "Tank001"}, lambda o: o.tag_name == "Tank001" or o.parent_gobject_id),
    ],
    ids=["glob", "category", "template", "alarms", "history", "root"],
)
async def test_filters_reach_the_gateway(
    galaxy: GalaxyRepositoryClient, filters: dict[str, Any], passes: Callable[[Any], bool]
) -> None:
    found = await galaxy.discover_hierarchy(**filters)
    assert 0 < len(found) < await galaxy.object_count()
    assert all(passes(one) for one in found)
    assert names_in(await galaxy.hierarchy_columns(**filters)) == [one.tag_name for one in found]


async def test_attributes_can_be_left_out(galaxy: GalaxyRepositoryClient) -> None:
    found = await galaxy.discover_hierarchy(include_attributes=False)
    assert found
    assert not any(one.attributes for one in found)


async def test_a_root_that_is_not_there_is_not_found(galaxy: GalaxyRepositoryClient) -> None:
    with pytest.raises(NotFoundError, match="NopeArea"):
        await galaxy.discover_hierarchy(root_tag_name="NopeArea")


async def test_a_narrowed_key_sees_a_smaller_galaxy() -> None:
    narrow = Key("mxgw_narrow_secret", tag_globs=("Pump*",))
    async with (
        served_with(keys=(narrow,)) as gateway,
        await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as all_of_it,
        await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=narrow.text, plaintext=True) as part,
    ):
        seen = [a.full_tag_reference for o in await part.discover_hierarchy() for a in o.attributes]
        everything = [
            a.full_tag_reference for o in await all_of_it.discover_hierarchy() for a in o.attributes
        ]
    assert seen == [tag for tag in everything if tag.startswith("Pump")]


# ------------------------------------------------------------------ the message limit


async def test_a_page_over_the_message_limit_is_asked_for_in_halves(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(
        served.endpoint, api_key=KEY, plaintext=True, message_limit=100_000
    ) as small:
        told: list[int] = []
        batches = await small.hierarchy_columns(
            page_size=400, progress=lambda done, total: told.append(total)
        )
        whole = await small.object_count()
    assert len(batches) > 3
    assert len(names_in(batches)) == whole


async def test_a_page_that_the_gateway_cannot_send_is_asked_for_in_halves() -> None:
    async with (
        served_with(message_bytes=100_000) as gateway,
        await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as galaxy,
    ):
        assert len(names_in(await galaxy.hierarchy_columns())) == await galaxy.object_count()


async def test_one_object_over_the_message_limit_is_an_error(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(
        served.endpoint, api_key=KEY, plaintext=True, message_limit=500
    ) as tiny:
        with pytest.raises(LimitExceededError):
            await tiny.hierarchy_columns()


# ------------------------------------------------------------------ records


async def test_objects_and_attributes_carry_what_their_messages_carry(galaxy: GalaxyRepositoryClient) -> None:
    messages = [message async for message in galaxy.iter_hierarchy_raw()]
    found = await galaxy.discover_hierarchy()
    names = [field.name for message in messages[:1] for field in message.DESCRIPTOR.fields]
    assert "attributes" in names
    for one, message in zip(found, messages, strict=True):
        assert isinstance(one, GalaxyObject)
        for name in names:
            if name != "attributes":
                assert plain(getattr(one, name)) == plain(getattr(message, name))
        for attribute, sent in zip(one.attributes, message.attributes, strict=True):
            assert isinstance(attribute, GalaxyAttribute)
            for field in sent.DESCRIPTOR.fields:
                assert getattr(attribute, field.name) == getattr(sent, field.name)


def plain(value: Any) -> Any:
    """A repeated field as the tuple it is kept as."""
    return value if isinstance(value, str | int) else tuple(value)


async def test_what_the_galaxy_gave_cannot_be_changed_by_mistake(galaxy: GalaxyRepositoryClient) -> None:
    (found,) = await galaxy.discover_hierarchy(root_tag_name="Pump001", max_depth=0)
    with pytest.raises(FrozenInstanceError):
        found.tag_name = "Pump002"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("request_type", "filters"),
    [(wire.DiscoverHierarchyRequest, HierarchyFilters), (wire.BrowseChildrenRequest, BrowseFilters)],
)
def test_the_filters_have_the_names_of_the_requests_fields(request_type: Any, filters: Any) -> None:
    fields = set(request_type.DESCRIPTOR.fields_by_name) - {"page_token"}
    assert filters.__annotations__.keys() | {"page_size"} == fields


async def test_a_misspelt_filter_is_refused_by_type_checkers_and_by_the_call(
    galaxy: GalaxyRepositoryClient,
) -> None:
    with pytest.raises(ConfigurationError, match="tag_glob"):
        await galaxy.discover_hierarchy(tag_glob="Tank*")  # type: ignore[call-arg]
    with pytest.raises(ConfigurationError, match="tag_glob"):
        await galaxy.browse(tag_glob="Tank*").expand()  # type: ignore[call-arg]
