"""Stories of things that go wrong: a trip, a chattering switch, a frozen sensor, a stale alarm."""

from __future__ import annotations

from mxgw_notebook.simulator.plant import Site
from mxgw_notebook.simulator.stories.script import Script

BEGIN = 60.0  # s of normal running before anything happens
HELP = 1_200.0  # s until somebody puts a tripped pump right
CHATTER = 1_200.0  # s
SUSPICION = 600.0  # s until the transmitter itself doubts a value that never moves
STALE = 26 * 3600.0  # s for which the stale alarm has stood already


def pump_trip(site: Site, begin: float = BEGIN) -> None:
    """The feedwater pump trips: the drum runs dry, the burner trips, steam is lost, the reactors go cold.

    One alarm of the cause is followed by a flood of consequences: more than ten within ten minutes.
    """
    pump = site.steam.pump

    def trip(now: float) -> None:
        pump.tripped.set(True, now)

    def reset(now: float) -> None:
        pump.tripped.set(False, now)

    Script(site.plant, [(begin, trip), (begin + HELP, reset)])


def chattering(site: Site, begin: float = BEGIN) -> None:
    """The level switch LSH152 chatters for twenty minutes: its alarm is raised and cleared all the time."""
    switch = site.lines[1].switch

    def chatter(now: float) -> None:
        switch.chatters = True

    def calm(now: float) -> None:
        switch.chatters = False

    Script(site.plant, [(begin, chatter), (begin + CHATTER, calm)])


def frozen_sensor(site: Site, begin: float = BEGIN) -> None:
    """The radar LI151 freezes at a value of good quality, while the tank's own level goes on.

    After ten minutes it reports itself as last usable (68).
    """
    radar = site.lines[1].radar

    def freeze(now: float) -> None:
        radar.freeze()

    Script(site.plant, [(begin, freeze), (begin + SUSPICION, radar.doubt)])


def stale_alarm(site: Site, begin: float = 0.0) -> None:
    """A fouled strainer has stood in alarm for more than a day, and nobody acknowledges it."""
    del begin
    pump, now = site.lines[8].feeder, site.plant.now
    pump.fouling = 1.6  # so much that the alarm stands when the pump stops, too
    pump.drop.put(1.1, now)
    site.operators.ignored.add(pump.fouled)
    if not pump.fouled.state.in_alarm:
        pump.fouled.trip(now - STALE)
