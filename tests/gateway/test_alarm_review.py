"""What a review tells: filters, occurrences, the audit, a cause's trend, and the account after an outage."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, read_alarm_log
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import AlarmReview, Gateway, connect
from mxgw_notebook.gateway.alarm_filter import AlarmFilter
from mxgw_notebook.gateway.alarm_trend import AlarmMarks
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.live.active_alarm import ActiveAlarm
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import waiting
from tests.live.test_alarm_board import RECORD

ACTIVE = ActiveAlarm(RECORD, "unacknowledged", RECORD.raised_ns)


@pytest.mark.parametrize(
    ("chosen", "accepted"),
    [
        (AlarmFilter(), True),
        (AlarmFilter(area="are"), True),
        (AlarmFilter(area="A*a"), True),
        (AlarmFilter(area="A*x"), False),
        (AlarmFilter(min_severity=300), True),
        (AlarmFilter(min_severity=299), False),
        (AlarmFilter(state="unacked"), True),
        (AlarmFilter(state="acknowledged"), False),
        (AlarmFilter(text="LEVEL tank001"), True),
        (AlarmFilter(text="level pump"), False),
    ],
)
def test_a_filter_lets_alarms_through(chosen: AlarmFilter, accepted: bool) -> None:
    assert chosen.accepts(ACTIVE) is accepted


def test_a_filter_that_cannot_be_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no state of an alarm"):
        AlarmFilter(state="sleeping")
    with pytest.raises(ConfigurationError, match="no severity"):
        AlarmFilter(min_severity=1000)


def test_a_review_shows_what_its_filter_lets_through(fast_gateway: Gateway, eventually: Eventually) -> None:
    everything = fast_gateway.alarms()
    eventually(lambda: len(everything.history()) > 20)
    area = str(everything.history()["area"].iloc[0])
    narrow = fast_gateway.alarms(area=area, min_severity=500)
    eventually(lambda: len(narrow.history()))
    for frame in (narrow.frame(), narrow.history(), narrow.episodes()):
        assert set(frame["area"]) <= {area}
        assert (frame["severity"] <= 500).all()
    rows = {row.reference for row in narrow.table().filtered()}
    assert rows <= set(everything.frame()["reference"]) | set(everything.history()["reference"])


def test_occurrences_agree_with_what_is_active(fast_gateway: Gateway, eventually: Eventually) -> None:
    review = fast_gateway.alarms()
    eventually(lambda: len(review.history()) > 30)
    review.stop()
    assert standing(review) == dict(zip(review.frame()["reference"], review.frame()["state"], strict=True))


def standing(review: AlarmReview) -> dict[str, str]:
    """The alarms that are active by the account of the occurrences: each one's latest, with its state."""
    latest = review.episodes().drop_duplicates("reference", keep="last")
    open_ones = latest[~latest["state"].isin(["over", "clear not seen"])]
    return dict(zip(open_ones["reference"], open_ones["state"].astype("str"), strict=True))


def test_a_report_is_made_of_the_live_history_and_of_a_saved_one(
    fast_gateway: Gateway, eventually: Eventually, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="No alarms were followed"):
        connect(fast_gateway.endpoint, api_key=KEY, plaintext=True).alarm_report()
    review = connect(fast_gateway.endpoint, api_key=KEY, plaintext=True).alarms()
    eventually(lambda: len(review.history()) > 20)
    review.stop()
    live = review.report()
    saved = alarm_report(read_alarm_log(review.save(tmp_path / "log.parquet")))
    pd.testing.assert_frame_equal(live.summary, saved.summary)
    assert live.save(tmp_path / "review.html").stat().st_size > 5_000


# ------------------------------------------------------------------ the audit


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


# ------------------------------------------------------------------ from alarm to cause


def test_the_trend_of_an_alarm_is_its_source_with_limit_and_markers(
    fast_gateway: Gateway, eventually: Eventually
) -> None:
    review = fast_gateway.alarms()

    def levels() -> pd.DataFrame:
        history = review.history()
        return history[history["tag"].str.endswith((".Hi", ".Lo"))]

    eventually(lambda: len(levels()))
    alarm = levels().iloc[-1]
    reference, alarm_tag = alarm["reference"], alarm["tag"]
    watch = review.trend(reference)
    (tag,) = watch.tags
    assert alarm_tag.startswith(f"{tag}.")
    delta = watch._source.since(0)
    assert any(alarm_tag in words for _, words in delta.markers)
    assert any(index == 0 for index, _, _ in delta.limits)
    # As a click in a row does it; the trend asked for before gives way.
    for _ in range(2):
        review._show_trend(reference)
    eventually(lambda: len(review._shown_panel().children) == 2)
    review._show_trend("Galaxy!Nowhere.Nope.Hi")
    eventually(lambda: any("No trend" in str(reason) for reason in review.table()._outcomes.values()))
    eventually(lambda: len(review._trends) == 2)
    review.stop()
    assert watch.stopped


