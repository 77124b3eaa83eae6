"""Galaxies too large or too foreign for physics: rows that come to life when they are asked for."""

from mxgw_notebook.simulator.catalogue.alarms import Turnover, raise_alarms
from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueObject
from mxgw_notebook.simulator.catalogue.generate import FIRST_NUMBER, generate
from mxgw_notebook.simulator.catalogue.held_values import hold_values
from mxgw_notebook.simulator.catalogue.plant_file import read_plant_file
from mxgw_notebook.simulator.catalogue.shape import Shape
from mxgw_notebook.simulator.catalogue.traffic import Traffic

__all__ = [
    "FIRST_NUMBER",
    "Catalogue",
    "CatalogueObject",
    "Shape",
    "Traffic",
    "Turnover",
    "generate",
    "hold_values",
    "raise_alarms",
    "read_plant_file",
]
