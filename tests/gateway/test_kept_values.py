"""Values kept in a file: as they were, compared with a tolerance, restored by a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mxgw_notebook.errors import ConfigurationError, NotArmedError, PlanError, TagError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.plans.kept_values import judged
from mxgw_notebook.gateway.plans.line import same
from mxgw_notebook.gateway.plans.value_file import form_of, read_values, value_in, write_values
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

SETPOINT, OTHER, CHARGES = "FIC101.SP", "TIC103.SP", "Recipe_101.Charges[]"


@pytest.fixture
def plant(own_embedded: EmbeddedGateway) -> Iterator[Gateway]:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    yield gateway
    gateway.close()


def test_setpoints_of_a_template_are_kept_compared_and_restored(plant: Gateway, tmp_path: Path) -> None:
    kept = plant.values(template="$PIDLoop", attribute="SP")
    file = kept.save(tmp_path / "before.parquet")
    assert SETPOINT in kept.frame()["tag"].tolist()
    with plant.armed("a test"):
        plant.write({SETPOINT: 30.05, OTHER: plant.read(OTHER)["value"].iloc[0] + 5})
        again = plant.values(file=file)
        assert (len(again), again.kept_from) == (len(kept), plant.endpoint)
        found = again.compare(tolerance=0.1).set_index("tag")
        assert (found["was"][SETPOINT], found["now"][SETPOINT]) == (30.0, 30.05)
        assert found["verdict"][SETPOINT] == "within tolerance"
        assert found["change"][SETPOINT] == pytest.approx(0.05)
        assert found.loc[OTHER, "verdict"] == "differs"
        assert set(found.drop([SETPOINT, OTHER])["verdict"]) == {"same"}
        plan = again.restore()
        assert {line.tag for line in plan.lines if line.verdict == "write"} == {SETPOINT, OTHER}
        plan.apply(yes=True)
    assert set(again.compare()["verdict"]) == {"same"}


def test_a_restore_is_refused_unarmed_as_every_plan(plant: Gateway, tmp_path: Path) -> None:
    file = plant.values(SETPOINT).save(tmp_path / "before.parquet")
    with plant.armed("a test"):
        plant.write(SETPOINT, 31)
    with pytest.raises(NotArmedError):
        plant.values(file=file).restore().apply(yes=True)


def test_values_of_every_kind_come_back_as_they_were(plant: Gateway, tmp_path: Path) -> None:
    tags = [SETPOINT, "Pump001.StartCmd", "Recipe_101.Name", CHARGES]
    kept = plant.values(*tags)
    again = plant.values(file=kept.save(tmp_path / "all.parquet"))
    for one, other in zip(kept.frame()["value"], again.frame()["value"], strict=True):
        assert same(one, other)
        assert type(one) is type(other)
    assert again.frame()["timestamp"].tolist() == kept.frame()["timestamp"].tolist()
    assert again.restore().frame()["verdict"].tolist() == ["nothing to do"] * 4


@pytest.mark.parametrize(
    "value",
    [
        1,
        2**60,
        0.1,
        float("nan"),
        float("inf"),
        True,
        "it's",
        None,
        b"\x00\xff",
        pd.Timestamp("2026-01-02T03:04:05.123456789Z"),
        np.array([1.5, np.nan]),
        np.array([[1, 2], [3, 4]], np.int32),
        np.array(["a", ""], object),
        np.array(["2026-01-02"], "datetime64[ns]"),
    ],
)
def test_a_value_is_the_same_by_way_of_json(value: Any) -> None:
    again = value_in(form_of(value))
    assert same(value, again)
    assert type(value) is type(again)


def test_a_file_is_not_overwritten_without_a_word(plant: Gateway, tmp_path: Path) -> None:
    kept = plant.values(SETPOINT)
    file = kept.save(tmp_path / "before.parquet")
    with pytest.raises(ConfigurationError, match="is there already"):
        kept.save(file)
    assert kept.save(file, replace=True) == file
    assert [one.name for one in tmp_path.iterdir()] == ["before.parquet"]


def test_what_was_not_good_is_not_known_and_is_not_restored(
    plant: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = plant.read(SETPOINT, OTHER)
    values["quality"] = ["bad", "good"]
    file = write_values(tmp_path / "before.parquet", values, plant.endpoint, replace=False)
    kept = plant.values(file=file)
    found = kept.compare().set_index("tag")
    assert found["verdict"][SETPOINT] == "not known"
    assert found["reason"][SETPOINT] == "kept with quality bad"
    assert [line.tag for line in kept.restore().lines] == [OTHER]
    assert "1 tag left out, not good as kept: FIC101.SP" in capsys.readouterr().out
    values["failure"] = "gone"
    file = write_values(tmp_path / "none.parquet", values, plant.endpoint, replace=False)
    with pytest.raises(PlanError, match="None of these values"):
        plant.values(file=file).restore()


def test_values_of_another_plant_take_a_reason(plant: Gateway, tmp_path: Path) -> None:
    file = write_values(tmp_path / "a.parquet", plant.read(SETPOINT), "plant-a:5001", replace=False)
    kept = plant.values(file=file)
    assert "plant-a:5001" in repr(kept)
    with pytest.raises(PlanError, match=f"values of plant-a:5001, and this is {plant.endpoint}"):
        kept.restore()
    assert kept.restore(elsewhere="the twin of plant a").lines[0].tag == SETPOINT


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        (1.0, 1.0, "same"),
        (1.0, 1.4, "within tolerance"),
        (1.0, 1.6, "differs"),
        (True, False, "differs"),
        ("a", "b", "differs"),
        (float("nan"), float("nan"), "same"),
        (float("nan"), 1.0, "differs"),
        (np.array([1.0, 2.0]), np.array([1.2, 2.2]), "within tolerance"),
        (np.array([1.0, 2.0]), np.array([1.0, 9.0]), "differs"),
        (np.array([1.0, 2.0]), np.array([1.0]), "differs"),
    ],
)
def test_a_tolerance_is_of_numbers(was: Any, now: Any, verdict: str) -> None:
    assert judged(was, now, 0.5) == verdict


@pytest.mark.parametrize("tolerance", [-1, float("nan"), "much", {OTHER: 1.0}])
def test_a_tolerance_that_is_none_is_one_line(plant: Gateway, tolerance: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        plant.values(SETPOINT).compare(tolerance)
    assert "\n" not in str(caught.value)


def kept_row(**fields: Any) -> dict[str, Any]:
    """A row of a file of values, some of it otherwise."""
    plain = {"tag": SETPOINT, "value": "30.0", "quality": "good", "timestamp": None, "failure": ""}
    return {**plain, **fields}


def told_of(rows: list[dict[str, Any]], plant: str = "plant-a") -> pa.Table:
    """A file of values as anybody could make one."""
    texts = {name: pa.array([row[name] for row in rows], pa.string()) for name in kept_row()}
    texts["timestamp"] = pa.array([None for _ in rows], pa.timestamp("ns", tz="UTC"))
    facts = json.dumps({"format": "values 1", "plant": plant})
    return pa.table(texts).replace_schema_metadata({"mxgw_notebook": facts})


# Deeper than Python follows, larger than a time, of elements of gigabytes, and kinds that no tag has.
TEXTS_THAT_ARE_NO_VALUE = (
    "{",
    "[" * 100_000,
    "9" * 5000,
    json.dumps({"array": [2**70], "dtype": "<M8[ns]"}),
    json.dumps({"array": ["a"], "dtype": "<U400000000"}),
    json.dumps({"array": [1], "dtype": "|V8"}),
    json.dumps({"x": 1}),
)


def test_no_text_of_a_file_of_values_commands_a_terminal(
    plant: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "theirs.parquet"
    pq.write_table(told_of([kept_row(tag="\x1b[2J", quality="bad"), kept_row()], plant="\x1b]0;x\x07"), file)
    kept = plant.values(file=file)
    kept.restore(elsewhere="a test")
    assert repr(kept).isprintable()
    assert "left out" in (told := capsys.readouterr().out)
    assert "\x1b" not in told


def test_what_is_no_file_of_values_is_one_line(plant: Gateway, tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    pd.DataFrame({"tag": ["a"]}).to_parquet(other)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1")
    for path in (other, broken, tmp_path / "none.parquet"):
        with pytest.raises(ConfigurationError) as caught:
            read_values(path)
        assert "\n" not in str(caught.value)
    told = told_of([])
    for text in TEXTS_THAT_ARE_NO_VALUE:
        pq.write_table(told_of([kept_row(value=text)]), broken)
        with pytest.raises(ConfigurationError, match=r"broken\.parquet cannot be read") as caught:
            read_values(broken)
        assert "\n" not in str(caught.value)
    for row in ({"tag": None}, {"tag": ""}, {"quality": None}, {"failure": None}):
        pq.write_table(told_of([kept_row(**row)]), broken)
        with pytest.raises(ConfigurationError, match="row 1 has no tag, or a text is missing"):
            read_values(broken)
    pq.write_table(told_of([kept_row(), kept_row(value="9.0")]), broken)
    with pytest.raises(ConfigurationError, match="row 2 has a tag that another has"):
        read_values(broken)
    for facts in (b"{", b"[]", b"[" * 100_000):
        pq.write_table(told.replace_schema_metadata({b"mxgw_notebook": facts}), broken)
        with pytest.raises(ConfigurationError, match="holds no kept values"):
            read_values(broken)
    with pytest.raises(ConfigurationError, match="together with a file"):
        plant.values(SETPOINT, file=other)
    with pytest.raises(TagError):
        plant.values("Nothing.Here")
