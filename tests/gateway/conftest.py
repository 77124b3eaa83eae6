"""A connected gateway, as a notebook has it, at a plant that runs in real time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.formatters import IPythonDisplayFormatter
from ipywidgets.widgets.widget import _instances

from mxgw_notebook.client import GalaxyRepositoryClient
from mxgw_notebook.gateway import AlarmReview, Gateway, connect, disconnect, disconnect_all
from mxgw_notebook.gateway.connection import (
    DEMO_ENDPOINT_VARIABLE,
    DEMO_KEY_VARIABLE,
    ENDPOINT_VARIABLE,
)
from mxgw_notebook.profiles import KEY_VARIABLE
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.widgets import AlarmTable
from tests.conftest import KEY, Eventually
from tests.widgets.doubles import comm_of, record_comms

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (ENDPOINT_VARIABLE, KEY_VARIABLE, DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(autouse=True)
def _disconnected() -> Iterator[None]:
    yield
    disconnect_all()


@pytest.fixture
def gateway(embedded: EmbeddedGateway) -> Gateway:
    return connect(embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")


@pytest.fixture
def fast_gateway(eventually: Eventually) -> Iterator[Gateway]:
    """A plant in which an hour passes in a few seconds, so that alarms come and go; one waits already."""
    with EmbeddedGateway.start(seed=1, api_key=KEY, speed=120.0) as fast:
        gateway = connect(fast.endpoint, api_key=KEY, plaintext=True, writable="tests")
        review = gateway.alarms()
        eventually(lambda: waiting(review))
        review.stop()
        yield gateway
        disconnect()


def waiting(review: AlarmReview) -> list[str]:
    """The references of alarms that nobody has acknowledged."""
    frame = review.frame()
    return frame[frame["state"] == "unacknowledged"]["reference"].tolist()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The galaxies that are loaded whole, each by its gateway's endpoint, as soon as it is there."""
    done: list[str] = []
    load = GalaxyRepositoryClient.hierarchy_columns

    async def load_and_note(client: GalaxyRepositoryClient, **asked: Any) -> list[Any]:
        batches: list[Any] = await load(client, **asked)
        done.append(client.options.target)
        return batches

    monkeypatch.setattr(GalaxyRepositoryClient, "hierarchy_columns", load_and_note)
    return done


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widgets talk to a page that records what it hears, and `comm_of(widget).say` is what a person does."""
    record_comms(monkeypatch.setattr)


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed, instead of displaying it."""
    shown: list[Any] = []
    monkeypatch.setattr(
        "mxgw_notebook.gateway.display.display", lambda made, **_: shown.append(widget_in(made))
    )
    return shown


def widget_in(made: Any) -> Any:
    """The widget of which this is the output; what is of none stands for itself."""
    view = made.get(VIEW, {}) if isinstance(made, dict) else {}
    return _instances.get(str(view.get("model_id")), made)


def display_as_ipython(view: Any) -> None:
    """Displays it as IPython does when it is a cell's last expression."""
    assert IPythonDisplayFormatter()(view)


def heard(table: AlarmTable, name: str) -> list[Any]:
    """What the page has heard by one name in the table's messages, the oldest first."""
    return [message.content[name] for message in comm_of(table).custom()]


def outcomes(table: AlarmTable) -> dict[str, str | None]:
    """What the page was told of each alarm that something was asked for: None, or why not."""
    return {reference: reason for told in heard(table, "outcomes") for reference, reason in told}
