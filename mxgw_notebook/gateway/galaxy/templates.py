"""The templates of a galaxy, from which each is derived, and their objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.frames import ROOT, Rows


class Templates:
    """The tree of derivation, as far as objects show it. A template is a number into `names`."""

    def __init__(self, objects: pd.DataFrame) -> None:
        self.names: list[str] = []
        self._number: dict[tuple[str, ...], int] = {}
        self._derived: dict[int, list[int]] = {ROOT: []}
        chains: Any = objects["template_chain"].array
        of_chain = np.array([self._add(str(chain)) for chain in chains.categories] or [ROOT], np.int64)
        self._template = of_chain[chains.codes]
        self._own = {number: np.flatnonzero(self._template == number) for number in set(of_chain.tolist())}

    def derived(self, template: int) -> list[int]:
        """The templates derived from one, from none for ROOT, by name."""
        return sorted(self._derived.get(template, []), key=lambda number: self.names[number].lower())

    def own(self, template: int) -> Rows:
        """The rows of objects made from this very template; for ROOT those without one."""
        return self._own.get(template, np.empty(0, np.int64))

    def below(self, template: int) -> Rows:
        """The rows of objects of a template and of all that are derived from it."""
        parts = [self.own(template), *(self.below(one) for one in self._derived.get(template, []))]
        return np.concatenate(parts)

    def _add(self, chain: str) -> int:
        """The number of a chain's nearest template."""
        line: tuple[str, ...] = ()
        number = ROOT
        for name in reversed([name for name in chain.split(" < ") if name]):
            line = (*line, name)
            if line not in self._number:
                self._number[line] = len(self.names)
                self._derived[number].append(len(self.names))
                self._derived[len(self.names)] = []
                self.names.append(name)
            number = self._number[line]
        return number
