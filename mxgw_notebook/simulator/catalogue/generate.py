"""Generates a galaxy of any size: sites, units and sections as areas, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueObject
from mxgw_notebook.simulator.catalogue.templates import TEMPLATES, shape
from mxgw_notebook.simulator.plant import Category, GalaxyObject

FIRST_NUMBER = 10_000
_A_SECTION = 60  # objects in a section, without what they contain
_A_UNIT = 12  # sections in a unit
_AN_ENGINE = 2_000  # objects that an engine hosts
_A_PLATFORM = 5  # engines on a platform
_SITES = ("Crude", "Reforming", "Cracking", "Blending", "Utilities2", "Storage", "Loading", "Effluent")
# In which order a section is furnished.
_SEQUENCE = (
    "$PIDLoop", "$AnalogInput", "$ControlValve", "$Pump", "$AnalogInput", "$DiscreteInput", "$Tank",
    "$AnalogInput", "$PIDLoop", "$ControlValve", "$AnalogInput", "$DiscreteInput", "$Pump",
)  # fmt: skip


class Generator:
    """Fills a catalogue with exactly so many objects, areas and engines among them."""

    def __init__(self, catalogue: Catalogue, objects: int, attributes: int) -> None:
        self._catalogue = catalogue
        self._left = objects
        self._shapes = {name: shape(name, attributes) for name in TEMPLATES}
        self._number = FIRST_NUMBER
        self._platform: CatalogueObject | None = None
        self._engine: CatalogueObject | None = None
        self._engines = 0

    def run(self) -> None:
        """Generates them all."""
        for section in self._sections():
            self._furnish(section)
            if not self._left:
                return

    def _make(
        self,
        tag_name: str,
        template: str,
        parent: GalaxyObject | None,
        *,
        contained_name: str = "",
        category: Category = Category.APPLICATION_OBJECT,
    ) -> CatalogueObject:
        self._left -= 1
        self._number += 1
        made = CatalogueObject(
            self._number,
            tag_name,
            TEMPLATES[template].chain,
            self._shapes[template],
            parent=parent,
            contained_name=contained_name,
            category=category,
            host=self._platform if category is Category.APP_ENGINE else self._engine,
        )
        return self._catalogue.add(made)

    def _area(self, tag_name: str, parent: GalaxyObject | None) -> CatalogueObject:
        return self._make(tag_name, "$Area", parent, category=Category.AREA)

    def _host(self) -> None:
        """The next engine once the present one has enough to do, and the next platform likewise."""
        if (self._number - FIRST_NUMBER) // _AN_ENGINE < self._engines or self._left < 3:
            return
        if self._engines % _A_PLATFORM == 0:
            number = 1 + self._engines // _A_PLATFORM
            self._engine = None
            tag_name = f"Node{number:02d}"
            self._platform = self._make(tag_name, "$WinPlatform", None, category=Category.PLATFORM)
        self._engines += 1
        tag_name = f"Engine{self._engines:03d}"
        self._engine = self._make(tag_name, "$AppEngine", self._platform, category=Category.APP_ENGINE)

    def _sections(self) -> Iterator[CatalogueObject]:
        """One section after the other, its unit and its site made before it."""
        sites: dict[str, CatalogueObject] = {}
        for number, name in enumerate(cycle(_SITES), start=1):
            self._host()
            if name not in sites and self._left > 2:
                sites[name] = self._area(name, None)
            unit = self._area(f"U{100 * number}", sites.get(name))
            for section in range(1, _A_UNIT + 1):
                if not self._left:
                    yield unit
                    return
                self._host()
                yield self._area(f"U{100 * number}_S{section:02d}", unit)

    def _furnish(self, section: CatalogueObject) -> None:
        stem = section.tag_name.removeprefix("U").replace("_S", "")
        for number, name in enumerate(islice(cycle(_SEQUENCE), _A_SECTION), start=1):
            if not self._left:
                return
            template = TEMPLATES[name]
            made = self._make(f"{template.letters}{stem}{number:02d}", name, section)
            for contained_name, inner in template.contains[: self._left]:
                tag_name = f"{TEMPLATES[inner].letters}{stem}{number:02d}"
                self._make(tag_name, inner, made, contained_name=contained_name)


def generate(catalogue: Catalogue, objects: int, attributes: int) -> None:
    """Adds so many objects with so many attributes each; about 200,000 objects a second."""
    if objects > 0:
        Generator(catalogue, objects, attributes).run()
