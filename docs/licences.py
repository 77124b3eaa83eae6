"""The page of licences: of each package that an installation brings along, as it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from docs.settings import table

OURS = "mxgw-notebook"
NAME = re.compile(r"[A-Za-z0-9._-]+")
CLASSIFIER = "License :: OSI Approved :: "
MOST_LETTERS = 60


def pages() -> Mapping[str, str]:
    """The page."""
    rows = ((found.metadata["Name"], found.version, licence(found)) for found in carried())
    return {"project/licences.md": f"{ABOUT}\n{table(('package', 'version here', 'licence'), rows)}"}


def carried() -> Iterator[Distribution]:
    """The packages that ours stands on, extras left out, by name; those of other systems are not here."""
    found: dict[str, Distribution] = {}
    waiting = [OURS]
    while waiting:
        for line in distribution(waiting.pop()).requires or ():
            name = NAME.match(line)
            if name is None or "extra ==" in line or normal(name[0]) in found:
                continue
            try:
                found[normal(name[0])] = distribution(name[0])
            except PackageNotFoundError:
                continue  # of another system or version of Python
            waiting.append(name[0])
    yield from (one for _, one in sorted(found.items()))


def normal(name: str) -> str:
    """A name as packages are compared by."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(package: Distribution) -> str:
    """What a package says of its licence."""
    said = told(package, "License-Expression")
    classified = [one for one in told(package, "Classifier") if one.startswith(CLASSIFIER)]
    short = [one for one in told(package, "License") if len(one) < MOST_LETTERS and "\n" not in one]
    found = said or [one.removeprefix(CLASSIFIER) for one in classified] or short
    return ", ".join(found) or "see its files"


def told(package: Distribution, field: str) -> list[str]:
    """What its metadata have under a name."""
    return list(package.metadata.get_all(field) or ())


ABOUT = """# Licences

mxgw_notebook is under the MIT licence. An installation without extras also installs these packages. The table has
what each package says about itself, on the computer that built this manual. The licences of the JavaScript in the widgets are in
`mxgw_notebook/widgets/static/THIRD_PARTY.txt`.
"""
