"""AVEVA's two records of alarms: the alarm database, and the Historian's events.

The alarm database (WWALMDB of the InTouch Alarm DB Logger, A2ALMDB of the Historian): v_AlarmHistory,
v_AlarmHistory2 and v_AlarmEventHistory(2). By AVEVA's documentation of InTouch HMI ("Alarm history view",
2024) EventStamp is local time, EventStampUTC that of UTC, Millisec the fraction of a second in tenths of a
millisecond; AlarmState is UNACK, UNACK_RTN, ACK, ACK_RTN or LATCHED, in v_AlarmHistory2 also UNACK_ALM and
ACK_ALM; CheckValue is the limit, or an event's old value; Description of an acknowledgement is its comment.
Second-hand, from tables that others published: EventStampUTC has milliseconds of its own, and the word for a
condition that holds is UNACK_ALM in v_AlarmHistory as well. What LATCHED leaves open is not documented, so it
is refused unless `words` says what it stands for.

Each alarm is told by tag and type, as the Galaxy's are. In InTouch, Hi and HiHi of a tag are states of one
alarm: `columns={"reference": "TagName"}` takes them so, and a further UNACK_ALM of another type is then a
retrigger.

The Historian's Events, by AVEVA's documentation of the Historian ("Events", 2025): Type is Alarm.Set, .Clear,
.Acknowledged, Alarm.Silenced, .Suppressed and .Disabled each with .Set and .Clear, User.Write with .Secured
and .Verified, System and Engine with what they do; EventTimeUtc is UTC, EventTime the server's own; Priority
is 1 to 999, Severity 1 to 4; Source_ProcessVariable is the tag, or what was written to. Second-hand: the
names of the columns for user, limit and shelving, and Alarm.Cleared and Alarm.Shelved as words.
"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.analysis.alarm_log import WRITE
from mxgw_notebook.analysis.other_logs.layout import Layout, Theirs

# What an operator's change is called in v_AlarmEventHistory's Type; the first is certain, the rest is not.
OPERATORS_CHANGES = ("operator data change", "opr", "user data change")


def finished_database(log: pd.DataFrame, theirs: Theirs) -> pd.DataFrame:
    """An acknowledgement's words are its comment; a row without a state is an event, perhaps a write."""
    answered = theirs.texts("AlarmState").str.upper().str.startswith("ACK")
    log = log.assign(comment=log["description"].where(answered, ""))
    events = (theirs.texts("AlarmState") == "") & theirs.texts("Type").str.lower().isin(OPERATORS_CHANGES)
    log.loc[events, "transition"] = WRITE
    return log


def finished_events(log: pd.DataFrame, theirs: Theirs) -> pd.DataFrame:
    """An event's reason and user come first from the columns of shelving."""
    source = theirs.first_filled("Source_ProcessVariable", "Source_Object", "Source_Name")
    writes = theirs.texts("Type").str.lower().str.startswith("user.")
    alarm = theirs.first_filled("Source_ConditionVariable")
    kind = theirs.first_filled("Alarm_Type", "Alarm_Condition")
    named = source + ("." + kind).where(kind != "", "")
    reference = alarm.where(alarm != "", named).where(~writes, source)
    return log.assign(
        reference=reference,
        tag=log["tag"].where(log["tag"] != "", source),
        comment=theirs.first_filled("Alarm_ShelveReason", "Comment"),
        operator=theirs.first_filled("User_Name", "User_Account", "Alarm_ShelveUserLogin", "User_FullName"),
    )


ALARM_DATABASE = Layout(
    name="a2almdb",
    columns={
        "reference": ("TagName + Type", "TagName"), "tag": ("TagName",), "area": ("Area", "GroupName"),
        "time": ("EventStampUTC", "EventStamp"), "transition": ("AlarmState",),
        "description": ("Description", "Comment"), "severity": ("Priority",), "alarm_type": ("Type",),
        "value": ("Value", "ValueString"), "limit": ("CheckValue", "LimitString"),
        "operator": ("Operator", "OperatorName"),
    },
    marks=(("AlarmState",), ("TagName",), ("EventStampUTC", "EventStamp")),
    events={"": None},
    states={
        "UNACK_ALM": (True, False), "UNACK": (True, False), "ACK_ALM": (True, True), "ACK": (None, True),
        "UNACK_RTN": (False, False), "ACK_RTN": (False, True),
    },
    in_utc=("EventStampUTC",),
    tenths_of_ms="Millisec",
    tables=("v_AlarmHistory2", "v_AlarmHistory", "v_AlarmEventHistory2", "v_AlarmEventHistory"),
    finish=finished_database,
)  # fmt: skip

EVENTS = Layout(
    name="historian",
    columns={
        "reference": (), "tag": ("Source_ProcessVariable",), "area": ("Source_Area",),
        "time": ("EventTimeUtc", "EventTime"), "transition": ("Type",), "description": ("Comment",),
        "severity": ("Priority",), "alarm_type": ("Alarm_Type", "Alarm_Condition"),
        "value": ("Alarm_ValueString", "ValueString"), "limit": ("Alarm_LimitString",),
    },
    marks=(("Type",), ("EventTimeUtc", "EventTime"),
           ("Source_ProcessVariable", "Source_ConditionVariable", "Source_Object")),
    events={
        "ALARM.SET": "raise", "ALARM.CLEAR": "clear", "ALARM.CLEARED": "clear",
        "ALARM.ACKNOWLEDGED": "acknowledge", "ALARM.ACKNOWLEDGE": "acknowledge",
        "ALARM.SILENCED.SET": "silenced", "ALARM.SILENCED.CLEAR": "unsilenced",
        "ALARM.SUPPRESSED.SET": "suppressed", "ALARM.SUPPRESSED.CLEAR": "unsuppressed",
        "ALARM.DISABLED.SET": "disabled", "ALARM.DISABLED.CLEAR": "enabled",
        "ALARM.SHELVED.SET": "shelved", "ALARM.SHELVED.CLEAR": "unshelved",
        "USER.WRITE": WRITE, "USER.WRITE.SECURED": WRITE, "USER.WRITE.VERIFIED": WRITE,
        **dict.fromkeys(
            ("SYSTEM.DEPLOY", "SYSTEM.UNDEPLOY", "ENGINE.START", "ENGINE.STOP", "ENGINE.ONSCAN",
             "ENGINE.OFFSCAN", "ENGINE.ACTIVE", "ENGINE.STANDBY", "ENGINE.TERMINATED")
        ),
    },
    in_utc=("EventTimeUtc",),
    tables=("Events",),
    finish=finished_events,
)  # fmt: skip
