"""Logs of other systems: what their words, times and files become, and what is refused in one line."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log

Rows = list[tuple[str, str]]
HEADER = ["EventStampUTC", "AlarmState", "TagName", "Type", "Priority", "Value", "CheckValue", "Operator"]
EVENTS_COLUMNS = pd.DataFrame(columns=["EventTimeUtc", "Type", "Source_ProcessVariable"])
JOURNAL_COLUMNS = pd.DataFrame(columns=["id", "eventid", "source", "eventtype", "eventflags", "eventtime"])
FACTS = ("Tank001", "PV.Hi", 500, "81.5", "80", "jdoe")


def view(*states: str, minutes: int = 1) -> pd.DataFrame:
    """v_AlarmHistory of one alarm: so many states, a minute apart."""
    rows = [(at(60 * minutes * k).tz_localize(None), state, *FACTS) for k, state in enumerate(states)]
    return pd.DataFrame(rows, columns=HEADER)


def happened(*states: str) -> list[str]:
    return read_alarm_log(view(*states))["transition"].astype("str").tolist()


@pytest.mark.parametrize(
    ("states", "transitions"),
    [
        (("UNACK_ALM", "UNACK_RTN", "ACK_RTN"), ["raise", "clear", "acknowledge"]),
        (("UNACK_ALM", "ACK_ALM", "ACK_RTN"), ["raise", "acknowledge", "clear"]),
        (("UNACK_ALM", "ACK_RTN"), ["raise", "clear", "acknowledge"]),
        (("UNACK", "UNACK_RTN", "ACK"), ["raise", "clear", "acknowledge"]),
        (("UNACK_ALM", "UNACK_RTN", "UNACK_ALM", "ACK_ALM"), ["raise", "clear", "raise", "acknowledge"]),
        (("UNACK_ALM", "UNACK_RTN", "ACK_ALM"), ["raise", "clear", "raise", "acknowledge"]),
        (("ACK_ALM", "ACK_RTN"), ["acknowledge", "clear"]),
        (("ACK_RTN", "UNACK_ALM"), ["clear", "acknowledge", "raise"]),
        (("unack alm", "Unack-Rtn "), ["raise", "clear"]),
    ],
)
def test_what_a_state_says_depends_on_the_one_before(states: tuple[str, ...], transitions: list[str]) -> None:
    assert happened(*states) == transitions


STATES = {
    "UNACK_ALM": (True, False),
    "ACK_ALM": (True, True),
    "UNACK_RTN": (False, False),
    "ACK_RTN": (False, True),
}


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(sorted(STATES))), max_size=12))
def test_generated_states_give_what_a_plain_loop_gives(rows: Rows) -> None:
    before: dict[str, tuple[bool, bool]] = {}
    expected = []
    for name, word in rows:
        inside, acked = STATES[word]
        was = before.get(name)
        if inside and not acked:
            kinds = ["raise"]
        elif inside:
            kinds = ["acknowledge"] if was is None or was[0] else ["raise", "acknowledge"]
        elif not acked:
            kinds = ["clear"]
        elif was == (False, False):
            kinds = ["acknowledge"]
        else:
            kinds = ["clear"] if was == (True, True) else ["clear", "acknowledge"]
        expected += [(name, kind) for kind in kinds]
        before[name] = (inside, acked)
    frame = pd.DataFrame(
        [(at(k).tz_localize(None), word, name, "Hi") for k, (name, word) in enumerate(rows)],
        columns=["EventStampUTC", "AlarmState", "TagName", "Type"],
    )
    found = read_alarm_log(frame, layout="a2almdb", columns={"reference": "TagName"})
    assert list(zip(found["reference"], found["transition"].astype("str"), strict=True)) == expected


def test_a_further_state_of_an_intouch_tag_is_a_retrigger_where_the_tag_is_the_alarm() -> None:
    frame = view("UNACK_ALM", "UNACK_ALM", "UNACK_RTN").assign(Type=["Hi", "HiHi", "HiHi"])
    found = read_alarm_log(frame, columns={"reference": "TagName"})
    assert found["transition"].astype("str").tolist() == ["raise", "retrigger", "clear"]
    assert len(alarm_episodes(found)) == 1


def test_the_alarm_databases_columns_are_ours() -> None:
    found = read_alarm_log(
        view("UNACK_ALM", "ACK_ALM").assign(Description=["Level high", "seen"], Area="North")
    )
    first = found.iloc[0]
    assert (first["reference"], first["tag"], first["area"]) == ("Tank001.PV.Hi", "Tank001", "North")
    assert (first["severity"], first["value"], first["limit"]) == (500, 81.5, 80)
    episode = alarm_episodes(found).iloc[0]
    assert (episode["description"], episode["operator"], episode["comment"]) == ("Level high", "jdoe", "seen")


def test_milliseconds_stand_apart_or_in_the_time_itself() -> None:
    apart = read_alarm_log(view("UNACK_ALM").assign(MilliSec=1234))
    assert apart["time"].iloc[0] == at(0.1234)
    both = view("UNACK_ALM").assign(MilliSec=1234, EventStampUTC=at(0.173).tz_localize(None))
    assert read_alarm_log(both)["time"].iloc[0] == at(0.173)


@pytest.mark.parametrize("word", ["LATCHED", "ENABLED?", "Alarm inhibited"])
def test_a_word_that_is_not_understood_is_an_error_with_its_count(word: str) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"2 of 3 rows .*{word.split(maxsplit=1)[0][:7]}.*2 rows.*row 1"
    ):
        read_alarm_log(view("UNACK_ALM", word, word))
    found = read_alarm_log(view("UNACK_ALM", word, word), words={word: None})
    assert len(found) == 1
    assert any("2 of its rows" in note for note in found.attrs["notes"])
    assert any("2 of its rows" in note for note in alarm_report(found).notes)


def test_a_word_may_be_explained_by_a_state_and_rows_may_have_any_index() -> None:
    frame = view("AKTIV", "UNACK_RTN", "ACK_RTN")
    frame.index = pd.Index([7, 7, 7])
    found = read_alarm_log(frame, words={"Aktiv": "UNACK_ALM"})
    assert found["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]


@pytest.mark.parametrize("frame", [view(), EVENTS_COLUMNS, JOURNAL_COLUMNS])
def test_a_log_without_rows_is_an_empty_log(frame: pd.DataFrame) -> None:
    assert read_alarm_log(frame).empty
    assert alarm_report(read_alarm_log(frame)).summary["met"].isna().all()


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


def test_the_historians_events_have_suppression_and_writes_beside_the_alarms() -> None:
    found = read_alarm_log(EVENTS.assign(Priority=300, Source_Area="North"))
    assert found["transition"].astype("str").tolist() == [
        "raise",
        "write",
        "acknowledge",
        "suppressed",
        "clear",
    ]
    assert found["reference"].iloc[0] == "TI101.PV.Hi"
    assert found["operator"].iloc[1] == "jdoe"
    assert len(alarm_episodes(found)) == 1
    assert found.attrs["notes"] == ["1 of its rows are about no alarm that was shown, and were left out."]


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


def test_ignitions_journal_is_read_and_what_was_shelved_is_left_out() -> None:
    found = read_alarm_log(JOURNAL, tz="Europe/Berlin")
    assert found["transition"].astype("str").tolist() == ["raise", "acknowledge", "clear"]
    first = found.iloc[0]
    assert first["time"] == at(0.419)
    assert (first["tag"], first["area"], first["alarm_type"]) == ("North/Tank/Level", "North", "High High")
    assert first["severity"] == 1
    assert any("2 of its rows" in note for note in found.attrs["notes"])


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A SQLite database with the same views and tables."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'plant.db'}")
    states = view("UNACK_ALM", "UNACK_RTN", "ACK_RTN")
    with engine.begin() as connection:
        states.to_sql("AlarmRows", connection, index=False)
        connection.exec_driver_sql("CREATE VIEW v_AlarmHistory AS SELECT * FROM AlarmRows")
        EVENTS.to_sql("Events", connection, index=False)
        JOURNAL.to_sql("alarm_events", connection, index=False)
        CAPTURED.to_sql("alarm_event_data", connection, index=False)
        log((0, "A", "raise"), (60, "A", "clear")).to_sql("other", connection, index=False)
    engine.dispose()
    return f"sqlite:///{tmp_path / 'plant.db'}"


def test_a_database_has_the_same_views(database: str) -> None:
    assert read_alarm_log(database)["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]
    pd.testing.assert_frame_equal(
        read_alarm_log(database, layout="wwalmdb"), read_alarm_log(view("UNACK_ALM", "UNACK_RTN", "ACK_RTN"))
    )
    pd.testing.assert_frame_equal(read_alarm_log(database, layout="historian"), read_alarm_log(EVENTS))
    journal = read_alarm_log(database, layout="ignition", tz="Europe/Berlin")
    assert (journal["value"].iloc[0], journal["limit"].iloc[0]) == (52.5, 50)
    assert (journal["operator"].iloc[1], journal["comment"].iloc[1]) == ("admin", "pump stopped")
    assert len(read_alarm_log(database, layout="plain", table="other")) == 2


def test_a_span_of_a_database_alone_is_read_and_counts_as_what_the_log_covers(database: str) -> None:
    found = read_alarm_log(database, layout="a2almdb", start=at(30), end=at(100))
    assert found["transition"].astype("str").tolist() == ["clear"]
    assert found.attrs["reviewed"] == [at(30).isoformat(), at(100).isoformat()]


def test_a_database_whose_times_are_none_is_told_in_one_line(tmp_path: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'plant.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE alarm_events (id INT, eventid TEXT, source TEXT, eventtype INT, eventtime DATETIME)"
        )
        connection.exec_driver_sql("INSERT INTO alarm_events VALUES (1, 'u', 'A', 0, 1777874400000)")
    engine.dispose()
    with pytest.raises(ConfigurationError, match=r"plant\.db"):
        read_alarm_log(f"sqlite:///{tmp_path / 'plant.db'}")


@pytest.mark.parametrize(
    ("address", "options", "words"),
    [
        ("sqlite:///{folder}/none/none.db", {}, "cannot be read"),
        ("sqlite:///{folder}/empty.db", {}, "has no table"),
        ("nothing://user:secret@host/db", {}, "driver|no address"),
        ("mssql+pyodbc://sa:secret@host/A2ALMDB", {}, "driver"),
    ],
)
def test_what_keeps_a_database_from_being_read_is_one_line_without_a_password(
    address: str, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_alarm_log(address.format(folder=tmp_path), **options)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


GERMAN = "\n".join(
    (
        "Zeit;Objekt;Ereignis;Wert",
        "04.05.2026 08:00:00,500;Tank Süd;kommt;81,5",
        "04.05.2026 08:01:00;Tank Süd;geht;79",
        "",
    )
)
NAMED = {"time": "Zeit", "reference": "Objekt", "transition": "Ereignis", "value": "Wert"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("name", ["log.CSV", "log.csv.gz", "log.txt"])
def test_files_are_read_as_excel_writes_them(tmp_path: Path, encoding: str, name: str) -> None:
    raw = GERMAN.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    found = read_alarm_log(tmp_path / name, columns=NAMED, tz="Europe/Berlin")
    assert found["time"].tolist() == [at(0.5), at(60)]
    assert found["reference"].tolist() == ["Tank Süd", "Tank Süd"]
    assert found["value"].tolist() == [81.5, 79]
    assert found["transition"].astype("str").tolist() == ["raise", "clear"]


def test_excels_own_first_line_and_workbooks_are_read(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    (tmp_path / "log.csv").write_text(f"sep=;\n{GERMAN}", encoding="utf-8")
    from_text = read_alarm_log(tmp_path / "log.csv", columns=NAMED)
    view("UNACK_ALM", "UNACK_RTN").to_excel(tmp_path / "log.xlsx", index=False)
    assert len(from_text) == 2
    assert len(read_alarm_log(tmp_path / "log.xlsx")) == 2
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    with pytest.raises(ConfigurationError, match=r"broken\.xlsx is no workbook"):
        read_alarm_log(tmp_path / "broken.xlsx")


@pytest.mark.parametrize(
    ("texts", "seconds"),
    [
        (["2026-05-04T06:00:00Z", "2026-05-04T08:00:01+02:00"], [0, 1]),
        (["2026-05-04 06:00:00.1230000", "2026-05-04 06:00:01,5"], [0.123, 1.5]),
        (["5/4/2026 6:00:00 AM", "5/4/2026 6:00:01 PM"], [0, 43201]),
        (["4/5/2026 06:00:00", "13/5/2026 06:00:00"], [0, 9 * 86_400]),
        (["04.05.2026 06:00", "04.05.2026, 06:01"], [0, 60]),
        (["5/4/2026 06:00", "5/4/2026 06:01", "6/4/2026 06:00"], None),
        (["1/5/2026 06:00", "2/5/2026 06:00", "1/6/2026 06:00"], [-3 * 86_400, -2 * 86_400, 28 * 86_400]),
    ],
)
def test_dates_are_read_as_they_are_written_in_other_places(
    texts: list[str], seconds: list[float] | None
) -> None:
    frame = pd.DataFrame({"time": texts, "reference": "A", "transition": "raise"})
    if seconds is None:
        with pytest.raises(ConfigurationError, match=r"row 0: the date may begin with its day"):
            read_alarm_log(frame, layout="plain")
        assert read_alarm_log(frame, layout="plain", dates="day first")["time"].iloc[0] == pd.Timestamp(
            "2026-04-05T06:00Z"
        )
        return
    assert read_alarm_log(frame, layout="plain")["time"].tolist() == [at(second) for second in seconds]


def test_the_hour_that_comes_twice_is_told_by_the_order_of_the_rows() -> None:
    texts = ["2026-10-25 01:59:00", "2026-10-25 02:30:00", "2026-10-25 02:10:00", "2026-10-25 03:00:00"]
    frame = pd.DataFrame({"time": texts, "reference": "A", "transition": "raise"})
    expected = [f"2026-10-{day}:00Z" for day in ("24T23:59", "25T00:30", "25T01:10", "25T02:00")]
    found = read_alarm_log(frame, layout="plain", tz="Europe/Berlin")
    assert found["time"].tolist() == [pd.Timestamp(text) for text in expected]
    newest_first = read_alarm_log(frame[::-1], layout="plain", tz="Europe/Berlin")
    assert newest_first["time"].tolist() == found["time"].tolist()
    one = read_alarm_log(frame.iloc[[1]], layout="plain", tz="Europe/Berlin")
    assert any("came twice" in note for note in one.attrs["notes"])


def test_times_without_a_zone_are_said_to_be_taken_for_utc() -> None:
    found = read_alarm_log(JOURNAL)
    assert any("no zone" in note for note in found.attrs["notes"])
    assert any("no zone" in note for note in alarm_report(found).notes)
    assert not any("no zone" in note for note in read_alarm_log(view("UNACK_ALM")).attrs["notes"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "time,reference,transition\n2026-05-04 06:00,A,raise\nyesterday,A,clear\n",
            r"bad\.csv, row 3: 'yesterday'",
        ),
        ("time,reference,transition\n2026-02-30 06:00,A,raise\n", r"bad\.csv, row 2: .*calendar"),
        ("time,reference,transition\n45000.25,A,raise\n", r"bad\.csv, row 2: .*in which unit"),
        ("time,reference,transition\n2026-05-04 06:00,A\n", r"bad\.csv, row 2 has 2 cells, and the header 3"),
        (
            "time,reference,transition\n2026-05-04,A,raise,x\n",
            r"bad\.csv, row 2 has 4 cells, and the header 3",
        ),
        (
            "time,reference,transition\n2026-05-04 06:00,A,Hochalarm\n",
            r"'Hochalarm' \(1 rows\).*bad\.csv, row 2",
        ),
        ("when,what\n1,2\n", r"bad\.csv is no log of alarm transitions.*when, what"),
        ("", r"bad\.csv is empty"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_file_row_and_what_is_expected(
    text: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_alarm_log(tmp_path / "bad.csv")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layout": "citect"}, "no layout"),
        ({"tz": "Berlin"}, "no time zone"),
        ({"columns": {"when": "EventStampUTC"}}, "no column of a log"),
        ({"columns": {"time": "Zeit"}}, "no column 'Zeit' for time"),
        ({"words": {"LATCHED": "stuck"}}, "no transition"),
    ],
)
def test_a_setting_that_is_none_is_told(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        read_alarm_log(
            view("UNACK_ALM").drop(columns="EventStampUTC").assign(EventStamp="2026-05-04"), **options
        )


def test_rows_out_of_order_are_sorted_and_those_there_twice_count_once() -> None:
    frame = view("UNACK_ALM", "UNACK_RTN", "ACK_RTN").iloc[[0, 2, 1, 1]]
    found = read_alarm_log(frame)
    assert found["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]
    assert [note[:14] for note in found.attrs["notes"]] == ["The log was no", "1 rows that we"]


def test_a_foreign_log_is_saved_and_read_like_one_of_ours(tmp_path: Path) -> None:
    found = read_alarm_log(EVENTS)
    again = read_alarm_log(save_alarm_log(found, tmp_path / "log.csv"))
    pd.testing.assert_frame_equal(again, found)


def test_columns_may_be_named_in_either_direction() -> None:
    frame = pd.DataFrame({"Zeit": ["2026-05-04 06:00"], "Objekt": ["A"], "Was": ["kommt"]})
    theirs = {"Zeit": "time", "Objekt": "reference", "Was": "transition"}
    ours = {name: other for other, name in theirs.items()}
    pd.testing.assert_frame_equal(read_alarm_log(frame, columns=theirs), read_alarm_log(frame, columns=ours))
