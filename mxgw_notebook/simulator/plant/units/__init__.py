"""The equipment: each unit moves by its physics and shows what its instruments would."""

from mxgw_notebook.simulator.plant.units.cooling_water import CoolingWater
from mxgw_notebook.simulator.plant.units.instrument_air import InstrumentAir
from mxgw_notebook.simulator.plant.units.line import Line
from mxgw_notebook.simulator.plant.units.measurement import Measurement
from mxgw_notebook.simulator.plant.units.steam import Steam
from mxgw_notebook.simulator.plant.units.stream import Wander

__all__ = [
    "CoolingWater",
    "InstrumentAir",
    "Line",
    "Measurement",
    "Steam",
    "Wander",
]
