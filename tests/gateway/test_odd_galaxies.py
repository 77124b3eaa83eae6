"""Galaxies that are not like others: one with nothing in it, one object with all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.analysis import galaxy_review
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect

MANY = 20_000


class Repository(grpc.GenericRpcHandler):
    """A galaxy repository of these objects, on one page."""

    def __init__(self, objects: Sequence[wire.GalaxyObject]) -> None:
        deployed = wire.GetLastDeployTimeReply(present=bool(objects))
        self._answers = {
            "TestConnection": wire.TestConnectionReply(ok=True),
            "GetLastDeployTime": deployed,
            "DiscoverHierarchy": wire.DiscoverHierarchyReply(
                objects=objects, total_object_count=len(objects)
            ),
        }

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        answer = self._answers.get(str(details.method).rpartition("/")[2])
        if answer is None:
            return None
        return grpc.unary_unary_rpc_method_handler(lambda *_: answer.SerializeToString())


@contextmanager
def gateway_of(*objects: wire.GalaxyObject) -> Iterator[Gateway]:
    """A connected gateway whose galaxy has these objects."""
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Repository(objects),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield connect(f"127.0.0.1:{port}", plaintext=True)
    finally:
        server.stop(None).wait()


def rack() -> wire.GalaxyObject:
    """An object with twenty thousand attributes."""
    return wire.GalaxyObject(
        gobject_id=1,
        tag_name="Rack",
        browse_name="Rack",
        template_chain=["$Rack"],
        attributes=[
            wire.GalaxyAttribute(
                attribute_name=f"Channel{number:05}.PV",
                full_tag_reference=f"Rack.Channel{number:05}.PV",
                data_type_name="Double",
                is_historized=number % 2 == 0,
            )
            for number in range(MANY)
        ],
    )


def test_an_empty_galaxy_has_empty_tables_of_the_same_columns(gateway: Gateway) -> None:
    tables = gateway.objects(), gateway.attributes(), gateway.find("pump")
    with gateway_of() as empty:
        for some, none in zip(tables, (empty.objects(), empty.attributes(), empty.find("pump")), strict=True):
            assert len(none) == 0
            assert list(none.columns) == list(some.columns)
            assert none.dtypes.astype(str).tolist() == some.dtypes.astype(str).tolist()


def test_an_empty_galaxy_is_completed_browsed_and_reviewed_without_a_row() -> None:
    with gateway_of() as empty:
        assert empty.completing.names("tag", "Pu") == []
        browser = empty.browse()
        assert len(empty.runner.run(browser.tree.children("areas", "", "")).key) == 0
        objects, attributes = empty.objects(), empty.attributes()
        assert len(galaxy_review.template_usage(objects)) == 0
        assert len(galaxy_review.naming_outliers(objects)) == 0
        assert len(galaxy_review.areas_by_size(objects)) == 0
        assert len(galaxy_review.attributes_by_type(attributes)) == 0
        assert len(galaxy_review.alarms_without_limits(attributes)) == 0
        assert len(galaxy_review.unread_history(attributes, [])) == 0
        with pytest.raises(ConfigurationError, match=r"No object is derived from \$Tank"):
            empty.instances("$Tank").read("Level")


def test_an_object_of_twenty_thousand_attributes_is_loaded_found_and_completed() -> None:
    with gateway_of(rack()) as gateway:
        attributes = gateway.attributes()
        assert len(attributes) == MANY
        assert attributes["tag"].iloc[-1] == "Rack.Channel19999.PV"
        assert len(gateway.attributes(historized=True)) == MANY // 2
        assert gateway.find("channel 12345")["tag"].tolist() == ["Rack.Channel12345.PV"]
        assert gateway.completing.names("tag", "Rack.Channel1999") == [
            f"Rack.Channel1999{last}.PV" for last in range(10)
        ]
