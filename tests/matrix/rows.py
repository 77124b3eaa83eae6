"""What is tried: a combination of versions, and the tests that say whether it works."""

from __future__ import annotations

from dataclasses import dataclass, field

KERNEL = ("tests/kernel",)
CORE = ("tests/client", "tests/frames", "-m", "not browser and not kernel and not long and not patient")
QUICKSTART = ("tests/browser/test_quickstart.py",)
OTHER_PAGES = "tests/browser/test_other_pages.py"
TERMINAL = ("tests/magics",)
SCRIPTS = ("tests/docs/test_pages.py",)
DATA = ("grpcio", "protobuf", "pandas", "pyarrow")
OLDEST = ("grpcio==1.76.*", "protobuf==6.30.*", "pandas==2.2.3", "pyarrow==17.*")


@dataclass(frozen=True, slots=True)
class Row:
    """A combination: its name in the table, what pip is asked for, the newest of the rest, and its tests."""

    name: str
    requirements: tuple[str, ...]
    tests: tuple[str, ...]
    # The packages whose versions the table shows.
    shown: tuple[str, ...] = field(default=())
    python: str = "3.11"


def of(package: str, version: str, tests: tuple[str, ...], *beside: str) -> Row:
    """A row about one version of one package; nothing for the newest."""
    wanted = f"{package}{version}"
    name = f"{package} {version.removeprefix('==').removesuffix('.*')}" if version else f"{package}, newest"
    return Row(name, (wanted, *beside), tests, (package,))


ROWS = [
    Row("Python 3.11, plain scripts", (), SCRIPTS, ("grpcio", "pandas")),
    Row("Python 3.12", (), CORE, ("grpcio", "pandas"), python="3.12"),
    Row("Python 3.13", (), CORE, ("grpcio", "pandas"), python="3.13"),
    Row("Terminal IPython, newest", (), TERMINAL, ("ipython",)),
    of("ipython", "==8.*", TERMINAL),
    of("ipykernel", "==6.31.*", KERNEL),
    of("ipykernel", "==7.1.*", KERNEL),
    of("ipykernel", "", KERNEL),
    of("jupyterlab", "==4.2.*", QUICKSTART),
    of("jupyterlab", "", QUICKSTART),
    of("notebook", "", (OTHER_PAGES, "-k", "jupyter_notebook")),
    of("voila", "", (OTHER_PAGES, "-k", "voila")),
    # All four at their oldest, as `pyproject.toml` allows them, and all four at their newest.
    Row("grpcio, protobuf, pandas, pyarrow, oldest", OLDEST, CORE, DATA),
    Row("grpcio, protobuf, pandas, pyarrow, newest", (), CORE, DATA),
]
