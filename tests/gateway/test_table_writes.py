"""Values typed in the table of a watch: planned, shown, applied once; nothing else that is sent writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mxgw_notebook.gateway import Gateway, Watch, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.widgets.doubles import comm_of

pytestmark = pytest.mark.usefixtures("page")
SETPOINT, MEASURED = "FIC101.SP", "FIC101.PV"


class Person:
    """Who sits before the table of a watch: types values, and clicks."""

    def __init__(self, watch: Watch, eventually: Eventually) -> None:
        self._comm = comm_of(watch.table())
        self._eventually = eventually
        self.requests = 0

    def says(self, **content: Any) -> None:
        self._comm.say(content)

    def writes(self, request: str) -> list[dict[str, Any]]:
        """What the page was told of one write, the newest last."""
        told = [entry for message in self._comm.custom() for entry in message.content.get("writes", [])]
        return [entry for entry in told if entry["request"] == request]

    def hears(self, request: str, *states: str) -> dict[str, Any]:
        """The newest of a write, as soon as it is in one of these states."""

        def newest() -> dict[str, Any] | None:
            told = self.writes(request)
            return told[-1] if told and told[-1]["state"] in states else None

        self._eventually(lambda: newest() is not None)
        found = newest()
        assert found is not None
        return found

    def types(self, text: str, tag: str = SETPOINT) -> dict[str, Any]:
        """What a typed value is answered with: a plan, or a refusal."""
        self.requests += 1
        request = f"request {self.requests}"
        self.says(kind="propose", request=request, tag=tag, text=text)
        return self.hears(request, "offered", "refused")

    def clicks(self, plan: dict[str, Any]) -> dict[str, Any]:
        """What came of a click on Write."""
        self.says(kind="apply", request=plan["request"], token=plan["token"])
        return self.hears(plan["request"], "done", "refused", "unknown")


@pytest.fixture
def plant(own_embedded: EmbeddedGateway) -> Iterator[Gateway]:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    yield gateway
    gateway.close()


@pytest.fixture
def person(plant: Gateway, eventually: Eventually) -> Person:
    return Person(plant.watch(SETPOINT, MEASURED, "Pump001.StartCmd"), eventually)


def now(gateway: Gateway) -> float:
    return float(gateway.read(SETPOINT)["value"].iloc[0])


def test_a_value_is_planned_shown_and_written_once(plant: Gateway, person: Person) -> None:
    plant.arm("a new setpoint")
    plan = person.types(" 42 ")
    assert (plan["state"], plan["now"], plan["new"], plan["units"]) == ("offered", "30.0", "42.0", "m3/h")
    assert (plan["verdict"], plan["reason"]) == ("write", "")
    assert now(plant) == 30.0
    done = person.clicks(plan)
    assert (done["state"], done["words"]) == ("done", "it is 42.0")
    assert now(plant) == 42.0
    plant.write(SETPOINT, 31)
    person.says(kind="apply", request=plan["request"], token=plan["token"])
    person.types("30.5")  # which is answered after that
    assert now(plant) == 31.0
    deeds = plant.audit_trail().query("deed == 'plan'")
    assert deeds["outcome"].tolist() == ["done"]


def test_unarmed_it_is_refused_in_a_line_that_says_how_to_arm(plant: Gateway, person: Person) -> None:
    told = person.types("42")
    assert told["state"] == "refused"
    assert f"{plant.endpoint} is not armed. Arm it first: gateway.arm('why')" in told["words"]
    assert plant.audit_trail()[["deed", "what", "outcome"]].values.tolist() == [
        ["write", SETPOINT, "refused"]
    ]


def test_a_plan_of_before_is_not_applied_once_the_plant_is_disarmed(plant: Gateway, person: Person) -> None:
    plant.arm("a new setpoint")
    plan = person.types("42")
    plant.disarm()
    told = person.clicks(plan)
    assert told["state"] == "refused"
    assert "is not armed" in told["words"]
    assert now(plant) == 30.0


def test_a_plan_is_not_applied_once_the_value_has_changed(plant: Gateway, person: Person) -> None:
    plant.arm("a new setpoint")
    plan = person.types("42")
    plant.write(SETPOINT, 31)
    told = person.clicks(plan)
    assert told["state"] == "refused"
    assert f"{SETPOINT} has changed since the plan was made: it is 31.0, and was 30.0" in told["words"]
    assert now(plant) == 31.0


FORGED: list[dict[str, Any]] = [
    {"kind": "apply", "request": "forged", "token": "guessed"},
    {"kind": "apply", "request": "forged", "tag": SETPOINT, "text": "42", "value": 42},
    {"kind": "propose", "request": "forged", "tag": SETPOINT, "text": "42", "token": "x", "yes": True},
    {"kind": "write", "request": "forged", "tag": SETPOINT, "text": "42"},
    {"kind": "propose", "request": "forged", "tag": [SETPOINT], "text": 42},
    {"kind": "give up", "request": "forged"},
]


@pytest.mark.parametrize("message", FORGED, ids=",".join)
def test_no_single_message_writes(plant: Gateway, person: Person, message: dict[str, Any]) -> None:
    plant.arm("to see that the plan is what protects")
    person.says(**message)
    assert person.types("30.5")["state"] == "offered"  # asked and answered after that
    assert now(plant) == 30.0
    assert plant.audit_trail()["deed"].tolist() == ["arm"]


@pytest.mark.parametrize(
    ("tag", "text", "words"),
    [
        (
            SETPOINT,
            "46",
            "30.0 → 46.0: needs an override: 46 is above FIC101.PV.Hi 45. It can be given from Python",
        ),
        (SETPOINT, "30", "nothing to do, it has this value already"),
        (SETPOINT, "much", "cannot be written"),
        (MEASURED, "30", "ViewOnly"),
        ("TIC103.SP", "60", "it is not a tag of this table: watch it first"),
    ],
)
def test_what_is_not_offered_has_its_reason(
    plant: Gateway, person: Person, tag: str, text: str, words: str
) -> None:
    plant.arm("a new setpoint")
    told = person.types(text, tag)
    assert told["state"] == "refused"
    assert words in told["words"]
    assert not told["token"]


def test_a_value_is_taken_as_the_magic_takes_it(plant: Gateway, person: Person) -> None:
    plant.arm("to start a pump")
    before = bool(plant.read("Pump001.StartCmd")["value"].iloc[0])
    plan = person.types('"false"' if before else " true", "Pump001.StartCmd")
    assert plan["new"] == str(not before)


def test_a_page_that_lost_a_message_is_told_again(plant: Gateway, person: Person) -> None:
    plant.arm("a new setpoint")
    plan = person.types("42")
    count = len(person.writes(plan["request"]))
    person.says(kind="resync")
    told: Callable[[], bool] = lambda: len(person.writes(plan["request"])) > count  # noqa: E731
    person._eventually(told)
    assert person.writes(plan["request"])[-1] == plan
