"""A galaxy of 50,000 objects with 1,000,000 attributes into two DataFrames, against the bare pages.

The clock runs from the first call on a connected channel until both tables are there. `find` is the
slowest of a number of questions asked of the loaded tables, the first of which makes their index.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from statistics import median
from time import perf_counter
from typing import Any

import grpc

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.pages import ATTRIBUTES, path
from benchmarks.process import source
from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.client.galaxy.columns import next_token
from mxgw_notebook.frames.codes import CATEGORIES, DATA_TYPES, SECURITY
from mxgw_notebook.gateway.model import Galaxy, GalaxyModel, RepositorySource
from mxgw_notebook.live.loop import loop_thread

# A notebook has pandas and pyarrow already.
pandas = importlib.import_module("pandas")

OBJECTS = 50_000
ASKED = 3
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
        received = list(pages(channel))
        seconds = perf_counter() - start
    return {"seconds": seconds, "megabytes": sum(len(page) for page in received) / 1e6}


def pages(channel: grpc.Channel) -> Iterator[bytes]:
    """The serialised replies, one after the other, each asked for with the token of the one before."""
    call: Any = channel.unary_unary(path("DiscoverHierarchy"))
    request = wire.DiscoverHierarchyRequest()
    while True:
        page: bytes = call(request.SerializeToString())
        yield page
        request.page_token = next_token(page)
        if not request.page_token:
            return


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
    """As most would write it: a dict an object and a dict an attribute, with the same columns."""
    with grpc.insecure_channel(setting.address, UNLIMITED) as channel:
        grpc.channel_ready_future(channel).result()
        start = perf_counter()
        messages = [
            one for page in pages(channel) for one in wire.DiscoverHierarchyReply.FromString(page).objects
        ]
        by_id = {one.gobject_id: one for one in messages}
        objects: list[dict[str, Any]] = []
        attributes: list[dict[str, Any]] = []
        for one in messages:
            objects.append(object_dict(one, by_id))
            attributes += [attribute_dict(objects[-1], attribute) for attribute in one.attributes]
        tables = pandas.DataFrame(objects), pandas.DataFrame(attributes)
        seconds = perf_counter() - start
    check(len(tables[0]), len(tables[1]), setting)
    return {"seconds": seconds}


def object_dict(one: wire.GalaxyObject, by_id: dict[int, wire.GalaxyObject]) -> dict[str, Any]:
    """An object's columns."""
    line = [one]
    while line[-1].parent_gobject_id in by_id:
        line.append(by_id[line[-1].parent_gobject_id])
    host = by_id.get(one.hosted_by_gobject_id)
    return {
        "tag_name": one.tag_name,
        "contained_name": one.contained_name,
        "browse_name": one.browse_name,
        "path": "/".join(above.browse_name for above in reversed(line)),
        "parent": line[1].tag_name if len(line) > 1 else None,
        "area": next((above.tag_name for above in line if above.is_area), None),
        "template": one.template_chain[0] if one.template_chain else None,
        "template_chain": " < ".join(one.template_chain),
        "category": CATEGORIES.get(one.category_id, str(one.category_id)),
        "depth": len(line) - 1,
        "hosted_by": host.tag_name if host else None,
        "attributes": len(one.attributes),
        "alarms": sum(attribute.is_alarm for attribute in one.attributes),
        "historized": sum(attribute.is_historized for attribute in one.attributes),
    }


def attribute_dict(owner: dict[str, Any], attribute: wire.GalaxyAttribute) -> dict[str, Any]:
    """An attribute's columns."""
    security = attribute.security_classification
    return {
        "tag": attribute.full_tag_reference,
        "object": owner["tag_name"],
        "attribute": attribute.attribute_name,
        "data_type": DATA_TYPES.get(attribute.mx_data_type, str(attribute.mx_data_type)),
        "is_array": attribute.is_array,
        "array_dimension": attribute.array_dimension,
        "security": SECURITY.get(security, str(security)),
        "is_historized": attribute.is_historized,
        "is_alarm": attribute.is_alarm,
        "area": owner["area"],
        "template": owner["template"],
        "path": owner["path"],
    }


def find(setting: Setting) -> Figures:
    """The slowest of the questions, each asked a few times; what the first one cost because of the index."""
    _, galaxy = loaded(setting)
    first = asked(galaxy, QUESTIONS[0])
    usual = [median(asked(galaxy, question) for _ in range(ASKED)) for question in QUESTIONS]
    return {"first_ms": first, "slowest_ms": max(usual)}


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
