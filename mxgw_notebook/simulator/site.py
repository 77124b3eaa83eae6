"""What stands behind the gateway: the plant, a large galaxy beside it, or a plant file in its place."""

from __future__ import annotations

from mxgw_notebook.simulator.catalogue import (
    Catalogue,
    Turnover,
    generate,
    hold_values,
    raise_alarms,
    read_plant_file,
)
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant import BareSite, bare, build
from mxgw_notebook.simulator.stories import tell
from mxgw_notebook.simulator.tape import Deck, tape_site

_USUAL_OBJECTS = 1_000  # where a rate or alarms are asked for, but no number of objects


def build_site(options: GatewayOptions) -> BareSite:
    """Builds what the options ask for, as it stands now. Raises ValueError for what cannot be."""
    if options.tape:
        return _with_tape(options)
    site = _with_file(options) if options.galaxy else _with_plant(options)
    plant = site.plant
    if options.alarms:
        if not isinstance(plant.catalogue, Catalogue):
            raise ValueError("Alarms need a galaxy.")
        dice = plant.dice("Alarms")
        alarms = raise_alarms(plant.catalogue, plant.board, options.alarms, dice, plant.now)
        plant.schedule(Turnover(alarms, dice), 1.0)
    return site


def _with_plant(options: GatewayOptions) -> BareSite:
    """The demo plant, its scenario, and a large galaxy beside it where one is asked for."""
    if options.values:
        raise ValueError("Values are held of a galaxy from a file.")
    site = build(options.seed, options.clock.now())
    objects = options.objects or (_USUAL_OBJECTS if options.rate or options.alarms else 0)
    if objects:
        site.plant.catalogue = catalogue = Catalogue(options.seed, site.plant.journal)
        generate(catalogue, objects, options.attributes_per_object)
    if options.scenario:
        tell(options.scenario, site)
    return site


def _with_tape(options: GatewayOptions) -> BareSite:
    """What was recorded of a plant, and nothing else."""
    if options.scenario or options.objects or options.galaxy or options.rate or options.alarms:
        raise ValueError("A tape has no scenario, no other galaxy, and no further objects or alarms.")
    if not isinstance(options.clock, Deck):
        raise ValueError("A tape is played by its deck.")
    return tape_site(options.tape, options.clock)


def _with_file(options: GatewayOptions) -> BareSite:
    """A galaxy from a plant file, and nothing else."""
    if options.scenario or options.objects:
        raise ValueError("A galaxy from a file has no scenario, and no further objects.")
    site = bare(options.seed, options.clock.now())
    site.plant.catalogue = catalogue = Catalogue(options.seed, site.plant.journal)
    read_plant_file(options.galaxy, catalogue)
    if options.values:
        hold_values(options.values, catalogue, options.clock.now())
    return site
