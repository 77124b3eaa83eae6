"""The audit: every acknowledge, whoever asked for it, with what became of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import Gateway
from tests.conftest import Eventually
from tests.gateway.conftest import waiting


def test_every_acknowledge_is_on_record_whoever_asked(
    fast_gateway: Gateway, eventually: Eventually, tmp_path: Path
) -> None:
    file = tmp_path / "audit.csv"
    assert len(fast_gateway.audit(file)) == 0
    review = fast_gateway.alarms(operator="tester")
    eventually(lambda: waiting(review))
    reference = waiting(review)[0]
    review.acknowledge(reference, comment="seen, by a test")
    with pytest.raises(GatewayError):
        fast_gateway.acknowledge("Galaxy!Nowhere.Nope.Hi", operator="asmith")
    outcomes: dict[str, str | None] = {}
    eventually(lambda: waiting(review))
    review._source.acknowledge([waiting(review)[0]], "from the table", outcomes.__setitem__)
    eventually(lambda: outcomes)
    audit = fast_gateway.audit()
    assert audit["operator"].tolist() == ["tester", "asmith", "tester"]
    assert audit["asked_by"].tolist() == ["call", "call", "table"]
    assert audit["acknowledged"].tolist()[:2] == [True, False]
    assert audit["comment"].tolist() == ["seen, by a test", "", "from the table"]
    assert "NOT_FOUND" in audit["result"].iloc[1]
    assert str(audit["time"].dtype) == "datetime64[ns, UTC]"
    written = pd.read_csv(file, keep_default_na=False)
    assert written["reference"].tolist() == audit["reference"].tolist()
    assert written["result"].tolist() == audit["result"].tolist()


def test_an_audit_file_that_cannot_be_written_is_told_at_once(gateway: Gateway, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        gateway.audit(tmp_path / "nowhere" / "audit.csv")


def test_an_alarm_that_is_over_is_told_to_be_so_by_the_table(
    gateway: Gateway, eventually: Eventually
) -> None:
    review = gateway.alarms()
    calm = next(
        f"Galaxy!{row.area}.{row.tag}"
        for row in gateway.attributes(alarm=True).itertuples()
        if f"Galaxy!{row.area}.{row.tag}" not in set(review.frame()["reference"])
    )
    outcomes: dict[str, str | None] = {}
    review._source.acknowledge([calm, "Galaxy!Nowhere.Nope.Hi"], "late", outcomes.__setitem__)
    eventually(lambda: len(outcomes) == 2)
    assert "is over" in str(outcomes[calm])
    assert "Nope" in str(outcomes["Galaxy!Nowhere.Nope.Hi"])
    assert "NOT_FOUND" in "".join(gateway.audit()["result"])
    assert gateway.audit()["acknowledged"].tolist() == [False, False]
    review.stop()
