"""A galaxy that the toolkit saved at a plant comes back as the embedded gateway's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mxgw_notebook.frames.snapshot import write_galaxy
from mxgw_notebook.gateway import connect, disconnect
from mxgw_notebook.simulator.catalogue.catalogue import Catalogue
from mxgw_notebook.simulator.catalogue.plant_file import PlantFileError, read_plant_file
from mxgw_notebook.simulator.plant.attribute import Journal
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conformance.plain_client import plain_client
from tests.conftest import KEY

Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def saved(embedded: EmbeddedGateway) -> Iterator[Tables]:
    """Both tables of a plant."""
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    yield gateway.objects(), gateway.attributes()
    disconnect()


@pytest.fixture(params=["file", "folder"])
def plant(request: pytest.FixtureRequest, saved: Tables, tmp_path: Path) -> Path:
    """A plant file, as the toolkit writes it or as two tables in a folder."""
    if request.param == "file":
        return write_galaxy(tmp_path / "plant.parquet", *saved)
    for name, frame in zip(("objects", "attributes"), saved, strict=True):
        frame.attrs = {}
        frame.to_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def test_a_saved_galaxy_comes_back_the_same(plant: Path, saved: Tables) -> None:
    with EmbeddedGateway.start(api_key=KEY, galaxy=str(plant)) as embedded:
        gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
        tables = gateway.objects(), gateway.attributes()
        disconnect()
    for came_back, was in zip(tables, saved, strict=True):
        pd.testing.assert_frame_equal(
            came_back.reset_index(drop=True), was.reset_index(drop=True), check_categorical=False
        )


def test_its_values_are_simulated_by_type_and_move(plant: Path, saved: Tables) -> None:
    async def run(embedded: EmbeddedGateway) -> None:
        async with plain_client(embedded.endpoint, KEY) as client:
            session = await client.open()
            tags = saved[1].drop_duplicates("data_type")["tag"].tolist()
            assert all(result.was_successful for result in await session.read(*tags))
            [result] = await session.read("Reactor101.TemperatureProfile[]")
            assert len(result.value.array_value.float_values.values) == 8
            stream = session.events()
            await session.subscribe("Tank001.Level")
            one, other = await stream.read(), await stream.read()
            stream.cancel()
            assert one.value.double_value != other.value.double_value
            assert other.quality == 192

    with EmbeddedGateway.start(api_key=KEY, galaxy=str(plant), rate=50.0) as embedded:
        asyncio.run(run(embedded))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.parquet"
    pq.write_table(pa.table({"tag_name": ["A"]}), file)
    for path in (tmp_path / "missing.parquet", file, tmp_path):
        with pytest.raises(PlantFileError, match="is not a plant file"):
            read_plant_file(str(path), Catalogue(1, Journal()))


def test_an_object_within_itself_is_refused(tmp_path: Path) -> None:
    names = ["A", "B"]
    columns = {"tag_name": names, "contained_name": ["", ""], "parent": ["B", "A"], "hosted_by": [None, None]}
    columns |= {"template_chain": ["$X", "$X"], "category": ["Area", "Area"]}
    pq.write_table(pa.table(columns), tmp_path / "objects.parquet")
    empty = {"object": ["A"], "attribute": ["V"], "data_type": ["Double"], "security": ["Operate"]}
    flags = {name: [False] for name in ("is_array", "is_historized", "is_alarm")}
    pq.write_table(pa.table({**empty, **flags, "array_dimension": [0]}), tmp_path / "attributes.parquet")
    with pytest.raises(PlantFileError, match="within itself"):
        read_plant_file(str(tmp_path), Catalogue(1, Journal()))
