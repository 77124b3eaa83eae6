"""How the loops and transmitters of every production line are set; {} stands for the line's number."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.units.loop import Controlled, Tuning
from mxgw_notebook.simulator.plant.units.measurement import Transmitter
from mxgw_notebook.simulator.plant.units.stream import Range

LOOPS = (
    Controlled(
        "Feed flow",
        Range(0.0, 50.0, "m3/h"),
        30.0,
        Tuning(0.6, 4.0),
        0.03,
        0.4,
        (24.0, 27.0, 30.0, 33.0, 36.0),
    ),
    Controlled("Reactor level", Range(0.0, 100.0, "%"), 60.0, Tuning(-1.6, 90.0), 0.03),
    Controlled(
        "Reactor temperature",
        Range(0.0, 120.0, "degC"),
        72.0,
        Tuning(4.0, 160.0, 8.0),
        0.04,
        2.0,
        (68.0, 72.0, 76.0, 80.0),
    ),
    Controlled("Reactor pressure", Range(0.0, 5.0, "bar"), 2.2, Tuning(-18.0, 30.0), 0.003),
)
TRANSMITTERS = {
    "TI{}11": Transmitter("Jacket temperature", Range(0.0, 150.0, "degC"), 0.08),
    "TI{}12": Transmitter("Hall temperature", Range(-10.0, 60.0, "degC"), 0.02, period=5.0),
    "TI{}13": Transmitter("Product temperature", Range(0.0, 100.0, "degC"), 0.05),
    "PI{}21": Transmitter("Supply header pressure", Range(0.0, 8.0, "bar"), 0.01, limits=(3.0, 5.25)),
    "FI{}31": Transmitter("Dispatch flow", Range(0.0, 100.0, "m3/h"), 0.1, limits=(-1.0, 95.0)),
    "AI{}41": Transmitter("Acidity", Range(0.0, 14.0, "pH"), 0.01, 5.0, (5.8, 8.2), 650),
    "AI{}42": Transmitter("Conductivity", Range(0.0, 1000.0, "uS/cm"), 1.0, period=5.0),
    "LI{}51": Transmitter("Product level, radar", Range(0.0, 100.0, "%"), 0.1, 1.0, (8.0, 95.0)),
}
# Processes of their own: middle, swing and period in seconds.
WANDERING = {
    "TI{}12": (24.0, 5.0, 700.0),
    "TI{}13": (41.0, 4.0, 800.0),
    "PI{}21": (4.1, 0.9, 240.0),
    "AI{}41": (7.0, 1.0, 520.0),
    "AI{}42": (310.0, 60.0, 900.0),
}
