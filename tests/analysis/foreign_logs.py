"""The same small plant as the logs of other systems have it."""

from __future__ import annotations

import pandas as pd

from tests.analysis.logs import at

HEADER = ["EventStampUTC", "AlarmState", "TagName", "Type", "Priority", "Value", "CheckValue", "Operator"]
FACTS = ("Tank001", "PV.Hi", 500, "81.5", "80", "jdoe")


def view(*states: str, minutes: int = 1) -> pd.DataFrame:
    """v_AlarmHistory of one alarm: so many states, a minute apart."""
    rows = [(at(60 * minutes * k).tz_localize(None), state, *FACTS) for k, state in enumerate(states)]
    return pd.DataFrame(rows, columns=HEADER)


EVENTS = pd.DataFrame(
    [
        ("2026-05-04 06:00:00.0000000", "Alarm.Set", "TI101.PV", "Hi", ""),
        ("2026-05-04 06:01:00.0000000", "User.Write.Secured", "TI101.SP", "", "jdoe"),
        ("2026-05-04 06:02:00.0000000", "Alarm.Acknowledged", "TI101.PV", "Hi", "jdoe"),
        ("2026-05-04 06:02:30.0000000", "Alarm.Suppressed.Set", "TI102.PV", "Lo", "jdoe"),
        ("2026-05-04 06:03:00.0000000", "Alarm.Clear", "TI101.PV", "Hi", ""),
        ("2026-05-04 06:04:00.0000000", "Engine.Start", "Engine1", "", ""),
    ],
    columns=["EventTimeUtc", "Type", "Source_ProcessVariable", "Alarm_Type", "User_Name"],
)
SOURCE = "prov:default:/tag:North/Tank/Level:/alm:High High"
JOURNAL = pd.DataFrame(
    [
        (1, "u1", SOURCE, "Tank level", 4, 0, 0, "2026-05-04 08:00:00.419"),
        (2, "u1", SOURCE, "Tank level", 4, 2, 0, "2026-05-04 08:01:00.000"),
        (3, "u1", SOURCE, "Tank level", 4, 1, 24, "2026-05-04 08:02:00.000"),
        (4, "u2", "evt:System Startup", "", 1, 0, 1, "2026-05-04 08:03:00.000"),
        (5, "u3", SOURCE, "Tank level", 4, 0, 2, "2026-05-04 08:04:00.000"),
    ],
    columns=["id", "eventid", "source", "displaypath", "priority", "eventtype", "eventflags", "eventtime"],
)
CAPTURED = pd.DataFrame(
    [
        (1, "eventValue", 1, None, 52.5, None),
        (1, "setpointA", 0, 50, None, None),
        (2, "ackUser", 2, None, None, "usr:admin"),
        (2, "ackNotes", 2, None, None, "pump stopped"),
    ],
    columns=["id", "propname", "dtype", "intvalue", "floatvalue", "strvalue"],
)
