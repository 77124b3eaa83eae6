"""What each scenario must show."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.clock import START, ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.alarm_state import AnyAlarm, Transition
from mxgw_notebook.simulator.plant.layout import Site, build
from mxgw_notebook.simulator.plant.plant import TICK
from mxgw_notebook.simulator.server import serving
from mxgw_notebook.simulator.stories import SCENARIOS, tell
from tests.conformance.plain_client import plain_client
from tests.simulator.conftest import KEY

pytestmark = [pytest.mark.patient, pytest.mark.xdist_group("stories")]

MINUTE = 60.0


@dataclass(frozen=True)
class Told:
    """A transition of an alarm, at seconds from the beginning."""

    reference: str
    transition: Transition
    at: float


class Story:
    """A plant that lives through scenarios, and what its alarms did."""

    def __init__(self, *scenarios: str, seed: int = 1) -> None:
        self.site: Site = build(seed, START.timestamp())
        self.plant = self.site.plant
        self.begin = self.plant.now
        self.told: list[Told] = []
        self.plant.board.listeners.append(self._note)
        for scenario in scenarios:
            tell(scenario, self.site)

    def _note(self, alarm: AnyAlarm, transition: Transition) -> None:
        self.told.append(Told(alarm.reference, transition, self.plant.now - self.begin))

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.plant.step()

    def number(self, tag: str) -> float:
        attribute = self.plant.attribute(tag)
        assert attribute is not None, tag
        return attribute.number

    def raised(self, begin: float = 0.0, end: float = float("inf")) -> list[str]:
        """The alarms raised between two times, in order."""
        kinds = (Transition.RAISE, Transition.RETRIGGER)
        return [one.reference for one in self.told if one.transition in kinds and begin <= one.at <= end]


def test_a_pump_trip_floods_with_its_cause_first_and_consequences_following() -> None:
    story = Story("pump-trip")
    story.run(60.0 + 10 * MINUTE)
    flood = story.raised(60.0, 60.0 + 10 * MINUTE)
    assert flood[0] == "Galaxy!Steam.Pump921.Tripped"
    assert len(flood) >= 10
    chain = [
        "Galaxy!Steam.Pump921.Tripped",
        "Galaxy!Steam.Boiler901.DrumLevel.Lo",
        "Galaxy!Steam.Boiler901.DrumLevel.LoLo",
        "Galaxy!Steam.Boiler901.FlameFailure",
        "Galaxy!Steam.Boiler901.SteamPressure.Lo",
    ]
    assert [name for name in flood if name in chain] == chain
    cold = [name for name in flood if name.endswith("Temperature.Lo") and ".Reactor" in name]
    assert len(cold) >= 4
    assert flood.index(cold[0]) > flood.index(chain[-1])


@dataclass(frozen=True)
class Sample:
    """What line 1 shows at seconds from the beginning."""

    at: float
    phase: str
    batch: str
    temperature: float
    reactor: float
    radar: float
    quality: int
    tank: float


@pytest.fixture(scope="module")
def mixed() -> tuple[Story, list[Sample]]:
    """Four scenarios that do not touch each other, told in one plant, and a sample each 10 s."""
    story = Story("batch", "chattering", "frozen-sensor", "stale-alarm")
    texts = [story.plant.attribute(f"Recipe_101.{name}") for name in ("Phase", "BatchId")]
    radar, samples = story.plant.attribute("LI151.PV"), list[Sample]()
    assert radar is not None
    for _ in range(99):
        story.run(10.0)
        phase, batch = (str(one.value) for one in texts if one is not None)
        numbers = (story.number("Reactor101.Temperature"), story.number("Reactor101.Level"), radar.number)
        at = story.plant.now - story.begin
        samples.append(Sample(at, phase, batch, *numbers, radar.quality, story.number("Tank002.Level")))
    return story, samples


def test_a_chattering_switch_raises_its_alarm_ten_times_in_ten_minutes(
    mixed: tuple[Story, list[Sample]],
) -> None:
    assert mixed[0].raised(60.0, 60.0 + 10 * MINUTE).count("Galaxy!Line1.LSH152.PV.Dsc") >= 10
    assert "Galaxy!Line1.LSH152.PV.Dsc" not in mixed[0].raised(0.0, 59.0)


def test_a_frozen_sensor_stands_at_good_while_the_level_goes_on(mixed: tuple[Story, list[Sample]]) -> None:
    frozen = [one for one in mixed[1] if 65.0 < one.at < 655.0]
    assert {(one.radar, one.quality) for one in frozen} == {(frozen[0].radar, 192)}
    assert len({one.tank for one in frozen}) > 30
    assert max(abs(one.tank - one.radar) for one in frozen) > 3.0
    assert {one.quality for one in mixed[1] if one.at > 665.0} == {68}


def test_a_stale_alarm_is_a_day_old_and_nobody_acknowledges_it(mixed: tuple[Story, list[Sample]]) -> None:
    plant = mixed[0].plant
    oldest = plant.board.present()[0]
    assert oldest.reference == "Galaxy!Production2.Strainer_022.DiffPressure.Hi"
    assert plant.now - oldest.state.raised > 26 * 3600.0
    assert (oldest.state.in_alarm, oldest.state.acked) == (True, False)
    assert any(one.transition is Transition.ACKNOWLEDGE for one in mixed[0].told)


def test_a_batch_goes_through_its_phases_and_the_reactor_follows(mixed: tuple[Story, list[Sample]]) -> None:
    order = [one.phase for one in mixed[1]]
    order = [one for one, before in zip(order, ["", *order], strict=False) if one != before]
    assert order == ["Charge", "Heat", "Hold", "Transfer", "Charge"]
    assert len({one.batch for one in mixed[1]}) == 2
    last = {one.phase: one for one in mixed[1][:-3]}
    assert last["Hold"].temperature == pytest.approx(84.0, abs=3.0)
    assert last["Hold"].reactor > last["Transfer"].reactor + 10.0


def test_a_startup_brings_up_line_after_line() -> None:
    story = Story("startup")
    pumps = [f"Pump{3 * line - 2:03d}.Running" for line in range(1, 9)]
    assert sum(story.number(tag) for tag in pumps) == 0
    running = []
    for _ in range(9):
        story.run(95.0)
        running.append(sum(story.number(tag) for tag in pumps))
    assert running == sorted(running)
    assert running[0] < running[-1]
    story.run(6 * MINUTE)
    warm = [story.number(f"Reactor{line}01.Temperature") for line in range(1, 9)]
    assert sum(one > 60.0 for one in warm) >= 7


def test_a_shift_is_told_with_floods_chatter_and_batches() -> None:
    story = Story("shift")
    story.run(47 * MINUTE)
    raised = story.raised()
    assert raised.count("Galaxy!Line1.LSH152.PV.Dsc") >= 10
    assert len(story.raised(10 * MINUTE, 20 * MINUTE)) >= 10
    assert len(story.told) > 200
    assert {one.transition for one in story.told} == set(Transition)
    assert not story.plant.board.present()[0].state.acked  # the stale one, still
    assert story.number("Boiler901.DrumLevel") > 40.0  # the trip is got over
    assert story.number("Boiler901.SteamPressure") > 7.0


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_is_the_same_for_the_same_seed(scenario: str) -> None:
    stories = [Story(scenario, seed=4) for _ in range(2)]
    for story in stories:
        story.run(70.0)
    assert stories[0].told == stories[1].told


async def test_a_scenario_is_seen_over_the_wire() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), scenario="pump-trip")
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        prefix = "Galaxy!Steam.Pump921"
        stream = client.stream("StreamAlarms", wire.StreamAlarmsRequest(alarm_filter_prefix=prefix))
        await stream.read()
        await stream.read()
        await gateway.advance(70.0)
        transition = (await stream.read()).transition
        stream.cancel()
    assert transition.alarm_full_reference == "Galaxy!Steam.Pump921.Tripped"
    assert transition.transition_kind == wire.ALARM_TRANSITION_KIND_RAISE


def test_transmitters_have_jitter_and_late_samples() -> None:
    story, ages, late = Story("stale-alarm"), set[float](), 0
    measured = [story.plant.attribute(f"PI{line}21.PV") for line in range(1, 9)]
    times = [0.0] * len(measured)
    for _ in range(2_000):
        story.plant.step()
        for place, attribute in enumerate(measured):
            if attribute is not None and attribute.time != times[place]:
                late += attribute.time < times[place]
                times[place] = attribute.time
                ages.add(round(story.plant.now - attribute.time, 3))
    assert len(ages) > 100
    assert 1 <= late <= 20
