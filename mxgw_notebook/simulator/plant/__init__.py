"""The simulated plant: equipment that behaves physically, its attributes and its alarms. Knows no gRPC."""

from mxgw_notebook.simulator.plant.alarm_board import AlarmBoard
from mxgw_notebook.simulator.plant.alarm_state import AlarmState, AnyAlarm, Listener, Transition
from mxgw_notebook.simulator.plant.attribute import (
    Attribute,
    Int64,
    Journal,
    Scalar,
    Stamp,
    Traits,
    Value,
)
from mxgw_notebook.simulator.plant.breaking import BREAKS, BROKEN, break_tag
from mxgw_notebook.simulator.plant.codes import (
    CATEGORY_CALCULATED,
    CATEGORY_WRITEABLE,
    DATA_TYPE_NAMES,
    Category,
    Classification,
    DataType,
    Quality,
)
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject, Listing, Place
from mxgw_notebook.simulator.plant.layout import BareSite, Site, bare, build
from mxgw_notebook.simulator.plant.plant import TICK, Plant
from mxgw_notebook.simulator.plant.units import Line, Measurement

__all__ = [
    "BREAKS",
    "BROKEN",
    "CATEGORY_CALCULATED",
    "CATEGORY_WRITEABLE",
    "DATA_TYPE_NAMES",
    "TICK",
    "AlarmBoard",
    "AlarmState",
    "AnyAlarm",
    "Attribute",
    "BareSite",
    "Category",
    "Classification",
    "DataType",
    "GalaxyObject",
    "Int64",
    "Journal",
    "Line",
    "Listener",
    "Listing",
    "Measurement",
    "Place",
    "Plant",
    "Quality",
    "Scalar",
    "Site",
    "Stamp",
    "Traits",
    "Transition",
    "Value",
    "bare",
    "break_tag",
    "build",
]
