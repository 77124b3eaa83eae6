"""Alarms through the facade, and how things stand."""

from __future__ import annotations

import getpass
import re
from datetime import datetime

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, NotFoundError
from mxgw_notebook.frames import glob_matches
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import waiting


def test_a_review_shows_what_is_active_and_every_change(
    fast_gateway: Gateway, eventually: Eventually
) -> None:
    review = fast_gateway.alarms()
    assert review.status == "live"
    frame = review.frame()
    assert frame["reference"].is_unique
    assert frame["state"].cat.categories.tolist() == [
        "unacknowledged",
        "cleared unacknowledged",
        "state unknown",
        "acknowledged",
    ]
    eventually(lambda: len(review.history()) > 3)
    history = review.history()
    assert set(history["transition"]) <= {"raise", "acknowledge", "clear", "retrigger"}
    assert str(history["time"].dtype) == "datetime64[ns, UTC]"
    assert repr(review).endswith("live>")
    review.stop()
    review.stop()
    assert review.status == "stopped"
    kept = len(review.history())
    fast_gateway.status()
    assert len(review.history()) == kept


def test_an_acknowledgement_comes_back_in_the_review(fast_gateway: Gateway, eventually: Eventually) -> None:
    review = fast_gateway.alarms(operator="tester")
    eventually(lambda: waiting(review))
    reference = waiting(review)[0]
    result = review.acknowledge(reference, comment="seen by a test")
    assert result.to_dict("records") == [
        {"reference": reference, "result": "acknowledged", "acknowledged": True}
    ]

    def told() -> bool:
        history = review.history()
        mine = history[(history["comment"] == "seen by a test") & (history["transition"] == "acknowledge")]
        return mine["operator"].tolist() == ["tester"]

    eventually(told)


def test_the_operator_is_the_user_unless_told(fast_gateway: Gateway, eventually: Eventually) -> None:
    review = fast_gateway.alarms()
    eventually(lambda: waiting(review))
    fast_gateway.acknowledge(waiting(review)[0], comment="mine")
    eventually(lambda: "mine" in review.history()["comment"].tolist())
    history = review.history()
    assert history[history["comment"] == "mine"]["operator"].iloc[0] == getpass.getuser()


def test_a_glob_acknowledges_every_active_alarm_it_matches(fast_gateway: Gateway) -> None:
    result = fast_gateway.acknowledge("galaxy!*")
    assert len(result) > 0
    assert result["acknowledged"].all()
    references = result["reference"].tolist()
    assert glob_matches("galaxy!*", references) == references


def test_several_alarms_each_have_their_own_outcome(fast_gateway: Gateway) -> None:
    result = fast_gateway.acknowledge("*", "Galaxy!Nowhere.Nope.Hi")
    assert not result["acknowledged"].iloc[-1]
    assert "NOT_FOUND" in result["result"].iloc[-1]
    assert result["acknowledged"].iloc[:-1].all()


def test_one_alarm_that_is_not_there_is_an_error(gateway: Gateway) -> None:
    with pytest.raises(NotFoundError, match=r"Galaxy!Nowhere\.Nope\.Hi"):
        gateway.acknowledge("Galaxy!Nowhere.Nope.Hi")


@pytest.mark.parametrize("references", [(), ("*nothing of that kind*",)])
def test_acknowledging_nothing_is_told(gateway: Gateway, references: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="No alarm given|No active alarm matches"):  # noqa: RUF043
        gateway.acknowledge(*references)


def test_status_says_how_things_stand(gateway: Gateway) -> None:
    before = gateway.status()["value"]
    assert before["gateway"] == gateway.endpoint
    assert before["plant"] == "real"
    assert before["transport"] == "plaintext"
    assert before["galaxy database"] == "reachable"
    assert before["last deploy"].endswith(" UTC")
    assert before["live values"] == "idle"
    watch = gateway.watch("Pump001.Speed")
    during = gateway.status()["value"]
    assert (during["live values"], during["tags watched"], during["events dropped"]) == ("live", 1, 0)
    watch.stop()


def test_alarms_that_never_came_are_not_said_to_be_none(own_embedded: EmbeddedGateway) -> None:
    own_embedded.fault("refuse", rpc="StreamAlarms", code="UNAUTHENTICATED", times=1)
    review = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests").alarms()
    assert review.status.startswith("refused")
    for _ in ("refused", "stopped"):
        assert "No active alarms" not in review.snapshot().data
        assert "No list of alarms has come yet." in review.snapshot().data
        assert repr(review) == f"<AlarmReview of no list yet: {review.status}>"
        review.stop()
    assert review.status == "stopped: no complete list of alarms came"


def test_alarms_of_before_say_as_of_when(own_embedded: EmbeddedGateway, eventually: Eventually) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    review, watch = gateway.alarms(), gateway.watch("Pump001.Speed")
    eventually(lambda: review.status == "live" and len(watch.frame()) > 0)
    own_embedded.stop()
    eventually(lambda: review.status.startswith("reconnecting") and "as of" in watch.table().snapshot_html())
    assert re.search(r">reconnecting[^<]*, as of [\d:]{8} on [\d-]{10}</text>", watch.trend().snapshot_svg())
    attributes = review.frame().attrs
    assert attributes["status"].startswith("reconnecting")
    heard = pd.Timestamp(attributes["as_of"])
    assert abs(pd.Timestamp.now("UTC") - heard) < pd.Timedelta(minutes=1)
    local = heard.tz_convert(datetime.now().astimezone().tzinfo)
    review.stop()
    watch.stop()
    assert f"<p>stopped, as of {local:%H:%M:%S on %Y-%m-%d}</p>" in review.snapshot().data
    assert "<p>stopped, as of " in watch.table().snapshot_html()
    assert review.frame().attrs == {
        "status": "stopped",
        "as_of": attributes["as_of"],
        "plant": gateway.plant,
    }
