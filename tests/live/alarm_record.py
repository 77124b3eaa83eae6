"""An alarm's record, for tests to vary."""

from __future__ import annotations

from mxgw_notebook.client import AlarmRecord

RECORD = AlarmRecord(
    reference="Galaxy!Area.Tank001.Level.Hi",
    tag="Tank001.Level.Hi",
    alarm_type="Hi",
    kind="RAISE",
    state="",
    severity=300,
    raised_ns=10,
    changed_ns=10,
    operator="",
    comment="",
    area="Area",
    description="High level",
    value=91.0,
    limit=90.0,
    degraded=False,
)
