"""What a review tells: its occurrences, its report, the account after an outage and of a poorer source."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pandas as pd
import psutil
import pytest

from mxgw_notebook.analysis import AlarmReport, alarm_report, read_alarm_log
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import AlarmReview, Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import heard


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
        connect(fast_gateway.endpoint, api_key=KEY, plaintext=True, writable="tests").alarm_report()
    review = connect(fast_gateway.endpoint, api_key=KEY, plaintext=True, writable="tests").alarms()
    eventually(lambda: len(review.history()) > 20)
    review.stop()
    live = review.report()
    saved = alarm_report(read_alarm_log(review.save(tmp_path / "log.parquet")))
    pd.testing.assert_frame_equal(live.summary, saved.summary)
    assert live.save(tmp_path / "review.html").stat().st_size > 5_000


def test_a_live_report_is_of_the_time_from_its_opening_to_now(
    fast_gateway: Gateway, eventually: Eventually
) -> None:
    review = fast_gateway.alarms()
    begun = review.report().window
    assert begun.end_given
    eventually(lambda: review.report().window.end > begun.end)
    assert review.report().window.start <= begun.start
    review.stop()
    assert review.report().window == review.report().window


def test_alarms_that_stood_before_a_review_are_none_of_its_own(gateway: Gateway) -> None:
    review = gateway.alarms()
    assert len(review.frame()) > 0
    report, raised = review.report(), review.history()["transition"] == "raise"
    assert report.summary.set_index("measure").loc["alarms", "value"] == f"{raised.sum()}"
    assert report.window.length < pd.Timedelta(minutes=10)


def test_a_quiet_time_after_a_burst_counts_up_to_now_live_and_saved(
    own_embedded: EmbeddedGateway, eventually: Eventually, tmp_path: Path
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    gateway.watch("Pump001.Speed")  # its events show the gateway's clock
    review = gateway.alarms()
    assert len(review.frame()) > 0
    # 45 s of nothing but alarms that stood already.
    own_embedded.fault("clock-skew", seconds=45.0)
    eventually(lambda: lasted(review) >= 45)
    assert lasted(review) < 600
    assert figures(review.report())["alarms"] == f"{raises_of(review)}"
    # A burst within a minute, and then eight hours of quiet.
    gateway.write({f"Tank{number:03}.Level.Hi.Limit": 0.5 for number in range(1, 19)})
    eventually(lambda: raises_of(review) > 10)
    own_embedded.fault("clock-skew", seconds=8 * 3600.0)
    eventually(lambda: lasted(review) >= 8 * 3600)
    live, saved = review.report(), alarm_report(read_alarm_log(review.save(tmp_path / "log.parquet")))
    for report in (live, saved):
        told = figures(report)
        assert told["hours reviewed"] == "8.0"
        assert told["alarms per 10 minutes and operator"] == f"{raises_of(review) / 48:.2f}"
        assert 2.0 < float(told["time in flood"].rstrip("%")) < 2.3
    made_of = live.provenance.set_index("what")["value"]
    assert made_of["log"] == f"alarms of {own_embedded.endpoint}, as they came"
    assert float(made_of["connected"].split(" ")[0]) > 99  # of eight hours


def lasted(review: AlarmReview) -> float:
    """How long the time is that its report is of, in seconds."""
    return review.report().window.length.total_seconds()


def raises_of(review: AlarmReview) -> int:
    """How many alarms were raised since it was opened."""
    history = review.history()
    return int(((history["transition"] == "raise") & (history["origin"] == "feed")).sum())


def figures(report: AlarmReport) -> dict[str, str]:
    """What a report says, by its measures."""
    return dict(zip(report.summary["measure"], report.summary["value"], strict=True))


def test_a_report_of_some_alarms_says_of_which(gateway: Gateway) -> None:
    filtered = gateway.alarms("Galaxy!", area="Util*", min_severity=500, text="pump")
    said = "references that begin with Galaxy!, area Util*, severity 1 to 500, text 'pump'"
    assert f"Only some of the plant's alarms: {said}." in filtered.report().notes
    assert not any(note.startswith("Only") for note in gateway.alarms().report().notes)


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
        review = connect(first.endpoint, api_key=KEY, plaintext=True, writable="tests").alarms()
        eventually(lambda: len(review.history()) > 50)
        psutil.Process(first.pid).kill()
        eventually(lambda: review.status.startswith("reconnecting"))
        before = set(review.frame()["reference"])
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
        *_, (lost, found) = history.attrs["not_connected"]
        assert pd.Timestamp(lost) < pd.Timestamp(found)
        (note,) = [note for note in review.report().notes if note.startswith("Connected")]
        assert note.endswith("alarms of the rest are unknown.")
        review.stop()


@pytest.mark.usefixtures("page")
def test_a_degraded_provider_is_told_with_its_reason_and_so_is_a_refused_acknowledge(
    own_embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    review = gateway.alarms()
    eventually(lambda: review.provider == "ALARMMGR")
    own_embedded.fault("degraded", reason="The alarm manager is away.", acknowledge="fails")
    eventually(lambda: "away" in review.provider)
    assert review.provider == "SUBTAG (degraded: The alarm manager is away.)"
    table = review.table()
    eventually(lambda: heard(table, "provider"))
    assert (heard(table, "provider")[-1], heard(table, "degraded")[-1]) == (
        "SUBTAG",
        "The alarm manager is away.",
    )
    reference = review.frame()["reference"].iloc[0] if len(review.frame()) else "Galaxy!Nowhere.Nope.Hi"
    with pytest.raises(GatewayError):
        gateway.acknowledge(reference)
    assert not gateway.audit()["acknowledged"].any()
    own_embedded.clear_faults()
    eventually(lambda: review.provider == "ALARMMGR")
