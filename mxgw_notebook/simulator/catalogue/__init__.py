"""Galaxies too large or too foreign for physics: rows that come to life when they are asked for."""

from mxgw_notebook.simulator.catalogue.alarms import Turnover, raise_alarms
from mxgw_notebook.simulator.catalogue.catalogue import Catalogue
from mxgw_notebook.simulator.catalogue.generate import generate
from mxgw_notebook.simulator.catalogue.plant_file import read_plant_file
from mxgw_notebook.simulator.catalogue.traffic import Traffic

__all__ = [
    "Catalogue",
    "Traffic",
    "Turnover",
    "generate",
    "raise_alarms",
    "read_plant_file",
]
