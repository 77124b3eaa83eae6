"""A galaxy of 50,000 objects with 1,000,000 attributes into two DataFrames, against the bare pages.

The clock runs from the first call on a connected channel until both tables are there. `find` is the
slowest of a number of questions asked of the loaded tables, the first of which makes their index.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any

import grpc

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.pages import ATTRIBUTES, PAGE, path
from benchmarks.process import source
from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.gateway.model import Galaxy, GalaxyModel, RepositorySource
from mxgw_notebook.live.loop import loop_thread

# A notebook has pandas and pyarrow already.
pandas = importlib.import_module("pandas")

OBJECTS = 50_000
UNLIMITED = [("grpc.max_receive_message_length", -1)]
QUESTIONS: tuple[tuple[str | None, dict[str, Any]], ...] = (
    ("*Pump*.Speed", {}),
    ("speed pump area0010", {}),
    ("/pump.*7\\.(speed|pv)$/", {}),
    ("*p*0*.s*", {}),
    ("temperature", {"template": "$HeatExchanger", "area": "Area00*", "is_historized": True}),
    (None, {"path": "area001?/*", "data_type": "Boolean", "security": "Tune"}),
    ("no such thing", {}),
)


def transfer(setting: Setting) -> Figures:
    """Takes the serialised pages into memory and does nothing with them: the floor."""
    with grpc.insecure_channel(setting.address, UNLIMITED) as channel:
        grpc.channel_ready_future(channel).result()
        start = perf_counter()
        received = list(pages(channel, setting))
        seconds = perf_counter() - start
    return {"seconds": seconds, "megabytes": sum(len(page) for page in received) / 1e6}


def pages(channel: grpc.Channel, setting: Setting) -> Iterator[bytes]:
    """The serialised replies, one after the other."""
    call: Any = channel.unary_unary(path("DiscoverHierarchy"))
    for number in range(-(-setting.size // PAGE)):
        request = wire.DiscoverHierarchyRequest(page_token=str(number) if number else "")
        yield call(request.SerializeToString())


def load(setting: Setting) -> Figures:
    """The product's own way: both tables, as `objects()` and `attributes()` have them."""
    seconds, galaxy = loaded(setting)
    check(len(galaxy.objects), len(galaxy.attributes), setting)
    return {"seconds": seconds}


def loaded(setting: Setting) -> tuple[float, Galaxy]:
    """How long the load took, and what it gave."""
    loop = loop_thread()
    client = loop.run(GalaxyRepositoryClient.connect(setting.address, plaintext=True))
    model = GalaxyModel(RepositorySource(client))
    start = perf_counter()
    galaxy = loop.run(model.load())
    seconds = perf_counter() - start
    loop.run(client.close())
    return seconds, galaxy


def list_of_dicts(setting: Setting) -> Figures:
    """As most would write it: a dict an object and a dict an attribute, then two DataFrames."""
    with grpc.insecure_channel(setting.address, UNLIMITED) as channel:
        grpc.channel_ready_future(channel).result()
        start = perf_counter()
        objects: list[dict[str, Any]] = []
        attributes: list[dict[str, Any]] = []
        for page in pages(channel, setting):
            for one in wire.DiscoverHierarchyReply.FromString(page).objects:
                objects.append(object_dict(one))
                attributes += [attribute_dict(one, attribute) for attribute in one.attributes]
        tables = pandas.DataFrame(objects), pandas.DataFrame(attributes)
        seconds = perf_counter() - start
    check(len(tables[0]), len(tables[1]), setting)
    return {"seconds": seconds}


def object_dict(one: wire.GalaxyObject) -> dict[str, Any]:
    """An object's fields, without path, area and depth: less than the product's table."""
    return {
        "gobject_id": one.gobject_id,
        "tag_name": one.tag_name,
        "contained_name": one.contained_name,
        "browse_name": one.browse_name,
        "parent": one.parent_gobject_id,
        "category": one.category_id,
        "hosted_by": one.hosted_by_gobject_id,
        "template_chain": " < ".join(one.template_chain),
    }


def attribute_dict(one: wire.GalaxyObject, attribute: wire.GalaxyAttribute) -> dict[str, Any]:
    """An attribute's fields, with its object's name."""
    return {
        "tag": attribute.full_tag_reference,
        "object": one.tag_name,
        "attribute": attribute.attribute_name,
        "data_type": attribute.mx_data_type,
        "is_array": attribute.is_array,
        "array_dimension": attribute.array_dimension,
        "security": attribute.security_classification,
        "is_historized": attribute.is_historized,
        "is_alarm": attribute.is_alarm,
    }


def find(setting: Setting) -> Figures:
    """The slowest of the questions, and what the first one cost because of the index."""
    _, galaxy = loaded(setting)
    first = asked(galaxy, QUESTIONS[0])
    return {"first_ms": first, "slowest_ms": max(asked(galaxy, question) for question in QUESTIONS)}


def asked(galaxy: Galaxy, question: tuple[str | None, dict[str, Any]]) -> float:
    """How long one question takes, in milliseconds."""
    start = perf_counter()
    galaxy.index.find(*question)
    return (perf_counter() - start) * 1000


def check(objects: int, attributes: int, setting: Setting) -> None:
    """Every object and every attribute has to be there."""
    if (objects, attributes) != (setting.size, setting.size * ATTRIBUTES):
        raise ValueError(f"{objects} objects with {attributes} attributes came of {setting.size}")


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.pages", str(size))


BENCHMARK = Benchmark(
    about="50,000 objects with 1,000,000 attributes as two tables, against the bare pages; finding tags",
    source=_source,
    variants=(
        Variant("transfer", transfer, OBJECTS),
        Variant("load", load, OBJECTS),
        Variant("list_of_dicts", list_of_dicts, OBJECTS),
        Variant("find", find, OBJECTS),
    ),
    keys={
        "load_over_transfer": Ratio("load", "transfer", "seconds"),
        "list_of_dicts_over_load": Ratio("list_of_dicts", "load", "seconds"),
        "peak_mb": Figure("load", "grown_mb"),
        "find_ms": Figure("find", "slowest_ms"),
    },
)
