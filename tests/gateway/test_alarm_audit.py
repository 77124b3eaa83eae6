"""The audit: every acknowledge, whoever asked for it, with what became of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.widgets import AlarmTable
from tests.conftest import Eventually
from tests.gateway.conftest import outcomes, waiting
from tests.widgets.doubles import comm_of

pytestmark = pytest.mark.usefixtures("page")


def press_acknowledge(table: AlarmTable, references: list[str], comment: str) -> None:
    """As the button in the page does it."""
    comm_of(table).say({"kind": "acknowledge", "references": references, "comment": comment})


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
    eventually(lambda: waiting(review))
    press_acknowledge(review.table(), [waiting(review)[0]], "from the table")
    eventually(lambda: outcomes(review.table()))
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
    press_acknowledge(review.table(), [calm, "Galaxy!Nowhere.Nope.Hi"], "late")
    eventually(lambda: len(outcomes(review.table())) == 2)
    assert "is over" in str(outcomes(review.table())[calm])
    assert "Nope" in str(outcomes(review.table())["Galaxy!Nowhere.Nope.Hi"])
    assert "NOT_FOUND" in "".join(gateway.audit()["result"])
    assert gateway.audit()["acknowledged"].tolist() == [False, False]
    review.stop()
