"""The plant behaves physically and comes out the same for the same seed."""

from __future__ import annotations

import pytest

from mxgw_notebook.simulator.clock import START, ManualClock
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.alarm import Alarm
from mxgw_notebook.simulator.plant.alarm_state import AnyAlarm, Transition
from mxgw_notebook.simulator.plant.layout import Site, build
from mxgw_notebook.simulator.plant.plant import TICK, Plant


@pytest.fixture
def site() -> Site:
    return build(1, START.timestamp())


def alarm_of(plant: Plant, reference: str) -> Alarm:
    return next(alarm for alarm in plant.board.evaluated if alarm.reference == reference)


def run(plant: Plant, seconds: float) -> None:
    for _ in range(round(seconds / TICK)):
        plant.step()


def number(plant: Plant, tag: str) -> float:
    attribute = plant.attribute(tag)
    assert attribute is not None, tag
    return attribute.number


def everything(plant: Plant) -> list[object]:
    return [
        (a.reference, a.value, a.quality, a.time)
        for o in plant.objects.values()
        for a in o.attributes.values()
    ]


def test_the_same_seed_gives_the_same_plant() -> None:
    plants = [build(7, START.timestamp()).plant for _ in range(2)]
    for plant in plants:
        run(plant, 300.0)
    assert everything(plants[0]) == everything(plants[1])


def test_another_seed_gives_another_plant() -> None:
    plants = [build(seed, START.timestamp()).plant for seed in (1, 2)]
    for plant in plants:
        run(plant, 10.0)
    assert everything(plants[0]) != everything(plants[1])


def test_it_has_a_few_hundred_objects_in_three_areas(site: Site) -> None:
    roots = {item.tag_name for item in site.plant.objects.values() if item.parent is None}
    assert {"Utilities", "Production1", "Production2", "GRNode"} == roots
    assert 300 <= len(site.plant.objects) <= 400


def test_a_tank_holds_what_flowed_in_less_what_flowed_out(site: Site) -> None:
    tank, seconds = site.lines[1].feed, 120.0
    before, balance = tank.volume, 0.0
    for _ in range(round(seconds / TICK)):
        site.plant.step()
        flow = sum(s.flow for s in tank.inlets) - sum(s.flow for s in tank.outlets)
        balance += flow * TICK / 3600.0
    assert tank.volume - before == pytest.approx(balance, abs=0.02)


def test_what_leaves_one_vessel_enters_the_next(site: Site) -> None:
    line = site.lines[1]
    assert line.feed.outlets == line.reactor.inlets
    assert line.reactor.outlets == line.product.inlets


def test_a_flow_loop_reaches_a_new_setpoint(site: Site) -> None:
    plant = site.plant
    setpoint = plant.attribute("FIC101.SP")
    assert setpoint is not None
    setpoint.write(20.0, plant.now, "test")
    run(plant, 60.0)
    assert number(plant, "FIC101.PV") == pytest.approx(20.0, abs=0.6)
    assert number(plant, "Pump001.Speed") == pytest.approx(2950.0 * 20.0 / 45.0, rel=0.05)


def test_a_written_setpoint_is_left_alone(site: Site) -> None:
    plant = site.plant
    setpoint = plant.attribute("FIC101.SP")
    assert setpoint is not None
    setpoint.write(20.0, plant.now, "test")
    run(plant, 600.0)
    assert setpoint.value == 20.0