def test_an_alarm_nobody_saw_has_no_trend(gateway: Gateway) -> None:
    review = gateway.alarms()
    with pytest.raises(ConfigurationError, match="was seen"):
        review.trend("Galaxy!Nowhere.Nope.Hi")
    review.stop()


def test_marks_are_those_of_the_tags_and_go_on() -> None:
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    tags = ["Tank001.Level"]
    marks = AlarmMarks(board, lambda: tags, everything=False)
    board._take(replace(RECORD, changed_ns=2_000_000))
    board._take(replace(RECORD, tag="Pump001.Trip", limit=True))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 90.0, "Hi 90")])
    board._take(replace(RECORD, kind="CLEAR", changed_ns=0, limit=95))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 95.0, "Hi 95")])
    tags[0] = "Tank002.Level"
    assert marks() == ([], [])
    assert len(AlarmMarks(board, lambda: tags, everything=True)()[0]) == 2


# ------------------------------------------------------------------ after an outage


async def of_the_gateway(gateway: EmbeddedGateway) -> dict[str, tuple[str, int]]:
    """The gateway's own account: state and raise of each active alarm."""
    async with await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client:
        active = await client.query_active_alarms()
    return {alarm.reference: (alarm.state, alarm.raised_ns) for alarm in active}


STATES = {
    "ACTIVE": "unacknowledged",
    "ACTIVE_ACKED": "acknowledged",
    "INACTIVE": "cleared unacknowledged",
}


def test_after_a_gateway_was_killed_in_a_flood_everything_agrees_with_its_own_account(
    eventually: Eventually,
) -> None:
    first = EmbeddedGateway.start(seed=1, api_key=KEY, speed=300.0)
    port = int(first.endpoint.rpartition(":")[2])
    try:
        review = connect(first.endpoint, api_key=KEY, plaintext=True).alarms()
        eventually(lambda: len(review.history()) > 50)
        before = set(review.frame()["reference"])
        os.kill(first.pid, signal.SIGKILL)
        eventually(lambda: review.status.startswith("reconnecting"))
    finally:
        first.stop()
    # As slow as it gets: nothing changes while both sides are asked.
    with EmbeddedGateway.start(seed=2, api_key=KEY, port=port, speed=0.01) as second:
        eventually(lambda: review.status == "live")
        told = asyncio.run(of_the_gateway(second))
        frame = review.frame().set_index("reference")
        assert {name: STATES[state] for name, (state, _) in told.items()} == frame["state"].to_dict()
        assert standing(review) == frame["state"].to_dict()
        raised = {name: pd.Timestamp(raised_ns, tz="UTC") for name, (_, raised_ns) in told.items()}
        assert raised == frame["raised"].to_dict()
        history = review.history()
        reconciled = history[history["origin"] == "reconciled"]
        gone = before - set(told)
        assert gone
        assert gone <= set(reconciled["reference"])
        ended = reconciled[reconciled["reference"].isin(gone)]
        assert ended["time"].isna().all()
        episodes = review.episodes()
        over = episodes[episodes["reference"].isin(gone)].drop_duplicates("reference", keep="last")
        assert not set(over["state"]) & {"unacknowledged", "acknowledged"}
        review.stop()


# ------------------------------------------------------------------ a poorer source


def test_a_degraded_provider_is_told_with_its_reason_and_so_is_a_refused_acknowledge(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    review = gateway.alarms()
    eventually(lambda: review.provider == "ALARMMGR")
    own_embedded.fault("degraded", reason="The alarm manager is away.", acknowledge="fails")
    eventually(lambda: "away" in review.provider)
    assert review.provider == "SUBTAG (degraded: The alarm manager is away.)"
    delta = review._source.since(0)
    assert (delta.provider, delta.degraded) == ("SUBTAG", "The alarm manager is away.")
    reference = review.frame()["reference"].iloc[0] if len(review.frame()) else "Galaxy!Nowhere.Nope.Hi"
    with pytest.raises(GatewayError):
        gateway.acknowledge(reference)
    assert not gateway.audit()["acknowledged"].any()
    own_embedded.clear_faults()
    eventually(lambda: review.provider == "ALARMMGR")
