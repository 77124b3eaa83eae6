"""The source of hierarchy pages as a gRPC client sees it, and the benchmark as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import grpc
import pytest

from benchmarks.pages import ATTRIBUTES, PAGE, path
from benchmarks.process import ROOT, source
from mxgw_notebook._generated import galaxy_repository_pb2 as wire

pytestmark = pytest.mark.long

OBJECTS = PAGE + 500


def test_pages_of_a_megabyte_come_whole() -> None:
    with source("benchmarks.pages", str(OBJECTS)) as address, grpc.insecure_channel(address) as channel:
        call: Any = channel.unary_unary(
            path("DiscoverHierarchy"),
            wire.DiscoverHierarchyRequest.SerializeToString,
            wire.DiscoverHierarchyReply.FromString,
        )
        first = call(wire.DiscoverHierarchyRequest(), timeout=30)
        last = call(wire.DiscoverHierarchyRequest(page_token=first.next_page_token), timeout=30)
    assert first.ByteSize() > 500_000
    assert [one.gobject_id for one in (*first.objects, *last.objects)] == list(range(1, OBJECTS + 1))
    assert {len(one.attributes) for one in first.objects} == {ATTRIBUTES}
    assert last.next_page_token == ""
    assert last.total_object_count == OBJECTS


def test_the_benchmark_has_its_keys() -> None:
    command = [sys.executable, "-m", "benchmarks", "galaxy", "--quick", "--rounds", "1", "--json"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    result = json.loads(ran.stdout)
    assert {"load_over_transfer", "list_of_dicts_over_load", "peak_mb", "find_ms"} <= set(result)