def test_a_plant_that_fell_far_behind_leaves_a_gap(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    gateway = Gateway(GatewayOptions(clock=clock, most_lag=10.0))
    level = number(gateway.plant, "Tank001.Level")
    clock.move(3600.0)
    gateway.catch_up()
    assert gateway.plant.now == pytest.approx(clock.now(), abs=TICK)
    assert gateway.skipped == pytest.approx(3600.0)
    assert number(gateway.plant, "Tank001.Level") == level
    assert "skipped 3600.0 s" in caplog.text


def test_a_stopped_pump_runs_down_and_its_motor_cools(site: Site) -> None:
    plant = site.plant
    command = plant.attribute("Pump001.StartCmd")
    assert command is not None
    run(plant, 60.0)
    warm = number(plant, "Motor_001.WindingTemp")
    command.write(False, plant.now, "test")
    run(plant, 120.0)
    assert number(plant, "Pump001.Speed") == 0.0
    assert number(plant, "Pump001.Running") == 0.0
    assert number(plant, "Motor_001.WindingTemp") < warm


def test_a_valve_takes_its_time(site: Site) -> None:
    plant = site.plant
    run(plant, 2.0)
    valve = site.lines[2].drain
    valve.command.write(True, plant.now, "test")
    run(plant, 2.0)
    assert valve.state.value == "Travelling"
    run(plant, 6.0)
    assert (valve.opened.value, valve.closed.value, valve.state.value) == (True, False, "Open")


@pytest.mark.parametrize("tag", ["Pump001.Speed", "Tank001.Level", "Tank002.Level"])
def test_what_the_tour_watches_moves_within_two_seconds(site: Site, tag: str) -> None:
    seen = set()
    for _ in range(15):
        run(site.plant, 2.0)
        seen.add(number(site.plant, tag))
    assert len(seen) >= 14


def test_alarms_stand_at_the_start_and_some_are_acknowledged(site: Site) -> None:
    standing = site.plant.board.present()
    assert 6 <= len(standing) <= 12
    assert len({alarm.severity for alarm in standing}) >= 4
    acknowledged = [alarm.state for alarm in standing if alarm.state.acked]
    assert acknowledged
    assert all(state.operator and state.comment for state in acknowledged)
    assert len(acknowledged) < len(standing)


def test_alarms_come_and_go_about_every_ten_to_thirty_seconds(site: Site) -> None:
    seen: list[Transition] = []
    site.plant.board.listeners.append(lambda alarm, transition: seen.append(transition))
    run(site.plant, 900.0)
    changes = [one for one in seen if one is not Transition.ACKNOWLEDGE]
    assert 8.0 <= 900.0 / len(changes) <= 30.0
    assert {Transition.RAISE, Transition.CLEAR, Transition.ACKNOWLEDGE} <= set(seen)
    assert len(site.plant.board.present()) < 60


def test_an_alarm_is_raised_because_its_limit_is_crossed(site: Site) -> None:
    plant = site.plant
    alarm = alarm_of(plant, "Galaxy!Production1.Tank001.Level.Hi")
    assert alarm.limit is not None
    assert not alarm.state.in_alarm
    alarm.limit.write(10.0, plant.now, "test")
    run(plant, 5.0)
    assert alarm.state.in_alarm
    alarm.limit.write(99.0, plant.now, "test")
    run(plant, 5.0)
    assert (alarm.state.in_alarm, alarm.state.present) == (False, True)
    alarm.acknowledge("seen", "me", plant.now)
    assert not alarm.state.present


def test_an_unacknowledged_alarm_that_comes_back_is_triggered_again(site: Site) -> None:
    plant, seen = site.plant, list[Transition]()
    alarm = alarm_of(plant, "Galaxy!Production1.Tank001.Level.Hi")

    def note(told: AnyAlarm, transition: Transition) -> None:
        if told is alarm:
            seen.append(transition)

    plant.board.listeners.append(note)
    assert alarm.limit is not None
    for limit in (10.0, 99.0, 10.0):
        alarm.limit.write(limit, plant.now, "test")
        run(plant, 5.0)
    assert seen == [Transition.RAISE, Transition.CLEAR, Transition.RETRIGGER]


def test_everything_watched_makes_50_to_300_changes_a_second(site: Site) -> None:
    plant, changes = site.plant, 0
    for item in plant.objects.values():
        for attribute in item.attributes.values():
            attribute.watchers = 1
    for _ in range(300):
        plant.step()
        changes += len(plant.journal.take())
    assert 50.0 <= changes / 60.0 <= 300.0


def test_a_transmitter_has_a_bad_spell_now_and_then(site: Site) -> None:
    qualities = set()
    for _ in range(120):
        run(site.plant, 5.0)
        qualities |= {
            number_of.attributes["PV"].quality
            for number_of in site.plant.objects.values()
            if "Raw" in number_of.attributes
        }
    assert 192 in qualities
    assert qualities - {192, 28}
